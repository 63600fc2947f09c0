# killed.sh: kill -9 after every so many milliseconds of a run that replaces a plan again and again: whenever one looks,
# there is a whole plan.
set -u
. "$root/tests/tally.sh"
scratch
cd "$scratch" || exit 1
cp -r "$root/examples/tiny" tiny
"$MAINSTAY" plan tiny -o plan >/dev/null 2>&1 || fail 'the first plan'

start=$(date +%s%N)
"$MAINSTAY" plan tiny -o plan >/dev/null 2>&1
whole_ms=$((($(date +%s%N) - start) / 1000000 + 5))
broken=0
for ((i = 0; i < 100; i++)); do
    delay=$(awk -v i=$i -v ms=$whole_ms 'BEGIN { printf "%.4f", i / 100 * ms / 1000 }')
    { timeout -s KILL "$delay" "$MAINSTAY" plan tiny -o plan >/dev/null 2>&1; } 2>/dev/null
    if ! "$MAINSTAY" check tiny plan >out 2>&1; then
        broken=$((broken + 1))
        echo "      after $delay s: $(tail -n 1 out)"
    fi
done
expect "100 kills within $whole_ms ms: broken plans" 0 $broken
try 'and the next run works' "$MAINSTAY" plan tiny -o plan
finish
