#!/usr/bin/env bash
# tests/hard.sh: cases that are hard by design, each planned by our own engine and by the LP engine.
#
# Each is a generated case with one thing changed (hard_cases.sh). Both plans must pass the check, our bound must not be
# above the LP engine's plan, our plan not below its bound, and the gap that we prove at most what is asked for, or
# stopped short of it by no more than a hundredth. What both take: bench/hard.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
. tests/hard_cases.sh
mainstay=${MAINSTAY:-$PWD/build/mainstay} gap=1e-4 most=1e-2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

value() { # value KEY FILE
    grep -o "\"$1\": *[^,}]*" "$2" | head -n 1 | sed 's/^[^:]*: *//; s/[ \n]*$//'
}

plan() { # plan ENGINE GAP: into $work/ENGINE.plan, its summary into $work/ENGINE.json
    "$mainstay" plan "$work/case" --quiet --no-alone --engine "$1" --gap "$2" "${with[@]}" -o "$work/$1.plan" --json \
        >"$work/$1.json" 2>"$work/$1.err"
    case $? in 0 | 3) ;; *) return 1 ;; esac
    "$mainstay" check "$work/case" "$work/$1.plan" --quiet >"$work/$1.check" 2>&1
}

hard() { # hard WHAT: holds the case at hand
    local what=$1 verdict
    if ! plan primal-dual $gap || ! plan lp 1e-6; then
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
    else
        ok "$what"
    fi
}

millionth() { # millionth WHAT LEAST MOST: our own engine alone proves it, and the optimum lies in between
    local what=$1
    with=()
    if ! plan primal-dual 1e-6; then
        fail "$what: $(cat "$work"/primal-dual.err "$work"/primal-dual.check 2>/dev/null | head -n 3)"
    elif awk -v own="$(value objective "$work/primal-dual.json")" -v bound="$(value bound "$work/primal-dual.json")" \
        -v least="$2" -v most="$3" \
        'BEGIN { exit own - bound <= 1e-6 * own && own >= least && bound <= most ? 0 : 1 }'; then
        ok "$what"
    else
        fail "$what: $(value objective "$work/primal-dual.json") to $(value bound "$work/primal-dual.json")"
    fi
}

hard_cases hard

# Optima by Clp: 60572.6121 to 60572.6174, and 1842021.2721 to 1842021.2754.
rm -rf "$work/case"
"$mainstay" gen "$work/case" --quiet --size S && millionth 'size S to a millionth' 60572.6121 60572.6174
rm -rf "$work/case"
"$mainstay" init "$work/case" --quiet --example relief &&
    millionth 'the example relief to a millionth' 1842021.2721 1842021.2754
finish
