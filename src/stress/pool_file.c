/* pool_file.c: the lines of a checkpoint.
 *
 *     {"mainstay":"checkpoint","format":1,"version":"0.1.0","job":{...}}
 *     {"stage":"sample","task":17,"result":{...}}
 *
 * Lines are JSON for whoever wants to read them, but only these very bytes are read back; the result is whatever the
 * stage made, and checked by the stage. */
#include "stress/pool_private.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"

static const char HEAD[] = "{\"mainstay\":\"checkpoint\",\"format\":1,\"version\":\"" MS_VERSION "\",\"job\":";
static const char STAGE[] = "{\"stage\":\"", TASK[] = "\",\"task\":", RESULT[] = ",\"result\":";

void ms_known_header(ms_buf *out, const char *job)
{
    ms_buf_text(out, HEAD);
    ms_buf_text(out, job);
    ms_buf_text(out, "}");
}

void ms_known_write(ms_buf *out, const char *stage, size_t task, const char *result, size_t length)
{
    ms_buf_printf(out, "%s%s%s%zu%s", STAGE, stage, TASK, task, RESULT);
    ms_buf_put(out, result, length);
    ms_buf_text(out, "}");
}

/* Passes over `word` at *at. */
static bool pass(const char **at, const char *end, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(end - *at) < length || memcmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

bool ms_known_read(ms_known *out, const char *text, size_t length)
{
    const uint64_t task_most = (uint64_t)1 << 40;
    const char *at = text, *end = text + length;
    ms_known known = {0};
    uint64_t task = 0;
    if (!pass(&at, end, STAGE))
        return false;
    known.stage = at;
    while (at < end && *at != '"')
        at++;
    known.stage_length = (size_t)(at - known.stage);
    if (!pass(&at, end, TASK) || at == end || *at < '0' || *at > '9')
        return false;
    for (; at < end && *at >= '0' && *at <= '9' && task < task_most; at++)
        task = 10 * task + (uint64_t)(*at - '0');
    if (task >= task_most || !pass(&at, end, RESULT) || at >= end || end[-1] != '}')
        return false;
    known.task = (size_t)task;
    known.result = at;
    known.length = (size_t)(end - 1 - at);
    *out = known;
    return known.length > 0;
}

ms_status ms_pool_job_of(char **out, const char *path, ms_error *err)
{
    char *bytes = NULL;
    size_t length = 0, head = strlen(HEAD);
    MS_TRY(ms_journal_read(&bytes, &length, path, err));
    const char *line_end = memchr(bytes, '\n', length);
    size_t line = line_end ? (size_t)(line_end - bytes) : 0;
    ms_status status = MS_OK;
    if (line <= head + 1 || memcmp(bytes, HEAD, head) != 0 || bytes[line - 1] != '}')
        status = ms_error_at(err, MS_BAD_INPUT, path, 1, 1, "is no checkpoint of mainstay " MS_VERSION);
    if (status == MS_OK) {
        *out = ms_strndup(bytes + head, line - 1 - head);
        status = *out ? MS_OK : ms_error_memory(err);
    }
    ms_free(bytes);
    return status;
}
