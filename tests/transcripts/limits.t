# slow
# Long work that is stopped keeps the best plan so far, says how good it is, and exits with 3.
$ mainstay gen big --size M -q
$ mainstay plan big -q --engine lp --no-alone --time-limit 2 --json > limited.json
[exit 3]
$ jq .stopped limited.json
true
$ mainstay check big.plan -q | tail -n 1
big.plan: no errors

# A signal does the same.
$ mainstay plan big -q --engine lp -o stopped.plan > story & sleep 3; kill -TERM $!; wait $!
mainstay: stopping; the best answer so far is kept. Once more ends it at once
[exit 3]
$ mainstay check stopped.plan | tail -n 1
stopped.plan: no errors
$ grep -c Stopped story
1
$ ls
big
big.plan
examples
limited.json
stopped.plan
story
