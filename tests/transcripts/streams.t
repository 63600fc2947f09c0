# Answers that cannot be written are errors; a reader who has gone is none.
$ mainstay help plan > /dev/full
mainstay: standard output: No space left on device
[exit 1]
$ mainstay check examples/tiny --json > /dev/full
mainstay: standard output: No space left on device
[exit 1]
$ mainstay map examples/tiny -o /dev/full
mainstay: /dev/full: No space left on device
[exit 1]
$ mainstay help plan | true
$ set -o pipefail; mainstay help format | head -n 1
{{#}} The case format
$ mainstay help plan >&-
mainstay: standard output: Bad file descriptor
[exit 1]

# A file that may not grow, as a full disk would have it: nothing is left behind.
$ ulimit -f 1; mainstay map examples/pacific -o map.svg
mainstay: map.svg: File too large
[exit 1]
$ ulimit -f 1; mainstay init pacific --example pacific
mainstay: pacific: File too large
[exit 1]
$ ls
examples

# Progress goes to standard error and is silent when the work is quick.
$ mainstay plan examples/tiny 2>&1 >/dev/null

# Colours when asked for, none otherwise.
$ mainstay check examples/tiny | grep -c "$(printf '\033')"
0
[exit 1]
$ mainstay check examples/tiny --color always | tail -n 1 | od -c | head -n 1
0000000 033   [   1   ;   3   2   m   e   x   a   m   p   l   e   s   /
