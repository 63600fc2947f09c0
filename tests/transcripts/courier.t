# Two partners over HTTPS: a server that keeps releases, couriers with tokens, and a certificate of the staff's own.
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Staff 2> made.txt
$ openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=mail 2> made.txt; printf 'subjectAltName=IP:127.0.0.1\n' > san.txt
$ openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san.txt -out server.pem 2> made.txt
$ for side in blue green; do mainstay book init $side.book --partner $side -q; mainstay book import $side.book examples/tiny -q; mainstay exchange init $side.book -o $side.key.json -q; printf 'to,table,item,detail\n*,*,,full\n' > releases.csv; mainstay exchange rules $side.book releases.csv -q; done > made.txt
$ mainstay exchange trust blue.book green green.key.json -q > made.txt; mainstay exchange trust green.book blue blue.key.json -q > made.txt
$ printf 'name,role,token\nblue,courier,blue-0123456789abcdef\ngreen,courier,green-0123456789abcdef\nann,viewer,ann-0123456789abcdef\n' > tokens.csv; chmod 600 tokens.csv
$ umask 077; echo blue-0123456789abcdef > blue.token; echo green-0123456789abcdef > green.token; echo ann-0123456789abcdef > ann.token; echo none-0123456789abcdef > none.token

# A server that keeps releases needs couriers. This one stops when the transcript does.
$ mainstay serve --exchange mail
mainstay: an exchange needs a file of tokens with a courier for each partner
mainstay: see `mainstay help serve`
[exit 2]
$ (timeout 100 mainstay serve --exchange mail --tokens tokens.csv --tls-cert server.pem --tls-key server.key > link.txt 2> serve.txt & echo $! > server.pid); until grep -qs https link.txt; do sleep 0.05; done; cut -d: -f1,2 link.txt
https://127.0.0.1

# There and back: blue sends, green fetches; green's answer acknowledges it, and what blue needs to keep no more is dropped.
$ mainstay exchange send blue.book $(cat link.txt) --token blue.token --ca ca.pem
whole release 1 for green: 9 records
$ ls mail; mainstay exchange fetch green.book $(cat link.txt) --token green.token --ca ca.pem
blue-green-000000000001.release
whole release 1 of blue: 9 records, 4 rows of the combined case changed, 3 rows refused
$ mainstay exchange send green.book $(cat link.txt) --token green.token --ca ca.pem
whole release 1 for blue: 8 records, 3 rows of theirs refused
$ mainstay exchange fetch blue.book $(cat link.txt) --token blue.token --ca ca.pem; mainstay exchange fetch blue.book $(cat link.txt) --token blue.token --ca ca.pem
whole release 1 of green: 8 records, 4 rows of the combined case changed, 3 rows refused
nothing new is there
$ mainstay exchange send blue.book $(cat link.txt) --token blue.token --ca ca.pem; ls mail
release 2 for green: 0 records, 3 rows of theirs refused
blue-green-000000000002.release
green-blue-000000000001.release

$ mainstay exchange status blue.book | tail -2
green: could not use 3 of your rows; `mainstay exchange refused` says why.
green: sent {{.*}}, fetched {{.*}}, through https://127.0.0.1:{{[0-9]+}}/.

# The certificate is always checked, and the token comes from a file of one's own.
$ mainstay exchange fetch blue.book $(cat link.txt) --token blue.token
mainstay: https://127.0.0.1:{{[0-9]+}}: the server's certificate is not to be trusted: SSL certificate problem: unable to get local issuer certificate. Nothing was sent; if it is a staff's own, say --ca FILE
[exit 1]
$ mainstay exchange fetch blue.book $(cat link.txt | sed s/127.0.0.1/localhost/) --token blue.token --ca ca.pem
mainstay: https://localhost:{{[0-9]+}}: the server's certificate is not to be trusted: SSL: no alternative certificate subject name matches target host name 'localhost'. Nothing was sent; if it is a staff's own, say --ca FILE
[exit 1]
$ mainstay exchange fetch blue.book $(cat link.txt)
mainstay: https://127.0.0.1:{{[0-9]+}} wants a token: say --token FILE
mainstay: see `mainstay help exchange fetch`
[exit 2]
$ chmod 644 blue.token; mainstay exchange fetch blue.book $(cat link.txt) --token blue.token --ca ca.pem; chmod 600 blue.token
mainstay: blue.token: others may read this file; `chmod 600` makes it yours alone
$ mainstay exchange fetch blue.book $(cat link.txt) --token none.token --ca ca.pem
mainstay: https://127.0.0.1:{{[0-9]+}}: the server does not know the token in none.token
[exit 1]
$ mainstay exchange fetch blue.book $(cat link.txt) --token ann.token --ca ca.pem
mainstay: https://127.0.0.1:{{[0-9]+}}: the server says: ann is a viewer; this needs a courier
mainstay: see `mainstay help exchange fetch`
[exit 2]
$ mainstay exchange fetch blue.book http://mail.example --token blue.token
mainstay: the address of the server must begin with https:// (http:// only to this machine itself)
mainstay: see `mainstay help exchange fetch`
[exit 2]
$ mainstay exchange fetch blue.book https://blue:secret@mail.example --token blue.token
mainstay: the address of the server must end with the server or a path: no name, password, ? or #; the token is in a file of its own
mainstay: see `mainstay help exchange fetch`
[exit 2]
$ mainstay exchange fetch blue.book https://127.0.0.1:9 --token blue.token --patience 0.1
mainstay: https://127.0.0.1:9: no answer: Failed to connect to 127.0.0.1 port 9 after {{...}}
[exit 1]

$ mainstay exchange status blue.book --json | jq -r '.exchange[0] | .place, .failure[:40]'
https://127.0.0.1:9
no answer: Failed to connect to 127.0.0.

# A courier may do that and nothing else, and nobody else may do it; with another's token nothing comes or goes.
$ curl -sS --cacert ca.pem -H 'Authorization: Bearer green-0123456789abcdef' $(cat link.txt)api/case | jq -r .detail
green is a courier; this needs a viewer
$ mainstay exchange send blue.book $(cat link.txt) --token green.token --ca ca.pem
mainstay: https://127.0.0.1:{{[0-9]+}}: the server says: green puts its own releases alone: green-TO-NUMBER.release, with 12 digits
mainstay: see `mainstay help exchange send`
[exit 2]

# A book restored from a backup would say another thing under a number that is out: it is told to ask first.
$ cp blue.book.key old.book.key; mainstay book sql blue.book 'select count(*) n from log' > made.txt; cp blue.book old.book; mainstay exchange send blue.book $(cat link.txt) --token blue.token --ca ca.pem -q; mainstay exchange send old.book $(cat link.txt) --token blue.token --ca ca.pem
release 3 for green: 0 records, 3 rows of theirs refused (made before)
release 4 for green: 0 records, 3 rows of theirs refused
mainstay: the place has release 4 to green, and this book has made 3: it was restored from a backup. Fetch first: what green has taken tells the book where to go on
[exit 1]
$ kill $(cat server.pid); grep -c Ctrl-C serve.txt
1
