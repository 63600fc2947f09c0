/* verbs_exchange_body.h: the rows of the exchange, in the table of verbs.c, which alone includes it. */
#ifndef MS_CMD_VERBS_EXCHANGE_BODY_H
#define MS_CMD_VERBS_EXCHANGE_BODY_H

{
    .name = "exchange",
    .synopsis = "VERB BOOK ...",
    .summary = "releases between partners: numbered, signed, sealed",
    .story =
        "Each partner keeps its own book, and gives each other partner what its rules let out. A release says what "
        "changed since the one before; it is signed by its writer and sealed for its reader, and it is taken whole "
        "or not at all. It travels as a file, on a memory stick, through a shared folder or over HTTPS.\n\n"
        "First the keys: `exchange init` and `exchange trust`, once on each side. Then the rules: `exchange "
        "rules`. Then, regularly: `exchange preview`, `make` or `send`; `take` or `fetch`; `status` and `diff`. "
        "What was taken is in every plan from then on.",
    .examples = {{"mainstay exchange init us.book -o us.key.json", "the key to give away"},
                 {"mainstay exchange trust us.book JP jp.key.json", "theirs"},
                 {"mainstay exchange rules us.book releases.csv", "what goes out"},
                 {"mainstay exchange send us.book /mnt/shared", "through a folder, to every partner"},
                 {"mainstay exchange fetch us.book /mnt/shared", NULL},
                 {"mainstay exchange status us.book", "is anything late, or unread?"}},
},
    {
        .name = "exchange init",
        .synopsis = "BOOK [-o FILE]",
        .summary = "write the public key of a book, to give to partners",
        .story = "The key has two halves, to sign with and to open what is sealed. The secret part stays in BOOK.key; "
                 "what is written here may travel openly. That it is yours only its fingerprint proves, read over the "
                 "telephone.",
        .examples = {{"mainstay exchange init us.book -o us.key.json", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .options = ms_options_exchange_init,
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_init,
    },
    {
        .name = "exchange trust",
        .synopsis = "BOOK PARTNER [FILE] [--fingerprint TEXT] [--revoke]",
        .summary = "trust a partner's key, or no longer",
        .story = "Shows the fingerprint of the key in FILE and trusts it from now on as that of PARTNER, in the place "
                 "of an older key. With --fingerprint, as heard over the telephone, a key that has another one is "
                 "refused. With --revoke nothing more is taken from the partner or given to it. All of it stands in "
                 "the book's log.",
        .examples = {{"mainstay exchange trust us.book JP jp.key.json", NULL},
                     {"mainstay exchange trust us.book JP --rhythm 'daily 06:00Z'", "what was agreed"},
                     {"mainstay exchange trust us.book JP --revoke", "their laptop was stolen"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"},
                     {"PARTNER", MS_VALUE_TEXT, false, "the partner's id"},
                     {"FILE", MS_VALUE_FILE, true, "its public key, from its `exchange init`"}},
        .options = ms_options_exchange_trust,
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_trust,
    },
    {
        .name = "exchange partners",
        .synopsis = "BOOK",
        .summary = "whom a book trusts, and by which fingerprints",
        .story = "One row for each partner that was ever trusted.",
        .examples = {{"mainstay exchange partners us.book", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .common = MS_COMMON_VIEW,
        .run = ms_verb_exchange_partners,
    },
    {
        .name = "exchange rules",
        .synopsis = "BOOK [releases.csv]",
        .summary = "what goes out to whom, in what detail",
        .story =
            "Takes the file over, or prints what was taken over last. Its columns: to, table, site, item, class, "
            "detail (full, rounded, summed, delayed, days, withheld), amount, by. For each row of the case the first "
            "rule that fits decides; what no rule names stays home. docs/exchange.md has them all.",
        .examples = {{"mainstay exchange rules us.book releases.csv", NULL},
                     {"mainstay exchange rules us.book", "what is in force"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"FILE", MS_VALUE_FILE, true, "the rules"}},
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_rules,
    },
    {
        .name = "exchange aliases",
        .synopsis = "BOOK [aliases.csv]",
        .summary = "which of a partner's items is which of ours",
        .story = "Takes the file over, or prints what was taken over last. Items match by their NSN; for the others "
                 "this file says partner, theirs, ours and, where units differ, factor. A row `*,*,*` says that both "
                 "sides use the same codes.",
        .examples = {{"mainstay exchange aliases us.book aliases.csv", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"FILE", MS_VALUE_FILE, true, "the aliases"}},
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_aliases,
    },
    {
        .name = "exchange preview",
        .synopsis = "BOOK PARTNER",
        .summary = "what the next release would say, before it goes",
        .story = "Every record that the partner would have after the next release, and what is new, changed or dropped "
                 "in it since the last one. Nothing is written.",
        .examples = {{"mainstay exchange preview us.book JP", NULL},
                     {"mainstay exchange preview us.book JP --csv > out.csv", "all of it, for a spreadsheet"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"PARTNER", MS_VALUE_TEXT, false, "for whom"}},
        .common = MS_COMMON_VIEW,
        .run = ms_verb_exchange_preview,
    },
    {
        .name = "exchange make",
        .synopsis = "BOOK PARTNER -o FILE [--whole] [--again N]",
        .summary = "make the next release for a partner",
        .story =
            "Writes one bundle and notes in the book that it was given. A bundle that gets lost is made again, the "
            "same, with --again. When the partner misses some, its next release says so, and the next one here is "
            "whole by itself.",
        .examples = {{"mainstay exchange make us.book JP -o 12.release", NULL},
                     {"mainstay exchange make us.book JP -o 12.release --again 12", "number 12 once more"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"PARTNER", MS_VALUE_TEXT, false, "for whom"}},
        .options = ms_options_exchange_make,
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_make,
    },
    {
        .name = "exchange take",
        .synopsis = "BOOK FILE",
        .summary = "take a partner's release: whole, or not at all",
        .story = "Everything is verified before anything is changed. Taking one again is harmless; a gap names what is "
                 "missing; two contents of one number are an alarm. Rows that cannot be used are refused one by one, "
                 "with the reason, and the reasons go back with your next release.",
        .examples = {{"mainstay exchange take us.book JP-US-000000000007.release", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"FILE", MS_VALUE_FILE, false, "the bundle"}},
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_take,
    },
    {
        .name = "exchange send",
        .synopsis = "BOOK PLACE [PARTNER] [--token FILE] [--ca FILE.pem]",
        .summary = "make releases and put them into a shared folder or on a server",
        .story =
            "For each partner, or the one named: puts into PLACE what the partner has not acknowledged and PLACE "
            "does not have, then the next release. What was cut off is done again by the next run; to a server it "
            "goes on where it was cut.\n\n"
            "PLACE is a folder, or the https:// address of a `mainstay serve --exchange`. Its certificate is always "
            "checked, and the token comes from a file that you alone may read. When the line is bad it tries "
            "again, less and less often.",
        .examples = {{"mainstay exchange send us.book /mnt/shared", NULL},
                     {"mainstay exchange send us.book https://mail.example:8443 --token us.token --ca staff-ca.pem",
                      "to a server with a certificate of the staff's own"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"},
                     {"PLACE", MS_VALUE_FOLDER, false, "a folder that both sides reach, or a server's address"},
                     {"PARTNER", MS_VALUE_TEXT, true, "for whom; all"}},
        .options = ms_options_exchange_place,
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_send,
    },
    {
        .name = "exchange fetch",
        .synopsis = "BOOK PLACE [PARTNER] [--token FILE] [--ca FILE.pem]",
        .summary = "take what is new in a shared folder or on a server",
        .story = "Takes the releases for this book that PLACE has and the book has not, in order. One that is refused "
                 "is named and does not hold up the others; the exit status is then 1. PLACE is as with `exchange "
                 "send`.",
        .examples = {{"mainstay exchange fetch us.book /mnt/shared", NULL},
                     {"mainstay exchange fetch us.book https://mail.example:8443 --token us.token", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"},
                     {"PLACE", MS_VALUE_FOLDER, false, "a folder that both sides reach, or a server's address"},
                     {"PARTNER", MS_VALUE_TEXT, true, "from whom; all"}},
        .options = ms_options_exchange_place,
        .common = MS_COMMON_QUIET | MS_COMMON_KEY,
        .run = ms_verb_exchange_fetch,
    },
    {
        .name = "exchange status",
        .synopsis = "BOOK",
        .summary = "how the exchange stands with each partner",
        .story =
            "Last given and last taken, how old the picture is, whether anything is late by the agreed rhythm, how "
            "many changes nobody has read, what was refused, and every alarm.",
        .examples = {{"mainstay exchange status us.book", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}},
        .common = MS_COMMON_VIEW,
        .run = ms_verb_exchange_status,
    },
    {
        .name = "exchange diff",
        .synopsis = "BOOK PARTNER [--read] [--all]",
        .summary = "what changed in a partner's picture since it was last read",
        .story = "With --read what is shown counts as read from then on.",
        .examples = {{"mainstay exchange diff us.book JP", NULL},
                     {"mainstay exchange diff us.book JP --read", "and I have seen it"}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"PARTNER", MS_VALUE_TEXT, false, "whose"}},
        .options = ms_options_exchange_diff,
        .common = MS_COMMON_VIEW | MS_COMMON_KEY,
        .run = ms_verb_exchange_diff,
    },
    {
        .name = "exchange refused",
        .synopsis = "BOOK PARTNER",
        .summary = "rows that could not be used, and why",
        .story =
            "The partner's rows that this book could not use, and this book's rows that the partner could not use, "
            "as its last release said.",
        .examples = {{"mainstay exchange refused us.book JP", NULL}},
        .operands = {{"BOOK", MS_VALUE_FILE, false, "the book"}, {"PARTNER", MS_VALUE_TEXT, false, "with whom"}},
        .common = MS_COMMON_VIEW,
        .run = ms_verb_exchange_refused,
    },

#endif
