/* terminal.c: looks at the streams and the environment. See terminal.h.
 *
 * The character set is read from the names of the locale, and setlocale is never called: it would fail on machines
 * where the locale is named but not installed, and it would change how numbers are written.
 */
#include "cmd/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The value of an environment variable; NULL when it is not set or empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool locale_has_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t ix = 0; ix < sizeof names / sizeof *names; ix++) {
        const char *value = variable(names[ix]);
        if (value != NULL)
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

/* Columns of the terminal behind fd, 0 when it is none or does not say. */
static int columns_of(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* COLUMNS, where a shell or a test sets it; 0 when it is no sensible number. */
static int columns_asked(void)
{
    const char *value = variable("COLUMNS");
    char *end = NULL;
    long columns = value != NULL ? strtol(value, &end, 10) : 0;
    return value != NULL && *end == '\0' && columns > 0 && columns <= MS_WIDTH_MOST ? (int)columns : 0;
}

static int clamp(int width)
{
    return width < MS_WIDTH_LEAST ? MS_WIDTH_LEAST : width > MS_WIDTH_MOST ? MS_WIDTH_MOST : width;
}

ms_terminal ms_terminal_look(void)
{
    const char *term = variable("TERM");
    bool smart = term != NULL && strcmp(term, "dumb") != 0, colour = variable("NO_COLOR") == NULL;
    ms_terminal terminal = {
        .out_terminal = smart && isatty(STDOUT_FILENO) != 0,
        .err_terminal = smart && isatty(STDERR_FILENO) != 0,
        .ascii = !locale_has_utf8(),
    };
    terminal.out_colour = terminal.out_terminal && colour;
    terminal.err_colour = terminal.err_terminal && colour;
    int width = columns_of(STDOUT_FILENO);
    if (width == 0)
        width = columns_asked();
    terminal.width = width == 0 ? MS_WIDTH_USUAL : clamp(width);
    if (terminal.err_terminal) {
        width = columns_of(STDERR_FILENO);
        terminal.err_width = width == 0 ? MS_WIDTH_USUAL : width;
    }
    return terminal;
}
