/* main.c: the program. The only file that ends it. Of the ranks of an MPI job only the first speaks. */
#include <stdio.h>

#include "cmd/dispatch.h"
#include "cmd/interrupt.h"
#include "cmd/output.h"

static bool hush(void)
{
    return freopen("/dev/null", "w", stdout) != NULL && freopen("/dev/null", "w", stderr) != NULL;
}

int main(int argc, char **argv)
{
    ms_error err = {0};
    ms_interrupt_ignore_writes();
    ms_terminal terminal = ms_terminal_look();
    if (ms_ranks_begin(&argc, &argv, &err) != MS_OK) {
        ms_say_error(&terminal, &err);
        return MS_EXIT_INTERNAL;
    }
    /* cppcheck-suppress leakReturnValNotUsed ; it reopens streams that are there */
    if (ms_rank() > 0 && !hush())
        return MS_EXIT_INTERNAL;
    ms_exit exit_status = ms_dispatch(&terminal, argc, argv);
    ms_ranks_end((int)exit_status, exit_status != MS_EXIT_DONE && exit_status != MS_EXIT_STOPPED);
    return (int)exit_status;
}
