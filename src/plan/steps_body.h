/* steps_body.h: the passes of one primal-dual iteration; included by steps.c once for each number type and each kind of
 * vectors. REAL, INTEGER, TARGET and NAME(x) are set by the includer.
 *
 * The arithmetic of rows is on vectors of 64 bytes, which the compiler cuts into what the machine has: the bytes are
 * the same whatever the width. Labels P1 to P7 are those of docs/engine.md.
 */
#define VEC NAME(vec)
#define IVEC NAME(ivec)
#define WIDTH ((int)(64 / sizeof(REAL)))
#define INLINE static inline __attribute__((always_inline)) TARGET
typedef REAL VEC __attribute__((vector_size(64)));
typedef INTEGER IVEC __attribute__((vector_size(64)));
static const IVEC NAME(place) = {PLACES};

/* What a shortfall costs, by step: weights a tonne, and widths in tonnes of all but the last, `apart` numbers apart. */
typedef struct {
    REAL weights[4];
    const REAL *widths;
    size_t apart;
    int count;
} NAME(need_steps);

INLINE void NAME(load)(VEC *to, const REAL *from)
{
    memcpy(to, from, sizeof *to);
}

INLINE void NAME(store)(REAL *to, const VEC *from)
{
    memcpy(to, from, sizeof *from);
}

INLINE void NAME(add)(REAL *to, const VEC *what)
{
    VEC sum;
    NAME(load)(&sum, to);
    sum += *what;
    NAME(store)(to, &sum);
}

INLINE void NAME(at_least_zero)(VEC *v)
{
    *v = (VEC)((IVEC)*v & (*v > 0));
}

INLINE void NAME(at_most)(VEC *v, const VEC *most)
{
    IVEC under = *v < *most;
    *v = (VEC)(((IVEC)*v & under) | ((IVEC)*most & ~under));
}

INLINE double NAME(sum)(const VEC *v)
{
    double sum = 0;
    for (int i = 0; i < WIDTH; i++)
        sum += (double)(*v)[i];
    return sum;
}

/* sum of distance^2 / step over the places that have a column or row. */
INLINE double NAME(length2)(const VEC *distance, const VEC *step)
{
    VEC share = *distance * *distance / (*step + (REAL)1e-30);
    share = (VEC)((IVEC)share & (*step > 0));
    return NAME(sum)(&share);
}

/* P6: moves an iterate. `next` is T(z) at this place. Gives 2 T(z) - z, and the distance of T(z) from z, or at a
 * restart from the anchor. */
INLINE void NAME(advance)(REAL *now, REAL *anchor, const VEC *old, const VEC *next, REAL weight, ms_pass_kind kind,
                          VEC *twice, VEC *distance)
{
    VEC from;
    NAME(load)(&from, anchor);
    *twice = *next + *next - *old;
    if (kind == MS_PASS_RESTART) {
        *distance = *next - from;
        NAME(store)(now, next);
        NAME(store)(anchor, next);
    } else {
        VEC moved = from + weight * (*twice - from);
        *distance = *next - *old;
        NAME(store)(now, &moved);
    }
}

/* One vector of bounded columns: next = min(max(0, now - primal step slope), most). */
INLINE double NAME(columns)(const ms_iterate *columns, size_t at, const REAL *step, const REAL *most, REAL primal,
                            const VEC *slope, REAL weight, ms_pass_kind kind, VEC *twice)
{
    VEC old, steps, distance;
    REAL *now = (REAL *)columns->now + at, *anchor = (REAL *)columns->anchor + at;
    NAME(load)(&old, now);
    NAME(load)(&steps, step);
    VEC next = old - (primal * steps) * *slope;
    NAME(at_least_zero)(&next);
    if (most) {
        VEC bound;
        NAME(load)(&bound, most);
        NAME(at_most)(&next, &bound);
    }
    NAME(advance)(now, anchor, &old, &next, weight, kind, twice, &distance);
    return kind == MS_PASS_STEP ? 0 : NAME(length2)(&distance, &steps);
}

/* One vector of rows: price = now + dual sigma excess, not below 0 unless the row is an equality. */
INLINE double NAME(rows)(const ms_iterate *rows, size_t at, const REAL *sigma, REAL dual, const VEC *excess, bool free,
                         REAL weight, ms_pass_kind kind)
{
    VEC old, steps, distance, twice;
    REAL *now = (REAL *)rows->now + at, *anchor = (REAL *)rows->anchor + at;
    NAME(load)(&old, now);
    NAME(load)(&steps, sigma);
    VEC next = old + (dual * steps) * *excess;
    if (!free)
        NAME(at_least_zero)(&next);
    NAME(advance)(now, anchor, &old, &next, weight, kind, &twice, &distance);
    return kind == MS_PASS_STEP ? 0 : NAME(length2)(&distance, &steps);
}

/* The same for a row whose shortfall costs `weights` a tonne, in steps of a tonnage each: the shortfall columns of one
 * row are left out, and its price gives way to them instead (docs/engine.md, P4). */
INLINE double NAME(needs)(const ms_iterate *rows, size_t at, const REAL *sigma, REAL dual, const VEC *excess,
                          const NAME(need_steps) * needs, bool free, REAL weight, ms_pass_kind kind)
{
    VEC old, steps, distance, twice;
    REAL *now = (REAL *)rows->now + at, *anchor = (REAL *)rows->anchor + at;
    NAME(load)(&old, now);
    NAME(load)(&steps, sigma);
    VEC next = old + (dual * steps) * *excess;
    for (int s = 0; s + 1 < needs->count; s++) {
        VEC most, cost = needs->weights[s] + (steps - steps);
        NAME(load)(&most, needs->widths + (size_t)s * needs->apart);
        VEC paid = next - (dual * steps) * most;
        IVEC above = next > cost, still = paid > cost;
        paid = (VEC)(((IVEC)paid & still) | ((IVEC)cost & ~still));
        next = (VEC)(((IVEC)paid & above) | ((IVEC)next & ~above));
    }
    VEC most = needs->weights[needs->count - 1] + (steps - steps);
    NAME(at_most)(&next, &most);
    if (!free)
        NAME(at_least_zero)(&next);
    NAME(advance)(now, anchor, &old, &next, weight, kind, &twice, &distance);
    return kind == MS_PASS_STEP ? 0 : NAME(length2)(&distance, &steps);
}

/* ---- P1: movements ---- */

INLINE double NAME(run)(const ms_grid *g, const ms_run *run, REAL *residual, REAL *load_lane, REAL cost, REAL primal,
                        REAL weight, ms_pass_kind kind, double *moved)
{
    const REAL *v = (const REAL *)g->v.now + (size_t)run->layer * g->layer_stride;
    size_t lane_at = (size_t)run->lane_ix * g->lane_stride + (size_t)run->first;
    size_t from_at = (size_t)run->from_ix * (size_t)g->stride + (size_t)run->first;
    size_t to_at = (size_t)run->to_ix * (size_t)g->stride + (size_t)(run->first + run->transit);
    const REAL *price = (const REAL *)g->price_lane + lane_at, *step = (const REAL *)g->step_x + run->at;
    double length2 = 0;
    VEC all = {0};
    for (int i = 0; i < run->count; i += WIDTH) {
        VEC old, value_from, value_to, lane_price, steps, twice, distance;
        REAL *now = (REAL *)g->x.now + run->at + i, *anchor = (REAL *)g->x.anchor + run->at + i;
        NAME(load)(&old, now);
        NAME(load)(&value_from, v + from_at + i);
        NAME(load)(&value_to, v + to_at + i);
        NAME(load)(&lane_price, price + i);
        NAME(load)(&steps, step + i);
        VEC next = old - (primal * steps) * (cost + lane_price - value_from + value_to);
        NAME(at_least_zero)(&next);
        if (i + WIDTH > run->count) {
            IVEC inside = NAME(place) < (INTEGER)(run->count - i);
            next = (VEC)((IVEC)next & inside);
        }
        NAME(advance)(now, anchor, &old, &next, weight, kind, &twice, &distance);
        VEC less = -twice;
        NAME(add)(residual + from_at + i, &less);
        NAME(add)(residual + to_at + i, &twice);
        NAME(add)(load_lane + lane_at + i, &twice);
        all += twice;
        if (kind != MS_PASS_STEP)
            length2 += NAME(length2)(&distance, &steps);
    }
    if (moved)
        *moved = NAME(sum)(&all);
    return length2;
}

INLINE double NAME(moves)(const ms_grid *g, int32_t k, int group, REAL *residual, const ms_pass *pass,
                          ms_pass_kind kind)
{
    REAL *load_lane = (REAL *)g->load_lane + (size_t)group * g->load_lane_stride;
    double *load_agreement = g->load_agreement + (size_t)group * (size_t)g->net->kase->agreements_count;
    const REAL *agreement = (const REAL *)g->agreement.now;
    double length2 = 0, moved;
    for (int32_t i = g->run_first[k]; i < g->run_first[k + 1]; i++) {
        const ms_run *run = &g->runs[i];
        REAL cost = (REAL)run->cost;
        bool counts = false;
        for (int need = 0; need < MS_NEEDS; need++)
            if (run->agreement_ix[need] >= 0) {
                cost += agreement[run->agreement_ix[need]];
                counts = true;
            }
        length2 += NAME(run)(g, run, residual, load_lane, cost, (REAL)pass->primal, (REAL)pass->weight, kind,
                             counts ? &moved : NULL);
        for (int need = 0; need < MS_NEEDS; need++)
            if (run->agreement_ix[need] >= 0)
                load_agreement[run->agreement_ix[need]] += moved;
    }
    return length2;
}

/* ---- P2: what stays, is refused, and is issued ---- */

INLINE double NAME(stocks)(const ms_grid *g, int32_t k, int group, REAL *residual, const ms_pass *pass,
                           ms_pass_kind kind, double *dual2)
{
    const ms_network *net = g->net;
    REAL hold = (REAL)(net->weights.hold_per_day * net->period_days);
    REAL primal = (REAL)pass->primal, dual = (REAL)pass->dual, weight = (REAL)pass->weight;
    REAL *load_stock = (REAL *)g->load_stock + (size_t)group * g->load_site_stride;
    double length2 = 0;
    for (int32_t n = 0; n < net->site_count; n++) {
        size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
        size_t row = (size_t)n * (size_t)g->stride, node = (size_t)k * g->layer_stride + row;
        const REAL *v = (const REAL *)g->v.now + node, *carry = (const REAL *)g->carry + g->carry_at[pair];
        const REAL *storage = (const REAL *)g->storage.now + row;
        int32_t r = g->reserve_of[pair];
        for (int t = g->stock_first[pair]; t < net->H; t += WIDTH) {
            VEC here, after, kept, price, slope, twice;
            NAME(load)(&here, v + t);
            NAME(load)(&after, v + t + 1);
            NAME(load)(&kept, carry + t + 1);
            NAME(load)(&price, storage + t);
            slope = hold + price - here + kept * after;
            if (r >= 0) {
                VEC below;
                NAME(load)(&below, (const REAL *)g->reserve.now + (size_t)r * (size_t)g->stride + t);
                slope -= below;
            }
            length2 += NAME(columns)(&g->s, node + t, (const REAL *)g->step_s + node + t, NULL, primal, &slope, weight,
                                     kind, &twice);
            VEC less = -twice;
            NAME(add)(residual + row + t, &less);
            if (g->has_storage)
                NAME(add)(load_stock + row + t, &twice);
            if (r >= 0) {
                size_t at = (size_t)r * (size_t)g->stride + (size_t)t;
                const NAME(need_steps) needs = {{(REAL)ms_network_reserve_weight(net, r)}, NULL, 0, 1};
                VEC level;
                NAME(load)(&level, (const REAL *)g->level + at);
                level -= twice;
                *dual2 += NAME(needs)(&g->reserve, at, (const REAL *)g->sigma_reserve + at, dual, &level, &needs, false,
                                      weight, kind);
            }
            twice = twice * kept;
            NAME(add)(residual + row + t + 1, &twice);
        }
    }
    return length2;
}

INLINE double NAME(refusals)(const ms_grid *g, int32_t k, REAL *residual, const ms_pass *pass, ms_pass_kind kind)
{
    REAL refuse = (REAL)g->net->weights.refuse;
    double length2 = 0;
    for (int32_t i = g->supply_first[k]; i < g->supply_first[k + 1]; i++) {
        size_t row = (size_t)g->supplies[i].site_ix * (size_t)g->stride,
               at = (size_t)g->supplies[i].row * (size_t)g->stride;
        const REAL *v = (const REAL *)g->v.now + (size_t)k * g->layer_stride + row;
        for (int t = 0; t < g->net->H; t += WIDTH) {
            VEC here, slope, twice;
            NAME(load)(&here, v + t);
            slope = refuse - here;
            length2 += NAME(columns)(&g->o, at + t, (const REAL *)g->step_o + at + t, (const REAL *)g->most_o + at + t,
                                     (REAL)pass->primal, &slope, (REAL)pass->weight, kind, &twice);
            twice = -twice;
            NAME(add)(residual + row + t, &twice);
        }
    }
    return length2;
}

INLINE double NAME(issues)(const ms_grid *g, int32_t k, int group, REAL *residual, const ms_pass *pass,
                           ms_pass_kind kind)
{
    const ms_network *net = g->net;
    REAL *load_demand = (REAL *)g->load_demand + (size_t)group * g->load_demand_stride;
    double *load_agreement = g->load_agreement + (size_t)group * (size_t)net->kase->agreements_count;
    double length2 = 0;
    for (int32_t i = net->issue_first[k]; i < net->issue_first[k + 1]; i++) {
        const ms_issue_way *way = &net->issues[i];
        size_t row = (size_t)net->kase->demands[way->demand_ix].site_ix * (size_t)g->stride;
        size_t at = (size_t)i * (size_t)g->stride, line = (size_t)way->demand_ix * (size_t)g->stride;
        const REAL *v = (const REAL *)g->v.now + (size_t)k * g->layer_stride + row;
        const REAL *demand = (const REAL *)g->demand.now + line;
        REAL meets = (REAL)way->meets, charge = (REAL)way->charge;
        if (way->agreement_ix >= 0)
            charge += ((const REAL *)g->agreement.now)[way->agreement_ix];
        VEC all = {0};
        for (int t = g->issue_opens[i]; t < g->issue_closes[i]; t += WIDTH) {
            VEC here, price, slope, twice;
            NAME(load)(&here, v + t);
            NAME(load)(&price, demand + t);
            slope = charge - here - meets * price;
            length2 += NAME(columns)(&g->y, at + t, (const REAL *)g->step_y + at + t, NULL, (REAL)pass->primal, &slope,
                                     (REAL)pass->weight, kind, &twice);
            all += twice;
            VEC less = -twice;
            NAME(add)(residual + row + t, &less);
            twice = meets * twice;
            NAME(add)(load_demand + line + t, &twice);
        }
        if (way->agreement_ix >= 0)
            load_agreement[way->agreement_ix] += NAME(sum)(&all);
    }
    return length2;
}

/* One number that is not in a row: a commitment that may be broken. */
INLINE double NAME(broken)(const ms_grid *g, int32_t k, REAL *residual, const ms_pass *pass, ms_pass_kind kind)
{
    const ms_network *net = g->net;
    const REAL *v = (const REAL *)g->v.now + (size_t)k * g->layer_stride;
    REAL weight = (REAL)pass->weight;
    double length2 = 0;
    for (int32_t i = g->broken_first[k]; i < g->broken_first[k + 1]; i++) {
        const ms_committed *m = &net->committed[g->broken[i]];
        size_t from = (size_t)m->from_ix * (size_t)g->stride + (size_t)m->depart;
        size_t to = (size_t)m->to_ix * (size_t)g->stride + (size_t)m->arrive;
        bool arrives = m->arrive < net->H;
        REAL *now = (REAL *)g->b.now + i, *anchor = (REAL *)g->b.anchor + i, old = *now;
        REAL step = ((const REAL *)g->step_b)[i], most = (REAL)m->load_t;
        REAL slope = (REAL)(m->broken_cost - m->cost) + v[from] - (arrives ? v[to] : 0);
        REAL next = old - (REAL)pass->primal * step * slope;
        next = next > 0 ? next : 0;
        next = next < most ? next : most;
        REAL twice = next + next - old, distance = next - (kind == MS_PASS_RESTART ? *anchor : old);
        *now = kind == MS_PASS_RESTART ? next : *anchor + weight * (twice - *anchor);
        if (kind == MS_PASS_RESTART)
            *anchor = next;
        length2 += (double)(distance * distance / step);
        residual[from] += twice;
        if (arrives)
            residual[to] -= twice;
    }
    return length2;
}

/* ---- P3: values of goods (C1), a block of chains at once ---- */

/* Solves the chains of one block of sites for what is left over at their nodes: L D L' = Sigma^-1. */
INLINE void NAME(chains)(const ms_grid *g, const REAL *lower, const REAL *pivot, REAL *block)
{
    enum { ROWS = MS_GRID_LANES };
    for (int t = 1; t < g->net->H; t++)
        for (int i = 0; i < ROWS; i += WIDTH) {
            VEC before, factor;
            NAME(load)(&before, block + (size_t)(t - 1) * ROWS + i);
            NAME(load)(&factor, lower + (size_t)t * ROWS + i);
            VEC change = -factor * before;
            NAME(add)(block + (size_t)t * ROWS + i, &change);
        }
    for (int t = g->net->H - 1; t >= 0; t--)
        for (int i = 0; i < ROWS; i += WIDTH) {
            VEC here, inverse;
            REAL *at = block + (size_t)t * ROWS + i;
            NAME(load)(&here, at);
            NAME(load)(&inverse, pivot + (size_t)t * ROWS + i);
            here = here * inverse;
            if (t + 1 < g->net->H) {
                VEC after, factor;
                NAME(load)(&after, at + ROWS);
                NAME(load)(&factor, lower + (size_t)(t + 1) * ROWS + i);
                here -= factor * after;
            }
            NAME(store)(at, &here);
        }
}

INLINE double NAME(values)(const ms_grid *g, int32_t k, REAL *residual, REAL *block, const ms_pass *pass,
                           ms_pass_kind kind)
{
    enum { ROWS = MS_GRID_LANES };
    size_t stride = (size_t)g->stride, H = (size_t)g->net->H;
    REAL dual = (REAL)pass->dual, weight = (REAL)pass->weight;
    double length2 = 0;
    for (int32_t n = 0; n < g->net->site_count; n += ROWS) {
        size_t factors = (size_t)k * g->chain_stride + (size_t)n * H;
        REAL *rows = residual + (size_t)n * stride;
        for (size_t i = 0; i < ROWS; i++)
            for (size_t t = 0; t < H; t++)
                block[t * ROWS + i] = rows[i * stride + t];
        NAME(chains)(g, (const REAL *)g->chain_lower + factors, (const REAL *)g->chain_pivot + factors, block);
        for (size_t i = 0; i < ROWS; i++) {
            for (size_t t = 0; t < H; t++)
                rows[i * stride + t] = block[t * ROWS + i];
            memset(&rows[i * stride + H], 0,
                   (stride - H) * sizeof *rows); /* what stays behind the horizon is no one's */
        }
        for (int32_t i = n; i < n + ROWS && i < g->net->site_count; i++)
            for (size_t t = 0; t < H; t += WIDTH) {
                size_t row = (size_t)i * stride + t, node = (size_t)k * g->layer_stride + row;
                VEC change, old, twice, distance;
                NAME(load)(&change, residual + row);
                NAME(load)(&old, (REAL *)g->v.now + node);
                VEC next = old + dual * change;
                NAME(advance)
                ((REAL *)g->v.now + node, (REAL *)g->v.anchor + node, &old, &next, weight, kind, &twice, &distance);
                if (kind != MS_PASS_STEP) {
                    VEC diagonal;
                    NAME(load)(&diagonal, (const REAL *)g->chain_weight + node);
                    diagonal = distance * distance * diagonal;
                    length2 += NAME(sum)(&diagonal);
                }
            }
    }
    return length2;
}

static TARGET void NAME(layer)(const ms_grid *g, int32_t k, int group, const ms_pass *pass)
{
    REAL *residual = (REAL *)g->scratch + (size_t)group * g->scratch_stride, *block = residual + g->layer_stride;
    double primal2 = 0, dual2 = 0;
    memcpy(residual, (const REAL *)g->comes + (size_t)k * g->layer_stride, g->layer_stride * sizeof *residual);
    if (pass->kind == MS_PASS_STEP) {
        NAME(moves)(g, k, group, residual, pass, MS_PASS_STEP);
        NAME(stocks)(g, k, group, residual, pass, MS_PASS_STEP, &dual2);
        NAME(refusals)(g, k, residual, pass, MS_PASS_STEP);
        NAME(issues)(g, k, group, residual, pass, MS_PASS_STEP);
        NAME(broken)(g, k, residual, pass, MS_PASS_STEP);
        NAME(values)(g, k, residual, block, pass, MS_PASS_STEP);
        return;
    }
    primal2 += NAME(moves)(g, k, group, residual, pass, pass->kind);
    primal2 += NAME(stocks)(g, k, group, residual, pass, pass->kind, &dual2);
    primal2 += NAME(refusals)(g, k, residual, pass, pass->kind);
    primal2 += NAME(issues)(g, k, group, residual, pass, pass->kind);
    primal2 += NAME(broken)(g, k, residual, pass, pass->kind);
    dual2 += NAME(values)(g, k, residual, block, pass, pass->kind);
    g->primal2[k] = primal2;
    g->dual2[k] = dual2;
}

/* ---- P4: shared rows ---- */

/* Adds the groups' sums of one row of a table: the row is `at` numbers into each. */
INLINE void NAME(gather)(VEC *to, const void *loads, size_t group_stride, int groups, size_t at)
{
    NAME(load)(to, (const REAL *)loads + at);
    for (int i = 1; i < groups; i++) {
        VEC more;
        NAME(load)(&more, (const REAL *)loads + (size_t)i * group_stride + at);
        *to += more;
    }
}

/* C3. */
static TARGET void NAME(lanes)(const ms_grid *g, int32_t first, int32_t end, const ms_pass *pass)
{
    for (int32_t a = first; a < end; a++) {
        double dual2 = 0;
        for (int t = 0; t < g->net->H; t += WIDTH) {
            size_t at = (size_t)a * g->lane_stride + (size_t)t;
            VEC total, room;
            NAME(gather)(&total, g->load_lane, g->load_lane_stride, g->group_count, at);
            NAME(store)((REAL *)g->total_lane + at, &total);
            NAME(load)(&room, (const REAL *)g->room_lane + at);
            total -= room;
            dual2 += NAME(rows)(&g->lane, at, (const REAL *)g->sigma_lane + at, (REAL)pass->dual, &total, false,
                                (REAL)pass->weight, pass->kind);
        }
        g->dual2[g->lane_measure + a] = dual2;
    }
}

/* C4 and C5 of one site. */
INLINE double NAME(site)(const ms_grid *g, int32_t n, REAL *row, const ms_pass *pass)
{
    size_t H = (size_t)g->net->H, stride = (size_t)g->stride;
    double dual2 = 0;
    if (g->handles[n]) {
        memset(row, 0, (stride + MS_GRID_SLACK) * sizeof *row);
        for (int32_t i = g->touch_first[n]; i < g->touch_first[n + 1]; i++) {
            const ms_touch *touch = &g->touches[i];
            const REAL *total = (const REAL *)g->total_lane + (size_t)touch->lane_ix * g->lane_stride + touch->first;
            for (int t = 0; t < touch->count; t += WIDTH) {
                VEC load;
                NAME(load)(&load, total + t);
                if (t + WIDTH > touch->count) {
                    IVEC inside = NAME(place) < (INTEGER)(touch->count - t);
                    load = (VEC)((IVEC)load & inside);
                }
                NAME(add)(row + touch->first + touch->shift + t, &load);
            }
        }
        for (size_t t = 0; t < H; t += WIDTH) {
            size_t at = (size_t)n * stride + t;
            VEC excess, room;
            NAME(load)(&excess, row + t);
            NAME(load)(&room, (const REAL *)g->room_site + at);
            excess -= room;
            dual2 += NAME(rows)(&g->site, at, (const REAL *)g->sigma_site + at, (REAL)pass->dual, &excess, false,
                                (REAL)pass->weight, pass->kind);
        }
    }
    for (size_t t = 0; g->has_storage && t < H; t += WIDTH) {
        size_t at = (size_t)n * stride + t;
        VEC excess, room;
        NAME(gather)(&excess, g->load_stock, g->load_site_stride, g->group_count, at);
        NAME(load)(&room, (const REAL *)g->room_storage + at);
        excess -= room;
        dual2 += NAME(rows)(&g->storage, at, (const REAL *)g->sigma_storage + at, (REAL)pass->dual, &excess, false,
                            (REAL)pass->weight, pass->kind);
    }
    return dual2;
}

/* C6 of one fleet. The load is summed from its change from period to period: three shifted rows a lane. */
INLINE double NAME(fleet)(const ms_grid *g, int32_t f, REAL *row, const ms_pass *pass)
{
    int H = g->net->H;
    double dual2 = 0, load = 0, cumulated = 0;
    memset(row, 0, (size_t)(g->stride + MS_GRID_SLACK) * sizeof *row);
    for (int32_t i = g->trip_first[f]; i < g->trip_first[f + 1]; i++) {
        const ms_leg *trip = &g->legs[g->trips[i]];
        const REAL *total = (const REAL *)g->total_lane + (size_t)trip->lane_ix * g->lane_stride + trip->first;
        const int shifts[] = {0, trip->whole, trip->whole + 1};
        const REAL factors[] = {1, (REAL)(trip->part - 1), (REAL)-trip->part};
        for (int s = 0; s < 3; s++)
            for (int t = 0; t < trip->count && trip->first + shifts[s] + t < H; t += WIDTH) {
                VEC change;
                NAME(load)(&change, total + t);
                if (t + WIDTH > trip->count) {
                    IVEC inside = NAME(place) < (INTEGER)(trip->count - t);
                    change = (VEC)((IVEC)change & inside);
                }
                change = change * factors[s];
                NAME(add)(row + trip->first + shifts[s] + t, &change);
            }
    }
    for (int t = 0; t < H; t++) {
        load += (double)row[t];
        row[t] = (REAL)load;
    }
    for (int t = 0; t < H; t += WIDTH) {
        size_t at = (size_t)f * (size_t)g->stride + (size_t)t;
        VEC excess, room;
        NAME(load)(&excess, row + t);
        NAME(load)(&room, (const REAL *)g->room_fleet + at);
        excess -= room;
        dual2 += NAME(rows)(&g->fleet, at, (const REAL *)g->sigma_fleet + at, (REAL)pass->dual, &excess, false,
                            (REAL)pass->weight, pass->kind);
    }
    double *sums = g->fleet_sums + (size_t)f * g->fleet_sums_stride;
    for (int t = 0; t < H; t++) {
        sums[t] = cumulated;
        cumulated += (double)((const REAL *)g->fleet.now)[(size_t)f * (size_t)g->stride + (size_t)t];
    }
    for (size_t t = (size_t)H; t < g->fleet_sums_stride; t++)
        sums[t] = cumulated;
    return dual2;
}

/* Solves the chain of a line whose backlog carries over, in units of its diagonal. */
INLINE void NAME(backlog)(const ms_grid *g, size_t line, REAL *missing)
{
    const REAL *lower = (const REAL *)g->line_lower + line, *pivot = (const REAL *)g->line_pivot + line;
    const REAL *sigma = (const REAL *)g->sigma_demand + line;
    int H = g->net->H;
    for (int t = 1; t < H; t++)
        missing[t] -= lower[t] * missing[t - 1];
    for (int t = H - 1; t >= 0; t--)
        missing[t] = missing[t] * pivot[t] - (t + 1 < H ? lower[t + 1] * missing[t + 1] : 0);
    for (int t = 0; t < H; t++)
        missing[t] = sigma[t] > 0 ? missing[t] / sigma[t] : 0;
}

/* C2 of one line of which nothing is owed later. */
INLINE double NAME(line)(const ms_grid *g, int32_t j, const ms_pass *pass)
{
    const ms_network *net = g->net;
    size_t stride = (size_t)g->stride, line = (size_t)j * stride;
    int steps = net->weights.step_count;
    NAME(need_steps)
    needs = {.widths = (const REAL *)g->most_z + line * (size_t)steps, .apart = stride, .count = steps};
    double dual2 = 0;
    for (int s = 0; s < steps; s++)
        needs.weights[s] = (REAL)ms_network_short_weight(net, j, s);
    for (size_t t = 0; t < (size_t)net->H; t += WIDTH, needs.widths += WIDTH) {
        VEC missing, load;
        NAME(load)(&missing, (const REAL *)g->wanted + line + t);
        NAME(gather)(&load, g->load_demand, g->load_demand_stride, g->group_count, line + t);
        missing -= load;
        dual2 += NAME(needs)(&g->demand, line + t, (const REAL *)g->sigma_demand + line + t, (REAL)pass->dual, &missing,
                             &needs, true, (REAL)pass->weight, pass->kind);
    }
    return dual2;
}

/* C2 of one line whose backlog carries over: a chain of shortfall columns. */
INLINE double NAME(owed)(const ms_grid *g, int32_t j, REAL *row, const ms_pass *pass, double *primal2)
{
    const ms_network *net = g->net;
    size_t stride = (size_t)g->stride, line = (size_t)j * stride;
    REAL *short_of = row + MS_GRID_LANES, *missing_of = short_of + stride + MS_GRID_LANES; /* short_of[-1] is 0 */
    double dual2 = 0;
    memset(row, 0, (stride + MS_GRID_SLACK) * sizeof *row);
    for (size_t t = 0; t < (size_t)net->H; t += WIDTH) {
        VEC price, later, slope, sum = {0};
        NAME(load)(&price, (const REAL *)g->demand.now + line + t);
        NAME(load)(&later, (const REAL *)g->demand.now + line + t + 1);
        for (int s = 0; s < net->weights.step_count; s++) {
            size_t at = ((size_t)j * (size_t)net->weights.step_count + (size_t)s) * stride + t;
            VEC twice;
            slope = (REAL)ms_network_short_weight(net, j, s) - price + later;
            *primal2 += NAME(columns)(&g->z, at, (const REAL *)g->step_z + line + t, (const REAL *)g->most_z + at,
                                      (REAL)pass->primal, &slope, (REAL)pass->weight, pass->kind, &twice);
            sum += twice;
        }
        NAME(store)(short_of + t, &sum);
    }
    for (size_t t = 0; t < (size_t)net->H; t += WIDTH) {
        VEC missing, load, part, before;
        NAME(load)(&missing, (const REAL *)g->wanted + line + t);
        NAME(gather)(&load, g->load_demand, g->load_demand_stride, g->group_count, line + t);
        NAME(load)(&part, short_of + t);
        NAME(load)(&before, short_of + t - 1);
        missing = missing - load - part + before;
        NAME(store)(missing_of + t, &missing);
    }
    NAME(backlog)(g, line, missing_of);
    for (size_t t = 0; t < (size_t)net->H; t += WIDTH) {
        VEC missing;
        NAME(load)(&missing, missing_of + t);
        dual2 += NAME(rows)(&g->demand, line + t, (const REAL *)g->sigma_demand + line + t, (REAL)pass->dual, &missing,
                            true, (REAL)pass->weight, pass->kind);
    }
    return dual2;
}

/* C7: few numbers, one at a time. */
INLINE double NAME(agreements)(const ms_grid *g, const ms_pass *pass)
{
    int32_t count = g->net->kase->agreements_count;
    double dual2 = 0;
    for (int32_t i = 0; i < count; i++) {
        REAL sigma = ((const REAL *)g->sigma_agreement)[i];
        if (sigma <= 0)
            continue;
        double load = 0;
        for (int group = 0; group < g->group_count; group++)
            load += g->load_agreement[(size_t)group * (size_t)count + (size_t)i];
        REAL *now = (REAL *)g->agreement.now + i, *anchor = (REAL *)g->agreement.anchor + i, old = *now;
        REAL next = old + (REAL)pass->dual * sigma * (REAL)(load - g->net->agreement_room[i]);
        next = next > 0 ? next : 0;
        REAL distance = next - (pass->kind == MS_PASS_RESTART ? *anchor : old);
        *now = pass->kind == MS_PASS_RESTART ? next : *anchor + (REAL)pass->weight * (next + next - old - *anchor);
        if (pass->kind == MS_PASS_RESTART)
            *anchor = next;
        dual2 += (double)(distance * distance / sigma);
    }
    return dual2;
}

static TARGET void NAME(shared)(const ms_grid *g, int part, int parts, const ms_pass *pass)
{
    const ms_case *kase = g->net->kase;
    REAL *row = (REAL *)g->scratch + (size_t)part * g->scratch_stride;
    for (int32_t n = part; n < kase->sites_count; n += parts)
        g->dual2[g->site_measure + n] = NAME(site)(g, n, row, pass);
    for (int32_t f = part; f < kase->fleets_count; f += parts)
        g->dual2[g->fleet_measure + f] = NAME(fleet)(g, f, row, pass);
    for (int32_t j = part; j < kase->demands_count; j += parts) {
        double primal2 = 0;
        g->dual2[g->demand_measure + j] = kase->items[kase->demands[j].item_ix].backorder
                                              ? NAME(owed)(g, j, row, pass, &primal2)
                                              : NAME(line)(g, j, pass);
        g->primal2[g->demand_measure + j] = primal2;
    }
    if (part == 0)
        g->dual2[g->agreement_measure] = NAME(agreements)(g, pass);
}

/* ---- P5: what a tonne pays on a lane ---- */

static TARGET void NAME(prices)(const ms_grid *g, int32_t first, int32_t end)
{
    typedef double DVEC __attribute__((vector_size(8 * WIDTH)));
    for (int32_t i = g->leg_first[first]; i < g->leg_first[end]; i++) {
        const ms_leg *leg = &g->legs[i];
        size_t stride = (size_t)g->stride, at = (size_t)leg->lane_ix * g->lane_stride + (size_t)leg->first;
        const REAL *from = (const REAL *)g->site.now + (size_t)leg->from_ix * stride + leg->first;
        const REAL *to = (const REAL *)g->site.now + (size_t)leg->to_ix * stride + leg->first + leg->transit;
        const double *sums = leg->fleet_ix < 0
                                 ? NULL
                                 : g->fleet_sums + (size_t)leg->fleet_ix * g->fleet_sums_stride + leg->first;
        for (int t = 0; t < leg->count; t += WIDTH) {
            VEC price, more;
            NAME(load)(&price, (const REAL *)g->lane.now + at + t);
            NAME(load)(&more, from + t);
            price += more;
            NAME(load)(&more, to + t);
            price += more;
            if (sums) {
                DVEC start, whole, rest;
                memcpy(&start, sums + t, sizeof start);
                memcpy(&whole, sums + t + leg->whole, sizeof whole);
                memcpy(&rest, sums + t + leg->whole + 1, sizeof rest);
                whole = whole - start + leg->part * (rest - whole);
                price += __builtin_convertvector(whole, VEC);
            }
            if (t + WIDTH > leg->count) {
                IVEC inside = NAME(place) < (INTEGER)(leg->count - t);
                price = (VEC)((IVEC)price & inside);
            }
            NAME(store)((REAL *)g->price_lane + at + t, &price);
        }
    }
}

static const ms_steps NAME(steps) = {NAME(layer), NAME(lanes), NAME(shared), NAME(prices)};

#undef VEC
#undef IVEC
#undef WIDTH
#undef INLINE
