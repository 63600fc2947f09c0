/* tidy_own.c: turns that tight rows stopped, each the owner of one of these rows, and mixing them into another turn.
 *
 * The owners are kept in echelon form: when a turn becomes an owner, those before it have been mixed in, so that it
 * does not use their rows. Mixing in goes through the owners of the rows that a turn uses, the oldest first, and each
 * is needed once.
 */
#include "plan/tidy_private.h"

#include <stdlib.h>
#include <string.h>

/* Of a quantum: less use of a row than this is rounding. */
static const double NO_USE = 1e-9;

void ms_tidy_enqueue(ms_tidier *s, int32_t ix)
{
    const uint8_t most = 4; /* turns of one arc, or two could wake each other for ever */
    if (s->queued[ix] || s->queued_count[ix] >= most)
        return;
    s->queued[ix] = true;
    s->queued_count[ix]++;
    s->queue[s->queue_end] = ix;
    s->queue_end = s->queue_end == s->arc_count ? 0 : s->queue_end + 1;
}

static void treat_again(ms_tidier *s, const ms_round *round)
{
    ms_tidy_enqueue(s, abs(s->pool[round->first_step]) - 1);
}

/* ---- a heap of the owners to mix in, the oldest on top ---- */

static void heap_add(ms_tidier *s, int32_t owner)
{
    int32_t at = s->heap_count++;
    while (at > 0 && s->heap[(at - 1) / 2] > owner) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = owner;
}

static int32_t heap_take(ms_tidier *s)
{
    int32_t top = s->heap[0], last = s->heap[--s->heap_count], at = 0;
    for (int32_t below = 1; below < s->heap_count; below = 2 * at + 1) {
        if (below + 1 < s->heap_count && s->heap[below + 1] < s->heap[below])
            below++;
        if (s->heap[below] >= last)
            break;
        s->heap[at] = s->heap[below];
        at = below;
    }
    s->heap[at] = last;
    return top;
}

/* ---- mixing ---- */

static void drop_owner(ms_tidier *s, ms_owner *owner)
{
    s->rows[owner->row].owner = -1;
    treat_again(s, &s->rounds[s->pool_parts[owner->first_part].round]);
    owner->part_count = 0;
}

static bool is_alive(const ms_tidier *s, const ms_owner *owner)
{
    for (int32_t i = 0; i < owner->part_count; i++)
        if (s->rounds[s->pool_parts[owner->first_part + (size_t)i].round].dead)
            return false;
    return true;
}

static bool add_part(ms_tidier *s, int32_t round_ix, double factor, int32_t parts_most)
{
    ms_round *round = &s->rounds[round_ix];
    if (round->seen == s->turn) {
        s->parts[round->part].factor += factor;
        return true;
    }
    if (s->part_count >= parts_most)
        return false;
    round->seen = s->turn;
    round->part = s->part_count;
    s->parts[s->part_count++] = (ms_part){round_ix, factor};
    return true;
}

static bool mix_in(ms_tidier *s, const ms_owner *owner, int32_t parts_most)
{
    double factor = -s->rows[owner->row].use_t / owner->use_t;
    for (int32_t i = 0; i < owner->part_count; i++) {
        const ms_part *part = &s->pool_parts[owner->first_part + (size_t)i];
        if (!add_part(s, part->round, factor * part->factor, parts_most))
            return false;
    }
    for (int32_t i = 0; i < owner->use_count; i++) {
        const ms_row_use *use = &s->pool_uses[owner->first_use + (size_t)i];
        ms_tidy_touch(s, use->row, factor * use->use_t);
    }
    s->rows[owner->row].use_t = 0;
    return true;
}

bool ms_tidy_mix(ms_tidier *s, int32_t parts_most)
{
    int32_t looked = 0;
    s->heap_count = 0;
    for (;;) {
        for (; looked < s->touched_count; looked++)
            if (s->rows[s->touched[looked]].owner >= 0)
                heap_add(s, s->rows[s->touched[looked]].owner);
        if (s->heap_count == 0)
            return true;
        ms_owner *owner = &s->owners[heap_take(s)];
        ms_tidy_row *row = &s->rows[owner->row];
        if (owner->part_count == 0)
            continue;
        if (fabs(row->use_t) < NO_USE * s->quantum)
            row->use_t = 0;
        else if (row->left_t > MS_TIDY_TIGHT_T || !is_alive(s, owner))
            drop_owner(s, owner);
        else if (!mix_in(s, owner, parts_most))
            return false;
    }
}

/* ---- new owners ---- */

static bool grow_pools(ms_tidier *s)
{
    return ms_grow((void **)&s->rounds, &s->round_capacity, s->round_count + 1, sizeof *s->rounds) &&
           ms_grow((void **)&s->pool, &s->pool_capacity, s->pool_count + (size_t)s->step_count, sizeof *s->pool) &&
           ms_grow((void **)&s->owners, &s->owner_capacity, s->owner_count + 1, sizeof *s->owners) &&
           ms_grow((void **)&s->pool_parts, &s->pool_part_capacity, s->pool_part_count + (size_t)s->part_count + 1,
                   sizeof *s->pool_parts) &&
           ms_grow((void **)&s->pool_uses, &s->pool_use_capacity, s->pool_use_count + (size_t)s->touched_count,
                   sizeof *s->pool_uses);
}

/* The tight row without owner that the turn uses most; -1 none. */
static int32_t row_to_own(const ms_tidier *s)
{
    int32_t best = -1;
    double most = 1e-6 * s->quantum;
    for (int32_t i = 0; i < s->touched_count; i++) {
        const ms_tidy_row *row = &s->rows[s->touched[i]];
        if (row->left_t <= MS_TIDY_TIGHT_T && row->owner < 0 && fabs(row->use_t) > most) {
            most = fabs(row->use_t);
            best = s->touched[i];
        }
    }
    return best;
}

void ms_tidy_own(ms_tidier *s)
{
    int32_t row = row_to_own(s);
    if (row < 0)
        return;
    if (!grow_pools(s)) {
        s->out_of_memory = true;
        return;
    }
    ms_owner owner = {.first_part = s->pool_part_count,
                      .part_count = s->part_count + 1,
                      .first_use = s->pool_use_count,
                      .row = row,
                      .use_t = s->rows[row].use_t};
    s->rounds[s->round_count] = (ms_round){
        .first_step = s->pool_count, .step_count = s->step_count, .cost = s->cost, .cost_size = s->cost_size};
    memcpy(s->pool + s->pool_count, s->steps, (size_t)s->step_count * sizeof *s->steps);
    s->pool_count += (size_t)s->step_count;
    s->pool_parts[s->pool_part_count++] = (ms_part){(int32_t)s->round_count++, 1};
    for (int32_t i = 0; i < s->part_count; i++)
        s->pool_parts[s->pool_part_count++] = s->parts[i];
    for (int32_t i = 0; i < s->touched_count; i++) {
        double use_t = s->rows[s->touched[i]].use_t;
        if (fabs(use_t) > NO_USE * s->quantum)
            s->pool_uses[s->pool_use_count++] = (ms_row_use){s->touched[i], use_t};
    }
    owner.use_count = (int32_t)(s->pool_use_count - owner.first_use);
    s->rows[row].owner = (int32_t)s->owner_count;
    s->owners[s->owner_count++] = owner;
}

bool ms_tidy_bury(ms_tidier *s, int32_t ix)
{
    bool found = false;
    for (int32_t p = 0; p < s->part_count; p++) {
        ms_round *round = &s->rounds[s->parts[p].round];
        for (int32_t i = 0; i < round->step_count && !round->dead; i++)
            round->dead = abs(s->pool[round->first_step + (size_t)i]) - 1 == ix;
        if (round->dead) {
            treat_again(s, round);
            found = true;
        }
    }
    return found;
}
