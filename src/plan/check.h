/* check.h: the stranger: what the files that make up `mainstay check CASE PLAN` share.
 *
 * The check holds a plan's files against the case and docs/model.md. It shares no code with the solver, so that one
 * mistake cannot hide in both: it stands on base, on the case and on this header alone, and has its own reader,
 * weights, ways and bound.
 *
 * Order of work (check.c): claims (check_claims.c), rows (check_read.c), limits and weights (check_limits.c,
 * check_weights.c), ways row by row (check_ways.c: C7, C9, C10), flows (check_flow.c: C1 to C8), what falls short
 * (check_short.c: C2, C8, C10), orders and coverage (check_orders.c), objective (check_objective.c), bound
 * (check_bound.c: B1 to B6).
 *
 * Quantities are tonnes inside, as in the model; rows keep their item units beside. Sums are long double, so that the
 * check's own rounding stays far below the margins it grants. Cost: O(rows log rows + layers x lanes x periods) time;
 * memory O(rows + (sites + lanes + demands) x periods), never layers x sites x periods.
 */
#ifndef MS_PLAN_CHECK_H
#define MS_PLAN_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "case/case.h"

/* ---- the plan's files ---- */

typedef enum {
    MS_CHECK_SUMMARY,
    MS_CHECK_MOVEMENTS,
    MS_CHECK_ISSUES,
    MS_CHECK_STOCK,
    MS_CHECK_SHORTFALLS,
    MS_CHECK_ORDERS,
    MS_CHECK_PRICES,
    MS_CHECK_FILES
} ms_check_file_ix;

extern const char *const ms_check_file_names[MS_CHECK_FILES];

/* One file's bytes; text NULL: the plan has no such file. Whoever fills it keeps it alive. */
typedef struct {
    const char *text;
    size_t length;
} ms_check_file;

/* As ms_check_plan (mainstay.h), with the files in memory instead of in a folder. */
ms_status ms_check_files(const ms_case *kase, const ms_check_file files[MS_CHECK_FILES], ms_findings *findings,
                         ms_buf *report, ms_error *err);

/* ---- labels: what a breach is a breach of ---- */

typedef enum {
    MS_CHECK_FILE, /* a file cannot be read as what it should be; its messages have no label */
    MS_CHECK_C1,
    MS_CHECK_C2,
    MS_CHECK_C3,
    MS_CHECK_C4,
    MS_CHECK_C5,
    MS_CHECK_C6,
    MS_CHECK_C7,
    MS_CHECK_C8,
    MS_CHECK_C9,
    MS_CHECK_C10,
    MS_CHECK_OBJECTIVE,
    MS_CHECK_BOUND,
    MS_CHECK_GAP,
    MS_CHECK_ORDER,
    MS_CHECK_COVERAGE,
    MS_CHECK_LABELS
} ms_check_label;

extern const char *const ms_check_label_names[MS_CHECK_LABELS];

enum { MS_CHECK_LISTED = 100 }; /* breaches listed of each label; the others are counted */

/* ---- rows as read ---- */

typedef struct {
    int32_t item_ix, owner_ix, depart, lane_ix, lift_ix, fleet_lift_ix, site_ix,
        commitment_ix; /* agreements; -1 none */
    int32_t arrive, line;
    double load_t;
} ms_check_movement; /* sorted by the first line of fields, in that order; so below */

typedef struct {
    int32_t item_ix, owner_ix, period, demand_ix, agreement_ix;
    int32_t line;
    double load_t, met_t; /* tonnes of the issued item; tonnes of the demanded one that they meet */
} ms_check_issue;

typedef struct {
    int32_t item_ix, owner_ix, site_ix, period; /* -1: at the start */
    int32_t line;
    double level_t;
} ms_check_level;

typedef enum { MS_CHECK_SHORT_DEMAND, MS_CHECK_SHORT_RESERVE, MS_CHECK_SHORT_COMMITMENT } ms_check_short_kind;

typedef struct {
    int32_t kind, row_ix, period; /* row_ix: demand, reserve or commitment */
    int32_t line;
    double short_t;
} ms_check_short;

typedef struct {
    int32_t agreement_ix, item_ix, place_ix, from, to; /* periods, `to` exclusive; place: site, or lane for lift */
    int32_t line;
    double load_t;
} ms_check_order;

typedef struct {
    int32_t label, row_ix, period; /* label 2 to 8 or 10; period -1 where the row has none */
    int32_t line;
    double price;
} ms_check_price;

/* ---- what summary.json claims ---- */

typedef struct {
    int32_t partner_ix; /* -1 nobody */
    int priority;
    double wanted_t, met_t, owed_t_days; /* combined */
} ms_check_claimed_cover;

typedef struct {
    bool stopped, same_name, digest_told;
    uint64_t digest; /* of the case that the plan was made for */
    double objective, bound, gap, shortfall_part, cost_part, cost, ratio_used;
    ms_check_claimed_cover *cover;
    size_t cover_count;
} ms_check_claims;

/* ---- derived from the case ---- */

typedef struct {
    int32_t item_ix, owner_ix;
} ms_check_layer;

/* Row numbers by layer: order[starts[k] .. starts[k + 1]) are the rows of layer k. */
typedef struct {
    size_t *starts, *order;
} ms_check_group;

typedef struct {
    int32_t depart, arrive; /* periods; depart < 0: under way already */
    double load_t;          /* f(m): what leaves, and arrives */
} ms_check_committed;

/* docs/model.md, Weights. Index 0 of priority arrays is unused. */
typedef struct {
    double weight[MS_PRIORITY_COUNT + 1], broken, ratio, kappa, epsilon;
    double move, other, substitute, refuse, hold; /* hold: eta, per tonne and day */
    int priorities[MS_PRIORITY_COUNT], priority_count;
    int steps;
    double width, multiplier[4];
} ms_check_weights;

/* Limits in tonnes, row-major by period: [row * H + t]. INFINITY: no limit. What commitments take is taken off. */
typedef struct {
    double *lane_t, *handling_t, *storage_t, *fleet_t;
    double *demand_t, *reserve_t;
    int32_t *transit; /* lanes: tau */
    ms_check_committed *committed;
} ms_check_limits;

typedef struct {
    const ms_case *kase; /* with the plan's contingencies applied */
    ms_case *applied;    /* that, where there are any; else NULL */
    ms_findings *findings;
    int periods;        /* H */
    double period_days; /* p */

    ms_check_claims claims;
    ms_check_movement *movements;
    ms_check_issue *issues;
    ms_check_level *levels;
    ms_check_short *shorts;
    ms_check_order *orders;
    ms_check_price *prices;
    size_t movement_count, issue_count, level_count, short_count, order_count, price_count;

    ms_check_layer *layers; /* sorted by item, owner */
    size_t layer_count;
    ms_check_group stocks, supplies, reserves, commitments; /* by layer */
    int32_t *agreement_order;                               /* agreements sorted by kind, provider, receiver, row */
    int32_t *reserve_order;                                 /* reserves sorted by site, item, partner */
    ms_check_limits limits;
    ms_check_weights weights;

    double *demand_short_t, *reserve_short_t; /* recomputed, [row * H + t] */
    double *kept_t;                           /* by commitment: what the plan moves of it */
    double *agreement_used_t;

    /* The objective, recomputed: C1 and C8 fill hold and refuse, check_objective.c the rest. */
    long double hold_t_days, refused_t;
    long double shortfall_part, cost_part, cost, objective, bound;
    uint64_t breaches[MS_CHECK_LABELS];
} ms_check;

/* ---- noting breaches (check.c) ---- */

/* Counts a breach and lists it as a finding, "C3: ...", while fewer than MS_CHECK_LISTED of its label are. line and
 * column 0: unknown. Returns MS_OK or MS_NO_MEMORY. */
ms_status ms_check_breach(ms_check *check, ms_check_label label, ms_check_file_ix file, int line, int column,
                          const char *format, ...) __attribute__((format(printf, 6, 7)));
ms_status ms_check_vbreach(ms_check *check, ms_check_label label, ms_check_file_ix file, int line, int column,
                           const char *format, va_list args) __attribute__((format(printf, 6, 0)));
bool ms_check_listed(const ms_check *check, ms_check_label label); /* false: more would only be counted */
bool ms_check_sound(const ms_check *check);                        /* no breach so far */

/* docs/model.md, Rounding: what may be lacking at a limit, in tonnes. */
double ms_check_slack(double limit_t);
/* What is short of wanted_t when met_t are there; the last bits of a double are nothing (docs/model.md, Rounding). */
double ms_check_short_of(double wanted_t, double met_t);
/* True when a claimed objective or bound is the recomputed one, within rounding; false for NaN. */
bool ms_check_agrees(double claimed, long double found);
/* Decimal day on which period t starts. */
double ms_check_day(const ms_check *check, int t);
/* An id by index, "nobody" for -1. */
const char *ms_check_partner_id(const ms_check *check, int32_t partner_ix);

/* ---- the steps, in order ---- */

/* Reads summary.json; *ids become the contingencies it names (to be freed with ms_check_free_ids). */
ms_status ms_check_read_claims(ms_check *check, const ms_check_file *file, char ***ids, size_t *id_count,
                               ms_error *err);
void ms_check_free_ids(char **ids, size_t count);
/* Reads the tables; what is wrong with them becomes findings. Sorts them and finds rows with one key. */
ms_status ms_check_read_rows(ms_check *check, const ms_check_file files[MS_CHECK_FILES], ms_error *err);

/* agreement_order and reserve_order; before any row is read. */
ms_status ms_check_find_orders(ms_check *check, ms_error *err);
/* The layers that the case and the rows name, and the case's rows by layer. */
ms_status ms_check_find_layers(ms_check *check, ms_error *err);
ms_status ms_check_find_limits(ms_check *check, ms_error *err);
ms_status ms_check_find_weights(ms_check *check, ms_error *err);

ms_status ms_check_ways(ms_check *check, ms_error *err);
ms_status ms_check_flows(ms_check *check, ms_error *err);
ms_status ms_check_shorts(ms_check *check, ms_error *err);
ms_status ms_check_coupling(ms_check *check, ms_error *err);
ms_status ms_check_orders(ms_check *check, ms_error *err);
ms_status ms_check_coverage(ms_check *check, ms_error *err);
ms_status ms_check_objective(ms_check *check);
ms_status ms_check_bound(ms_check *check, ms_error *err);

/* ---- facts of the case that several steps ask for ---- */

/* Index of the layer, or -1. */
int32_t ms_check_layer_of(const ms_check *check, int32_t item_ix, int32_t owner_ix);
/* Index of the reserve, or -1. */
int32_t ms_check_reserve_at(const ms_check *check, int32_t site_ix, int32_t item_ix, int32_t partner_ix);
/* phi: share of period t for which a vehicle that left on the lane in `depart` is away; 0 before and long after. */
double ms_check_away(const ms_check *check, int32_t lane_ix, int depart, int t);
/* First period from `depart` on in which it is away no more. */
int ms_check_back(const ms_check *check, int32_t lane_ix, int depart);

/* What a movement or an issue needs an agreement for. */
typedef enum { MS_CHECK_NEED_LIFT, MS_CHECK_NEED_FLEET, MS_CHECK_NEED_SITE, MS_CHECK_NEEDS } ms_check_need;
/* The partner whose agreement a movement of owner on lane needs, or -1: none needed. */
int32_t ms_check_provider(const ms_check *check, ms_check_need need, int32_t lane_ix, int32_t owner_ix);
bool ms_check_lane_carries(const ms_check *check, int32_t lane_ix, int32_t item_ix);
/* True when the agreement covers that need of such a movement, whatever its dates. */
bool ms_check_covers_move(const ms_check *check, int32_t agreement_ix, ms_check_need need, int32_t lane_ix,
                          int32_t item_ix, int32_t owner_ix);
/* True when an item agreement covers issuing the owner's item to the demand, whatever its dates. */
bool ms_check_covers_issue(const ms_check *check, int32_t agreement_ix, int32_t demand_ix, int32_t item_ix,
                           int32_t owner_ix);
/* Range [first, last) of agreement_order with this kind, provider and receiver. */
void ms_check_agreements_between(const ms_check *check, ms_agreement_kind kind, int32_t provider_ix,
                                 int32_t receiver_ix, size_t *first, size_t *last);
/* c(v): tonnes of the demanded item that a tonne of item meets; 0 when it is no substitute for it. */
double ms_check_meets(const ms_check *check, int32_t demanded_ix, int32_t item_ix);
/* Weighted tonnes per tonne for moving item on lane, leaving in period t, arriving `transit` periods later: cost,
 * duty and charges. *currency (may be NULL) gets the cost in currency alone. */
long double ms_check_move_cost(const ms_check *check, int32_t lane_ix, int32_t item_ix, int t, int transit,
                               long double *currency);
/* Weighted tonnes per tonne of the owner's item issued to the demand. */
double ms_check_issue_charge(const ms_check *check, int32_t demand_ix, int32_t item_ix, int32_t owner_ix);
/* The objective's weight of a tonne short for the whole of a period at the first step of fairness: for a demand line,
 * a reserve. */
double ms_check_demand_weight(const ms_check *check, int32_t demand_ix);
double ms_check_reserve_weight(const ms_check *check, int32_t reserve_ix);

#endif
