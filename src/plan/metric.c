/* metric.c: chooses the metrics of the primal-dual iterations (docs/engine.md, Metrics).
 *
 * A column j has mass m_j, a row i weight rho_i: T_j = m_j / sum_i |a_ij| rho_i, Sigma_i = rho_i / sum_j |a_ij| m_j,
 * which keeps the step safe whatever the weights (Pock and Chambolle 2011, with weights). Columns that carry much and
 * rows whose price is high get long steps: m = sqrt(x / mean + floor), rho = sqrt(|y| / mean + floor) of the iterate at
 * hand. For the chains of stock (C1) and of backlog (C2) over time Sigma is exact: the inverse of what the chain adds
 * up to, by LDL'. Cost: a few iterations.
 */
#include "plan/grid.h"
#include "plan/grid_private.h"

#include <math.h>
#include <string.h>

static const double MASS_FLOOR = 0.01, WEIGHT_FLOOR = 0.01;

typedef struct {
    ms_grid *g;
    const ms_network *net;
    double mean_x, mean_y; /* 0: all masses and weights are 1 */
    double *rho, *mass;    /* of one layer's nodes */
} weigher;

static double mass(const weigher *m, double x)
{
    return m->mean_x > 0 ? sqrt(fabs(x) / m->mean_x + MASS_FLOOR) : 1;
}

static double weight(const weigher *m, double y)
{
    return m->mean_y > 0 ? sqrt(fabs(y) / m->mean_y + WEIGHT_FLOOR) : 1;
}

/* ---- means over what exists ---- */

typedef struct {
    double sum;
    size_t count;
} average;

static void take_rows(average *of, const ms_grid *g, const void *values, const void *exists, int32_t rows,
                      size_t stride)
{
    for (int32_t row = 0; row < rows; row++)
        for (int t = 0; t < g->net->H; t++) {
            size_t at = (size_t)row * stride + (size_t)t;
            if (ms_grid_get(g, exists, at) > 0) {
                of->sum += fabs(ms_grid_get(g, values, at));
                of->count++;
            }
        }
}

static double mean(const average *of)
{
    return of->count ? of->sum / (double)of->count : 0;
}

static void find_means(weigher *m)
{
    const ms_grid *g = m->g;
    const ms_network *net = m->net;
    const ms_case *kase = net->kase;
    size_t stride = (size_t)g->stride;
    int32_t steps = net->weights.step_count, supplies = g->supply_first[net->layer_count];
    average x = {0}, y = {0};
    for (int32_t i = 0; i < g->run_count; i++) {
        for (int t = 0; t < g->runs[i].count; t++)
            x.sum += ms_grid_get(g, g->x.now, g->runs[i].at + (size_t)t);
        x.count += (size_t)g->runs[i].count;
    }
    for (int32_t k = 0; k < net->layer_count; k++) {
        size_t at = (size_t)k * g->layer_stride * g->number;
        take_rows(&x, g, (char *)g->s.now + at, (char *)g->step_s + at, net->site_count, stride);
        take_rows(&y, g, (char *)g->v.now + at, (char *)g->step_s + at, net->site_count, stride);
    }
    take_rows(&x, g, g->y.now, g->step_y, net->issue_count, stride);
    take_rows(&x, g, g->o.now, g->step_o, supplies, stride);
    for (int32_t j = 0; j < kase->demands_count; j++)
        for (int32_t s = 0; s < steps; s++)
            take_rows(&x, g, (char *)g->z.now + (size_t)(j * steps + s) * stride * g->number,
                      (char *)g->step_z + (size_t)j * stride * g->number, 1, stride);
    take_rows(&y, g, g->demand.now, g->sigma_demand, kase->demands_count, stride);
    take_rows(&y, g, g->lane.now, g->sigma_lane, net->lane_count, g->lane_stride);
    take_rows(&y, g, g->site.now, g->sigma_site, net->site_count, stride);
    take_rows(&y, g, g->storage.now, g->sigma_storage, net->site_count, stride);
    take_rows(&y, g, g->fleet.now, g->sigma_fleet, kase->fleets_count, stride);
    take_rows(&y, g, g->reserve.now, g->sigma_reserve, kase->reserves_count, stride);
    m->mean_x = mean(&x);
    m->mean_y = mean(&y);
    if (m->mean_x <= 0 || m->mean_y <= 0)
        m->mean_x = m->mean_y = 0;
}

/* ---- what a movement pays in weights of shared rows ---- */

static double row_weight(const weigher *m, const void *prices, const void *sigma, size_t at)
{
    return ms_grid_get(m->g, sigma, at) > 0 ? weight(m, ms_grid_get(m->g, prices, at)) : 0;
}

static void weigh_lanes(weigher *m)
{
    ms_grid *g = m->g;
    memset(g->lane_mass, 0, (size_t)m->net->lane_count * (size_t)g->stride * sizeof *g->lane_mass);
    for (int32_t i = 0; i < g->leg_count; i++) {
        const ms_leg *leg = &g->legs[i];
        for (int t = leg->first; t < leg->first + leg->count; t++) {
            size_t from = ms_grid_row(g, leg->from_ix, t), to = ms_grid_row(g, leg->to_ix, t + leg->transit);
            double sum = row_weight(m, g->lane.now, g->sigma_lane, ms_grid_lane(g, leg->lane_ix, t));
            sum += row_weight(m, g->site.now, g->sigma_site, from) + row_weight(m, g->site.now, g->sigma_site, to);
            for (int later = t; leg->fleet_ix >= 0 && later <= t + leg->whole && later < m->net->H; later++)
                sum += (later < t + leg->whole ? 1 : leg->part) *
                       row_weight(m, g->fleet.now, g->sigma_fleet, ms_grid_row(g, leg->fleet_ix, later));
            g->lane_weight[ms_grid_row(g, leg->lane_ix, t)] = sum;
        }
    }
}

static double agreement_weight(const weigher *m, int32_t agreement_ix)
{
    return agreement_ix < 0 ? 0 : row_weight(m, m->g->agreement.now, m->g->sigma_agreement, (size_t)agreement_ix);
}

/* ---- one layer: movements, then what stays, is refused and issued, then the chains ---- */

static void weigh_run(weigher *m, const ms_run *run)
{
    ms_grid *g = m->g;
    const double *rho_from = m->rho + ms_grid_row(g, run->from_ix, run->first);
    const double *rho_to = m->rho + ms_grid_row(g, run->to_ix, run->first + run->transit);
    double *mass_from = m->mass + ms_grid_row(g, run->from_ix, run->first);
    double *mass_to = m->mass + ms_grid_row(g, run->to_ix, run->first + run->transit);
    const double *lane = g->lane_weight + ms_grid_row(g, run->lane_ix, run->first);
    double *lane_mass = g->lane_mass + ms_grid_row(g, run->lane_ix, run->first), agreements = 0, sum = 0;
    for (int need = 0; need < MS_NEEDS; need++)
        agreements += agreement_weight(m, run->agreement_ix[need]);
    for (int t = 0; t < run->count; t++) {
        double column = mass(m, ms_grid_get(g, g->x.now, run->at + (size_t)t));
        ms_grid_put(g, g->step_x, run->at + (size_t)t, column / (rho_from[t] + rho_to[t] + lane[t] + agreements));
        mass_from[t] += column;
        mass_to[t] += column;
        lane_mass[t] += column;
        sum += column;
    }
    for (int need = 0; need < MS_NEEDS; need++)
        if (run->agreement_ix[need] >= 0)
            g->agreement_mass[run->agreement_ix[need]] += sum;
}

static void weigh_supplies(weigher *m, int32_t k)
{
    ms_grid *g = m->g;
    for (int32_t i = g->supply_first[k]; i < g->supply_first[k + 1]; i++)
        for (int t = 0; t < m->net->H; t++) {
            size_t at = ms_grid_row(g, g->supplies[i].row, t), node = ms_grid_row(g, g->supplies[i].site_ix, t);
            if (ms_grid_get(g, g->step_o, at) <= 0)
                continue;
            double column = mass(m, ms_grid_get(g, g->o.now, at));
            ms_grid_put(g, g->step_o, at, column / m->rho[node]);
            m->mass[node] += column;
        }
}

static void weigh_issues(weigher *m, int32_t k)
{
    const ms_network *net = m->net;
    ms_grid *g = m->g;
    for (int32_t i = net->issue_first[k]; i < net->issue_first[k + 1]; i++) {
        const ms_issue_way *way = &net->issues[i];
        bool limited = way->agreement_ix >= 0 && ms_grid_get(g, g->sigma_agreement, (size_t)way->agreement_ix) > 0;
        double agreement = limited ? agreement_weight(m, way->agreement_ix) : 0;
        for (int t = g->issue_opens[i]; t < g->issue_closes[i]; t++) {
            size_t at = ms_grid_row(g, i, t), line = ms_grid_row(g, way->demand_ix, t);
            size_t node = ms_grid_row(g, net->kase->demands[way->demand_ix].site_ix, t);
            if (ms_grid_get(g, g->step_y, at) <= 0)
                continue;
            double column = mass(m, ms_grid_get(g, g->y.now, at));
            double rho = weight(m, ms_grid_get(g, g->demand.now, line));
            ms_grid_put(g, g->step_y, at, column / (m->rho[node] + way->meets * rho + agreement));
            m->mass[node] += column;
            g->demand_mass[line] += way->meets * column;
            if (limited)
                g->agreement_mass[way->agreement_ix] += column;
        }
    }
}

static void weigh_broken(weigher *m, int32_t k)
{
    ms_grid *g = m->g;
    for (int32_t i = g->broken_first[k]; i < g->broken_first[k + 1]; i++) {
        const ms_committed *c = &m->net->committed[g->broken[i]];
        size_t from = ms_grid_row(g, c->from_ix, c->depart), to = ms_grid_row(g, c->to_ix, c->arrive);
        double column = mass(m, ms_grid_get(g, g->b.now, (size_t)i));
        double rho = m->rho[from] + (c->arrive < m->net->H ? m->rho[to] : 0);
        ms_grid_put(g, g->step_b, (size_t)i, column / rho);
        m->mass[from] += column;
        if (c->arrive < m->net->H)
            m->mass[to] += column;
    }
}

/* Factors a chain: diagonal and lower neighbours in, L and 1/D out, `apart` numbers apart. Where the diagonal is 0
 * there is no row. */
static void factor(const ms_grid *g, const double *diagonal, const double *off, void *lower, void *pivot, size_t apart)
{
    double last = 0;
    for (int t = 0; t < g->net->H; t++) {
        double below = last > 0 && diagonal[t] > 0 ? off[t] / last : 0;
        last = diagonal[t] > 0 ? diagonal[t] - below * off[t] : 0;
        ms_grid_put(g, lower, (size_t)t * apart, below);
        ms_grid_put(g, pivot, (size_t)t * apart, last > 0 ? 1 / last : 0);
    }
}

static void *number_at(const ms_grid *g, void *numbers, size_t at)
{
    return (char *)numbers + at * g->number;
}

/* The stock columns of one (layer, site), what they add to shared rows, and the factor of the chain. */
static void weigh_chain(weigher *m, int32_t k, int32_t n)
{
    const ms_network *net = m->net;
    ms_grid *g = m->g;
    size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n, row = ms_grid_row(g, n, 0);
    size_t node = (size_t)k * g->layer_stride + row;
    double *diagonal = g->chain_row, *off = g->chain_row + g->stride;
    int32_t r = g->reserve_of[pair];
    if (g->chain_of[pair] < 0)
        return;
    size_t factors = ms_grid_factors(g, g->chain_of[pair]);
    memset(diagonal, 0, 2 * (size_t)g->stride * sizeof *diagonal);
    for (int t = 0; t < net->H; t++)
        if (ms_grid_get(g, g->step_s, node + (size_t)t) > 0)
            diagonal[t] = m->mass[row + (size_t)t] / m->rho[row + (size_t)t] + 1e-9;
    for (int t = 0; t < net->H; t++) {
        if (ms_grid_get(g, g->step_s, node + (size_t)t) <= 0)
            continue;
        double storage = row_weight(m, g->storage.now, g->sigma_storage, row + (size_t)t);
        double reserve = r >= 0 ? row_weight(m, g->reserve.now, g->sigma_reserve, ms_grid_row(g, r, t)) : 0;
        double after = t + 1 < net->H ? ms_grid_get(g, g->carry, g->carry_at[pair] + (size_t)t + 1) : 0;
        double column = g->stock_step * mass(m, ms_grid_get(g, g->s.now, node + (size_t)t));
        double rho = m->rho[row + (size_t)t] + (t + 1 < net->H ? after * m->rho[row + (size_t)t + 1] : 0);
        double step = column / (rho + storage + reserve), share = storage + reserve > 0 ? 2 : 1;
        ms_grid_put(g, g->step_s, node + (size_t)t, step);
        if (storage > 0)
            g->storage_mass[row + (size_t)t] += share * step * (storage + reserve);
        if (reserve > 0)
            g->reserve_mass[ms_grid_row(g, r, t)] += share * step * (storage + reserve);
        diagonal[t] += share * step;
        if (t + 1 < net->H) {
            diagonal[t + 1] += share * step * after * after;
            off[t + 1] = -share * step * after;
        }
    }
    factor(g, diagonal, off, number_at(g, g->chain_lower, factors), number_at(g, g->chain_pivot, factors),
           MS_GRID_LANES);
    for (int t = 0; t < net->H; t++)
        ms_grid_put(g, g->chain_weight, node + (size_t)t, diagonal[t]);
}

static void weigh_layer(weigher *m, int32_t k)
{
    ms_grid *g = m->g;
    size_t nodes = (size_t)m->net->site_count * (size_t)g->stride, first = (size_t)k * g->layer_stride;
    for (size_t at = 0; at < nodes; at++) {
        m->rho[at] = weight(m, ms_grid_get(g, g->v.now, first + at));
        m->mass[at] = 0;
    }
    for (int32_t i = g->run_first[k]; i < g->run_first[k + 1]; i++)
        weigh_run(m, &g->runs[i]);
    weigh_supplies(m, k);
    weigh_issues(m, k);
    weigh_broken(m, k);
    for (int32_t n = 0; n < m->net->site_count; n++)
        weigh_chain(m, k, n);
}

/* ---- needs ---- */

static void weigh_line(weigher *m, int32_t j)
{
    const ms_network *net = m->net;
    ms_grid *g = m->g;
    size_t line = ms_grid_row(g, j, 0);
    int32_t steps = net->weights.step_count;
    bool owed = net->kase->items[net->kase->demands[j].item_ix].backorder;
    double *diagonal = g->chain_row, *off = g->chain_row + g->stride;
    memset(diagonal, 0, 2 * (size_t)g->stride * sizeof *diagonal);
    for (int t = 0; t < net->H; t++)
        if (ms_grid_get(g, g->step_z, line + (size_t)t) > 0)
            diagonal[t] += g->demand_mass[line + (size_t)t] /
                           weight(m, ms_grid_get(g, g->demand.now, line + (size_t)t));
    for (int t = 0; t < net->H; t++) {
        if (!owed || ms_grid_get(g, g->step_z, line + (size_t)t) <= 0)
            continue; /* without backlog the shortfall is part of the row's price (P4) */
        bool on = t + 1 < net->H;
        double rho = weight(m, ms_grid_get(g, g->demand.now, line + (size_t)t)), column = 0;
        if (on)
            rho += weight(m, ms_grid_get(g, g->demand.now, line + (size_t)t + 1));
        for (int32_t s = 0; s < steps; s++) /* the steps of one period share a step length: the longest of theirs */
            column += mass(m, ms_grid_get(g, g->z.now, ms_grid_row(g, j * steps + s, t))) / steps;
        double step = g->stock_step * column / rho;
        ms_grid_put(g, g->step_z, line + (size_t)t, step);
        diagonal[t] += steps * step;
        if (on) {
            diagonal[t + 1] += steps * step;
            off[t + 1] = -steps * step;
        }
    }
    for (int t = 0; t < net->H; t++)
        if (ms_grid_get(g, g->step_z, line + (size_t)t) > 0)
            ms_grid_put(g, g->sigma_demand, line + (size_t)t, diagonal[t] > 0 ? 1 / diagonal[t] : 1);
    if (owed) {
        size_t factors = ms_grid_factors(g, g->owed_of[j]);
        factor(g, diagonal, off, number_at(g, g->line_lower, factors), number_at(g, g->line_pivot, factors),
               MS_GRID_LANES);
    }
}

static void weigh_reserves(weigher *m)
{
    ms_grid *g = m->g;
    for (int32_t r = 0; r < m->net->kase->reserves_count; r++)
        for (int t = 0; t < m->net->H; t++) {
            size_t at = ms_grid_row(g, r, t);
            double sum = g->reserve_mass[at];
            if (ms_grid_get(g, g->sigma_reserve, at) > 0)
                ms_grid_put(g, g->sigma_reserve, at,
                            weight(m, ms_grid_get(g, g->reserve.now, at)) / (sum > 0 ? sum : 1));
        }
}

/* ---- shared rows: Sigma = rho / sum of masses ---- */

static void weigh_rows(weigher *m, const void *prices, void *sigma, const double *masses, int32_t rows, size_t stride)
{
    ms_grid *g = m->g;
    for (int32_t row = 0; row < rows; row++)
        for (int t = 0; t < m->net->H; t++) {
            size_t at = (size_t)row * stride + (size_t)t;
            double sum = masses[ms_grid_row(g, row, t)];
            if (ms_grid_get(g, sigma, at) > 0)
                ms_grid_put(g, sigma, at, weight(m, ms_grid_get(g, prices, at)) / (sum > 0 ? sum : 1));
        }
}

/* What the lanes' masses come to at sites and fleets. */
static void spread_masses(weigher *m)
{
    ms_grid *g = m->g;
    for (int32_t i = 0; i < g->leg_count; i++) {
        const ms_leg *leg = &g->legs[i];
        for (int t = leg->first; t < leg->first + leg->count; t++) {
            double sum = g->lane_mass[ms_grid_row(g, leg->lane_ix, t)];
            g->site_mass[ms_grid_row(g, leg->from_ix, t)] += sum;
            g->site_mass[ms_grid_row(g, leg->to_ix, t + leg->transit)] += sum;
            for (int later = t; leg->fleet_ix >= 0 && later <= t + leg->whole && later < m->net->H; later++)
                g->fleet_mass[ms_grid_row(g, leg->fleet_ix, later)] += (later < t + leg->whole ? 1 : leg->part) * sum;
        }
    }
}

static void weigh_shared(weigher *m)
{
    const ms_network *net = m->net;
    ms_grid *g = m->g;
    size_t stride = (size_t)g->stride;
    spread_masses(m);
    weigh_rows(m, g->lane.now, g->sigma_lane, g->lane_mass, net->lane_count, g->lane_stride);
    weigh_rows(m, g->site.now, g->sigma_site, g->site_mass, net->site_count, stride);
    weigh_rows(m, g->storage.now, g->sigma_storage, g->storage_mass, net->site_count, stride);
    weigh_rows(m, g->fleet.now, g->sigma_fleet, g->fleet_mass, net->kase->fleets_count, stride);
    for (int32_t i = 0; i < net->kase->agreements_count; i++)
        if (ms_grid_get(g, g->sigma_agreement, (size_t)i) > 0)
            ms_grid_put(g, g->sigma_agreement, (size_t)i,
                        agreement_weight(m, i) / (g->agreement_mass[i] > 0 ? g->agreement_mass[i] : 1));
}

void ms_grid_weigh(ms_grid *g)
{
    const ms_network *net = g->net;
    const ms_case *kase = net->kase;
    size_t stride = (size_t)g->stride;
    weigher m = {.g = g, .net = net, .rho = g->layer_weight, .mass = g->layer_mass};
    find_means(&m);
    memset(g->site_mass, 0, (size_t)net->site_count * stride * sizeof(double));
    memset(g->storage_mass, 0, (size_t)net->site_count * stride * sizeof(double));
    memset(g->fleet_mass, 0, (size_t)kase->fleets_count * stride * sizeof(double));
    memset(g->demand_mass, 0, (size_t)kase->demands_count * stride * sizeof(double));
    memset(g->reserve_mass, 0, (size_t)kase->reserves_count * stride * sizeof(double));
    memset(g->agreement_mass, 0, (size_t)kase->agreements_count * sizeof(double));
    weigh_lanes(&m);
    for (int32_t k = 0; k < net->layer_count; k++)
        weigh_layer(&m, k);
    for (int32_t j = 0; j < kase->demands_count; j++)
        weigh_line(&m, j);
    weigh_reserves(&m);
    weigh_shared(&m);
}

/* ---- lengths ---- */

typedef struct {
    const ms_grid *g;
    const void *steps; /* where it is 0 there is no column or row */
    size_t stride;
    int32_t rows;
} table;

/* sum of value^2 x step, or / step. */
static double length2(const table *of, const void *values, bool times)
{
    double sum = 0;
    for (int32_t row = 0; row < of->rows; row++)
        for (int t = 0; t < of->g->net->H; t++) {
            size_t at = (size_t)row * of->stride + (size_t)t;
            double step = ms_grid_get(of->g, of->steps, at), value = step > 0 ? ms_grid_get(of->g, values, at) : 0;
            sum += times ? value * value * step : step > 0 ? value * value / step : 0;
        }
    return sum;
}

static void measure_runs(ms_grid_lengths *out, const ms_grid *g)
{
    for (int32_t i = 0; i < g->run_count; i++)
        for (int t = 0; t < g->runs[i].count; t++) {
            double x = ms_grid_get(g, g->x.now, g->runs[i].at + (size_t)t);
            double step = ms_grid_get(g, g->step_x, g->runs[i].at + (size_t)t);
            out->primal2 += x * x / step;
            out->costs2 += g->runs[i].cost * g->runs[i].cost * step;
        }
}

static void measure_nodes(ms_grid_lengths *out, const ms_grid *g)
{
    for (int32_t k = 0; k < g->net->layer_count; k++)
        for (int32_t n = 0; n < g->net->site_count; n++)
            for (int t = 0; t < g->net->H; t++) {
                size_t at = ms_grid_node(g, k, n, t);
                double s = ms_grid_get(g, g->s.now, at), step = ms_grid_get(g, g->step_s, at);
                double v = ms_grid_get(g, g->v.now, at), weight = ms_grid_get(g, g->chain_weight, at);
                double comes = ms_grid_get(g, g->comes, at);
                out->primal2 += step > 0 ? s * s / step : 0;
                out->dual2 += v * v * weight;
                out->rights2 += weight > 0 ? comes * comes / weight : 0;
            }
}

void ms_grid_measure(ms_grid_lengths *out, const ms_grid *g)
{
    const ms_network *net = g->net;
    const ms_case *kase = net->kase;
    size_t stride = (size_t)g->stride;
    const struct {
        table rows;
        const void *prices, *rights;
    } shared[] = {{{g, g->sigma_demand, stride, kase->demands_count}, g->demand.now, g->wanted},
                  {{g, g->sigma_lane, g->lane_stride, net->lane_count}, g->lane.now, g->room_lane},
                  {{g, g->sigma_site, stride, net->site_count}, g->site.now, g->room_site},
                  {{g, g->sigma_storage, stride, net->site_count}, g->storage.now, g->room_storage},
                  {{g, g->sigma_fleet, stride, kase->fleets_count}, g->fleet.now, g->room_fleet},
                  {{g, g->sigma_reserve, stride, kase->reserves_count}, g->reserve.now, g->level}};
    table issues = {g, g->step_y, stride, net->issue_count},
          supplies = {g, g->step_o, stride, g->supply_first[net->layer_count]};
    ms_grid_lengths sum = {0};
    measure_runs(&sum, g);
    measure_nodes(&sum, g);
    sum.primal2 += length2(&issues, g->y.now, false) + length2(&supplies, g->o.now, false);
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        sum.dual2 += length2(&shared[i].rows, shared[i].prices, false);
        sum.rights2 += length2(&shared[i].rows, shared[i].rights, true);
    }
    for (int32_t j = 0; j < kase->demands_count; j++) {
        double weight = ms_network_short_weight(net, j, net->weights.step_count - 1);
        for (int t = 0; t < net->H; t++)
            if (ms_grid_get(g, g->step_z, ms_grid_row(g, j, t)) > 0)
                sum.costs2 += weight * weight;
    }
    *out = sum;
}
