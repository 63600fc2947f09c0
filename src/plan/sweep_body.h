/* sweep_body.h: the passes of a sweep; included by sweep.c once for each kind of vectors. BYTES (of a vector), TARGET
 * and NAME(x) are set by the includer.
 *
 * Eight numbers go together, in PARTS vectors of what the machine has: compilers do worse when they are asked
 * to cut longer ones themselves. The bytes do not depend on it.
 */
#define VEC NAME(vec)
#define IVEC NAME(ivec)
#define LANES (BYTES / (int)sizeof(double))
#define PARTS (MS_SWEEP_WIDTH / LANES)
#define INLINE static inline __attribute__((always_inline)) TARGET
typedef double VEC __attribute__((vector_size(BYTES)));
typedef int64_t IVEC __attribute__((vector_size(BYTES)));

INLINE void NAME(load)(VEC to[PARTS], const double *from)
{
    for (int p = 0; p < PARTS; p++)
        memcpy(&to[p], from + p * LANES, sizeof *to);
}

INLINE void NAME(store)(double *to, const VEC from[PARTS])
{
    for (int p = 0; p < PARTS; p++)
        memcpy(to + p * LANES, &from[p], sizeof *from);
}

/* The first `count` of eight numbers, and zeros. */
INLINE void NAME(load_some)(VEC to[PARTS], const double *from, int count)
{
    double some[MS_SWEEP_WIDTH] = {0};
    if (count >= MS_SWEEP_WIDTH) {
        NAME(load)(to, from);
        return;
    }
    for (int i = 0; i < count; i++)
        some[i] = from[i];
    NAME(load)(to, some);
}

/* Compilers know this loop as one instruction. */
INLINE void NAME(lower)(VEC *v, const VEC *to)
{
    for (int i = 0; i < LANES; i++)
        (*v)[i] = (*to)[i] < (*v)[i] ? (*to)[i] : (*v)[i];
}

INLINE void NAME(size)(VEC *to, const VEC *of)
{
    *to = (VEC)((IVEC)*of & INT64_MAX);
}

INLINE double NAME(sum)(const VEC v[PARTS])
{
    double all[MS_SWEEP_WIDTH];
    NAME(store)(all, v);
    return ((all[0] + all[1]) + (all[2] + all[3])) + ((all[4] + all[5]) + (all[6] + all[7]));
}

/* ---- prices of lanes ---- */

TARGET static void NAME(leg)(ms_sweeper *s, const ms_sweep_leg *leg)
{
    const ms_network *net = s->net;
    const ms_prices *prices = s->prices;
    const ms_lane *lane = &net->kase->lanes[leg->lane_ix];
    const double *by_lane = prices->lane + ms_at(net, leg->lane_ix, 0);
    const double *from = prices->site + ms_at(net, lane->from_ix, 0), *to = prices->site + ms_at(net, lane->to_ix, 0);
    const double *fleet = lane->fleet_ix < 0 ? NULL : prices->fleet + ms_at(net, lane->fleet_ix, 0);
    size_t lanes = (size_t)net->lane_count;
    for (int t = leg->first; t < leg->end; t += MS_SWEEP_WIDTH) {
        VEC sum[PARTS], more[PARTS];
        double out[MS_SWEEP_WIDTH];
        int count = leg->end - t < MS_SWEEP_WIDTH ? leg->end - t : MS_SWEEP_WIDTH;
        NAME(load_some)(sum, by_lane + t, net->H - t);
        NAME(load_some)(more, from + t, net->H - t);
        for (int p = 0; p < PARTS; p++)
            sum[p] += more[p];
        NAME(load_some)(more, to + t + leg->transit, net->H - t - leg->transit);
        for (int p = 0; p < PARTS; p++)
            sum[p] += more[p];
        for (int i = 0; fleet && i < leg->whole && t + i < net->H; i++) {
            NAME(load_some)(more, fleet + t + i, net->H - t - i);
            for (int p = 0; p < PARTS; p++)
                sum[p] += more[p];
        }
        if (fleet && leg->part > 0 && t + leg->whole < net->H) {
            NAME(load_some)(more, fleet + t + leg->whole, net->H - t - leg->whole);
            for (int p = 0; p < PARTS; p++)
                sum[p] += leg->part * more[p];
        }
        for (int p = 0; p < PARTS; p++)
            sum[p] = (sum[p] + leg->base) * leg->lowered;
        NAME(store)(out, sum);
        for (int i = 0; i < count; i++)
            s->lane_price[(size_t)(t + i) * lanes + (size_t)leg->place] = out[i];
    }
}

TARGET static void NAME(lanes)(ms_sweeper *s)
{
    for (int32_t i = 0; i < s->leg_count; i++)
        NAME(leg)(s, &s->legs[i]);
}

/* ---- B1 ---- */

/* The best issue in t .. t + count - 1, INFINITY where there is none. Prices are rows of periods and V is rows of
 * layers: eight by eight they are turned around. */
TARGET static bool NAME(issues)(double turned[MS_SWEEP_WIDTH][MS_SWEEP_WIDTH], const ms_sweeper *s,
                                const ms_sweep_issue *issue, const ms_sweep_issue *issue_end, int t, int count)
{
    const ms_network *net = s->net;
    double best[MS_SWEEP_WIDTH][MS_SWEEP_WIDTH];
    bool any = false;
    for (; issue < issue_end; issue++) {
        if (issue->first >= t + count || issue->end <= t)
            continue;
        VEC price[PARTS], least[PARTS];
        for (int p = 0; p < PARTS; p++)
            least[p] = (VEC){0} + INFINITY;
        for (int l = 0; l < MS_SWEEP_WIDTH && !any; l++)
            NAME(store)(best[l], least);
        any = true;
        double charge = issue->charge;
        if (issue->agreement_ix >= 0)
            charge += s->prices->agreement[issue->agreement_ix] * (1 - MS_SWEEP_STEP);
        const double *prices = s->prices->demand + ms_at(net, issue->demand_ix, t);
        NAME(load_some)(price, prices, net->H - t);
        if (t >= MS_SWEEP_WIDTH)
            __builtin_prefetch(prices - MS_SWEEP_WIDTH);
        NAME(load)(least, best[issue->lane]);
        for (int p = 0; p < PARTS; p++) {
            price[p] = charge - issue->meets * price[p];
            NAME(lower)(&least[p], &price[p]);
        }
        if (issue->first <= t && issue->end >= t + count) {
            NAME(store)(best[issue->lane], least);
            continue;
        }
        double some[MS_SWEEP_WIDTH];
        NAME(store)(some, least);
        for (int i = 0; i < count; i++)
            if (t + i >= issue->first && t + i < issue->end)
                best[issue->lane][i] = some[i];
    }
    for (int i = 0; any && i < MS_SWEEP_WIDTH; i++)
        for (int l = 0; l < MS_SWEEP_WIDTH; l++)
            turned[i][l] = best[l][i];
    return any;
}

TARGET static void NAME(period)(ms_sweeper *s, int32_t b, int t)
{
    const ms_network *net = s->net;
    size_t first = (size_t)b * (size_t)net->site_count;
    double *here = ms_sweep_node(s, b, t, 0);
    const double *hold = s->hold_price + (size_t)t * (size_t)net->site_count;
    const double *lane_price = s->lane_price + (size_t)t * (size_t)net->lane_count;
    for (int32_t n = 0; n < net->site_count; n++, here += MS_SWEEP_WIDTH) {
        VEC best[PARTS], other[PARTS], row[PARTS];
        size_t node = first + (size_t)n;
        int32_t *cursor = &s->cursor[node];
        NAME(load)(best, here + s->period_stride);
        for (int p = 0; p < PARTS; p++)
            best[p] += hold[n];
        if (s->goes_apart[node]) {
            double apart[MS_SWEEP_WIDTH];
            NAME(store)(apart, best);
            ms_sweep_apart(apart, s, b, n, t);
            NAME(load)(best, apart);
        }
        if (s->issues_now[node]) {
            NAME(load)(other, s->issue_best[node][t % MS_SWEEP_WIDTH]);
            for (int p = 0; p < PARTS; p++)
                NAME(lower)(&best[p], &other[p]);
        }
        if (t < s->spans[*cursor].first)
            ++*cursor;
        const ms_sweep_arc *end = s->arcs + s->spans[*cursor + 1].arc;
        for (const ms_sweep_arc *arc = s->arcs + s->spans[*cursor].arc; arc < end; arc++) {
            NAME(load)(other, here + (size_t)arc->ahead * MS_SWEEP_WIDTH);
            NAME(load)(row, s->rows + (size_t)arc->row * MS_SWEEP_WIDTH);
            double price = lane_price[arc->place];
            for (int p = 0; p < PARTS; p++) {
                other[p] = row[p] + (price + other[p]);
                NAME(lower)(&best[p], &other[p]);
            }
        }
        for (int p = 0; p < PARTS; p++) {
            other[p] = best[p] * (1 + MS_SWEEP_STEP);
            best[p] *= 1 - MS_SWEEP_STEP;
            NAME(lower)(&best[p], &other[p]);
        }
        NAME(store)(here, best);
    }
}

TARGET static void NAME(block)(ms_sweeper *s, int32_t b)
{
    const ms_network *net = s->net;
    size_t first = (size_t)b * (size_t)net->site_count;
    memcpy(s->cursor + first, s->span_first + first, (size_t)net->site_count * sizeof *s->cursor);
    for (int t = net->H - 1; t >= 0; t--) {
        int from = t / MS_SWEEP_WIDTH * MS_SWEEP_WIDTH;
        for (size_t node = first;
             (t == net->H - 1 || t % MS_SWEEP_WIDTH == MS_SWEEP_WIDTH - 1) && node < first + (size_t)net->site_count;
             node++)
            s->issues_now[node] = NAME(issues)(s->issue_best[node], s, s->issues + s->issue_first[node],
                                               s->issues + s->issue_first[node + 1], from, t + 1 - from);
        NAME(period)(s, b, t);
    }
}

/* ---- B2, B6 ---- */

TARGET static void NAME(demands)(ms_sweep_total *to, const ms_sweeper *s, int32_t first, int32_t end)
{
    const ms_network *net = s->net;
    const ms_weights *weights = &net->weights;
    for (const ms_sweep_line *line = s->lines + first; line < s->lines + end; line++) {
        const double *prices = s->prices->demand + ms_at(net, line->demand_ix, 0);
        const double *wanted = net->demand_t + ms_at(net, line->demand_ix, 0);
        const double *most = net->demand_most + ms_at(net, line->demand_ix, 0);
        VEC sum[PARTS] = {{0}}, size[PARTS] = {{0}}, price[PARTS], demand[PARTS], room[PARTS], later[PARTS];
        for (int t = 0; t < net->H; t += MS_SWEEP_WIDTH) {
            NAME(load_some)(price, prices + t, net->H - t);
            NAME(load_some)(demand, wanted + t, net->H - t);
            for (int p = 0; p < PARTS; p++) {
                VEC absolute, term = price[p] * demand[p];
                NAME(size)(&absolute, &term);
                sum[p] += term;
                size[p] += absolute;
            }
            if (line->owed) {
                NAME(load_some)(later, prices + t + 1, net->H - t - 1);
                NAME(load_some)(demand, most + t, net->H - t);
                for (int p = 0; p < PARTS; p++)
                    price[p] -= later[p];
            }
            for (int step = 0; step < weights->step_count; step++)
                for (int p = 0; p < PARTS; p++) {
                    VEC under = {0}, absolute;
                    NAME(size)(&absolute, &price[p]);
                    room[p] = (line->weights[step] - price[p]) - MS_SWEEP_STEP * (line->weights[step] + absolute);
                    NAME(lower)(&under, &room[p]);
                    VEC term = weights->step_width[step] * demand[p] * under;
                    sum[p] += term;
                    size[p] -= term;
                }
        }
        ms_sweep_add(to, NAME(sum)(sum), NAME(sum)(size));
    }
}

TARGET static void NAME(limits)(ms_sweep_total *to, const double *prices, const double *rooms, size_t count)
{
    const size_t together = 1024;
    for (size_t from = 0; from < count; from += together) {
        size_t end = count - from < together ? count : from + together;
        VEC sum[PARTS] = {{0}}, price[PARTS], room[PARTS];
        for (size_t at = from; at < end; at += MS_SWEEP_WIDTH) {
            int some = end - at < MS_SWEEP_WIDTH ? (int)(end - at) : MS_SWEEP_WIDTH;
            NAME(load_some)(price, prices + at, some);
            NAME(load_some)(room, rooms + at, some);
            for (int p = 0; p < PARTS; p++) /* a price of 0 on no limit is nothing */
                sum[p] += (VEC)((IVEC)(price[p] * room[p]) & (price[p] > 0));
        }
        double all = NAME(sum)(sum);
        ms_sweep_add(to, -all, all);
    }
}

static const ms_sweep_passes NAME(passes) = {NAME(lanes), NAME(block), NAME(demands), NAME(limits)};

#undef VEC
#undef IVEC
#undef LANES
#undef PARTS
#undef INLINE
