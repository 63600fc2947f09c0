/* interrupt.c: see interrupt.h. The flag is lock-free, so a handler may set it whichever thread it runs on.
 *
 * A signal that was ignored when the program started stays ignored: that is how a shell keeps jobs in the background
 * from dying of the Ctrl-C that is meant for another.
 */
#include "cmd/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_int asked;
static atomic_int skipped; /* bytes of the message that are not wanted */

enum { CAUGHT = 2 };
static const int caught[CAUGHT] = {SIGINT, SIGTERM};
static struct sigaction before[CAUGHT]; /* what held before ms_interrupt_begin */

static void on_signal(int number)
{
    static const char text[] = "\nmainstay: stopping; the best answer so far is kept. Once more ends it at once\n";
    int saved = errno;
    (void)number;
    asked = 1;
    ssize_t written = write(STDERR_FILENO, text + skipped, sizeof text - 1 - (size_t)skipped);
    (void)written; /* there is nobody to tell */
    errno = saved;
}

static void set(int number, void (*handler)(int), int flags)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL); /* cannot fail: number and flags are constants */
}

void ms_interrupt_ignore_writes(void)
{
    set(SIGPIPE, SIG_IGN, 0);
    set(SIGXFSZ, SIG_IGN, 0);
}

void ms_interrupt_begin(bool new_line)
{
    skipped = new_line ? 0 : 1;
    asked = 0;
    for (int ix = 0; ix < CAUGHT; ix++) {
        sigaction(caught[ix], NULL, &before[ix]);
        /* SA_RESETHAND: the next signal of the kind ends the program. SA_RESTART: no write fails for the first. */
        if (before[ix].sa_handler != SIG_IGN)
            set(caught[ix], on_signal, SA_RESETHAND | SA_RESTART);
    }
}

void ms_interrupt_end(void)
{
    for (int ix = 0; ix < CAUGHT; ix++)
        sigaction(caught[ix], &before[ix], NULL);
}

bool ms_interrupt_asked(void)
{
    return asked != 0;
}
