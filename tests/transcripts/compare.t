# What differs when the agreement's limit goes from 20 t to 18 t (examples/tiny/README.md, Try).
$ cp -r examples/tiny less && sed -i 's/,diesel,20,/,diesel,18,/' less/agreements.csv
$ mainstay plan examples/tiny -q > /dev/null && mainstay plan less -q > /dev/null
$ mainstay compare tiny.plan less.plan
Before: tiny
After:  tiny

2 t more short of priority 1.
1 demand is worse off, 0 are better off. Transport and duty cost 780 USD, 60
less.

WHAT IS MET
              met before %  after %  short before t  after t  change t
────────────────────────────────────────────────────────────────────────────────
everyone              90.5     85.7               4        6        +2  worse
  priority 1          86.7     80.0               4        6        +2  worse
  priority 2           100      100               0        0         0  the same
────────────────────────────────────────────────────────────────────────────────
blue                  86.7     80.0               4        6        +2  worse
  priority 1          86.7     80.0               4        6        +2  worse
────────────────────────────────────────────────────────────────────────────────
green                  100      100               0        0         0  the same
  priority 2           100      100               0        0         0  the same

NEEDS THAT LOST OR GAINED  tonnes short; the greatest change first
                         priority  before  after  change  first short  short for
                                        t      t       t  day          days
────────────────────────────────────────────────────────────────────────────────
diesel for blue at camp         1       4      6      +2  3            1

LANES  tonnes moved
                        before t  after t  change t
───────────────────────────────────────────────────
road lane depot → camp        20       18        -2

SITES  tonnes in and out
       before t  after t  change t
──────────────────────────────────
camp         26       24        -2
depot        32       30        -2

AGREEMENTS  tonnes drawn
                            before t  after t  change t
───────────────────────────────────────────────────────
camp-access (blue → green)        20       18        -2
diesel-loan (green → blue)        20       18        -2
$ mainstay compare tiny.plan less.plan --csv
kind,id,partner,priority,before_t,after_t,change_t,first_short_day_before,first_short_day_after,short_days_before,short_days_after
demand,camp-diesel,blue,1,4,6,2,3,3,1,1
lane,depot-camp,,,20,18,-2,,,,
site,camp,,,26,24,-2,,,,
site,depot,,,32,30,-2,,,,
agreement,camp-access,,,20,18,-2,,,,
agreement,diesel-loan,,,20,18,-2,,,,
$ mainstay compare tiny.plan less.plan --json | jq -e type
"object"
$ mainstay compare tiny.plan tiny.plan
Before: tiny
After:  tiny

What is met is the same.
No demand is better or worse off. Transport and duty cost 840 USD, as before.

WHAT IS MET
              met before %  after %  short before t  after t  change t
────────────────────────────────────────────────────────────────────────────────
everyone              90.5     90.5               4        4         0  the same
  priority 1          86.7     86.7               4        4         0  the same
  priority 2           100      100               0        0         0  the same
────────────────────────────────────────────────────────────────────────────────
blue                  86.7     86.7               4        4         0  the same
  priority 1          86.7     86.7               4        4         0  the same
────────────────────────────────────────────────────────────────────────────────
green                  100      100               0        0         0  the same
  priority 2           100      100               0        0         0  the same
No lane, site or agreement carries more or less.
$ mainstay compare tiny.plan examples/tiny
mainstay: examples/tiny is a case, not a plan; `mainstay plan examples/tiny` makes a plan of it
[exit 1]
