# A book: begin one, take a case in, look at it, get the case out again.
$ mainstay book init us.book --partner blue
mainstay: us.book.key is the secret key of blue: never give it away, and keep a copy in a safe
book of    blue
key        {{([0-9]{5} ?){8}}}
entries    1, the last of {{[0-9TZ:-]{20}}}
last hash  {{[0-9a-f]{64}}}

It holds no case yet; `mainstay book import` takes one in.
$ stat -c '%a %n' us.book.key
600 us.book.key
$ mainstay book init us.book --partner blue
mainstay: us.book is there already
mainstay: see `mainstay help book init`
[exit 2]
$ mainstay book init wrong.book --partner blu -q > wrong.txt; mainstay book import wrong.book examples/tiny
mainstay: partners.csv: has no partner "blu", whose book wrong.book is (near is "blue"); add it, or make another book
[exit 1]
$ mainstay book init other.book
mainstay: whose book is it? Say --partner ID
mainstay: see `mainstay help book init`
[exit 2]
$ mainstay plan us.book
mainstay: us.book: holds no case yet; `mainstay book import` takes one from a folder
[exit 1]
$ mainstay book import us.book examples/tiny
mainstay: 17 entries, up to number 18
table           new rows  changed rows  removed rows  written otherwise
───────────────────────────────────────────────────────────────────────
case.json              1             0             0  no
partners.csv           2             0             0  no
sites.csv              4             0             0  no
items.csv              2             0             0  no
fleets.csv             1             0             0  no
lanes.csv              3             0             0  no
stocks.csv             2             0             0  no
demands.csv            3             0             0  no
agreements.csv         2             0             0  no
$ mainstay book show us.book
book of    blue
key        {{([0-9]{5} ?){8}}}
entries    18, the last of {{[0-9TZ:-]{20}}}
last hash  {{[0-9a-f]{64}}}

table           whose word  rows
────────────────────────────────
case.json       own            1
partners.csv    own            2
sites.csv       own            4
items.csv       own            2
fleets.csv      own            1
lanes.csv       own            3
stocks.csv      own            2
demands.csv     own            3
agreements.csv  own            2
$ mainstay book export us.book out && diff -r out examples/tiny
mainstay: out holds the case
Only in examples/tiny: README.md
[exit 1]
# Only what differs is written, and nothing where nothing does.
$ mainstay book import us.book out
mainstay: out says what us.book holds already; nothing was written
$ sed -i 's/700/650/' out/stocks.csv
$ mainstay book import us.book out --dry-run
mainstay: nothing was written; it would be 1 entry, up to number 19
table       new rows  changed rows  removed rows  written otherwise
───────────────────────────────────────────────────────────────────
stocks.csv         0             1             0  no
$ mainstay book import us.book out
mainstay: 1 entry, up to number 19
table       new rows  changed rows  removed rows  written otherwise
───────────────────────────────────────────────────────────────────
stocks.csv         0             1             0  no
$ mainstay book log us.book --most 3
entry  time (UTC)            kind  about           what it says
────────────────────────────────────────────────────────────────────
   17  {{[0-9TZ:-]{20}}}  row   agreements.csv  2 rows set
   18  {{[0-9TZ:-]{20}}}  form  agreements.csv  how it is written
   19  {{[0-9TZ:-]{20}}}  row   stocks.csv      1 row set
$ mainstay book log us.book --kind row --key stocks --csv
number,time,kind,key,bytes,what,hash
13,{{[0-9TZ:-]{20}}},row,stocks.csv,143,2 rows set,{{[0-9a-f]{64}}}
19,{{[0-9TZ:-]{20}}},row,stocks.csv,111,1 row set,{{[0-9a-f]{64}}}
$ mainstay book show us.book 99
mainstay: us.book: has no such entry
[exit 1]
$ mainstay book show us.book x
mainstay: "x" is no number of an entry
mainstay: see `mainstay help book show`
[exit 2]
# As it was.
$ mainstay book export us.book then --as-of 14 && diff then/stocks.csv examples/tiny/stocks.csv
mainstay: then holds the case
# Verbs take a book as they take a folder; the plan is the same.
$ mainstay plan us.book -o a.plan -q > a.txt; mainstay plan out -o b.plan -q > b.txt; diff -r a.plan b.plan
$ mainstay check us.book a.plan | tail -n 1
a.plan: no errors
$ mainstay posture us.book --csv | head -n 2
site,item,class,partner,day,stock,unit,dos,state,short,outlasts
camp,diesel,III,*,0,0,m3,1,red,0,no
# What is no book, or whose key is not there.
$ mainstay book log examples/tiny
mainstay: examples/tiny is a folder, and a book is a file; `mainstay book import` takes a case
mainstay: see `mainstay help book log`
[exit 2]
$ mainstay book log none.book
mainstay: there is no book none.book; `mainstay book init` makes one
[exit 1]
$ echo 'not a book at all' > text.book; mainstay book log text.book
mainstay: text.book is no book, or cannot be read
[exit 1]
$ mv us.book.key away.key; mainstay book import us.book examples/tiny
mainstay: us.book.key: is not there; the book can be read, but only its key can write to it
[exit 1]
$ cp away.key us.book.key; chmod 644 us.book.key; mainstay book import us.book examples/tiny
mainstay: us.book.key: others may read this secret key (mode 644); `chmod 600 us.book.key`, and if somebody may have copied it, make a new key
[exit 1]
# A broken case is refused whole.
$ chmod 600 us.book.key; echo 'x,y' >> out/stocks.csv; mainstay book import us.book out; mainstay book import us.book examples/tiny --dry-run -q
out/stocks.csv:4:1: error: there is no site "x"; add it to sites.csv, or correct it here
out/stocks.csv:4:1: error: quantity is empty; give a number from 0 to 1e12 (item units)
out/stocks.csv:4:3: error: there is no item "y"; add it to items.csv, or correct it here
mainstay: out has 3 errors and 1 warning
table       new rows  changed rows  removed rows  written otherwise
───────────────────────────────────────────────────────────────────
stocks.csv         0             1             0  no
# Under a passphrase.
$ echo 'correct horse' > pass; mainstay book init p.book --partner blue --passphrase-file pass -q | head -n 1
book of    blue
$ mainstay book import p.book examples/tiny < /dev/null
mainstay: p.book.key is under a passphrase, and there is no terminal to ask on; use --passphrase-file
mainstay: see `mainstay help book import`
[exit 2]
$ echo 'wrong horse' > no; mainstay book import p.book examples/tiny --passphrase-file no
mainstay: p.book.key: the passphrase is wrong
[exit 1]
$ mainstay book import p.book examples/tiny --passphrase-file pass -q --csv | wc -l
10
# Proven; asked; tampered with; mended.
$ rm -rf us.book* && mainstay book init us.book --partner blue -q > /dev/null && mainstay book import us.book examples/tiny -q > /dev/null; cp us.book monday.book
$ mainstay book verify us.book
us.book: 18 entries, every one chained and signed; the tables are what they make
$ mainstay book sql us.book 'SELECT site, item, partner, quantity FROM stocks WHERE quantity > 100'
site     item     partner  quantity
───────────────────────────────────
harbour  rations  blue     700
$ mainstay book sql us.book "SELECT number, kind, key FROM entries WHERE number < 3" --json
[
  {
    "number": 1,
    "kind": "book",
    "key": "blue"
  },
  {
    "number": 2,
    "kind": "row",
    "key": "case.json"
  }
]
$ mainstay book sql us.book 'SELECT lane, capacity_t_per_day FROM lanes' --csv
lane,capacity_t_per_day
depot-camp,10
depot-hill,10
harbour-camp,
$ mainstay book sql us.book 'DELETE FROM log'
mainstay: the query is wrong: only reading is allowed here, by one SELECT
[exit 1]
$ mainstay book sql us.book "ATTACH 'x' AS y"
mainstay: the query is wrong: only reading is allowed here, by one SELECT
[exit 1]
$ mainstay book sql us.book 'SELECT stock FROM stocks'
mainstay: the query is wrong: no such column: stock
[exit 1]
$ printf 'X' | dd of=us.book bs=1 seek=$(grep -abo 'harbour-camp' us.book | head -n 1 | cut -d : -f 1) conv=notrunc status=none
$ mainstay book verify us.book > out.txt; tail -n 1 out.txt
mainstay: us.book has {{[0-9]+}} breaches; `mainstay book rebuild us.book` saves what can be saved
us.book: error: the table "row" is not what the log makes of it; `mainstay book rebuild` mends that
$ mainstay book rebuild us.book
us.book: 18 entries; the file as it was is us.book.damaged
$ mainstay book rebuild us.book --from monday.book
us.book: 18 entries; the file as it was is us.book.damaged-1
$ mainstay book verify us.book --json
{
  "entries": 18,
  "errors": 0,
  "warnings": 0,
  "findings": []
}
# A plan kept in the book is made again from the same entries, whatever has been imported since.
$ mainstay plan us.book -o one.plan --keep > one.txt
mainstay: kept as entry 19, made from entries 1 to 18; --again 19 makes it again
$ cp -r examples/tiny two && sed -i 's/700/100/' two/stocks.csv && mainstay book import us.book two -q > two.txt
$ mainstay plan us.book -o two.plan -q > two.txt; diff -q one.plan/summary.json two.plan/summary.json
Files one.plan/summary.json and two.plan/summary.json differ
[exit 1]
$ mainstay plan us.book --again 19 -o again.plan > again.txt; diff -r one.plan again.plan
mainstay: again.plan is the plan of entry 19, byte for byte
$ mainstay plan us.book --as-of 18 -o asof.plan -q > asof.txt; diff -r one.plan asof.plan
$ mainstay book log us.book --kind plan
entry  time (UTC)            kind  about     what it says
────────────────────────────────────────────────────────────────────────────────
   19  {{[0-9TZ:-]{20}}}  plan  one.plan  a plan from entries 1 to 18, objec…
$ mainstay plan us.book --again 18
mainstay: entry 18 keeps no plan: it is of another kind; `mainstay book log --kind plan` lists them
[exit 1]
$ mainstay plan us.book --again 19 --gap 0.1
mainstay: --again and --gap do not go together
mainstay: see `mainstay help plan`
[exit 2]
$ mainstay plan two --keep
mainstay: --keep needs a book; two is none
mainstay: see `mainstay help plan`
[exit 2]
# Another key; and when the key is lost.
$ mainstay book key us.book --rotate -q --csv | head -n 1
file,given_by,rows
$ mainstay book key us.book
mainstay: one of --rotate and --replace
mainstay: see `mainstay help book key`
[exit 2]
$ rm us.book.key; mainstay book key us.book --rotate
mainstay: us.book.key: is not there; the book can be read, but only its key can write to it
[exit 1]
$ mainstay book key us.book --replace -q --csv | head -n 1
file,given_by,rows
$ mainstay book verify us.book
us.book: warning: entry 22: the key was replaced without the one before it; its fingerprint proves it, over the telephone
us.book: 22 entries, every one chained and signed; the tables are what they make
$ mainstay book log us.book --kind key --csv | cut -d , -f 1,3-6
number,kind,key,bytes,what
21,key,book,226,key rotated
22,key,book,227,key replaced
