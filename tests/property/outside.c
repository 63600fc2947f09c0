/* outside.c: other solvers, and folders on disk. See property.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/property/property.h"

enum { FILE_MOST = 64 << 20 };

extern char **environ;

/* Runs argv with its output in the file log; true when it exits with 0. */
static bool run(char *const argv[], const char *log)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool ready = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
                 posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0644) == 0 &&
                 posix_spawn_file_actions_adddup2(&actions, 1, 2) == 0;
    pid_t pid = 0;
    ready = ready && posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    while (ready && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return ready && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_installed(const char *program)
{
    char *const argv[] = {"sh", "-c", "command -v \"$0\"", (char *)program, NULL};
    return run(argv, "/dev/null");
}

/* The number behind the last `mark` in a file. */
static bool number_behind(double *out, const char *path, const char *mark)
{
    char *text = NULL;
    size_t length = 0;
    if (ms_file_read(&text, &length, path, FILE_MOST, NULL) != MS_OK)
        return false;
    const char *found = NULL;
    for (const char *at = strstr(text, mark); at != NULL; at = strstr(at + 1, mark))
        found = at;
    bool ok = found != NULL && sscanf(found + strlen(mark), "%lf", out) == 1;
    ms_free(text);
    return ok;
}

bool solve_glpsol(double *objective, const char *mps, const char *folder, bool exact, char why[WHY_BYTES])
{
    char log[PATH_BYTES + 16], solution[PATH_BYTES + 16];
    snprintf(log, sizeof log, "%s/glpsol.log", folder);
    snprintf(solution, sizeof solution, "%s/glpsol.sol", folder);
    char *const argv[] = {"glpsol", "--freemps", (char *)mps, "-w", solution, exact ? "--xcheck" : NULL, NULL};
    char *text = NULL;
    size_t length = 0;
    int rows, columns;
    char primal, dual;
    bool ok = run(argv, log) && ms_file_read(&text, &length, solution, FILE_MOST, NULL) == MS_OK;
    const char *line = ok ? strstr(text, "\ns bas ") : NULL; /* s bas ROWS COLUMNS f f OBJECTIVE */
    ok = line != NULL && sscanf(line, " s bas %d %d %c %c %lf", &rows, &columns, &primal, &dual, objective) == 5 &&
         primal == 'f' && dual == 'f';
    ms_free(text);
    if (!ok)
        snprintf(why, WHY_BYTES, "glpsol found no optimum, see %s", log);
    return ok;
}

bool solve_clp(double *objective, const char *mps, const char *folder, char why[WHY_BYTES])
{
    char log[PATH_BYTES + 16];
    snprintf(log, sizeof log, "%s/clp.log", folder);
    char *const argv[] = {"clp",          (char *)mps, "-primalTolerance", "1e-9", "-dualTolerance", "1e-9",
                          "-dualsimplex", NULL};
    if (run(argv, log) && number_behind(objective, log, "Optimal objective "))
        return true;
    snprintf(why, WHY_BYTES, "clp found no optimum, see %s", log);
    return false;
}

/* ---- folders ---- */

/* Is every file of a in b, with the same bytes? */
static bool within(const char *a, const char *b, char why[WHY_BYTES])
{
    DIR *dir = opendir(a);
    if (dir == NULL) {
        snprintf(why, WHY_BYTES, "cannot open %s", a);
        return false;
    }
    bool same = true;
    for (struct dirent *entry; same && (entry = readdir(dir)) != NULL;) {
        char one[2 * PATH_BYTES], other[2 * PATH_BYTES];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(one, sizeof one, "%.*s/%s", PATH_BYTES, a, entry->d_name);
        snprintf(other, sizeof other, "%.*s/%s", PATH_BYTES, b, entry->d_name);
        if (ms_file_is_dir(one)) {
            same = within(one, other, why);
            continue;
        }
        char *bytes = NULL, *others = NULL;
        size_t length = 0, other_length = 0;
        same = ms_file_read(&bytes, &length, one, FILE_MOST, NULL) == MS_OK &&
               ms_file_read(&others, &other_length, other, FILE_MOST, NULL) == MS_OK && length == other_length &&
               memcmp(bytes, others, length) == 0;
        if (!same)
            snprintf(why, WHY_BYTES, "%.400s differs from %.400s", one, other);
        ms_free(bytes);
        ms_free(others);
    }
    closedir(dir);
    return same;
}

bool same_folders(const char *a, const char *b, char why[WHY_BYTES])
{
    return within(a, b, why) && within(b, a, why);
}

void remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char inner[2 * PATH_BYTES];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%.*s/%s", PATH_BYTES, path, entry->d_name);
        if (ms_file_is_dir(inner))
            remove_folder(inner);
        else
            unlink(inner);
    }
    closedir(dir);
    rmdir(path);
}
