# interrupted.sh: Ctrl-C and a time limit during a long plan give the best plan so far, with its gap, and exit 3; a
# second Ctrl-C ends the program at once.
set -u
. "$root/tests/tally.sh"
scratch
cd "$scratch" || exit 1

# A case of the size M: minutes of work for an LP engine.
try 'a long case' "$MAINSTAY" gen long --size M
interrupt="env --default-signal=INT timeout --preserve-status -k 60 -s INT"

usable() { # usable WHAT STATUS: a plan that was stopped
    expect "$1: exit status" 3 "$2"
    try "$1: the plan passes the check" "$MAINSTAY" check long plan
    try "$1: the plan carries its gap" grep -q '"gap": 0\.[0-9]*' plan/summary.json
    try "$1: the story says that it was stopped" grep -q 'Stopped before it was done' out
    try "$1: the story says what is proven" grep -qE 'no plan is better by more than|the bound is too far off' out
    rm -rf plan
}

start=$(date +%s)
$interrupt 6 "$MAINSTAY" plan long --engine lp -o plan >out 2>err
status=$?
took=$(($(date +%s) - start))
if [ $took -le 30 ]; then ok "Ctrl-C after 6 s ends it after $took s"; else
    fail "Ctrl-C after 6 s ends it after $took s"
fi
usable 'Ctrl-C after 6 s' $status

start=$(date +%s)
"$MAINSTAY" plan long --engine lp -o plan --time-limit 8 >out 2>err
status=$?
took=$(($(date +%s) - start))
if [ $took -le 30 ]; then ok "a time limit of 8 s ends it after $took s"; else
    fail "a time limit of 8 s ends it after $took s"
fi
usable 'a time limit of 8 s' $status
finish
