# Two partners: keys, rules, a release, what came of it. Green tells blue where its depot is and what is in it.
$ mainstay book init blue.book --partner blue -q > blue.txt; mainstay book import blue.book examples/tiny -q > blue.txt
$ mainstay book init green.book --partner green -q > green.txt; mainstay book import green.book examples/tiny -q > green.txt
$ mainstay exchange init blue.book -o blue.key.json
mainstay: the fingerprint of this key is {{([0-9]{5} ?){8}}}
mainstay: give blue.key.json to your partners, who read the fingerprint back to you over the telephone
$ mainstay exchange init green.book -o green.key.json -q; mainstay exchange trust green.book blue blue.key.json -q > trust.txt; tail -3 trust.txt

Read it to blue over the telephone. If it is another there, nothing that comes is from blue:
`mainstay exchange trust green.book blue --revoke`.
$ mainstay exchange trust blue.book green green.key.json --fingerprint '12345 67890' > trust.txt
mainstay: green.key.json has another fingerprint, {{([0-9]{5} ?){8}}}: do not trust it, and ask your partner
[exit 1]
$ mainstay exchange trust blue.book blue blue.key.json
mainstay: blue.key.json: the key is your own: exchange it for your partner's
[exit 1]
$ mainstay exchange trust blue.book green blue.key.json
mainstay: blue.key.json: the key is that of blue, not of green
[exit 1]
$ mainstay exchange trust blue.book green green.key.json -q > trust.txt; mainstay exchange trust blue.book green --rhythm 'every day'
mainstay: "every day" is no rhythm; write hourly, "daily 06:00Z" or "weekly mon 06:00Z"
mainstay: see `mainstay help exchange trust`
[exit 2]
$ mainstay exchange trust blue.book green --rhythm 'daily 06:00Z'
green: daily 06:00Z

# What no rule names stays home; a file of rules that is wrong changes nothing.
$ mainstay exchange preview green.book blue
Release 1 for blue would hold 0 records: 0 new, 0 changed, 0 dropped, 0
unchanged.
Own rows that go out in some form: sites 0 of 2, lanes 0 of 2, stocks 0 of 1,
demands 0 of 1, agreements 0 of 1.
$ printf 'to,table,item,detail,amount\nblue,stock,,full,\nblue,stocks,diesel,rounded,\n' > wrong.csv; mainstay exchange rules green.book wrong.csv
wrong.csv:2:6: error: "stock" is none of what belongs here: sites, fleets, lanes, stocks, supplies, demands, reserves, agreements, commitments, or *; did you mean "stocks"?
wrong.csv:3:28: error: rounded needs an amount: item units, above 0, up to 1e12
mainstay: wrong.csv has 2 errors; nothing was changed
[exit 1]
$ printf 'to,table,item,detail,amount\nblue,sites,,full,\nblue,stocks,diesel,rounded,20\n' > releases.csv; mainstay exchange rules green.book releases.csv
mainstay: releases.csv is in force from the next release on; `mainstay exchange preview` shows what it lets out
$ mainstay exchange rules green.book
to,table,item,detail,amount
blue,sites,,full,
blue,stocks,diesel,rounded,20
$ printf 'partner,theirs,ours\n*,*,*\n' > aliases.csv; mainstay exchange aliases blue.book aliases.csv -q
$ mainstay exchange preview green.book blue
Release 1 for blue would hold 4 records: 4 new, 0 changed, 0 dropped, 0
unchanged.
Own rows that go out in some form: sites 2 of 2, lanes 0 of 2, stocks 1 of 1,
demands 0 of 1, agreements 0 of 1.

     table   what                detail      says
────────────────────────────────────────────────────────────────────────────────
new  items   diesel                          class III, kg_per_unit 800, name D…
new  sites   depot               full        name Depot (Green's), partner green
new  sites   hill                full        kind unit, name Hill (Green's unit…
new  stocks  depot/diesel/green  rounded 20  quantity 40

# Make, take, take again; half a bundle; one for somebody else.
$ mainstay exchange make green.book blue
mainstay: where to? Say -o FILE
mainstay: see `mainstay help exchange make`
[exit 2]
$ mainstay exchange make green.book blue -o 1.release
whole release 1 for blue: 4 records
$ mainstay exchange take blue.book 1.release
whole release 1 of green: 4 records, 3 rows of the combined case changed
$ mainstay exchange take blue.book 1.release
whole release 1 of green: taken before, or older than what was; nothing to do
$ head -c 300 1.release > half.release; mainstay exchange take blue.book half.release
mainstay: half.release: the bundle was cut short: 300 of {{[0-9]+}} bytes; copy it again
[exit 1]
$ mainstay exchange take green.book 1.release
mainstay: 1.release: the bundle was made with a key that is not trusted here: is the partner's key new? `mainstay exchange partners` lists those that are
[exit 1]
$ echo hello > hello.release; mainstay exchange take blue.book hello.release
mainstay: hello.release: is no bundle of Mainstay
[exit 1]
$ mainstay exchange diff blue.book green
green, release 1, made {{...}}: 4 new, 0 changed, 0 dropped.
What green says it has on hand: 32 t.

     table   what                detail      says
────────────────────────────────────────────────────────────────────────────────
new  items   diesel                          class III, kg_per_unit 800, name D…
new  sites   depot               full        name Depot (Green's), partner green
new  sites   hill                full        kind unit, name Hill (Green's unit…
new  stocks  depot/diesel/green  rounded 20  quantity 40
$ mainstay exchange diff blue.book green --read > read.txt; mainstay exchange diff blue.book green
Nothing has changed in the picture of green since it was last read.
$ mainstay exchange refused blue.book green
Every row was used, on both sides.

# Only what changed travels; a gap is named. Through a folder the lost one is simply put there again.
$ mkdir case && cp examples/tiny/* case/ && chmod u+w case/* && sed -i 's/diesel,green,50/diesel,green,31/' case/stocks.csv && mainstay book import green.book case -q > import.txt
$ mainstay exchange make green.book blue -o 2.release; mainstay exchange make green.book blue -o 3.release
release 2 for blue: 1 record
release 3 for blue: 0 records
$ mainstay exchange take blue.book 3.release
mainstay: 3.release: release 2 of green is missing: take it first; or go on, and your next release asks for a whole one
[exit 1]
$ mkdir shared; mainstay exchange send green.book shared; ls shared
whole release 1 for blue: 4 records (made before)
release 2 for blue: 1 record (made before)
release 3 for blue: 0 records (made before)
release 4 for blue: 0 records
green-blue-000000000001.release
green-blue-000000000002.release
green-blue-000000000003.release
green-blue-000000000004.release
$ mainstay exchange fetch blue.book shared
release 2 of green: 1 record, 1 row of the combined case changed
release 3 of green: 0 records, 0 rows of the combined case changed
release 4 of green: 0 records, 0 rows of the combined case changed
$ mainstay exchange fetch blue.book shared
nothing new is there
$ mainstay exchange diff blue.book green
green, release 4, made {{...}}: 0 new, 1 changed, 0 dropped.
What green says it has on hand: 32 t before, 16 t now (-50 %).

         table   what                detail      says
─────────────────────────────────────────────────────────────────────────
changed  stocks  depot/diesel/green  rounded 20  quantity 40 → 20 (-50 %)
$ mainstay exchange send blue.book shared green && mainstay exchange fetch green.book shared
whole release 1 for green: 0 records
whole release 1 of blue: 0 records, 0 rows of the combined case changed
$ mainstay exchange make green.book blue -o again.release --again 2
release 2 for blue: 1 record (made before)
$ mainstay exchange make green.book blue -o again.release --again 9
mainstay: the book has no release 9 of that kind for blue
[exit 1]

# A partner whose laptop was stolen.
$ mainstay exchange trust blue.book green --revoke
green is no longer trusted: nothing is given to it or taken from it.
$ mainstay exchange make green.book blue -o 5.release -q; mainstay exchange take blue.book 5.release
release 5 for blue: 0 records
mainstay: 5.release: the bundle was made by green, who is no longer trusted here
[exit 1]
$ mainstay exchange make blue.book green -o x.release
mainstay: green is no longer trusted here; `mainstay exchange trust` with its new key
mainstay: see `mainstay help exchange make`
[exit 2]
$ mainstay exchange make blue.book red -o x.release
mainstay: no partner red is trusted here; `mainstay exchange trust` makes one
mainstay: see `mainstay help exchange make`
[exit 2]

# What is given as days of supply or as a sum cannot be added to a posture; it stands below that of the book.
$ mainstay exchange trust blue.book green green.key.json -q > trust.txt
$ cp -r examples/tiny more && echo 'hill,diesel,green,7' >> more/stocks.csv && mainstay book import green.book more -q > import.txt
$ printf 'to,table,site,item,detail,amount,by\nblue,sites,,,full,,\nblue,stocks,hill,,days,,\nblue,stocks,,,summed,,class region\nblue,demands,,,summed,,class week\n' > releases.csv; mainstay exchange rules green.book releases.csv -q
$ mainstay exchange make green.book blue --whole -o s.release > moves.txt; mainstay exchange take blue.book s.release > moves.txt
$ mainstay posture blue.book | sed -n '/GIVEN/,$p'
GIVEN ONLY AS SUMS OR DAYS  what partners hold; no plan counts on it
partner  as of       picture         of                          says
─────────────────────────────────────────────────────────────────────────
green    {{[0-9-]+}}  days of supply  diesel at hill              2.4 days
green    {{[0-9-]+}}  demands         class III, days 0 to 6      12 t
green    {{[0-9-]+}}  stocks          class III, country unknown  40 t
$ mainstay posture blue.book --partner green | grep -c GIVEN
1
$ mainstay posture blue.book --partner blue | grep -c GIVEN
0
[exit 1]
$ mainstay posture blue.book --csv | grep -c GIVEN
0
[exit 1]
