/* cholesky_crews.c: deals the fronts to crews that can work at the same time.
 *
 * A subtree that does an eighth of the work or less goes to one crew as a whole; what is above the subtrees is for all,
 * front by front. The deal depends on the matrix alone, so that who works on how many threads changes no byte.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/cholesky_private.h"

typedef struct {
    int front; /* its root */
    double work;
} subtree;

typedef struct {
    const ms_cholesky *f;
    int *parent, *lowest; /* [front]: -1 for none; the first of its descendants, which come right before it */
    int *crew;            /* [front]: MS_CREWS for those above */
    double *work;         /* [front]: with its descendants */
} deal;

static double work_of(const ms_cholesky *f, const ms_elimination *e, int s)
{
    int columns = f->first[s + 1] - f->first[s], height = columns - 1 + e->count[f->first[s + 1] - 1];
    double work = 0;
    for (int k = 0; k < columns; k++)
        work += (double)(height - k) * (double)(height - k);
    return work;
}

/* Returns the work of all. */
static double find_work(deal *d, const ms_elimination *e, const int *front_of)
{
    const ms_cholesky *f = d->f;
    double all = 0;
    for (int s = 0; s < f->front_count; s++)
        d->lowest[s] = s;
    for (int s = 0; s < f->front_count; s++) {
        int above = e->parent[f->first[s + 1] - 1], parent = above < 0 ? -1 : front_of[above];
        double own = work_of(f, e, s);
        all += own;
        d->work[s] += own;
        d->parent[s] = parent;
        if (parent < 0)
            continue;
        d->work[parent] += d->work[s];
        d->lowest[parent] = d->lowest[s] < d->lowest[parent] ? d->lowest[s] : d->lowest[parent];
    }
    return all;
}

static int harder_first(const void *a, const void *b)
{
    const subtree *left = a, *right = b;
    if (left->work != right->work)
        return left->work > right->work ? -1 : 1;
    return left->front < right->front ? -1 : left->front > right->front;
}

/* Each subtree to the crew that has the least to do, the hardest first. */
static void deal_subtrees(deal *d, subtree *trees, double all)
{
    double busy[MS_CREWS] = {0}, most = all / (2 * MS_CREWS);
    int count = 0;
    for (int s = 0; s < d->f->front_count; s++) {
        d->crew[s] = MS_CREWS;
        if (d->work[s] <= most && (d->parent[s] < 0 || d->work[d->parent[s]] > most))
            trees[count++] = (subtree){s, d->work[s]};
    }
    qsort(trees, (size_t)count, sizeof *trees, harder_first);
    for (int i = 0; i < count; i++) {
        int least = 0;
        for (int c = 1; c < MS_CREWS; c++)
            least = busy[c] < busy[least] ? c : least;
        busy[least] += trees[i].work;
        for (int s = d->lowest[trees[i].front]; s <= trees[i].front; s++)
            d->crew[s] = least;
    }
}

/* Puts the fronts of a crew together, in the order they had, and those above last. */
static void reorder(deal *d, ms_cholesky *f, ms_elimination *e, int *first, int *order)
{
    int fronts = 0, places = 0;
    for (int c = 0; c <= MS_CREWS; c++) {
        f->crew_first[c] = fronts;
        for (int s = 0; s < f->front_count; s++) {
            if (d->crew[s] != c)
                continue;
            first[fronts++] = places;
            for (int k = f->first[s]; k < f->first[s + 1]; k++)
                order[places++] = e->order[k];
        }
    }
    f->crew_first[MS_CREWS + 1] = fronts;
    memcpy(f->first, first, (size_t)fronts * sizeof *first);
    memcpy(e->order, order, (size_t)places * sizeof *order);
    for (int k = 0; k < places; k++)
        e->place[order[k]] = k;
    f->above = f->first[f->crew_first[MS_CREWS]];
}

bool ms_deal_fronts(ms_cholesky *f, ms_elimination *e, const int *front_of, ms_arena *arena)
{
    size_t fronts = (size_t)f->front_count + 1;
    deal d = {.f = f};
    d.parent = ms_arena_alloc(arena, fronts, sizeof *d.parent);
    d.lowest = ms_arena_alloc(arena, fronts, sizeof *d.lowest);
    d.crew = ms_arena_alloc(arena, fronts, sizeof *d.crew);
    d.work = ms_arena_alloc(arena, fronts, sizeof *d.work);
    subtree *trees = ms_arena_alloc(arena, fronts, sizeof *trees);
    int *first = ms_arena_alloc(arena, fronts, sizeof *first);
    int *order = ms_arena_alloc(arena, (size_t)f->n + 1, sizeof *order);
    if (!d.parent || !d.lowest || !d.crew || !d.work || !trees || !first || !order)
        return false;
    deal_subtrees(&d, trees, find_work(&d, e, front_of));
    reorder(&d, f, e, first, order);
    return true;
}
