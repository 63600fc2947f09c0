#!/usr/bin/env bash
# tests/install.sh: `make install` as a packager would, then use of what it installed by a program that embeds it, and
# `make uninstall`.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
scratch
quietly="make -s --no-print-directory VARIANT=release DESTDIR=$scratch/dest PREFIX=/usr"

try 'make install' $quietly install
for file in bin/mainstay lib/libmainstay.a include/mainstay.h lib/pkgconfig/mainstay.pc share/man/man1/mainstay.1 \
    share/bash-completion/completions/mainstay share/zsh/site-functions/_mainstay \
    share/fish/vendor_completions.d/mainstay.fish; do
    try "installs $file" test -s "$scratch/dest/usr/$file"
done
try 'no name of the staging folder in what is installed' sh -c '! grep -rqF "$1" "$1"' - "$scratch/dest"

export PKG_CONFIG_PATH=$scratch/dest/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$scratch/dest
version=$(sed -n 's/^#define MS_VERSION "\(.*\)"/\1/p' include/mainstay.h)
expect 'pkg-config knows the version' "$version" "$(pkg-config --modversion mainstay)"
expect 'the executable too' "mainstay $version" "$("$scratch/dest/usr/bin/mainstay" --version)"

cat >"$scratch/embed.c" <<'END'
#include <mainstay.h>
#include <stdio.h>

int main(int argc, char **argv) {
    static ms_case *kase;
    static ms_plan *plan;
    static ms_error err;
    static ms_findings findings;
    if (argc != 2 || ms_case_open(&kase, argv[1], &findings, &err) != MS_OK ||
        ms_plan_make(&plan, kase, NULL, &err) != MS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    printf("%s %.6g\n", ms_case_name(kase), ms_plan_objective(plan));
    ms_plan_free(plan);
    ms_case_free(kase);
    ms_findings_free(&findings);
    return 0;
}
END
for compiler in 'gcc -std=c17' 'clang -std=c17' 'g++ -std=c++17 -x c++'; do
    command -v ${compiler%% *} >/dev/null || { skip "embedding with $compiler: not installed" && continue; }
    try "an embedder compiles with $compiler" $compiler -Wall -Wextra -Werror -o "$scratch/embed" "$scratch/embed.c" \
        -x none $(pkg-config --cflags --libs mainstay)
    embedded=$("$scratch/embed" examples/tiny 2>&1)
    wanted=$("$scratch/dest/usr/bin/mainstay" plan examples/tiny --json 2>/dev/null |
        awk -F '[:,]' '/^ *"objective":/ { printf "%.6g", $2; exit }')
    expect "and plans as the executable does ($compiler)" "tiny $wanted" "$embedded"
done

try 'bash completion parses' bash -n "$scratch/dest/usr/share/bash-completion/completions/mainstay"
for shell in zsh fish; do
    file=$(find "$scratch/dest/usr/share/$shell" -type f)
    if command -v $shell >/dev/null; then try "$shell completion parses" $shell -n "$file"; else
        skip "$shell completion: $shell is not installed"
    fi
done
completes() { # completes WORDS...: what bash offers behind them
    bash -c '. "$1" && shift && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) &&
        $(complete -p mainstay | sed "s/.*-F \([^ ]*\).*/\1/") && printf "%s\n" "${COMPREPLY[@]}"' - \
        "$scratch/dest/usr/share/bash-completion/completions/mainstay" "$@" 2>&1
}
try 'bash completes verbs' grep -qx 'plan *' <<<"$(completes mainstay pl)"
try 'bash completes options' grep -q -- '^--json' <<<"$(completes mainstay plan --js)"

try 'make uninstall' $quietly uninstall
expect 'leaves no file' '' "$(find "$scratch/dest" -type f)"
finish
