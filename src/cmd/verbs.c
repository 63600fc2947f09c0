/* verbs.c: the table of verbs. See dispatch.h.
 *
 * To add a verb: a row here, its options in verb_options.c, its function's name in dispatch.h, and a file verb_NAME.c.
 * Help, man page, completions and docs/commands.md follow from the row.
 */
#include "cmd/verb_options.h"

const char ms_program_summary[] = "plan combined sustainment";

const char ms_program_story[] =
    "Two or more partners, each with its own depots, stocks, ports, lanes, lift and consumers, see what they hold "
    "together and plan who ships what, on whose lift, over which places, on which day, so that the most urgent needs "
    "are met first.\n\n"
    "The input is a case: a folder of CSV files and case.json, which a spreadsheet opens. The answer is a plan: a "
    "folder of CSV files and summary.json, with a proof of how good it is. Nothing else is read or written, and no "
    "network is used.\n\n"
    "Answers go to standard output, progress and notes to standard error.";

const ms_example ms_program_examples[] = {
    {"mainstay init try --example tiny", "a small case to begin with"},
    {"mainstay check try", "is it right?"},
    {"mainstay plan try", "plan it, into try.plan"},
    {"mainstay posture try.plan", "where does it run out first?"},
    {"mainstay explain try.plan", "why does anything fall short?"},
    {0},
};

const ms_row ms_program_exits[] = {
    {"0", "done"},
    {"1", "bad input, or a file that cannot be read or written"},
    {"2", "usage: no such verb or option, or a value that does not fit"},
    {"3", "stopped at a limit or by an interrupt, with a usable answer"},
    {"4", "internal: a mistake in the program, or memory is short"},
    {0},
};

const ms_row ms_program_variables[] = {
    {"NO_COLOR", "set to anything: no colours, unless --color=always asks for them"},
    {"TERM", "dumb: no colours and no progress bar"},
    {"COLUMNS", "the width of the text where the terminal does not say"},
    {"LC_ALL, LC_CTYPE, LANG", "without UTF-8 in the first that is set, text is drawn in ASCII"},
    {0},
};

const ms_row ms_program_topics[] = {
    {"format", "the files of a case, column by column"},
    {0},
};

const ms_verb ms_verbs[] = {
    {
        .name = "init",
        .synopsis = "DIR [--example NAME]",
        .summary = "start a case: a copy of an example, or an empty one",
        .story = "Makes the folder DIR with a case in it. The examples are inside the program. tiny has 4 sites and an "
                 "answer that its README works out by hand; pacific is a realistic theatre with two partners; relief "
                 "is two agencies and a host government after an earthquake.\n\n"
                 "Without --example every file of a case is there with its header row and nothing below it, and "
                 "README.md says what each column means. DIR must be new or empty.",
        .examples = {{"mainstay init try --example tiny", "4 sites, solved by hand"},
                     {"mainstay init mine", "empty files to fill in"}},
        .operands = {{"DIR", MS_VALUE_FOLDER, false, "the folder to make"}},
        .options = ms_options_init,
        .common = MS_COMMON_QUIET,
        .run = ms_verb_init,
    },
    {
        .name = "check",
        .synopsis = "CASE [PLAN]",
        .summary = "say everything that is wrong with a case, or with a plan",
        .story = "Reads the whole case and prints every error and warning as `file:line:column: error: what is wrong`, "
                 "then what the case holds. Nothing is changed. An error makes the exit status 1; a warning marks what "
                 "is odd but usable.\n\n"
                 "With PLAN it also checks the plan against the case, as a stranger would: from the files alone, and "
                 "with nothing of the code that made the plan. It recomputes every constraint of the model, C1 to C10, "
                 "the objective, and whether the bound is proven. A plan on its own is checked against the copy of the "
                 "case that it carries.",
        .examples = {{"mainstay check pacific", NULL},
                     {"mainstay check pacific pacific.plan", "the plan, against the case"},
                     {"mainstay check pacific.plan", "against its own copy of the case"},
                     {"mainstay check pacific --csv", "the findings as a table"}},
        .operands = {{"CASE", MS_VALUE_FOLDER, false, "the case's folder; or a plan's, to check the plan alone"},
                     {"PLAN", MS_VALUE_FOLDER, true, "a plan of it"}},
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_check,
    },
    {
        .name = "plan",
        .synopsis = "CASE [-o PLAN] [options]",
        .summary = "plan a case, write the plan, tell its story",
        .story = "Finds who ships what, on whose lift, over which places, on which day, so that the most urgent needs "
                 "are met first and the cost is least after that. Then it tells the story: how good the plan is, what "
                 "demand it meets combined and what each partner meets alone, the first shortfalls and their reason, "
                 "the bottlenecks, and what crosses between the partners.\n\n"
                 "The plan is a folder in the current one, called after the case with .plan behind it; -o names "
                 "another. An older plan there is replaced; a folder that is no plan is never touched.\n\n"
                 "Ctrl-C and --time-limit end the search: the best plan so far is written with the gap that is "
                 "proven for it, and the exit status is 3. A second Ctrl-C ends the program at once.\n\n"
                 "The case may be in a book. With --keep the book notes which of its entries the plan was made from, "
                 "the options and a digest; --again makes that plan once more, and says whether it is the same, byte "
                 "for byte.",
        .examples = {{"mainstay plan pacific", "into pacific.plan"},
                     {"mainstay plan pacific -o monday.plan", "into monday.plan"},
                     {"mainstay plan pacific --contingency typhoon", "with the typhoon"},
                     {"mainstay plan pacific --time-limit 10", "the best within ten seconds"},
                     {"mainstay plan pacific --json", "the summary for a program"}},
        .operands = {{"CASE", MS_VALUE_FOLDER, false, "the case's folder"}},
        .options = ms_options_plan,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_plan,
    },
    {
        .name = "posture",
        .synopsis = "CASE|PLAN [options]",
        .summary = "days of supply: where, of what, and where it runs out first",
        .story =
            "For each site and item: what is on hand, for how many days of the coming demand it lasts, and the first "
            "day short. Green: the reserve is there or, where none is set, the target; amber: half of it; red: less, "
            "or short.\n\n"
            "Of a case: what stock, supply and what is under way give if nothing else moves. Of a plan: what the "
            "plan makes of it.",
        .examples = {{"mainstay posture pacific", "if nothing moves"},
                     {"mainstay posture pacific.plan --by class", "class by class"},
                     {"mainstay posture pacific.plan --map", "heat map, sites by days"},
                     {"mainstay posture pacific --site 'guam*' --item III", "fuel on Guam"},
                     {"mainstay posture pacific --csv > posture.csv", "for a spreadsheet"}},
        .operands = {{"CASE|PLAN", MS_VALUE_FOLDER, false, "the folder of a case or of a plan"}},
        .options = ms_options_posture,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_posture,
    },
    {
        .name = "explain",
        .synopsis = "PLAN [DEMAND] [options]",
        .summary = "why a need falls short, and what would help",
        .story = "For each shortfall, the worst first: what binds - stock, supply, a lane, handling, a fleet, an "
                 "agreement or the transit time - and what easing it would save. The claim is then proven: the limit "
                 "is eased and the case is solved again. --no-verify leaves the proof out and answers at once; what "
                 "--time-limit or Ctrl-C leaves unproven is not marked as verified, and the exit status is 3.\n\n"
                 "With --contingency the plan is made again with those contingencies in force too: where the flow goes "
                 "instead, through which lanes and sites, and when those are full; and the reasons of what falls short "
                 "beyond PLAN.\n\n"
                 "DEMAND is the id of a demand, or a pattern such as `island-*`.",
        .examples = {{"mainstay explain pacific.plan", "the five worst shortfalls"},
                     {"mainstay explain pacific.plan 'island-*'", "those of some demands"},
                     {"mainstay explain pacific.plan --most 20 --no-verify", "more of them, without the proof"},
                     {"mainstay explain pacific.plan --contingency typhoon", "why the typhoon hurts"}},
        .operands = {{"PLAN", MS_VALUE_FOLDER, false, "the plan's folder"},
                     {"DEMAND", MS_VALUE_TEXT, true, "a demand's id, or a pattern with * and ?"}},
        .options = ms_options_explain,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_explain,
    },
    {
        .name = "replan",
        .synopsis = "PLAN --at DAY [--contingency ID,ID] [options]",
        .summary = "plan anew in the middle of a plan, and say which orders change",
        .story =
            "What has left by DAY arrives, or is lost where a contingency says so; what is issued is gone. Nothing "
            "but the contingencies named, and those that PLAN was made with, is known. One that began before DAY "
            "has been at work since: what could not leave has not left. From DAY on a new plan is made, and of "
            "equally good ones one that changes little of what was ordered.\n\n"
            "The answer is what a movement staff needs: each departure to cancel, divert, delay, advance or add, "
            "with quantity and date; and what falls short if the old orders stand, and with the new plan.\n\n"
            "The new plan carries a case of its own, which begins on DAY: stocks as they are then, what is under "
            "way as commitments, what is owed and left of everything else. It can be checked, explained and taken "
            "up again like any plan; its days count from DAY.",
        .examples = {{"mainstay replan pacific.plan --at 5 --contingency busan-closed", "into pacific-day5.plan"},
                     {"mainstay replan pacific.plan --at 15 --contingency typhoon -o typhoon.plan", NULL},
                     {"mainstay replan pacific.plan --at 5 --contingency busan-closed --csv > orders.csv",
                      "every departure that changes"},
                     {"mainstay check pacific-day5.plan", "the new plan, against its own case"}},
        .operands = {{"PLAN", MS_VALUE_FOLDER, false, "the plan that is being carried out"}},
        .options = ms_options_replan,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_replan,
    },
    {
        .name = "stress",
        .synopsis = "CASE [--each WHAT,WHAT | --pairs | --worst N | --sample N]",
        .summary = "what contingencies would cost: each, by chance, or the worst",
        .story =
            "Plans the case, and then each contingency of contingencies.csv by itself and all of them together, and "
            "holds them against the base plan: what more falls short by priority and partner, on which day the first "
            "shortage comes and how long after the contingency begins (the time to survive), what runs dry first "
            "and where, and from when on no more falls short. It says what the plan does instead, through which "
            "lanes and sites, and which of those are then full; and what each partner alone would suffer.\n\n"
            "Each plan is made as if its contingency were known from day 0; `mainstay replan` plans when it comes to "
            "be known later. Each is proven within --gap of its best. Ctrl-C tells of what was done until then; the "
            "exit status is 3.\n\n"
            "--each closes sites, lanes, fleets or partners instead, one at a time, and ranks them by what that "
            "adds to the shortfall. What the base plan does not use while it is closed is harmless, and is not "
            "solved at all. --pairs finds the pairs that hurt most without trying all, --worst N the N failures, "
            "and both prove that no others hurt more. `added` is in tonnes short, weighted by priority; "
            "`exposure` is what is added times the chance that a contingency of the case states for it, or else "
            "for each day of the closure. A partner that closes takes its sites, lanes and fleets with it, and "
            "what it provides under agreements. docs/stress.md has the method.\n\n"
            "--sample N draws N scenarios. Each contingency that has a chance happens or not, independently "
            "of the others, at the time, for the time and as hard as variations.csv says. It tells the distribution "
            "of the shortfall by partner and priority, how often each demand fails, and which contingencies explain "
            "the worst scenarios. Scenarios depend on the seed and their number alone; those that are alike are "
            "solved once. With --checkpoint nothing that was computed is lost, whatever ends the program: started "
            "again, it computes only what is missing. Where one machine is not enough, `mpirun mainstay-mpi stress "
            "...` shares the work among its ranks, and without MPI each machine computes its --shard. All of these "
            "give the same answer.",
        .examples = {{"mainstay stress pacific", NULL},
                     {"mainstay stress pacific --together typhoon,rail-cut", "two at once"},
                     {"mainstay stress pacific --each site --from 5 --for 7", "each place, for a week from day 5"},
                     {"mainstay stress pacific --pairs --each fleet,partner", "the worst pairs of these"},
                     {"mainstay stress pacific --worst 3 --svg worst.svg", "the worst three, with a chart"},
                     {"mainstay stress pacific --sample 1000", "drawn: the distribution of shortfall"}},
        .operands = {{"CASE", MS_VALUE_FOLDER, false, "the case's folder"}},
        .options = ms_options_stress,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_RANKS,
        .run = ms_verb_stress,
    },
    {
        .name = "rehearse",
        .synopsis = "CASE [--sample N] [--every DAYS] [options]",
        .summary = "play the days one by one: what planning again, and warning, are worth",
        .story =
            "Draws which contingencies happen, each by its chance, and plays the days. Orders are carried out as far "
            "as the world lets them, and what falls short on the way is what counts. Four planners play the same "
            "days: one never plans again; one looks every --every days at what has begun by then, and plans anew "
            "from what is left; one does so and is warned of each contingency --warning days before it begins; one "
            "knows all from the start.\n\n"
            "The differences are the value of planning again, of warning, and of foresight. Ctrl-C tells of the "
            "samples that were played until then; the exit status is 3.",
        .examples = {{"mainstay rehearse relief", NULL},
                     {"mainstay rehearse relief --every 3 --warning 2", "reviews every three days, two days' warning"},
                     {"mainstay rehearse relief --sample 1000 --csv > days.csv", "sample by sample"}},
        .operands = {{"CASE", MS_VALUE_FOLDER, false, "the case's folder"}},
        .options = ms_options_rehearse,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_RANKS,
        .run = ms_verb_rehearse,
    },
    {
        .name = "compare",
        .synopsis = "PLAN PLAN",
        .summary = "what differs between two plans",
        .story = "Says in a planner's words what the second plan does otherwise than the first: what is met and what "
                 "falls short, what moves where, what is drawn from whom, what it costs. The plans may be of "
                 "different cases; rows are matched by their ids.",
        .examples = {{"mainstay compare monday.plan tuesday.plan", NULL},
                     {"mainstay compare pacific.plan typhoon.plan --csv", "row by row"}},
        .operands = {{"PLAN", MS_VALUE_FOLDER, false, "the plan before"},
                     {"PLAN", MS_VALUE_FOLDER, false, "the plan after"}},
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_compare,
    },
    {
        .name = "merge",
        .synopsis = "CASE PART...",
        .summary = "join the parts of a stress that were computed apart",
        .story =
            "Reads the checkpoints that `mainstay stress --shard` or `mainstay rehearse --shard` wrote and gives the "
            "answer that one run would have given, to the last byte. Nothing is computed but the base plan: what is "
            "missing is an error that says how much.",
        .examples = {{"mainstay merge pacific a.jsonl b.jsonl", NULL},
                     {"mainstay merge pacific part-*.jsonl --json", NULL}},
        .operands = {{"CASE", MS_VALUE_FOLDER, false, "the case's folder"},
                     {"PART", MS_VALUE_FILE, false, "the checkpoints of all parts"}},
        .many = true,
        .options = ms_options_merge,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_merge,
    },
    {
        .name = "map",
        .synopsis = "CASE|PLAN -o FILE.svg",
        .summary = "draw a case, or the flows of a plan, as an SVG picture",
        .story = "Writes one self-contained SVG file: sites where they are, lanes between them, and for a plan how "
                 "much moves on each. A browser opens it, and a document takes it in.",
        .examples = {{"mainstay map pacific -o pacific.svg", "the case"},
                     {"mainstay map pacific.plan -o flows.svg", "what the plan moves"}},
        .operands = {{"CASE|PLAN", MS_VALUE_FOLDER, false, "the folder of a case or of a plan"}},
        .options = ms_options_map,
        .common = MS_COMMON_QUIET,
        .run = ms_verb_map,
    },
    {
        .name = "report",
        .synopsis = "PLAN -o FILE.html|FILE.xlsx [options]",
        .summary = "brief a commander: one page, or a workbook",
        .story = "The page is one self-contained file without scripts that prints on A4 and letter. Its first sheet is "
                 "for a minute: the map, what we will run out of and when, the sites in the red, what to decide and "
                 "what each option would save, who gives whom what, and how good the plan is. The details follow: "
                 "reasons, posture, use of lanes and ports day by day, orders, assumptions.\n\n"
                 "The workbook has the same as tables with filters, and charts. Its texts stay texts: no name in a "
                 "case becomes a formula.\n\n"
                 "What an option saves is proven by planning again; --no-verify leaves that out. The same plan and "
                 "options give the same bytes.",
        .examples = {{"mainstay report pacific.plan -o brief.html", "for the 0800 briefing"},
                     {"mainstay report pacific.plan -o brief.html --language ko", "the same in Korean"},
                     {"mainstay report pacific.plan -o brief.xlsx", "as a workbook"},
                     {"mainstay report pacific.plan -o brief.html --contingencies", "and if something goes wrong"}},
        .operands = {{"PLAN", MS_VALUE_FOLDER, false, "the plan's folder"}},
        .options = ms_options_report,
        .common = MS_COMMON_QUIET,
        .run = ms_verb_report,
    },
    {
        .name = "serve",
        .synopsis = "[CASE | BOOK] [options]",
        .summary = "open the pages and the API on this machine",
        .story = "Prints a link and answers it until Ctrl-C: pages for people, and JSON over HTTP for programs "
                 "(docs/api.md). Everything is in the program; nothing is fetched from elsewhere.\n\n"
                 "The link carries a token, and without it nobody gets an answer. It listens on a loopback address, "
                 "so that only this machine reaches it. Another address wants TLS, or --behind-proxy, and a file of "
                 "tokens: CSV with the columns name, role (viewer, planner, releaser, administrator) and token, "
                 "readable by you alone.\n\n"
                 "What others change in the case or the book meanwhile is noticed and shown. Who changed what in the "
                 "pages, and when, stands in the book's log, or in changes.log in the case's folder.\n\n"
                 "With --places releasers have a book's releases sent to folders and servers, and fetched from there, "
                 "as `exchange send` and `fetch` do.\n\n"
                 "With --exchange it keeps releases for partners, who send and fetch them over HTTPS. Each has a token "
                 "with its id as the name and the role courier, which opens nothing else. All that is kept is sealed.",
        .examples =
            {{"mainstay serve pacific", NULL},
             {"mainstay serve us.book", "a partner's book: also exchange and ledger"},
             {"mainstay serve pacific --port 8080", "always at the same address"},
             {"mainstay serve pacific --listen 10.1.2.3 --tls-cert c.pem --tls-key k.pem --tokens staff.csv",
              "for the staff"},
             {"mainstay serve --exchange mail --listen 10.1.2.3 --tls-cert c.pem --tls-key k.pem --tokens t.csv",
              "releases between partners"}},
        .operands = {{"CASE", MS_VALUE_FOLDER, true,
                      "the case's folder, or a book; without it you open one in the pages"}},
        .options = ms_options_serve,
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_serve,
    },
    {
        .name = "gen",
        .synopsis = "DIR --size S|M|L|XL",
        .summary = "write a made-up case for trials and benchmarks",
        .story = "Makes the folder DIR with a random but plausible case: the same options and seed give the same "
                 "bytes. The numbers below --size change that size in one respect.",
        .examples = {{"mainstay gen trial --size S", NULL},
                     {"mainstay gen trial --size M --days 60 --seed 7", "as M, but longer, and another"}},
        .operands = {{"DIR", MS_VALUE_FOLDER, false, "the folder to make"}},
        .options = ms_options_gen,
        .common = MS_COMMON_QUIET,
        .run = ms_verb_gen,
    },
    {
        .name = "book",
        .synopsis = "VERB BOOK ...",
        .summary = "a partner's own store: a signed log, and a case in it",
        .story =
            "A book is one file. What endures in it is a log that only grows: every entry is numbered, carries the "
            "hash of the one before, and is signed by the book's partner. All else in the file is made from the "
            "log and can be made again. The secret key is in the file beside it, BOOK.key.\n\n"
            "Every verb that takes a case takes a book as well: `mainstay plan us.book`.",
        .examples = {{"mainstay book init us.book --partner US", "a new book"},
                     {"mainstay book import us.book pacific", "take a case in"},
                     {"mainstay plan us.book", NULL},
                     {"mainstay book log us.book", "what was written, and when"}},
    },
    {
        .name = "book init",
        .synopsis = "BOOK --partner ID [--passphrase]",
        .summary = "start a book, with a key of its own",
        .story = "Makes the file BOOK and its secret key, BOOK.key, which nobody but its owner may read. With "
                 "--passphrase the key is kept under one: whoever steals the laptop then still cannot sign.",
        .examples = {{"mainstay book init us.book --partner US", NULL},
                     {"mainstay book init us.book --partner US --passphrase", "and asks for a passphrase"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the file to make"}},
        .options = ms_options_book_init,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_book_init,
    },
    {
        .name = "book import",
        .synopsis = "BOOK CASE [--dry-run]",
        .summary = "take a case into a book: only what differs",
        .story = "Reads the case, and makes the rows that the book itself states those of the case. Rows that are as "
                 "they were cost nothing; a case that was not changed adds no entry. A case with an error in it is "
                 "refused. What partners gave stays as it is.",
        .examples = {{"mainstay book import us.book pacific", NULL},
                     {"mainstay book import us.book pacific -n", "what would change?"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"CASE", MS_VALUE_FOLDER, false, "the case's folder"}},
        .options = ms_options_book_import,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_book_import,
    },
    {
        .name = "book export",
        .synopsis = "BOOK DIR [--as-of ENTRY] [--combined]",
        .summary = "write the case in a book as a folder",
        .story = "The folder's case files are byte for byte those that were imported last. With --combined they are "
                 "what plans are made from: what a partner gave about its own things takes the place of what the book "
                 "says about them.",
        .examples = {{"mainstay book export us.book pacific", NULL},
                     {"mainstay book export us.book then --as-of 17", "as it was after entry 17"},
                     {"mainstay book export us.book both --combined", "with what partners gave"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"DIR", MS_VALUE_FOLDER, false, "the folder to make"}},
        .options = ms_options_book_export,
        .common = MS_COMMON_QUIET,
        .run = ms_verb_book_export,
    },
    {
        .name = "book log",
        .synopsis = "BOOK [--kind KIND] [--from ENTRY] [--all]",
        .summary = "what was written into a book, and when",
        .story = "The last entries, the newest at the bottom. `mainstay book show` has one of them in full.",
        .examples = {{"mainstay book log us.book", NULL},
                     {"mainstay book log us.book --kind row --all", "every change of the case"},
                     {"mainstay book log us.book --all --csv > log.csv", "for a spreadsheet"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .options = ms_options_book_log,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_book_log,
    },
    {
        .name = "book show",
        .synopsis = "BOOK [ENTRY]",
        .summary = "what a book is and holds, or one entry in full",
        .story =
            "Alone: whose book it is, the fingerprint of its key, how long its log is, and the rows that it holds, "
            "its own and given. With a number: that entry, with its hashes and its signature.",
        .examples = {{"mainstay book show us.book", NULL}, {"mainstay book show us.book 17", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"ENTRY", MS_VALUE_TEXT, true, "a number of the log"}},
        .common = MS_COMMON_VIEW,
        .run = ms_verb_book_show,
    },
    {
        .name = "book verify",
        .synopsis = "BOOK",
        .summary = "prove a book: hashes, signatures, tables, pages",
        .story = "Follows the log from the first entry: each must be there, carry the hash of the one before, and be "
                 "signed by the book's key. Then it makes the tables again from the log and compares them, and has "
                 "every page of the file checked. Each breach is a line that says which entries it concerns. Nothing "
                 "is changed, and no key is needed: whoever has the file can do it.",
        .examples = {{"mainstay book verify us.book", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_book_verify,
    },
    {
        .name = "book rebuild",
        .synopsis = "BOOK [--from BACKUP] [--cut]",
        .summary = "make a damaged book's file anew from its log",
        .story =
            "Takes every entry of the log, and makes the tables from it. What cannot be read any more comes from a "
            "backup, an older copy of the same book: entries are only taken where they carry on the chain of "
            "hashes, so that nothing false gets in. Without a backup --cut saves what comes before the damage. "
            "The file as it was stays, as BOOK.damaged.",
        .examples = {{"mainstay book rebuild us.book", NULL},
                     {"mainstay book rebuild us.book --from monday.book", "with a backup"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .options = ms_options_book_rebuild,
        .common = MS_COMMON_QUIET,
        .run = ms_verb_book_rebuild,
    },
    {
        .name = "book key",
        .synopsis = "BOOK --rotate | --replace [--passphrase]",
        .summary = "give a book another key",
        .story =
            "--rotate makes a new key and has the present one sign for it: once a year, and when people leave. The "
            "next releases announce it, and the partners' trust follows. --replace is for a key that is lost or "
            "stolen: nothing vouches for the new one but its fingerprint, read over the telephone, and `mainstay book "
            "verify` says so ever after. Both are entries of the log.",
        .examples = {{"mainstay book key us.book --rotate", NULL},
                     {"mainstay book key us.book --replace --passphrase", "the laptop was stolen"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .options = ms_options_book_key,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_book_key,
    },
    {
        .name = "book sql",
        .synopsis = "BOOK QUERY",
        .summary = "ask a book in SQL; it cannot be changed that way",
        .story =
            "One SELECT over views that docs/book.md describes: one for each table of a case, called stocks, lanes "
            "and so on, with what partners gave; entries, the log; facts, the newest entry of each kind and key. "
            "Numbers are numbers there, and an empty cell is NULL.",
        .examples = {{"mainstay book sql us.book 'SELECT item, sum(quantity) FROM stocks GROUP BY item'", NULL},
                     {"mainstay book sql us.book \"SELECT * FROM sites WHERE given_by = 'JP'\" --csv", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"QUERY", MS_VALUE_TEXT, false, "a SELECT"}},
        .common = MS_COMMON_VIEW,
        .run = ms_verb_book_sql,
    },
    {
        .name = "ledger",
        .synopsis = "COMMAND",
        .summary = "account of what crosses between partners: orders, step by step",
        .story =
            "A cross-servicing order under an agreement is a document of two partners. The receiver requests, the "
            "provider offers, the receiver accepts; the provider issues, the receiver says how much arrived; then it "
            "is settled in cash, in kind or by equal value. Each step is signed by the side that takes it, and "
            "travels with the next exchange. An order's state follows from the steps of both sides alone, and is the "
            "same on both once they are exchanged. docs/ledger.md has the rules.",
        .examples = {{"mainstay ledger status us.book", "what is open, and for whom it waits"},
                     {"mainstay ledger balance us.book", "who owes whom how much"}},
    },
    {
        .name = "ledger request",
        .synopsis = "BOOK AGREEMENT ITEM QUANTITY [options]",
        .summary = "ask a partner for goods or services under an agreement",
        .story =
            "Begins an order: its code is in the answer. The agreement says who provides. QUANTITY is in units of "
            "the item; of lift and of entry to sites it is in tonnes. What the agreement's limit does not leave is "
            "refused.",
        .examples = {{"mainstay ledger request us.book fuel-loan diesel 1200 --site camp --need-by 2026-03-10", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"AGREEMENT", MS_VALUE_TEXT, false, "the agreement's id"},
                     {"ITEM", MS_VALUE_TEXT, false, "the item's id"},
                     {"QUANTITY", MS_VALUE_TEXT, false, "how much"}},
        .options = ms_options_ledger_request,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger offer",
        .synopsis = "BOOK ORDER [QUANTITY] [options]",
        .summary = "offer what a partner asked for, on terms",
        .story = "QUANTITY is what was asked for, unless given. Price, currency, settlement and due date are those of "
                 "the case and the agreement, unless given. A new offer replaces the one before.",
        .examples = {{"mainstay ledger offer kr.book 7K3F-9QWD", "as asked"},
                     {"mainstay ledger offer kr.book 7K3F 800 --price 950", "less of it, at a price"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"},
                     {"QUANTITY", MS_VALUE_TEXT, true, "how much; else what was asked for"}},
        .options = ms_options_ledger_offer,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger accept",
        .synopsis = "BOOK ORDER [options]",
        .summary = "accept the offer",
        .story = "Its terms then hold for the order.",
        .examples = {{"mainstay ledger accept us.book 7K3F", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"}},
        .options = ms_options_ledger_step,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger decline",
        .synopsis = "BOOK ORDER [options]",
        .summary = "decline a request, or an offer",
        .story = "The provider declines a request, which ends the order. The receiver declines an offer; the provider "
                 "may make another.",
        .examples = {{"mainstay ledger decline kr.book 7K3F --note 'none to spare'", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"}},
        .options = ms_options_ledger_step,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger issue",
        .synopsis = "BOOK ORDER [QUANTITY] [options]",
        .summary = "record what was handed over",
        .story = "QUANTITY is what is still to be issued, unless given. Goods may be issued in parts.",
        .examples = {{"mainstay ledger issue kr.book 7K3F 600 --reference WB-4711", "a part, with its waybill"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"},
                     {"QUANTITY", MS_VALUE_TEXT, true, "how much; else all that is left"}},
        .options = ms_options_ledger_step,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger receive",
        .synopsis = "BOOK ORDER [QUANTITY] [options]",
        .summary = "record what arrived: goods, or a settlement",
        .story =
            "QUANTITY is what the other side says it gave, unless given. Where the two differ, the lesser counts "
            "and the difference is in dispute until both say the same. The receiver receives goods, the provider a "
            "settlement.",
        .examples = {{"mainstay ledger receive us.book 7K3F", "all of it"},
                     {"mainstay ledger receive us.book 7K3F 590 --note '10 leaked'", "less"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"},
                     {"QUANTITY", MS_VALUE_TEXT, true, "how much; else what the other side says"}},
        .options = ms_options_ledger_word,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger dispute",
        .synopsis = "BOOK ORDER QUANTITY [options]",
        .summary = "say anew how much it was",
        .story =
            "Replaces what this side said about an issue or a settlement. When both sides say the same the dispute "
            "is over.",
        .examples = {{"mainstay ledger dispute kr.book 7K3F 590", "agree to less"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"},
                     {"QUANTITY", MS_VALUE_TEXT, false, "how much it was, as this side now says"}},
        .options = ms_options_ledger_word,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger settle",
        .synopsis = "BOOK ORDER [AMOUNT] [options]",
        .summary = "repay: money, or units of the item in kind",
        .story =
            "AMOUNT is what is owed, unless given: money where the order is settled in cash or by equal value, else"
            " units of the item. It counts once the provider has received it. The provider may record a settlement "
            "himself; that counts at once.",
        .examples = {{"mainstay ledger settle us.book 7K3F", "all of it"},
                     {"mainstay ledger settle us.book 7K3F 2500.50 --reference PAY-88", "a part"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"},
                     {"AMOUNT", MS_VALUE_TEXT, true, "how much; else all that is owed"}},
        .options = ms_options_ledger_step,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger cancel",
        .synopsis = "BOOK ORDER [options]",
        .summary = "end an order, or what is not yet issued of it",
        .story = "What has been issued stays, and is settled. What the other side issued before it knew counts too.",
        .examples = {{"mainstay ledger cancel us.book 7K3F --note 'not needed any more'", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, false, "the order's code, or a part of it"}},
        .options = ms_options_ledger_step,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_step,
    },
    {
        .name = "ledger status",
        .synopsis = "BOOK [ORDER] [options]",
        .summary = "open orders and for whom they wait; or all of one order",
        .story =
            "Without ORDER: each open order, its state, who has to do what, and for how many days it has waited for"
            " that. With ORDER: its terms, its deliveries and every step, also those without effect and why.",
        .examples = {{"mainstay ledger status us.book", NULL},
                     {"mainstay ledger status us.book 7K3F", "one order"},
                     {"mainstay ledger status us.book --all --csv", "all, for a spreadsheet"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"ORDER", MS_VALUE_TEXT, true, "an order's code, or a part of it"}},
        .options = ms_options_ledger_status,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_ledger_status,
    },
    {
        .name = "ledger balance",
        .synopsis = "BOOK [options]",
        .summary = "who owes whom how much of what, by when",
        .story = "Money by currency; what is owed in kind by item. Only what both sides say was received is owed; what "
                 "was sent to settle it counts once it is received.",
        .examples = {{"mainstay ledger balance us.book", NULL},
                     {"mainstay ledger balance us.book --partner KR --json", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"}},
        .options = ms_options_ledger_view,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_ledger_balance,
    },
    {
        .name = "ledger overdue",
        .synopsis = "BOOK [options]",
        .summary = "what is past its date",
        .story =
            "Repayments past their due date, and goods that were needed by a day that has passed and are not issued.",
        .examples = {{"mainstay ledger overdue us.book", NULL},
                     {"mainstay ledger overdue us.book --date 2026-12-31", "as it will be at the end of the year"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"}},
        .options = ms_options_ledger_view,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_ledger_overdue,
    },
    {
        .name = "ledger statement",
        .synopsis = "BOOK PARTNER [-o FILE]",
        .summary = "a statement of account with a partner",
        .story =
            "Both sides compute it from their own books. It is equal to the byte when they hold the same steps and "
            "name the same date; its basis, a hash over the steps, says whether they do.",
        .examples = {{"mainstay ledger statement us.book KR", NULL},
                     {"mainstay ledger statement us.book KR --date 2026-12-31 -o kr.html", "to print and sign"},
                     {"mainstay ledger statement us.book KR -o kr.xlsx", "a workbook"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"PARTNER", MS_VALUE_TEXT, false, "the other side"}},
        .options = ms_options_ledger_statement,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
        .run = ms_verb_ledger_statement,
    },
    {
        .name = "ledger propose",
        .synopsis = "BOOK PLAN [--make]",
        .summary = "the requests that a plan needs",
        .story =
            "What the plan draws from partners for the book's partner, less what is on order already: a request for"
            " each row of the plan's orders.csv. --make makes them.",
        .examples = {{"mainstay ledger propose us.book monday.plan", "look"},
                     {"mainstay ledger propose us.book monday.plan --make", "and request"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the partner's book"},
                     {"PLAN", MS_VALUE_FOLDER, false, "the plan's folder"}},
        .options = ms_options_ledger_propose,
        .common = MS_COMMON_VIEW | MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_ledger_propose,
    },
#include "cmd/verbs_exchange_body.h"
    {
        .name = "help",
        .synopsis = "[VERB | TOPIC]",
        .summary = "explain a verb, or the format of a case",
        .story = "Without a word it lists the verbs. `mainstay help format` describes the files of a case. The man "
                 "pages and the completions of the shells come from here as well; make install puts them in place.",
        .examples = {{"mainstay help plan", NULL},
                     {"mainstay help format", "the files of a case"},
                     {"mainstay help --man ~/man/man1", NULL},
                     {"source <(mainstay help --completion bash)", "completions, for this shell"}},
        .operands = {{"VERB", MS_VALUE_VERB, true, "a verb or a topic"},
                     {"WORD", MS_VALUE_VERB, true, "its second word, for a verb in a group"}},
        .options = ms_options_help,
        .run = ms_verb_help,
    },
    {0},
};
