/* journal.c: lines appended one write each; see journal.h. */
#include "base/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file_private.h"

static const size_t BYTES_MOST = (size_t)1 << 32;
static const double SYNC_SECONDS = 1;

struct ms_journal {
    int fd;
    char *path, *bytes; /* all that was there */
    size_t start, end;  /* of the whole lines behind the header */
    double synced;
    ms_error failure;
    ms_buf line;
};

ms_status ms_journal_read(char **out, size_t *length, const char *path, ms_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    MS_TRY(ms_file_read(&bytes, &size, path, BYTES_MOST, err));
    while (size > 0 && bytes[size - 1] != '\n')
        size--;
    bytes[size] = '\0';
    *out = bytes;
    *length = size;
    return MS_OK;
}

static ms_status fail(ms_journal *journal, const char *what, int error, ms_error *err)
{
    ms_status status = ms_file_failed(&journal->failure, journal->path, what, error);
    if (err)
        *err = journal->failure;
    return status;
}

static ms_status put(ms_journal *journal, const char *line, size_t length, ms_error *err)
{
    ms_buf_reset(&journal->line);
    ms_buf_put(&journal->line, line, length);
    ms_buf_put(&journal->line, "\n", 1);
    if (journal->line.failed)
        return ms_error_memory(err);
    int error = ms_file_put(journal->fd, journal->line.text, journal->line.length);
    return error == 0 ? MS_OK : fail(journal, "append to the file", error, err);
}

/* Finds the header, or writes it where a writer was killed before it had; cuts a torn last line off. */
static ms_status settle(ms_journal *journal, const char *header, ms_error *err)
{
    size_t size = 0, wanted = strlen(header);
    MS_TRY(ms_file_read(&journal->bytes, &size, journal->path, BYTES_MOST, err));
    bool begun = size <= wanted && memcmp(journal->bytes, header, size) == 0;
    bool ours = size > wanted && memcmp(journal->bytes, header, wanted) == 0 && journal->bytes[wanted] == '\n';
    if (!begun && !ours)
        return ms_error_at(err, MS_BAD_INPUT, journal->path, 1, 1,
                           "was begun for another case, with other options or by another version");
    journal->start = journal->end = begun ? 0 : wanted + 1;
    for (size_t at = size; ours && at > wanted; at--)
        if (journal->bytes[at - 1] == '\n') {
            journal->end = at;
            break;
        }
    if (journal->end < size && ftruncate(journal->fd, (off_t)journal->end) != 0)
        return fail(journal, "mend the file", errno, err);
    return begun ? put(journal, header, wanted, err) : MS_OK;
}

static ms_status hold(ms_journal *journal, const char *path, const char *header, ms_error *err)
{
    journal->path = ms_strdup(path);
    if (!journal->path)
        return ms_error_memory(err);
    journal->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    if (journal->fd < 0)
        return fail(journal, "open the file", errno, err);
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return ms_error_at(err, MS_IO, path, 0, 0, "another process writes to the file");
    return settle(journal, header, err);
}

static void release(ms_journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    ms_free(journal->path);
    ms_free(journal->bytes);
    ms_buf_free(&journal->line);
    ms_free(journal);
}

ms_status ms_journal_open(ms_journal **out, const char *path, const char *header, ms_error *err)
{
    ms_journal *journal = ms_alloc(1, sizeof *journal);
    if (!journal)
        return ms_error_memory(err);
    journal->fd = -1;
    journal->synced = ms_clock_seconds();
    ms_status status = hold(journal, path, header, err);
    if (status == MS_OK)
        *out = journal;
    else
        release(journal);
    return status;
}

const char *ms_journal_text(const ms_journal *journal, size_t *length)
{
    *length = journal->end - journal->start;
    return journal->bytes + journal->start;
}

static ms_status sync_now(ms_journal *journal, ms_error *err)
{
    int error = ms_file_sync(journal->fd);
    journal->synced = ms_clock_seconds();
    return error == 0 ? MS_OK : fail(journal, "write the file to the disk", error, err);
}

ms_status ms_journal_append(ms_journal *journal, const char *line, size_t length, ms_error *err)
{
    if (journal->failure.code != MS_OK) {
        if (err)
            *err = journal->failure;
        return journal->failure.code;
    }
    MS_TRY(put(journal, line, length, err));
    return ms_clock_seconds() - journal->synced < SYNC_SECONDS ? MS_OK : sync_now(journal, err);
}

ms_status ms_journal_close(ms_journal *journal, ms_error *err)
{
    if (!journal)
        return MS_OK;
    ms_status status = journal->failure.code;
    if (status == MS_OK)
        status = sync_now(journal, err);
    else if (err)
        *err = journal->failure;
    release(journal);
    return status;
}
