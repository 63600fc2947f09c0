# A briefing: one page, complete in itself.
$ mainstay plan examples/tiny -q > /dev/null && mainstay report tiny.plan -o brief.html
$ head -c 15 brief.html
<!doctype html>
$ grep -cE '<script|href=|src=|url\([^#]|@import' brief.html
0
[exit 1]
$ grep -o '<p class="lead">.*</p>' brief.html
<p class="lead">Together the partners meet 90.5 % of the 42 t wanted. Each alone would meet 42.9 %. Priority 1 falls short by 4 t of 30 t.</p>
$ grep -oE '(Raise|More|Bring)[^<]*</th>(<td[^>]*>[^<]*</td>){3}' brief.html | head -1
Raise the limit of agreement diesel-loan (green to blue), 100 % used</th><td>green, blue</td><td class="n">4 Jun</td><td>4 t more saves 4 t of priority 1 (verified)</td>

# In Korean.
$ mainstay report tiny.plan -o brief-ko.html --language ko && grep -o '<html lang="ko">' brief-ko.html
<html lang="ko">
$ grep -o '<p class="lead">.*</p>' brief-ko.html
<p class="lead">연합으로 소요 42 t 중 90.5 %를 충족한다. 각자 단독으로는 42.9 %만 충족한다. 우선순위 1 소요는 30 t 중 4 t 부족하다.</p>

# The same plan gives the same bytes; with its contingencies there is more to say.
$ mainstay report tiny.plan -o again.html && cmp brief.html again.html
$ cp -r examples/tiny mine && printf 'contingency,name,from_day,to_day,what,which,effect\ncut,The road is cut,1,3,lane,depot-hill,close\n' > mine/contingencies.csv
$ mainstay plan mine -q > /dev/null && mainstay report mine.plan -o risks.html --contingencies -q && grep -oE 'If something goes wrong|The road is cut' risks.html
If something goes wrong
The road is cut

# As a workbook: well-formed, and no text of the case is a formula.
$ mainstay report tiny.plan -o brief.xlsx && mainstay report tiny.plan -o again.xlsx && cmp brief.xlsx again.xlsx
$ unzip -q brief.xlsx -d book && xmllint --noout --nonet book/xl/*.xml book/xl/worksheets/*.xml book/xl/charts/*.xml
$ grep -l '<f>' book/xl/worksheets/*.xml
[exit 1]
$ grep -o '<sheet name="[^"]*"' book/xl/workbook.xml
<sheet name="Briefing"
<sheet name="What we will run out of"
<sheet name="Sites in the red"
<sheet name="Why needs fall short"
<sheet name="What to decide"
<sheet name="Demand met by priority"
<sheet name="Who gives whom what"
<sheet name="Cross-servicing"
<sheet name="Day by day"
<sheet name="Days of supply"
<sheet name="Lanes"
<sheet name="Ports, airfields and depots"
<sheet name="Movements"
<sheet name="Shortfalls"
<sheet name="Orders"
<sheet name="Issues"
<sheet name="Stock"
$ grep -oE '<pane [^>]*|<pageSetup [^>]*|fitToPage="1"' book/xl/worksheets/sheet2.xml
fitToPage="1"
<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/
<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/
$ grep -l 'Demand met by priority.!' book/xl/charts/*.xml | wc -l
2

# Names that want to be more than names: formulas, tags, marks that turn the direction, what no XML may have.
$ cp -r examples/tiny evil && mkdir evil-book && printf "site,name,partner,kind\\ncamp,=cmd|' /C calc'!A0,blue,unit\\ndepot,<script>alert(1)</script>,green,depot\\nharbour,\\342\\200\\256+1 ]]> \\357\\277\\276,,port\\nhill,@SUM(1) \\360\\237\\232\\242 {0},green,unit\\n" > evil/sites.csv
$ sed -i 's/"tiny"/"=1+1 <!-- \\u202e \\uffff"/' evil/case.json && mainstay plan evil -q > /dev/null && mainstay report evil.plan -o evil.xlsx -q && mainstay report evil.plan -o evil.html -q
$ unzip -q evil.xlsx -d evil-book && find evil-book -type f -exec xmllint --noout --nonet {} +
$ grep -rlE '<f>|hyperlink|externalLink' evil-book
[exit 1]
$ grep -cE '<script|<!--|\xE2\x80\xAE' evil.html
0
[exit 1]
$ grep -ohE '(=cmd|=1\+1)[^<]*' evil-book/xl/worksheets/sheet1.xml | sort -u
=1+1 &lt;!-- ? ?
=cmd|' /C calc'!A0

# A column is as wide as its largest number: 25 m3 at 1,000,000,000 a unit.
$ cp -r examples/tiny rich && sed -i 's/,1000$/,1000000000/' rich/items.csv && mainstay plan rich -q > /dev/null && mainstay report rich.plan -o rich.xlsx -q && unzip -q rich.xlsx -d rich-book
$ grep -ohE '<col min="6"[^>]*>|<c r="F2"[^>]*><v>[^<]*' rich-book/xl/worksheets/sheet7.xml
<col min="6" max="6" width="20.7109375" customWidth="1"/>
<c r="F2" s="18"><v>25000000000

# Where nothing is wanted, and where a partner is on its own, there is still a briefing.
$ cp -r examples/tiny idle && sed -i 1q idle/demands.csv && mainstay plan idle -q > /dev/null && mainstay report idle.plan -o idle.xlsx -q && mainstay report idle.plan -o idle.html -q && grep -o '<p class="lead">.*</p>' idle.html
<p class="lead">Nothing is wanted.</p>
$ mkdir lone && for file in sites items lanes demands; do grep -v green examples/tiny/$file.csv > lone/$file.csv; done && grep -v green examples/tiny/partners.csv > lone/partners.csv && grep -v green examples/tiny/stocks.csv > lone/stocks.csv && cp examples/tiny/fleets.csv examples/tiny/case.json lone
$ sed -i '/diesel/d' lone/demands.csv && mainstay plan lone -q > /dev/null && mainstay report lone.plan -o lone.xlsx -q && mainstay report lone.plan -o lone.html -q && grep -o '<p class="lead">.*</p>' lone.html
<p class="lead">All of the 6 t wanted is met. Priority 1 is met in full.</p>

# What goes wrong.
$ mainstay report tiny.plan
mainstay: report needs a file to write: -o FILE.html or -o FILE.xlsx
mainstay: see `mainstay help report`
[exit 2]
$ mainstay report tiny.plan -o brief.pdf
mainstay: report writes FILE.html or FILE.xlsx; brief.pdf is neither
mainstay: see `mainstay help report`
[exit 2]
$ mainstay report examples/tiny -o brief.html
mainstay: examples/tiny is a case, not a plan; `mainstay plan examples/tiny` makes a plan of it
[exit 1]
$ mainstay report nowhere -o brief.html
mainstay: nowhere is not a plan: it has no summary.json; `mainstay plan CASE -o PLAN` makes one
[exit 1]
$ mainstay report tiny.plan -o no/such/place.html
mainstay: no/such/place.html: No such file or directory
[exit 1]
$ mainstay report tiny.plan -o brief.html --language fr
mainstay: --language: there is no "fr"; it is one of en|ko
mainstay: see `mainstay help report`
[exit 2]
