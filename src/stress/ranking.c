/* ranking.c: see ranking.h. */
#include "stress/ranking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "stress/job.h"

static const double BASE_GAP_SHARE = 0.1; /* of what is asked of each result: the base is in all of them */
enum { PAIRS_DEFAULT = 10, WORST_DEFAULT = 2 };

typedef struct {
    ms_ranking *ranking;
    const ms_rank_options *options;
    const ms_stress_options *how;
    ms_base *base;
    ms_pool *pool;
    ms_set_solver solver;
    ms_damage damage;
    double *loss; /* of the base plan */
    double deadline;
    unsigned whats;    /* bits 1 << ms_what */
    int round;         /* of the search: names its stages */
    const ms_set *now; /* sets of the stage at hand */
    ms_error *err;
} ranker;

/* ---- what is asked ---- */

static ms_status bad_what(const char *word, size_t length, ms_error *err)
{
    static const ms_what whats[] = {MS_WHAT_SITE, MS_WHAT_LANE, MS_WHAT_FLEET, MS_WHAT_PARTNER};
    char text[64];
    ms_utf8_copy(text, sizeof text, word, length);
    for (size_t i = 0; i < sizeof whats / sizeof *whats; i++)
        if (ms_text_distance(text, ms_what_words[whats[i]], 2) <= 2)
            return ms_error_set(err, MS_USAGE, "\"%s\" cannot fail by itself; did you mean \"%s\"?", text,
                                ms_what_words[whats[i]]);
    return ms_error_set(err, MS_USAGE, "\"%s\" cannot fail by itself; what can is site, lane, fleet and partner", text);
}

ms_status ms_rank_whats(unsigned *out, const char *text, ms_error *err)
{
    static const unsigned all = 1u << MS_WHAT_SITE | 1u << MS_WHAT_LANE | 1u << MS_WHAT_FLEET | 1u << MS_WHAT_PARTNER;
    unsigned whats = 0;
    for (const char *at = text != NULL && text[0] != '\0' ? text : NULL; at != NULL;
         at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        size_t length = strcspn(at, ",");
        unsigned bit = 0;
        for (int what = 0; what < MS_WHATS; what++)
            if (all & 1u << what && strlen(ms_what_words[what]) == length &&
                memcmp(at, ms_what_words[what], length) == 0)
                bit = 1u << what;
        if (bit == 0)
            return bad_what(at, length, err);
        whats |= bit;
    }
    *out = whats == 0 ? all : whats;
    return MS_OK;
}

static ms_status list_failures(ranker *r, const ms_case *kase)
{
    const ms_rank_options *options = r->options;
    double to_day = options->for_days > 0 ? options->from_day + options->for_days : INFINITY;
    if (!(options->from_day >= 0) || options->from_day >= kase->days) {
        char days[MS_NUMBER_BYTES];
        return ms_error_set(r->err, MS_USAGE, "nothing can close from that day on: the case has days 0 to %s",
                            ms_number_text(days, kase->days));
    }
    MS_TRY(ms_rank_whats(&r->whats, options->what, r->err));
    MS_TRY(ms_failures_list(&r->ranking->failures, kase, r->whats, options->from_day, to_day, r->err));
    if (r->ranking->failures.count == 0)
        return ms_error_set(r->err, MS_USAGE, "the case has nothing of what is to fail");
    return MS_OK;
}

static int asked_count(const ms_rank_options *options)
{
    int fallback = options->mode == MS_RANK_PAIRS ? PAIRS_DEFAULT : WORST_DEFAULT;
    return options->count > 0 ? options->count : fallback;
}

/* ---- the pool ---- */

/* Says no when the time is up, besides when the caller does; the pool then stops on all ranks alike. */
static bool may_go_on(void *context, const char *stage, double done, double eta_seconds)
{
    const ranker *r = context;
    if (r->deadline > 0 && ms_clock_seconds() > r->deadline)
        return false;
    return !r->how->progress || r->how->progress(r->how->progress_context, stage, done, eta_seconds);
}

/* What is computed, so that a checkpoint of something else is refused. */
static ms_stress_job describe_job(const ranker *r)
{
    static const char *const modes[] = {"each", "pairs", "worst"};
    const ms_failures *failures = &r->ranking->failures;
    ms_stress_job job = {.gap = r->ranking->gap,
                         .from_day = failures->from_day,
                         .for_days = r->options->for_days > 0 ? r->options->for_days : 0,
                         .count = r->options->mode == MS_RANK_EACH ? 0 : asked_count(r->options)};
    snprintf(job.mode, sizeof job.mode, "%s", modes[r->options->mode]);
    size_t length = 0;
    for (int what = 0; what < MS_WHATS; what++)
        if (r->whats & 1u << what)
            length += (size_t)snprintf(job.what + length, sizeof job.what - length, "%s%s", length > 0 ? "," : "",
                                       ms_what_words[what]);
    return job;
}

static ms_status open_pool(ranker *r)
{
    ms_buf job = {0};
    const ms_stress_job work = describe_job(r);
    ms_status status = ms_job_write(&job, r->ranking->kase, &work, r->err);
    ms_pool_options options = ms_pool_options_of(r->how, job.text);
    options.progress = may_go_on;
    options.progress_context = r;
    if (status == MS_OK)
        status = ms_pool_open(&r->pool, &options, r->err);
    ms_buf_free(&job);
    return status;
}

static ms_status run_stage(ranker *r, const ms_set *sets, size_t count, const ms_set_stage *stage)
{
    ms_pool_end end = {0};
    if (count == 0)
        return MS_OK;
    r->now = sets;
    MS_TRY(ms_sets_solve(&end, &r->solver, sets, count, stage, r->err));
    r->ranking->stopped = r->ranking->stopped || end.stopped;
    r->ranking->partial = r->ranking->partial || end.partial;
    return MS_OK;
}

static bool goes_on(const ranker *r)
{
    return !r->ranking->stopped && !r->ranking->partial;
}

/* ---- the base, and each failure ---- */

static ms_status make_base(ranker *r, const ms_case *kase)
{
    const ms_base_options options = {.gap = r->ranking->gap * BASE_GAP_SHARE,
                                     .threads = r->how->threads,
                                     .progress = may_go_on,
                                     .progress_context = r};
    ms_ranking *ranking = r->ranking;
    MS_TRY(ms_base_make(&r->base, kase, &options, r->err));
    const ms_side *side = &r->base->together;
    ranking->base_objective = side->solution.settled.objective;
    ranking->base_bound = side->solution.bound;
    ranking->base_gap = ms_solution_gap(&side->solution);
    ranking->weights = side->net->weights;
    r->loss = ms_alloc((size_t)ranking->failures.count, sizeof *r->loss);
    if (r->loss == NULL)
        return ms_error_memory(r->err);
    r->solver = (ms_set_solver){r->base, &ranking->failures, r->pool};
    return ms_loss_find(r->loss, side->net, &side->solution.settled, &ranking->failures, r->err);
}

static void weigh(ms_ranked *ranked, const ms_ranking *ranking)
{
    double days = ms_failures_days(&ranking->failures);
    ranked->chance = NAN;
    if (ranked->harmless) {
        ranked->most = fmax(0, ranking->base_objective - ranking->base_bound);
    } else {
        ranked->added = fmax(0, ranked->outcome.added);
        ranked->least = fmin(fmax(0, ranked->outcome.added_least), ranked->added);
        ranked->most = fmax(ranked->added, ranked->outcome.added_most);
    }
    if (ranked->set.size == 1)
        ranked->chance = ms_failure_chance(&ranking->failures, ranked->set.items[0]);
    ranked->exposure = ranked->added * (isnan(ranked->chance) ? 1 / fmax(days, 1e-9) : ranked->chance);
}

/* A solved failure goes into the list, and into what is known for the search. */
static ms_status take_single(void *context, size_t ix, ms_outcome *outcome, const double *loss, ms_error *err)
{
    ranker *r = context;
    ms_ranking *ranking = r->ranking;
    const ms_set *set = &r->now[ix];
    ranking->interval_count += outcome->how == MS_HOW_INTERVAL;
    ranking->solved_count++;
    ranking->single_added[set->items[0]] = fmax(0, outcome->added);
    ms_status status = loss ? ms_damage_add(&r->damage, set, outcome->objective, outcome->bound, loss, err) : MS_OK;
    if (status != MS_OK || r->options->mode != MS_RANK_EACH) {
        ms_outcome_free(outcome);
        return status;
    }
    ranking->items[ranking->count] = (ms_ranked){.set = *set, .told = true, .outcome = *outcome};
    weigh(&ranking->items[ranking->count++], ranking);
    return MS_OK;
}

/* Lists the harmless ones, too, behind those that were solved. */
static void list_harmless(ranker *r)
{
    ms_ranking *ranking = r->ranking;
    for (int32_t f = 0; f < ranking->failures.count; f++) {
        if (r->loss[f] > 0)
            continue;
        ranking->harmless_count++;
        ranking->single_added[f] = 0;
        if (r->options->mode != MS_RANK_EACH)
            continue;
        ms_ranked *item = &ranking->items[ranking->count++];
        *item = (ms_ranked){.set = {.items = {f}, .size = 1}, .harmless = true};
        weigh(item, ranking);
    }
}

static ms_status rank_singles(ranker *r)
{
    ms_ranking *ranking = r->ranking;
    size_t failures = (size_t)ranking->failures.count, count = 0;
    ms_set *sets = ms_alloc(failures, sizeof *sets);
    ranking->items = ms_alloc(failures, sizeof *ranking->items);
    ranking->single_added = ms_alloc(failures, sizeof *ranking->single_added);
    if (!sets || !ranking->items || !ranking->single_added) {
        ms_free(sets);
        return ms_error_memory(r->err);
    }
    for (int32_t f = 0; f < ranking->failures.count; f++) {
        ranking->single_added[f] = NAN;
        if (r->loss[f] > 0)
            sets[count++] = (ms_set){.items = {f}, .size = 1};
    }
    const ms_set_stage stage = {.stage = "each",
                                .precision = {.gap = ranking->gap},
                                .losses = r->options->mode != MS_RANK_EACH,
                                .take = take_single,
                                .context = r};
    ms_status status = run_stage(r, sets, count, &stage);
    if (status == MS_OK)
        list_harmless(r);
    ms_free(sets);
    return status;
}

/* ---- pairs and sets ---- */

static ms_status take_ceiling(void *context, size_t ix, ms_outcome *outcome, const double *loss, ms_error *err)
{
    ranker *r = context;
    (void)ix, (void)loss, (void)err;
    ms_damage_start(&r->damage, r->ranking->failures.count, outcome->objective);
    ms_outcome_free(outcome);
    return MS_OK;
}

/* With everything closed: no set comes to more. */
static ms_status find_ceiling(ranker *r)
{
    const ms_set none = {.size = 0};
    const ms_set_stage stage = {.stage = "everything",
                                .precision = {.gap = r->ranking->gap},
                                .everything = true,
                                .take = take_ceiling,
                                .context = r};
    ms_damage_start(&r->damage, r->ranking->failures.count, INFINITY);
    MS_TRY(run_stage(r, &none, 1, &stage));
    return ms_damage_add(&r->damage, &none, r->ranking->base_objective, r->ranking->base_bound, r->loss, r->err);
}

static ms_status take_set(void *context, size_t ix, ms_outcome *outcome, const double *loss, ms_error *err)
{
    ranker *r = context;
    ms_status status = ms_damage_add(&r->damage, &r->now[ix], outcome->objective, outcome->bound, loss, err);
    ms_outcome_free(outcome);
    return status;
}

static ms_status solve_sets(bool *stopped, void *context, const ms_set *sets, size_t count, double enough,
                            ms_error *err)
{
    ranker *r = context;
    char name[32];
    (void)err; /* r->err is the same */
    snprintf(name, sizeof name, "%s-%d", r->options->mode == MS_RANK_PAIRS ? "pairs" : "sets", ++r->round);
    const ms_set_stage stage = {
        .stage = name,
        .precision = {.gap = r->ranking->gap, .harmless = fmax(0, enough - r->ranking->base_bound)},
        .losses = true,
        .take = take_set,
        .context = r};
    MS_TRY(run_stage(r, sets, count, &stage));
    *stopped = !goes_on(r);
    return MS_OK;
}

static ms_status take_listed(void *context, size_t ix, ms_outcome *outcome, const double *loss, ms_error *err)
{
    ranker *r = context;
    (void)loss, (void)err;
    ms_ranked *item = &r->ranking->items[ix];
    double least = item->least, most = item->most;
    item->outcome = *outcome;
    item->told = true;
    weigh(item, r->ranking);
    item->least = fmin(fmax(item->least, least), item->added);
    item->most = fmax(fmin(item->most, most), item->added);
    return MS_OK;
}

/* Solves what is listed for what is told of it. The time may be up; these few are solved all the same, unless the
 * caller does not want to wait. */
static ms_status tell_sets(ranker *r, const ms_worst_sets *found)
{
    ms_ranking *ranking = r->ranking;
    ms_set *sets = ms_alloc(found->count, sizeof *sets);
    ms_ranked *items = ms_alloc(found->count, sizeof *items);
    if (!sets || !items) {
        ms_free(sets);
        ms_free(items);
        return ms_error_memory(r->err);
    }
    ms_free(ranking->items);
    ranking->items = items;
    ranking->count = found->count;
    for (size_t i = 0; i < found->count; i++) {
        ms_ranked *item = &items[i];
        sets[i] = item->set = found->items[i].set;
        item->chance = item->exposure = NAN;
        item->least = item->added = fmax(0, found->items[i].least - ranking->base_objective);
        item->most = fmax(item->least, found->items[i].most - ranking->base_bound);
    }
    const ms_set_stage stage = {.stage = "tell", .precision = {.gap = ranking->gap}, .take = take_listed, .context = r};
    r->deadline = 0;
    ms_status status = run_stage(r, sets, found->count, &stage);
    ms_free(sets);
    return status;
}

static ms_status search_sets(ranker *r)
{
    ms_ranking *ranking = r->ranking;
    const ms_search search = {&r->damage, ranking->gap, solve_sets, r};
    int count = asked_count(r->options);
    ms_worst_sets found;
    if (r->options->mode == MS_RANK_PAIRS)
        MS_TRY(ms_search_pairs(&found, &search, (size_t)count, r->err));
    else
        MS_TRY(ms_search_worst(&found, &search, count, r->err));
    ranking->set_count = found.set_count;
    ranking->searched_count = (double)found.solved_count;
    ranking->others_most = fmax(0, found.others_most - ranking->base_bound);
    ms_status status = tell_sets(r, &found);
    ms_worst_sets_free(&found);
    return status;
}

/* ---- all of it ---- */

static int worse_first(const void *left, const void *right)
{
    const ms_ranked *a = left, *b = right;
    if (a->added != b->added)
        return a->added > b->added ? -1 : 1;
    if (a->harmless != b->harmless)
        return a->harmless ? 1 : -1;
    return (a->set.items[0] > b->set.items[0]) - (a->set.items[0] < b->set.items[0]);
}

static ms_status make(ranker *r, const ms_case *kase)
{
    const ms_rank_options *options = r->options;
    if (options->mode == MS_RANK_WORST && (asked_count(options) < 2 || asked_count(options) > MS_SET_MOST))
        return ms_error_set(r->err, MS_USAGE, "2 to %d failures at once can be looked for", MS_SET_MOST);
    MS_TRY(list_failures(r, kase));
    MS_TRY(open_pool(r));
    MS_TRY(make_base(r, kase));
    if (options->mode != MS_RANK_EACH)
        MS_TRY(find_ceiling(r));
    if (goes_on(r))
        MS_TRY(rank_singles(r));
    if (options->mode == MS_RANK_EACH)
        qsort(r->ranking->items, r->ranking->count, sizeof *r->ranking->items, worse_first);
    else if (goes_on(r))
        MS_TRY(search_sets(r));
    return MS_OK;
}

ms_status ms_rank_make(ms_ranking **out, const ms_case *kase, const ms_rank_options *options,
                       const ms_stress_options *how, ms_error *err)
{
    ranker r = {.options = options, .how = how, .err = err};
    const double gap_default = MS_STRESS_GAP;
    r.ranking = ms_alloc(1, sizeof *r.ranking);
    if (r.ranking == NULL)
        return ms_error_memory(err);
    r.deadline = r.options->time_limit > 0 ? ms_clock_seconds() + r.options->time_limit : 0;
    *r.ranking = (ms_ranking){.kase = kase, .mode = r.options->mode};
    r.ranking->gap = how->gap > 0 ? how->gap : gap_default;
    ms_status status = make(&r, kase), closed = r.pool ? ms_pool_close(r.pool, status == MS_OK ? err : NULL) : MS_OK;
    status = status == MS_OK ? closed : status;
    ms_damage_free(&r.damage);
    ms_free(r.loss);
    ms_base_free(r.base);
    if (status == MS_OK)
        *out = r.ranking;
    else
        ms_ranking_free(r.ranking);
    return status;
}

void ms_ranking_free(ms_ranking *ranking)
{
    if (ranking == NULL)
        return;
    for (size_t i = 0; i < ranking->count; i++)
        ms_outcome_free(&ranking->items[i].outcome);
    ms_free(ranking->items);
    ms_free(ranking->single_added);
    ms_failures_free(&ranking->failures);
    ms_free(ranking);
}

bool ms_ranking_stopped(const ms_ranking *ranking)
{
    return ranking->stopped;
}

bool ms_ranking_partial(const ms_ranking *ranking)
{
    return ranking->partial;
}
