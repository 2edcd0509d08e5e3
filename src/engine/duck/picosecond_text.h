// Times in picoseconds as text, written as in value_text.h.
#pragma once

#include "engine/duck/value_text.h"

namespace tarn::engine {

// Picoseconds since the epoch, or of the day; precision 0 to 12.
char* WritePicosecondTimestamp(char* to, Int128 picoseconds, int precision);
char* WritePicosecondTime(char* to, std::int64_t picoseconds, int precision);

}  // namespace tarn::engine
