/* cholesky_order.c: in which order to eliminate, and the tree that this makes.
 *
 * The order is AMD's (Amestoy, Davis and Duff 1996), then postordered, so that each column's descendants stand right
 * before it. Tree: Liu 1986, with compressed paths. Counts: by walking the row subtrees, in time of the order of L.
 */
#include <string.h>
#include <suitesparse/amd.h>

#include "plan/cholesky_private.h"

/* Both triangles, by row. */
static bool find_near(ms_elimination *e, ms_arena *arena, int n, const int *start, const int *index)
{
    size_t entries = (size_t)start[n] - (size_t)n;
    e->near_start = ms_arena_alloc(arena, (size_t)n + 2, sizeof *e->near_start);
    e->near = ms_arena_alloc(arena, 2 * entries + 1, sizeof *e->near);
    if (!e->near_start || !e->near)
        return false;
    int *next = e->near_start + 1; /* [row]: first a count, then where its next one goes */
    for (int j = 0; j < n; j++)
        for (int at = start[j] + 1; at < start[j + 1]; at++) {
            next[j + 1]++;
            next[index[at] + 1]++;
        }
    for (int j = 0; j < n; j++)
        next[j + 1] += next[j];
    for (int j = 0; j < n; j++)
        for (int at = start[j] + 1; at < start[j + 1]; at++) {
            e->near[next[j]++] = index[at];
            e->near[next[index[at]]++] = j;
        }
    return true;
}

static void find_places(ms_elimination *e, int n)
{
    for (int k = 0; k < n; k++)
        e->place[e->order[k]] = k;
}

static void find_parents(ms_elimination *e, int *ancestor, int n)
{
    for (int k = 0; k < n; k++) {
        int row = e->order[k];
        e->parent[k] = ancestor[k] = -1;
        for (int at = e->near_start[row]; at < e->near_start[row + 1]; at++) {
            int i = e->place[e->near[at]];
            while (i >= 0 && i < k) {
                int next = ancestor[i];
                ancestor[i] = k;
                if (next < 0)
                    e->parent[i] = k;
                i = next;
            }
        }
    }
}

/* Renumbers so that descendants stand right before each column. scratch is [4 n]. */
static void postorder(ms_elimination *e, int *scratch, int n)
{
    int *child = scratch, *sibling = scratch + n, *path = scratch + 2 * (size_t)n, *old = scratch + 3 * (size_t)n;
    int count = 0;
    for (int k = 0; k < n; k++)
        child[k] = -1;
    for (int k = n - 1; k >= 0; k--)
        if (e->parent[k] >= 0) {
            sibling[k] = child[e->parent[k]];
            child[e->parent[k]] = k;
        }
    for (int root = 0; root < n; root++) {
        int depth = 0;
        if (e->parent[root] >= 0)
            continue;
        path[0] = root;
        while (depth >= 0) {
            int k = path[depth];
            if (child[k] >= 0) {
                path[++depth] = child[k];
                child[k] = sibling[child[k]];
            } else {
                old[count++] = k;
                depth--;
            }
        }
    }
    int *renumbered = child, *row = sibling, *parent = path;
    for (int k = 0; k < n; k++)
        renumbered[old[k]] = k;
    for (int k = 0; k < n; k++) {
        row[k] = e->order[old[k]];
        parent[k] = e->parent[old[k]] < 0 ? -1 : renumbered[e->parent[old[k]]];
    }
    memcpy(e->order, row, (size_t)n * sizeof *row);
    memcpy(e->parent, parent, (size_t)n * sizeof *parent);
    find_places(e, n);
}

static void count_entries(ms_elimination *e, int *seen, int n)
{
    for (int k = 0; k < n; k++) {
        int row = e->order[k];
        e->count[k] = 1;
        seen[k] = k;
        for (int at = e->near_start[row]; at < e->near_start[row + 1]; at++)
            for (int i = e->place[e->near[at]]; i < k && seen[i] != k; i = e->parent[i]) {
                seen[i] = k;
                e->count[i]++;
            }
    }
}

ms_status ms_eliminate(ms_elimination *out, ms_arena *arena, int n, const int *start, const int *index, ms_error *err)
{
    ms_elimination e;
    size_t rows = (size_t)n + 1;
    e.order = ms_arena_alloc(arena, rows, sizeof *e.order);
    e.place = ms_arena_alloc(arena, rows, sizeof *e.place);
    e.parent = ms_arena_alloc(arena, rows, sizeof *e.parent);
    e.count = ms_arena_alloc(arena, rows, sizeof *e.count);
    int *scratch = ms_arena_alloc(arena, 4 * rows, sizeof *scratch);
    if (!e.order || !e.place || !e.parent || !e.count || !scratch || !find_near(&e, arena, n, start, index))
        return ms_error_memory(err);
    if (amd_order(n, e.near_start, e.near, e.order, NULL, NULL) < AMD_OK)
        return ms_error_memory(err);
    find_places(&e, n);
    find_parents(&e, scratch, n);
    postorder(&e, scratch, n);
    count_entries(&e, scratch, n);
    *out = e;
    return MS_OK;
}
