# A key is rotated; the partner's trust follows with the next release. A thief of the old key comes too late.
$ for side in blue green; do mainstay book init $side.book --partner $side -q; mainstay book import $side.book examples/tiny -q; mainstay exchange init $side.book -o $side.key.json -q; printf 'to,table,site,detail\n*,*,,full\n' > releases.csv; mainstay exchange rules $side.book releases.csv -q; done > made.txt
$ mainstay exchange trust blue.book green green.key.json -q > made.txt; mainstay exchange trust green.book blue blue.key.json -q > made.txt
$ mkdir mail; mainstay exchange send green.book mail -q > made.txt; mainstay exchange fetch blue.book mail -q > made.txt; cp green.book thief.book; cp green.book.key thief.book.key
$ mainstay book key green.book --rotate > made.txt; head -2 made.txt
mainstay: the new key counts from now on
book of    green
key        {{([0-9]{5} ?){8}}}

$ mainstay exchange send green.book mail; mainstay exchange fetch blue.book mail
release 2 for blue: 0 records
release 2 of green: 0 records, 0 rows of the combined case changed, 3 rows refused
green has another key from now on, announced under the one before. Its fingerprint is {{([0-9]{5} ?){8}}}: read it to each other when you next telephone
$ mainstay exchange partners blue.book | head -3 | tail -1
green    {{[-0-9T:]+Z}}  trusted, by the key before
$ mainstay exchange status blue.book --json | jq -r '.exchange[0].followed'; mainstay exchange status blue.book | tail -3
true
green: fetched just now, through mail.
green: has another key, announced under the one before. Read the fingerprints to
  each other when you next telephone; `mainstay exchange partners` has them.
$ mainstay book key thief.book --rotate -q > made.txt; mainstay exchange make thief.book blue -o thief.release -q > made.txt; mainstay exchange take blue.book thief.release
mainstay: thief.release: ALARM: the bundle announces a key of green, signed by one that green has replaced by another: somebody has that old key. Telephone; trust the right one by hand if this is it. Nothing was changed
[exit 1]

$ mainstay exchange status blue.book --json | jq -r '.exchange[0].alarm'; mainstay exchange status blue.book | grep -A1 ALARM
key
ALARM: a key that green had before announces another than the one trusted here:
  somebody else has it. Telephone, and trust the right one by hand.

# Withdrawn is withdrawn: the next key is trusted by hand.
$ mainstay exchange trust blue.book green --revoke; mainstay book key green.book --rotate -q > made.txt; mainstay exchange make green.book blue -o 3.release -q > made.txt; mainstay exchange take blue.book 3.release
green is no longer trusted: nothing is given to it or taken from it.
mainstay: 3.release: the bundle was made by green, who is no longer trusted here
[exit 1]

$ mainstay exchange init green.book -o green.key.json -q; mainstay exchange trust blue.book green green.key.json -q > made.txt; mainstay exchange take blue.book 3.release
release 3 of green: 0 records, 0 rows of the combined case changed, 3 rows refused
