# What is typed wrong is named, with what may have been meant and where help is. Exit status 2.

# No verb at all: the list of verbs, on standard error.
$ mainstay 2>/dev/null
[exit 2]
$ mainstay 2>&1 | head -n 3
Examples
  mainstay init try --example tiny  # a small case to begin with
  mainstay check try                # is it right?

# Verbs.
$ mainstay plna tiny
mainstay: there is no verb "plna"; did you mean "plan"?
mainstay: see `mainstay help`
[exit 2]
$ mainstay frobnicate
mainstay: there is no verb "frobnicate"
mainstay: see `mainstay help`
[exit 2]
$ mainstay ""
mainstay: there is no verb ""
mainstay: see `mainstay help`
[exit 2]
$ mainstay --quiet plan tiny
mainstay: --quiet: options stand behind a verb
mainstay: see `mainstay help`
[exit 2]

# Options.
$ mainstay plan tiny --ouptut x
mainstay: plan has no option --ouptut; did you mean --output?
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --colour=never
mainstay: plan has no option --colour; did you mean --color?
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --frobnicate
mainstay: plan has no option --frobnicate
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny -x
mainstay: plan has no option -x
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --json --csv
mainstay: plan writes either --json or --csv
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --quiet=yes
mainstay: --quiet takes no value
mainstay: see `mainstay help plan`
[exit 2]

# Values.
$ mainstay plan tiny --gap
mainstay: --gap needs a value: --gap G
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --gap --json
mainstay: --gap needs a value: --gap G
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --gap nan
mainstay: --gap: "nan" is not a number
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --gap 1,5
mainstay: --gap: "1,5" is not a number
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --gap 2
mainstay: --gap: 2 is out of range; from 1e-12 to 1
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay explain tiny.plan --most 2.5
mainstay: --most: "2.5" is not a whole number
mainstay: see `mainstay help explain`
[exit 2]
$ mainstay plan tiny --engine gredy
mainstay: --engine: there is no "gredy"; did you mean "greedy"?
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --engine simplex
mainstay: --engine: there is no "simplex"; it is one of auto|primal-dual|lp|greedy
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --width 20
mainstay: --width: 20 is out of range; from 40 to 1000
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan tiny --contingency ,
mainstay: --contingency: names none
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay init new --example tinny
mainstay: --example: there is no "tinny"; did you mean "tiny"?
mainstay: see `mainstay help init`
[exit 2]

# Words.
$ mainstay plan
mainstay: plan needs CASE: mainstay plan CASE [-o PLAN] [options]
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay compare one.plan
mainstay: compare needs PLAN: mainstay compare PLAN PLAN
mainstay: see `mainstay help compare`
[exit 2]
$ mainstay plan one two
mainstay: plan: "two" is one word too many
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay help frmat
mainstay: there is no verb or topic "frmat"; did you mean "format"?
mainstay: see `mainstay help`
[exit 2]
$ mainstay help plan now
mainstay: there is no verb or topic "plan now"
mainstay: see `mainstay help`
[exit 2]

# What a message repeats cannot steer the terminal.
$ mainstay "$(printf 'a\033[31mb\nc')" 2>&1 | od -c | head -n 3
0000000   m   a   i   n   s   t   a   y   :       t   h   e   r   e    
0000020   i   s       n   o       v   e   r   b       "   a   ?   [   3
0000040   1   m   b   ?   c   "  \n   m   a   i   n   s   t   a   y   :

# Nothing was made by any of this.
$ ls
examples
