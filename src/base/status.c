/* status.c: errors and findings.
 *
 * Whatever goes into a message (ids, cells of a hostile file) comes out as valid UTF-8 on one line: control
 * characters and broken bytes become '?', and a cut never falls inside a character.
 */
#include "base/status.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

enum { FINDING_BYTES = 1024 };

/* vsnprintf cuts anywhere, ms_utf8_copy between characters and at most halving the length: with this many
 * bytes to copy from, it never comes to a character that vsnprintf cut. */
#define RAW_BYTES(size) (2 * (size) + 4)

__attribute__((format(printf, 6, 0))) static void error_fill(ms_error *err, ms_status code, const char *file, int line,
                                                             int column, const char *format, va_list args)
{
    if (err == NULL)
        return;
    /* Format first: an argument may be the old message of the same error. */
    char message[RAW_BYTES(MS_MESSAGE_BYTES)];
    char name[MS_FILE_BYTES];
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    ms_utf8_copy(name, sizeof name, file, strlen(file));
    ms_utf8_copy(err->message, sizeof err->message, message, strlen(message));
    memcpy(err->file, name, sizeof name);
    err->code = code;
    err->line = line;
    err->column = column;
}

ms_status ms_error_set(ms_error *err, ms_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_fill(err, code, "", 0, 0, format, args);
    va_end(args);
    return code;
}

ms_status ms_error_at(ms_error *err, ms_status code, const char *file, int line, int column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_fill(err, code, file == NULL ? "" : file, line, column, format, args);
    va_end(args);
    return code;
}

ms_status ms_error_memory(ms_error *err)
{
    return ms_error_set(err, MS_NO_MEMORY, "out of memory");
}

/* Warnings fill at most half of the list, so that a flood of them never hides an error. */
static bool past_cap(const ms_findings *findings, ms_severity severity)
{
    if (findings->count >= MS_FINDINGS_CAP)
        return true;
    return severity == MS_FINDING_WARNING && findings->warning_count >= MS_FINDINGS_CAP / 2;
}

static void count_one(ms_findings *findings, ms_severity severity)
{
    if (severity == MS_FINDING_ERROR)
        findings->error_count++;
    else
        findings->warning_count++;
}

ms_status ms_findings_vadd(ms_findings *findings, ms_severity severity, const char *file, int line, int column,
                           const char *format, va_list args)
{
    if (past_cap(findings, severity)) {
        count_one(findings, severity);
        return MS_OK;
    }
    char raw[RAW_BYTES(FINDING_BYTES)], message[FINDING_BYTES];
    if (vsnprintf(raw, sizeof raw, format, args) < 0)
        raw[0] = '\0';
    ms_utf8_copy(message, sizeof message, raw, strlen(raw));

    void *block = findings->items;
    if (!ms_grow(&block, &findings->capacity, findings->count + 1, sizeof *findings->items))
        return MS_NO_MEMORY;
    findings->items = block;
    ms_finding fresh = {severity, ms_strdup(file == NULL ? "" : file), line, column, ms_strdup(message)};
    if (fresh.file == NULL || fresh.message == NULL) {
        ms_free(fresh.file);
        ms_free(fresh.message);
        return MS_NO_MEMORY;
    }
    findings->items[findings->count++] = fresh;
    count_one(findings, severity);
    return MS_OK;
}

ms_status ms_findings_add(ms_findings *findings, ms_severity severity, const char *file, int line, int column,
                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ms_status status = ms_findings_vadd(findings, severity, file, line, column, format, args);
    va_end(args);
    return status;
}

static int finding_order(const ms_finding *a, const ms_finding *b)
{
    int by_file = strcmp(a->file, b->file);
    if (by_file != 0)
        return by_file;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

/* Binary insertion: stable, needs no memory (so it cannot fail), linear on a list already in order, and the
 * cap keeps its worst case at a fraction of a second. */
void ms_findings_sort(ms_findings *findings)
{
    ms_finding *items = findings->items;
    for (size_t i = 1; i < findings->count; i++) {
        if (finding_order(&items[i - 1], &items[i]) <= 0)
            continue;
        ms_finding moved = items[i];
        size_t low = 0, high = i - 1;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (finding_order(&items[middle], &moved) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        memmove(&items[low + 1], &items[low], (i - low) * sizeof *items);
        items[low] = moved;
    }
}

void ms_findings_free(ms_findings *findings)
{
    if (findings == NULL)
        return;
    for (size_t i = 0; i < findings->count; i++) {
        ms_free(findings->items[i].file);
        ms_free(findings->items[i].message);
    }
    ms_free(findings->items);
    *findings = (ms_findings){0};
}
