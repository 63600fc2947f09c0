/* team.c: threads that sleep between runs and spin for a moment at barriers, which in an iteration come every few
 * microseconds. */
#include "base/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/status.h"

typedef struct {
    ms_team *team;
    pthread_t thread;
    int part;
} member;

struct ms_team {
    int size;
    member *members; /* [size - 1]: parts 1 and on */
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    unsigned long round; /* of runs; under lock */
    int at_work;         /* under lock */
    bool over;
    ms_team_work work;
    void *context;
    atomic_int met;
    atomic_ulong meeting;
};

int ms_team_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

static void *serve(void *argument)
{
    member *self = argument;
    ms_team *team = self->team;
    unsigned long served = 0;
    for (;;) {
        pthread_mutex_lock(&team->lock);
        while (team->round == served && !team->over)
            pthread_cond_wait(&team->start, &team->lock);
        served = team->round;
        bool over = team->over;
        pthread_mutex_unlock(&team->lock);
        if (over)
            return NULL;
        team->work(team->context, self->part, team->size);
        pthread_mutex_lock(&team->lock);
        if (--team->at_work == 0)
            pthread_cond_signal(&team->done);
        pthread_mutex_unlock(&team->lock);
    }
}

ms_status ms_team_make(ms_team **out, int threads, ms_error *err)
{
    ms_team *team = ms_alloc(1, sizeof *team);
    if (!team)
        return ms_error_memory(err);
    team->members = ms_alloc((size_t)(threads > 1 ? threads - 1 : 0), sizeof *team->members);
    if (!team->members) {
        ms_free(team);
        return ms_error_memory(err);
    }
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->start, NULL);
    pthread_cond_init(&team->done, NULL);
    team->size = 1;
    while (team->size < threads) {
        member *next = &team->members[team->size - 1];
        *next = (member){.team = team, .part = team->size};
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
    team->over = true;
    pthread_cond_broadcast(&team->start);
    pthread_mutex_unlock(&team->lock);
    for (int i = 0; i + 1 < team->size; i++)
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
    if (team->size > 1) {
        pthread_mutex_lock(&team->lock);
        team->work = work;
        team->context = context;
        team->at_work = team->size - 1;
        team->round++;
        pthread_cond_broadcast(&team->start);
        pthread_mutex_unlock(&team->lock);
    }
    work(context, 0, team->size);
    if (team->size > 1) {
        pthread_mutex_lock(&team->lock);
        while (team->at_work > 0)
            pthread_cond_wait(&team->done, &team->lock);
        pthread_mutex_unlock(&team->lock);
    }
}

void ms_team_meet(ms_team *team)
{
    const int patience = 2000; /* turns before others get the processor: a few tens of microseconds */
    if (team->size == 1)
        return;
    unsigned long meeting = atomic_load_explicit(&team->meeting, memory_order_acquire);
    if (atomic_fetch_add_explicit(&team->met, 1, memory_order_acq_rel) + 1 == team->size) {
        atomic_store_explicit(&team->met, 0, memory_order_relaxed);
        atomic_store_explicit(&team->meeting, meeting + 1, memory_order_release);
        return;
    }
    for (int turn = 0; atomic_load_explicit(&team->meeting, memory_order_acquire) == meeting; turn++) {
        if (turn > patience)
            sched_yield();
#if defined __x86_64__
        else
            __builtin_ia32_pause();
#endif
    }
}
