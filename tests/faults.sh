#!/usr/bin/env bash
# tests/faults.sh [NAME...]: runs tests/faults/NAME.sh: full disks, kills, closed pipes and the like, against the
# release build (MAINSTAY=... names another executable).
set -u
cd "$(dirname "$0")/.." || exit 1
export root=$PWD
export BREAKER=$root/build/faults/break_at.so
mkdir -p build/faults
cp "${MAINSTAY:-build/mainstay}" build/faults/mainstay || exit 1 # a build meanwhile does not pull it away
export MAINSTAY=$root/build/faults/mainstay
${CC:-gcc} -std=c17 -O1 -Wall -Wextra -Werror -shared -fPIC -o "$BREAKER" tests/faults/break_at.c -ldl || exit 1

[ $# -gt 0 ] || set -- $(cd tests/faults && ls *.sh | sed 's/\.sh$//')
passed=0 failed=0
for name; do
    out=$(timeout -k 5 600 bash "tests/faults/$name.sh" 2>&1)
    status=$?
    tally=$(tail -n 1 <<<"$out" | grep -E '^[0-9]+ passed, [0-9]+ failed$')
    sed '$d' <<<"$out" | sed "s/^\(ok\|FAIL\|skip\)  */&$name: /"
    if [ -z "$tally" ]; then
        echo "FAIL  $name: no tally, exit status $status"
        tail -n 1 <<<"$out"
        tally='0 passed, 1 failed'
    fi
    p=${tally%% *} f=${tally##*, } f=${f%% *}
    passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
