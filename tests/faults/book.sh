# book.sh: a book whose disk is really full, that is killed during imports, that two processes write, and that is put
# back from a backup: nothing acknowledged is lost, and the next command says what happened.
set -u
. "$root/tests/tally.sh"
scratch
cd "$scratch" || exit 1
disk=$scratch/disk
mkdir "$disk"
cp -r "$root/examples/pacific" one
cp -r one two
sed -i 's/,US,\([0-9]*\)$/,US,1\1/' two/stocks.csv # every stock of the US changed

whole() { # whole WHAT BOOK: verify says that all is well
    if "$MAINSTAY" book verify "$2" >out 2>&1; then ok "$1"; else fail "$1" && cat out; fi
}

entries() {
    "$MAINSTAY" book show "$1" --json | sed -n 's/.*"entries": \([0-9]*\).*/\1/p'
}

# ---- a full disk ----

if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=900k mainstay-test "$disk" 2>/dev/null; then
    trap 'umount "$disk"; rm -rf "$scratch"' EXIT
    "$MAINSTAY" book init "$disk/us.book" --partner US -q >/dev/null
    "$MAINSTAY" book import "$disk/us.book" one -q >/dev/null || fail 'the first import'
    before=$(entries "$disk/us.book")
    named=0 other=0
    for left in 0 8 16 32 64 128; do # kilobytes free
        for case in two one; do
            head -c "$((left * 1024))" /dev/zero >"$disk/room"
            cat /dev/zero >"$disk/fill" 2>/dev/null
            rm "$disk/room"
            "$MAINSTAY" book import "$disk/us.book" $case >out 2>err || {
                grep -q 'the disk is full; nothing was changed' err && named=$((named + 1)) ||
                    { other=$((other + 1)) && cat err; }
            }
            rm "$disk/fill"
        done
    done
    [ $named -gt 2 ] && ok "a full disk is named ($named times)" || fail "a full disk is named ($named times)"
    expect 'and nothing else goes wrong' 0 $other
    whole 'what the full disk left is whole' "$disk/us.book"
    [ "$(entries "$disk/us.book")" -ge "$before" ] && ok 'and nothing is missing' || fail 'entries are missing'
    try 'with room again it works' "$MAINSTAY" book import "$disk/us.book" two -q
    umount "$disk"
    trap 'rm -rf "$scratch"' EXIT
else
    skip 'a full file system: no right to mount one'
fi

# ---- kills ----

"$MAINSTAY" book init us.book --partner US -q >/dev/null
"$MAINSTAY" book import us.book one -q >/dev/null
start=$(date +%s%N)
"$MAINSTAY" book import us.book two -q >/dev/null
whole_ms=$((($(date +%s%N) - start) / 1000000 + 3))
half=0
for ((i = 0; i < 30; i++)); do
    case=$([ $((i % 2)) -eq 0 ] && echo one || echo two)
    delay=$(awk -v i=$i -v ms=$whole_ms 'BEGIN { printf "%.4f", i / 30 * ms / 1000 }')
    { timeout -s KILL "$delay" "$MAINSTAY" book import us.book $case -q >/dev/null 2>&1; } 2>/dev/null
    rm -rf now
    "$MAINSTAY" book export us.book now -q
    # The folder is one of the two, never something between them.
    diff -rq now one | grep -qv 'Only in one: README.md' && diff -rq now two | grep -qv 'Only in two: README.md' &&
        half=$((half + 1))
done
expect "30 kills within $whole_ms ms: half-done imports seen" 0 $half
whole 'and the book is whole' us.book

# ---- a backup ----

cp us.book monday.book
"$MAINSTAY" book import us.book one -q >/dev/null
"$MAINSTAY" book import us.book two -q >/dev/null
last=$(entries us.book)
dd if=/dev/urandom of=us.book bs=4096 seek=2 count=12 conv=notrunc 2>/dev/null
if "$MAINSTAY" book verify us.book >out 2>&1; then fail 'damaged pages are found'; else ok 'damaged pages are found'; fi
"$MAINSTAY" plan us.book >out 2>&1
expect 'opening says what to do' 1 "$(grep -c 'mainstay book rebuild' out)"
try 'the book is made anew, with the backup' "$MAINSTAY" book rebuild us.book --from monday.book
whole 'and is whole' us.book
expect 'with every entry' "$last" "$(entries us.book)"
finish
