/* check_plans.c: cases and plans for the tests of the check. See check_plans.h. */
#include "check_plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/file.h"
#include "case/format.h"

enum { CASE_FILES_MOST = 32, PATH_BYTES = 512, FILE_BYTES_MOST = 1 << 24 };

static char *read_file(const char *folder, const char *name)
{
    char path[PATH_BYTES];
    char *text = NULL;
    size_t length;
    ms_error err = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ms_status status = ms_file_read(&text, &length, path, FILE_BYTES_MOST, &err);
    return status == MS_OK ? text : NULL;
}

/* Makes one change in a zero-terminated text, which it frees. */
static char *changed(char *text, const change *with)
{
    if (with->from == NULL || with->to == NULL) {
        ms_free(text);
        return with->to == NULL ? NULL : ms_strdup(with->to);
    }
    char *at = text == NULL ? NULL : strstr(text, with->from);
    if (at == NULL)
        fail_msg("%s has no '%s'", with->file, with->from);
    ms_buf out = {0};
    ms_buf_put(&out, text, (size_t)(at - text));
    ms_buf_text(&out, with->to);
    ms_buf_text(&out, at + strlen(with->from));
    ms_free(text);
    char *result = ms_strndup(out.text == NULL ? "" : out.text, out.length);
    ms_buf_free(&out);
    return result;
}

static char *read_changed(const char *folder, const char *name, const change *changes)
{
    char *text = read_file(folder, name);
    for (const change *each = changes; each != NULL && each->file != NULL; each++) {
        if (strcmp(each->file, name) == 0)
            text = changed(text, each);
    }
    return text;
}

static void open_case(trial *of, const char *path, const change *changes)
{
    ms_case_file *files = ms_alloc(CASE_FILES_MOST, sizeof *files);
    int kinds, count = 0;
    const ms_format_file *format = ms_format_files(&kinds);
    assert_non_null(files);
    for (int kind = 0; kind < kinds && count < CASE_FILES_MOST; kind++) {
        char *text = read_changed(path, format[kind].name, changes);
        if (text != NULL)
            files[count++] = (ms_case_file){format[kind].name, text, strlen(text)};
    }
    if (ms_case_read(&of->kase, files, count, &of->findings, &of->err) != MS_OK) {
        trial_print(of);
        fail_msg("the case %s cannot be read: %s; the tests run in the project's root", path, of->err.message);
    }
    ms_findings_free(&of->findings);
    of->findings = (ms_findings){0};
}

void trial_open(trial *of, const char *case_path, const char *plan_path, const change *changes)
{
    *of = (trial){0};
    open_case(of, case_path, changes);
    for (int i = 0; i < MS_CHECK_FILES; i++) {
        of->texts[i] = read_changed(plan_path, ms_check_file_names[i], changes);
        of->files[i] = (ms_check_file){of->texts[i], of->texts[i] == NULL ? 0 : strlen(of->texts[i])};
    }
}

ms_status trial_check(trial *of)
{
    ms_findings_free(&of->findings);
    of->findings = (ms_findings){0};
    ms_buf_reset(&of->report);
    of->err = (ms_error){0};
    return ms_check_files(of->kase, of->files, &of->findings, &of->report, &of->err);
}

void trial_close(trial *of)
{
    ms_case_free(of->kase);
    for (int i = 0; i < MS_CHECK_FILES; i++)
        ms_free(of->texts[i]);
    ms_findings_free(&of->findings);
    ms_buf_free(&of->report);
}

void trial_print(const trial *of)
{
    for (size_t i = 0; i < of->findings.count; i++) {
        const ms_finding *finding = &of->findings.items[i];
        print_message("  %s:%d:%d: %s\n", finding->file, finding->line, finding->column, finding->message);
    }
    if (of->report.text != NULL)
        print_message("%s", of->report.text);
}

bool trial_found(const trial *of, const char *text)
{
    for (size_t i = 0; i < of->findings.count; i++) {
        const ms_finding *finding = &of->findings.items[i];
        if (finding->severity == MS_FINDING_ERROR && strncmp(finding->message, text, strlen(text)) == 0)
            return true;
    }
    print_message("no finding begins with '%s':\n", text);
    trial_print(of);
    return false;
}

int trial_count(const trial *of, const char *label)
{
    int count = 0;
    size_t length = label == NULL ? 0 : strlen(label);
    for (size_t i = 0; i < of->findings.count; i++) {
        const ms_finding *finding = &of->findings.items[i];
        count += finding->severity == MS_FINDING_ERROR &&
                 (label == NULL ||
                  (strncmp(finding->message, label, length) == 0 && strncmp(finding->message + length, ": ", 2) == 0));
    }
    return count;
}
