/* ranks_alone.c: the plain build: one process, which sends nothing to anybody. */
#include "stress/ranks.h"

ms_status ms_ranks_begin(int *argc, char ***argv, ms_error *err)
{
    (void)argc, (void)argv, (void)err;
    return MS_OK;
}

void ms_ranks_end(int exit_status, bool failed)
{
    (void)exit_status, (void)failed;
}

int ms_rank(void)
{
    return 0;
}

int ms_rank_count(void)
{
    return 1;
}

ms_status ms_ranks_send(int to, int kind, const void *bytes, size_t length, ms_error *err)
{
    (void)to, (void)kind, (void)bytes, (void)length;
    return ms_error_set(err, MS_INTERNAL, "there is no other process");
}

ms_status ms_ranks_receive(ms_message *out, bool *got, bool wait, ms_error *err)
{
    (void)out, (void)got, (void)wait;
    return ms_error_set(err, MS_INTERNAL, "there is no other process");
}

ms_status ms_ranks_share(char **bytes, size_t *length, ms_error *err)
{
    (void)bytes, (void)length, (void)err;
    return MS_OK;
}
