/* ranks.h: the processes of one MPI job, and messages between them; a plain build has one process and no messages.
 *
 * ranks_mpi.c is linked into mainstay-mpi alone, in the place of ranks_alone.c. One thread of a process sends and
 * receives. Which rank a process is, is asked by ms_rank and ms_rank_count of mainstay.h.
 */
#ifndef MS_STRESS_RANKS_H
#define MS_STRESS_RANKS_H

#include "base/status.h"

/* What a message is about; the pool's own words (pool_ranks.c). */
typedef struct {
    int from, kind;
    char *bytes; /* freed with ms_free */
    size_t length;
} ms_message;

/* Copies the bytes; returns once they may change. MS_INTERNAL when the job is broken. */
MS_MUST_USE ms_status ms_ranks_send(int to, int kind, const void *bytes, size_t length, ms_error *err);
/* The next message from anybody. When wait is false and there is none, *got is false. */
MS_MUST_USE ms_status ms_ranks_receive(ms_message *out, bool *got, bool wait, ms_error *err);
/* What is in *bytes on rank 0 is afterwards in *bytes on all (there from ms_alloc). All must call it. */
MS_MUST_USE ms_status ms_ranks_share(char **bytes, size_t *length, ms_error *err);

#endif
