# What hurts most: single failures, pairs, the worst set, on the smallest example.
$ mainstay stress examples/tiny --each site,lane,fleet,partner -q
tiny
10 failures, each closed from day 0 to the end. 0 are harmless: the base plan
does not use them then, so it stands. 10 were solved, within 1.0 %.

WORST FIRST  over the base plan's 43
closed                  added  at most  survives  first dry       P1       P2
                   weighted t               days             t short  t short
─────────────────────────────────────────────────────────────────────────────
site camp               257.4    257.4         1  camp            26        0
partner blue            257.4    257.4         1  camp            26        0
site depot              209.4    209.4         1  camp            20       12
partner green           209.4    209.4         1  camp            20       12
lane depot-camp         197.8    197.8         1  camp            20        0
site harbour             59.6     59.6         1  camp             6        0
lane harbour-camp        59.6     59.6         1  camp             6        0
fleet blue-trucks        59.6     59.6         1  camp             6        0
site hill                11.6     11.6         1  hill             0       12
lane depot-hill          11.6     11.6         1  hill             0       12
$ mainstay stress examples/tiny --each fleet,partner --from 1 --for 1.5 --csv -q
failure,what,which,added,added_least,added_most,added_apart,survive_days,first_short_day,recovery_day,first_dry_site,first_dry_item,late_t_days,chance,exposure,proof,short_p1_t,short_p2_t
partner blue,partner,blue,158.412883,158.412883,158.412883,,0,1,,camp,diesel,0,,105.608589,exact,16,0
partner green,partner,green,126.412733,126.412733,126.412733,,0,1,,camp,diesel,0,,84.275156,exact,12,8
fleet blue-trucks,fleet,blue-trucks,39.733183,39.733183,39.733183,,0,1,3,camp,rations,0,,26.488789,exact,4,0
$ mainstay stress examples/tiny --pairs --each site,lane --most 2 -q
tiny
7 failures that can happen alone or together, all closed from day 0 to the end.
0 are harmless: the base plan does not use them then, so it stands. 7 were
solved, within 1.0 %.
No other of the 21 pairs adds more than 269. To know that, 5 sets were solved
besides the single failures.

WORST FIRST  over the base plan's 43
closed           added  at most  alone  survives  first dry       P1       P2
            weighted t                      days             t short  t short
─────────────────────────────────────────────────────────────────────────────
site camp        269.0    269.0  257.4         1  camp            26       12
site depot                       209.4
─────────────────────────────────────────────────────────────────────────────
site camp        269.0    269.0  257.4         1  camp            26       12
site hill                         11.6
$ mainstay stress examples/tiny --worst 2 --each lane,fleet --json -q | jq -c '{mode, failures, harmless, solved, stopped, partial, n: (.rows | length)}'
{"mode":"worst","failures":4,"harmless":0,"solved":4,"stopped":false,"partial":false,"n":1}
# The same bytes on any number of threads, in parts, and again from a checkpoint.
$ mainstay stress examples/tiny --each site,lane --json -q --threads 1 > one.json
$ mainstay stress examples/tiny --each site,lane --json -q --threads 2 --checkpoint kept > two.json
$ mainstay stress examples/tiny --each site,lane --json -q --checkpoint kept > again.json
$ mainstay stress examples/tiny --each site,lane -q --shard 1/2 --checkpoint a
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay stress examples/tiny --each site,lane -q --shard 2/2 --checkpoint b
mainstay: this part is done; `mainstay merge` joins the parts
$ mainstay merge examples/tiny a b --json -q > merged.json
$ cmp one.json two.json && cmp one.json again.json && cmp one.json merged.json
$ mainstay stress examples/tiny --pairs --each site,lane --json -q --threads 1 > one.json
$ mainstay stress examples/tiny --pairs --each site,lane --json -q --threads 3 > three.json; cmp one.json three.json
# A chart.
$ mainstay stress examples/tiny --each site --svg worst.svg -q > told.txt; grep -c '<rect' worst.svg
5
# What goes wrong.
$ mainstay stress examples/tiny
mainstay: the case has no contingencies; contingencies.csv names them
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress examples/tiny --each cites
mainstay: "cites" cannot fail by itself; did you mean "site"?
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress examples/tiny --each site --from 9
mainstay: nothing can close from that day on: the case has days 0 to 4
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress examples/tiny --pairs --worst 2
mainstay: --pairs and --worst are two questions; ask one at a time
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress examples/tiny --pairs --shard 1/2 --checkpoint c
mainstay: --shard parts what can be parted: --each and --sample
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress examples/tiny --worst 17
mainstay: --worst: 17 is out of range; from 2 to 16
mainstay: see `mainstay help stress`
[exit 2]
$ mainstay stress examples/tiny --each lane --checkpoint kept
mainstay: kept:1:1: was begun for another case, with other options or by another version
[exit 1]
