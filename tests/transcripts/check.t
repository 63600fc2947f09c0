# A case that is right: what it holds, and a last line.
$ mainstay check examples/tiny
tiny
2030-06-01 to 2030-06-04, 4 days in periods of 24 h, each priority 10 times the
next.
2 partners, 4 sites, 2 items, 2 stocks, 3 demands, 3 lanes, 1 fleets, 2
agreements

PARTNERS  tonnes over the whole span
partner  name           sites  lanes  fleets  wanted  on hand  due in
                                                   t        t       t
─────────────────────────────────────────────────────────────────────
blue     Blue brigade       1      1       1      30        7       0
green    Green brigade      2      2       0      12       40       0
nobody   open to all        1      0       0       0        0       0

WANTED AND HELD  all partners;  █ on hand   ▓ due in   ░ to be found
             wanted t  on hand t  due in t  on hand days  of what is wanted
──────────────────────────────────────────────────────────────────────────────
all classes        42         47         0          4.48  ████████████████████
  class I           6          7         0          4.67  ████████████████████
  class III        36         40         0          4.44  ████████████████████

examples/tiny: no errors
$ mainstay check examples/tiny --csv
severity,file,line,column,message

# A case with mistakes: all of them at once, on standard output, and exit status 1.
$ cp -r examples/tiny bad && cd bad && chmod -R u+w . && sed -i 's/^harbour,rations,blue,700/harbuor,rations,blue,"1,200"/' stocks.csv && sed -i 's/^depot-camp,depot/depot-camp,depo/' lanes.csv && sed -i 's/,10,1$/,-10,1/' demands.csv
$ mainstay check bad 2>/dev/null
bad/demands.csv:2:34: error: "-10" is negative; per_day is a number from 0 to 1e12 (item units/day)
bad/lanes.csv:2:12: error: there is no site "depo"; did you mean "depot"?
bad/stocks.csv:3:1: error: there is no site "harbuor"; did you mean "harbour"?
bad/stocks.csv:3:22: error: "1,200" has a thousands separator; write 1200
bad: 4 errors
[exit 1]
$ mainstay check bad/ --csv
severity,file,line,column,message
error,bad/demands.csv,2,34,"""-10"" is negative; per_day is a number from 0 to 1e12 (item units/day)"
error,bad/lanes.csv,2,12,"there is no site ""depo""; did you mean ""depot""?"
error,bad/stocks.csv,3,1,"there is no site ""harbuor""; did you mean ""harbour""?"
error,bad/stocks.csv,3,22,"""1,200"" has a thousands separator; write 1200"
[exit 1]
$ mainstay check bad --json
{
  "case": "bad",
  "plan": null,
  "valid": false,
  "errors": 4,
  "warnings": 0,
  "findings": [
    {"severity": "error", "file": "bad/demands.csv", "line": 2, "column": 34, "message": "\"-10\" is negative; per_day is a number from 0 to 1e12 (item units/day)"},
    {"severity": "error", "file": "bad/lanes.csv", "line": 2, "column": 12, "message": "there is no site \"depo\"; did you mean \"depot\"?"},
    {"severity": "error", "file": "bad/stocks.csv", "line": 3, "column": 1, "message": "there is no site \"harbuor\"; did you mean \"harbour\"?"},
    {"severity": "error", "file": "bad/stocks.csv", "line": 3, "column": 22, "message": "\"1,200\" has a thousands separator; write 1200"}
  ]
}
[exit 1]

# Other verbs tell the errors on standard error and do nothing.
$ mainstay plan bad 2>&1 >/dev/null
bad/demands.csv:2:34: error: "-10" is negative; per_day is a number from 0 to 1e12 (item units/day)
bad/lanes.csv:2:12: error: there is no site "depo"; did you mean "depot"?
bad/stocks.csv:3:1: error: there is no site "harbuor"; did you mean "harbour"?
bad/stocks.csv:3:22: error: "1,200" has a thousands separator; write 1200
mainstay: bad has 4 errors
[exit 1]
$ ls
bad
examples

# A plan, against the case and against the copy of the case that it carries.
$ mainstay plan examples/tiny -q >/dev/null
$ mainstay check examples/tiny tiny.plan
case       tiny
rows       7 movements, 9 issues, 13 stock levels,
           1 shortfalls, 2 orders, 10 prices
over       4 periods, 2 layers, 4 sites, 3 lanes
objective             43.0065 recomputed            43.0065 claimed
bound                 43.0065 recomputed            43.0065 claimed
gap                    0.0000 % proven
all of C1 to C10 hold

tiny.plan: no errors
$ mainstay check tiny.plan --json
{
  "case": "tiny.plan/case",
  "plan": "tiny.plan",
  "valid": true,
  "errors": 0,
  "warnings": 0,
  "findings": [],
  "report": [
    "case       tiny",
    "rows       7 movements, 9 issues, 13 stock levels,",
    "           1 shortfalls, 2 orders, 10 prices",
    "over       4 periods, 2 layers, 4 sites, 3 lanes",
    "objective             43.0065 recomputed            43.0065 claimed",
    "bound                 43.0065 recomputed            43.0065 claimed",
    "gap                    0.0000 % proven",
    "all of C1 to C10 hold"
  ]
}
$ mainstay check tiny.plan --csv
severity,file,line,column,message

# A plan that was tampered with: more is moved than there is.
$ sed -i '/^depot-camp,/s/,10,m3,8,/,30,m3,24,/' tiny.plan/movements.csv
$ mainstay check tiny.plan
tiny.plan/stock.csv: error: C1: 56 t of green's diesel leave, are issued or stay at depot on day 0, where only 40 t are
tiny.plan/stock.csv: error: C1: 16 t of green's diesel vanish at camp on day 1
tiny.plan/movements.csv:2: error: C3: lane depot-camp carries 24 t on day 0, its free capacity is 10 t
tiny.plan/orders.csv:2: error: orders: the order under camp-access is for 20 t, movements and issues of its days use 36 t
tiny.plan/orders.csv: error: orders: orders under camp-access sum up to 20 t, movements and issues to 36 t
tiny.plan/summary.json: error: objective: cost_part is 3.0065, recomputed 4.6085
tiny.plan/summary.json: error: objective: cost is 840, recomputed 1320
tiny.plan/summary.json: error: objective: objective is 43.0065, recomputed 44.6085

case       tiny
rows       7 movements, 9 issues, 13 stock levels,
           1 shortfalls, 2 orders, 10 prices
over       4 periods, 2 layers, 4 sites, 3 lanes
objective             44.6085 recomputed            43.0065 claimed
bound                 43.0065 recomputed            43.0065 claimed
gap                    3.5912 % proven
breaches   C1 2, C3 1, objective 3, orders 2

tiny.plan: 8 errors
[exit 1]

# What is not there.
$ mainstay check nowhere
mainstay: there is no folder nowhere; `mainstay init` makes one from an example
[exit 1]
$ mainstay check examples/tiny nowhere
mainstay: nowhere is no plan folder
[exit 1]
$ mkdir hollow && mainstay check hollow
mainstay: hollow has no case.json, so it is no case; `mainstay init` makes one from an example
[exit 1]
