/* files.c: the files of a case in memory, copied and freed. See case.h. */
#include <string.h>

#include "case/case.h"

void ms_case_files_free(ms_case_file *files, int count)
{
    for (int f = 0; files != NULL && f < count; f++)
        ms_free(files[f].bytes);
    ms_free(files);
}

const ms_case_file *ms_case_files_find(const ms_case_file *files, int count, const char *name)
{
    for (int f = 0; f < count; f++)
        if (strcmp(files[f].name, name) == 0)
            return &files[f];
    return NULL;
}

static bool copy_one(ms_case_file *out, const ms_case_file *file)
{
    *out = *file;
    out->bytes = ms_strndup(file->bytes, file->length);
    return out->bytes != NULL;
}

ms_status ms_case_files_copy(ms_case_file **out, int *count, const ms_case_file *files, int file_count,
                             const ms_case_file *changed, int changed_count, ms_error *err)
{
    int used = 0;
    ms_case_file *copies = ms_alloc((size_t)(file_count + changed_count), sizeof *copies);
    bool whole = copies != NULL;
    for (int f = 0; whole && f < file_count; f++) {
        if (ms_case_files_find(changed, changed_count, files[f].name) != NULL)
            continue;
        whole = copy_one(&copies[used], &files[f]);
        used += whole;
    }
    for (int f = 0; whole && f < changed_count; f++) {
        whole = copy_one(&copies[used], &changed[f]);
        used += whole;
    }
    if (!whole) {
        ms_case_files_free(copies, used);
        return ms_error_memory(err);
    }
    *out = copies;
    *count = used;
    return MS_OK;
}
