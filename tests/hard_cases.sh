# hard_cases.sh: sourced by what plans cases that are hard by design (tests/hard.sh, bench/hard).
#
#     . tests/hard_cases.sh
#     hard_cases CALL        makes one case after the other in $work/case and calls: CALL WHAT
#
# Each is a generated case with one thing changed. $mainstay is the program, $work a folder of the caller's; ${size[@]}
# are options of `mainstay gen` and may be set anew; ${with[@]}, set by each case, those with which it is to be planned.

size=(--sites 22 --lanes 90 --items 3 --days 20 --seed 11)
with=()

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
    with=()
    rm -rf "$work/case"
    "$mainstay" gen "$work/case" --quiet "${size[@]}" "$@"
}

vary_capacities() { # every other day a third of each lane; the case is planned with that
    local day mode
    for day in $(seq 0 2 "$(last_day)"); do
        for mode in road rail sea air; do
            echo "vary,Capacities rise and fall,$day,$((day + 1)),mode,$mode,scale,0.3,"
        done
    done >>"$work/case/contingencies.csv"
    with=(--contingency vary)
}

many_agreements() {
    local i
    for i in $(seq 1 2000); do
        echo "extra-$i,alpha,bravo,item,*,$((i % 50 + 1)),cash,"
    done >>"$work/case/agreements.csv"
}

last_day() {
    echo $(($(sed -n 's/.*"days": *\([0-9]*\).*/\1/p' "$work/case/case.json") - 1))
}

hard_cases() {
    local call=$1
    draw && edit demands.csv per_day 'v * 20' && "$call" 'everything is short'
    draw && edit demands.csv per_day 'v / 50' && edit reserves.csv quantity '""' && edit reserves.csv days '0.01' &&
        "$call" 'nothing is short'
    draw && edit sites.csv handling_t_per_day '$3 == "port" ? (r % 2 ? 3 : v) : v' && "$call" 'one tiny port'
    draw && edit demands.csv priority 'r % 7 + 1' && "$call" 'priorities that conflict across items'
    draw && setting priority_ratio 1000 && edit demands.csv priority 'r % 3 + 1' &&
        "$call" 'penalties over six orders of magnitude'
    draw && edit lanes.csv transit_days 'v * 4' && "$call" 'very long transits'
    draw && vary_capacities && "$call" 'capacities that vary by period'
    draw && edit contingencies.csv chance '""' && edit demands.csv per_day 'r % 2 ? v * 3 : v / 3' &&
        "$call" 'uneven needs'
    draw && edit lanes.csv fleet '$4 == "sea" || $4 == "road" ? "alpha-trucks-1" : v' &&
        edit lanes.csv mode 'v == "sea" ? "road" : v' && edit lanes.csv partner '""' &&
        "$call" 'a fleet shared by many lanes'
    draw && many_agreements && "$call" 'thousands of agreements'
    draw && edit demands.csv from_day "$(last_day)" && edit demands.csv to_day '""' &&
        "$call" 'needs on the last day alone'
    draw && edit lanes.csv capacity_t_per_day 'r % 3 == 0 ? 0 : v' && "$call" 'a third of the lanes without capacity'
    draw && awk -F, 'NR == 1 || $1 !~ /unit-0[12]/' "$work/case/lanes.csv" >"$work/edited" &&
        mv "$work/edited" "$work/case/lanes.csv" && "$call" 'sites that nothing reaches'
    draw && edit items.csv backorder '"yes"' && "$call" 'all needs are owed'
    draw && setting fair true && edit demands.csv per_day 'v * 3' && "$call" 'fair shares of little'
    draw && edit sites.csv storage_t '$3 == "depot" || $3 == "unit" ? 40 : v' && "$call" 'little room to store'
    draw --partners 5 --days 45 && setting period_hours 12 && "$call" 'half days'
}
