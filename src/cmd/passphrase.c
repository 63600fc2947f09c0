/* passphrase.c: see passphrase.h. It is read from the terminal itself, not from standard input, with its echo off;
 * whatever ends the reading, the echo comes back. */
#include "cmd/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cmd/options.h"
#include "cmd/output.h"

void ms_passphrase_wipe(char text[MS_PASSPHRASE_MOST])
{
    explicit_bzero(text, MS_PASSPHRASE_MOST);
}

/* One line from fd, without its end. False when there is none, or it is too long. */
static bool read_line(char out[MS_PASSPHRASE_MOST], int fd)
{
    size_t used = 0;
    for (;;) {
        char byte;
        ssize_t got = read(fd, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || byte == '\n')
            break;
        if (used == MS_PASSPHRASE_MOST - 1)
            return false;
        out[used++] = byte;
    }
    if (used > 0 && out[used - 1] == '\r')
        used--;
    out[used] = '\0';
    return used > 0 && strlen(out) == used;
}

static ms_status from_file(char out[MS_PASSPHRASE_MOST], ms_call *call, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return ms_fail(&call->err, MS_IO, "cannot open the file %s: %s", path, strerror(errno));
    bool good = read_line(out, fd);
    close(fd);
    return good ? MS_OK : ms_fail(&call->err, MS_BAD_INPUT, "%s: no passphrase in its first line", path);
}

static bool ask(char out[MS_PASSPHRASE_MOST], int terminal, const char *what, const char *again)
{
    dprintf(terminal, "Passphrase of %s%s: ", what, again);
    bool good = read_line(out, terminal);
    dprintf(terminal, "\n");
    return good;
}

static ms_status from_terminal(char out[MS_PASSPHRASE_MOST], ms_call *call, int terminal, const char *what, bool twice)
{
    char second[MS_PASSPHRASE_MOST];
    if (!ask(out, terminal, what, ""))
        return ms_fail(&call->err, MS_USAGE, "no passphrase was given");
    if (!twice)
        return MS_OK;
    bool same = ask(second, terminal, what, ", again") && strcmp(out, second) == 0;
    ms_passphrase_wipe(second);
    return same ? MS_OK : ms_fail(&call->err, MS_USAGE, "the two passphrases differ; nothing was changed");
}

ms_status ms_passphrase_ask(char out[MS_PASSPHRASE_MOST], ms_call *call, const char *option, const char *what,
                            bool twice)
{
    struct termios usual, silent;
    if (ms_option_given(call, option))
        return from_file(out, call, ms_option_text(call, option));
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return ms_fail(&call->err, MS_USAGE, "%s is under a passphrase, and there is no terminal to ask on; use --%s",
                       what, option);
    bool restore = tcgetattr(terminal, &usual) == 0;
    if (restore) {
        silent = usual;
        silent.c_lflag &= (tcflag_t) ~(tcflag_t)ECHO;
        tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    ms_status status = from_terminal(out, call, terminal, what, twice);
    if (restore)
        tcsetattr(terminal, TCSAFLUSH, &usual);
    close(terminal);
    return status;
}

ms_status ms_passphrase_of_book(char out[MS_PASSPHRASE_MOST], ms_call *call, const char *path)
{
    ms_buf what = {0};
    out[0] = '\0';
    if (!ms_book_wants_passphrase(path))
        return MS_OK;
    ms_buf_printf(&what, "%s.key", path);
    ms_status status = what.failed ? ms_fail(&call->err, MS_NO_MEMORY, "out of memory")
                                   : ms_passphrase_ask(out, call, "passphrase-file", what.text, false);
    ms_buf_free(&what);
    return status;
}
