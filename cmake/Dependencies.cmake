find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(date REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GTest REQUIRED)
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
add_library(sodium ALIAS PkgConfig::sodium)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
add_library(pq ALIAS PkgConfig::pq)
pkg_check_modules(mariadb REQUIRED IMPORTED_TARGET libmariadb)
add_library(mariadb ALIAS PkgConfig::mariadb)
pkg_check_modules(compression REQUIRED IMPORTED_TARGET zlib libzstd liblz4)
add_library(compression ALIAS PkgConfig::compression)
# Of the functions over texts; linked statically, so that the binary stays one file.
add_library(re2 INTERFACE)
target_link_libraries(re2 INTERFACE libre2.a Threads::Threads)
add_library(stemmer INTERFACE)
target_link_libraries(stemmer INTERFACE libstemmer.a)
add_library(utf8proc INTERFACE)
target_link_libraries(utf8proc INTERFACE libutf8proc.a)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
add_library(tomlplusplus::tomlplusplus ALIAS PkgConfig::tomlplusplus)

# The engine, as fetched by tools/get-duckdb.sh.
set(TARN_DUCKDB_DIR "${CMAKE_SOURCE_DIR}/.deps/duckdb" CACHE PATH "Folder with the engine's headers, library and extensions")
if(NOT EXISTS ${TARN_DUCKDB_DIR}/stamp)
  message(FATAL_ERROR "The engine is missing: run ./dev setup")
endif()
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION ${TARN_DUCKDB_DIR}/lib/libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${TARN_DUCKDB_DIR}/include)

# The control store's SQLite is linked statically and hidden: the engine's SQLite reader exports symbols of
# the same names, which must not meet ours.
add_library(sqlite INTERFACE)
target_link_libraries(sqlite INTERFACE libsqlite3.a Threads::Threads dl m)
add_library(soci INTERFACE)
target_link_libraries(soci INTERFACE libsoci_sqlite3.a libsoci_core.a libsqlite3.a Threads::Threads dl m)
target_include_directories(soci SYSTEM INTERFACE /usr/include/soci)
