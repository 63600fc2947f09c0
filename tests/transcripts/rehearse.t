# The days played one by one: what planning again, warning and foresight are worth.
$ mkdir road
$ printf '{"name": "road", "start": "2030-06-01", "days": 8}' > road/case.json
$ printf 'partner\nblue\n' > road/partners.csv
$ printf 'site,partner,kind,storage_t\na,,depot,\nb,,unit,0\n' > road/sites.csv
$ printf 'item,class,unit,kg_per_unit\nfuel,III,t,1000\n' > road/items.csv
$ printf 'lane,from,to,mode,transit_days,capacity_t_per_day,cost_per_t\nab,a,b,road,1,2,1\nboat,a,b,sea,2,1,9\n' > road/lanes.csv
$ printf 'site,item,partner,quantity\na,fuel,blue,50\n' > road/stocks.csv
$ printf 'demand,site,item,partner,from_day,to_day,per_day,priority\nneed,b,fuel,blue,1,,2,1\n' > road/demands.csv
$ printf 'contingency,from_day,to_day,what,which,effect,amount,chance\ncut,3,,lane,ab,close,,1\n' > road/contingencies.csv
$ mainstay rehearse road --sample 2 --every 2 --warning 1
road: 2 samples played day by day, a review every 2 days, a warning of 1 day
Planning again saves 2 weighted tonnes a sample; the warning saves 2 more; to
know all from the start saves 0 more.

WHAT FALLS SHORT  mean of the samples
planned        weighs t  short t  late t days  urgent t  worst t  plans each
────────────────────────────────────────────────────────────────────────────
never again           8        8            0         8        8           0
again                 6        6            0         6        6           1
again, warned         4        4            0         4        4           1
foresight             4        4            0         4        4           1
weighs: shortfall in weighted tonnes; worst: of the worst sample. urgent: of the
most urgent priority. never again: the first plan is carried out as far as the
world lets it.
$ mainstay rehearse road --sample 2 --every 2 --csv
sample,happened,planned,weighted_t,short_t,urgent_t,plans
0,cut,never,8,8,8,0
0,cut,again,6,6,6,1
0,cut,foresight,4,4,4,1
1,cut,never,8,8,8,0
1,cut,again,6,6,6,1
1,cut,foresight,4,4,4,1
$ mainstay rehearse road --sample 2 --json | jq -c '[.value_of_planning_again, .value_of_foresight, .sets]'
[3,1,1]
$ mainstay rehearse road --every 1.5
mainstay: reviews every 1.5 days: a plan is taken up on a whole day on which a period begins: day 1 or 2, not 1.5
mainstay: see `mainstay help rehearse`
[exit 2]
$ mainstay rehearse examples/tiny
mainstay: no contingency of the case has a chance; contingencies.csv gives them
mainstay: see `mainstay help rehearse`
[exit 2]
# The same bytes on any number of threads, in parts, and again from a checkpoint.
$ sed -i 's/,1$/,0.5/' road/contingencies.csv
$ mainstay rehearse road --sample 9 --json -q --threads 1 > one.json
$ mainstay rehearse road --sample 9 --json -q --threads 3 --checkpoint kept > three.json
$ mainstay rehearse road --sample 9 --json -q --checkpoint kept > again.json
$ mainstay rehearse road --sample 9 -q --shard 1/2 --checkpoint a
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay rehearse road --sample 9 -q --shard 2/2 --checkpoint b
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay merge road a b --json -q > merged.json
$ cmp one.json three.json && cmp one.json again.json && cmp one.json merged.json
$ mainstay rehearse road --sample 8 --checkpoint kept
mainstay: kept:1:1: was begun for another case, with other options or by another version
[exit 1]
$ sed 's/\[1,5,0\]/[16,5,0]/' kept | sort > bad; mainstay merge road bad
mainstay: bad:3:1: what was played is not such a list
[exit 1]
