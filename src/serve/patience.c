/* patience.c: shutting sockets of those who take too long. See patience.h. A look costs some nanoseconds for each
 * connection, and there are MS_HTTP_CONNECTIONS of them at most. */
#include "serve/patience.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"

enum { LOOK_MS = 250 };

struct ms_patient {
    ms_patient *before, *next;
    int socket;
    double until; /* by ms_clock_seconds */
    const char *last_words;
};

struct ms_patience {
    pthread_mutex_t lock;
    pthread_cond_t closes;
    pthread_t thread;
    ms_patient *first;
    bool closing;
};

/* With the lock held. */
static void shut_late(ms_patience *patience)
{
    double now = ms_clock_seconds();
    for (ms_patient *patient = patience->first; patient; patient = patient->next) {
        if (patient->until >= now)
            continue;
        if (patient->last_words)
            (void)!send(patient->socket, patient->last_words, strlen(patient->last_words), MSG_DONTWAIT | MSG_NOSIGNAL);
        patient->last_words = NULL;
        shutdown(patient->socket, SHUT_RDWR);
    }
}

static void *look(void *context)
{
    const long nanoseconds = 1000000000;
    ms_patience *patience = context;
    pthread_mutex_lock(&patience->lock);
    while (!patience->closing) {
        struct timespec next;
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_nsec += LOOK_MS * 1000000L;
        next.tv_sec += next.tv_nsec / nanoseconds;
        next.tv_nsec %= nanoseconds;
        if (pthread_cond_timedwait(&patience->closes, &patience->lock, &next) == ETIMEDOUT)
            shut_late(patience);
    }
    pthread_mutex_unlock(&patience->lock);
    return NULL;
}

ms_patience *ms_patience_start(void)
{
    ms_patience *patience = ms_alloc(1, sizeof *patience);
    if (!patience)
        return NULL;
    pthread_mutex_init(&patience->lock, NULL);
    pthread_cond_init(&patience->closes, NULL);
    if (pthread_create(&patience->thread, NULL, look, patience) == 0)
        return patience;
    ms_free(patience);
    return NULL;
}

void ms_patience_stop(ms_patience *patience)
{
    if (!patience)
        return;
    pthread_mutex_lock(&patience->lock);
    patience->closing = true;
    pthread_cond_signal(&patience->closes);
    pthread_mutex_unlock(&patience->lock);
    pthread_join(patience->thread, NULL);
    pthread_cond_destroy(&patience->closes);
    pthread_mutex_destroy(&patience->lock);
    ms_free(patience);
}

ms_patient *ms_patience_add(ms_patience *patience, int socket, double seconds, const char *last_words)
{
    ms_patient *patient = ms_alloc(1, sizeof *patient);
    if (!patient)
        return NULL;
    patient->socket = socket;
    patient->until = ms_clock_seconds() + seconds;
    patient->last_words = last_words;
    pthread_mutex_lock(&patience->lock);
    patient->next = patience->first;
    if (patient->next)
        patient->next->before = patient;
    patience->first = patient;
    pthread_mutex_unlock(&patience->lock);
    return patient;
}

void ms_patience_give(ms_patience *patience, ms_patient *patient, double seconds, const char *last_words)
{
    pthread_mutex_lock(&patience->lock);
    patient->until = ms_clock_seconds() + seconds;
    patient->last_words = last_words;
    pthread_mutex_unlock(&patience->lock);
}

void ms_patience_drop(ms_patience *patience, ms_patient *patient)
{
    pthread_mutex_lock(&patience->lock);
    if (patient->next)
        patient->next->before = patient->before;
    if (patient->before)
        patient->before->next = patient->next;
    else
        patience->first = patient->next;
    pthread_mutex_unlock(&patience->lock);
    ms_free(patient);
}
