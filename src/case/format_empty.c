/* format_empty.c: the files of an empty case, from the table of format.c. */
#include "case/format.h"

const char *ms_format_file_name(int ix)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    return ix >= 0 && ix < count ? files[ix].name : NULL;
}

ms_status ms_format_file_empty(ms_buf *out, int ix, ms_error *err)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    if (ix < 0 || ix >= count)
        return ms_error_set(err, MS_USAGE, "a case has no file number %d; they are 0 to %d", ix, count - 1);
    if (files[ix].kind == MS_FILE_CASE) {
        ms_buf_text(out, "{\n  \"name\": \"new-case\",\n  \"start\": \"2030-01-01\",\n  \"days\": 30\n}\n");
    } else {
        for (int column = 0; column < files[ix].column_count; column++)
            ms_buf_printf(out, "%s%s", column > 0 ? "," : "", files[ix].columns[column].name);
        ms_buf_text(out, "\n");
    }
    return out->failed ? ms_error_memory(err) : MS_OK;
}
