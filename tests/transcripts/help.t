# Help begins with examples, and stays within 80 columns.
$ mainstay --help
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay help | diff - <(mainstay -h)
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
$ mainstay help plan
bash: line 1: /work/main/build/mainstay: Permission denied
[exit 126]
$ mainstay help plan | diff - <(mainstay plan --help)
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
$ mainstay plan --help --nonsense | head -n 1
bash: line 1: /work/main/build/mainstay: Permission denied
$ for verb in init check plan posture explain compare map gen help; do mainstay help $verb; done | awk 'length > 80'
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
bash: line 1: /work/main/build/mainstay: Permission denied
$ for verb in init check plan posture explain compare map gen help; do mainstay help $verb | head -n 1; done | uniq -c
      9 Examples
$ mainstay help posture
Examples
  mainstay posture pacific                            # if nothing moves
  mainstay posture pacific.plan --by class            # class by class
  mainstay posture pacific.plan --map                 # heat map, sites by days
  mainstay posture pacific --site 'guam*' --item III  # fuel on Guam
  mainstay posture pacific --csv > posture.csv        # for a spreadsheet

Usage
  mainstay posture CASE|PLAN [options]

  CASE|PLAN  the folder of a case or of a plan

Options
      --by item|class     what a row stands for [item]
      --partner ID        one partner's stock against its own demand [all,
                          combined]
      --site ID           only these sites; * and ? stand for letters [all]
      --item ID           only these items, or a class; * and ? stand for
                          letters [all]
      --target DAYS       green from here on, where no reserve says otherwise
                          [7]
      --map               a heat map, sites by days, instead of the table
      --json              write JSON, for programs
      --csv               write CSV, for spreadsheets
      --color auto|always|never
                          colours; auto: on a terminal, unless NO_COLOR is set
                          [auto]
      --width COLUMNS     columns to write text in [the terminal's, or 80]
  -q, --quiet             no progress and no notes on standard error
  -h, --help              explain this verb

What it does
  For each site and item: what is on hand, for how many days of the coming
  demand it lasts, and the first day short. Green: the reserve is there or,
  where none is set, the target; amber: half of it; red: less, or short.

  Of a case: what stock, supply and what is under way give if nothing else
  moves. Of a plan: what the plan makes of it.
$ mainstay help check
Examples
  mainstay check pacific
  mainstay check pacific pacific.plan  # the plan, against the case
  mainstay check pacific.plan          # against its own copy of the case
  mainstay check pacific --csv         # the findings as a table

Usage
  mainstay check CASE [PLAN]

  CASE  the case's folder; or a plan's, to check the plan alone
  PLAN  a plan of it

Options
      --json              write JSON, for programs
      --csv               write CSV, for spreadsheets
      --color auto|always|never
                          colours; auto: on a terminal, unless NO_COLOR is set
                          [auto]
      --width COLUMNS     columns to write text in [the terminal's, or 80]
  -q, --quiet             no progress and no notes on standard error
  -h, --help              explain this verb

What it does
  Reads the whole case and prints every error and warning as `file:line:column:
  error: what is wrong`, then what the case holds. Nothing is changed. An error
  makes the exit status 1; a warning marks what is odd but usable.

  With PLAN it also checks the plan against the case, as a stranger would: from
  the files alone, and with nothing of the code that made the plan. It
  recomputes every constraint of the model, C1 to C10, the objective, and
  whether the bound is proven. A plan on its own is checked against the copy of
  the case that it carries.
$ mainstay help init | head -n 8
Examples
  mainstay init try --example tiny  # 4 sites, solved by hand
  mainstay init mine                # empty files to fill in

Usage
  mainstay init DIR [--example NAME]

  DIR  the folder to make

# The format of a case, as Markdown.
$ mainstay help format | grep '^#' | head -n 4
{{#}} The case format
{{#}}# What holds for every file
{{#}}# case.json
{{#}}# partners.csv

# Without colour unless asked on a terminal.
$ mainstay --help | grep -c "$(printf '\033')"
0
[exit 1]
