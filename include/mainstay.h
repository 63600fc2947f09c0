/* mainstay.h: the public interface of libmainstay, a combined sustainment planner.
 *
 *     ms_case *kase = NULL; ms_plan *plan = NULL; ms_error err = {0}; ms_findings findings = {0};
 *     if (ms_case_open(&kase, "examples/tiny", &findings, &err) == MS_OK &&
 *         ms_plan_make(&plan, kase, NULL, &err) == MS_OK)
 *         ms_plan_write(plan, "tiny.plan", false, &err);
 *     ms_plan_free(plan); ms_case_free(kase); ms_findings_free(&findings);
 *
 * Conventions. A function that can fail returns ms_status; outputs come first and stay untouched on failure. What a
 * function hands out through a ** belongs to the caller, who frees it with the function named there. `const char *`
 * results belong to the object asked. A case is immutable once opened and may be shared by threads; a plan keeps a
 * reference to its case's memory, so free the case last. Nothing here prints, exits or changes the locale.
 */
#ifndef MAINSTAY_H
#define MAINSTAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MS_VERSION "0.1.0"
#define MS_MUST_USE __attribute__((warn_unused_result))

/* ---- status and errors ---- */

typedef enum {
    MS_OK = 0,
    MS_BAD_INPUT, /* a file or a value from outside is wrong; the message says where */
    MS_USAGE,     /* the caller asked for something that does not exist or does not fit together */
    MS_LIMIT,     /* stopped at a limit (time, interrupt, size); a usable answer may exist, see the function */
    MS_INTERNAL,  /* a promise inside the program is broken */
    MS_NO_MEMORY,
    MS_NOT_FOUND, /* no such file or folder */
    MS_IO,        /* reading or writing failed */
    MS_CONFLICT   /* what the caller has seen has changed meanwhile; nothing was done */
} ms_status;

enum { MS_MESSAGE_BYTES = 512, MS_FILE_BYTES = 256 };

typedef struct {
    ms_status code;
    char message[MS_MESSAGE_BYTES]; /* UTF-8, one line, no final stop */
    char file[MS_FILE_BYTES];       /* "" when it concerns no file */
    int line, column;               /* from 1; 0 when unknown */
} ms_error;

typedef enum { MS_FINDING_ERROR, MS_FINDING_WARNING } ms_severity;

typedef struct {
    ms_severity severity;
    char *file; /* name within the case, such as "lanes.csv" */
    int line, column;
    char *message;
} ms_finding;

/* What reading a case found, all at once. Start with zeros; free with ms_findings_free. */
typedef struct {
    ms_finding *items;
    size_t count, capacity;
    size_t error_count, warning_count; /* all, also those past the cap */
} ms_findings;

enum { MS_FINDINGS_CAP = 10000 };
void ms_findings_free(ms_findings *findings);

/* ---- the processes of one job ---- */

/* In mainstay-mpi, under mpirun or Slurm, many processes run the same program and share the tasks of its long work; the
 * library in its plain build is always alone. begin comes first in the program, end last. All ranks make the same calls
 * and get the same answers; only rank 0 should speak. end of an exit status that tells of a failure ends the whole job.
 */
MS_MUST_USE ms_status ms_ranks_begin(int *argc, char ***argv, ms_error *err);
void ms_ranks_end(int exit_status, bool failed);
int ms_rank(void);       /* 0 .. count - 1 */
int ms_rank_count(void); /* 1 when alone */

/* ---- text that the library writes ---- */

/* A growing text buffer with a cap. Start with zeros (then the cap is 1 GiB). When memory is short or the cap is
 * reached `failed` is set, later writes do nothing, and the text is what fitted. text is NULL or zero-terminated. */
typedef struct {
    char *text;
    size_t length, capacity, cap;
    bool failed;
} ms_buf;

void ms_buf_put(ms_buf *buf, const char *text, size_t length);
void ms_buf_text(ms_buf *buf, const char *text);
void ms_buf_printf(ms_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ms_buf_reset(ms_buf *buf); /* empties it, keeps the memory and the cap */
void ms_buf_free(ms_buf *buf);

/* ---- the case ---- */

typedef struct ms_case ms_case;

/* Reads and validates the folder path. Every error and warning goes to *findings (may not be NULL). MS_BAD_INPUT when
 * there is an error among them: then *out stays untouched and err names the first. Free with ms_case_free. */
MS_MUST_USE ms_status ms_case_open(ms_case **out, const char *path, ms_findings *findings, ms_error *err);
void ms_case_free(ms_case *kase); /* NULL is allowed */
const char *ms_case_name(const ms_case *kase);

/* Progress of long work: stage is a short word ("read", "build", "solve combined", "solve alone US", "verify"), done
 * 0..1 or negative when unknown, eta_seconds negative when unknown. Return false to stop: the best answer so far is
 * kept. */
typedef bool (*ms_progress)(void *context, const char *stage, double done, double eta_seconds);

/* ---- the book: a partner's own store (docs/book.md) ---- */

typedef struct ms_book ms_book;

typedef struct {
    bool write;                      /* needs the secret key, which is in the file beside the book: PATH.key */
    const char *passphrase;          /* of that file; NULL: none */
    double wait_s;                   /* for another process that writes; 0 means 10 */
    int64_t (*clock)(void *context); /* UTC, milliseconds since 1970; NULL: the machine's */
    void *clock_context;
} ms_book_options;

/* True when path is a book by its looks: a database file. A case is a folder. */
bool ms_book_is_one(const char *path);
/* A new book of a partner, with a new key in PATH.key; neither may be there yet. Opened to write, whatever options say,
 * which may be NULL. Close with ms_book_close. */
MS_MUST_USE ms_status ms_book_create(ms_book **out, const char *path, const char *partner,
                                     const ms_book_options *options, ms_error *err);
/* Opens a book; options NULL: to read. Only opening to write needs the key: MS_USAGE when that is under a passphrase
 * and none was given. */
MS_MUST_USE ms_status ms_book_open(ms_book **out, const char *path, const ms_book_options *options, ms_error *err);
void ms_book_close(ms_book *book); /* NULL is allowed */
/* True when writing to the book at path needs a passphrase. */
bool ms_book_wants_passphrase(const char *path);

/* Gives a book another key, under passphrase (NULL: none). Rotating is signed by the key before, so that whoever
 * trusted that may trust the new one; the book is open to write. Replacing is for a key that is lost or stolen: the
 * book is open to read, the new key signs for itself, and only its fingerprint, read over the telephone, proves it. */
MS_MUST_USE ms_status ms_book_rotate_key(ms_book *book, const char *passphrase, ms_error *err);
MS_MUST_USE ms_status ms_book_replace_key(ms_book *book, const char *passphrase, ms_error *err);

/* What an import changed in one file: rows, and whether the way in which the file is written changed (order of rows,
 * line ends, quotes), which means nothing but comes out again on export. */
typedef struct {
    const char *file;
    size_t added, changed, removed;
    bool form;
} ms_book_change;

enum { MS_BOOK_FILES_MOST = 32 };
typedef struct {
    ms_book_change changes[MS_BOOK_FILES_MOST]; /* of the files in which something changed */
    int count;
    int64_t before, after; /* the last entry's number */
} ms_book_changes;

/* Makes the book's own rows those of a case that was read from a folder; writes only what differs, in one transaction.
 * keep false: only says what would change. */
MS_MUST_USE ms_status ms_book_import(ms_book_changes *out, ms_book *book, const ms_case *kase, bool keep,
                                     ms_error *err);

/* Proves a book: every entry is there, carries the hash of the one before, and is signed by the book's key; the tables
 * are what the log makes of them; no page of the file is damaged. Each breach is a finding, and so is, as a warning, a
 * key that was replaced without the one before it. *entries becomes how many were read. MS_BAD_INPUT when there is a
 * breach. Cost: about 0.1 ms an entry; progress may be NULL. */
MS_MUST_USE ms_status ms_book_verify(int64_t *entries, const char *path, ms_progress progress, void *progress_context,
                                     ms_findings *findings, ms_error *err);

/* What a rebuilding did. */
typedef struct {
    int64_t entries;          /* in the book now */
    int64_t from_backup;      /* of these, taken from the backup */
    char kept[MS_FILE_BYTES]; /* where the file as it was is now */
} ms_book_rebuilt;

/* Makes the book's file anew from the entries of its log; nobody else may have it open. An entry that cannot be read,
 * or is not right, is taken from backup (NULL: none), an older copy of the same book, and so is what follows the last.
 * When one is in neither: MS_BAD_INPUT, unless cut, which keeps what comes before it. The old file stays, renamed. */
MS_MUST_USE ms_status ms_book_rebuild(ms_book_rebuilt *out, const char *path, const char *backup, bool cut,
                                      ms_error *err);

/* What of a book is asked for. */
typedef struct {
    int64_t as_of; /* as the book was after this entry; 0: as it is */
    bool own;      /* only what the book says itself, as its files were imported; false: with what partners gave */
} ms_book_view;

/* The case in a book; view NULL means as it is, combined. Findings as with ms_case_open. Free with ms_case_free. */
MS_MUST_USE ms_status ms_book_case(ms_case **out, ms_book *book, const ms_book_view *view, ms_findings *findings,
                                   ms_error *err);
/* Writes the case in a book as a folder, whole or not at all; replace says whether an older case there may go. The own
 * files come out byte for byte as they were imported. */
MS_MUST_USE ms_status ms_book_export(ms_book *book, const ms_book_view *view, const char *path, bool replace,
                                     ms_error *err);

/* ---- exchange: releases between partners (docs/exchange.md) ---- */

/* The public half of the book's key as text to give to a partner, and its fingerprint, to be read over the telephone.
 * Appends. */
MS_MUST_USE ms_status ms_exchange_key(ms_buf *text, ms_buf *fingerprint, ms_book *book, ms_error *err);
/* Whose key text[0..length) is, and its fingerprint. Appends. file names it in errors. */
MS_MUST_USE ms_status ms_exchange_read_key(ms_buf *partner, ms_buf *fingerprint, const char *text, size_t length,
                                           const char *file, ms_error *err);
/* The same, appending whose key it is; MS_BAD_INPUT when `said`, of which only digits count, is not its fingerprint. */
MS_MUST_USE ms_status ms_exchange_check_key(ms_buf *partner, const char *text, size_t length, const char *file,
                                            const char *said, ms_error *err);
/* Trusts the key as that of partner name, in the place of any older one; or no longer trusts any. Entries of the log.
 */
MS_MUST_USE ms_status ms_exchange_trust(ms_book *book, const char *name, const char *text, size_t length,
                                        const char *file, ms_error *err);
MS_MUST_USE ms_status ms_exchange_distrust(ms_book *book, const char *name, ms_error *err);
/* How often releases are to come and go with a partner: "daily 06:00Z", "weekly mon 06:00Z", "hourly"; "" no rhythm. */
MS_MUST_USE ms_status ms_exchange_set_rhythm(ms_book *book, const char *partner, const char *rhythm, ms_error *err);
/* Takes over releases.csv or aliases.csv (file); what is wrong goes to findings, and then nothing has changed. */
MS_MUST_USE ms_status ms_exchange_set_rules(ms_book *book, const char *file, const char *text, size_t length,
                                            ms_findings *findings, ms_error *err);
/* Appends the file as it was last taken over. */
MS_MUST_USE ms_status ms_exchange_rules(ms_buf *out, ms_book *book, const char *file, ms_error *err);

/* A release was made or taken. */
typedef struct {
    char partner[65];
    int64_t number;
    bool whole;
    bool again;     /* taken before, or older than what has been taken: nothing was changed */
    bool recovered; /* made: the partner has releases that this book does not know, so the count goes on behind them */
    size_t records; /* set or dropped */
    size_t documents, refused; /* steps of the ledger; rows that could not be used: the giver's when taken, when made
                                  those of the reader's that he is told about */
    size_t rows;               /* taken: rows of the combined case that changed */
    char remark[256];          /* "" none */
} ms_release_note;

/* Makes the next release for a partner and appends the bundle to out. The book has it when this returns MS_OK; a bundle
 * that is lost on its way can be made again: number is that of a release made before, 0 the next. whole: all of the
 * picture anew, not what changed. */
MS_MUST_USE ms_status ms_exchange_make(ms_buf *out, ms_release_note *note, ms_book *book, const char *partner,
                                       int64_t number, bool whole, ms_error *err);
/* Takes a bundle: verified first, then applied whole or not at all. MS_BAD_INPUT when it is not what it should be, when
 * earlier ones are missing, or when it is another release of a number that was taken before: an alarm. */
MS_MUST_USE ms_status ms_exchange_take(ms_release_note *note, ms_book *book, const char *bytes, size_t length,
                                       const char *file, ms_error *err);
/* The file name under which a release travels: "JP-US-000000000012.release". Appends. */
void ms_exchange_name(ms_buf *out, const char *from, const char *to, int64_t number);

/* How a server that keeps releases is reached. */
typedef struct {
    const char *token_file; /* the courier's token, one line; nobody else may read the file. Needed */
    const char *ca_file;    /* PEM: the authorities whose certificates count; NULL: the system's */
    double patience_s;      /* how long to go on trying while nothing gets through; 0: 120 */
    double pause_s;         /* before the first new try; it doubles, up to 30; 0: 0.5 */
    /* Is told before each new try; NULL: nobody. */
    void (*retry)(void *context, const char *why, double pause_s);
    /* Whether to go on, asked several times a second while something is awaited; NULL: always. */
    bool (*goes_on)(void *context);
    /* Called before (begins) and after whatever waits for a place, a folder's too: meanwhile the book is not used, so
     * that others may. When it fails behind, nothing more is done with the book. NULL: none. */
    ms_status (*awaits)(void *context, bool begins, ms_error *err);
    void *context; /* of these */
} ms_link_options;

/* Is told of each release; wrong is not NULL where one was refused. */
typedef void (*ms_exchange_tell)(void *context, const ms_release_note *note, const ms_error *wrong);
/* Through a place that both sides reach, a folder or the address of a server (https://...; docs/exchange.md): sends the
 * next release to a partner (NULL: to each), and before it what the place lacks of those that were not acknowledged;
 * takes what is there and new. A release that is refused is told and does not stop the others. link is for an address
 * and may be NULL for a folder. */
MS_MUST_USE ms_status ms_exchange_send(ms_book *book, const char *place, const ms_link_options *link,
                                       const char *partner, ms_exchange_tell tell, void *context, ms_error *err);
MS_MUST_USE ms_status ms_exchange_fetch(ms_book *book, const char *place, const ms_link_options *link,
                                        const char *partner, ms_exchange_tell tell, void *context, ms_error *err);

/* From now on the changes in a partner's picture up to the last release taken count as read. */
MS_MUST_USE ms_status ms_exchange_mark_read(ms_book *book, const char *partner, ms_error *err);

/* ---- the plan ---- */

typedef struct ms_plan ms_plan;

/* MS_ENGINE_PRIMAL_DUAL is our own; where it comes to a stand before the gap asked for, AUTO goes on with LP if the
 * case is small enough for that. */
typedef enum { MS_ENGINE_AUTO, MS_ENGINE_PRIMAL_DUAL, MS_ENGINE_LP, MS_ENGINE_GREEDY } ms_engine;
typedef enum { MS_SIMD_AUTO, MS_SIMD_PLAIN, MS_SIMD_AVX2, MS_SIMD_AVX512 } ms_simd;

/* One point of a curve of gap against time. */
typedef struct {
    double seconds; /* since the planning began */
    long long iterations;
    double objective, bound; /* INFINITY, -INFINITY: none yet */
} ms_trace_point;

typedef struct {
    ms_engine engine;
    double gap;           /* stop when proven within this share of the best; 0 means 1e-4 */
    double time_limit;    /* seconds of wall time for everything; 0 = none */
    bool alone;           /* also plan each partner alone */
    const char *write_lp; /* NULL, or a file to write the combined LP to, as free MPS */
    ms_progress progress; /* may be NULL */
    void *progress_context;
    int threads;  /* 0: one a processor; the plan is the same bytes for any number */
    ms_simd simd; /* vectors of the machine; the plan is the same bytes for any */
    void (*trace)(void *context, const ms_trace_point *point); /* NULL, or called at each better plan or bound */
    void *trace_context;
    const char *const *contingencies; /* ids to apply first */
    size_t contingency_count;
} ms_plan_options;

/* Plans the case. options NULL means defaults with alone on. MS_OK also when the time limit or progress stopped it: the
 * plan is then the best found, valid, with its proven gap, and ms_plan_stopped says so. Free with ms_plan_free. */
MS_MUST_USE ms_status ms_plan_make(ms_plan **out, const ms_case *kase, const ms_plan_options *options, ms_error *err);
void ms_plan_free(ms_plan *plan); /* NULL is allowed */

/* A plan kept in a book: what makes it again, byte for byte. */
typedef struct {
    int64_t position;        /* the case is that of the book after this entry, combined */
    ms_plan_options options; /* engine, gap, alone and contingencies count */
    char digest[65];         /* over the plan's folder */
    char version[32];        /* of the program that made it */
    char **ids;              /* memory of the contingencies */
} ms_kept_plan;

/* The last entry's number. */
MS_MUST_USE ms_status ms_book_position(int64_t *out, ms_book *book, ms_error *err);
/* Keeps a plan that was made, with these options, from the book as it was after entry position, and written to folder;
 * *number becomes its entry's. name is for people. The book is open to write. */
MS_MUST_USE ms_status ms_book_keep_plan(int64_t *number, ms_book *book, int64_t position,
                                        const ms_plan_options *options, const char *name, const char *folder,
                                        double objective, double bound, ms_error *err);
/* The plan that entry number keeps. Free with ms_kept_plan_free, which takes zeros too. */
MS_MUST_USE ms_status ms_book_kept_plan(ms_kept_plan *out, ms_book *book, int64_t number, ms_error *err);
void ms_kept_plan_free(ms_kept_plan *kept);
/* BLAKE2b-256 over names and bytes of the files in a folder, as hexadecimal text. */
MS_MUST_USE ms_status ms_book_folder_digest(char hex[65], const char *folder, ms_error *err);

/* Writes the plan as a folder, whole or not at all; replace says whether an older plan there may go. */
MS_MUST_USE ms_status ms_plan_write(const ms_plan *plan, const char *path, bool replace, ms_error *err);
/* Reads a plan folder and the copy of the case inside it. Free the plan, then the case. */
MS_MUST_USE ms_status ms_plan_open(ms_plan **out, ms_case **case_out, const char *path, ms_findings *findings,
                                   ms_error *err);

double ms_plan_objective(const ms_plan *plan);
double ms_plan_bound(const ms_plan *plan);
double ms_plan_gap(const ms_plan *plan);     /* (objective - bound) / max(1e-9, |objective|) */
double ms_plan_seconds(const ms_plan *plan); /* wall time of ms_plan_make; 0 for a plan that was read */
bool ms_plan_stopped(const ms_plan *plan);
const char *ms_plan_contingency(const ms_plan *plan, size_t ix); /* the ix-th in force; NULL past the last */

/* ---- a plan taken up again ---- */

typedef struct ms_replan ms_replan;

typedef struct {
    double at_day;                    /* of the old plan: a whole day on which a period begins */
    const char *const *contingencies; /* ids that the old plan did not know of */
    size_t contingency_count;
    ms_engine engine; /* these as in ms_plan_options */
    double gap, time_limit;
    bool alone;
    int threads;
    ms_progress progress;
    void *progress_context;
} ms_replan_options;

/* Plans anew from a day on: what has left by then arrives, or is lost where a contingency says so; nothing but the
 * contingencies named, and those that the old plan knew, is known. Of equally good plans it is one that changes little
 * of what was ordered. The old plan must outlive *out; free with ms_replan_free. */
MS_MUST_USE ms_status ms_replan_make(ms_replan **out, const ms_plan *before, const ms_replan_options *options,
                                     ms_error *err);
void ms_replan_free(ms_replan *replan); /* NULL is allowed */
/* The new plan, whose case begins on that day; it belongs to the replan. */
const ms_plan *ms_replan_plan(const ms_replan *replan);

/* ---- the check by a stranger ---- */

/* Recomputes C1 to C10, the objective and the bound of the plan folder against the case. Each breach is a finding whose
 * message begins with its label. MS_OK when all holds, MS_BAD_INPUT when not. *report (may be NULL) gets a short
 * account. */
MS_MUST_USE ms_status ms_check_plan(const ms_case *kase, const char *plan_path, ms_findings *findings, ms_buf *report,
                                    ms_error *err);

/* ---- views: what people and other programs read ---- */

typedef enum { MS_FORMAT_TEXT, MS_FORMAT_CSV, MS_FORMAT_JSON } ms_format;

/* How to write: text within `width` columns (0 means 80), with terminal colours or without, UTF-8 drawing characters or
 * plain ASCII. CSV and JSON ignore these three. Of the long lists of exchange and ledger, CSV and JSON have the rows
 * with `search` in one of their texts (NULL: all), of these `limit` (0: all) from `offset` on; with a limit, JSON says
 * how many there are as "total". */
typedef struct {
    ms_format format;
    int width;
    bool colour, ascii;
    const char *search;
    size_t offset, limit;
} ms_view;

/* Languages of what is written for a commander or read by a combined staff. */
typedef enum { MS_LANGUAGE_EN, MS_LANGUAGE_KO, MS_LANGUAGES } ms_language;

/* What the case holds: rows by table, partners, span, tonnes wanted and on hand by class. */
MS_MUST_USE ms_status ms_report_case(ms_buf *out, const ms_case *kase, const ms_view *view, ms_error *err);

/* What an import changed, file by file. */
MS_MUST_USE ms_status ms_report_import(ms_buf *out, const ms_book_changes *changes, const ms_view *view, ms_error *err);

typedef struct {
    int64_t from;     /* the first entry to show; 0: so that the last `most` are shown */
    int64_t most;     /* 0: all */
    const char *kind; /* NULL: all */
    const char *key;  /* NULL, or what the key begins with */
} ms_log_options;

/* A book's log: number, time, kind, key and, in words, what is in each entry. options NULL: all of it. */
MS_MUST_USE ms_status ms_report_log(ms_buf *out, ms_book *book, const ms_log_options *options, const ms_view *view,
                                    ms_error *err);
/* One entry in full. */
MS_MUST_USE ms_status ms_report_entry(ms_buf *out, ms_book *book, int64_t number, const ms_view *view, ms_error *err);
/* What a book is: whose, its key, how much is in it. */
MS_MUST_USE ms_status ms_report_book(ms_buf *out, ms_book *book, const ms_view *view, ms_error *err);

/* What query, one SELECT over the views of docs/book.md, says of a book. MS_BAD_INPUT says what is wrong with it;
 * nothing but reading this book is allowed. */
MS_MUST_USE ms_status ms_report_sql(ms_buf *out, ms_book *book, const char *query, const ms_view *view, ms_error *err);

/* The story of a plan (what was solved, how well; demand met combined and alone; first shortfalls and their reason;
 * bottlenecks; what crosses between partners). path names the plan's folder in the closing lines; NULL for none. */
MS_MUST_USE ms_status ms_report_plan(ms_buf *out, const ms_plan *plan, const char *path, const ms_view *view,
                                     ms_error *err);

/* What a movement staff has to do: departures cancelled, diverted, delayed, advanced and added, each with quantity and
 * date; and what falls short if the old orders stand, and with the new plan. path names the new plan's folder; NULL for
 * none. */
MS_MUST_USE ms_status ms_report_replan(ms_buf *out, const ms_replan *replan, const char *path, const ms_view *view,
                                       ms_error *err);

typedef enum { MS_POSTURE_BY_ITEM, MS_POSTURE_BY_CLASS } ms_posture_by;

typedef struct {
    ms_posture_by by;
    const char *partner;     /* NULL: combined; else that partner's stock against its own demand */
    const char *site, *item; /* NULL, or an id or pattern; item matches an item or a class */
    double target_days;      /* green from here on where no reserve says otherwise; 0 means 7 */
    bool map;                /* heat map, sites by days, instead of the table */
} ms_posture_options;

/* Days of supply by site, item or class, and day; the first day short; red, amber or green. Without a plan it is what
 * stock on hand, supply and commitments give if nothing else moves. options NULL means defaults. */
MS_MUST_USE ms_status ms_report_posture(ms_buf *out, const ms_case *kase, const ms_plan *plan,
                                        const ms_posture_options *options, const ms_view *view, ms_error *err);

/* What differs between two plans, in a planner's words. Both may come from different cases; rows are matched by id. */
MS_MUST_USE ms_status ms_report_compare(ms_buf *out, const ms_plan *before, const ms_plan *after, const ms_view *view,
                                        ms_error *err);

typedef struct {
    const char *demand; /* NULL: the worst; else a demand id or a pattern */
    int most;           /* how many shortfalls to explain; 0 means 5 */
    bool verify;        /* solve again with the limit eased */
    ms_progress progress;
    void *progress_context;
    const ms_plan *beyond; /* NULL, or a plan of the same tables: only what falls short more than there */
} ms_explain_options;

/* For each shortfall what binds and what easing it would save. */
MS_MUST_USE ms_status ms_report_reasons(ms_buf *out, const ms_plan *plan, const ms_explain_options *options,
                                        const ms_view *view, ms_error *err);

/* Why a contingency hurts: where the flow of `after`, a plan of the same case with it in force, goes instead of that of
 * `before`, what is then full, and for each shortfall that `before` does not have what binds. */
MS_MUST_USE ms_status ms_report_hurt(ms_buf *out, const ms_plan *before, const ms_plan *after,
                                     const ms_explain_options *options, const ms_view *view, ms_error *err);

/* Whom the book trusts, since when, by which fingerprint, at what rhythm. */
MS_MUST_USE ms_status ms_report_partners(ms_buf *out, ms_book *book, const ms_view *view, ms_error *err);
/* For each partner what was given and taken last, how old the picture is, whether anything is late, unread or refused.
 */
MS_MUST_USE ms_status ms_report_exchange(ms_buf *out, ms_book *book, const ms_view *view, ms_error *err);
/* What the next release for a partner would say, record by record, and what has changed in it since the last one. */
MS_MUST_USE ms_status ms_report_preview(ms_buf *out, ms_book *book, const char *partner, const ms_view *view,
                                        ms_error *err);
/* Rows that could not be used, with the reasons: the partner's here, and ours there. */
MS_MUST_USE ms_status ms_report_refused(ms_buf *out, ms_book *book, const char *partner, const ms_view *view,
                                        ms_error *err);
/* What has changed in a partner's picture since somebody last read it; all of it: since nothing was known. */
MS_MUST_USE ms_status ms_report_changes(ms_buf *out, ms_book *book, const char *partner, bool all, const ms_view *view,
                                        ms_error *err);

/* What partners (NULL: all) gave only as sums or as days of supply, which no plan counts on; nothing where there is
 * none. As text. */
MS_MUST_USE ms_status ms_report_stated(ms_buf *out, ms_book *book, const char *partner, const ms_view *view,
                                       ms_error *err);

/* A picture of the case, with the flows of a plan where there is one, as a self-contained SVG. */
MS_MUST_USE ms_status ms_report_map_svg(ms_buf *out, const ms_case *kase, const ms_plan *plan, ms_error *err);

/* ---- the server ---- */

typedef struct ms_server ms_server;

/* A file of an example that the pages offer to a reader who has no case yet. */
typedef struct {
    const char *example, *name; /* "tiny", "lanes.csv" */
    const char *bytes;
    size_t length;
} ms_example_file;

typedef struct {
    const char *path;                /* a case's folder or a book; NULL: begin without */
    const char *passphrase;          /* of the book's key; NULL: none */
    bool read_only;                  /* nothing may be changed; a book's key is not needed */
    const ms_example_file *examples; /* a row without an example at the end; NULL: none. Must outlive the server */
    const char *work;                /* the folder in which the pages make new cases; NULL: the current one */
    const char *listen;              /* an address; NULL: 127.0.0.1 */
    int port;                        /* 0: a free one */
    const char *certificate, *private_key; /* PEM files for TLS, or both NULL */
    bool behind_proxy;                     /* a proxy in front of it does TLS */
    const char *tokens;   /* CSV file: name, role, token; NULL (on a loopback address only): one is made for the link */
    int threads;          /* for planning; 0: one a processor */
    const char *exchange; /* a folder of releases that couriers put and get over HTTP; NULL: none. Wants tokens */
    const char *places;   /* CSV file of the places that releasers may send to and fetch from; NULL: none */
} ms_serve_options;

/* Starts to answer HTTP in threads of its own (docs/api.md). *findings (may not be NULL) gets what is wrong with the
 * case; what happens to it meanwhile is noticed, also when others do it. An address that other machines reach wants
 * TLS, or behind_proxy, and tokens: else MS_USAGE. Stop with ms_server_stop. */
MS_MUST_USE ms_status ms_server_start(ms_server **out, const ms_serve_options *options, ms_findings *findings,
                                      ms_error *err);
const char *ms_server_link(const ms_server *server); /* what to open; without a tokens file it carries the token */
void ms_server_stop(ms_server *server);              /* NULL is allowed */

/* ---- the ledger: cross-servicing orders between two partners ---- */

enum { MS_ORDER_CODE_BYTES = 80 };

/* One step of an order, as a person would say it. Texts; NULL where it is not said: then what follows from the order,
 * the agreement or the case holds. Quantities and money are plain decimals. */
typedef struct {
    const char *step;  /* request, offer, decline, accept, issue, receive, dispute, settle, cancel */
    const char *order; /* its code or a part of it; NULL for a request */
    const char *agreement, *item, *site, *need_by; /* of a request; need_by is a date */
    const char *quantity;                          /* item units; where an order is settled in money, the money */
    const char *price, *currency, *settlement, *due_days; /* of an offer */
    const char *of;                                       /* receive, dispute: code of the issue or settlement */
    const char *date;                                     /* NULL: today, by the book's clock, in UTC */
    const char *reference, *note;
    int steps_seen; /* how many steps the order had when this one was thought of; 0: whatever they are */
} ms_ledger_entry;

/* Signs the step with the book's key and writes it to the book; order becomes the order's code. A step that would have
 * no effect, or goes beyond what was agreed, is not written: MS_BAD_INPUT says why; MS_CONFLICT when the order has gone
 * on since steps_seen. The book must be open to write. */
MS_MUST_USE ms_status ms_ledger_take(char order[MS_ORDER_CODE_BYTES], ms_book *book, const ms_ledger_entry *entry,
                                     ms_error *err);

/* As ms_book_case, the agreements' limits less what the ledger has used up of them by then: used_t of agreements.csv.
 */
MS_MUST_USE ms_status ms_ledger_case(ms_case **out, ms_book *book, const ms_book_view *view, ms_findings *findings,
                                     ms_error *err);

/* What `ledger` shows, as of a date (NULL: today): one order with its steps; open orders and for whom they wait; who
 * owes whom how much of what; what is overdue. partner NULL: all. */
typedef struct {
    const char *order, *partner, *date;
    bool all;           /* status: also orders that are over */
    bool ours, overdue; /* status: only orders that this book's partner has to act on; only those overdue */
} ms_ledger_filter;
MS_MUST_USE ms_status ms_report_order(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                                      ms_error *err);
MS_MUST_USE ms_status ms_report_ledger(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                                       ms_error *err);
MS_MUST_USE ms_status ms_report_balance(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                                        ms_error *err);
MS_MUST_USE ms_status ms_report_overdue(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                                        ms_error *err);

/* The statement of account with filter->partner. It follows from the steps alone, so that both sides' books give the
 * same bytes once they hold the same steps. */
typedef enum {
    MS_STATEMENT_TEXT,
    MS_STATEMENT_CSV,
    MS_STATEMENT_JSON,
    MS_STATEMENT_HTML,
    MS_STATEMENT_XLSX
} ms_statement_format;
MS_MUST_USE ms_status ms_report_statement(ms_buf *out, ms_book *book, const ms_ledger_filter *filter,
                                          ms_statement_format format, ms_error *err);

/* The requests that the plan in the folder plan_path would need of this book's partner, less what is already on order.
 * make: also takes them, each as `request`, all or none. */
MS_MUST_USE ms_status ms_report_proposals(ms_buf *out, ms_book *book, const char *plan_path, bool make,
                                          const char *date, const ms_view *view, ms_error *err);

/* The fields, stages and rules of the ledger as Markdown, from the tables that the code uses. */
MS_MUST_USE ms_status ms_ledger_markdown(ms_buf *out, ms_error *err);

/* ---- many variations of one case ---- */

/* How exact, and where it runs. Results are the same bytes for any number of threads, ranks and shards. */
typedef struct {
    double gap;               /* of each scenario; 0 means 0.01 */
    int threads;              /* 0: one a processor; several ranks have one each */
    int shard, shards;        /* compute only the shard-th of shards parts (1..shards); 0: all */
    const char *checkpoint;   /* NULL, or a file that keeps each result; a later call goes on from it */
    const char *const *parts; /* checkpoints of other shards */
    size_t part_count;
    bool read_only; /* compute nothing: what is missing in parts is MS_BAD_INPUT */
    ms_progress progress;
    void *progress_context;
} ms_stress_options;

/* What a checkpoint was begun for. */
typedef struct {
    char mode[16]; /* "named", "sample", "each", "pairs", "worst", "rehearse" */
    double gap;
    long samples; /* of mode sample, as below */
    uint64_t seed;
    double precision;
    char what[32]; /* of modes each, pairs and worst, as in ms_rank_options; else "" */
    double from_day, for_days;
    int count;
    bool alone; /* of mode named, as in ms_named_options */
    char together[1024];
    double every_days, warning_days; /* of mode rehearse, as in ms_rehearsal_options */
} ms_stress_job;
MS_MUST_USE ms_status ms_stress_job_read(ms_stress_job *out, const char *checkpoint, ms_error *err);

/* ---- the named contingencies of a case ---- */

typedef struct ms_named ms_named;

typedef struct {
    bool alone;                  /* also what each partner alone would suffer */
    const char *const *together; /* NULL: each contingency by itself, and all together; else these together */
    size_t together_count;
} ms_named_options;

/* Holds each contingency of the case against its base plan; how->gap 0 means 1e-3 here. MS_OK also when progress
 * stopped it, or a shard has done its part: it then tells of those that were done. kase must outlive it; free with
 * ms_named_free. */
MS_MUST_USE ms_status ms_named_make(ms_named **out, const ms_case *kase, const ms_named_options *options,
                                    const ms_stress_options *how, ms_error *err);
void ms_named_free(ms_named *named); /* NULL is allowed */
bool ms_named_stopped(const ms_named *named);
bool ms_named_partial(const ms_named *named);
/* Worst first: what each contingency adds by priority and partner, from when to when, what runs dry first, what the
 * plan does instead, and what each partner alone would suffer. */
MS_MUST_USE ms_status ms_report_named(ms_buf *out, const ms_named *named, const ms_view *view, ms_error *err);
/* The same as a tornado chart, a self-contained SVG. */
MS_MUST_USE ms_status ms_report_named_svg(ms_buf *out, const ms_named *named, ms_error *err);

/* ---- the briefing ---- */

typedef enum { MS_BRIEFING_HTML, MS_BRIEFING_XLSX } ms_briefing_format;

typedef struct {
    ms_language language;
    bool verify; /* plan again to verify what would help; progress is asked on the way */
    ms_progress progress;
    void *progress_context;
    const ms_named *named;       /* NULL, or the contingencies of the plan's case */
    const ms_findings *findings; /* NULL, or what reading the case found: warnings are listed */
} ms_briefing_options;

/* What a commander is told of a plan: a page on its own, or a workbook. The same plan and options give the same bytes.
 * options NULL means defaults. */
MS_MUST_USE ms_status ms_report_briefing(ms_buf *out, const ms_plan *plan, const ms_briefing_options *options,
                                         ms_briefing_format format, ms_error *err);

/* The long lists of a plan, each as a table on its own: a workbook with the heads in a language, or CSV with the names
 * that programs know. A workbook's memory does not grow with the rows, but what it becomes is in out. */
typedef enum {
    MS_LIST_MOVEMENTS,
    MS_LIST_SHORTFALLS,
    MS_LIST_ORDERS,
    MS_LIST_ISSUES,
    MS_LIST_STOCK,
    MS_LISTS
} ms_plan_list;
extern const char *const ms_plan_list_words[MS_LISTS + 1]; /* "movements" ...; NULL at the end */
MS_MUST_USE ms_status ms_report_plan_csv(ms_buf *out, const ms_plan *plan, ms_plan_list which, ms_error *err);
MS_MUST_USE ms_status ms_report_plan_xlsx(ms_buf *out, const ms_plan *plan, ms_plan_list which, ms_language language,
                                          ms_error *err);

/* ---- scenarios by chance ---- */

enum { MS_SAMPLES_MOST = 1000000 };

typedef struct {
    long samples;  /* 1..MS_SAMPLES_MOST */
    uint64_t seed; /* below 2^53 */
    /* End once the mean and the CVaR of what is added are known within this share of themselves (95 %); 0: never. */
    double precision;
} ms_sample_options;

typedef struct ms_sample ms_sample;

/* Draws contingencies by their chance, as variations.csv says, and solves each scenario. MS_OK also when progress
 * stopped it or a shard has done its part: see below. kase must outlive it. Free with ms_sample_free. */
MS_MUST_USE ms_status ms_sample_make(ms_sample **out, const ms_case *kase, const ms_sample_options *options,
                                     const ms_stress_options *how, ms_error *err);
void ms_sample_free(ms_sample *sample);          /* NULL is allowed */
bool ms_sample_stopped(const ms_sample *sample); /* by progress: it tells of what there was in order until then */
bool ms_sample_partial(const ms_sample *sample); /* a shard: it tells of the scenarios before the first missing one */
/* The distribution of shortfall, which demands fail how often, what explains the worst. */
MS_MUST_USE ms_status ms_report_sample(ms_buf *out, const ms_sample *sample, const ms_view *view, ms_error *err);
/* The distribution as a self-contained SVG. */
MS_MUST_USE ms_status ms_report_sample_svg(ms_buf *out, const ms_sample *sample, ms_error *err);

/* ---- a rehearsal: the days played one by one ---- */

typedef struct ms_rehearsal ms_rehearsal;

typedef struct {
    long samples; /* how often contingencies are drawn by their chance; 1 or more */
    uint64_t seed;
    double every_days;   /* between reviews; a whole day on which a period begins */
    double warning_days; /* each contingency is known so long before it begins; 0: no second planner is warned */
} ms_rehearsal_options;

/* Plays each sample by planners who never plan again, who do at each review, who are warned besides, and who know all
 * from the start. how->gap is of each plan. MS_OK also when progress stopped it after some samples, or a shard has done
 * its part. kase must outlive it; free with ms_rehearsal_free. */
MS_MUST_USE ms_status ms_rehearsal_make(ms_rehearsal **out, const ms_case *kase, const ms_rehearsal_options *options,
                                        const ms_stress_options *how, ms_error *err);
void ms_rehearsal_free(ms_rehearsal *rehearsal); /* NULL is allowed */
bool ms_rehearsal_stopped(const ms_rehearsal *rehearsal);
bool ms_rehearsal_partial(const ms_rehearsal *rehearsal);
/* What fell short for each planner, and what planning again, warning and foresight are worth. */
MS_MUST_USE ms_status ms_report_rehearsal(ms_buf *out, const ms_rehearsal *rehearsal, const ms_view *view,
                                          ms_error *err);

/* ---- what hurts most ---- */

typedef enum {
    MS_RANK_EACH,  /* every single failure */
    MS_RANK_PAIRS, /* the worst pairs */
    MS_RANK_WORST  /* the set of N failures that hurts most */
} ms_rank_mode;

typedef struct {
    ms_rank_mode mode;
    const char *what;  /* what may fail, separated by commas: site, lane, fleet, partner; NULL or "": all four */
    double from_day;   /* when it closes */
    double for_days;   /* and for how long; 0: to the end of the case */
    int count;         /* how many pairs (0: 10), or N: 2 to 16 (0: 2) */
    double time_limit; /* seconds of wall time; 0: none */
} ms_rank_options;

typedef struct ms_ranking ms_ranking;

/* Closes things one by one, or several at once, and ranks them by what that adds to the shortfall (docs/stress.md). The
 * case must outlive the ranking. MS_OK also when the time limit or progress stopped it, or a shard has done its part:
 * see below; what is there holds. Free with ms_ranking_free. */
MS_MUST_USE ms_status ms_rank_make(ms_ranking **out, const ms_case *kase, const ms_rank_options *options,
                                   const ms_stress_options *how, ms_error *err);
void ms_ranking_free(ms_ranking *ranking); /* NULL is allowed */
bool ms_ranking_stopped(const ms_ranking *ranking);
bool ms_ranking_partial(const ms_ranking *ranking); /* other shards are missing */

/* The ranking as text, CSV or JSON; `most` rows on a screen (0: 20), all in files. */
MS_MUST_USE ms_status ms_report_ranking(ms_buf *out, const ms_ranking *ranking, int most, const ms_view *view,
                                        ms_error *err);
/* As a tornado chart, a self-contained SVG, of the `most` worst (0: 25). */
MS_MUST_USE ms_status ms_report_ranking_svg(ms_buf *out, const ms_ranking *ranking, int most, ms_error *err);

/* ---- made-up cases for trials and benchmarks ---- */

typedef struct {
    int sites, lanes, items, days; /* layers = items x partners */
    int partners;
    uint64_t seed;
} ms_gen_options;

/* Sizes by name: "S", "M", "L", "XL" (docs/bench.md). MS_USAGE for another name. */
MS_MUST_USE ms_status ms_gen_size(ms_gen_options *out, const char *name, ms_error *err);
/* Writes a random but plausible case as a folder; the same options give the same bytes. */
MS_MUST_USE ms_status ms_gen_write(const char *path, const ms_gen_options *options, ms_error *err);

/* The case format as Markdown, from the table that the reader uses. */
MS_MUST_USE ms_status ms_format_markdown(ms_buf *out, ms_error *err);
/* The plan format as Markdown, from the tables that writer and reader use. */
MS_MUST_USE ms_status ms_plan_format_markdown(ms_buf *out, ms_error *err);
/* The API of the server as Markdown, from the table that it answers by. */
MS_MUST_USE ms_status ms_api_markdown(ms_buf *out, ms_error *err);
/* The files of an empty case, ix from 0: the name ("case.json", "partners.csv", ...), NULL past the last; and what is
 * in it: a header row with every column. MS_USAGE when there is no such file. */
const char *ms_format_file_name(int ix);
MS_MUST_USE ms_status ms_format_file_empty(ms_buf *out, int ix, ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
