/* property.h: what the parts of the property test share. */
#ifndef TESTS_PROPERTY_H
#define TESTS_PROPERTY_H

#include "tests/random_case.h"

enum { PATH_BYTES = 512, WHY_BYTES = 1024 };

/* Where the cases and plans of one seed live, and how to plan them. */
typedef struct {
    char folder[PATH_BYTES];
    bool events; /* plan with the case's contingency */
    bool clp, glpsol;
} trial_ground;

typedef struct {
    double objective, bound;
} outcome;

/* Writes rc as folder/name.case, plans it, writes folder/name.plan and has it checked. False: why says what
 * went wrong. */
bool plan_case(outcome *out, const trial_ground *place, const random_case *rc, const char *name, ms_engine engine,
               const char *write_lp, bool alone, char why[WHY_BYTES]);

/* Optimal value of an LP file by another solver's executable. False: why says what went wrong. */
bool solve_glpsol(double *objective, const char *mps, const char *folder, bool exact, char why[WHY_BYTES]);
bool solve_clp(double *objective, const char *mps, const char *folder, char why[WHY_BYTES]);
bool is_installed(const char *program);

/* False when two folders differ in a file's name or bytes. */
bool same_folders(const char *a, const char *b, char why[WHY_BYTES]);
void remove_folder(const char *path);

#endif
