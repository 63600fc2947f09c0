#!/usr/bin/env bash
# tests/fuzz.sh replay | explore [NAME...]: runs the fuzzers that `make VARIANT=fuzz fuzzers` built.
#
# replay: every file of tests/fuzz/corpus/NAME once; one harness is one test. What ever crashed stays in the corpus.
# explore: each fuzzer for MS_FUZZ_SECONDS (default 60) from its corpus; new inputs go to build/fuzz/found/NAME, what
# crashes to build/fuzz/crash-NAME-*.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
. tests/sanitizers.sh
what=${1:-replay}
[ $# -eq 0 ] || shift
seconds=${MS_FUZZ_SECONDS:-60}
limits='-timeout=20 -rss_limit_mb=3000 -max_len=65536 -print_final_stats=0'

for source in tests/fuzz/fuzz_*.c; do
    [ -e "$source" ] || continue
    name=$(basename "$source" .c)
    name=${name#fuzz_}
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    fuzzer=build/fuzz/fuzz/fuzz_$name
    corpus=tests/fuzz/corpus/$name
    dictionary=
    [ ! -e "tests/fuzz/$name.dict" ] || dictionary=-dict=tests/fuzz/$name.dict
    mapfile -t inputs < <(find "$corpus" -type f 2>/dev/null | sort)
    case $what in
    replay)
        if [ ${#inputs[@]} -eq 0 ]; then
            fail "fuzz $name: nothing in $corpus"
        else
            try "fuzz $name: ${#inputs[@]} inputs" "$fuzzer" $limits "${inputs[@]}"
        fi
        ;;
    explore)
        mkdir -p "build/fuzz/found/$name"
        echo "$name, $seconds s"
        try "fuzz $name" "$fuzzer" $limits $dictionary -max_total_time="$seconds" -verbosity=0 \
            -artifact_prefix="build/fuzz/crash-$name-" "build/fuzz/found/$name" ${inputs[0]:+"$corpus"}
        ;;
    *) echo "tests/fuzz.sh: replay or explore" >&2 && exit 2 ;;
    esac
done
finish
