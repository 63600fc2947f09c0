# docs/tutorial.md is itself a transcript: every command in its console blocks prints what stands there. (Only the time
# that planning took may differ.)
$ root=$(realpath examples)/..
> case $MAINSTAY in */build/mainstay) variant=release ;; *) variant=$(basename "$(dirname "$MAINSTAY")") ;; esac
> sed -n '/^```console$/,/^```$/{/^```/d;p}' "$root/docs/tutorial.md" |
>     sed 's/Planned in [0-9.]* s/Planned in {{[0-9.]+}} s/' > tutorial-blocks.t
> bash "$root/tests/transcript.sh" --variant $variant tutorial-blocks.t
FAIL  tutorial-blocks
  $ mainstay plan joint -o joint.plan
  --- wanted
  +++ found
  @@ -51,9 +51,9 @@
     borland-gates  entry of diesel  1,200  marn +1
   
  -WHO OWES WHOM  goods at their value, lift at the lane's cost
  +WHO OWES WHOM  goods at their value; lift and entry in tonnes
   owes             settled  goods t  lift t  entry t    worth       due after days
   ────────────────────────────────────────────────────────────────────────────────
  -arden → borland  cash         680     600    1,200   10,360  EUR              30
  -borland → arden  cash           0       0      680        0  EUR              30
  +arden → borland  cash         680     600    1,200    1,360  EUR              30
  +borland → arden  cash           0       0      680        -                   30
   borland → arden  in-kind      600       0        0  642,857  EUR              60
   
  $ mainstay explain joint.plan
  --- wanted
  +++ found
  @@ -4,3 +4,3 @@
      19 (23 May to 25 May)
      because all diesel that there is goes to needs at least as urgent
  -   148 t more of diesel saves 148 t of priority 1 (verified).
  +   10 t more of diesel saves 10 t of priority 1 (verified).
  $ mainstay check joint.plan
  --- wanted
  +++ found
  @@ -3,7 +3,7 @@
              0 shortfalls, 16 orders, 120 prices
   over       20 periods, 6 layers, 4 sites, 4 lanes
  -objective          153.386773 recomputed         153.386773 claimed
  -bound              153.386772 recomputed         153.386772 claimed
  -gap                  0.000001 % proven
  +objective         153.3867733 recomputed        153.3867733 claimed
  +bound             153.3867725 recomputed        153.3867725 claimed
  +gap                    0.0000 % proven
   all of C1 to C10 hold
   
0 passed, 1 failed
[exit 1]
