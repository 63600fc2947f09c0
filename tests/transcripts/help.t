# Help begins with examples, and stays within 80 columns.
$ mainstay --help
Examples
  mainstay init try --example tiny  # a small case to begin with
  mainstay check try                # is it right?
  mainstay plan try                 # plan it, into try.plan
  mainstay posture try.plan         # where does it run out first?
  mainstay explain try.plan         # why does anything fall short?

Usage
  mainstay VERB [options]

Verbs
  init      start a case: a copy of an example, or an empty one
  check     say everything that is wrong with a case, or with a plan
  plan      plan a case, write the plan, tell its story
  posture   days of supply: where, of what, and where it runs out first
  explain   why a need falls short, and what would help
  replan    plan anew in the middle of a plan, and say which orders change
  stress    what contingencies would cost: each, by chance, or the worst
  rehearse  play the days one by one: what planning again, and warning, are
            worth
  compare   what differs between two plans
  merge     join the parts of a stress that were computed apart
  map       draw a case, or the flows of a plan, as an SVG picture
  report    brief a commander: one page, or a workbook
  serve     open the pages and the API on this machine
  gen       write a made-up case for trials and benchmarks
  book      a partner's own store: a signed log, and a case in it
  ledger    account of what crosses between partners: orders, step by step
  exchange  releases between partners: numbered, signed, sealed
  help      explain a verb, or the format of a case

More
  mainstay help VERB    what a verb does, with examples and options
  mainstay help format  the files of a case, column by column
  mainstay --version    which version this is

Exit status
  0  done
  1  bad input, or a file that cannot be read or written
  2  usage: no such verb or option, or a value that does not fit
  3  stopped at a limit or by an interrupt, with a usable answer
  4  internal: a mistake in the program, or memory is short
$ mainstay help | diff - <(mainstay -h)
$ mainstay help plan
Examples
  mainstay plan pacific                        # into pacific.plan
  mainstay plan pacific -o monday.plan         # into monday.plan
  mainstay plan pacific --contingency typhoon  # with the typhoon
  mainstay plan pacific --time-limit 10        # the best within ten seconds
  mainstay plan pacific --json                 # the summary for a program

Usage
  mainstay plan CASE [-o PLAN] [options]

  CASE  the case's folder

Options
  -o, --output PLAN       folder to write [CASE's name with .plan, here]
      --engine auto|primal-dual|lp|greedy
                          how to solve; auto: primal-dual, and lp to finish a
                          small case where that comes to a stand [auto]
      --gap G             stop when proven within this share of the best [1e-4]
      --time-limit SECONDS
                          stop after this long, with the best so far [none]
      --no-alone          do not plan each partner alone as well
      --contingency ID,ID
                          plan with these contingencies of the case in force
                          [none]
      --threads N         the plan is the same for any number [one a processor]
      --simd auto|plain|avx2|avx512
                          likewise, for tests of that [auto]
      --trace FILE.csv    write each better plan and bound with its time [none]
      --keep              keep the plan in the book, so that anybody can make
                          it again
      --again ENTRY       make the plan again that this entry of the book keeps
      --as-of ENTRY       plan the book as it was after this entry [the last]
      --write-lp FILE.mps
                          also write the linear program, as free MPS [none]
      --json              write JSON, for programs
      --csv               write CSV, for spreadsheets
      --color auto|always|never
                          colours; auto: on a terminal, unless NO_COLOR is set
                          [auto]
      --width COLUMNS     columns to write text in [the terminal's, or 80]
  -q, --quiet             no progress and no notes on standard error
      --passphrase-file FILE
                          its first line is the passphrase of the key; else it
                          is asked for on the terminal
  -h, --help              explain this verb

What it does
  Finds who ships what, on whose lift, over which places, on which day, so that
  the most urgent needs are met first and the cost is least after that. Then it
  tells the story: how good the plan is, what demand it meets combined and what
  each partner meets alone, the first shortfalls and their reason, the
  bottlenecks, and what crosses between the partners.

  The plan is a folder in the current one, called after the case with .plan
  behind it; -o names another. An older plan there is replaced; a folder that
  is no plan is never touched.

  Ctrl-C and --time-limit end the search: the best plan so far is written with
  the gap that is proven for it, and the exit status is 3. A second Ctrl-C ends
  the program at once.

  The case may be in a book. With --keep the book notes which of its entries
  the plan was made from, the options and a digest; --again makes that plan
  once more, and says whether it is the same, byte for byte.
$ mainstay help plan | diff - <(mainstay plan --help)
$ mainstay plan --help --nonsense | head -n 1
Examples
$ for verb in init check plan posture explain compare map gen help; do mainstay help $verb; done | awk 'length > 80'
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
