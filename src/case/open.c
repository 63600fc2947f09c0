/* open.c: a folder becomes a case: which files are read, and what is said about a path that holds no case. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "case/format.h"
#include "case/reader.h"
#include "case/save.h"

enum { FILE_BYTES_MOST = 1 << 30, PATH_BYTES = 4096, NAME_BYTES = 256, ENTRIES_MOST = 100000 };

/* folder/name, or MS_BAD_INPUT where that is too long for a path. */
static ms_status join(char out[PATH_BYTES], const char *folder, const char *name, ms_error *err)
{
    size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    int wrote = snprintf(out, PATH_BYTES, "%s%s%s", folder, slash, name);
    if (wrote < 0 || wrote >= PATH_BYTES)
        return ms_error_set(err, MS_BAD_INPUT, "the path is longer than %d bytes", PATH_BYTES - 1);
    return MS_OK;
}

static bool holds_case(const char *folder)
{
    char path[PATH_BYTES];
    return join(path, folder, "case.json", NULL) == MS_OK && ms_file_exists(path);
}

/* ---- a path that holds no case ---- */

/* The folder that path lies in, and its last part. */
static void split(char parent[PATH_BYTES], const char **last, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    *last = slash == NULL ? path : slash + 1;
    if (length >= PATH_BYTES)
        length = 0;
    memcpy(parent, slash == NULL ? "." : slash == path ? "/" : path, slash == NULL || slash == path ? 1 : length);
    parent[slash == NULL || slash == path ? 1 : length] = '\0';
}

/* The folder in `inside` that holds a case and whose name is nearest to `wanted` (NULL: any; then the
 * first in name order). */
static bool near_case(char out[PATH_BYTES], const char *inside, const char *wanted)
{
    DIR *entries = opendir(inside);
    char best[NAME_BYTES] = "", path[PATH_BYTES];
    int best_distance = wanted == NULL ? 0 : ms_utf8_width(wanted) / 3 + 1;
    if (entries == NULL)
        return false;
    struct dirent *entry;
    for (int seen = 0; seen < ENTRIES_MOST && (entry = readdir(entries)) != NULL; seen++) {
        int distance = wanted == NULL ? 0 : ms_text_distance(entry->d_name, wanted, best_distance);
        if (entry->d_name[0] == '.' || strlen(entry->d_name) >= NAME_BYTES || distance > best_distance)
            continue;
        bool earlier = best[0] == '\0' || distance < best_distance || strcmp(entry->d_name, best) < 0;
        if (!earlier || join(path, inside, entry->d_name, NULL) != MS_OK || !holds_case(path))
            continue;
        best_distance = distance;
        snprintf(best, sizeof best, "%s", entry->d_name);
    }
    closedir(entries);
    if (best[0] == '\0')
        return false;
    if (strcmp(inside, ".") == 0)
        snprintf(out, PATH_BYTES, "%s", best);
    return strcmp(inside, ".") == 0 || join(out, inside, best, NULL) == MS_OK;
}

static ms_status no_folder(const char *path, ms_error *err)
{
    char parent[PATH_BYTES], near[PATH_BYTES];
    const char *last;
    split(parent, &last, path);
    if (ms_file_exists(path)) {
        if (holds_case(parent))
            return ms_error_set(err, MS_USAGE, "%s is a file, and a case is a folder; did you mean %s?", path, parent);
        return ms_error_set(err, MS_USAGE, "%s is a file; a case is a folder with case.json in it", path);
    }
    if (near_case(near, parent, last))
        return ms_error_set(err, MS_NOT_FOUND, "there is no folder %s; did you mean %s?", path, near);
    return ms_error_set(err, MS_NOT_FOUND, "there is no folder %s; `mainstay init` makes one from an example", path);
}

static ms_status no_case(const char *path, ms_error *err)
{
    char inside[PATH_BYTES], near[PATH_BYTES];
    if (join(inside, path, "summary.json", NULL) == MS_OK && ms_file_exists(inside) &&
        join(inside, path, "case", NULL) == MS_OK && holds_case(inside))
        return ms_error_set(err, MS_USAGE, "%s is a plan; its case is in %s", path, inside);
    if (near_case(near, path, NULL))
        return ms_error_set(err, MS_NOT_FOUND, "%s has no case.json; did you mean %s?", path, near);
    return ms_error_set(err, MS_NOT_FOUND,
                        "%s has no case.json, so it is no case; `mainstay init` makes one from an example", path);
}

/* ---- files ---- */

static const ms_format_file *known_file(const char *name)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int kind = 0; kind < count; kind++)
        if (strcmp(files[kind].name, name) == 0)
            return &files[kind];
    return NULL;
}

/* A CSV file that the format does not know is not read; a slip of the pen in its name would lose a table. */
static ms_status warn_unknown(const char *name, ms_findings *findings)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    const char *names[MS_FILE_KINDS + 1] = {NULL};
    size_t length = strlen(name);
    if (length < 4 || strcasecmp(name + length - 4, ".csv") != 0)
        return MS_OK;
    for (int kind = 0; kind < count; kind++)
        names[kind] = files[kind].name;
    const char *near = ms_cell_near_word(names, name, length);
    if (near != NULL)
        return ms_findings_add(findings, MS_FINDING_WARNING, name, 0, 0,
                               "the file is not known and is not read; did you mean \"%s\"?", near);
    return ms_findings_add(findings, MS_FINDING_WARNING, name, 0, 0,
                           "the file is not known and is not read; the case format has no such table");
}

static ms_status warn_all_unknown(const char *path, ms_findings *findings, ms_error *err)
{
    DIR *entries = opendir(path);
    ms_status status = MS_OK;
    struct dirent *entry;
    if (entries == NULL)
        return ms_error_set(err, MS_IO, "cannot list the folder %s: %s", path, strerror(errno));
    for (int seen = 0; status == MS_OK && seen < ENTRIES_MOST && (entry = readdir(entries)) != NULL; seen++)
        if (entry->d_name[0] != '.' && known_file(entry->d_name) == NULL)
            status = warn_unknown(entry->d_name, findings);
    closedir(entries);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}

/* A file that is on its way to its place (save.h) comes before the one that is there. */
static ms_status read_file(ms_case_file *file, const char *folder, const char *name, ms_error *err)
{
    char path[PATH_BYTES], within[NAME_BYTES];
    snprintf(within, sizeof within, MS_SAVING "/%s", name);
    MS_TRY(join(path, folder, within, err));
    ms_status status = ms_file_read(&file->bytes, &file->length, path, FILE_BYTES_MOST, err);
    if (status != MS_NOT_FOUND)
        return status;
    MS_TRY(join(path, folder, name, err));
    return ms_file_read(&file->bytes, &file->length, path, FILE_BYTES_MOST, err);
}

/* Reads the files of the format that are there. On failure what was read stays in *files for the caller to
 * free. */
static ms_status read_files(ms_case_file *files, int *count, const char *path, ms_error *err)
{
    int kinds;
    const ms_format_file *format = ms_format_files(&kinds);
    for (int kind = 0; kind < kinds; kind++) {
        ms_case_file *file = &files[*count];
        ms_error wrong = {0};
        ms_status status = read_file(file, path, format[kind].name, &wrong);
        if (status == MS_NOT_FOUND)
            continue;
        if (status != MS_OK)
            return ms_error_at(err, status, wrong.file, 0, 0, "%s", wrong.message);
        file->name = format[kind].name;
        ++*count;
    }
    return MS_OK;
}

ms_status ms_case_open(ms_case **out, const char *path, ms_findings *findings, ms_error *err)
{
    if (!ms_file_is_dir(path))
        return no_folder(path, err);
    if (!holds_case(path))
        return no_case(path, err);
    MS_TRY(warn_all_unknown(path, findings, err));
    int count = 0;
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    if (files == NULL)
        return ms_error_memory(err);
    ms_status status = read_files(files, &count, path, err);
    if (status == MS_OK)
        return ms_case_read(out, files, count, findings, err);
    for (int ix = 0; ix < count; ix++)
        ms_free(files[ix].bytes);
    ms_free(files);
    return status;
}
