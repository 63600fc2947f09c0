#!/usr/bin/env bash
# tests/docs.sh: what is generated is up to date and well formed: docs/case-format.md, docs/plan-format.md,
# docs/ledger.md, docs/commands.md, the man pages, the pictures; links between the documents lead somewhere.
# `make docs` writes the generated documents again.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
scratch

try 'mainstay help --docs' build/mainstay help --docs "$scratch/docs"
expect 'it writes these' 'api.md case-format.md commands.md ledger.md plan-format.md ' \
    "$(ls "$scratch/docs" | tr '\n' ' ')"
for file in "$scratch"/docs/*; do
    name=docs/$(basename "$file")
    try "$name is up to date (else: make docs)" diff -u "$name" "$file"
done

try 'mainstay help --man' build/mainstay help --man "$scratch/man"
for page in "$scratch"/man/*; do
    name=$(basename "$page")
    if command -v mandoc >/dev/null; then
        try "$name is a good man page" mandoc -T lint -W warning "$page"
    else
        skip "$name: mandoc is not installed"
    fi
done

for picture in docs/*.svg docs/*/*.svg; do
    [ -e "$picture" ] || continue
    if command -v xmllint >/dev/null; then
        try "$picture is well formed" xmllint --noout --nonet "$picture"
    else
        skip "$picture: xmllint is not installed"
    fi
done

# Relative links in the documents lead somewhere.
broken_links() {
    local file link target
    for file in *.md docs/*.md docs/*/*.md examples/*/*.md; do
        [ -e "$file" ] || continue
        grep -oE '\]\([^)]+\)' "$file" | sed 's/^](//; s/)$//' | while read -r link; do
            target=${link%%#*}
            case $target in '' | http://* | https://* | mailto:*) continue ;; esac
            [ -e "$(dirname "$file")/$target" ] || echo "$file: $link leads nowhere"
        done
    done | { ! grep .; }
}
try 'links in the documents lead somewhere' broken_links
finish
