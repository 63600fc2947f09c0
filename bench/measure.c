/* measure.c: runs a command and says what it took, as one line for a script to read:
 *
 *     measure SECONDS RESULT COMMAND...      RESULT gets "STATUS WALL USER SYSTEM MAX_RSS_KB"
 *
 * SECONDS is a limit of wall time (0: none), after which the command is killed. STATUS is its exit status,
 * 128 + signal, or "limit". The peak is that of the largest process among the command and its children, as
 * the kernel counts it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t late;
static pid_t child;

static void on_alarm(int signal_number)
{
    (void)signal_number;
    late = 1;
    kill(child, SIGKILL);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: measure SECONDS RESULT COMMAND...\n");
        return 2;
    }
    double start = now();
    child = fork();
    if (child == 0) {
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    if (child < 0 || signal(SIGALRM, on_alarm) == SIG_ERR) {
        perror("measure");
        return 2;
    }
    alarm((unsigned)strtoul(argv[1], NULL, 10));
    int status = 0;
    struct rusage used;
    while (wait4(child, &status, 0, &used) < 0)
        if (errno != EINTR) {
            perror("measure");
            return 2;
        }
    alarm(0);
    double wall = now() - start;
    FILE *out = fopen(argv[2], "w");
    if (out == NULL) {
        perror(argv[2]);
        return 2;
    }
    if (late)
        fprintf(out, "limit");
    else
        fprintf(out, "%d", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    fprintf(out, " %.3f %.3f %.3f %ld\n", wall, seconds(used.ru_utime), seconds(used.ru_stime), used.ru_maxrss);
    return fclose(out) == 0 ? 0 : 2;
}
