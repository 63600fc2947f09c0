/* playground.h: a folder to play in, and files in it. Needs cmocka. */
#ifndef MS_TESTS_PLAYGROUND_H
#define MS_TESTS_PLAYGROUND_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

static inline int playground_make(void **state)
{
    const char *place = getenv("TMPDIR");
    char name[4096];
    snprintf(name, sizeof name, "%s/mainstay-test-XXXXXX", place == NULL ? "/tmp" : place);
    if (mkdtemp(name) == NULL || chdir(name) != 0)
        return -1;
    *state = strdup(name);
    return 0;
}

static inline int playground_remove(void **state)
{
    char command[4200];
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    free(*state);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

/* Names in the folder, dots aside. */
static inline int entries_of(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;
    if (entries == NULL)
        return -1;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(entries);
    return count;
}

static inline void holds(const char *path, const char *wanted)
{
    char *bytes = NULL;
    size_t length = 0;
    ms_error err = {0};
    if (ms_file_read(&bytes, &length, path, 1 << 20, &err) != MS_OK)
        fail_msg("%s: %s", path, err.message);
    assert_string_equal(bytes, wanted);
    assert_int_equal(length, strlen(wanted));
    ms_free(bytes);
}

static inline void put(const char *path, const char *text)
{
    ms_error err = {0};
    if (ms_file_write(path, text, strlen(text), &err) != MS_OK)
        fail_msg("%s: %s", path, err.message);
}

#endif
