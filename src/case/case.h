/* case.h: a case in memory: partners, sites, items, stocks, lanes and the rest, as validated from a folder.
 *
 * Invariants once ms_case_open has returned MS_OK (nothing changes a case afterwards):
 * - every *_ix is in range, or -1 where "nobody" or "none" is allowed; ids are unique in their table and sorted as
 *   read;
 * - quantities are finite and non-negative, in item units, unless the name ends in _t (tonnes); unlimited is INFINITY;
 * - to_day is INFINITY when the span is open; from_day < to_day;
 * - demands holds the rows of demands.csv and, behind them, those that forces and factors expand into.
 *
 * Memory: arrays and texts belong to the case. Cost: linear in the rows.
 */
#ifndef MS_CASE_CASE_H
#define MS_CASE_CASE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/names.h"
#include "base/status.h"

enum { MS_NONE = -1, MS_PRIORITY_COUNT = 15 };

typedef enum {
    MS_SITE_DEPOT,
    MS_SITE_PORT,
    MS_SITE_AIRFIELD,
    MS_SITE_RAILHEAD,
    MS_SITE_PLANT,
    MS_SITE_UNIT,
    MS_SITE_KINDS
} ms_site_kind;
typedef enum {
    MS_MODE_SEA,
    MS_MODE_AIR,
    MS_MODE_ROAD,
    MS_MODE_RAIL,
    MS_MODE_PIPELINE,
    MS_MODE_RIVER,
    MS_MODES
} ms_mode;
typedef enum {
    MS_CLASS_I,
    MS_CLASS_II,
    MS_CLASS_III,
    MS_CLASS_IV,
    MS_CLASS_V,
    MS_CLASS_VI,
    MS_CLASS_VII,
    MS_CLASS_VIII,
    MS_CLASS_IX,
    MS_CLASS_X,
    MS_CLASS_WATER,
    MS_CLASSES
} ms_class;
typedef enum { MS_AGREE_ITEM, MS_AGREE_LIFT, MS_AGREE_SITE, MS_AGREE_KINDS } ms_agreement_kind;
typedef enum { MS_SETTLE_NONE, MS_SETTLE_CASH, MS_SETTLE_IN_KIND, MS_SETTLE_EQUAL_VALUE, MS_SETTLEMENTS } ms_settlement;
typedef enum {
    MS_WHAT_SITE,
    MS_WHAT_LANE,
    MS_WHAT_MODE,
    MS_WHAT_FLEET,
    MS_WHAT_STOCK,
    MS_WHAT_SUPPLY,
    MS_WHAT_DEMAND,
    MS_WHAT_DUTY,
    MS_WHAT_PARTNER,
    MS_WHATS
} ms_what;
typedef enum { MS_EFFECT_CLOSE, MS_EFFECT_SCALE, MS_EFFECT_DELAY, MS_EFFECT_LOSE, MS_EFFECT_SET, MS_EFFECTS } ms_effect;

/* The words of the format for these kinds, indexed by them; zero-terminated lists end with NULL. */
extern const char *const ms_site_kind_words[MS_SITE_KINDS + 1];
extern const char *const ms_mode_words[MS_MODES + 1];
extern const char *const ms_class_words[MS_CLASSES + 1];
extern const char *const ms_agreement_kind_words[MS_AGREE_KINDS + 1];
extern const char *const ms_settlement_words[MS_SETTLEMENTS + 1]; /* [0] is "" */
extern const char *const ms_what_words[MS_WHATS + 1];
extern const char *const ms_effect_words[MS_EFFECTS + 1];

typedef struct {
    const char *id, *name; /* name is the id where the file gives none; so everywhere below */
} ms_partner;

typedef struct {
    const char *id, *name;
    int32_t partner_ix; /* -1: nobody's, open to all */
    ms_site_kind kind;
    char country[3]; /* "" unknown */
    double lat, lon; /* NAN unknown */
    double handling_t_per_day, storage_t;
} ms_site;

typedef struct {
    const char *id, *name, *unit, *nsn; /* unit and nsn may be "" */
    ms_class class_ix;
    double kg_per_unit, m3_per_unit, value_per_unit, criticality;
    bool backorder;
} ms_item;

typedef struct {
    int32_t site_ix, item_ix, partner_ix; /* partner -1: nobody's stock, open to all */
    double quantity;
} ms_stock;

typedef struct {
    int32_t site_ix, item_ix, partner_ix;
    double from_day, to_day, per_day;
} ms_supply;

typedef struct {
    const char *id;
    int32_t site_ix, item_ix, partner_ix; /* partner -1: nobody's consumers, whom everyone may serve */
    int32_t force_ix;                     /* -1 unless it comes from forces.csv */
    double from_day, to_day, per_day;
    int priority; /* 1..15 */
} ms_demand;

typedef struct {
    const char *id, *profile;
    int32_t site_ix, partner_ix;
    double from_day, to_day, persons;
    int priority;
} ms_force;

typedef struct {
    const char *profile;
    int32_t item_ix;
    double per_person_per_day;
} ms_factor;

typedef struct {
    int32_t site_ix, item_ix, partner_ix;
    double quantity, days; /* the one that was not given is NAN */
    int priority;
} ms_reserve;

typedef struct {
    const char *id;
    int32_t from_ix, to_ix, partner_ix, fleet_ix;
    ms_mode mode;
    double transit_days, capacity_t_per_day, cost_per_t;
    const uint8_t *carries; /* NULL: everything; else carries[item_ix] is 1 or 0 */
} ms_lane;

typedef struct {
    const char *id;
    int32_t partner_ix;
    ms_mode mode;
    double vehicles, payload_t, turn_days;
} ms_fleet;

/* A scope: each non-NULL array narrows, its entries widen. lanes and fleets together are one sort of word:
 * a lane is inside when lanes[lane_ix], or fleets[its fleet_ix], is 1, or when both are NULL. */
typedef struct {
    const char *id, *scope_text;
    int32_t provider_ix, receiver_ix;
    ms_agreement_kind kind;
    const uint8_t *items, *sites, *lanes, *fleets;
    double limit_t, used_t; /* limit_t is what is left: the file's less used_t */
    double from_day, to_day;
    ms_settlement settlement;
    double due_days;      /* NAN: not stated */
    double price;         /* of one unit, lift and site of one tonne; NAN: the item's value_per_unit */
    const char *currency; /* of price and debts; "" the case's */
} ms_agreement;

typedef struct {
    int32_t item_ix, substitute_ix;
    double ratio; /* units of the substitute that do the work of one unit of the item */
} ms_substitute;

typedef struct {
    char from_country[3], to_country[3]; /* "*" any */
    int class_ix;                        /* -1 any */
    double rate;
} ms_duty;

typedef struct {
    int32_t lane_ix, item_ix, partner_ix;
    double depart_day; /* negative: already under way */
    double quantity;
} ms_commitment;

typedef struct {
    const char *id, *name;
    double chance; /* NAN: not stated */
    int32_t first_event, event_count;
} ms_contingency;

typedef struct {
    int32_t contingency_ix;
    double from_day, to_day;
    ms_what what;
    const char *which; /* id or pattern, as written; checked to match something */
    ms_effect effect;
    double amount; /* NAN: not stated */
} ms_event;

typedef enum { MS_VARY_START, MS_VARY_DURATION, MS_VARY_AMOUNT, MS_VARIES } ms_vary;
extern const char *const ms_vary_words[MS_VARIES + 1];

/* How a contingency that is drawn by chance differs from what contingencies.csv says: a triangular distribution. */
typedef struct {
    const char *contingency;
    ms_vary vary;
    double least, likely, most; /* days to add; a factor; a factor. likely: between both where the file gives none */
} ms_variation;

/* One file of the folder as read, kept so that a plan can carry its case and a changed file cannot slip in
 * between. */
typedef struct {
    const char *name; /* "lanes.csv" */
    char *bytes;
    size_t length;
} ms_case_file;

struct ms_case {
    const char *name, *currency;
    long start_day; /* days since 1970-01-01 */
    double days, period_hours, priority_ratio;
    bool fair;
    int period_count;   /* H = ceil(days * 24 / period_hours) */
    double period_days; /* period_hours / 24 */

#define MS_TABLE(type, plural) \
    type *plural;              \
    int32_t plural##_count
    MS_TABLE(ms_partner, partners);
    MS_TABLE(ms_site, sites);
    MS_TABLE(ms_item, items);
    MS_TABLE(ms_stock, stocks);
    MS_TABLE(ms_supply, supplies);
    MS_TABLE(ms_demand, demands);
    MS_TABLE(ms_force, forces);
    MS_TABLE(ms_factor, factors);
    MS_TABLE(ms_reserve, reserves);
    MS_TABLE(ms_lane, lanes);
    MS_TABLE(ms_fleet, fleets);
    MS_TABLE(ms_agreement, agreements);
    MS_TABLE(ms_substitute, substitutes);
    MS_TABLE(ms_duty, duties);
    MS_TABLE(ms_commitment, commitments);
    MS_TABLE(ms_contingency, contingencies);
    MS_TABLE(ms_event, events);
    MS_TABLE(ms_variation, variations);
#undef MS_TABLE

    ms_names partner_names, site_names, item_names, lane_names, fleet_names, agreement_names, demand_names,
        contingency_names;
    ms_case_file *files;
    int file_count;
    uint64_t digest; /* over names and bytes of the files in name order, and the ids of contingencies applied */

    /* Demands by site: site_demands[site_demand_start[n] .. site_demand_start[n + 1]) are those at site n,
     * ascending. */
    int32_t *site_demand_start, *site_demands;

    const char *const *applied_ids; /* contingencies applied, in order; the tables above stay those of the plain case */
    int32_t applied_count;
    struct ms_applied *applied;    /* what they change, NULL when nothing: read it by the functions below */
    struct ms_case_memory *memory; /* every array and text above, shared with the cases made from this one */
};

/* Reads a case from files in memory (of the format's names, each at most once), as ms_case_open does from
 * a folder. It takes over files and their bytes, from ms_alloc, also on failure; names must outlive the
 * case. */
MS_MUST_USE ms_status ms_case_read(ms_case **out, ms_case_file *files, int count, ms_findings *findings, ms_error *err);

/* The files of a case in memory. NULL is allowed. */
void ms_case_files_free(ms_case_file *files, int count);
/* The file of that name, or NULL. */
const ms_case_file *ms_case_files_find(const ms_case_file *files, int count, const char *name);
/* Copies of files, with those of changed in the place of the ones of the same names, or behind them. */
MS_MUST_USE ms_status ms_case_files_copy(ms_case_file **out, int *count, const ms_case_file *files, int file_count,
                                         const ms_case_file *changed, int changed_count, ms_error *err);

/* ---- small facts that several modules need; all pure ---- */

/* Share of period t (0..1) that the span [from_day, to_day) covers. */
double ms_case_overlap(const ms_case *kase, double from_day, double to_day, int t);
/* True when the start of period t lies within the span: how on-off things such as agreements hold. */
bool ms_case_holds(const ms_case *kase, double from_day, double to_day, int t);
/* Transit of a lane in whole periods, at least 1. */
int ms_case_transit_periods(const ms_case *kase, double transit_days);
/* Tonnes of one unit of an item. */
double ms_item_t_per_unit(const ms_item *item);
/* Duty rate that item pays on lane (0 when no border or no row; the first matching row in file order
 * counts). */
double ms_case_duty_rate(const ms_case *kase, int32_t lane_ix, int32_t item_ix);
/* The level that reserve must keep at the end of period t, in item units: its quantity, or the demand of
 * the days that follow (of its partner, at its site, for its item). Behind the horizon, open-ended demand
 * goes on at its rate and the rest has ended. */
double ms_case_reserve_level(const ms_case *kase, const ms_reserve *reserve, int t);

/* ---- what depends on time ----
 * Everything that a contingency can change is asked for here, period by period; on a plain case the answers are the
 * tables' own. All periods are whole: when `days` is no multiple of the period, the last one runs on to its end.
 * 0 <= t < period_count, except where noted. Pure; a few operations each, so they may stand in loops. */

/* Tonnes that may leave in period t; INFINITY: unlimited. */
double ms_case_lane_capacity_t(const ms_case *kase, int32_t lane_ix, int t);
/* Periods from departure in t to arrival, at least 1. t may be negative: already under way, never delayed. */
int ms_case_lane_transit(const ms_case *kase, int32_t lane_ix, int t);
/* Tonnes in plus out in period t; INFINITY: unlimited. A closed site handles nothing; issues from its
 * stock go on. */
double ms_case_handling_t(const ms_case *kase, int32_t site_ix, int t);
/* Tonnes that may lie at the site at the end of period t; INFINITY: unlimited. */
double ms_case_storage_t(const ms_case *kase, int32_t site_ix, int t);
/* Vehicles that exist in period t, perhaps a fraction. */
double ms_case_fleet_vehicles(const ms_case *kase, int32_t fleet_ix, int t);
/* Item units that come in, or are wanted, in period t. */
double ms_case_supply(const ms_case *kase, int32_t supply_ix, int t);
double ms_case_demand(const ms_case *kase, int32_t demand_ix, int t);
/* True when the agreement holds in period t: its own dates, and no contingency suspends it. */
bool ms_case_agreement_holds(const ms_case *kase, int32_t agreement_ix, int t);
/* True when it holds in every period. */
bool ms_case_agreement_always(const ms_case *kase, int32_t agreement_ix);
/* Share of the stock at the end of t - 1 (t = 0: of the opening stock) that is still there in t: 1 unless
 * a contingency takes some. */
double ms_case_carry(const ms_case *kase, int32_t site_ix, int32_t item_ix, int t);
/* As ms_case_duty_rate, with the contingencies of period t. */
double ms_case_duty_rate_at(const ms_case *kase, int32_t lane_ix, int32_t item_ix, int t);
/* Whether contingencies make duties differ from period to period, or stock be lost anywhere; most do neither, and then
 * nobody need ask for each period. */
bool ms_case_duties_vary(const ms_case *kase);
bool ms_case_loses_stock(const ms_case *kase);
/* Period in which a commitment departs (negative: already under way) and in which it arrives (may be
 * period_count or more: too late). */
int ms_case_commitment_departs(const ms_case *kase, int32_t commitment_ix);
int ms_case_commitment_arrives(const ms_case *kase, int32_t commitment_ix);
/* Share of a commitment's quantity that arrives: 1 unless its fleet loses vehicles while it is under way. */
double ms_case_commitment_share(const ms_case *kase, int32_t commitment_ix);

/* ---- contingencies, files ---- */

/* Index of a contingency by id, MS_NONE when there is none. */
int32_t ms_case_find_contingency(const ms_case *kase, const char *id);
/* *out becomes an independent case: kase with the contingencies named by ids applied in that order, behind
 * those already applied to it. Tables, indices and files are the same; the functions above answer
 * differently. Free both with ms_case_free, in any order, from any thread. An unknown id is MS_USAGE with
 * a "did you mean"; too many changed periods MS_LIMIT. */
MS_MUST_USE ms_status ms_case_apply(ms_case **out, const ms_case *kase, const char *const *ids, size_t count,
                                    ms_error *err);

/* The same for events that are no named contingency of the case (contingency_ix counts for nothing). Each must be one
 * that the reader would take: spans, amounts and patterns are not checked again. `events` may go afterwards. */
MS_MUST_USE ms_status ms_case_apply_events(ms_case **out, const ms_case *kase, const ms_event *events, size_t count,
                                           ms_error *err);

/* Adds the files of the case, as they were read, to folder; prefix ("case/" or "") comes before each name. */
MS_MUST_USE ms_status ms_case_write_files(const ms_case *kase, ms_folder_writer *folder, const char *prefix,
                                          ms_error *err);

#endif
