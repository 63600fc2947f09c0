/* progress.c: the bar. See progress.h. */
#include "cmd/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/interrupt.h"

static const double BAR_AFTER_S = 0.4, BAR_EVERY_S = 0.1;
static const double LINE_AFTER_S = 3, LINE_EVERY_S = 15;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void ms_progress_start(ms_progress_bar *bar, const ms_terminal *terminal, bool quiet, double limit_s)
{
    *bar = (ms_progress_bar){.terminal = terminal, .quiet = quiet, .limit_s = limit_s, .start = now_s()};
    ms_interrupt_begin(terminal->err_terminal && !quiet, true);
}

/* "8 s", "3 min 20 s", "2 h 05 min": as coarse as an estimate is. */
static void duration_text(char *out, size_t size, double seconds)
{
    long s = seconds < 0 || !isfinite(seconds) ? 0 : seconds > 1e7 ? 10000000 : lround(seconds);
    if (s < 60)
        snprintf(out, size, "%ld s", s);
    else if (s < 3600)
        snprintf(out, size, "%ld min %02ld s", s / 60, s % 60);
    else
        snprintf(out, size, "%ld h %02ld min", s / 3600, s / 60 % 60);
}

/* "about 8 s left", or how long it has taken when nobody knows. */
static void outlook_text(char *out, size_t size, double eta_seconds, double elapsed)
{
    char duration[32];
    bool known = eta_seconds >= 0 && isfinite(eta_seconds);
    duration_text(duration, sizeof duration, known ? eta_seconds : elapsed);
    snprintf(out, size, known ? "about %s left" : "%s", duration);
}

/* Copies the stage's name, cut to its room at the start of a character. */
static void set_stage(ms_progress_bar *bar, const char *stage)
{
    size_t length = strlen(stage);
    if (length >= sizeof bar->stage) {
        length = sizeof bar->stage - 1;
        while (length > 0 && ((unsigned char)stage[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(bar->stage, stage, length);
    bar->stage[length] = '\0';
}

static void draw_bar(const ms_progress_bar *bar, double done, const char *outlook)
{
    const ms_terminal *terminal = bar->terminal;
    const char *full = terminal->ascii ? "#" : "\u2501", *rest = terminal->ascii ? "-" : "\u2500";
    int room = terminal->err_width - (int)strlen(bar->stage) - (int)strlen(outlook) - 14;
    int cells = room > 30 ? 30 : room;
    fprintf(stderr, "\r%s  ", bar->stage);
    if (done >= 0 && cells >= 4) {
        int filled = (int)(done * cells);
        fputs(terminal->err_colour ? "\033[36m" : "", stderr);
        for (int ix = 0; ix < cells; ix++) {
            if (ix == filled)
                fputs(terminal->err_colour ? "\033[0m\033[2m" : "", stderr);
            fputs(ix < filled ? full : rest, stderr);
        }
        fputs(terminal->err_colour ? "\033[0m" : "", stderr);
        fprintf(stderr, " %3d %%  ", (int)(done * 100));
    }
    fprintf(stderr, "%s\033[K", room >= 0 ? outlook : "");
    fflush(stderr);
}

static void write_line(const ms_progress_bar *bar, double done, const char *outlook)
{
    if (done >= 0)
        fprintf(stderr, "mainstay: %s: %d %%, %s\n", bar->stage, (int)(done * 100), outlook);
    else
        fprintf(stderr, "mainstay: %s: %s\n", bar->stage, outlook);
}

bool ms_progress_report(void *context, const char *stage, double done, double eta_seconds)
{
    ms_progress_bar *bar = context;
    bool terminal = bar->terminal->err_terminal;
    double now = now_s(), elapsed = now - bar->start;
    bool due = elapsed >= (terminal ? BAR_AFTER_S : LINE_AFTER_S) &&
               now - bar->last >= (terminal ? BAR_EVERY_S : LINE_EVERY_S);
    if (ms_interrupt_asked() || (bar->limit_s > 0 && elapsed > bar->limit_s))
        bar->stopped = true;
    if (bar->quiet || !due || bar->stopped)
        return !bar->stopped;
    char outlook[64];
    outlook_text(outlook, sizeof outlook, eta_seconds, elapsed);
    set_stage(bar, stage);
    if (done > 1)
        done = 1;
    if (terminal)
        draw_bar(bar, done, outlook);
    else
        write_line(bar, done, outlook);
    bar->last = now;
    bar->drawn = bar->drawn || terminal;
    return true;
}

void ms_progress_finish(ms_progress_bar *bar)
{
    if (bar->drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    ms_interrupt_end();
}
