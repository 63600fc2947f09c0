/* stress.h: many variations of one case, each held against the base plan.
 *
 * A scenario is a list of named contingencies of the case and loose events. The base is the plain case solved once: its
 * prices prove a lower bound for every scenario by one sweep, its flow, repaired on the changed network, gives a plan;
 * only where that interval is wider than asked does the engine go on from there. What comes out is an outcome. All
 * objectives are in the weights of the base, so that they can be compared.
 *
 * A base is immutable once made and shared by threads; a worker belongs to one thread. An outcome depends on base,
 * scenario and precision alone: not on the worker, nor on what it solved before.
 *
 * Cost of a scenario: applying it and laying it out, a sweep and a repair; then, where needed, iterations that read
 * each column once. Memory of a worker: one network and one state of the engine.
 */
#ifndef MS_STRESS_STRESS_H
#define MS_STRESS_STRESS_H

#include "base/json.h"
#include "plan/engine.h"

/* ---- what may happen ---- */

typedef struct {
    const char *name;              /* for people; part of the outcome */
    const int32_t *contingency_ix; /* of the case, in this order */
    size_t contingency_count;
    const ms_event *events; /* loose ones, behind them; each one that the reader would take */
    size_t event_count;
} ms_scenario;

/* The case with the scenario applied, behind what is already applied to it; free with ms_case_free. */
MS_MUST_USE ms_status ms_scenario_apply(ms_case **out, const ms_case *kase, const ms_scenario *scenario, ms_error *err);
/* The day on which its first event begins; INFINITY without events. */
double ms_scenario_from_day(const ms_case *kase, const ms_scenario *scenario);

/* ---- how exact ---- */

#define MS_STRESS_GAP 0.01

typedef struct {
    double gap;           /* enough when objective - bound <= gap x objective; 0: MS_STRESS_GAP */
    double harmless;      /* weighted tonnes: also enough once at most this is proven to be added; 0: never */
    double deadline;      /* on ms_clock_seconds; 0 none */
    bool alone;           /* also what each partner alone would suffer; the base must have it too */
    bool tidy;            /* few movements, for plans that people read */
    ms_progress progress; /* NULL, or asked now and then; false: give up */
    void *progress_context;
} ms_precision;

/* ---- what falls short in one plan ---- */

/* Tonnes by priority, [priority - 1]. */
typedef struct {
    double short_t[MS_PRIORITY_COUNT];     /* demand never met within the horizon */
    double late_t_days[MS_PRIORITY_COUNT]; /* of items that allow backorder: owed, tonnes x days */
} ms_harm;

/* out: [partners + 1], by the partner that goes short, the last row nobody's. */
void ms_harm_count(ms_harm *out, const ms_network *net, const ms_settled *settled);

/* One demand that falls short by more than MS_FAILING_SHARE of what it wants. */
typedef struct {
    int32_t demand_ix;
    double short_t, added_t; /* in the scenario; more than in the base, perhaps less than 0 */
} ms_failing;
#define MS_FAILING_SHARE 0.01

/* ---- the base ---- */

typedef enum {
    MS_HOW_INTERVAL, /* base prices and the repaired base plan were enough */
    MS_HOW_ITERATED, /* the engine went on from there */
    MS_HOW_EXACT,    /* a linear program */
    MS_HOWS
} ms_how;

/* A solved network: combined, or of a partner alone. */
typedef struct {
    ms_network *net;
    ms_solution solution;
    ms_how how;
    bool reached;   /* what was asked */
    double balance; /* of the engine's steps, where it ended */
    ms_flow flow;   /* base only: the settled flow in tonnes, from which repairs start */
} ms_side;

void ms_side_free(ms_side *side);

typedef struct {
    const ms_case *kase;
    double gap; /* asked for */
    ms_side together;
    ms_side *alone; /* [partners]; NULL when not asked for */
} ms_base;

typedef struct {
    double gap; /* of the base; 0: a tenth of MS_STRESS_GAP */
    bool alone;
    int threads; /* for the base itself; 0: one a processor */
    ms_progress progress;
    void *progress_context;
} ms_base_options;

/* kase must outlive it; options NULL means defaults. MS_LIMIT when progress stopped it. Free with ms_base_free. */
MS_MUST_USE ms_status ms_base_make(ms_base **out, const ms_case *kase, const ms_base_options *options, ms_error *err);
void ms_base_free(ms_base *base); /* NULL is allowed */

/* ---- one scenario ---- */

typedef struct {
    char *name;
    double objective, bound, gap;          /* of the scenario */
    double added, added_least, added_most; /* objective over the base's: of the plans, and the proven interval */
    double added_short;                    /* the shortfall part of it, weighted tonnes */
    ms_how how;
    long long iterations;
    bool reached;                    /* gap or harmless was reached */
    int32_t partner_count;           /* P */
    ms_harm *harm, *added_harm;      /* [P + 1]: by partner, the last nobody's; what is more than in the base */
    ms_harm *alone, *added_alone;    /* [P]: each partner by itself; NULL when not asked for */
    double reserve_t_days, broken_t; /* below reserves; commitments not kept */
    double from_day;                 /* of the scenario's first event */
    double first_day;                /* first day on which more falls short than in the base; NAN: none */
    double survive_days;             /* first_day - from_day; INFINITY: to the end */
    double recovery_day;             /* from when on no more falls short; NAN: not by the end, or none ever did */
    int32_t dry_demand_ix;           /* the demand that runs dry first (its site and item); MS_NONE */
    ms_failing *failing;             /* by demand */
    size_t failing_count;
} ms_outcome;

void ms_outcome_free(ms_outcome *outcome);
/* One line of JSON without its newline, and back to the last bit. Reading is strict: MS_BAD_INPUT says what is wrong.
 */
MS_MUST_USE ms_status ms_outcome_write(ms_buf *out, const ms_outcome *outcome, ms_error *err);
MS_MUST_USE ms_status ms_outcome_read(ms_outcome *out, const ms_case *kase, const char *text, size_t length,
                                      ms_error *err);
/* From JSON that is read already. */
MS_MUST_USE ms_status ms_outcome_from_json(ms_outcome *out, const ms_case *kase, const json_t *object, ms_error *err);

typedef struct ms_stress_worker ms_stress_worker;
MS_MUST_USE ms_status ms_stress_worker_make(ms_stress_worker **out, const ms_base *base, ms_error *err);
void ms_stress_worker_free(ms_stress_worker *worker); /* NULL is allowed */

/* Free *out with ms_outcome_free. MS_LIMIT when progress stopped it; at the deadline the best so far, not reached. */
MS_MUST_USE ms_status ms_stress_solve(ms_outcome *out, ms_stress_worker *worker, const ms_scenario *scenario,
                                      const ms_precision *precision, ms_error *err);

/* Only the interval: a bound from the base's prices by one sweep, and what the base's flow, repaired, costs. */
MS_MUST_USE ms_status ms_stress_interval(double *bound, double *objective, ms_stress_worker *worker,
                                         const ms_scenario *scenario, ms_error *err);

/* The scenario solved last, until the next one: for lanes gained and lost, prices, reasons. */
const ms_case *ms_stress_worker_case(const ms_stress_worker *worker);
const ms_side *ms_stress_worker_side(const ms_stress_worker *worker);

#endif
