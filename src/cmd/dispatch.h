/* dispatch.h: what a verb is, and what it is given when it runs.
 *
 * One table (verbs.c) has a row for every verb. The parser, `--help`, the man pages, the completions of the shells and
 * docs/commands.md are all made from its rows, so that they cannot disagree. A verb inside a group has two words in its
 * name ("book import"); the group itself is a row without a function, and its verbs follow it.
 */
#ifndef MS_CMD_DISPATCH_H
#define MS_CMD_DISPATCH_H

#include "mainstay.h"

#include "cmd/terminal.h"

/* What the program ends with. */
typedef enum {
    MS_EXIT_DONE = 0,
    MS_EXIT_INPUT = 1, /* bad input, or a file that cannot be read or written */
    MS_EXIT_USAGE = 2,
    MS_EXIT_STOPPED = 3, /* at a limit, with a usable answer */
    MS_EXIT_INTERNAL = 4 /* also: memory is short */
} ms_exit;

typedef enum {
    MS_VALUE_NONE, /* a switch; also the empty row that ends a list */
    MS_VALUE_TEXT,
    MS_VALUE_NUMBER, /* decimal, least..most */
    MS_VALUE_COUNT,  /* whole, least..most */
    MS_VALUE_CHOICE, /* one of the words in `argument`, separated by | */
    MS_VALUE_FILE,
    MS_VALUE_FOLDER,
    MS_VALUE_VERB /* a verb's name, or a topic of help */
} ms_value;

typedef struct {
    const char *name; /* without the dashes; NULL ends a list */
    char letter;      /* 0: none */
    ms_value value;
    const char *argument; /* what stands for the value in help: "DIR"; for a choice "auto|lp|greedy" */
    double least, most;
    const char *fallback; /* what holds when it is not given, for help; NULL: nothing to say */
    const char *help;     /* no capital, no final stop */
    bool hidden;          /* works, but is shown nowhere */
} ms_option;

typedef struct {
    const char *name; /* "CASE"; NULL ends a list */
    ms_value value;
    bool optional;
    const char *help;
} ms_operand;

typedef struct {
    const char *command; /* as typed */
    const char *remark;
} ms_example;

/* Options that many verbs share; a row names the sets that it takes. All take --help. */
enum {
    MS_COMMON_VIEW = 1,
    MS_COMMON_QUIET = 2,
    MS_COMMON_KEY = 4,
    MS_COMMON_RANKS = 8 /* no option: the verb shares its work among the ranks of an MPI job */
};

enum { MS_EXAMPLES_MOST = 6, MS_OPERANDS_MOST = 4, MS_WORDS_MOST = 4096, MS_OPTIONS_MOST = 40, MS_NAME_BYTES = 64 };

typedef struct ms_call ms_call;

typedef struct {
    const char *name;
    const char *synopsis; /* operands and the options that matter most */
    const char *summary;  /* one line, no capital, no final stop */
    const char *story;    /* paragraphs, separated by an empty line */
    ms_example examples[MS_EXAMPLES_MOST + 1];
    ms_operand operands[MS_OPERANDS_MOST + 1];
    bool many;                /* of the last operand there may be more, up to MS_WORDS_MOST words in all */
    const ms_option *options; /* ends with a row without a name; NULL: none of its own */
    unsigned common;
    ms_exit (*run)(ms_call *call); /* NULL: a group */
} ms_verb;

/* The table; ends with a row without a name. */
extern const ms_verb ms_verbs[];

/* A row of the short lists of the program's own page: exit statuses, variables, topics of help. They end with NULL. */
typedef struct {
    const char *name, *meaning;
} ms_row;

/* What the program's own page says. */
extern const char ms_program_summary[], ms_program_story[];
extern const ms_example ms_program_examples[];
extern const ms_row ms_program_exits[], ms_program_variables[], ms_program_topics[];

/* The ix-th option that verb takes, its own first and then the shared ones; NULL past the last. */
const ms_option *ms_verb_option(const ms_verb *verb, int ix);

/* The row called name (one word or two, with one space); NULL when there is none. */
const ms_verb *ms_verb_find(const ms_verb *verbs, const char *name);

/* True when name is that of a verb inside the group. */
bool ms_verb_within(const ms_verb *verb, const ms_verb *group);

/* What the words behind a verb said, checked against its row. Texts belong to argv. */
typedef struct {
    const char *values[MS_OPTIONS_MOST]; /* by option; NULL: not given; a switch that was given is "" */
    const char *operands[MS_WORDS_MOST];
    int operand_count;
    bool help; /* --help was given: nothing else was looked at */
} ms_args;

struct ms_call {
    const ms_verb *verb;
    ms_args args;
    ms_terminal terminal;
    ms_buf out;   /* what goes to standard output when the verb is done */
    ms_error err; /* why it failed; main reports it */
};

/* Runs the program: argv as main got it. Writes messages and the answer. */
ms_exit ms_dispatch(const ms_terminal *terminal, int argc, char **argv);

/* The functions of the table, one file each: verb_NAME.c. */
ms_exit ms_verb_init(ms_call *call);
ms_exit ms_verb_check(ms_call *call);
ms_exit ms_verb_plan(ms_call *call);
ms_exit ms_verb_posture(ms_call *call);
ms_exit ms_verb_explain(ms_call *call);
ms_exit ms_verb_replan(ms_call *call);
ms_exit ms_verb_stress(ms_call *call);
ms_exit ms_verb_rehearse(ms_call *call);
ms_exit ms_verb_compare(ms_call *call);
ms_exit ms_verb_map(ms_call *call);
ms_exit ms_verb_report(ms_call *call);
ms_exit ms_verb_serve(ms_call *call);
ms_exit ms_verb_merge(ms_call *call);
ms_exit ms_verb_gen(ms_call *call);
ms_exit ms_verb_ledger_step(ms_call *call);
ms_exit ms_verb_ledger_status(ms_call *call);
ms_exit ms_verb_ledger_balance(ms_call *call);
ms_exit ms_verb_ledger_overdue(ms_call *call);
ms_exit ms_verb_ledger_statement(ms_call *call);
ms_exit ms_verb_ledger_propose(ms_call *call);
ms_exit ms_verb_help(ms_call *call);
ms_exit ms_verb_book_init(ms_call *call);
ms_exit ms_verb_book_import(ms_call *call);
ms_exit ms_verb_book_export(ms_call *call);
ms_exit ms_verb_book_log(ms_call *call);
ms_exit ms_verb_book_show(ms_call *call);
ms_exit ms_verb_exchange_init(ms_call *call);
ms_exit ms_verb_exchange_trust(ms_call *call);
ms_exit ms_verb_exchange_partners(ms_call *call);
ms_exit ms_verb_exchange_rules(ms_call *call);
ms_exit ms_verb_exchange_aliases(ms_call *call);
ms_exit ms_verb_exchange_preview(ms_call *call);
ms_exit ms_verb_exchange_make(ms_call *call);
ms_exit ms_verb_exchange_take(ms_call *call);
ms_exit ms_verb_exchange_send(ms_call *call);
ms_exit ms_verb_exchange_fetch(ms_call *call);
ms_exit ms_verb_exchange_status(ms_call *call);
ms_exit ms_verb_exchange_diff(ms_call *call);
ms_exit ms_verb_exchange_refused(ms_call *call);
ms_exit ms_verb_book_verify(ms_call *call);
ms_exit ms_verb_book_rebuild(ms_call *call);
ms_exit ms_verb_book_sql(ms_call *call);
ms_exit ms_verb_book_key(ms_call *call);

#endif
