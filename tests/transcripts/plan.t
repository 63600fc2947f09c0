# The story of the smallest example; its README works out the numbers by hand.
$ mainstay plan examples/tiny
tiny
4 days from 2030-06-01 · 2 partners (blue, green) · 4 sites, 3 lanes

Together the partners meet 90.5 % of the 42 t that are wanted; each alone,
42.9 %.
Priority 1 falls short by 4 t of 30 t. The first shortfall is on day 3 (04 Jun):
diesel for blue at camp, priority 1.
Proven: no plan is better. Planned in {{[0-9.]+}} s by lp ({{...}}): exact, and 44
columns are few enough for it.
7 movements, 38 t lifted; transport and duty cost 840 USD.

COMBINED AND ALONE  met:  █ alone   ▓ gained together   ░ still short
              wanted  alone  combined                        gained  short
                   t      %         %                             t      t
──────────────────────────────────────────────────────────────────────────
everyone          42   42.9      90.5  █████████▓▓▓▓▓▓▓▓▓░░      20      4
  priority 1      30   20.0      86.7  ████▓▓▓▓▓▓▓▓▓▓▓▓▓░░░      20      4
  priority 2      12    100       100  ████████████████████       0      0
──────────────────────────────────────────────────────────────────────────
blue              30   20.0      86.7  ████▓▓▓▓▓▓▓▓▓▓▓▓▓░░░      20      4
  priority 1      30   20.0      86.7  ████▓▓▓▓▓▓▓▓▓▓▓▓▓░░░      20      4
──────────────────────────────────────────────────────────────────────────
green             12    100       100  ████████████████████       0      0
  priority 2      12    100       100  ████████████████████       0      0

WHAT FALLS SHORT  worst first
1. diesel for blue at camp, priority 1: 4 t short (5 m3) on day 3 (04 Jun)
   because agreement diesel-loan reaches its limit of 20 t

BOTTLENECKS  and what one more tonne through each would save
limit                  one t more  saves t  priority
────────────────────────────────────────────────────
agreement diesel-loan  in all         0.99         1
By the plan's prices: worth as much as so many tonnes of that priority.

WHAT CROSSES BETWEEN PARTNERS  goods, lift and entry under agreements
agreement      what              t  where  used %
─────────────────────────────────────────────────
blue → green
  camp-access  entry of diesel  20  camp
─────────────────────────────────────────────────
green → blue
  diesel-loan                   20            100
    diesel     25 m3            20  camp

WHO OWES WHOM  goods at their value; lift and entry in tonnes
owes          settled  goods t  lift t  entry t   worth       due after days
────────────────────────────────────────────────────────────────────────────
blue → green  in-kind       20       0        0  25,000  USD              30
green → blue  cash           0       0       20       -

NEXT
The plan is in tiny.plan: movements.csv, issues.csv, stock.csv, shortfalls.csv,
orders.csv, prices.csv, summary.json.
  mainstay explain tiny.plan        why each need falls short, with proof
  mainstay posture tiny.plan --map  days of supply by site and day
  mainstay check tiny.plan          an independent check of every promise
$ ls tiny.plan
basis
case
issues.csv
movements.csv
orders.csv
prices.csv
shortfalls.csv
stock.csv
summary.json

# Once more: the older plan is replaced, and the bytes are the same.
$ cp -r tiny.plan before && mainstay plan examples/tiny -q >/dev/null && diff -r before tiny.plan

# Under another name; of the case around us.
$ mainstay plan examples/tiny -o monday.plan >/dev/null && ls
before
examples
monday.plan
tiny.plan
$ cp -r examples/tiny here && cd here && mainstay plan . -q >/dev/null && ls -d *.plan
here.plan

# A folder that is no plan, and a file, are left alone.
$ mkdir mine && echo x > mine/x && mainstay plan examples/tiny -o mine
mainstay: mine: holds other files, which stay; name another folder with -o
[exit 1]
$ mainstay plan examples/tiny -o mine/x
mainstay: mine/x: is a file; name a folder with -o
[exit 1]
$ mainstay plan examples/tiny -o no/such/place
mainstay: no/such/place: cannot be made there: No such file or directory
[exit 1]
$ ls mine
x

# For programs.
$ mainstay plan examples/tiny --json | jq -e type
"object"
$ mainstay plan examples/tiny --json | grep -E '^  "(objective|bound|gap|seconds|engine|stopped)"'
  "objective": 43.0065,
  "bound": {{43.00[0-9]+}},
  "gap": {{[-0-9.e]+}},
  "stopped": false,
  "seconds": {{[0-9.e-]+}},
  "engine": "lp ({{...}})",
$ mainstay plan examples/tiny --csv | head -n 3
partner,priority,wanted_t,alone_share,met_share,gained_t,met_t,alone_met_t,short_t,alone_short_t,late_t_days,alone_late_t_days
blue,1,30,0.2,0.866667,20,26,6,4,24,,0
green,2,12,1,1,0,12,12,0,0,,0
$ mainstay plan examples/tiny --no-alone --width 60 | wc -L
60
$ mainstay plan examples/tiny --write-lp tiny.mps -q >/dev/null && head -n 1 tiny.mps
* Mainstay: the linear program of docs/model.md; minimise
$ mainstay plan examples/tiny --engine greedy --json | grep '"engine"'
  "engine": "greedy",

# A contingency that is not there.
$ mainstay plan examples/tiny --contingency typhoon
mainstay: there is no contingency "typhoon"; the case has none
mainstay: see `mainstay help plan`
[exit 2]

# A plan is no case, and nowhere is neither.
$ mainstay plan tiny.plan
mainstay: tiny.plan is a plan, not a case; the case that it was made from is tiny.plan/case
[exit 1]
$ mainstay plan nowhere
mainstay: there is no folder nowhere; did you mean here?
[exit 1]
