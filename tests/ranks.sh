#!/usr/bin/env bash
# tests/ranks.sh: mainstay-mpi on 1, 2 and 4 ranks of this machine gives the bytes that mainstay gives; a rank that is
# killed midway costs no result that was written.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh

mpi=$PWD/build/mainstay-mpi
if [ ! -x "$mpi" ] || ! command -v mpirun >/dev/null; then
    skip 'ranks: mainstay-mpi is built where mpicc is, and mpirun runs it'
    ok 'everything else does without MPI'
    finish
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl=self,vader OMPI_MCA_btl_vader_single_copy_mechanism=none
scratch
work=$scratch
ask=(stress examples/relief --sample 60 --seed 3 --json)

on_ranks() { # on_ranks COUNT WORDS...
    local count=$1
    shift
    timeout 300 mpirun -n "$count" "$mpi" "$@" 2>"$work/err" || { cat "$work/err"; return 1; }
}

same_on() {
    on_ranks "$1" "${ask[@]}" >"$work/$1.json" && cmp "$work/alone.json" "$work/$1.json"
}

# The other questions: each ends as it does without ranks.
same_for() { # same_for WORDS...
    build/mainstay "$@" --json >"$work/plain.json" && on_ranks 2 "$@" --json >"$work/ranks.json" &&
        cmp "$work/plain.json" "$work/ranks.json"
}

# Only the first rank writes, and the checkpoint of ranks is as good as any.
checkpoint_of_ranks() {
    on_ranks 2 "${ask[@]}" --checkpoint "$work/ranks.jsonl" >"$work/out" && cmp "$work/alone.json" "$work/out" &&
        build/mainstay merge examples/relief "$work/ranks.jsonl" --json | cmp - "$work/alone.json"
}

# Kills one rank once some results are there; then what is there is not computed again. Asks for a hundred results,
# which take seconds: the handful that a sample needs could all be written before the rank is found.
rank_killed() {
    local ask=(stress examples/relief --each site,lane,fleet,partner --gap 0.01 --json) run lines victim
    build/mainstay "${ask[@]}" --checkpoint "$work/whole.jsonl" >"$work/many.json" || return 1
    mpirun -n 4 "$mpi" "${ask[@]}" --checkpoint "$work/cut.jsonl" >/dev/null 2>&1 &
    run=$!
    for ((i = 0; i < 6000; i++)); do
        lines=$(wc -l 2>/dev/null <"$work/cut.jsonl" || echo 0)
        [ "${lines:-0}" -lt 4 ] || break
        sleep 0.02
    done
    victim=$(ps -o pid= --ppid "$run" | tail -n 1)
    [ -n "$victim" ] && kill -9 $victim
    ! wait "$run" 2>/dev/null || { echo 'the job did not notice that a rank was gone'; return 1; }
    lines=$(wc -l <"$work/cut.jsonl")
    [ "$lines" -ge 4 ] && [ "$lines" -lt "$(wc -l <"$work/whole.jsonl")" ] ||
        { echo "$lines lines were written"; return 1; }
    head -n "$lines" "$work/cut.jsonl" >"$work/before"
    on_ranks 4 "${ask[@]}" --checkpoint "$work/cut.jsonl" >"$work/out" && cmp "$work/many.json" "$work/out" &&
        head -n "$lines" "$work/cut.jsonl" | cmp - "$work/before" &&
        [ "$(sort -u "$work/cut.jsonl" | wc -l)" -eq "$(wc -l <"$work/whole.jsonl")" ] &&
        [ "$(wc -l <"$work/cut.jsonl")" -eq "$(wc -l <"$work/whole.jsonl")" ]
}

# A mistake is told once, and ends the job.
told_once() {
    ! timeout 60 mpirun -n 3 "$mpi" stress examples/nowhere --sample 3 >"$work/out" 2>"$work/err" &&
        [ "$(grep -c '^mainstay: ' "$work/err")" -eq 1 ] && [ ! -s "$work/out" ]
}

refuses_other_verbs() {
    ! timeout 60 mpirun -n 2 "$mpi" plan examples/tiny -o "$work/tiny.plan" >"$work/out" 2>"$work/err" &&
        grep -q 'does not share its work' "$work/err" && [ ! -e "$work/tiny.plan" ]
}

build/mainstay "${ask[@]}" >"$work/alone.json" || exit 1
for count in 1 2 4; do
    try "$count ranks give the same bytes" same_on $count
done
try 'two ranks close each lane' same_for stress examples/relief --each lane --gap 0.05
try 'two ranks find the worst pairs' same_for stress examples/tiny --pairs
try 'two ranks find the worst three' same_for stress examples/tiny --worst 3
try 'two ranks hold named contingencies against the plan' same_for stress examples/relief --no-alone --gap 0.01
try 'two ranks rehearse' same_for rehearse examples/relief --sample 4 --every 4
try 'ranks write a checkpoint that merge reads' checkpoint_of_ranks
try 'a rank killed midway costs nothing that was written' rank_killed
try 'a mistake is told once' told_once
try 'other verbs run alone' refuses_other_verbs
finish
