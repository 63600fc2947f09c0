# Of a case, if nothing moves; of a plan.
$ mainstay posture examples/tiny
Days of supply in tiny, if nothing moves
4 days from 2030-06-01. Stock on hand, supply and commitments against each
site's own demand. Green: the reserve is there or, where none is set, 7 days;
amber: half of it; red: less, or short.

POSTURE  how many needs (a site and an item) are red, amber, green
          needs  green  amber    red   red  short       red     short
                 day 0  day 0  day 0  ever   ever  from day  from day
─────────────────────────────────────────────────────────────────────
combined      3      0      0      3     3      3         0         1
blue          2      0      0      2     2      2         0         1
green         1      0      0      1     1      1         0         1

BY SITE AND ITEM  worst first; d0 .. are days of supply on that day
site  item     now  red day  short day  trend   d0   d1
───────────────────────────────────────────────────────
camp  rations  red        0          1  ▂▁▁▁   1.0  0.0
camp  diesel   red        0          1  ▂▁▁▁   1.0  0.0
hill  diesel   red        0          1  ▂▁▁▁   1.0  0.0
$ mainstay plan examples/tiny -q > /dev/null
$ mainstay posture tiny.plan
Days of supply in tiny, as planned
4 days from 2030-06-01. Green: the reserve is there or, where none is set, 7
days; amber: half of it; red: less, or short.

POSTURE  how many needs (a site and an item) are red, amber, green
          needs  green  amber    red   red  short       red     short
                 day 0  day 0  day 0  ever   ever  from day  from day
─────────────────────────────────────────────────────────────────────
combined      3      0      0      3     3      1         0         3
blue          2      0      0      2     2      1         0         3
green         1      0      0      1     1      0         0

BY SITE AND ITEM  worst first; d0 .. are days of supply on that day
site  item     now  red day  short day  trend   d0   d1
───────────────────────────────────────────────────────
camp  diesel   red        0          3  ▂▁▁▁   1.0  0.0
camp  rations  red        0             ▂▁▂▁   1.0  0.0
hill  diesel   red        0             ▂▁▁▂   1.0  0.0
$ mainstay posture tiny.plan --by class --partner blue
Days of supply in tiny, as planned
4 days from 2030-06-01. Green: the reserve is there or, where none is set, 7
days; amber: half of it; red: less, or short.

POSTURE  how many needs (a site and an item) are red, amber, green
      needs  green  amber    red   red  short       red     short
             day 0  day 0  day 0  ever   ever  from day  from day
─────────────────────────────────────────────────────────────────
blue      2      0      0      2     2      1         0         3

BY SITE AND CLASS  worst first; d0 .. are days of supply on that day
site  class      now  red day  short day  trend   d0   d1
─────────────────────────────────────────────────────────
camp  class III  red        0          3  ▂▁▁▁   1.0  0.0
camp  class I    red        0             ▂▁▂▁   1.0  0.0
$ mainstay posture tiny.plan --map
Days of supply in tiny, as planned
4 days from 2030-06-01. Green: the reserve is there or, where none is set, 7
days; amber: half of it; red: less, or short.

COMBINED  sites by days, worst first
day  0     2
camp ▓▓▓▓▓▓▓▓▓███
hill ▓▓▓▓▓▓▓▓▓···
·  green  ▒  amber  ▓  red  █  short
$ mainstay posture tiny.plan --site 'h*' --item III --csv
site,item,class,partner,day,stock,unit,dos,state,short,outlasts
hill,diesel,III,*,0,0,m3,1,red,0,no
hill,diesel,III,*,1,0,m3,0,red,0,no
hill,diesel,III,*,2,0,m3,0,red,0,no
hill,diesel,III,*,3,5,m3,1,green,0,yes
hill,diesel,III,green,0,0,m3,1,red,0,no
hill,diesel,III,green,1,0,m3,0,red,0,no
hill,diesel,III,green,2,0,m3,0,red,0,no
hill,diesel,III,green,3,5,m3,1,green,0,yes
$ mainstay posture examples/tiny --target 2 --csv | head -n 3
site,item,class,partner,day,stock,unit,dos,state,short,outlasts
camp,diesel,III,*,0,0,m3,1,amber,0,no
camp,diesel,III,*,1,0,m3,0,red,10,no
$ mainstay posture examples/tiny --json | jq -e type
"object"
$ mainstay posture examples/tiny --partner gren
mainstay: there is no partner gren in this case; did you mean green?
mainstay: see `mainstay help posture`
[exit 2]
$ LC_ALL=C mainstay posture tiny.plan --map | LC_ALL=C grep -c '[^ -~]'
0
[exit 1]
$ mainstay posture examples/tiny --color=always | grep -c "$(printf '\033')"
17
