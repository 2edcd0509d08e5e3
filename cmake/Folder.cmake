# tarn_folder(<name> [DUCKDB] [LIBRARIES ...]) builds src/<name> into the library tarn_<name> and its
# *_test.cpp files into the program <name>_test. Every folder links the one declared before it.
set(TARN_FOLDERS "")

function(tarn_folder name)
  cmake_parse_arguments(FOLDER "DUCKDB" "" "LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp ${CMAKE_SOURCE_DIR}/src/${name}/*.h)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test\\.(cpp|h)|/server/main\\.cpp)$")

  add_library(tarn_${name} STATIC ${sources} ${CMAKE_SOURCE_DIR}/cmake/empty.cpp)
  target_include_directories(tarn_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(tarn_${name} PUBLIC ${TARN_FOLDERS} ${FOLDER_LIBRARIES} Threads::Threads)
  if(FOLDER_DUCKDB)
    target_link_libraries(tarn_${name} PRIVATE duckdb)
    target_precompile_headers(tarn_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_duckdb.h)
  else()
    target_precompile_headers(tarn_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE tarn_${name} GTest::gmock GTest::gtest_main)
    target_link_options(${name}_test PRIVATE -Wl,--exclude-libs,ALL)
    if(FOLDER_DUCKDB)
      target_link_libraries(${name}_test PRIVATE duckdb)
    endif()
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()

  set(TARN_FOLDERS tarn_${name} PARENT_SCOPE)
endfunction()
