/* desk.h: what the server has before it: a folder or a book, the case in it, answers worth keeping, and who is
 * listening; and the jobs (job.h): plans and stress runs made of the case.
 *
 * A case in memory never changes; when somebody edits, here or with another program, a new one takes its place, and
 * whoever still reads the old one holds it. The same goes for jobs that are done. Texts of answers that follow from
 * their address alone are kept (the least recently used go first, beyond MS_DESK_KEEP_BYTES). All functions may be
 * called from any thread.
 */
#ifndef MS_SERVE_DESK_H
#define MS_SERVE_DESK_H

#include "base/json.h"
#include "book/book.h"
#include "case/edit.h"
#include "case/locate.h"
#include "serve/blob.h"
#include "serve/http.h"

enum { MS_DESK_WRITE_WAIT_S = 10, MS_DESK_KEEP_BYTES = 128 << 20, MS_DESK_LISTENERS = 1000, MS_DESK_BEAT_LOOKS = 30 };

typedef struct ms_desk ms_desk;

/* threads: for one job, 0 one a processor. Free with ms_desk_free. */
ms_status ms_desk_make(ms_desk **out, int threads, ms_error *err);
void ms_desk_free(ms_desk *desk); /* stops all jobs; NULL is allowed */

/* ---- what is open: a folder or a book (desk_case.c, desk_book.c) ---- */

typedef struct {
    const char *passphrase; /* of the book's key; NULL: none. Not needed any more once the book is open */
    bool read_only;         /* nothing that is open may be changed; a book's key is not asked for */
} ms_desk_access;

/* Opens the folder or the book path, once in the desk's life: MS_USAGE when something is open. access NULL: none of it.
 * findings (may not be NULL) get what reading found, also when it is refused. A book may hold no case yet, and a book
 * whose key is not there is open to read. From then on changes, other programs' too, are noticed within a second. */
ms_status ms_desk_open(ms_desk *desk, const char *path, const ms_desk_access *access, ms_findings *findings,
                       ms_error *err);
/* What is open: the folder or the book, or NULL; and the book, or NULL. Valid as long as the desk. */
const char *ms_desk_path(ms_desk *desk);
const char *ms_desk_book(ms_desk *desk);
/* True when what is open can be changed: not read-only, and a book's key is there. */
bool ms_desk_is_writable(ms_desk *desk);

/* The desk's book for one request, to read: a handle of its own, so that nobody waits; close it with ms_book_close.
 * MS_NOT_FOUND when no book is open. */
ms_status ms_desk_read_book(ms_book **out, ms_desk *desk, ms_error *err);
/* MS_NOT_FOUND when no book is open, MS_USAGE when it can only be read. */
ms_status ms_desk_check_book(ms_desk *desk, ms_error *err);
/* The same to write, one request at a time: others wait; MS_LIMIT when that would be for long (a job is at it). Each
 * transaction of the caller's ends with an entry that names who (docs/book.md, `by`). MS_USAGE when the book is open to
 * read only, or its key was changed. Give back with ms_desk_let_book, which undoes a transaction that was not
 * committed, and makes a new generation when the case has changed; do not call other functions of the desk that change
 * things meanwhile. */
ms_status ms_desk_write_book(ms_book **out, ms_desk *desk, const char *who, ms_error *err);
void ms_desk_let_book(ms_desk *desk, ms_book *book); /* NULL is allowed */

/* Looks whether what is open has changed, and reads it anew if so. Events: `case` {generation, trouble} for a new
 * generation or one that cannot be read (then the case stays as it was), `book` {entries} when the log has grown. */
void ms_desk_look(ms_desk *desk);
/* Why what is open now cannot be read, "" when it can: then the case is that of before. Returns out. */
char *ms_desk_trouble(char out[MS_MESSAGE_BYTES], ms_desk *desk);

/* ---- a new case (desk_start.c) ---- */

/* What a desk on which nothing is open offers: examples (a row without an example at the end; NULL: none; they outlive
 * the desk), and the folder (copied) in which a new case gets a folder of its own. */
ms_status ms_desk_offer(ms_desk *desk, const ms_example_file *examples, const char *work, ms_error *err);
const ms_example_file *ms_desk_examples(const ms_desk *desk); /* never NULL */
const char *ms_desk_work(const ms_desk *desk);
/* Makes a folder NAME (or NAME-2 ...) with these files, which are not freed, and opens it. When they are no case,
 * findings say why and nothing is made. */
ms_status ms_desk_start_case(ms_desk *desk, const char *name, const ms_case_file *files, int count,
                             ms_findings *findings, ms_error *err);

/* ---- the case ---- */

/* A case that is held, and what reading it found. */
typedef struct {
    ms_case *kase;
    ms_findings findings;
    ms_case_file *own; /* of a book's case the files that it says itself; NULL: those of the case */
    int own_count;
    int generation; /* rises with each new case */
    int holders;    /* the desk's */
} ms_held_case;

/* NULL when there is none yet. Give back with ms_desk_let_case. */
ms_held_case *ms_desk_hold_case(ms_desk *desk);
void ms_desk_let_case(ms_desk *desk, ms_held_case *held); /* NULL is allowed */

/* The file that can be edited, or NULL: of a book's case what the book says itself, without what partners gave. */
const ms_case_file *ms_held_case_own(const ms_held_case *held, const char *name);

/* ---- changing the case (desk_edit.c) ---- */

typedef struct {
    const ms_edit *edits;
    size_t count;
    int generation;  /* of which the rows' numbers are; an older one: rows count as what they said */
    bool check;      /* only tell what would come of it */
    const char *who; /* for the log */
} ms_desk_change;

typedef struct {
    ms_arena *arena;
    int generation;        /* of the desk now */
    bool done;             /* the case is the changed one now */
    ms_findings findings;  /* of the changed case, sorted */
    ms_cell_place *places; /* by finding: where in the files that can be edited */
    ms_edit_outcome edits; /* conflicts, and what undoes them */
} ms_desk_outcome;

/* Changes the case: the whole changed case is read first, and when anything in it is an error, MS_BAD_INPUT and nothing
 * has changed; so too on a conflict, which is no failure. A folder's files are saved all or none (case/save.h), each
 * change with a line in changes.log; a book gets `row` entries and a `by`. Free out with ms_desk_outcome_free, also on
 * failure. */
ms_status ms_desk_change_case(ms_desk_outcome *out, ms_desk *desk, const ms_desk_change *change, ms_error *err);
void ms_desk_outcome_free(ms_desk_outcome *outcome);

/* ---- answers worth keeping ---- */

/* Rises whenever a case is replaced, the book has grown or a job is forgotten: what was answered before may be wrong
 * from then on. */
int ms_desk_version(ms_desk *desk);
/* A kept answer that the caller holds, or NULL. */
ms_blob *ms_desk_kept(ms_desk *desk, const char *key);
void ms_desk_keep(ms_desk *desk, const char *key, ms_blob *blob);

/* ---- who is listening ---- */

/* A new stream of events, which gets all that is told from now on. The caller holds a reference. */
ms_status ms_desk_listen(ms_stream **out, ms_desk *desk, ms_error *err);
/* Tells everybody: event is a word, json any JSON text. */
void ms_desk_tell(ms_desk *desk, const char *event, const ms_buf *json);
/* Sends everybody a comment that means nothing: a line that is silent for long is cut by what stands in between, and of
 * one that has gone nobody learns but by sending. Done by the desk every MS_DESK_BEAT_LOOKS looks. */
void ms_desk_beat(ms_desk *desk);
/* Ends all streams, and takes no new ones. */
void ms_desk_hush(ms_desk *desk);

#endif
