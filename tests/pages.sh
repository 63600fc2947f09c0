#!/usr/bin/env bash
# tests/pages.sh: the pages in Chromium (web/test/run.mjs). Skipped where Chromium, Node.js or the pages' packages are
# not there.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
program=$PWD/build/mainstay
if ! command -v node >/dev/null || [ ! -x /usr/bin/chromium ] || [ ! -d web/node_modules/playwright-core ]; then
    skip 'Node.js, Chromium or the packages of web/ are not installed'
    finish
    exit
fi
cd web && exec timeout -k 10 600 node test/run.mjs "$program"
