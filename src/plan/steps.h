/* steps.h: one primal-dual iteration over a grid, in passes that threads may share (docs/engine.md, P1 to P7).
 *
 * An iteration is: `layer` for every layer; `lanes`; `shared`; `prices`; with a barrier between them. Within one of
 * them the parts may run at once. What comes out does not depend on who ran which part, nor on the vectors of the
 * machine. None allocates. What layers load onto shared rows is 0 between iterations: who reads it clears it. Whoever
 * changes an iterate from outside goes on with a pass of weight 1/2, as after a restart: the first pass looks at all
 * movements, later ones leave alone those that stand still and would gain nothing.
 */
#ifndef MS_PLAN_STEPS_H
#define MS_PLAN_STEPS_H

#include "plan/grid.h"

typedef enum {
    MS_PASS_STEP,    /* z <- anchor + weight (2 T(z) - z - anchor) */
    MS_PASS_MEASURE, /* the same, and says how far T(z) is from z */
    MS_PASS_RESTART  /* z <- anchor <- T(z), and says how far that is from the old anchor */
} ms_pass_kind;

typedef struct {
    double weight;       /* of Halpern's iteration: (k + 1) / (k + 2) */
    double primal, dual; /* step / w, step * w */
    ms_pass_kind kind;
} ms_pass;

ms_simd ms_simd_best(void); /* what this machine has */

typedef struct {
    void (*layer)(const ms_grid *g, int32_t k, int group, const ms_pass *pass);
    void (*lanes)(const ms_grid *g, int32_t first, int32_t end, const ms_pass *pass);
    void (*shared)(const ms_grid *g, int part, int parts, const ms_pass *pass);
    void (*prices)(const ms_grid *g, int32_t first, int32_t end);
} ms_steps;
/* MS_SIMD_AUTO: the best; what the machine has not gives what it has. */
const ms_steps *ms_steps_for(ms_simd simd, bool wide);

#endif
