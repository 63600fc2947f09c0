# Man pages and completions come from the same table as the help.
$ mainstay help --man man
$ ls man
mainstay-book-export.1
mainstay-book-import.1
mainstay-book-init.1
mainstay-book-key.1
mainstay-book-log.1
mainstay-book-rebuild.1
mainstay-book-show.1
mainstay-book-sql.1
mainstay-book-verify.1
mainstay-book.1
mainstay-check.1
mainstay-compare.1
mainstay-exchange-aliases.1
mainstay-exchange-diff.1
mainstay-exchange-fetch.1
mainstay-exchange-init.1
mainstay-exchange-make.1
mainstay-exchange-partners.1
mainstay-exchange-preview.1
mainstay-exchange-refused.1
mainstay-exchange-rules.1
mainstay-exchange-send.1
mainstay-exchange-status.1
mainstay-exchange-take.1
mainstay-exchange-trust.1
mainstay-exchange.1
mainstay-explain.1
mainstay-gen.1
mainstay-help.1
mainstay-init.1
mainstay-ledger-accept.1
mainstay-ledger-balance.1
mainstay-ledger-cancel.1
mainstay-ledger-decline.1
mainstay-ledger-dispute.1
mainstay-ledger-issue.1
mainstay-ledger-offer.1
mainstay-ledger-overdue.1
mainstay-ledger-propose.1
mainstay-ledger-receive.1
mainstay-ledger-request.1
mainstay-ledger-settle.1
mainstay-ledger-statement.1
mainstay-ledger-status.1
mainstay-ledger.1
mainstay-map.1
mainstay-merge.1
mainstay-plan.1
mainstay-posture.1
mainstay-rehearse.1
mainstay-replan.1
mainstay-report.1
mainstay-serve.1
mainstay-stress.1
mainstay.1
$ if command -v mandoc >/dev/null; then mandoc -T lint -W warning man/*.1; fi
$ grep -A 1 '^.Nm' man/mainstay-plan.1
.Nm mainstay-plan
.Nd plan a case, write the plan, tell its story
--
.Nm mainstay
.Cm "plan" Ar "CASE [\-o PLAN] [options]"
$ mainstay help --man man/mainstay.1/x
mainstay: man/mainstay.1/x: Not a directory
[exit 1]
$ mainstay help --completion bash > c.bash && bash -n c.bash
$ cat > ask.bash <<'END'
> . ./c.bash
> COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
> _mainstay
> echo "${COMPREPLY[@]}"
> END
$ bash ask.bash mainstay p
plan posture
$ bash ask.bash mainstay plan --e
--engine
$ bash ask.bash mainstay plan --engine ''
auto primal-dual lp greedy
$ bash ask.bash mainstay plan --engine = g
greedy
$ mkdir 'two words' && bash ask.bash mainstay plan t
two words
$ bash ask.bash mainstay plan --gap ''
$ bash ask.bash mainstay help f
format
$ bash ask.bash mainstay frobnicate ''
$ mainstay help --completion zsh | head -n 2
{{#}}compdef mainstay
{{#}} Completions of mainstay for zsh; written by `mainstay help --completion zsh`.
$ mainstay help --completion fish | grep '^complete -c mainstay.* -l target'
complete -c mainstay -n '__fish_seen_subcommand_from posture' -l target -d 'green from here on, where no reserve says otherwise' -x
$ mainstay help --completion tcsh
mainstay: --completion: there is no "tcsh"; it is one of bash|zsh|fish
mainstay: see `mainstay help`
[exit 2]
$ mainstay help --docs docs && ls docs
api.md
case-format.md
commands.md
ledger.md
plan-format.md
