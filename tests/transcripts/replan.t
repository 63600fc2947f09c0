# A plan taken up again in the middle. The bridge to the island is cut on day 2 of 6; a ferry, dearer, is left.
$ mkdir ferry
$ printf '{"name": "ferry", "start": "2030-06-01", "days": 6, "currency": "USD"}' > ferry/case.json
$ printf 'partner\nblue\ngreen\n' > ferry/partners.csv
$ printf 'site,partner,kind\ndepot,,depot\nisland,,unit\n' > ferry/sites.csv
$ printf 'item,class,unit,kg_per_unit\nwater,water,t,1000\n' > ferry/items.csv
$ printf 'lane,from,to,mode,transit_days,capacity_t_per_day,cost_per_t\nbridge,depot,island,road,1,10,1\nferry,depot,island,sea,1,6,9\n' > ferry/lanes.csv
$ printf 'site,item,partner,quantity\ndepot,water,blue,100\n' > ferry/stocks.csv
$ printf 'demand,site,item,partner,from_day,to_day,per_day,priority\ncamp,island,water,blue,1,,8,1\n' > ferry/demands.csv
$ printf 'contingency,name,from_day,to_day,what,which,effect,amount\ncut,Bridge cut,2,,lane,bridge,close,\nstorm,Storm,2,,lane,bridge,close,\nstorm,,2,,lane,ferry,scale,0.1\n' > ferry/contingencies.csv
$ mainstay plan ferry -q > story
$ mainstay replan ferry.plan --at 2 --contingency cut
ferry, taken up on day 2 (03 Jun) with cut

If the old orders stand, 20 t fall short from then on; with the new plan 2 t.
Of the 20 t that were still to leave, 0 t (0.0 %) leave as ordered. Proven: no
plan from that day on is better.

WHAT FALLS SHORT  from that day on; planned: had nothing happened
priority  as planned  orders stand  new plan  saved  late: stand  late: new
                   t             t         t      t       t days     t days
───────────────────────────────────────────────────────────────────────────
       1           0            20         2     18            0          0

ORDERS TO CHANGE  the first date on which there is something to do first
do      leaves      t  what   lane
───────────────────────────────────────────────────────────────
cancel  03 Jun      2  water  bridge
                       blue
divert  03 Jun     12  water  bridge
        to 04 Jun      blue   → ferry
divert  03 Jun      2  water  bridge
                       blue   → ferry, on 05 Jun (2 days later)
divert  04 Jun      4  water  bridge
                       blue   → ferry, on 05 Jun (1 day later)

NEXT
The new plan is in ferry-day2.plan, with its own case, which begins on that day.
  mainstay check ferry-day2.plan
  mainstay explain ferry-day2.plan
$ mainstay check ferry-day2.plan
case       ferry, from 2030-06-03
rows       4 movements, 4 issues, 8 stock levels,
           1 shortfalls, 0 orders, 10 prices
over       4 periods, 1 layers, 2 sites, 2 lanes
objective             3.80905 recomputed            3.80905 claimed
bound                 3.80905 recomputed            3.80905 claimed
gap                    0.0000 % proven
all of C1 to C10 hold

ferry-day2.plan: no errors
$ mainstay replan ferry.plan --at 2 --contingency cut --csv -o x.plan
change,item,owner,quantity,unit,tonnes,lane,depart_day,depart_date,new_lane,new_depart_day,new_depart_date
cancel,water,blue,2,t,2,bridge,2,2030-06-03,,,
divert,water,blue,6,t,6,bridge,2,2030-06-03,ferry,2,2030-06-03
divert,water,blue,2,t,2,bridge,2,2030-06-03,ferry,4,2030-06-05
divert,water,blue,6,t,6,bridge,3,2030-06-04,ferry,3,2030-06-04
divert,water,blue,4,t,4,bridge,3,2030-06-04,ferry,4,2030-06-05
$ mainstay replan ferry.plan --at 2 --contingency cut --json -o x.plan
{
  "case": "ferry",
  "at_day": 2,
  "at_date": "2030-06-03",
  "contingencies": [
    "cut"
  ],
  "plan": "x.plan",
  "objective": 3.80905,
  "bound": 3.8090499999393406,
  "gap": 1.5925093511781047e-11,
  "objective_unchanged": 20.0081,
  "ordered_t": 20,
  "kept_t": 0,
  "short": [
    {
      "priority": 1,
      "before_t": 0,
      "unchanged_t": 20,
      "new_t": 2,
      "saved_t": 18,
      "before_late_t_days": 0,
      "unchanged_late_t_days": 0,
      "new_late_t_days": 0
    }
  ],
  "changes": [
    {
      "change": "cancel",
      "item": "water",
      "owner": "blue",
      "quantity": 2,
      "unit": "t",
      "tonnes": 2,
      "lane": "bridge",
      "depart_day": 2,
      "depart_date": "2030-06-03",
      "new_lane": null,
      "new_depart_day": null,
      "new_depart_date": null
    },
    {
      "change": "divert",
      "item": "water",
      "owner": "blue",
      "quantity": 6,
      "unit": "t",
      "tonnes": 6,
      "lane": "bridge",
      "depart_day": 2,
      "depart_date": "2030-06-03",
      "new_lane": "ferry",
      "new_depart_day": 2,
      "new_depart_date": "2030-06-03"
    },
    {
      "change": "divert",
      "item": "water",
      "owner": "blue",
      "quantity": 2,
      "unit": "t",
      "tonnes": 2,
      "lane": "bridge",
      "depart_day": 2,
      "depart_date": "2030-06-03",
      "new_lane": "ferry",
      "new_depart_day": 4,
      "new_depart_date": "2030-06-05"
    },
    {
      "change": "divert",
      "item": "water",
      "owner": "blue",
      "quantity": 6,
      "unit": "t",
      "tonnes": 6,
      "lane": "bridge",
      "depart_day": 3,
      "depart_date": "2030-06-04",
      "new_lane": "ferry",
      "new_depart_day": 3,
      "new_depart_date": "2030-06-04"
    },
    {
      "change": "divert",
      "item": "water",
      "owner": "blue",
      "quantity": 4,
      "unit": "t",
      "tonnes": 4,
      "lane": "bridge",
      "depart_day": 3,
      "depart_date": "2030-06-04",
      "new_lane": "ferry",
      "new_depart_day": 4,
      "new_depart_date": "2030-06-05"
    }
  ]
}
$ cat ferry-day2.plan/case/commitments.csv
lane,item,partner,depart_day,quantity
bridge,water,blue,-1,10
$ mainstay replan ferry.plan
mainstay: --at DAY is needed: the day from which on to plan anew
mainstay: see `mainstay help replan`
[exit 2]
$ mainstay replan ferry.plan --at 2.5
mainstay: a plan is taken up on a whole day on which a period begins: day 2 or 3, not 2.5
mainstay: see `mainstay help replan`
[exit 2]
$ mainstay replan ferry.plan --at 2 --contingency cup
mainstay: there is no contingency "cup"; did you mean "cut"?
mainstay: see `mainstay help replan`
[exit 2]
$ mainstay replan ferry --at 2
mainstay: ferry is a case, not a plan; `mainstay plan ferry` makes a plan of it
[exit 1]
# Why a storm hurts that stops the bridge and most of the ferry, too: what lies ahead of it goes before it comes.
$ mainstay explain ferry.plan --contingency storm
ferry with storm: shortfall 0 t weighted before, 6.2 t with it.

WHERE THE FLOW GOES INSTEAD  tonnes more or less than in the plan
More through sea lane depot → island 13.8 t, full in 5 periods from day 0 to 4
  (01 Jun to 05 Jun).
Less through road lane depot → island 20 t.
Less through depot 6.2 t; island 6.2 t.

WHY MORE FALLS SHORT  beyond the plan; worst first
1. water for blue at island, priority 1: 6.2 t short (6.2 t) on day 5 (06 Jun)
   because road lane depot → island is closed on day 4 (05 Jun)
   One tonne a day more on the road lane depot → island on day 4 (05 Jun) saves
     1 t of priority 1 (verified).
$ mainstay explain ferry.plan --contingency storm --json | jq -c '.shifts[] | [.lane, .site, .before_t, .after_t, .full_periods]'
["bridge",null,40,20,2]
["ferry",null,0,13.8,5]
[null,"depot",40,33.8,0]
[null,"island",40,33.8,0]
$ mainstay explain ferry.plan --contingency cap
mainstay: there is no contingency "cap"; see contingencies.csv
mainstay: see `mainstay help explain`
[exit 2]
