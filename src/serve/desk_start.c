/* desk_start.c: a new case on a desk where nothing is open: of an example, or of files that somebody brought. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "serve/desk_private.h"

enum { PATH_BYTES = 4096, NAME_MOST = 64, TRIES = 100 };

ms_status ms_desk_offer(ms_desk *desk, const ms_example_file *examples, const char *work, ms_error *err)
{
    desk->examples = examples;
    char *full = realpath(work ? work : ".", NULL); /* people are told where their case will be */
    desk->work = ms_strdup(full ? full : work ? work : ".");
    free(full);
    return desk->work ? MS_OK : ms_error_memory(err);
}

const ms_example_file *ms_desk_examples(const ms_desk *desk)
{
    static const ms_example_file none[] = {{0}};
    return desk->examples ? desk->examples : none;
}

const char *ms_desk_work(const ms_desk *desk)
{
    return desk->work ? desk->work : ".";
}

/* A name that is one folder's, on any system, and not hidden. */
static bool is_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    size_t length = strlen(name);
    return length > 0 && length <= NAME_MOST && name[0] != '.' && strspn(name, letters) == length;
}

static ms_status check_files(const ms_case_file *files, int count, ms_findings *findings, ms_error *err)
{
    ms_case_file *copies = NULL;
    ms_case *kase = NULL;
    int copy_count = 0;
    MS_TRY(ms_case_files_copy(&copies, &copy_count, files, count, NULL, 0, err));
    ms_status status = ms_case_read(&kase, copies, copy_count, findings, err);
    ms_case_free(kase);
    return status;
}

static ms_status write_files(const char *path, const ms_case_file *files, int count, ms_error *err)
{
    ms_folder_writer *folder = NULL;
    MS_TRY(ms_folder_open(&folder, path, false, NULL, err));
    ms_status status = MS_OK;
    for (int f = 0; f < count && status == MS_OK; f++)
        status = ms_folder_add(folder, files[f].name, files[f].bytes, files[f].length, err);
    if (status == MS_OK)
        return ms_folder_commit(folder, err);
    ms_folder_abandon(folder);
    return status;
}

/* The first of NAME, NAME-2, ... that is not there. */
static ms_status choose_path(char out[PATH_BYTES], const ms_desk *desk, const char *name, ms_error *err)
{
    for (int number = 1; number < TRIES; number++) {
        char suffix[16] = "";
        if (number > 1)
            snprintf(suffix, sizeof suffix, "-%d", number);
        int wrote = snprintf(out, PATH_BYTES, "%s/%s%s", ms_desk_work(desk), name, suffix);
        if (wrote < 0 || wrote >= PATH_BYTES)
            return ms_error_set(err, MS_USAGE, "the path of the working folder is too long");
        if (!ms_file_exists(out))
            return MS_OK;
    }
    return ms_error_set(err, MS_USAGE, "there are %d folders %s in %s already", TRIES, name, ms_desk_work(desk));
}

ms_status ms_desk_start_case(ms_desk *desk, const char *name, const ms_case_file *files, int count,
                             ms_findings *findings, ms_error *err)
{
    char path[PATH_BYTES];
    if (!is_name(name))
        return ms_error_set(err, MS_USAGE, "\"%.70s\" is no name for a folder: up to %d letters, digits and _ - .",
                            name, NAME_MOST);
    MS_TRY(check_files(files, count, findings, err));
    ms_findings_free(findings); /* opening finds them again */
    MS_TRY(choose_path(path, desk, name, err));
    MS_TRY(write_files(path, files, count, err));
    return ms_desk_open(desk, path, NULL, findings, err);
}
