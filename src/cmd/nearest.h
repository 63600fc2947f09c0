/* nearest.h: "did you mean" for verbs, options and choices: a few short words, compared one by one. */
#ifndef MS_CMD_NEAREST_H
#define MS_CMD_NEAREST_H

/* Legal order: set word, offer each candidate, read best: NULL when none is near. Ties go to the earliest. */
typedef struct {
    const char *word;
    const char *best;
    int distance;
} ms_nearest;

void ms_nearest_offer(ms_nearest *nearest, const char *candidate);

#endif
