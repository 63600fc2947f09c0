#!/usr/bin/env bash
# tests/unit.sh VARIANT: runs every unit test program of that variant and sums cmocka's counts.
#
# A program that dies, hangs (300 s) or runs no test counts as one failure.
set -u
cd "$(dirname "$0")/.." || exit 1
variant=${1:-release}
folder=build/tests
[ "$variant" = release ] || folder=build/$variant/tests
. tests/sanitizers.sh

wrapper=
if [ "$variant" = tsan ] && setarch "$(uname -m)" -R true 2>/dev/null; then
    wrapper="setarch $(uname -m) -R" # the thread sanitizer of gcc 12 cannot live with wide address randomisation
fi

passed=0 failed=0
for source in tests/unit/test_*.c; do
    [ -e "$source" ] || continue
    name=$(basename "$source" .c)
    out=$(timeout -k 5 300 $wrapper "$folder/$name" 2>&1 </dev/null)
    status=$?
    p=$(grep -a '^\[  PASSED  \] [0-9]* test' <<<"$out" | awk '{ n += $4 } END { print n + 0 }')
    f=$(grep -a '^\[  FAILED  \] [0-9]* test' <<<"$out" | awk '{ n += $4 } END { print n + 0 }')
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f))
    if [ "$f" -gt 0 ]; then
        echo "FAIL  $name: exit status $status, $p passed, $f failed"
        grep -av '^\[ RUN      \]\|^\[       OK \]' <<<"$out" | sed 's/^/      /'
    else
        echo "ok    $name: $p"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
