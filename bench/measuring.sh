# measuring.sh: sourced by what measures whole processes (bench/run, bench/hard), from the top folder; $scratch is a folder
# of the caller's. once and median_of set status, wall, cpu and peak_mb; the last run's output is in $scratch/out.

mkdir -p build/bench
measure=$PWD/build/bench/measure
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -o "$measure" bench/measure.c || exit 1

once() { # once LIMIT COMMAND...
    local limit=$1 user system rss
    shift
    "$measure" "$limit" "$scratch/result" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    read -r status wall user system rss <"$scratch/result"
    cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%.3f", u + s }')
    peak_mb=$((rss / 1024))
}

median() { printf '%s\n' "$@" | sort -g | sed -n "$((($# + 1) / 2))p"; }

# median_of RUNS LIMIT COMMAND...: medians of wall and cpu; a run into the limit, or a long one, is not repeated
median_of() {
    local runs=$1 i walls=() cpus=()
    shift
    for ((i = 0; i < runs; i++)); do
        once "$@"
        [ "$status" = 0 ] || return 0
        walls+=("$wall") cpus+=("$cpu")
        [ "${wall%.*}" -lt 60 ] || break
    done
    wall=$(median "${walls[@]}") cpu=$(median "${cpus[@]}")
}

seconds() {
    awk -v x="$1" 'BEGIN {
        if (x < 0.1) printf "%.0f ms", 1000 * x
        else printf (x < 10 ? "%.2f s" : x < 100 ? "%.1f s" : "%.0f s"), x
    }'
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf (a / b < 10 ? "%.1f" : "%.0f"), a / b; else printf "-" }'; }
value() { # value KEY FILE: a number (or null) from JSON
    grep -o "\"$1\": *[^,}]*" "$2" | head -n 1 | sed 's/^[^:]*: *//; s/[ \n]*$//'
}
