// Precompiled for the folders that see the engine.
#include "pch.h"

#include <duckdb.hpp>
