#!/usr/bin/env bash
# tests/cppcheck.sh: cppcheck's warnings and portability checks over src, as errors. A finding that is wrong is silenced
# where it stands, with `cppcheck-suppress` and the reason.
#
# Four checks are off, for cppcheck 2.10 is wrong about this code in all that they say: it stumbles over compound
# literals and const arrays of functions (internalAstError, uninitvar), takes a function that fills its argument for
# one that reads it (ctuuninitvar), and a pointer that is taken back before return for one that escapes
# (autoVariables). Both compilers and the sanitizers watch for these.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
command -v cppcheck >/dev/null || { skip 'cppcheck is not installed' && echo '0 passed, 0 failed' && exit 0; }
mkdir -p build/cppcheck
try 'cppcheck finds nothing' cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr \
    --error-exitcode=1 --suppress=missingIncludeSystem --suppress=internalAstError --suppress=uninitvar \
    --suppress=ctuuninitvar --suppress=autoVariables --cppcheck-build-dir=build/cppcheck \
    -D_GNU_SOURCE -Iinclude -Isrc src
finish
