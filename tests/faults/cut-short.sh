# cut-short.sh: every single call that changes the disk is broken once: the program is killed there, or from there on
# the disk is full or broken. Whatever happens: a plan, a new case or a report is whole or absent, an older one stays as
# it was until a whole new one takes its place, exit 0 means that it is there, and the next run works.
set -u
. "$root/tests/tally.sh"
scratch
cd "$scratch" || exit 1
cp -r "$root/examples/tiny" tiny

whole_plan() { # a plan folder that the check by a stranger accepts
    [ -d "$1" ] && "$MAINSTAY" check tiny "$1" >check.out 2>&1
}
whole_case() {
    [ -d "$1" ] && "$MAINSTAY" check "$1" >check.out 2>&1
}
whole_picture() {
    grep -q '</svg>' "$1"
}

# sweep WHAT WHOLE TARGET COMMAND...: COMMAND makes TARGET, of which WHOLE TARGET must be true. With an older target
# there (named older, when it exists), the command replaces it.
sweep() {
    local what=$1 whole=$2 target=$3 how calls n status
    shift 3
    fresh() {
        rm -rf "$target"
        [ ! -e older ] || cp -r older "$target"
    }
    fresh
    if ! BREAK_COUNT=$scratch/count LD_PRELOAD=$BREAKER "$@" >out 2>&1 || ! $whole "$target"; then
        fail "$what: does not work undisturbed"
        cat out
        return
    fi
    calls=$(cat count)
    if [ "$calls" -eq 0 ]; then
        fail "$what: changes nothing on the disk"
        return
    fi
    for how in kill ENOSPC EIO; do
        local broken=0
        for ((n = 1; n <= calls; n++)); do
            fresh
            { BREAK_AT=$n BREAK_HOW=$how LD_PRELOAD=$BREAKER "$@" >out 2>&1; } 2>/dev/null
            status=$?
            if [ ! -e "$target" ]; then
                [ ! -e older ] || { echo "      call $n: the older one is gone" && broken=1; }
                [ $status -ne 0 ] || { echo "      call $n: exit 0 and nothing there" && broken=1; }
            elif ! $whole "$target"; then
                echo "      call $n: half of it is there (exit status $status): $(ls -a "$target" | tr '\n' ' ')"
                broken=1
            fi
            if [ $how != kill ] && [ $status -ne 0 ]; then
                [ $status -le 4 ] || { echo "      call $n: exit status $status" && broken=1; }
                grep -qi 'no space\|full\|input/output error' out ||
                    { echo "      call $n: does not say why: $(tail -n 1 out)" && broken=1; }
                # What failed in good order leaves nothing behind, but where removal itself is broken.
                [ $how = EIO ] || [ -z "$(find . -name '*.tmp*' -o -name '.*.new*' | head -1)" ] ||
                    { echo "      call $n: left $(find . -name '*.tmp*' | head -1)" && broken=1; }
            fi
            [ "$whole" != whole_case ] || rm -rf "$target" # init makes only what is not there yet
            if ! "$@" >out 2>&1 || ! $whole "$target"; then
                echo "      call $n: the next run does not work: $(tail -n 1 out)"
                broken=1
            fi
            [ $broken -eq 0 ] || break
            find . -mindepth 1 -maxdepth 1 ! -name tiny ! -name older ! -name count ! -name out -exec rm -rf {} +
        done
        if [ $broken -eq 0 ]; then ok "$what, $how at each of $calls calls"; else fail "$what, $how"; fi
        rm -rf "$target"
    done
}

sweep 'a new plan' whole_plan plan "$MAINSTAY" plan tiny -o plan
"$MAINSTAY" plan tiny -o older >/dev/null 2>&1
sweep 'a plan in place of an older one' whole_plan plan "$MAINSTAY" plan tiny -o plan
rm -rf older
sweep 'a new case' whole_case fresh "$MAINSTAY" init fresh --example tiny
sweep 'a picture' whole_picture map.svg "$MAINSTAY" map tiny -o map.svg
finish
