/* team.c: threads that look about for a moment before they sleep: barriers come every few microseconds, runs every few
 * hundred, and waking a thread takes as long as an iteration of a middling case. */
#include "base/team.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/status.h"

typedef struct {
    ms_team *team;
    pthread_t thread;
    int part;
    atomic_int processor; /* where it was at the start of the last run */
} member;

struct ms_team {
    int size;
    member *members; /* [size]; the first is the caller */
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    atomic_ulong round; /* of runs; changes under lock */
    atomic_int at_work; /* falls to 0 under lock */
    atomic_bool over;   /* changes under lock */
    ms_team_work work;
    void *context;
    int parts; /* of the run there is */
    atomic_int met;
    atomic_ulong meeting;
};

/* One turn of waiting for something that should come soon: a few tens of microseconds without giving way, then giving
 * way to others. False after about a millisecond in all. */
static bool wait_a_turn(int turn)
{
    const int own = 2000, most = 4000;
#if defined __x86_64__
    if (turn < own) {
        __builtin_ia32_pause();
        return true;
    }
#endif
    sched_yield();
    return turn < most;
}

int ms_team_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

/* A thread that was woken is often put beside the one that woke it, where the two take turns for many milliseconds
 * while other processors idle. So it goes to one that no member before it is on, and is free to be moved from there. */
static void leave_company(member *self)
{
    cpu_set_t allowed, elsewhere;
    int here = sched_getcpu();
    bool alone = true;
    atomic_store_explicit(&self->processor, here, memory_order_relaxed);
    for (int i = 0; i < self->part; i++)
        alone = alone && atomic_load_explicit(&self->team->members[i].processor, memory_order_relaxed) != here;
    if (alone || here < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    elsewhere = allowed;
    for (int i = 0; i < self->part; i++) {
        int taken = atomic_load_explicit(&self->team->members[i].processor, memory_order_relaxed);
        if (taken >= 0 && taken < CPU_SETSIZE)
            CPU_CLR(taken, &elsewhere);
    }
    if (CPU_COUNT(&elsewhere) > 0 && sched_setaffinity(0, sizeof elsewhere, &elsewhere) == 0)
        sched_setaffinity(0, sizeof allowed, &allowed);
}

/* Waits for the next run. False when there is none any more. */
static bool wait_for_run(ms_team *team, unsigned long served)
{
    for (int turn = 0; wait_a_turn(turn); turn++)
        if (atomic_load_explicit(&team->round, memory_order_acquire) != served || atomic_load(&team->over))
            return !atomic_load(&team->over);
    pthread_mutex_lock(&team->lock);
    while (atomic_load(&team->round) == served && !atomic_load(&team->over))
        pthread_cond_wait(&team->start, &team->lock);
    pthread_mutex_unlock(&team->lock);
    return !atomic_load(&team->over);
}

static void *serve(void *argument)
{
    member *self = argument;
    ms_team *team = self->team;
    for (unsigned long served = 0; wait_for_run(team, served); served++) {
        leave_company(self);
        team->work(team->context, self->part, team->size);
        pthread_mutex_lock(&team->lock);
        if (atomic_fetch_sub_explicit(&team->at_work, 1, memory_order_acq_rel) == 1)
            pthread_cond_signal(&team->done);
        pthread_mutex_unlock(&team->lock);
    }
    return NULL;
}

/* Waits until all others have done their parts. */
static void wait_for_others(ms_team *team)
{
    for (int turn = 0; wait_a_turn(turn); turn++)
        if (atomic_load_explicit(&team->at_work, memory_order_acquire) == 0)
            return;
    pthread_mutex_lock(&team->lock);
    while (atomic_load(&team->at_work) > 0)
        pthread_cond_wait(&team->done, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

ms_status ms_team_make(ms_team **out, int threads, ms_error *err)
{
    ms_team *team = ms_alloc(1, sizeof *team);
    if (!team)
        return ms_error_memory(err);
    team->members = ms_alloc((size_t)(threads > 1 ? threads : 1), sizeof *team->members);
    if (!team->members) {
        ms_free(team);
        return ms_error_memory(err);
    }
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->start, NULL);
    pthread_cond_init(&team->done, NULL);
    team->size = 1;
    while (team->size < threads) {
        member *next = &team->members[team->size];
        next->team = team;
        next->part = team->size;
        if (pthread_create(&next->thread, NULL, serve, next) != 0)
            break;
        team->size++;
    }
    *out = team;
    return MS_OK;
}

void ms_team_free(ms_team *team)
{
    if (!team)
        return;
    pthread_mutex_lock(&team->lock);
    atomic_store(&team->over, true);
    pthread_cond_broadcast(&team->start);
    pthread_mutex_unlock(&team->lock);
    for (int i = 1; i < team->size; i++)
        pthread_join(team->members[i].thread, NULL);
    pthread_cond_destroy(&team->start);
    pthread_cond_destroy(&team->done);
    pthread_mutex_destroy(&team->lock);
    ms_free(team->members);
    ms_free(team);
}

int ms_team_size(const ms_team *team)
{
    return team->size;
}

void ms_team_run(ms_team *team, ms_team_work work, void *context)
{
    team->parts = team->size;
    if (team->size > 1) {
        pthread_mutex_lock(&team->lock);
        team->work = work;
        team->context = context;
        atomic_store_explicit(&team->members[0].processor, sched_getcpu(), memory_order_relaxed);
        atomic_store(&team->at_work, team->size - 1);
        atomic_fetch_add_explicit(&team->round, 1, memory_order_release);
        pthread_cond_broadcast(&team->start);
        pthread_mutex_unlock(&team->lock);
    }
    work(context, 0, team->size);
    if (team->size > 1)
        wait_for_others(team);
}

enum { ALONE, TOGETHER };

static int quicker_way(const ms_pace *pace)
{
    return pace->seconds[TOGETHER] <= pace->seconds[ALONE] ? TOGETHER : ALONE;
}

static bool both_known(const ms_pace *pace)
{
    return pace->seconds[ALONE] > 0 && pace->seconds[TOGETHER] > 0;
}

static int way_to_try(const ms_pace *pace)
{
    if (both_known(pace))
        return 1 - quicker_way(pace);
    return pace->seconds[TOGETHER] > 0 ? ALONE : TOGETHER;
}

/* The quicker way, but for a try of the other now and then. */
static int choose_way(ms_pace *pace)
{
    const int runs_together = 2;
    if (pace->trying == 0 && pace->left-- <= 0)
        pace->trying = way_to_try(pace) == TOGETHER ? runs_together : 1;
    return pace->trying > 0 ? way_to_try(pace) : quicker_way(pace);
}

/* Tries become more seldom while they confirm what was known. */
static void note_pace(ms_pace *pace, int way, double took)
{
    const double newest = 0.25;
    const int wait_first = 30, wait_most = 1000;
    int quicker = quicker_way(pace);
    if (pace->trying == 0) {
        pace->seconds[way] += newest * (took - pace->seconds[way]);
        return;
    }
    pace->fastest = pace->fastest > 0 && pace->fastest < took ? pace->fastest : took;
    if (--pace->trying > 0)
        return;
    pace->seconds[way] = pace->fastest;
    pace->fastest = 0;
    if (!both_known(pace))
        return;
    pace->wait = quicker == quicker_way(pace) && pace->wait > 0 ? pace->wait * 2 : wait_first;
    pace->wait = pace->wait < wait_most ? pace->wait : wait_most;
    pace->left = pace->wait;
}

ms_pace ms_pace_alone(void)
{
    return (ms_pace){.seconds = {[TOGETHER] = INFINITY}, .left = INT_MAX};
}

void ms_team_run_paced(ms_team *team, ms_pace *pace, double units, ms_team_work work, void *context)
{
    int way = team->size > 1 ? choose_way(pace) : ALONE;
    double start = ms_clock_seconds();
    if (way == TOGETHER) {
        ms_team_run(team, work, context);
    } else {
        team->parts = 1;
        work(context, 0, 1);
    }
    if (team->size > 1)
        note_pace(pace, way, (ms_clock_seconds() - start) / units);
}

void ms_team_meet(ms_team *team)
{
    if (team->parts == 1)
        return;
    unsigned long meeting = atomic_load_explicit(&team->meeting, memory_order_acquire);
    if (atomic_fetch_add_explicit(&team->met, 1, memory_order_acq_rel) + 1 == team->parts) {
        atomic_store_explicit(&team->met, 0, memory_order_relaxed);
        atomic_store_explicit(&team->meeting, meeting + 1, memory_order_release);
        return;
    }
    for (int turn = 0; atomic_load_explicit(&team->meeting, memory_order_acquire) == meeting; turn += turn < INT_MAX)
        wait_a_turn(turn);
}

int ms_team_share(int count, int part, int parts)
{
    return (int)((long long)count * part / parts);
}
