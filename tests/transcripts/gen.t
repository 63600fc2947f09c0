# The same options give the same case; another seed another one.
$ mainstay gen one --size S
one: 27 sites, 159 lanes, 4 items, 2 partners, 30 days
$ mainstay gen two --size S --quiet && diff -r one two
$ mainstay gen three --size S --seed 2 -q && diff -q one three | wc -l
10
$ mainstay check one --quiet | tail -n 1
one: no errors
$ mainstay gen four --sites 20 --lanes 80 --items 3 --days 10 --partners 3
four: 20 sites, 80 lanes, 3 items, 3 partners, 10 days
$ mainstay gen five --sites 5
mainstay: sites must be 13 to 5000, not 5
mainstay: see `mainstay help gen`
[exit 2]
$ mainstay gen five --size XXL
mainstay: --size: there is no "XXL"; did you mean "XL"?
mainstay: see `mainstay help gen`
[exit 2]
$ mainstay gen one
mainstay: one: already exists
[exit 1]
