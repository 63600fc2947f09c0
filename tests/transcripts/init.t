# A copy of an example, byte for byte.
$ mainstay init try --example tiny
try holds the example tiny; next: mainstay plan try
$ diff -r try examples/tiny
$ mainstay check try --quiet | tail -n 1
try: no errors
$ for example in pacific relief; do mainstay init -q $example --example $example && diff -r $example examples/$example; done

# A folder with something in it is left alone; an empty one is used.
$ mainstay init try --example tiny
mainstay: try: is not empty; name a new folder
[exit 1]
$ mkdir empty && mainstay init empty --example tiny --quiet && ls empty | wc -l
10
$ echo x > file && mainstay init file
mainstay: file: is a file; name a new folder
[exit 1]
$ mainstay init no/such/place
mainstay: no/such/place: No such file or directory
[exit 1]

# An empty case: every file, each with its header row.
$ mainstay init mine
mine holds an empty case; mine/README.md says what goes where
$ ls mine
README.md
agreements.csv
case.json
commitments.csv
contingencies.csv
demands.csv
duties.csv
factors.csv
fleets.csv
forces.csv
items.csv
lanes.csv
partners.csv
reserves.csv
sites.csv
stocks.csv
substitutes.csv
supplies.csv
variations.csv
$ cat mine/case.json mine/lanes.csv
{
  "name": "new-case",
  "start": "2030-01-01",
  "days": 30
}
lane,from,to,mode,partner,transit_days,capacity_t_per_day,cost_per_t,fleet,carries
$ head -n 3 mine/README.md
{{#}} A new case

Every file of a case is in this folder, each with its header row. Change name, start and days in case.json, then
$ mainstay check mine
mine/demands.csv:1:1: warning: the case has no demand; add demands.csv, or forces.csv with factors.csv

new-case
2030-01-01 to 2030-01-30, 30 days in periods of 24 h, each priority 10 times the
next.


PARTNERS  tonnes over the whole span
partner
───────

WANTED AND HELD  all partners;  █ on hand   ▓ due in   ░ to be found
wanted t
────────

mine: no errors, 1 warning

# Nothing but the folders asked for is left behind.
$ ls -A
empty
examples
file
mine
pacific
relief
try
