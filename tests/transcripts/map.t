# One file, well formed, complete in itself.
$ mainstay map examples/pacific -o case.svg && head -c 4 case.svg
<svg
$ mainstay map examples/pacific | cmp - case.svg
$ if command -v xmllint > /dev/null; then xmllint --noout --nonet case.svg; fi
$ grep -cE 'href="http|<script|url\(http' case.svg
0
[exit 1]
$ mainstay plan examples/tiny -q > /dev/null && mainstay map tiny.plan -o plan.svg && head -c 4 plan.svg
<svg
$ mainstay map examples/tiny -o no/such/place.svg
mainstay: no/such/place.svg: No such file or directory
[exit 1]
$ mainstay map nowhere -o x.svg
mainstay: there is no folder nowhere; `mainstay init` makes one from an example
[exit 1]
$ ls
case.svg
examples
plan.svg
tiny.plan
