#!/usr/bin/env bash
# tests/hard.sh [--times]: cases that are hard by design, each planned by our own engine and by the LP engine.
#
# Each is a generated case with one thing changed. Both plans must pass the check, our bound must not be above
# engine's plan, our plan not below its bound, and the gap that we prove at most what is asked for, or stopped short of
# it by no more than a hundredth. tests/hard.sh --times prints what both took instead of `ok`; bench/run quotes it.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
mainstay=${MAINSTAY:-$PWD/build/mainstay} gap=1e-4 most=1e-2 times=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
[ "${1:-}" != --times ] || times=1

edit() { # edit FILE COLUMN EXPRESSION: sets the column in each row; v is its value, r the number of the row from 1
    local file=$work/case/$1
    awk -F, -v OFS=, -v column="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i; print; next }
        { v = $at; r = NR - 1; $at = ('"$3"'); print }' "$file" >"$work/edited" && mv "$work/edited" "$file"
}

setting() { # setting KEY VALUE: in case.json
    sed -i -E "s/\"$1\": *[^,]*/\"$1\": $2/" "$work/case/case.json"
}

draw() { # draw OPTION...: a fresh generated case
    rm -rf "$work/case"
    "$mainstay" gen "$work/case" --quiet --sites 22 --lanes 90 --items 3 --days 20 --seed 11 "$@"
}

value() { # value KEY FILE
    grep -o "\"$1\": *[^,}]*" "$2" | head -n 1 | sed 's/^[^:]*: *//; s/[ \n]*$//'
}

plan() { # plan ENGINE: into $work/ENGINE.plan, its summary into $work/ENGINE.json
    local start end
    start=$(date +%s%N)
    "$mainstay" plan "$work/case" --quiet --no-alone --engine "$1" --gap "$2" -o "$work/$1.plan" --json \
        >"$work/$1.json" 2>"$work/$1.err"
    case $? in 0 | 3) ;; *) return 1 ;; esac
    end=$(date +%s%N)
    eval "ms_$3=$(((end - start) / 1000000))"
    "$mainstay" check "$work/case" "$work/$1.plan" --quiet >"$work/$1.check" 2>&1
}

hard() { # hard WHAT: holds the case at hand
    local what=$1 ms_own=0 ms_lp=0 verdict
    if ! plan primal-dual $gap own || ! plan lp 1e-6 lp; then
        fail "$what: $(cat "$work"/*.err "$work"/*.check 2>/dev/null | head -n 3)"
        return
    fi
    verdict=$(awk -v own="$(value objective "$work/primal-dual.json")" \
        -v bound="$(value bound "$work/primal-dual.json")" \
        -v best="$(value objective "$work/lp.json")" -v least="$(value bound "$work/lp.json")" -v most=$most 'BEGIN {
            slack = 2e-6 * (1 + (best < 0 ? -best : best)); size = own < 0 ? -own : own
            if (own < least - slack) print "our plan has " own ", below the bound " least
            else if (bound > best + slack) print "our bound is " bound ", above the plan " best
            else if (own - bound > most * (size > 1e-3 ? size : 1e-3)) print "our gap is wide: " own " to " bound
            else print "ok" }')
    if [ "$verdict" != ok ]; then
        fail "$what: $verdict"
    elif [ $times = 1 ]; then
        passed=$((passed + 1))
        printf '| %s | %s | %s | %s |\n' "$what" "$ms_own" "$ms_lp" "$(value gap "$work/primal-dual.json")"
    else
        ok "$what"
    fi
}

millionth() { # millionth WHAT LEAST MOST: our own engine alone proves it, and the optimum lies in between
    local what=$1 ms_own=0
    if ! plan primal-dual 1e-6 own; then
        fail "$what: $(cat "$work"/primal-dual.err "$work"/primal-dual.check 2>/dev/null | head -n 3)"
    elif awk -v own="$(value objective "$work/primal-dual.json")" -v bound="$(value bound "$work/primal-dual.json")" \
        -v least="$2" -v most="$3" \
        'BEGIN { exit own - bound <= 1e-6 * own && own >= least && bound <= most ? 0 : 1 }'; then
        ok "$what"
    else
        fail "$what: $(value objective "$work/primal-dual.json") to $(value bound "$work/primal-dual.json")"
    fi
}

[ $times = 0 ] || printf '| case | primal-dual ms | lp ms | proven gap |\n| --- | --- | --- | --- |\n'

draw && edit demands.csv per_day 'v * 20' && hard 'everything is short'
draw && edit demands.csv per_day 'v / 50' && edit reserves.csv quantity '""' && edit reserves.csv days '0.01' &&
    hard 'nothing is short'
draw && edit sites.csv handling_t_per_day '$3 == "port" ? (r % 2 ? 3 : v) : v' && hard 'one tiny port'
draw && edit demands.csv priority 'r % 7 + 1' && hard 'priorities that conflict across items'
draw && setting priority_ratio 1000 && edit demands.csv priority 'r % 3 + 1' &&
    hard 'penalties over six orders of magnitude'
draw && edit lanes.csv transit_days 'v * 4' && hard 'very long transits'
draw && edit contingencies.csv chance '""' && edit demands.csv per_day 'r % 2 ? v * 3 : v / 3' && hard 'uneven needs'
draw && edit lanes.csv fleet '$4 == "sea" || $4 == "road" ? "alpha-trucks-1" : v' &&
    edit lanes.csv mode 'v == "sea" ? "road" : v' && edit lanes.csv partner '""' && hard 'a fleet shared by many lanes'
many_agreements() {
    for i in $(seq 1 2000); do echo "extra-$i,alpha,bravo,item,*,$((i % 50 + 1)),cash,"; done
}
draw && many_agreements >>"$work/case/agreements.csv" && hard 'thousands of agreements'
draw && edit demands.csv from_day 19 && edit demands.csv to_day '""' && hard 'needs on the last day alone'
draw && edit lanes.csv capacity_t_per_day 'r % 3 == 0 ? 0 : v' && hard 'a third of the lanes without capacity'
draw && awk -F, 'NR == 1 || $1 !~ /unit-0[12]/' "$work/case/lanes.csv" >"$work/edited" &&
    mv "$work/edited" "$work/case/lanes.csv" && hard 'sites that nothing reaches'
draw && edit items.csv backorder '"yes"' && hard 'all needs are owed'
draw && setting fair true && edit demands.csv per_day 'v * 3' && hard 'fair shares of little'
draw && edit sites.csv storage_t '$3 == "depot" || $3 == "unit" ? 40 : v' && hard 'little room to store'
draw --partners 5 --days 45 && setting period_hours 12 && hard 'half days'

# Optima by Clp: 60572.6121 to 60572.6174, and 1842021.2721 to 1842021.2754.
if [ $times = 0 ]; then
    rm -rf "$work/case"
    "$mainstay" gen "$work/case" --quiet --size S && millionth 'size S to a millionth' 60572.6121 60572.6174
    rm -rf "$work/case"
    "$mainstay" init "$work/case" --quiet --example relief &&
        millionth 'the example relief to a millionth' 1842021.2721 1842021.2754
fi
finish
