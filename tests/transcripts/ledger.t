# The ledger of one partner: ask, look, be refused, cancel; what a plan needs. How two books go on is in test_ledger_book.c.
$ mainstay book init blue.book --partner blue -q > new.txt && mainstay book import blue.book examples/tiny -q > new.txt
$ mainstay ledger status blue.book --date 2030-06-01

ORDERS  book of blue, as of 2030-06-01
No order is open.
$ mainstay ledger request blue.book diesel-loan diesel 12.5 --site camp --need-by 2030-06-03 --date 2030-06-01

ORDER blue-3F1H-Z2X1
blue asks green for 12.5 m3 of diesel under diesel-loan, at camp, by 2030-06-03.
State: requested; waits for green to offer (0 days).

STEPS
date        by    step     code       amount  unit
──────────────────────────────────────────────────
2030-06-01  blue  request  3F1H-Z2X1    12.5  m3
$ mainstay ledger status blue.book --date 2030-06-05

ORDERS  book of blue, as of 2030-06-05
order           state      from   what            waits for       days
──────────────────────────────────────────────────────────────────────
blue-3F1H-Z2X1  requested  green  12.5 m3 diesel  green to offer     4
$ mainstay ledger overdue blue.book --date 2030-06-05

OVERDUE  book of blue, as of 2030-06-05
order           what is late  by     to    amount  of  due         days late
────────────────────────────────────────────────────────────────────────────
blue-3F1H-Z2X1  delivery      green  blue    12.5  m3  2030-06-03          2
$ mainstay ledger balance blue.book --date 2030-06-05

WHO OWES WHOM  book of blue, as of 2030-06-05
Nobody owes anybody anything.
$ mainstay ledger statement blue.book green --date 2030-06-05
Statement of account between blue and green
as of 2030-06-05; orders: 1; steps: 1; basis
64cd6d9e6f13d553fc033960b776489dbafad3d091e373fdeb9e85623daf91db

ORDERS
order           from   to    item    state      unit  received  outstanding  in  overdue  due
─────────────────────────────────────────────────────────────────────────────────────────────
blue-3F1H-Z2X1  green  blue  diesel  requested  m3           0         0.00         0.00

Nothing is owed on either side.
$ mainstay ledger statement blue.book green --date 2030-06-05 -o green.html && grep -c '<tr>' green.html
mainstay: the statement with green is in green.html
3
$ mainstay ledger statement blue.book green --date 2030-06-05 -o green.xlsx -q && head -c 2 green.xlsx
PK
$ mainstay ledger statement blue.book green -o green.pdf
mainstay: green.pdf: the file's name must end in .txt, .csv, .json, .html or .xlsx
mainstay: see `mainstay help ledger statement`
[exit 2]
$ mainstay ledger statement blue.book gren
mainstay: this book knows no partner "gren"; did you mean "green"?
[exit 1]
$ mainstay ledger balance blue.book --partner nobody
mainstay: this book knows no partner "nobody"
[exit 1]
$ mainstay ledger statement blue.book blue
mainstay: a statement is with another partner than blue
mainstay: see `mainstay help ledger statement`
[exit 2]
$ mainstay ledger status blue.book --csv --date 2030-06-05
order,state,provider,receiver,item,quantity,unit,waits_for,days,agreement,requested,issued,received,disputed,owed,outstanding,owed_in,due,site,need_by,wait,ours,overdue
blue-3F1H-Z2X1,requested,green,blue,diesel,12.5,m3,green to offer,4,diesel-loan,2030-06-01,0,0,0,0,0,,,camp,2030-06-03,offer,no,yes
$ mainstay ledger request blue.book diesel-loan diesel 30
mainstay: agreement diesel-loan has 20 t left, of which 0 t are on order; this would be 24 t
[exit 1]
$ mainstay ledger request blue.book diesel-lone diesel 3
mainstay: there is no agreement "diesel-lone"; did you mean "diesel-loan"?
[exit 1]
$ mainstay ledger request blue.book camp-access diesel 3
mainstay: agreement camp-access is for green to request under; this is the book of blue
[exit 1]
$ mainstay ledger accept blue.book blue
mainstay: blue cannot accept now: order blue-3F1H-Z2X1 is requested and waits for green to offer
[exit 1]
$ mainstay ledger accept blue.book none
mainstay: there is no order "none"; `mainstay ledger status` lists those there are
[exit 1]
$ mainstay ledger settle blue.book blue 1,5
mainstay: blue cannot settle now: order blue-3F1H-Z2X1 is requested and waits for green to offer
[exit 1]
$ mainstay ledger issue
mainstay: ledger issue needs BOOK: mainstay ledger issue BOOK ORDER [QUANTITY] [options]
mainstay: see `mainstay help ledger issue`
[exit 2]
$ mainstay plan blue.book -o blue.plan -q > new.txt && mainstay ledger propose blue.book blue.plan

TO REQUEST
agreement    from   item    site  need by     on order  request  unit
─────────────────────────────────────────────────────────────────────
diesel-loan  green  diesel  camp  2030-06-02      12.5     12.5  m3

1 request would be made; --make makes them.
$ mainstay ledger propose blue.book blue.plan --make --date 2030-06-02

REQUESTED
agreement    from   item    need by     on order  request  unit  order
───────────────────────────────────────────────────────────────────────────────
diesel-loan  green  diesel  2030-06-02      12.5     12.5  m3    blue-B5HA-GJYZ

1 request made.
$ mainstay ledger propose blue.book blue.plan

TO REQUEST
agreement    from   item    site  need by     on order  request  unit
─────────────────────────────────────────────────────────────────────
diesel-loan  green  diesel  camp  2030-06-02        25        0  m3

0 requests would be made: what can be requested is on order.
$ mainstay ledger propose blue.book examples/tiny
mainstay: examples/tiny is no plan
[exit 1]
$ mainstay ledger status blue.book --date 2030-06-05

ORDERS  book of blue, as of 2030-06-05
order           state      from   what            waits for       days
──────────────────────────────────────────────────────────────────────
blue-3F1H-Z2X1  requested  green  12.5 m3 diesel  green to offer     4
blue-B5HA-GJYZ  requested  green  12.5 m3 diesel  green to offer     3
$ mainstay ledger cancel blue.book blue --date 2030-06-05
mainstay: "blue" may be blue-3F1H-Z2X1, blue-B5HA-GJYZ or more; write more of the code
[exit 1]
$ mainstay ledger cancel blue.book 3f1h --date 2030-06-05 --note 'not needed'

ORDER blue-3F1H-Z2X1
blue asks green for 12.5 m3 of diesel under diesel-loan, at camp, by 2030-06-03.
State: cancelled.

STEPS
date        by    step     code       amount  unit  note
──────────────────────────────────────────────────────────────
2030-06-01  blue  request  3F1H-Z2X1    12.5  m3
2030-06-05  blue  cancel   V8YA-M09G                not needed
$ mainstay ledger status blue.book --all --date 2030-06-05

ORDERS  book of blue, as of 2030-06-05
order           state      from   what            waits for       days
──────────────────────────────────────────────────────────────────────
blue-3F1H-Z2X1  cancelled  green  12.5 m3 diesel
blue-B5HA-GJYZ  requested  green  12.5 m3 diesel  green to offer     3
