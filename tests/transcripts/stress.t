# What each contingency of a case would cost, worst first. Relief's own are in its README.
$ mkdir ferry
$ printf '{"name": "ferry", "start": "2030-06-01", "days": 8, "currency": "USD"}' > ferry/case.json
$ printf 'partner\nblue\ngreen\n' > ferry/partners.csv
$ printf 'site,partner,kind\ndepot,,depot\nisland,,unit\n' > ferry/sites.csv
$ printf 'item,class,unit,kg_per_unit\nwater,water,t,1000\n' > ferry/items.csv
$ printf 'lane,from,to,mode,transit_days,capacity_t_per_day,cost_per_t\nbridge,depot,island,road,1,8,1\nferry,depot,island,sea,1,3,9\n' > ferry/lanes.csv
$ printf 'site,item,partner,quantity\ndepot,water,blue,100\nisland,water,blue,12\n' > ferry/stocks.csv
$ printf 'demand,site,item,partner,from_day,to_day,per_day,priority\ncamp,island,water,blue,0,,8,1\nvillage,island,water,,2,,1,2\n' > ferry/demands.csv
$ mainstay stress ferry
mainstay: the case has no contingencies; contingencies.csv names them
mainstay: see `mainstay help stress`
[exit 2]
$ printf 'contingency,name,from_day,to_day,what,which,effect,amount\ncut,Bridge cut,2,5,lane,bridge,close,\nfire,Fire at the depot,4,,stock,depot,lose,0.9\n' > ferry/contingencies.csv
$ mainstay stress ferry --svg tornado.svg
ferry: 3 contingencies against the base plan

WHAT EACH ADDS  worst first
   contingency  weighs  urgent   all    late  short on  lasts  over on
                             t     t  t days  day       days   day
──────────────────────────────────────────────────────────────────────
1  cut + fire    174.6    16.8  22.8       0  3         1      end
2  cut            55.2     5.0   9.0       0  2         0      6
3  fire           30.8     2.4   8.4       0  4         0      end
weighs: what is added to the objective, weighted tonnes; each plan is proven the
best. urgent: of the most urgent priority. lasts: time to survive, from the
beginning of the contingency.

1. All of them together, from day 2 (03 Jun)
   16.8 t more of priority 1, 6 t more of priority 2 fall short. Of it: blue
   16.8 t, nobody 6 t. The first shortage comes on day 3 (04 Jun), 1 day after
   it begins: water at island; it lasts to the end. Alone it would cost blue
   16.8 t, green 0 t.
   More through sea lane depot → island 10 t, full in 4 periods from day 0 to 3
     (01 Jun to 04 Jun).
   Less through road lane depot → island 32.8 t.
   Less through depot 22.8 t; island 22.8 t.

2. Bridge cut, from day 2 (03 Jun)
   5 t more of priority 1, 4 t more of priority 2 fall short. Of it: blue 5 t,
   nobody 4 t. The first shortage comes on day 2 (03 Jun), at once: water at
   island; from day 6 (07 Jun) on no more falls short. Alone it would cost blue
   5 t, green 0 t.
   More through sea lane depot → island 15 t, full in 5 periods from day 0 to 4
     (01 Jun to 05 Jun).
   Less through road lane depot → island 24 t.
   Less through depot 9 t; island 9 t.

3. Fire at the depot, from day 4 (05 Jun)
   2.4 t more of priority 1, 6 t more of priority 2 fall short. Of it: blue
   2.4 t, nobody 6 t. The first shortage comes on day 4 (05 Jun), at once: water
   at island; it lasts to the end. Alone it would cost blue 2.4 t, green 0 t.
   More through sea lane depot → island 10 t, full in 4 periods from day 0 to 3
     (01 Jun to 04 Jun).
   Less through road lane depot → island 18.4 t.
   Less through depot 8.4 t; island 8.4 t.
$ grep -c '<svg' tornado.svg
1
$ mainstay stress ferry --together cut --csv
rank,contingency,partner,priority,added_t,added_late_t_days,alone_added_t,alone_added_late_t_days
1,cut,blue,1,5,0,5,0
1,cut,blue,2,0,0,0,0
1,cut,green,1,0,0,0,0
1,cut,green,2,0,0,0,0
1,cut,,1,0,0,,
1,cut,,2,4,0,,
$ mainstay stress ferry --json --no-alone | jq -c '.contingencies[] | [.contingency, .survive_days, .recovery_day, .dry_item, .dry_site]'
["cut + fire",1,null,"water","island"]
["cut",0,6,"water","island"]
["fire",0,null,"water","island"]
$ mainstay stress ferry --together cut,fir
mainstay: there is no contingency "fir"; did you mean "fire"?
mainstay: see `mainstay help stress`
[exit 2]
# The same bytes on any number of threads, in parts, and again from a checkpoint.
$ mainstay stress ferry --json -q --threads 1 > one.json
$ mainstay stress ferry --json -q --threads 3 --checkpoint kept > three.json
$ mainstay stress ferry --json -q --checkpoint kept > again.json
$ mainstay stress ferry -q --shard 1/2 --checkpoint a
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay stress ferry -q --shard 2/2 --checkpoint b
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay merge ferry a b --json -q > merged.json
$ cmp one.json three.json && cmp one.json again.json && cmp one.json merged.json
$ mainstay stress ferry --together fire,cut --no-alone -q --checkpoint two > told; mainstay merge ferry two -q | cmp - told
$ mainstay stress ferry --together fire -q --checkpoint two
mainstay: two:1:1: was begun for another case, with other options or by another version
[exit 1]
$ sed 's/"shifts":\[\[0,0/"shifts":[[0,9/' kept | sort > bad; mainstay merge ferry bad
mainstay: bad:2:1: "shifts" has one that is not of this case
[exit 1]
