# Why a need falls short, and what would help, proven by planning again.
$ mainstay plan examples/tiny -q > /dev/null
$ mainstay explain tiny.plan

WHY NEEDS FALL SHORT  worst first
1. diesel for blue at camp, priority 1: 4 t short (5 m3) on day 3 (04 Jun)
   because agreement diesel-loan reaches its limit of 20 t
   4 t more under agreement diesel-loan saves 4 t of priority 1 (verified).
$ mainstay explain tiny.plan 'camp-*' --no-verify

WHY NEEDS FALL SHORT  worst first
1. diesel for blue at camp, priority 1: 4 t short (5 m3) on day 3 (04 Jun)
   because agreement diesel-loan reaches its limit of 20 t
$ mainstay explain tiny.plan hill-diesel
Nothing that matches hill-diesel falls short.
$ mainstay explain tiny.plan --most 1 --csv
number,kind,demand,site,item,partner,priority,from_day,to_day,quantity,unit,tonnes,cause,limit,cause_from_day,cause_to_day,share,verified,eased_t,saved_t,saved_priority
1,demand,camp-diesel,camp,diesel,blue,1,3,4,5,m3,4,agreement,diesel-loan,3,4,1,yes,4,4,1
$ mainstay explain tiny.plan --json | jq -e type
"object"
$ mainstay explain examples/tiny
mainstay: examples/tiny is a case, not a plan; `mainstay plan examples/tiny` makes a plan of it
[exit 1]
$ mainstay explain nowhere
mainstay: nowhere is not a plan: it has no summary.json; `mainstay plan CASE -o PLAN` makes one
[exit 1]
