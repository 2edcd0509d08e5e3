#!/bin/sh
# Formatting, include order, scripts, clang-tidy; needs a configured release build. Shows all that is wrong.
set -u
cd "$(dirname "$0")/.."
failed=0
find src tests bench -name '*.cpp' -o -name '*.h' | xargs clang-format --dry-run --Werror || failed=1
python3 tests/layers.py || failed=1
for script in dev .ci/run tools/*.sh; do
  case $(head -n 1 "$script") in *bash) bash -n "$script" ;; *) sh -n "$script" ;; esac || failed=1
done
if grep -rnE --exclude-dir=testdata '[[:space:]]+$' src dev tests/rig tests/api tests/torture tests/*.py tools docs ./*.md; then
  echo "white space at the end of lines" >&2
  failed=1
fi
# clang-tidy cannot read what g++ precompiled, so it includes those headers as they are; it knows none of g++'s own options. Where
# a unique_ptr can be destroyed at compile time, it asks for the size of types that the engine's headers declare alone. stable_sort of the standard library uses a function of it
# that it calls deprecated.
mkdir -p build/tidy
sed "s#-include [^ ]*cmake_pch\.hxx#-D_GLIBCXX23_CONSTEXPR= -Wno-deprecated-declarations -include $PWD/cmake/pch.h#"'; s/-Winvalid-pch//; s/-fpch-preprocess//; s/-Wno-maybe-uninitialized//; s/-Wno-restrict//' \
  build/release/compile_commands.json > build/tidy/compile_commands.json
find src -name '*.cpp' -not -name '*_test.cpp' -print0 |
  xargs -0 -P "$(nproc)" -n 4 clang-tidy-19 -p build/tidy --quiet 2>/dev/null || failed=1
exit $failed
