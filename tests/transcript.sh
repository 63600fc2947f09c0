#!/usr/bin/env bash
# tests/transcript.sh [--update] [--variant V] [FILE.t...]: runs transcripts: commands and what they print.
#
# A transcript (tests/transcripts/NAME.t) reads as a terminal would show it:
#
#     # What this shows. Comments stand before a command and end the output above them.
#     $ mainstay plan examples/tiny -o out
#     solved in {{[0-9.]+}} s
#     $ cat > case.json <<'END'
#     > {"name": "x"}
#     > END
#     $ mainstay check .
#     case.json:1:1: {{...}}
#     [exit 1]
#
# - `$ ` starts a command, `> ` continues it on the next line. Below stands what it prints on stdout and stderr
#   together, then `[exit N]` when N is not 0. Empty lines at the end of the output do not count.
# - `{{REGEX}}` matches that extended regular expression, `{{...}}` any text within the line, and `{{...}}` alone on a
#   line any number of lines. Output that begins with `#`, `$ `, `> ` or `[exit ` needs a pattern such as {{#}}.
# - Each transcript starts in its own empty folder, which also holds `examples`, a link to the project's examples. HOME
#   is that folder; PATH begins with the build under test. In output the folder's name reads $PWD and the
#   examples' $EXAMPLES. NO_COLOR=1, COLUMNS=80, TZ=UTC, LC_ALL=C.UTF-8, no terminal, no stdin.
# - A comment line `# slow` anywhere keeps a transcript out of the sanitizer variants.
#
# --update writes what was printed into the transcript, keeping lines with patterns that still match. Read the diff.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
update=false variant=release files=()
command_limit=120

while [ $# -gt 0 ]; do
    case $1 in
    --update) update=true ;;
    --variant) variant=$2 && shift ;;
    -*) echo "tests/transcript.sh: no option $1 (--update, --variant V)" >&2 && exit 2 ;;
    *) files+=("$(realpath "$1")") ;;
    esac
    shift
done
[ ${#files[@]} -gt 0 ] || files=("$root"/tests/transcripts/*.t)

build=$root/build
[ "$variant" = release ] || build=$root/build/$variant
[ "$variant" = release ] || command_limit=600
cd "$root" && . tests/sanitizers.sh && . tests/tally.sh
scratch
scratch=$(cd "$scratch" && pwd -P)

# ---- matching ----

# The regular expression, anchored, that a transcript line stands for; in $regex.
line_regex() {
    local rest=$1 literal piece
    regex='^'
    while [[ $rest == *'{{'*'}}'* ]]; do
        literal=${rest%%'{{'*}
        rest=${rest#*'{{'}
        piece=${rest%%'}}'*}
        rest=${rest#*'}}'}
        while [[ $rest == '}'* ]]; do # {{a{2}}}: the last two braces close
            piece+='}'
            rest=${rest#'}'}
        done
        [ "$piece" != ... ] || piece='.*'
        regex+=$(escape "$literal")"($piece)"
    done
    regex+=$(escape "$rest")'$'
}

escape() {
    sed 's/[][\\.^$|?*+(){}]/\\&/g' <<<"$1"
}

line_matches() { # line_matches PATTERN TEXT
    if [[ $1 != *'{{'* ]]; then
        [ "$1" = "$2" ]
    else
        line_regex "$1"
        [[ $2 =~ $regex ]]
    fi
}

# Do the lines wanted[$1..] match the lines found[$2..]? A line {{...}} takes as few lines as will do.
block_matches() {
    local w=$1 f=$2
    while [ "$w" -lt ${#wanted[@]} ]; do
        if [ "${wanted[w]}" = '{{...}}' ]; then
            [ $((w + 1)) -lt ${#wanted[@]} ] || return 0
            while [ "$f" -lt ${#found[@]} ]; do
                ! block_matches $((w + 1)) "$f" || return 0
                f=$((f + 1))
            done
            return 1
        fi
        [ "$f" -lt ${#found[@]} ] && line_matches "${wanted[w]}" "${found[f]}" || return 1
        w=$((w + 1)) f=$((f + 1))
    done
    [ "$f" -eq ${#found[@]} ]
}

trim_tail() { # drops empty lines at the end of the array named $1
    local -n lines=$1
    while [ ${#lines[@]} -gt 0 ] && [ -z "${lines[-1]}" ]; do unset 'lines[-1]'; done
}

# ---- running ----

run_command() { # runs $1 in $place; its lines, normalised, in found[]
    local status text
    text=$(cd "$place" && env -u MAKEFLAGS HOME="$place" PATH="$build:$PATH" MAINSTAY="$build/mainstay" \
        EXAMPLES="$place/examples" TMPDIR="$place" NO_COLOR=1 COLUMNS=80 LINES=24 TZ=UTC LC_ALL=C.UTF-8 TERM=dumb \
        timeout -k 5 $command_limit bash -c "$1" </dev/null 2>&1 && printf x || printf '%s' "x$?")
    status=${text##*x}
    text=${text%x*}
    text=${text//"$place/examples"/'$EXAMPLES'}
    text=${text//"$root/examples"/'$EXAMPLES'}
    text=${text//"$place"/'$PWD'}
    found=()
    [ -z "$text" ] || mapfile -t found <<<"$text"
    trim_tail found
    [ -z "$status" ] || found+=("[exit $status]")
}

# Writes found[] as transcript lines: literal, except where a pattern of wanted[] that is still ahead matches.
write_found() {
    local line w=0 k kept
    for line in "${found[@]}"; do
        kept=
        for ((k = w; k < ${#wanted[@]}; k++)); do
            if [ "${wanted[k]}" != '{{...}}' ] && line_matches "${wanted[k]}" "$line"; then
                kept=${wanted[k]}
                w=$((k + 1))
                break
            fi
        done
        if [ -n "$kept" ]; then
            printf '%s\n' "$kept"
            continue
        fi
        line=${line//'{{'/'{{[{][{]}}'}
        case $line in
        '#'*) line="{{#}}${line#?}" ;;
        '$ '* | '$') line="{{[$]}}${line#?}" ;;
        '> '* | '>') line="{{>}}${line#?}" ;;
        '[exit '*) [[ $line =~ ^\[exit\ [0-9]+\]$ ]] || line="{{\\[}}${line#?}" ;;
        esac
        printf '%s\n' "$line"
    done
}

# $1 is what was found as transcript lines, with the patterns that match.
show_difference() {
    echo "  \$ ${command//$'\n'/$'\n  > '}"
    diff -U 2 --label 'wanted' --label 'found' <(printf '%s\n' "${wanted[@]}") <(printf '%s\n' "$1") | sed 's/^/  /'
}

# Checks (or with --update, rewrites) the block of $command, wanted[] and the text before it in $preamble.
finish_block() {
    [ -n "$command" ] || return 0
    local tail=() n
    # Empty lines behind the output belong to what follows.
    n=${#wanted[@]}
    trim_tail wanted
    for ((; n > ${#wanted[@]}; n--)); do tail+=(''); done
    run_command "$command"
    if block_matches 0 0; then
        block_text=$(printf '%s\n' "${wanted[@]}")
        [ ${#wanted[@]} -gt 0 ] || block_text=
    else
        good=false
        block_text=$(write_found)
        $update || show_difference "$block_text"
    fi
    if $update; then
        printf '$ %s\n' "${command//$'\n'/$'\n> '}"
        [ -z "$block_text" ] || printf '%s\n' "$block_text"
        [ ${#tail[@]} -eq 0 ] || printf '%s\n' "${tail[@]}"
    fi >>"$scratch/updated"
    command= wanted=()
}

run_transcript() {
    local file=$1 line place=$scratch/t
    command= wanted=() good=true
    rm -rf "$place"
    mkdir "$place"
    ln -s "$root/examples" "$place/examples"
    : >"$scratch/updated"
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '$ '*)
            finish_block
            command=${line#'$ '}
            ;;
        '#'*)
            finish_block
            echo "$line" >>"$scratch/updated"
            ;;
        '>'*)
            if [ -n "$command" ] && [ ${#wanted[@]} -eq 0 ]; then
                line=${line#'>'}
                command+=$'\n'${line#' '}
            else
                wanted+=("$line")
            fi
            ;;
        *) if [ -n "$command" ]; then wanted+=("$line"); else echo "$line" >>"$scratch/updated"; fi ;;
        esac
    done <"$file"
    finish_block
    rm -rf "$place"
}

for file in "${files[@]}"; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .t)
    if [ "$variant" != release ] && grep -q '^# slow$' "$file"; then
        skip "$name: marked slow, not run with $variant"
        continue
    fi
    run_transcript "$file" >"$scratch/shown"
    if $good; then ok "$name"; elif $update; then
        cat "$scratch/updated" >"$file"
        ok "$name (updated)"
    else
        fail "$name"
        cat "$scratch/shown"
    fi
done
finish
