# output.sh: standard output that is full or goes away, folders that may not be written, files that may not be read.
set -u
. "$root/tests/tally.sh"
scratch
cd "$scratch" || exit 1
cp -r "$root/examples/tiny" tiny

# A reader that goes away is no error worth a word: `mainstay plan CASE | head -1`.
for arguments in 'plan tiny' 'plan tiny --json' 'posture tiny' 'check tiny' 'help' 'help plan'; do
    "$MAINSTAY" $arguments 2>err | head -n 1 >out
    status=${PIPESTATUS[0]}
    case $status in
    0 | 141) ok "$arguments | head -1: exit status $status" ;;
    *) fail "$arguments | head -1: exit status $status" ;;
    esac
    ! grep -iE 'broken pipe|internal|abort' err >said || fail "$arguments | head -1: says $(cat said)"
    [ -s out ] || fail "$arguments | head -1: no first line"
done

# Output that cannot be written must not look like success.
for arguments in '--version' 'plan tiny' 'plan tiny --json' 'posture tiny' 'help'; do
    "$MAINSTAY" $arguments >/dev/full 2>err
    status=$?
    if [ $status -ge 1 ] && [ $status -le 4 ]; then ok "$arguments >/dev/full: exit status $status"; else
        fail "$arguments >/dev/full: exit status $status"
    fi
    grep -qi 'no space left\|standard output' err || fail "$arguments >/dev/full: says: $(cat err)"
done
"$MAINSTAY" plan tiny >&- 2>err
status=$?
if [ $status -ge 1 ] && [ $status -le 4 ]; then ok "a closed stdout: exit status $status"; else
    fail "a closed stdout: exit status $status"
fi

as_nobody=
[ "$(id -u)" -ne 0 ] || as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
mkdir locked
cp "$MAINSTAY" mainstay
chmod 755 . mainstay && chmod -R a+rX tiny && chmod 555 locked
if $as_nobody ./mainstay --version >out 2>err; then
    $as_nobody ./mainstay plan tiny -o locked/plan >out 2>err
    expect 'a folder that may not be written: exit status' 1 $?
    if grep -qi 'permission denied' err; then ok 'and says so'; else fail "and says: $(cat err)"; fi
    chmod 000 tiny/lanes.csv
    $as_nobody ./mainstay check tiny >out 2>err
    expect 'a file that may not be read: exit status' 1 $?
    if cat out err | grep -qi 'lanes.csv.*permission denied'; then ok 'and says so'; else
        fail "and says: $(cat out err)"
    fi
    chmod 644 tiny/lanes.csv
else
    skip "permissions: cannot run as another user here: $(cat err)"
fi

# Where the plan should go there is something else.
echo mine >file
mkdir folder && echo mine >folder/notes.txt
for target in file folder; do
    "$MAINSTAY" plan tiny -o $target >out 2>err
    status=$?
    case $status in
    1 | 2) ok "a stranger's $target is refused" ;;
    *) fail "a stranger's $target: exit status $status" ;;
    esac
done
expect 'and stays' 'mine mine' "$(echo $(cat file folder/notes.txt))"
"$MAINSTAY" plan tiny -o no/such/place >out 2>err
expect 'a place that is not there: exit status' 1 $?
finish
