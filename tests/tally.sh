# tally.sh: sourced by the test scripts. ok and fail count and print one line each; `finish` prints the tally.
#
#     . tests/tally.sh
#     expect 'exit status' 1 "$status"
#     finish
passed=0 failed=0
trap 'echo; echo "stopped by a signal"; echo "$passed passed, $((failed + 1)) failed"; exit 1' INT TERM

ok() {
    passed=$((passed + 1))
    echo "ok    $*"
}
fail() {
    failed=$((failed + 1))
    echo "FAIL  $*"
}
skip() { # a check that this machine cannot make, and why
    echo "skip  $*"
}
expect() { # expect WHAT WANTED FOUND
    if [ "$2" = "$3" ]; then ok "$1"; else fail "$1: wanted '$2', found '$3'"; fi
}
try() { # try WHAT COMMAND...: the command must succeed; its output is shown when it does not
    local what=$1 out
    shift
    if out=$("$@" 2>&1); then ok "$what"; else
        fail "$what"
        printf '%s\n' "$out" | sed 's/^/      /'
    fi
}
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}
scratch() { # makes a fresh folder that goes when the script ends, and prints nothing; its name is in $scratch
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/mainstay-test.XXXXXX") || exit 1
    trap 'rm -rf "$scratch"' EXIT
}
