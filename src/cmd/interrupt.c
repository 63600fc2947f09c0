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
#include <time.h>
#include <unistd.h>

static atomic_int asked;
static atomic_llong asked_ns; /* when, on the monotonic clock */
static atomic_int told;       /* which of `texts` is said */
static atomic_int skipped;    /* bytes of it that are not wanted */

static const char *const texts[] = {
    "\nmainstay: stopping\n", "\nmainstay: stopping; the best answer so far is kept. Once more ends it at once\n"};

enum { CAUGHT = 2 };
static const int caught[CAUGHT] = {SIGINT, SIGTERM};
static struct sigaction before[CAUGHT]; /* what held before ms_interrupt_begin */

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* may be called in a handler */
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* One press may arrive twice: a parent passes it on that the terminal has sent already. */
static void on_signal(int number)
{
    const long long one_press_ns = 300000000;
    int saved = errno;
    if (asked) {
        if (now_ns() - asked_ns > one_press_ns) {
            signal(number, SIG_DFL);
            raise(number); /* is blocked until this handler returns, and then ends the program */
        }
        errno = saved;
        return;
    }
    asked_ns = now_ns();
    asked = 1;
    const char *text = texts[told] + skipped;
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
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

void ms_interrupt_begin(bool new_line, bool keeps)
{
    told = keeps;
    skipped = new_line ? 0 : 1;
    asked = 0;
    for (int ix = 0; ix < CAUGHT; ix++) {
        sigaction(caught[ix], NULL, &before[ix]);
        /* SA_RESTART: no write fails for the signal. */
        if (before[ix].sa_handler != SIG_IGN)
            set(caught[ix], on_signal, SA_RESTART);
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
