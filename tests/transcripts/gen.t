# The same options give the same case; another seed another one.
$ mainstay gen one --size S
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay gen two --size S --quiet && diff -r one two
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay gen three --size S --seed 2 -q && diff -q one three | wc -l
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay check one --quiet | tail -n 1
bash: line 1: /work/main/build/mainstay: Permission denied
$ mainstay gen four --sites 20 --lanes 80 --items 3 --days 10 --partners 3
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay gen five --sites 5
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay gen five --size XXL
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay gen one
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
