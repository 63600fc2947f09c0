/* desk_private.h: the parts of a desk (desk.h), for the files that make it up. */
#ifndef MS_SERVE_DESK_PRIVATE_H
#define MS_SERVE_DESK_PRIVATE_H

#include <pthread.h>

#include "serve/desk.h"
#include "serve/kept.h"

struct ms_held_plan {
    ms_plan_facts facts;
    ms_plan_order order;
    ms_held_case *base; /* what it is made of, from the order on */
    ms_case *varied;    /* with what was made up, or NULL */
    ms_plan *plan;      /* once it is done */
    int holders;        /* with the desk itself, until it is forgotten */
    bool cancelled;
};

/* What is open. `writing` comes before the desk's `lock` where both are taken. */
typedef struct {
    pthread_mutex_t writing; /* over all below; what is open stays so, and may be read without it */
    bool is_open;            /* set under the desk's lock */
    char *path;
    bool is_book, read_only;
    ms_book *book;    /* to write, or NULL: the folder needs none, or the key is not there */
    ms_error no_book; /* why it is NULL */
    uint64_t seen;    /* what the files looked like when they were last read */
    int64_t entries;  /* of the book then */
} ms_desk_place;

struct ms_desk {
    ms_desk_place place;
    pthread_t watcher;
    bool watching;        /* the thread runs */
    pthread_mutex_t lock; /* over all below but `kept`, which has its own */
    pthread_cond_t ordered, closes;
    ms_held_case *held;             /* or NULL */
    char trouble[MS_MESSAGE_BYTES]; /* why the place cannot be read now */
    int generations, version;
    ms_held_plan *plans[MS_DESK_PLANS]; /* in the order of their numbers */
    int plan_count, numbers;
    pthread_t planner;
    bool planning, closing; /* planning: the thread runs */
    int threads;
    ms_kept kept;
    ms_stream *listeners[MS_DESK_LISTENERS];
    int listener_count;
    bool hushed;
};

/* desk_plans.c: the thread that plans what is ordered, one at a time. */
void *ms_desk_plan_all(void *desk);
/* With the lock held. */
void ms_desk_drop_plan(ms_held_plan *held);
void ms_desk_drop_case(ms_held_case *held);

/* desk_case.c, with place.writing held: reads what is open and makes it the next generation unless it is the same.
 * findings get what reading found. */
ms_status ms_desk_reload(ms_desk *desk, ms_findings *findings, ms_error *err);
/* Puts a case in the place of the desk's; both are taken over, also on failure. */
ms_status ms_desk_put_case(ms_desk *desk, ms_case *kase, ms_findings *findings, ms_error *err);
void ms_desk_close_place(ms_desk *desk);

/* desk_book.c: what the files of a book look like; how many entries it has, and its case: *out becomes NULL where it
 * holds none yet. */
ms_status ms_desk_open_book(ms_desk *desk, const ms_desk_access *access, ms_error *err);
ms_status ms_desk_read_book_case(ms_case **out, int64_t *entries, ms_desk *desk, ms_findings *findings, ms_error *err);

#endif
