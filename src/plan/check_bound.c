/* check_bound.c: the bound that the plan's prices prove, B1 to B6 of docs/model.md, by the check's own backward
 * sweep.
 *
 * Whatever the prices are, no plan of this case can have a lower objective than this bound: it is the Lagrangian dual
 * value at them. Prices on rows without a limit count as 0. All in long double: what the sweep itself rounds stays
 * far below the 1e-12 that the bound gives away.
 *
 * The price of a place on a lane in a period is the same for every layer and is made once. Then one layer at a time
 * goes backward through time. Cost: O(layers x (lanes + sites) x H); memory O((lanes + sites + demands) x H).
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "plan/check.h"

typedef long double real;

/* A sum that knows how large its terms were. */
typedef struct {
    real value, size;
} sum;

static void add(sum *to, real term)
{
    to->value += term;
    to->size += fabsl(term);
}

typedef struct {
    ms_check *check;
    size_t H;
    real *lane, *handling, *storage, *fleet, *reserve, *demand; /* prices, [row * H + t] */
    real *agreement, *commitment;                               /* prices, [row]; NAN: the commitment has none */
    real *lane_cost;      /* the prices that every tonne pays on a lane, leaving in t; INFINITY: nothing can go */
    size_t *first_demand; /* demands by item: demand_order[first_demand[i] .. first_demand[i + 1]) */
    int32_t *demand_order;

    /* Of the layer at hand. */
    const ms_check_layer *layer;
    real *value;     /* V, [n * (H + 1) + t]; V[.,H] = 0 */
    real *issue;     /* the best that an issue at n in t can do, INFINITY where none may be */
    real *hold;      /* eta p + sigma - gamma, [n * H + t] */
    real *move;      /* cost and prices of a movement on a lane in t without V; INFINITY where there is no way */
    real *need;      /* [t]: the cheapest agreement for one need */
    int32_t *usable; /* lanes that carry the item */
    int32_t usable_count;
    sum bound;
} sweep;

/* ---- memory ---- */

static real *reals(size_t rows, size_t periods)
{
    return periods > 0 && rows > SIZE_MAX / periods ? NULL : ms_alloc(rows * periods, sizeof(real));
}

static bool allocate(sweep *of, ms_check *check)
{
    const ms_case *kase = check->kase;
    size_t H = (size_t)check->periods, sites = (size_t)kase->sites_count, lanes = (size_t)kase->lanes_count;
    of->check = check;
    of->H = H;
    of->lane = reals(lanes, H);
    of->handling = reals(sites, H);
    of->storage = reals(sites, H);
    of->fleet = reals((size_t)kase->fleets_count, H);
    of->agreement = reals((size_t)kase->agreements_count, 1);
    of->commitment = reals((size_t)kase->commitments_count, 1);
    of->reserve = reals((size_t)kase->reserves_count, H);
    of->demand = reals((size_t)kase->demands_count, H);
    of->lane_cost = reals(lanes, H);
    of->first_demand = ms_alloc((size_t)kase->items_count + 2, sizeof *of->first_demand);
    of->demand_order = ms_alloc((size_t)kase->demands_count, sizeof *of->demand_order);
    of->value = reals(sites, H + 1);
    of->issue = reals(sites, H);
    of->hold = reals(sites, H);
    of->move = reals(lanes, H);
    of->need = reals(1, H);
    of->usable = ms_alloc(lanes, sizeof *of->usable);
    return of->lane && of->handling && of->storage && of->fleet && of->agreement && of->commitment && of->reserve &&
           of->demand && of->lane_cost && of->first_demand && of->demand_order && of->value && of->issue && of->hold &&
           of->move && of->need && of->usable;
}

static void release(sweep *of)
{
    real *const arrays[] = {of->lane,       of->handling, of->storage, of->fleet,     of->agreement,
                            of->commitment, of->reserve,  of->demand,  of->lane_cost, of->value,
                            of->issue,      of->hold,     of->move,    of->need};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        ms_free(arrays[i]);
    ms_free(of->first_demand);
    ms_free(of->demand_order);
    ms_free(of->usable);
}

/* ---- prices ---- */

/* Where the price of a row belongs; NULL where the row has no limit, and so no price. */
static real *price_place(sweep *of, const ms_check_price *price)
{
    const ms_check_limits *limits = &of->check->limits;
    size_t row = (size_t)price->row_ix, at = row * of->H + (size_t)price->period;
    switch (price->label) {
    case 2:
        return &of->demand[at];
    case 3:
        return isfinite(limits->lane_t[at]) ? &of->lane[at] : NULL;
    case 4:
        return isfinite(limits->handling_t[at]) ? &of->handling[at] : NULL;
    case 5:
        return isfinite(limits->storage_t[at]) ? &of->storage[at] : NULL;
    case 6:
        return isfinite(limits->fleet_t[at]) ? &of->fleet[at] : NULL;
    case 7:
        return isfinite(of->check->kase->agreements[row].limit_t) ? &of->agreement[row] : NULL;
    case 8:
        return &of->reserve[at];
    default:
        return &of->commitment[row];
    }
}

static void fill_prices(sweep *of)
{
    const ms_check *check = of->check;
    for (int32_t m = 0; m < check->kase->commitments_count; m++)
        of->commitment[m] = NAN;
    for (size_t i = 0; i < check->price_count; i++) {
        real *place = price_place(of, &check->prices[i]);
        if (place != NULL)
            *place = check->prices[i].price;
    }
}

/* The price of a limit; INFINITY where it is 0, because then there is no way. */
static real open_price(const real *price, const double *limit_t, size_t at)
{
    return limit_t[at] > 0 ? price[at] : INFINITY;
}

/* Lane, both sites and fleet: what they charge a tonne that leaves on the lane in t. */
static real lane_cost(const sweep *of, int32_t lane_ix, int t)
{
    const ms_check_limits *limits = &of->check->limits;
    const ms_lane *lane = &of->check->kase->lanes[lane_ix];
    size_t H = of->H, at = (size_t)lane_ix * H + (size_t)t;
    int arrive = t + limits->transit[at];
    if (arrive >= of->check->periods)
        return INFINITY;
    real cost = open_price(of->lane, limits->lane_t, at) +
                open_price(of->handling, limits->handling_t, (size_t)lane->from_ix * H + (size_t)t) +
                open_price(of->handling, limits->handling_t, (size_t)lane->to_ix * H + (size_t)arrive);
    int back = lane->fleet_ix < 0 ? t : ms_check_back(of->check, lane_ix, t);
    for (int away = t; away < back; away++) {
        double share = ms_check_away(of->check, lane_ix, t, away);
        if (share > 0)
            cost += share * open_price(of->fleet, limits->fleet_t, (size_t)lane->fleet_ix * H + (size_t)away);
    }
    return cost;
}

static void fill_lane_costs(sweep *of)
{
    size_t at = 0;
    for (int32_t a = 0; a < of->check->kase->lanes_count; a++) {
        for (int t = 0; t < of->check->periods; t++)
            of->lane_cost[at++] = lane_cost(of, a, t);
    }
}

static void group_demands(sweep *of)
{
    const ms_case *kase = of->check->kase;
    for (int32_t j = 0; j < kase->demands_count; j++)
        of->first_demand[kase->demands[j].item_ix + 2]++;
    for (int32_t i = 2; i < kase->items_count + 2; i++)
        of->first_demand[i] += of->first_demand[i - 1];
    for (int32_t j = 0; j < kase->demands_count; j++)
        of->demand_order[of->first_demand[kase->demands[j].item_ix + 1]++] = j;
}

/* ---- B1: what a layer's tonne may do ---- */

/* need[t] becomes the least price of an agreement of the range that covers and holds in t, INFINITY where none does. */
typedef bool covers(const sweep *of, int32_t agreement_ix, int32_t row_ix, ms_check_need need);

static void price_need(sweep *of, ms_agreement_kind kind, int32_t provider_ix, int32_t receiver_ix, covers *cover,
                       int32_t row_ix, ms_check_need need)
{
    const ms_check *check = of->check;
    size_t first, last;
    for (size_t t = 0; t < of->H; t++)
        of->need[t] = INFINITY;
    ms_check_agreements_between(check, kind, provider_ix, receiver_ix, &first, &last);
    for (size_t i = first; i < last; i++) {
        int32_t g = check->agreement_order[i];
        const ms_agreement *agreement = &check->kase->agreements[g];
        if (agreement->limit_t <= 0 || !cover(of, g, row_ix, need))
            continue;
        for (int t = 0; t < check->periods; t++) {
            if (ms_case_agreement_holds(check->kase, g, t))
                of->need[t] = fminl(of->need[t], of->agreement[g]);
        }
    }
}

static bool cover_move(const sweep *of, int32_t agreement_ix, int32_t lane_ix, ms_check_need need)
{
    return ms_check_covers_move(of->check, agreement_ix, need, lane_ix, of->layer->item_ix, of->layer->owner_ix);
}

static bool cover_issue(const sweep *of, int32_t agreement_ix, int32_t demand_ix, ms_check_need need)
{
    (void)need;
    return ms_check_covers_issue(of->check, agreement_ix, demand_ix, of->layer->item_ix, of->layer->owner_ix);
}

static void price_moves(sweep *of, int32_t lane_ix)
{
    const ms_check *check = of->check;
    const int32_t *transit = check->limits.transit + (size_t)lane_ix * of->H;
    real *move = of->move + (size_t)lane_ix * of->H;
    for (int t = 0; t < check->periods; t++)
        move[t] = of->lane_cost[(size_t)lane_ix * of->H + (size_t)t] +
                  ms_check_move_cost(check, lane_ix, of->layer->item_ix, t, transit[t], NULL);
    for (ms_check_need need = 0; need < MS_CHECK_NEEDS; need++) {
        int32_t provider_ix = ms_check_provider(check, need, lane_ix, of->layer->owner_ix);
        bool site = need == MS_CHECK_NEED_SITE;
        if (provider_ix < 0)
            continue;
        price_need(of, site ? MS_AGREE_SITE : MS_AGREE_LIFT, provider_ix, of->layer->owner_ix, cover_move, lane_ix,
                   need);
        for (int t = 0; t < check->periods; t++) {
            int when = site ? t + transit[t] : t;
            move[t] += when < check->periods ? of->need[when] : 0;
        }
    }
}

/* Issues to one demand line: in periods with demand, with backorder from its first demand on. */
static void price_issues(sweep *of, int32_t demand_ix, double meets)
{
    const ms_check *check = of->check;
    const ms_demand *demand = &check->kase->demands[demand_ix];
    bool backorder = check->kase->items[demand->item_ix].backorder, begun = false;
    int32_t owner_ix = of->layer->owner_ix;
    bool needed = owner_ix >= 0 && demand->partner_ix >= 0 && owner_ix != demand->partner_ix;
    real charge = ms_check_issue_charge(check, demand_ix, of->layer->item_ix, owner_ix);
    if (needed)
        price_need(of, MS_AGREE_ITEM, owner_ix, demand->partner_ix, cover_issue, demand_ix, 0);
    for (size_t t = 0; t < of->H; t++) {
        size_t at = (size_t)demand_ix * of->H + t, here = (size_t)demand->site_ix * of->H + t;
        begun = (begun && backorder) || check->limits.demand_t[at] > 0;
        if (begun)
            of->issue[here] = fminl(of->issue[here], charge + (needed ? of->need[t] : 0) - meets * of->demand[at]);
    }
}

static void price_layer(sweep *of)
{
    const ms_check *check = of->check;
    const ms_case *kase = check->kase;
    size_t k = (size_t)(of->layer - check->layers), cells = (size_t)kase->sites_count * of->H;
    for (size_t at = 0; at < cells; at++) {
        of->issue[at] = INFINITY;
        of->hold[at] = (real)check->weights.hold * check->period_days + of->storage[at];
    }
    for (size_t i = check->reserves.starts[k]; i < check->reserves.starts[k + 1]; i++) {
        size_t r = check->reserves.order[i], site = (size_t)kase->reserves[r].site_ix;
        for (size_t t = 0; t < of->H; t++)
            of->hold[site * of->H + t] -= of->reserve[r * of->H + t];
    }
    of->usable_count = 0;
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        if (!ms_check_lane_carries(check, a, of->layer->item_ix))
            continue;
        of->usable[of->usable_count++] = a;
        price_moves(of, a);
    }
    for (int32_t s = -1; s < kase->substitutes_count; s++) {
        /* The item itself, then each item that it may stand in for. */
        if (s >= 0 && kase->substitutes[s].substitute_ix != of->layer->item_ix)
            continue;
        int32_t wanted_ix = s < 0 ? of->layer->item_ix : kase->substitutes[s].item_ix;
        double meets = ms_check_meets(check, wanted_ix, of->layer->item_ix);
        for (size_t i = of->first_demand[wanted_ix]; i < of->first_demand[wanted_ix + 1]; i++)
            price_issues(of, of->demand_order[i], meets);
    }
}

static real value_at(const sweep *of, int32_t site_ix, int t)
{
    return t < of->check->periods ? of->value[(size_t)site_ix * (of->H + 1) + (size_t)t] : 0;
}

/* What a tonne kept of a commitment that leaves in the horizon costs from its departure on. */
static real kept_cost(const sweep *of, size_t m)
{
    const ms_check *check = of->check;
    const ms_check_committed *committed = &check->limits.committed[m];
    int32_t lane_ix = check->kase->commitments[m].lane_ix;
    return value_at(of, check->kase->lanes[lane_ix].to_ix, committed->arrive) +
           ms_check_move_cost(check, lane_ix, of->layer->item_ix, committed->depart,
                              committed->arrive - committed->depart, NULL);
}

static real broken_cost(const sweep *of)
{
    return (real)of->check->weights.broken * of->check->kase->items[of->layer->item_ix].criticality;
}

/* A priced commitment is one more thing that a tonne at its origin may do: it saves what breaking it would cost. */
static void lower_committed(sweep *of, int t)
{
    const ms_check *check = of->check;
    size_t k = (size_t)(of->layer - check->layers);
    for (size_t i = check->commitments.starts[k]; i < check->commitments.starts[k + 1]; i++) {
        size_t m = check->commitments.order[i];
        if (check->limits.committed[m].depart != t || isnan(of->commitment[m]))
            continue;
        int32_t from_ix = check->kase->lanes[check->kase->commitments[m].lane_ix].from_ix;
        real *here = &of->value[(size_t)from_ix * (of->H + 1) + (size_t)t];
        *here = fminl(*here, kept_cost(of, m) - broken_cost(of) + of->commitment[m]);
    }
}

/* V backward through time. A movement takes at least one period, so every V on the right is known. */
static void sweep_layer(sweep *of)
{
    const ms_check *check = of->check;
    const ms_case *kase = check->kase;
    size_t W = of->H + 1; /* periods of V */
    for (int32_t n = 0; n < kase->sites_count; n++)
        of->value[(size_t)n * W + of->H] = 0;
    for (int t = check->periods - 1; t >= 0; t--) {
        for (int32_t n = 0; n < kase->sites_count; n++) {
            size_t here = (size_t)n * W + (size_t)t, at = (size_t)n * of->H + (size_t)t;
            real later = t + 1 < check->periods
                             ? ms_case_carry(kase, n, of->layer->item_ix, t + 1) * of->value[here + 1]
                             : 0;
            of->value[here] = fminl(of->hold[at] + later, of->issue[at]);
        }
        for (int32_t i = 0; i < of->usable_count; i++) {
            int32_t a = of->usable[i];
            size_t at = (size_t)a * of->H + (size_t)t;
            if (isinf(of->move[at]))
                continue;
            real *here = &of->value[(size_t)kase->lanes[a].from_ix * W + (size_t)t];
            real there = of->value[(size_t)kase->lanes[a].to_ix * W + (size_t)(t + check->limits.transit[at])];
            *here = fminl(*here, of->move[at] + there);
        }
        lower_committed(of, t);
    }
}

/* ---- B4, B5: what the layer has ---- */

static void add_stock(sweep *of, size_t k)
{
    const ms_check *check = of->check;
    const ms_case *kase = check->kase;
    double t_per_unit = ms_item_t_per_unit(&kase->items[of->layer->item_ix]);
    for (size_t i = check->stocks.starts[k]; i < check->stocks.starts[k + 1]; i++) {
        const ms_stock *stock = &kase->stocks[check->stocks.order[i]];
        add(&of->bound, (real)stock->quantity * t_per_unit * ms_case_carry(kase, stock->site_ix, stock->item_ix, 0) *
                            value_at(of, stock->site_ix, 0));
    }
    for (size_t i = check->supplies.starts[k]; i < check->supplies.starts[k + 1]; i++) {
        int32_t supply_ix = (int32_t)check->supplies.order[i];
        for (int t = 0; t < check->periods; t++)
            add(&of->bound, (real)ms_case_supply(kase, supply_ix, t) * t_per_unit *
                                fminl(value_at(of, kase->supplies[supply_ix].site_ix, t), check->weights.refuse));
    }
}

static void add_commitments(sweep *of, size_t k)
{
    const ms_check *check = of->check;
    const ms_case *kase = check->kase;
    for (size_t i = check->commitments.starts[k]; i < check->commitments.starts[k + 1]; i++) {
        size_t m = check->commitments.order[i];
        const ms_check_committed *committed = &check->limits.committed[m];
        const ms_lane *lane = &kase->lanes[kase->commitments[m].lane_ix];
        if (committed->depart < 0) {
            if (committed->arrive >= 0)
                add(&of->bound, committed->load_t * value_at(of, lane->to_ix, committed->arrive));
        } else if (committed->depart < check->periods) {
            real saved = isnan(of->commitment[m])
                             ? fminl(0, kept_cost(of, m) - value_at(of, lane->from_ix, committed->depart) -
                                            broken_cost(of))
                             : -of->commitment[m];
            add(&of->bound, committed->load_t * (broken_cost(of) + saved));
        }
    }
}

/* ---- B2, B3, B6 ---- */

static void add_demands(sweep *of)
{
    const ms_check *check = of->check;
    const ms_check_weights *weights = &check->weights;
    for (int32_t j = 0; j < check->kase->demands_count; j++) {
        bool backorder = check->kase->items[check->kase->demands[j].item_ix].backorder;
        real weight = ms_check_demand_weight(check, j), most_t = 0; /* E: d, or D with backorder */
        for (size_t t = 0; t < of->H; t++) {
            size_t at = (size_t)j * of->H + t;
            real price = of->demand[at];
            if (backorder && t + 1 < of->H)
                price -= of->demand[at + 1];
            most_t = check->limits.demand_t[at] + (backorder ? most_t : 0);
            add(&of->bound, of->demand[at] * check->limits.demand_t[at]);
            for (int s = 0; s < weights->steps; s++)
                add(&of->bound, weights->width * most_t * fminl(0, weight * weights->multiplier[s] - price));
        }
    }
}

static void add_reserves(sweep *of)
{
    const ms_check *check = of->check;
    for (int32_t r = 0; r < check->kase->reserves_count; r++) {
        for (size_t t = 0; t < of->H; t++) {
            size_t at = (size_t)r * of->H + t;
            add(&of->bound, check->limits.reserve_t[at] * fminl(of->reserve[at], ms_check_reserve_weight(check, r)));
        }
    }
}

static void add_capacity(sweep *of, const real *price, const double *limit_t, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        if (price[at] > 0)
            add(&of->bound, -price[at] * limit_t[at]);
    }
}

static void add_capacities(sweep *of)
{
    const ms_check *check = of->check;
    const ms_case *kase = check->kase;
    add_capacity(of, of->lane, check->limits.lane_t, (size_t)kase->lanes_count * of->H);
    add_capacity(of, of->handling, check->limits.handling_t, (size_t)kase->sites_count * of->H);
    add_capacity(of, of->storage, check->limits.storage_t, (size_t)kase->sites_count * of->H);
    add_capacity(of, of->fleet, check->limits.fleet_t, (size_t)kase->fleets_count * of->H);
    for (int32_t g = 0; g < kase->agreements_count; g++) {
        if (of->agreement[g] > 0)
            add(&of->bound, -of->agreement[g] * kase->agreements[g].limit_t);
    }
}

/* ---- all of it ---- */

static bool find_bound(sweep *of, ms_check *check)
{
    if (!allocate(of, check))
        return false;
    fill_prices(of);
    fill_lane_costs(of);
    group_demands(of);
    add_demands(of);
    add_reserves(of);
    for (size_t k = 0; k < check->layer_count; k++) {
        of->layer = &check->layers[k];
        price_layer(of);
        sweep_layer(of);
        add_stock(of, k);
        add_commitments(of, k);
    }
    add_capacities(of);
    check->bound = of->bound.value - 1e-12L * of->bound.size;
    return true;
}

/* A plan whose rounding leaves it a hair below its bound may call its gap 0. */
static ms_status compare_gap(ms_check *check)
{
    const ms_check_claims *claims = &check->claims;
    double gap = (claims->objective - claims->bound) / fmax(1e-9, fabs(claims->objective));
    if (gap < 0 && claims->gap == 0 && ms_check_agrees(claims->bound, claims->objective))
        return MS_OK;
    if (fabs(claims->gap - gap) <= 1e-9 + 1e-6 * fabs(gap))
        return MS_OK;
    return ms_check_breach(check, MS_CHECK_GAP, MS_CHECK_SUMMARY, 0, 0, "gap is %.9g, objective and bound give %.9g",
                           claims->gap, gap);
}

ms_status ms_check_bound(ms_check *check, ms_error *err)
{
    sweep of = {0};
    bool room = find_bound(&of, check);
    long double rounding = 2e-12L * of.bound.size; /* what two sums of the terms may differ by */
    release(&of);
    if (!room)
        return ms_error_memory(err);
    ms_status status = MS_OK;
    if (!ms_check_agrees(check->claims.bound, check->bound) && !(fabsl(check->claims.bound - check->bound) <= rounding))
        status = ms_check_breach(check, MS_CHECK_BOUND, MS_CHECK_SUMMARY, 0, 0, "bound is %.9g, the prices prove %.9g",
                                 check->claims.bound, (double)check->bound);
    else if (check->bound > check->objective && !ms_check_agrees((double)check->bound, check->objective))
        status = ms_check_breach(check, MS_CHECK_BOUND, MS_CHECK_SUMMARY, 0, 0,
                                 "the proven bound %.9g lies above the plan's objective %.9g: a limit must be broken",
                                 (double)check->bound, (double)check->objective);
    if (status == MS_OK)
        status = compare_gap(check);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}
