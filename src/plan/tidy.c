/* tidy.c: moves flow from many ways to few.
 *
 * Stock, movements and issues are arcs between nodes (layer, site, period). A forest of arcs is grown; an arc that the
 * forest already joins closes a round, and goods turned round it leave everything outside as it was. The round is
 * turned the way that saves, or where it costs nothing the way that empties the smaller arc, until an arc is empty:
 * that arc is gone, and if it was the forest's the other takes its place. So no more arcs stay than nodes, but for
 * rounds that a shared limit stops (lanes, handling, stores, fleets, agreements; what uses a full one as much as it
 * frees it passes).
 * - Arcs on full rows come last, so that the forest holds few of them and most rounds turn freely.
 * - A round that a full row stops owns that row; the next round on it is mixed with the owner so that both together
 * leave the row as it is, and turns (tidy_own.c). This too ends in an empty arc: one round stays for each full row.
 * - Where only a saving stands against emptying a movement, and one that is nothing beside what was saved before, it is
 *   given up.
 * - Stock that was not there may begin where that empties a movement: two days' trips become one.
 */
#include "plan/tidy_private.h"

#include <stdlib.h>
#include <string.h>

/* Passes over all arcs, each with a forest of its own. In the first ones it grows within windows of so many periods (0:
 * all), where rounds are short. A row with less left than `near` loads of an arc counts as full in the order; `parts`
 * rounds at most are mixed into one, 0: none are; then stock may begin. */
static const struct {
    int window;
    double near;
    int32_t parts;
    bool merges;
} PASSES[] = {{3, 1, 0, false},    {6, 1, 0, false},  {12, 1, 0, false},   {24, 1, 0, false},
              {0, 1, 0, false},    {0, 0.3, 0, true}, {3, 0.1, 64, false}, {5, 0.1, 32, false},
              {8, 0.1, 32, false}, {12, 0, 16, true}, {20, 0, 16, false},  {0, 0, 16, true}};
enum { PASSES_WITHOUT_MIXING = 6, PASSES_ALL = sizeof PASSES / sizeof *PASSES };

typedef struct {
    int32_t ix, item_ix;
    int32_t class; /* stock, then by the full rows, then next to nothing */
    double load_t;
} turn_of;

static int by_turn(const void *left, const void *right)
{
    const turn_of *a = left, *b = right;
    if (a->item_ix != b->item_ix)
        return a->item_ix < b->item_ix ? -1 : 1;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->load_t < b->load_t || a->load_t > b->load_t)
        return a->load_t > b->load_t ? -1 : 1;
    return a->ix < b->ix ? -1 : a->ix > b->ix;
}

static int32_t class_of(ms_tidier *s, const ms_arc *arc, double load_t, double near)
{
    const double dust_t = 1e-3;
    enum { DUST = 1 << 20 };
    int32_t class = arc->kind == MS_ARC_STOCK ? -1 : s->owning && load_t < dust_t ? DUST : 0;
    ms_tidy_begin(s);
    ms_tidy_spread(s, arc, 1);
    for (int32_t i = 0; i < s->touched_count; i++)
        class += s->rows[s->touched[i]].left_t <= MS_TIDY_TIGHT_T + near * load_t;
    return class;
}

static bool is_within(const ms_tidier *s, int32_t ix, int window)
{
    const ms_arc_place *place = &s->places[ix];
    int to = s->arcs[ix].kind == MS_ARC_STOCK  ? place->t + 1
             : s->arcs[ix].kind == MS_ARC_MOVE ? place->head % s->net->H
                                               : place->t;
    return window == 0 || place->t / window == to / window;
}

static int32_t line_up(turn_of *order, ms_tidier *s, double near, int window)
{
    int32_t count = 0;
    for (int32_t ix = 0; ix < s->arc_count; ix++) {
        const ms_arc *arc = &s->arcs[ix];
        if (arc->spare <= 0 || !is_within(s, ix, window))
            continue;
        double load_t = (double)arc->spare * s->quantum_t[arc->layer];
        order[count++] = (turn_of){.ix = ix,
                                   .item_ix = s->net->layers[arc->layer].item_ix,
                                   .class = class_of(s, arc, load_t, near),
                                   .load_t = load_t};
    }
    qsort(order, (size_t)count, sizeof *order, by_turn);
    return count;
}

static void clear_forest(ms_tidier *s)
{
    for (int32_t node = 0; node < s->node_count; node++)
        s->nodes[node].parent = -1;
    for (size_t row = 0; row < s->row_count; row++)
        s->rows[row].owner = -1;
    memset(s->in_forest, 0, (size_t)s->arc_count * sizeof *s->in_forest);
    memset(s->queued_count, 0, (size_t)s->arc_count * sizeof *s->queued_count);
    s->round_count = s->pool_count = s->pool_part_count = s->pool_use_count = s->owner_count = 0;
}

static void treat_queue(ms_tidier *s)
{
    while (s->queue_first != s->queue_end && !s->out_of_memory) {
        int32_t ix = s->queue[s->queue_first];
        s->queue_first = s->queue_first == s->arc_count ? 0 : s->queue_first + 1;
        s->queued[ix] = false;
        ms_tidy_treat(s, ix);
    }
}

static void merge(ms_tidier *s)
{
    s->owning = false;
    for (int32_t ix = 0; ix < s->arc_count; ix++)
        if (s->arcs[ix].kind == MS_ARC_STOCK && s->arcs[ix].spare <= 0 && !s->in_forest[ix])
            ms_tidy_enter(s, ix);
}

static void pass(ms_tidier *s, turn_of *order, size_t number)
{
    s->parts_most = PASSES[number].parts;
    s->owning = s->parts_most > 0;
    int32_t count = line_up(order, s, PASSES[number].near, PASSES[number].window);
    clear_forest(s);
    for (int32_t i = 0; i < count && !s->out_of_memory; i++)
        ms_tidy_treat(s, order[i].ix);
    treat_queue(s);
    if (PASSES[number].merges)
        merge(s);
}

ms_status ms_tidy(ms_settled *settled, const ms_network *net, bool mixes, ms_error *err)
{
    const double loss_share = 1e-8; /* of the objective: what emptying one movement may cost, out of what was saved */
    ms_tidier *s = NULL;
    MS_TRY(ms_tidier_make(&s, net, settled, err));
    if (!s)
        return MS_OK;
    turn_of *order = ms_alloc((size_t)s->arc_count, sizeof *order);
    size_t passes = mixes ? PASSES_ALL : PASSES_WITHOUT_MIXING;
    s->loss_most = loss_share * fabs(settled->objective);
    for (size_t number = 0; order && number < passes && !s->out_of_memory; number++)
        pass(s, order, number);
    bool done = order && !s->out_of_memory;
    if (done) {
        ms_tidier_give_back(s);
        ms_tidy_issues(s);
    }
    ms_free(order);
    ms_tidier_free(s);
    return done ? MS_OK : ms_error_memory(err);
}
