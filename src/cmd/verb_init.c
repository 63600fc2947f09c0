/* verb_init.c: mainstay init DIR [--example NAME]: a new case. */
#include <string.h>

#include "cmd/examples.h"
#include "cmd/options.h"
#include "cmd/output.h"

enum { FILES_MOST = 64 };

static const char README_HEAD[] =
    "# A new case\n\n"
    "Every file of a case is in this folder, each with its header row. Change name, start and days in case.json, then\n"
    "fill in what you know, in a spreadsheet or an editor, and save as CSV; delete the files that you do not need.\n"
    "`mainstay check` says what is wrong, `mainstay plan` plans it.\n\n";

static ms_status write_example(const char *path, const char *example, ms_error *err)
{
    ms_output_entry entries[FILES_MOST];
    size_t count = 0;
    for (const ms_example_file *file = ms_example_files; file->example != NULL && count < FILES_MOST; file++) {
        if (strcmp(file->example, example) == 0)
            entries[count++] = (ms_output_entry){file->name, file->bytes, file->length};
    }
    if (count == 0)
        return ms_fail(err, MS_INTERNAL, "the example %s is not in this build", example);
    return ms_output_folder(path, entries, count, err);
}

/* Fills buffers[] with the files of an empty case and README.md, and entries[] with their names and contents. */
static ms_status make_empty(ms_buf *buffers, ms_output_entry *entries, size_t *count, ms_error *err)
{
    ms_status status = MS_OK;
    const char *name;
    for (*count = 0; *count < FILES_MOST - 1 && (name = ms_format_file_name((int)*count)) != NULL; ++*count) {
        status = ms_format_file_empty(&buffers[*count], (int)*count, err);
        if (status != MS_OK)
            return status;
        entries[*count].name = name;
    }
    entries[*count].name = "README.md";
    ms_buf_text(&buffers[*count], README_HEAD);
    status = ms_format_markdown(&buffers[(*count)++], err);
    for (size_t ix = 0; ix < *count && status == MS_OK; ix++) {
        if (buffers[ix].failed || buffers[ix].text == NULL)
            status = ms_fail(err, MS_NO_MEMORY, "out of memory");
        entries[ix].bytes = buffers[ix].text;
        entries[ix].length = buffers[ix].length;
    }
    return status;
}

static ms_status write_empty(const char *path, ms_error *err)
{
    ms_buf buffers[FILES_MOST] = {0};
    ms_output_entry entries[FILES_MOST] = {0};
    size_t count = 0;
    ms_status status = make_empty(buffers, entries, &count, err);
    if (status == MS_OK)
        status = ms_output_folder(path, entries, count, err);
    for (size_t ix = 0; ix < FILES_MOST; ix++)
        ms_buf_free(&buffers[ix]);
    return status;
}

ms_exit ms_verb_init(ms_call *call)
{
    const char *path = ms_operand_text(call, 0), *example = ms_option_text(call, "example");
    ms_status status = example != NULL ? write_example(path, example, &call->err) : write_empty(path, &call->err);
    if (status != MS_OK)
        return ms_exit_of(status);
    if (ms_option_given(call, "quiet"))
        return MS_EXIT_DONE;
    if (example != NULL)
        ms_buf_printf(&call->out, "%s holds the example %s; next: mainstay plan %s\n", path, example, path);
    else
        ms_buf_printf(&call->out, "%s holds an empty case; %s/README.md says what goes where\n", path, path);
    return MS_EXIT_DONE;
}
