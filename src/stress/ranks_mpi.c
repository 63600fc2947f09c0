/* ranks_mpi.c: the processes that mpirun or Slurm started, over MPI. Only mainstay-mpi has it. */
#include "stress/ranks.h"

#include <limits.h>
#include <mpi.h>
#include <unistd.h>

#include "base/alloc.h"

/* A bundle of results may be larger than one message. */
enum { SHARE_BYTES = 1 << 26 };

static ms_status broken(ms_error *err, const char *what)
{
    return ms_error_set(err, MS_INTERNAL, "MPI cannot %s", what);
}

ms_status ms_ranks_begin(int *argc, char ***argv, ms_error *err)
{
    int provided = 0;
    if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS || provided < MPI_THREAD_FUNNELED)
        return broken(err, "start");
    return MS_OK;
}

/* A rank that failed cannot meet the others in MPI_Finalize. What fails on all is told by rank 0, so the others let it
 * speak first. */
void ms_ranks_end(int exit_status, bool failed)
{
    const unsigned patience_seconds = 2;
    if (failed && ms_rank_count() > 1) {
        if (ms_rank() > 0)
            sleep(patience_seconds);
        MPI_Abort(MPI_COMM_WORLD, exit_status);
    }
    MPI_Finalize();
}

int ms_rank(void)
{
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int ms_rank_count(void)
{
    int count = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    return count;
}

ms_status ms_ranks_send(int to, int kind, const void *bytes, size_t length, ms_error *err)
{
    if (length > INT_MAX || MPI_Send(bytes, (int)length, MPI_CHAR, to, kind, MPI_COMM_WORLD) != MPI_SUCCESS)
        return broken(err, "send");
    return MS_OK;
}

/* Waiting, it sleeps: Open MPI would keep the processor busy that another rank may need. */
static ms_status probe(MPI_Status *found, bool *got, bool wait, ms_error *err)
{
    const useconds_t nap = 200;
    int flag = 0;
    for (;;) {
        if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, found) != MPI_SUCCESS)
            return broken(err, "look for messages");
        *got = flag;
        if (flag || !wait)
            return MS_OK;
        usleep(nap);
    }
}

ms_status ms_ranks_receive(ms_message *out, bool *got, bool wait, ms_error *err)
{
    MPI_Status found;
    int length = 0;
    MS_TRY(probe(&found, got, wait, err));
    if (!*got)
        return MS_OK;
    if (MPI_Get_count(&found, MPI_CHAR, &length) != MPI_SUCCESS || length < 0)
        return broken(err, "measure a message");
    char *bytes = ms_alloc((size_t)length + 1, 1);
    if (!bytes)
        return ms_error_memory(err);
    if (MPI_Recv(bytes, length, MPI_CHAR, found.MPI_SOURCE, found.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE) !=
        MPI_SUCCESS) {
        ms_free(bytes);
        return broken(err, "receive");
    }
    *out = (ms_message){.from = found.MPI_SOURCE, .kind = found.MPI_TAG, .bytes = bytes, .length = (size_t)length};
    return MS_OK;
}

ms_status ms_ranks_share(char **bytes, size_t *length, ms_error *err)
{
    unsigned long long size = *length;
    if (MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG_LONG, 0, MPI_COMM_WORLD) != MPI_SUCCESS)
        return broken(err, "share results");
    char *all = ms_rank() == 0 ? *bytes : ms_alloc((size_t)size + 1, 1);
    if (!all) { /* the others wait for this one: there is no way on */
        MPI_Abort(MPI_COMM_WORLD, 4);
        return ms_error_memory(err);
    }
    for (size_t at = 0; at < size; at += SHARE_BYTES) {
        size_t part = size - at < SHARE_BYTES ? size - at : SHARE_BYTES;
        if (MPI_Bcast(all + at, (int)part, MPI_CHAR, 0, MPI_COMM_WORLD) != MPI_SUCCESS)
            return broken(err, "share results");
    }
    *bytes = all;
    *length = size;
    return MS_OK;
}
