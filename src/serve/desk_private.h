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

struct ms_desk {
    pthread_mutex_t lock; /* over all below but `kept`, which has its own */
    pthread_cond_t ordered;
    ms_held_case *held; /* or NULL */
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
void ms_desk_drop_plan(ms_desk *desk, ms_held_plan *held);
void ms_desk_drop_case(ms_held_case *held);

#endif
