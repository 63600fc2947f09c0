/* steps_body.h: the passes of one primal-dual iteration; included by steps.c after steps_vectors_body.h, whose words it
 * uses, once for each number type and each width. Labels P1 to P7 are those of docs/engine.md.
 */

/* A pass in numbers of the grid's kind. */
typedef struct {
    REAL primal, dual, weight, rest; /* rest: 1 - weight */
    ms_pass_kind kind;
    bool first; /* since a restart: the iterate may have been set from outside */
} NAME(pace);

INLINE NAME(pace) NAME(pace_of)(const ms_pass *pass, ms_pass_kind kind)
{
    return (NAME(pace)){(REAL)pass->primal, (REAL)pass->dual, (REAL)pass->weight, (REAL)(1 - pass->weight), kind,
                        pass->weight <= 0.5};
}

/* The end of the periods in whole blocks. */
INLINE int NAME(end)(int periods)
{
    return (periods + MS_GRID_LANES - 1) / MS_GRID_LANES * MS_GRID_LANES;
}

/* Adds distance^2 / step to sums by place, where there is a column or row. */
INLINE void NAME(measure)(REAL *far, size_t at, VEC distance, VEC step)
{
    VEC share = distance * distance / (step + (REAL)1e-30);
    NAME(add)(far + at % MS_GRID_LANES, (VEC)((IVEC)share & (step > 0)));
}

/* P6: moves an iterate. `next` is T(z) at this place. Gives 2 T(z) - z, and the distance of T(z) from z, or at a
 * restart from the anchor. */
INLINE VEC NAME(advance)(REAL *now, REAL *anchor, VEC old, VEC next, NAME(pace) p, VEC *distance)
{
    VEC from = NAME(load)(anchor), twice = 2 * next - old;
    if (p.kind == MS_PASS_RESTART) {
        *distance = next - from;
        NAME(store)(now, next);
        NAME(store)(anchor, next);
    } else {
        *distance = next - old;
        NAME(store)(now, p.rest * from + p.weight * twice);
    }
    return twice;
}

/* One vector of bounded columns: next = min(max(0, now - primal step slope), most). */
INLINE VEC NAME(columns)(const ms_iterate *columns, size_t at, const REAL *step, const REAL *most, VEC slope,
                         NAME(pace) p, REAL *far)
{
    REAL *now = (REAL *)columns->now + at, *anchor = (REAL *)columns->anchor + at;
    VEC old = NAME(load)(now), steps = NAME(load)(step), distance;
    VEC next = NAME(at_least_zero)(old - (p.primal * steps) * slope);
    if (most)
        next = NAME(at_most)(next, NAME(load)(most));
    VEC twice = NAME(advance)(now, anchor, old, next, p, &distance);
    if (p.kind != MS_PASS_STEP)
        NAME(measure)(far, at, distance, steps);
    return twice;
}

/* One vector of rows: price = now + dual sigma excess, not below 0. */
INLINE void NAME(rows)(const ms_iterate *rows, size_t at, const REAL *sigma, VEC excess, NAME(pace) p, REAL *far)
{
    REAL *now = (REAL *)rows->now + at, *anchor = (REAL *)rows->anchor + at;
    VEC old = NAME(load)(now), steps = NAME(load)(sigma), distance;
    VEC next = NAME(at_least_zero)(old + (p.dual * steps) * excess);
    NAME(advance)(now, anchor, old, next, p, &distance);
    if (p.kind != MS_PASS_STEP)
        NAME(measure)(far, at, distance, steps);
}

/* What a tonne short costs in a row, in steps of a tonnage each; the last step has no end. */
typedef struct {
    const double *weights; /* [count] */
    const REAL *widths;    /* `apart` from step to step */
    size_t apart;
    int count;
    bool free; /* an equality: the price may be negative */
} NAME(needs);

/* Rows whose shortfall columns are left out: the price gives way to them instead (docs/engine.md, P4). */
INLINE void NAME(needed)(const ms_iterate *rows, size_t at, const REAL *sigma, VEC excess, const NAME(needs) * needs,
                         NAME(pace) p, REAL *far)
{
    REAL *now = (REAL *)rows->now + at, *anchor = (REAL *)rows->anchor + at;
    VEC old = NAME(load)(now), steps = NAME(load)(sigma), distance;
    VEC next = old + (p.dual * steps) * excess;
    for (int s = 0; s + 1 < needs->count; s++) {
        VEC cost = NAME(all)((REAL)needs->weights[s]), most = NAME(load)(needs->widths + (size_t)s * needs->apart);
        VEC paid = next - (p.dual * steps) * most;
        next = NAME(choose)(next > cost, NAME(choose)(paid > cost, paid, cost), next);
    }
    next = NAME(at_most)(next, NAME(all)((REAL)needs->weights[needs->count - 1]));
    if (!needs->free)
        next = NAME(at_least_zero)(next);
    NAME(advance)(now, anchor, old, next, p, &distance);
    if (p.kind != MS_PASS_STEP)
        NAME(measure)(far, at, distance, steps);
}

/* What the passes of one layer read and add to: tables of its nodes and of its group. */
typedef struct {
    int32_t layer;
    const REAL *v;
    REAL *residual, *block;
    REAL *load_lane, *load_stock;
    double *load_agreement;
    REAL *far_x, *far_y; /* sums by place */
} NAME(sheet);

/* ---- P1: movements ---- */

INLINE REAL NAME(cost)(const ms_grid *g, const ms_hop *hop)
{
    REAL cost = (REAL)hop->cost;
    for (int need = 0; hop->counted && need < MS_NEEDS; need++)
        if (g->runs[hop->run_ix].agreement_ix[need] >= 0)
            cost += ((const REAL *)g->agreement.now)[g->runs[hop->run_ix].agreement_ix[need]];
    return cost;
}

/* One vector of a hop. Where nothing moves and nothing would gain, all is 0 and is left alone: false. */
INLINE bool NAME(move)(const ms_grid *g, const NAME(sheet) * s, const ms_hop *hop, size_t t, REAL cost, VEC value,
                       NAME(pace) p, VEC *twice)
{
    const size_t at = hop->at + t, to_at = hop->to_at + t, lane_at = hop->lane_at + t;
    bool *awake = g->awake + at / (size_t)WIDTH; /* not of bytes: these could alias all else */
    VEC slope = (cost + NAME(load)((const REAL *)g->price_lane + lane_at)) - (value - NAME(load)(s->v + to_at)),
        distance;
    if (!*awake) {
        if (!NAME(meet)((IVEC)slope, (IVEC)NAME(all)((REAL)-0.0)))
            return false;
        *awake = 1;
    }
    REAL *now = (REAL *)g->x.now + at, *anchor = (REAL *)g->x.anchor + at;
    VEC old = NAME(load)(now), steps = NAME(load)((const REAL *)g->step_x + at);
    VEC next = NAME(at_least_zero)(old - (p.primal * steps) * slope);
    IVEC bits = (IVEC)NAME(load)(anchor) | (IVEC)old | (IVEC)next;
    *twice = NAME(advance)(now, anchor, old, next, p, &distance);
    NAME(add)(s->residual + to_at, *twice);
    NAME(add)(s->load_lane + lane_at, *twice);
    if (p.kind != MS_PASS_STEP) {
        *awake = NAME(meet)(bits, bits);
        NAME(measure)(s->far_x, at, distance, steps);
    }
    return true;
}

/* Hops of `parts` vectors that leave one site in the same periods: what they share stays in registers. */
INLINE void NAME(bundle)(const ms_grid *g, const NAME(sheet) * s, const ms_hop *hop, const ms_hop *end, int parts,
                         NAME(pace) p)
{
    REAL *residual = s->residual + hop->from_at;
    const REAL *v = s->v + hop->from_at;
    VEC value[BUNDLE], left[BUNDLE], twice;
    UNROLLED
    for (int i = 0; i < parts; i++) {
        value[i] = NAME(load)(v + i * WIDTH);
        left[i] = NAME(load)(residual + i * WIDTH);
    }
    for (; hop < end; hop++)
        UNROLLED
    for (int i = 0; i < parts; i++)
        if (NAME(move)(g, s, hop, (size_t)(i * WIDTH), (REAL)hop->cost, value[i], p, &twice))
            left[i] -= twice;
    UNROLLED
    for (int i = 0; i < parts; i++)
        NAME(store)(residual + i * WIDTH, left[i]);
}

/* moved: by place, what it moves, or NULL */
INLINE void NAME(hop)(const ms_grid *g, const NAME(sheet) * s, const ms_hop *hop, REAL cost, NAME(pace) p, REAL *moved)
{
    REAL *left = s->residual + hop->from_at;
    const REAL *v = s->v + hop->from_at;
    for (int t = 0; t < hop->count; t += WIDTH) {
        VEC twice;
        if (!NAME(move)(g, s, hop, (size_t)t, cost, NAME(load)(v + t), p, &twice))
            continue;
        NAME(store)(left + t, NAME(load)(left + t) - twice);
        if (moved)
            NAME(add)(moved + t % MS_GRID_LANES, twice);
    }
}

/* A hop that agreements count. */
INLINE void NAME(counted)(const ms_grid *g, const NAME(sheet) * s, const ms_hop *hop, NAME(pace) p)
{
    const int32_t *agreement_ix = g->runs[hop->run_ix].agreement_ix;
    REAL moved[MS_GRID_LANES] = {0}, cost = (REAL)hop->cost;
    for (int need = 0; need < MS_NEEDS; need++)
        if (agreement_ix[need] >= 0)
            cost += ((const REAL *)g->agreement.now)[agreement_ix[need]];
    NAME(hop)(g, s, hop, cost, p, moved);
    double sum = NAME(total)(moved);
    for (int need = 0; need < MS_NEEDS; need++)
        if (agreement_ix[need] >= 0)
            s->load_agreement[agreement_ix[need]] += sum;
}

INLINE void NAME(moves)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    const ms_hop *hop = g->hops + g->run_first[s->layer], *end = g->hops + g->run_first[s->layer + 1];
    if (p.first && hop < end) {
        size_t first = hop->at / (size_t)WIDTH, last = (end[-1].at + (size_t)end[-1].count) / (size_t)WIDTH;
        memset(g->awake + first, 1, last - first);
    }
    for (int bundle; hop < end; hop += bundle) {
        bundle = hop->bundle;
        if (hop->counted)
            NAME(counted)(g, s, hop, p);
        else if (hop->count == WIDTH)
            NAME(bundle)(g, s, hop, hop + bundle, 1, p);
        else if (hop->count == 2 * WIDTH)
            NAME(bundle)(g, s, hop, hop + bundle, 2, p);
        else if (hop->count == 3 * WIDTH)
            NAME(bundle)(g, s, hop, hop + bundle, 3, p);
        else if (hop->count == BUNDLE * WIDTH)
            NAME(bundle)(g, s, hop, hop + bundle, BUNDLE, p);
        else
            for (int i = 0; i < bundle; i++)
                NAME(hop)(g, s, hop + i, (REAL)hop[i].cost, p, NULL);
    }
}

/* ---- P2: what stays, is refused, and is issued ---- */

/* The stock of one site. Begins the rows of what is left over at the nodes. */
INLINE void NAME(stock)(const ms_grid *g, const NAME(sheet) * s, const ms_chain *chain, NAME(pace) p)
{
    const REAL hold = (REAL)(g->net->weights.hold_per_day * g->net->period_days);
    const size_t row = (size_t)chain->site_ix * (size_t)g->stride, node = (size_t)s->layer * g->layer_stride + row;
    const int32_t r = chain->reserve_ix < 0 ? 0 : chain->reserve_ix;
    const size_t reserve = (size_t)r * (size_t)g->stride;
    const NAME(needs) needs = {&g->reserve_weight[r], NULL, 0, 1, false};
    const REAL *carry = (const REAL *)g->carry + chain->carry_at, *comes = (const REAL *)g->comes + node;
    VEC before = {0};
    for (int t = chain->first, end = NAME(end)(g->net->H); t < end; t += WIDTH) {
        VEC later = NAME(load)(s->v + row + t + 1);
        if (chain->loses)
            later = NAME(load)(carry + t + 1) * later;
        VEC slope = (hold - NAME(load)(s->v + row + t)) + later;
        if (chain->stored)
            slope += NAME(load)((const REAL *)g->storage.now + row + t);
        if (chain->reserve_ix >= 0)
            slope -= NAME(load)((const REAL *)g->reserve.now + reserve + t);
        VEC twice = NAME(columns)(&g->s, node + (size_t)t, (const REAL *)g->step_s + node + t, NULL, slope, p,
                                  s->far_x);
        VEC kept = NAME(delayed)(before, twice);
        if (chain->loses)
            kept = NAME(load)(carry + t) * kept;
        VEC left = kept - twice;
        if (chain->comes)
            left += NAME(load)(comes + t);
        NAME(store)(s->residual + row + t, left);
        before = twice;
        if (chain->stored)
            NAME(add)(s->load_stock + row + t, twice);
        if (chain->reserve_ix >= 0) {
            VEC missing = NAME(load)((const REAL *)g->level + reserve + t) - twice;
            NAME(needed)
            (&g->reserve, reserve + (size_t)t, (const REAL *)g->sigma_reserve + reserve + t, missing, &needs, p,
             s->far_y);
        }
    }
}

INLINE void NAME(stocks)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    for (int32_t i = g->chain_first[s->layer]; i < g->chain_first[s->layer + 1] && g->chains[i].site_ix >= 0; i++)
        NAME(stock)(g, s, &g->chains[i], p);
}

INLINE void NAME(refusals)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    const REAL refuse = (REAL)g->net->weights.refuse;
    for (int32_t i = g->supply_first[s->layer]; i < g->supply_first[s->layer + 1]; i++) {
        size_t row = (size_t)g->supplies[i].site_ix * (size_t)g->stride,
               at = (size_t)g->supplies[i].row * (size_t)g->stride;
        const REAL *step = (const REAL *)g->step_o + at, *most = (const REAL *)g->most_o + at, *v = s->v + row;
        REAL *left = s->residual + row;
        for (int t = 0, end = NAME(end)(g->net->H); t < end; t += WIDTH) {
            VEC slope = refuse - NAME(load)(v + t);
            VEC twice = NAME(columns)(&g->o, at + (size_t)t, step + t, most + t, slope, p, s->far_x);
            NAME(store)(left + t, NAME(load)(left + t) - twice);
        }
    }
}

INLINE void NAME(issue)(const ms_grid *g, const NAME(sheet) * s, int32_t i, NAME(pace) p)
{
    const ms_issue_way *way = &g->net->issues[i];
    const size_t at = (size_t)i * (size_t)g->stride, line = (size_t)way->demand_ix * (size_t)g->stride;
    const size_t row = (size_t)g->net->kase->demands[way->demand_ix].site_ix * (size_t)g->stride;
    const REAL *v = s->v + row, *demand = (const REAL *)g->demand.now + line, *step = (const REAL *)g->step_y + at;
    REAL meets = (REAL)way->meets, charge = (REAL)way->charge, *load = (REAL *)g->load_demand + at,
         *left = s->residual + row;
    REAL moved[MS_GRID_LANES] = {0};
    bool counted = way->agreement_ix >= 0 && ((const REAL *)g->sigma_agreement)[way->agreement_ix] > 0;
    if (counted)
        charge += ((const REAL *)g->agreement.now)[way->agreement_ix];
    for (int t = g->issue_opens[i], end = NAME(end)(g->issue_closes[i]); t < end; t += WIDTH) {
        VEC slope = (charge - NAME(load)(v + t)) - meets * NAME(load)(demand + t);
        VEC twice = NAME(columns)(&g->y, at + (size_t)t, step + t, NULL, slope, p, s->far_x);
        NAME(store)(left + t, NAME(load)(left + t) - twice);
        NAME(store)(load + t, meets * twice);
        if (counted)
            NAME(add)(moved + t % MS_GRID_LANES, twice);
    }
    if (counted)
        s->load_agreement[way->agreement_ix] += NAME(total)(moved);
}

INLINE void NAME(issues)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    for (int32_t i = g->net->issue_first[s->layer]; i < g->net->issue_first[s->layer + 1]; i++)
        NAME(issue)(g, s, i, p);
}

/* One number that is not in a row: a commitment that may be broken. */
INLINE void NAME(broken)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    const ms_network *net = g->net;
    for (int32_t i = g->broken_first[s->layer]; i < g->broken_first[s->layer + 1]; i++) {
        const ms_committed *m = &net->committed[g->broken[i]];
        size_t from = (size_t)m->from_ix * (size_t)g->stride + (size_t)m->depart;
        size_t to = (size_t)m->to_ix * (size_t)g->stride + (size_t)m->arrive;
        bool arrives = m->arrive < net->H;
        REAL *now = (REAL *)g->b.now + i, *anchor = (REAL *)g->b.anchor + i, old = *now;
        REAL step = ((const REAL *)g->step_b)[i], most = (REAL)m->load_t;
        REAL slope = (REAL)(m->broken_cost - m->cost) + s->v[from] - (arrives ? s->v[to] : 0);
        REAL next = old - (p.primal * step) * slope;
        next = next > 0 ? next : 0;
        next = next < most ? next : most;
        REAL twice = 2 * next - old, distance = next - (p.kind == MS_PASS_RESTART ? *anchor : old);
        *now = p.kind == MS_PASS_RESTART ? next : p.rest * *anchor + p.weight * twice;
        if (p.kind == MS_PASS_RESTART)
            *anchor = next;
        *s->far_x += distance * distance / step;
        s->residual[from] += twice;
        if (arrives)
            s->residual[to] -= twice;
    }
}

/* ---- P3: values of goods (C1), a block of chains at once ---- */

/* Brings rows together, period by period: block[t][i] = rows[at[i] + t]. */
INLINE void NAME(gather)(REAL *block, const REAL *rows, const size_t *at, int first, int end)
{
    for (int t = first; t < end; t += WIDTH)
        for (int i = 0; i < MS_GRID_LANES; i += WIDTH) {
            VEC square[WIDTH];
            UNROLLED
            for (int j = 0; j < WIDTH; j++)
                square[j] = NAME(load)(rows + at[i + j] + t);
            NAME(transpose)(square);
            UNROLLED
            for (int j = 0; j < WIDTH; j++)
                NAME(store)(block + (t + j) * MS_GRID_LANES + i, square[j]);
        }
}

/* The way back of one square: what `WIDTH` rows from the i-th on have in t and on. */
INLINE void NAME(scatter)(VEC *square, const REAL *block, int i, int t)
{
    UNROLLED
    for (int j = 0; j < WIDTH; j++)
        square[j] = NAME(load)(block + (t + j) * MS_GRID_LANES + i);
    NAME(transpose)(square);
}

/* Solves L D L' = Sigma^-1 for `blocks` blocks of chains at once, for the sake of speed: each step waits for the one
 * before. Behind the horizon there is nothing. */
INLINE void NAME(chains)(const REAL *lower, const REAL *pivot, REAL *block, int blocks, int first, int H)
{
    enum { ROWS = MS_GRID_LANES, PARTS = MS_GRID_LANES / WIDTH };
    const int apart = NAME(end)(H) * ROWS, factors = H * ROWS; /* from block to block */
    VEC last[MS_GRID_BATCH * PARTS];
    UNROLLED
    for (int i = 0; i < blocks * PARTS; i++)
        last[i] = NAME(load)(block + i / PARTS * apart + first * ROWS + i % PARTS * WIDTH);
    for (int at = (first + 1) * ROWS; at < H * ROWS; at += ROWS)
        UNROLLED
    for (int i = 0; i < blocks * PARTS; i++) {
        REAL *here = block + i / PARTS * apart + at + i % PARTS * WIDTH;
        last[i] = NAME(load)(here) - NAME(load)(lower + i / PARTS * factors + at + i % PARTS * WIDTH) * last[i];
        NAME(store)(here, last[i]);
    }
    UNROLLED
    for (int i = 0; i < blocks * PARTS; i++)
        last[i] = (VEC){0};
    for (int at = (H - 1) * ROWS; at >= first * ROWS; at -= ROWS)
        UNROLLED
    for (int i = 0; i < blocks * PARTS; i++) {
        REAL *here = block + i / PARTS * apart + at + i % PARTS * WIDTH;
        const int factor = i / PARTS * factors + at + i % PARTS * WIDTH;
        last[i] = NAME(load)(here) * NAME(load)(pivot + factor) - NAME(load)(lower + factor + ROWS) * last[i];
        NAME(store)(here, last[i]);
    }
    for (int i = 0; i < blocks; i++)
        memset(block + i * apart + H * ROWS, 0, (size_t)(apart - H * ROWS) * sizeof *block);
}

/* One row of values, at one place. */
INLINE void NAME(value)(const ms_grid *g, size_t node, VEC change, NAME(pace) p, REAL *far)
{
    REAL *now = (REAL *)g->v.now + node, *anchor = (REAL *)g->v.anchor + node;
    VEC old = NAME(load)(now), distance;
    NAME(advance)(now, anchor, old, old + p.dual * change, p, &distance);
    if (p.kind != MS_PASS_STEP)
        NAME(add)(far + node % MS_GRID_LANES, distance * distance * NAME(load)((const REAL *)g->chain_weight + node));
}

/* Brings the rows of one block of chains together. */
INLINE void NAME(collect_block)(const ms_grid *g, const ms_chain *chains, const REAL *residual, REAL *block, int first)
{
    size_t at[MS_GRID_LANES];
    for (int i = 0; i < MS_GRID_LANES; i++) /* where there is no more, the first once again */
        at[i] = (size_t)chains[chains[i].site_ix >= 0 ? i : 0].site_ix * (size_t)g->stride;
    if (first < chains->first)
        memset(block + first * MS_GRID_LANES, 0, (size_t)((chains->first - first) * MS_GRID_LANES) * sizeof *block);
    NAME(gather)(block, residual, at, chains->first, NAME(end)(g->net->H));
}

/* Moves the values of one block of chains by what was solved. */
INLINE void NAME(move_values)(const ms_grid *g, const NAME(sheet) * s, const ms_chain *chains, const REAL *block,
                              NAME(pace) p)
{
    for (int t = chains->first, end = NAME(end)(g->net->H); t < end; t += WIDTH)
        for (int i = 0; i < MS_GRID_LANES; i += WIDTH) {
            VEC square[WIDTH];
            NAME(scatter)(square, block, i, t);
            for (int j = 0; j < WIDTH && chains[i + j].site_ix >= 0; j++) {
                size_t row = (size_t)chains[i + j].site_ix * (size_t)g->stride + (size_t)t;
                NAME(value)(g, (size_t)s->layer * g->layer_stride + row, square[j], p, s->far_y);
            }
        }
}

INLINE void NAME(values)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    enum { BATCH = WIDTH > 4 ? WIDTH / 4 : 1, LANES = MS_GRID_LANES };
    const int H = g->net->H, apart = NAME(end)(H) * LANES, last = g->chain_first[s->layer + 1];
    for (int32_t b = g->chain_first[s->layer]; b < last; b += BATCH * LANES) {
        const ms_chain *chains = &g->chains[b];
        const REAL *lower = (const REAL *)g->chain_lower + (size_t)b * (size_t)H;
        const REAL *pivot = (const REAL *)g->chain_pivot + (size_t)b * (size_t)H;
        const int blocks = (last - b) / LANES < BATCH ? (last - b) / LANES : BATCH;
        for (int i = 0; i < blocks; i++)
            NAME(collect_block)(g, chains + i * LANES, s->residual, s->block + i * apart, chains->first);
        if (blocks == BATCH)
            NAME(chains)(lower, pivot, s->block, BATCH, chains->first, H);
        else
            for (int i = 0; i < blocks; i++)
                NAME(chains)(lower + i * LANES * H, pivot + i * LANES * H, s->block + i * apart, 1, chains->first, H);
        for (int i = 0; i < blocks; i++)
            NAME(move_values)(g, s, chains + i * LANES, s->block + i * apart, p);
    }
}

INLINE void NAME(passes)(const ms_grid *g, const NAME(sheet) * s, NAME(pace) p)
{
    NAME(stocks)(g, s, p);
    NAME(moves)(g, s, p);
    NAME(refusals)(g, s, p);
    NAME(issues)(g, s, p);
    NAME(broken)(g, s, p);
    NAME(values)(g, s, p);
}

static TARGET void NAME(layer)(const ms_grid *g, int32_t k, int group, const ms_pass *pass)
{
    REAL far_x[MS_GRID_LANES] = {0}, far_y[MS_GRID_LANES] = {0};
    REAL *residual = (REAL *)g->scratch + (size_t)group * g->scratch_stride;
    const NAME(sheet) s = {.layer = k,
                           .v = (const REAL *)g->v.now + (size_t)k * g->layer_stride,
                           .residual = residual,
                           .block = residual + g->layer_stride,
                           .load_lane = (REAL *)g->load_lane + (size_t)group * g->load_lane_stride,
                           .load_stock = (REAL *)g->load_stock + (size_t)group * g->load_site_stride,
                           .load_agreement = g->load_agreement + group * g->net->kase->agreements_count,
                           .far_x = far_x,
                           .far_y = far_y};
    if (pass->kind == MS_PASS_STEP) {
        NAME(passes)(g, &s, NAME(pace_of)(pass, MS_PASS_STEP));
        return;
    }
    NAME(passes)(g, &s, NAME(pace_of)(pass, pass->kind));
    g->primal2[k] = NAME(total)(far_x);
    g->dual2[k] = NAME(total)(far_y);
}

/* ---- P4: shared rows ---- */

/* Adds up the groups' sums at one place of a table, and leaves 0 for the next pass. */
INLINE VEC NAME(collect)(void *loads, size_t group_stride, int groups, size_t at)
{
    VEC sum = {0};
    for (int i = 0; i < groups; i++) {
        REAL *load = (REAL *)loads + (size_t)i * group_stride + at;
        sum += NAME(load)(load);
        NAME(store)(load, (VEC){0});
    }
    return sum;
}

/* C3. */
static TARGET void NAME(lanes)(const ms_grid *g, int32_t first, int32_t end, const ms_pass *pass)
{
    const NAME(pace) p = NAME(pace_of)(pass, pass->kind);
    for (int32_t a = first; a < end; a++) {
        REAL far[MS_GRID_LANES] = {0};
        for (int t = 0, last = NAME(end)(g->net->H); t < last; t += WIDTH) {
            size_t at = (size_t)a * g->lane_stride + (size_t)t;
            VEC total = NAME(collect)(g->load_lane, g->load_lane_stride, g->group_count, at);
            NAME(store)((REAL *)g->total_lane + at, total);
            NAME(rows)
            (&g->lane, at, (const REAL *)g->sigma_lane + at, total - NAME(load)((const REAL *)g->room_lane + at), p,
             far);
        }
        if (p.kind != MS_PASS_STEP)
            g->dual2[g->lane_measure + a] = NAME(total)(far);
    }
}

/* Adds `factor` x a lane's load, `shift` periods later, to a row. */
INLINE void NAME(shifted)(const ms_grid *g, REAL *row, const ms_leg *leg, int shift, REAL factor)
{
    const REAL *total = (const REAL *)g->total_lane + (size_t)leg->lane_ix * g->lane_stride - shift;
    int first = leg->first + shift, end = first + leg->count;
    end = end < g->net->H ? end : g->net->H;
    for (int t = first / MS_GRID_LANES * MS_GRID_LANES; t < NAME(end)(end); t += WIDTH) {
        VEC load = NAME(load)(total + t);
        if (t < first || t + WIDTH > end)
            load = (VEC)((IVEC)load & NAME(inside)(t, first, end));
        NAME(add)(row + t, factor * load);
    }
}

/* C4 and C5 of one site. */
INLINE void NAME(site)(const ms_grid *g, int32_t n, REAL *row, NAME(pace) p)
{
    REAL far[MS_GRID_LANES] = {0};
    size_t at = (size_t)n * (size_t)g->stride;
    int end = NAME(end)(g->net->H);
    if (g->handles[n]) {
        memset(row, 0, (size_t)g->stride * sizeof *row);
        for (int32_t i = g->touch_first[n]; i < g->touch_first[n + 1]; i++) {
            const ms_leg *leg = &g->legs[g->touches[i].leg_ix];
            NAME(shifted)(g, row, leg, g->touches[i].arrives ? leg->transit : 0, 1);
        }
        for (int t = 0; t < end; t += WIDTH) {
            VEC excess = NAME(load)(row + t) - NAME(load)((const REAL *)g->room_site + at + t);
            NAME(rows)(&g->site, at + (size_t)t, (const REAL *)g->sigma_site + at + t, excess, p, far);
        }
    }
    for (int t = 0; g->stores[n] && t < end; t += WIDTH) {
        VEC load = NAME(collect)(g->load_stock, g->load_site_stride, g->group_count, at + (size_t)t);
        VEC excess = load - NAME(load)((const REAL *)g->room_storage + at + t);
        NAME(rows)(&g->storage, at + (size_t)t, (const REAL *)g->sigma_storage + at + t, excess, p, far);
    }
    if (p.kind != MS_PASS_STEP)
        g->dual2[g->site_measure + n] = NAME(total)(far);
}

/* C6 of one fleet. The load is summed from its change from period to period: three shifted rows a lane. */
INLINE void NAME(fleet)(const ms_grid *g, int32_t f, REAL *row, NAME(pace) p)
{
    REAL far[MS_GRID_LANES] = {0};
    int H = g->net->H;
    size_t at = (size_t)f * (size_t)g->stride;
    double load = 0;
    memset(row, 0, (size_t)g->stride * sizeof *row);
    for (int32_t i = g->trip_first[f]; i < g->trip_first[f + 1]; i++) {
        const ms_leg *trip = &g->legs[g->trips[i]];
        NAME(shifted)(g, row, trip, 0, 1);
        NAME(shifted)(g, row, trip, trip->whole, (REAL)(trip->part - 1));
        NAME(shifted)(g, row, trip, trip->whole + 1, (REAL)-trip->part);
    }
    for (int t = 0; t < H; t++) {
        load += (double)row[t];
        row[t] = (REAL)load;
    }
    for (int t = 0, end = NAME(end)(H); t < end; t += WIDTH) {
        VEC excess = NAME(load)(row + t) - NAME(load)((const REAL *)g->room_fleet + at + t);
        NAME(rows)(&g->fleet, at + (size_t)t, (const REAL *)g->sigma_fleet + at + t, excess, p, far);
    }
    if (p.kind != MS_PASS_STEP)
        g->dual2[g->fleet_measure + f] = NAME(total)(far);
    ms_grid_sum_fleet(g, f);
}

/* What a line still wants in t and on, after what is issued to it. */
INLINE VEC NAME(wanted)(const ms_grid *g, int32_t j, int t)
{
    VEC wanted = NAME(load)((const REAL *)g->wanted + (size_t)j * (size_t)g->stride + t);
    for (int32_t i = g->line_first[j]; i < g->line_first[j + 1]; i++)
        wanted -= NAME(load)((const REAL *)g->load_demand + (size_t)g->line_issues[i] * (size_t)g->stride + t);
    return wanted;
}

/* C2 of one line of which nothing is owed later. */
INLINE void NAME(line)(const ms_grid *g, int32_t j, NAME(pace) p)
{
    REAL far[MS_GRID_LANES] = {0};
    size_t line = (size_t)j * (size_t)g->stride;
    int steps = g->net->weights.step_count;
    NAME(needs) needs = {&g->short_weight[j * steps], NULL, (size_t)g->stride, steps, true};
    for (int t = 0, end = NAME(end)(g->net->H); t < end; t += WIDTH) {
        size_t at = line + (size_t)t;
        needs.widths = (const REAL *)g->most_z + line * (size_t)steps + t;
        NAME(needed)(&g->demand, at, (const REAL *)g->sigma_demand + at, NAME(wanted)(g, j, t), &needs, p, far);
    }
    if (p.kind != MS_PASS_STEP)
        g->dual2[g->demand_measure + j] = NAME(total)(far);
}

/* The shortfall columns of a line whose backlog carries over, and what it then misses. */
INLINE void NAME(backlog)(const ms_grid *g, int32_t j, REAL *missing, NAME(pace) p)
{
    REAL far[MS_GRID_LANES] = {0};
    size_t line = (size_t)j * (size_t)g->stride;
    const REAL *price = (const REAL *)g->demand.now + line, *step = (const REAL *)g->step_z + line;
    int steps = g->net->weights.step_count;
    VEC before = {0};
    for (int t = 0, end = NAME(end)(g->net->H); t < end; t += WIDTH) {
        VEC gain = NAME(load)(price + t) - NAME(load)(price + t + 1), sum = {0};
        for (int s = 0; s < steps; s++) {
            size_t at = ((size_t)j * (size_t)steps + (size_t)s) * (size_t)g->stride + (size_t)t;
            VEC slope = (REAL)g->short_weight[j * steps + s] - gain;
            sum += NAME(columns)(&g->z, at, step + t, (const REAL *)g->most_z + at, slope, p, far);
        }
        NAME(store)(missing + t, NAME(wanted)(g, j, t) - sum + NAME(delayed)(before, sum));
        before = sum;
    }
    if (p.kind != MS_PASS_STEP)
        g->primal2[g->demand_measure + j] = NAME(total)(far);
}

/* One row of such a line's prices, at one place. */
INLINE void NAME(owed_price)(const ms_grid *g, size_t at, VEC change, NAME(pace) p, REAL *far)
{
    REAL *now = (REAL *)g->demand.now + at, *anchor = (REAL *)g->demand.anchor + at;
    VEC old = NAME(load)(now), distance;
    NAME(advance)(now, anchor, old, old + p.dual * change, p, &distance);
    if (p.kind != MS_PASS_STEP)
        NAME(measure)(far, at, distance, NAME(load)((const REAL *)g->sigma_demand + at));
}

/* C2 of a block of lines whose backlog carries over: chains of shortfall columns. */
INLINE void NAME(owed)(const ms_grid *g, int32_t b, REAL *row, NAME(pace) p)
{
    REAL far[MS_GRID_LANES] = {0}, *block = row + (size_t)g->stride * MS_GRID_LANES;
    size_t at[MS_GRID_LANES];
    int H = g->net->H, end = NAME(end)(H), count = 0;
    const int32_t *lines = &g->owed[b];
    for (; count < MS_GRID_LANES && lines[count] >= 0; count++)
        NAME(backlog)(g, lines[count], row + (size_t)count * (size_t)g->stride, p);
    for (int i = 0; i < MS_GRID_LANES; i++)
        at[i] = (size_t)(i < count ? i : 0) * (size_t)g->stride;
    NAME(gather)(block, row, at, 0, end);
    NAME(chains)
    ((const REAL *)g->line_lower + (size_t)b * (size_t)H, (const REAL *)g->line_pivot + (size_t)b * (size_t)H, block, 1,
     0, H);
    for (int t = 0; t < end; t += WIDTH)
        for (int i = 0; i < count; i += WIDTH) {
            VEC square[WIDTH];
            NAME(scatter)(square, block, i, t);
            for (int j = 0; j < WIDTH && i + j < count; j++)
                NAME(owed_price)(g, (size_t)lines[i + j] * (size_t)g->stride + (size_t)t, square[j], p, far);
        }
    if (p.kind != MS_PASS_STEP) /* of the whole block */
        g->dual2[g->demand_measure + lines[0]] = NAME(total)(far);
}

/* C7: few numbers, one at a time. */
INLINE void NAME(agreements)(const ms_grid *g, NAME(pace) p)
{
    int32_t count = g->net->kase->agreements_count;
    double dual2 = 0;
    for (int32_t i = 0; i < count; i++) {
        REAL sigma = ((const REAL *)g->sigma_agreement)[i];
        if (sigma <= 0)
            continue;
        double load = 0;
        for (int group = 0; group < g->group_count; group++) {
            double *part = &g->load_agreement[(size_t)group * (size_t)count + (size_t)i];
            load += *part;
            *part = 0;
        }
        REAL *now = (REAL *)g->agreement.now + i, *anchor = (REAL *)g->agreement.anchor + i, old = *now;
        REAL next = old + (p.dual * sigma) * (REAL)(load - g->net->agreement_room[i]);
        next = next > 0 ? next : 0;
        REAL distance = next - (p.kind == MS_PASS_RESTART ? *anchor : old);
        *now = p.kind == MS_PASS_RESTART ? next : p.rest * *anchor + p.weight * (2 * next - old);
        if (p.kind == MS_PASS_RESTART)
            *anchor = next;
        dual2 += (double)(distance * distance / sigma);
    }
    g->dual2[g->agreement_measure] = dual2;
}

static TARGET void NAME(shared)(const ms_grid *g, int part, int parts, const ms_pass *pass)
{
    const NAME(pace) p = NAME(pace_of)(pass, pass->kind);
    const ms_case *kase = g->net->kase;
    REAL *row = (REAL *)g->scratch + (size_t)part * g->scratch_stride;
    for (int32_t n = part; n < kase->sites_count; n += parts)
        NAME(site)(g, n, row, p);
    for (int32_t f = part; f < kase->fleets_count; f += parts)
        NAME(fleet)(g, f, row, p);
    for (int32_t j = part; j < kase->demands_count; j += parts)
        if (g->owed_of[j] < 0)
            NAME(line)(g, j, p);
    for (int32_t b = part * MS_GRID_LANES; b < g->owed_count; b += parts * MS_GRID_LANES)
        NAME(owed)(g, b, row, p);
    if (part == 0)
        NAME(agreements)(g, p);
}

/* ---- P5: what a tonne pays on a lane ---- */

static TARGET void NAME(prices)(const ms_grid *g, int32_t first, int32_t end)
{
    size_t stride = (size_t)g->stride;
    for (int32_t i = g->leg_first[first]; i < g->leg_first[end]; i++) {
        const ms_leg *leg = &g->legs[i];
        size_t lane = (size_t)leg->lane_ix * g->lane_stride;
        const REAL *from = (const REAL *)g->site.now + (size_t)leg->from_ix * stride;
        const REAL *to = (const REAL *)g->site.now + (size_t)leg->to_ix * stride + leg->transit;
        const REAL *whole = (const REAL *)g->span_price + 2 * (size_t)(leg->span_ix < 0 ? 0 : leg->span_ix) * stride;
        const REAL *lane_price = (const REAL *)g->lane.now + lane, part = (REAL)leg->part;
        REAL *out = (REAL *)g->price_lane + lane;
        int closes = leg->first + leg->count;
        for (int t = leg->first / MS_GRID_LANES * MS_GRID_LANES; t < NAME(end)(closes); t += WIDTH) {
            VEC price = NAME(load)(lane_price + t) + (NAME(load)(from + t) + NAME(load)(to + t));
            if (leg->span_ix >= 0)
                price += NAME(load)(whole + t) + part * NAME(load)(whole + stride + t);
            if (t < leg->first || t + WIDTH > closes) /* another leg of the lane may begin there */
                price = NAME(choose)(NAME(inside)(t, leg->first, closes), price, NAME(load)(out + t));
            NAME(store)(out + t, price);
        }
    }
}

static const ms_steps NAME(steps) = {NAME(layer), NAME(lanes), NAME(shared), NAME(prices)};

#undef VEC
#undef IVEC
#undef LOOSE
#undef WIDTH
#undef INLINE
#undef REAL
#undef INTEGER
#undef EACH
