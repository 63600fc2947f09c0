# Two partners take an order from request to settlement, each in its own book; releases carry the steps between them.
$ mainstay book init blue.book --partner blue -q > blue.txt; mainstay book import blue.book examples/tiny -q > blue.txt
$ mainstay book init green.book --partner green -q > green.txt; mainstay book import green.book examples/tiny -q > green.txt
$ mainstay exchange init blue.book -o blue.key.json -q; mainstay exchange init green.book -o green.key.json -q
$ mainstay exchange trust blue.book green green.key.json -q > trust.txt; mainstay exchange trust green.book blue blue.key.json -q > trust.txt
$ printf 'partner,theirs,ours\n*,*,*\n' > aliases.csv; mainstay exchange aliases blue.book aliases.csv -q; mainstay exchange aliases green.book aliases.csv -q

# Blue asks for 20 m3 of diesel under the loan; green hears of it with blue's next release.
$ mainstay ledger request blue.book diesel-loan diesel 20 --site camp --need-by 2030-06-03 --date 2030-06-01

ORDER blue-XGHR-99P9
blue asks green for 20 m3 of diesel under diesel-loan, at camp, by 2030-06-03.
State: requested; waits for green to offer (0 days).

STEPS
date        by    step     code       amount  unit
──────────────────────────────────────────────────
2030-06-01  blue  request  XGHR-99P9      20  m3
$ mainstay exchange make blue.book green -o b1.release
whole release 1 for green: 0 records, 1 step of the ledger
$ mainstay exchange take green.book b1.release
whole release 1 of blue: 0 records, 0 rows of the combined case changed, 1 step of the ledger
$ mainstay ledger status green.book --date 2030-06-01

ORDERS  book of green, as of 2030-06-01
order           state      from   what          waits for       days
────────────────────────────────────────────────────────────────────
blue-XGHR-99P9  requested  green  20 m3 diesel  green to offer     0

# The offer has its settlement and its due date from the agreement, its price from the item's value.
$ mainstay ledger offer green.book blue --date 2030-06-01

ORDER blue-XGHR-99P9
blue asks green for 20 m3 of diesel under diesel-loan, at camp, by 2030-06-03.
green offers 20 m3 at 1,000.00 USD for one m3, settled in kind within 30 days of
receipt.
State: offered; waits for blue to accept (0 days).

STEPS
date        by     step     code       amount  unit
───────────────────────────────────────────────────
2030-06-01  blue   request  XGHR-99P9      20  m3
2030-06-01  green  offer    B8SK-CRXC      20  m3
$ mainstay exchange make green.book blue -o g1.release; mainstay exchange take blue.book g1.release
whole release 1 for blue: 0 records, 1 step of the ledger
whole release 1 of green: 0 records, 0 rows of the combined case changed, 1 step of the ledger
$ mainstay ledger accept blue.book blue --date 2030-06-01 > accept.txt; mainstay exchange make blue.book green -o b2.release; mainstay exchange take green.book b2.release
release 2 for green: 0 records, 1 step of the ledger
release 2 of blue: 0 records, 0 rows of the combined case changed, 1 step of the ledger

# 12 are handed over, 11.5 arrive: the difference is in dispute until both say the same.
$ mainstay ledger issue green.book blue 12 --date 2030-06-02 --reference WB-17 > issue.txt; mainstay exchange make green.book blue -o g2.release > moves.txt; mainstay exchange take blue.book g2.release > moves.txt
$ mainstay ledger receive blue.book blue 11.5 --date 2030-06-03

ORDER blue-XGHR-99P9
blue asks green for 20 m3 of diesel under diesel-loan, at camp, by 2030-06-03.
green offers and it is accepted: 20 m3 at 1,000.00 USD for one m3, settled in
kind within 30 days of receipt.
Issued 12 m3, received 11.5 m3, in dispute 0.5 m3, still to issue 8 m3. Owed
11.5 m3, settled 0 m3, outstanding 11.5 m3, due 2030-07-03.
State: disputed; waits for both to agree (0 days).

DELIVERIES
delivery   kind   by     given  received  disputed  unit  still owed  due
────────────────────────────────────────────────────────────────────────────────
E8X9-BRTQ  issue  green     12      11.5       0.5  m3          11.5  2030-07-03

STEPS
date        by     step     code       amount  unit  reference
──────────────────────────────────────────────────────────────
2030-06-01  blue   request  XGHR-99P9      20  m3
2030-06-01  green  offer    B8SK-CRXC      20  m3
2030-06-01  blue   accept   A775-A5C5
2030-06-02  green  issue    E8X9-BRTQ      12  m3    WB-17
2030-06-03  blue   receive  K64P-NVAK    11.5  m3
$ mainstay exchange make blue.book green -o b3.release > moves.txt; mainstay exchange take green.book b3.release > moves.txt
$ mainstay ledger dispute green.book blue 11.5 --date 2030-06-04 --note 'the meter was read again' > dispute.txt; mainstay exchange make green.book blue -o g3.release > moves.txt; mainstay exchange take blue.book g3.release > moves.txt

# A release that is taken again, or that is lost and made again, changes nothing and loses nothing.
$ mainstay exchange take blue.book g3.release
release 3 of green: taken before, or older than what was; nothing to do
$ mainstay ledger balance blue.book --date 2030-07-04

WHO OWES WHOM  book of blue, as of 2030-07-04
owes  to     of      unit  owed  settled  outstanding  overdue  next due
──────────────────────────────────────────────────────────────────────────
blue  green  diesel  m3    11.5        0         11.5     11.5  2030-07-03

Net: blue owes green 11.5 m3 of diesel.
$ mainstay ledger overdue green.book --date 2030-07-05

OVERDUE  book of green, as of 2030-07-05
order           what is late  by     to     amount  of  due         days late
─────────────────────────────────────────────────────────────────────────────
blue-XGHR-99P9  repayment     blue   green    11.5  m3  2030-07-03          2
blue-XGHR-99P9  delivery      green  blue      8.5  m3  2030-06-03         32

# Planning counts what is used up of the agreement's 20 t: 11.5 m3 are 9.2 t. So it does in a plan that is kept and made again.
$ mainstay plan green.book -o g.plan --keep > plan.txt; cut -d, -f1,6,11-13 g.plan/case/agreements.csv
mainstay: kept as entry {{[0-9]+}}, made from entries 1 to {{[0-9]+}}; --again {{[0-9]+}} makes it again
agreement,limit_t,used_t
camp-access,,0
diesel-loan,20,9.2
$ mainstay plan green.book --again $(mainstay book sql green.book "SELECT number FROM facts WHERE kind = 'plan'" --csv | tail -1) -o again.plan > plan.txt
mainstay: again.plan is the plan of entry {{[0-9]+}}, byte for byte
$ mainstay check g.plan | tail -1
g.plan: no errors

# Blue gives 10 back in kind, which green acknowledges, and green cancels the rest of the order.
$ mainstay ledger settle blue.book blue 10 --date 2030-06-20 > settle.txt; mainstay exchange make blue.book green -o b4.release > moves.txt; mainstay exchange take green.book b4.release > moves.txt
$ mainstay ledger receive green.book blue --date 2030-06-21 > receive.txt; mainstay ledger cancel green.book blue --date 2030-06-21 --note 'the rest is not needed' > cancel.txt
$ mainstay exchange make green.book blue -o g4.release > moves.txt; mainstay exchange take blue.book g4.release > moves.txt
$ mainstay ledger settle blue.book blue --date 2030-06-22 > settle.txt; mainstay exchange make blue.book green -o b5.release > moves.txt; mainstay exchange take green.book b5.release > moves.txt
$ mainstay ledger receive green.book blue --date 2030-06-23

ORDER blue-XGHR-99P9
blue asks green for 20 m3 of diesel under diesel-loan, at camp, by 2030-06-03.
green offers and it is accepted: 20 m3 at 1,000.00 USD for one m3, settled in
kind within 30 days of receipt.
Issued 11.5 m3, received 11.5 m3. Owed 11.5 m3, settled 11.5 m3, outstanding
0 m3.
State: settled.

DELIVERIES
delivery   kind        by     given  received  disputed  unit  still owed
─────────────────────────────────────────────────────────────────────────
E8X9-BRTQ  issue       green   11.5      11.5         0  m3             0
7S76-N44D  settlement  blue      10        10         0  m3
B9YP-BQRN  settlement  blue     1.5       1.5         0  m3

STEPS
date        by     step     code       amount  unit  reference  note
────────────────────────────────────────────────────────────────────────────────
2030-06-01  blue   request  XGHR-99P9      20  m3
2030-06-01  green  offer    B8SK-CRXC      20  m3
2030-06-01  blue   accept   A775-A5C5
2030-06-02  green  issue    E8X9-BRTQ      12  m3    WB-17
2030-06-03  blue   receive  K64P-NVAK    11.5  m3
2030-06-04  green  dispute  EGAF-QWF1    11.5  m3               the meter was r…
2030-06-20  blue   settle   7S76-N44D      10  m3
2030-06-21  green  receive  EBDS-F94R      10  m3
2030-06-21  green  cancel   2R6F-6JZ5                           the rest is not…
2030-06-22  blue   settle   B9YP-BQRN     1.5  m3
2030-06-23  green  receive  BG59-92PQ     1.5  m3
$ mainstay exchange make green.book blue -o g5.release > moves.txt; mainstay exchange take blue.book g5.release > moves.txt

# The statement is the same to the byte on both sides.
$ mainstay ledger statement blue.book green --date 2030-06-30 > blue.txt; mainstay ledger statement green.book blue --date 2030-06-30 > green.txt; cmp blue.txt green.txt; cat blue.txt
Statement of account between blue and green
as of 2030-06-30; orders: 1; steps: 11; basis
567bf56ec3d456d5ac852278cc4a78b3d87c23d70f2e77aeed5cad82d36d610f

ORDERS
order           from   to    item    state    unit  received  outstanding  in  overdue  due
───────────────────────────────────────────────────────────────────────────────────────────
blue-XGHR-99P9  green  blue  diesel  settled  m3        11.5            0  m3        0

BALANCES
owes  to     of      unit  owed  settled  on its way  outstanding  overdue
──────────────────────────────────────────────────────────────────────────
blue  green  diesel  m3    11.5     11.5           0            0        0

Net: blue and green are even in diesel.
$ for form in html xlsx json csv; do mainstay ledger statement blue.book green --date 2030-06-30 -o blue.$form -q; mainstay ledger statement green.book blue --date 2030-06-30 -o green.$form -q; cmp blue.$form green.$form; done
$ mainstay ledger status blue.book --date 2030-06-30

ORDERS  book of blue, as of 2030-06-30
No order is open.

1 order is over and not shown; --all shows them.
$ mainstay book verify blue.book && mainstay book verify green.book
blue.book: {{[0-9]+}} entries, every one chained and signed; the tables are what they make
green.book: {{[0-9]+}} entries, every one chained and signed; the tables are what they make
