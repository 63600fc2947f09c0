/* verb_options.c: the options of the verbs, row by row. See verb_options.h. */
#include "cmd/verb_options.h"

const ms_option ms_options_init[] = {
    {"example", 0, MS_VALUE_CHOICE, "tiny|pacific|relief", 0, 0, NULL, "copy this example", false},
    {0},
};

const ms_option ms_options_plan[] = {
    {"output", 'o', MS_VALUE_FOLDER, "PLAN", 0, 0, "CASE's name with .plan, here", "folder to write", false},
    {"engine", 0, MS_VALUE_CHOICE, "auto|primal-dual|lp|greedy", 0, 0, "auto",
     "how to solve; auto: primal-dual, and lp to finish a small case where that comes to a stand", false},
    {"gap", 0, MS_VALUE_NUMBER, "G", 1e-12, 1, "1e-4", "stop when proven within this share of the best", false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "none", "stop after this long, with the best so far",
     false},
    {"no-alone", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "do not plan each partner alone as well", false},
    {"contingency", 0, MS_VALUE_TEXT, "ID,ID", 0, 0, "none", "plan with these contingencies of the case in force",
     false},
    {"threads", 0, MS_VALUE_COUNT, "N", 1, 1024, "one a processor", "the plan is the same for any number", false},
    {"simd", 0, MS_VALUE_CHOICE, "auto|plain|avx2|avx512", 0, 0, "auto", "likewise, for tests of that", false},
    {"trace", 0, MS_VALUE_FILE, "FILE.csv", 0, 0, "none", "write each better plan and bound with its time", false},
    {"keep", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "keep the plan in the book, so that anybody can make it again", false},
    {"again", 0, MS_VALUE_COUNT, "ENTRY", 1, 1e15, NULL, "make the plan again that this entry of the book keeps",
     false},
    {"as-of", 0, MS_VALUE_COUNT, "ENTRY", 1, 1e15, "the last", "plan the book as it was after this entry", false},
    {"write-lp", 0, MS_VALUE_FILE, "FILE.mps", 0, 0, "none", "also write the linear program, as free MPS", false},
    {0},
};

const ms_option ms_options_stress[] = {
    {"together", 0, MS_VALUE_TEXT, "ID,ID", 0, 0, "each, and all together", "only these contingencies, at once", false},
    {"no-alone", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "leave out what each partner alone would suffer", false},
    {"each", 0, MS_VALUE_TEXT, "WHAT,WHAT", 0, 0, "site,lane,fleet,partner", "close each of these by itself", false},
    {"pairs", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "find the worst pairs of what --each names", false},
    {"worst", 0, MS_VALUE_COUNT, "N", 2, 16, NULL, "find the N of what --each names that together hurt most", false},
    {"from", 0, MS_VALUE_NUMBER, "DAY", 0, 3660, "0", "with these three: when they close", false},
    {"for", 0, MS_VALUE_NUMBER, "DAYS", 0.001, 3660, "to the end", "likewise: for how long", false},
    {"most", 0, MS_VALUE_COUNT, "N", 1, 100000, "20; 10 pairs", "likewise: how many to show, or pairs to find", false},
    {"sample", 0, MS_VALUE_COUNT, "N", 1, 1e6, NULL, "draw N scenarios by the chance of each contingency", false},
    {"seed", 0, MS_VALUE_COUNT, "N", 0, 1e15, "1", "another seed draws other scenarios", false},
    {"precision", 0, MS_VALUE_NUMBER, "P", 1e-6, 10, "none",
     "draw no more once mean and tail of what is added are known within this share", false},
    {"gap", 0, MS_VALUE_NUMBER, "G", 1e-12, 1, "1e-3; 0.01 for many", "each is proven within this share of its best",
     false},
    {"threads", 0, MS_VALUE_COUNT, "N", 1, 1024, "one a processor", "the answer is the same for any number", false},
    {"checkpoint", 0, MS_VALUE_FILE, "FILE", 0, 0, "none",
     "keep each result of many there; started again, go on from it", false},
    {"shard", 0, MS_VALUE_TEXT, "K/N", 0, 0, "all",
     "compute only the K-th of N parts; mainstay merge joins them; not of --pairs, --worst", false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "none", "stop after this long, with what there is",
     false},
    {"svg", 0, MS_VALUE_FILE, "FILE.svg", 0, 0, "none", "also draw it: a tornado, or a distribution", false},
    {0},
};

const ms_option ms_options_rehearse[] = {
    {"sample", 0, MS_VALUE_COUNT, "N", 1, 100000, "100", "how often the contingencies are drawn", false},
    {"seed", 0, MS_VALUE_COUNT, "S", 0, 1000000000, "1", "the same seed draws the same", false},
    {"every", 0, MS_VALUE_NUMBER, "DAYS", 1, 3660, "1", "days between reviews", false},
    {"warning", 0, MS_VALUE_NUMBER, "DAYS", 0, 3660, "none", "also play with contingencies known so long before",
     false},
    {"gap", 0, MS_VALUE_NUMBER, "G", 1e-12, 1, "0.01", "each plan is proven within this share of its best", false},
    {"threads", 0, MS_VALUE_COUNT, "N", 1, 1024, "one a processor", "the answer is the same for any number", false},
    {"checkpoint", 0, MS_VALUE_FILE, "FILE", 0, 0, "none", "keep each result there; started again, go on from it",
     false},
    {"shard", 0, MS_VALUE_TEXT, "K/N", 0, 0, "all", "compute only the K-th of N parts; mainstay merge joins them",
     false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "none", "stop after this long, with what there is",
     false},
    {0},
};

const ms_option ms_options_replan[] = {
    {"at", 0, MS_VALUE_NUMBER, "DAY", 0, 3660, NULL, "the day from which on to plan anew: a whole day of PLAN's case",
     false},
    {"contingency", 0, MS_VALUE_TEXT, "ID,ID", 0, 0, "none", "what has come to be known: contingencies of the case",
     false},
    {"output", 'o', MS_VALUE_FOLDER, "PLAN", 0, 0, "PLAN's name with the day in it, here", "folder to write", false},
    {"engine", 0, MS_VALUE_CHOICE, "auto|primal-dual|lp|greedy", 0, 0, "auto", "how to solve, as for plan", false},
    {"gap", 0, MS_VALUE_NUMBER, "G", 1e-12, 1, "1e-4", "stop when proven within this share of the best", false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "none", "stop after this long, with the best so far",
     false},
    {"alone", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "plan each partner alone as well", false},
    {"threads", 0, MS_VALUE_COUNT, "N", 1, 1024, "one a processor", "the plan is the same for any number", false},
    {0},
};

const ms_option ms_options_posture[] = {
    {"by", 0, MS_VALUE_CHOICE, "item|class", 0, 0, "item", "what a row stands for", false},
    {"partner", 0, MS_VALUE_TEXT, "ID", 0, 0, "all, combined", "one partner's stock against its own demand", false},
    {"site", 0, MS_VALUE_TEXT, "ID", 0, 0, "all", "only these sites; * and ? stand for letters", false},
    {"item", 0, MS_VALUE_TEXT, "ID", 0, 0, "all", "only these items, or a class; * and ? stand for letters", false},
    {"target", 0, MS_VALUE_NUMBER, "DAYS", 0.01, 3660, "7", "green from here on, where no reserve says otherwise",
     false},
    {"map", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "a heat map, sites by days, instead of the table", false},
    {0},
};

const ms_option ms_options_explain[] = {
    {"most", 0, MS_VALUE_COUNT, "N", 1, 1000000, "5", "how many shortfalls to explain, the worst first", false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "60", "leave the rest unproven after this long", false},
    {"no-verify", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "do not solve again to prove each claim", false},
    {"contingency", 0, MS_VALUE_TEXT, "ID,ID", 0, 0, "none",
     "why these would hurt: plan with them too, and explain what changes", false},
    {0},
};

const ms_option ms_options_merge[] = {
    {"threads", 0, MS_VALUE_COUNT, "N", 1, 1024, "one a processor", "for the base plan", false},
    {"svg", 0, MS_VALUE_FILE, "FILE.svg", 0, 0, "none", "also draw it", false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "none", "stop after this long", true},
    {0},
};

const ms_option ms_options_map[] = {
    {"output", 'o', MS_VALUE_FILE, "FILE.svg", 0, 0, "standard output", "file to write", false},
    {0},
};

const ms_option ms_options_report[] = {
    {"output", 'o', MS_VALUE_FILE, "FILE.html|FILE.xlsx", 0, 0, NULL, "file to write: a page, or a workbook", false},
    {"language", 0, MS_VALUE_CHOICE, "en|ko", 0, 0, "en", "English or Korean", false},
    {"contingencies", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "also plan each contingency of the case, and rank them",
     false},
    {"no-verify", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "do not plan again to prove what each option saves", false},
    {"time-limit", 0, MS_VALUE_NUMBER, "SECONDS", 0.001, 1e9, "60", "leave the rest unproven after this long", false},
    {0},
};

const ms_option ms_options_serve[] = {
    {"listen", 0, MS_VALUE_TEXT, "ADDRESS", 0, 0, "127.0.0.1",
     "listen here; beyond this machine it wants TLS and tokens", false},
    {"port", 0, MS_VALUE_COUNT, "N", 1, 65535, "a free one", "the port", false},
    {"tls-cert", 0, MS_VALUE_FILE, "FILE.pem", 0, 0, "none", "the certificate for TLS", false},
    {"tls-key", 0, MS_VALUE_FILE, "FILE.pem", 0, 0, "none", "its private key", false},
    {"behind-proxy", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "a proxy in front of it does TLS", false},
    {"tokens", 0, MS_VALUE_FILE, "FILE.csv", 0, 0, "one, in the link", "who may do what: rows of name, role, token",
     false},
    {"work", 0, MS_VALUE_FOLDER, "DIR", 0, 0, "this folder", "where the pages make a new case, when none is given",
     false},
    {"read-only", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "nobody may change the case or the book; needs no key", false},
    {"exchange", 0, MS_VALUE_FOLDER, "DIR", 0, 0, "none",
     "keep releases here, for `exchange send` and `fetch` of partners with a courier's token", false},
    {"places", 0, MS_VALUE_FILE, "FILE.csv", 0, 0, "none",
     "where the pages may send to and fetch from: rows of name, place (a folder or https://...), token, ca (files)",
     false},
    {"threads", 0, MS_VALUE_COUNT, "N", 1, 1024, "one a processor", "for planning", false},
    {0},
};

const ms_option ms_options_gen[] = {
    {"size", 0, MS_VALUE_CHOICE, "S|M|L|XL", 0, 0, "S", "the sizes that the benchmarks use", false},
    {"sites", 0, MS_VALUE_COUNT, "N", 1, 1e6, "the size's", "sites", false},
    {"lanes", 0, MS_VALUE_COUNT, "N", 1, 1e7, "the size's", "lanes", false},
    {"items", 0, MS_VALUE_COUNT, "N", 1, 1e5, "the size's", "items", false},
    {"days", 0, MS_VALUE_COUNT, "N", 1, 3660, "the size's", "days", false},
    {"partners", 0, MS_VALUE_COUNT, "N", 1, 1000, "the size's", "partners", false},
    {"seed", 0, MS_VALUE_COUNT, "N", 0, 1e15, "1", "another seed gives another case", false},
    {0},
};

const ms_option ms_options_book_init[] = {
    {"partner", 0, MS_VALUE_TEXT, "ID", 0, 0, NULL, "whose book it is: an id of partners.csv; needed", false},
    {"passphrase", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "ask for a passphrase and keep the key under it", false},
    {0},
};

const ms_option ms_options_book_import[] = {
    {"dry-run", 'n', MS_VALUE_NONE, NULL, 0, 0, NULL, "only say what would change", false},
    {0},
};

const ms_option ms_options_book_export[] = {
    {"as-of", 0, MS_VALUE_COUNT, "ENTRY", 1, 1e15, "the last", "as the book was after this entry", false},
    {"combined", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "with what partners gave, as plans see it", false},
    {"replace", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "an older case in DIR may go", false},
    {0},
};

const ms_option ms_options_book_rebuild[] = {
    {"from", 0, MS_VALUE_FILE, "BACKUP", 0, 0, NULL, "take what is lost from this older copy of the book", false},
    {"cut", 0, MS_VALUE_NONE, NULL, 0, 0, NULL,
     "keep what comes before the first entry that is lost, and lose the rest", false},
    {0},
};

const ms_option ms_options_book_key[] = {
    {"rotate", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "a new key, which the present one signs", false},
    {"replace", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "a new key, because the present one is lost or stolen", false},
    {"passphrase", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "ask for a passphrase and keep the new key under it", false},
    {"new-passphrase-file", 0, MS_VALUE_FILE, "FILE", 0, 0, NULL, "its first line is that passphrase", false},
    {0},
};

const ms_option ms_options_book_log[] = {
    {"most", 0, MS_VALUE_COUNT, "N", 1, 1e9, "20", "how many entries to show", false},
    {"all", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "all of them", false},
    {"from", 0, MS_VALUE_COUNT, "ENTRY", 1, 1e15, "the last ones", "the first entry to show", false},
    {"kind", 0, MS_VALUE_TEXT, "KIND", 0, 0, "all", "only entries of this kind", false},
    {"key", 0, MS_VALUE_TEXT, "TEXT", 0, 0, "all", "only entries about what begins with this", false},
    {0},
};

/* What every step of an order may say. */
#define STEP_OPTIONS                                                                                                \
    {"date", 0, MS_VALUE_TEXT, "DATE", 0, 0, "today, in UTC", "when it was done, such as 2026-03-01", false},       \
        {"reference", 0, MS_VALUE_TEXT, "TEXT", 0, 0, NULL, "number of a paper: waybill, invoice, payment", false}, \
    {                                                                                                               \
        "note", 0, MS_VALUE_TEXT, "TEXT", 0, 0, NULL, "words for people: a reason, what was given", false           \
    }

const ms_option ms_options_ledger_request[] = {
    {"site", 0, MS_VALUE_TEXT, "SITE", 0, 0, NULL, "where it is wanted", false},
    {"need-by", 0, MS_VALUE_TEXT, "DATE", 0, 0, NULL, "when it is needed", false},
    STEP_OPTIONS,
    {0},
};

const ms_option ms_options_ledger_offer[] = {
    {"price", 0, MS_VALUE_TEXT, "P", 0, 0, "the item's value in the case", "of one unit; lift and entry: of a tonne",
     false},
    {"currency", 0, MS_VALUE_TEXT, "CODE", 0, 0, "the agreement's, else the case's", "of the price", false},
    {"settlement", 0, MS_VALUE_CHOICE, "cash|in-kind|equal-value", 0, 0, NULL,
     "how it is repaid; else as the agreement says", false},
    {"due-days", 0, MS_VALUE_COUNT, "DAYS", 0, 36600, "the agreement's", "days from receipt by which it is repaid",
     false},
    STEP_OPTIONS,
    {0},
};

const ms_option ms_options_ledger_step[] = {STEP_OPTIONS, {0}};

const ms_option ms_options_ledger_word[] = {
    {"of", 0, MS_VALUE_TEXT, "CODE", 0, 0, "the only one", "which issue or settlement, by its code", false},
    STEP_OPTIONS,
    {0},
};

#define LEDGER_VIEW_OPTIONS                                                                                       \
    {"partner", 0, MS_VALUE_TEXT, "PARTNER", 0, 0, "all", "only what is between the book's partner and this one", \
     false},                                                                                                      \
    {                                                                                                             \
        "date", 0, MS_VALUE_TEXT, "DATE", 0, 0, "today, in UTC", "the day that it is looked at from", false       \
    }

const ms_option ms_options_ledger_status[] = {
    {"all", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "also orders that are over", false},
    LEDGER_VIEW_OPTIONS,
    {0},
};

const ms_option ms_options_ledger_view[] = {LEDGER_VIEW_OPTIONS, {0}};

const ms_option ms_options_ledger_statement[] = {
    {"output", 'o', MS_VALUE_FILE, "FILE", 0, 0, "standard output",
     "file to write; its ending says how: .txt, .csv, .json, .html to print and sign, .xlsx", false},
    {"date", 0, MS_VALUE_TEXT, "DATE", 0, 0, "today, in UTC", "the day that it is made for", false},
    {0},
};

const ms_option ms_options_ledger_propose[] = {
    {"make", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "make the requests, all or none", false},
    {"date", 0, MS_VALUE_TEXT, "DATE", 0, 0, "today, in UTC", "the date of the requests", false},
    {0},
};

const ms_option ms_options_exchange_init[] = {
    {"output", 'o', MS_VALUE_FILE, "FILE", 0, 0, "standard output", "file to write", false},
    {0},
};

const ms_option ms_options_exchange_trust[] = {
    {"fingerprint", 0, MS_VALUE_TEXT, "TEXT", 0, 0, NULL, "what it must be, as heard over the telephone", false},
    {"rhythm", 0, MS_VALUE_TEXT, "TEXT", 0, 0, NULL, "how often: hourly, 'daily 06:00Z', 'weekly mon 06:00Z'", false},
    {"revoke", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "trust the partner's key no longer", false},
    {0},
};

const ms_option ms_options_exchange_make[] = {
    {"output", 'o', MS_VALUE_FILE, "FILE", 0, 0, NULL, "file to write; needed", false},
    {"whole", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "everything anew, not what changed", false},
    {"again", 0, MS_VALUE_COUNT, "N", 1, 1e15, "the next", "an earlier release, as it was", false},
    {0},
};

const ms_option ms_options_exchange_place[] = {
    {"token", 0, MS_VALUE_FILE, "FILE", 0, 0, "none", "for a server: the courier's token, in a file of mode 0600",
     false},
    {"ca", 0, MS_VALUE_FILE, "FILE.pem", 0, 0, "the system's", "for a server: the authority behind its certificate",
     false},
    {"patience", 0, MS_VALUE_NUMBER, "SECONDS", 0.1, 1e6, "120",
     "for a server: how long to go on trying while nothing gets through", false},
    {0},
};

const ms_option ms_options_exchange_diff[] = {
    {"all", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "everything that the partner has released", false},
    {"read", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "count it as read from now on", false},
    {0},
};

const ms_option ms_options_help[] = {
    {"man", 0, MS_VALUE_FOLDER, "DIR", 0, 0, NULL, "write the man pages into this folder", false},
    {"completion", 0, MS_VALUE_CHOICE, "bash|zsh|fish", 0, 0, NULL, "print the completions of this shell", false},
    {"docs", 0, MS_VALUE_FOLDER, "DIR", 0, 0, NULL, "write the generated documents into this folder", true},
    {0},
};
