# The smallest example, with contingencies that may happen.
$ cp -rL examples/tiny tiny && cat > tiny/contingencies.csv <<'END'
> contingency,name,from_day,to_day,what,which,effect,amount,chance
> strike,Drivers on strike,1,3,mode,road,close,,0.3
> rain,Roads under water,0,2,mode,road,scale,0.5,0.4
> END
$ cat > tiny/variations.csv <<'END'
> contingency,vary,least,likely,most
> strike,duration,0.5,1,2
> rain,amount,0.5,,1.5
> END
$ mainstay check tiny
tiny
2030-06-01 to 2030-06-04, 4 days in periods of 24 h, each priority 10 times the
next.
2 partners, 4 sites, 2 items, 2 stocks, 3 demands, 3 lanes, 1 fleets, 2
agreements, 2 contingencies, 2 variations

PARTNERS  tonnes over the whole span
partner  name           sites  lanes  fleets  wanted  on hand  due in
                                                   t        t       t
─────────────────────────────────────────────────────────────────────
blue     Blue brigade       1      1       1      30        7       0
green    Green brigade      2      2       0      12       40       0
nobody   open to all        1      0       0       0        0       0

WANTED AND HELD  all partners;  █ on hand   ▓ due in   ░ to be found
             wanted t  on hand t  due in t  on hand days  of what is wanted
──────────────────────────────────────────────────────────────────────────────
all classes        42         47         0          4.48  ████████████████████
  class I           6          7         0          4.67  ████████████████████
  class III        36         40         0          4.44  ████████████████████

CONTINGENCIES  what may go wrong; plan with --contingency ID
contingency  name               events  from day  chance %
──────────────────────────────────────────────────────────
strike       Drivers on strike       1         1      30.0
rain         Roads under water       1         0      40.0

tiny: no errors
$ mainstay stress tiny --sample 300 --seed 4 --svg sample.svg
tiny
300 scenarios of seed 4. Scenarios that are alike are solved once; each is
proven within 1 % of its best plan.

SHORTFALL  tonnes that are never met
              base  mean     ±  50 %  95 %  worst  CVaR     ±
─────────────────────────────────────────────────────────────
everyone         4  9.53  0.91     4  28.0   32.8  30.5  1.44
  priority 1     4  8.36  0.68     4  21.0   23.4  22.3  0.72
  priority 2     0  1.17  0.25     0   7.0    9.4   8.3  0.72
─────────────────────────────────────────────────────────────
blue             4  8.36  0.68     4  21.0   23.4  22.3  0.72
  priority 1     4  8.36  0.68     4  21.0   23.4  22.3  0.72
─────────────────────────────────────────────────────────────
green            0  1.17  0.25     0   7.0    9.4   8.3  0.72
  priority 2     0  1.17  0.25     0   7.0    9.4   8.3  0.72
CVaR is the mean of the worst 5 %; ± is half of an interval of 95 %; --csv and
--json have more quantiles, and tonne-days that are late.

WHAT EXPLAINS THE WORST  16 scenarios that add the most weighted tonnes
        chance %  drawn  of the worst %  times as often  adds with it  without
──────────────────────────────────────────────────────────────────────────────
strike      30.0     83             100            3.61         135.2      9.5
rain        40.0    111             100            2.70          68.2     30.2

DEMANDS THAT FAIL  short by more than 1 %, and not in the base plan
                          priority  fails in %  from %  to %  then short t
──────────────────────────────────────────────────────────────────────────
rations for blue at camp         1        25.3    20.7  30.5          2.00
diesel for green at hill         2        33.3    28.2  38.8          3.50
$ xmllint --noout sample.svg && head -c 60 sample.svg
<svg xmlns="http://www.w3.org/2000/svg" width="960" height="
# The same for any number of threads, and from a checkpoint whose last line is torn.
$ mainstay stress tiny --sample 300 --seed 4 --json --threads 1 > one.json
$ mainstay stress tiny --sample 300 --seed 4 --json --threads 4 --checkpoint run.jsonl > many.json; cmp one.json many.json
$ head -c 2000 run.jsonl > torn.jsonl; mainstay stress tiny --sample 300 --seed 4 --json --checkpoint torn.jsonl | cmp - one.json
$ jq -c '[.scenarios, .stopped, .partial, .contingencies[0].contingency, (.shortfall | length)]' one.json
[300,false,false,"strike",14]
# Parts, computed apart, and joined.
$ mainstay stress tiny --sample 300 --seed 4 --shard 1/2 --checkpoint a.jsonl
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay stress tiny --sample 300 --seed 4 --shard 2/2 --checkpoint b.jsonl
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay merge tiny a.jsonl b.jsonl --json | cmp - one.json
$ mainstay merge tiny b.jsonl
mainstay: 58 of 115 results are missing, the first of them number 0
[exit 1]
$ mainstay stress tiny --sample 300 --seed 5 --checkpoint a.jsonl
mainstay: a.jsonl:1:1: was begun for another case, with other options or by another version
[exit 1]
# No more than are needed.
$ mainstay stress tiny --sample 100000 --precision 0.1 | head -3
tiny
800 scenarios of seed 1, of 100,000 asked for: they are enough for the precision
asked for. Scenarios that are alike are solved once; each is proven within 1 %
$ mainstay stress tiny --sample 300 --csv | head -3
partner,priority,measure,base,mean,mean_half_width_95,quantile_5,quantile_25,quantile_50,quantile_75,quantile_95,worst,cvar_95,cvar_half_width_95
*,,short_t,4,9.000696,0.857505,4,4,4,13.48285,25.72184,32.806004,29.449776,2.098473
*,,late_t_days,0,0,0,0,0,0,0,0,0,0,0
# What does not fit together.
$ mainstay stress tiny --sample 0
mainstay: --sample: 0 is out of range; from 1 to 1000000
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress tiny --sample 10 --shard 3/2 --checkpoint c.jsonl
mainstay: --shard 3/2: which part of how many, such as 2/8
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress tiny --sample 10 --shard 1/2
mainstay: --shard needs --checkpoint FILE, which mainstay merge reads
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay merge tiny
mainstay: merge needs PART: mainstay merge CASE PART...
mainstay: see `mainstay help merge`
[exit 2]
$ mainstay merge tiny tiny/lanes.csv
mainstay: tiny/lanes.csv:1:1: is no checkpoint of mainstay 0.1.0
[exit 1]
$ mainstay stress examples/tiny --sample 10
mainstay: no contingency of the case has a chance: there is nothing to draw
mainstay: see `mainstay help stress`
[exit 2]
# A variation that is none.
$ echo strike,amount,2,3,1 >> tiny/variations.csv; echo floods,start,0,,1 >> tiny/variations.csv; mainstay check tiny
tiny/variations.csv:4:19: error: the most is less than the least; swap them
tiny/variations.csv:5:1: error: there is no contingency "floods"; add it to contingencies.csv, or correct it here
tiny: 2 errors
[exit 1]
