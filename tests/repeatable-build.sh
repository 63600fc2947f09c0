#!/usr/bin/env bash
# tests/repeatable-build.sh: the same sources in another folder give the same bytes: no path, time or order of the
# machine gets into the executable.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
scratch
mkdir -p "$scratch/elsewhere/deeper"
cp -r Makefile include src examples tools web "$scratch/elsewhere/deeper/"
try 'builds elsewhere' make -s --no-print-directory -C "$scratch/elsewhere/deeper" -j"${JOBS:-2}" VARIANT=release all
for product in libmainstay.a mainstay; do
    try "the same $product" cmp "build/$product" "$scratch/elsewhere/deeper/build/$product"
    try "no path in $product" sh -c '! grep -qaF "$1" "$2"' - "$PWD" "build/$product"
done
finish
