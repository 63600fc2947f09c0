# docs/tutorial.md is itself a transcript: every command in its console blocks prints what stands there. (Only the time
# that planning took may differ.)
$ root=$(realpath examples)/..
> case $MAINSTAY in */build/mainstay) variant=release ;; *) variant=$(basename "$(dirname "$MAINSTAY")") ;; esac
> sed -n '/^```console$/,/^```$/{/^```/d;p}' "$root/docs/tutorial.md" |
>     sed 's/Planned in [0-9.]* s/Planned in {{[0-9.]+}} s/' > tutorial-blocks.t
> bash "$root/tests/transcript.sh" --variant $variant tutorial-blocks.t
ok    tutorial-blocks
1 passed, 0 failed
