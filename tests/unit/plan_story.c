/* plan_story.c: tells, plans and checks tiny cases. See plan_story.h. */
#include "plan_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "case_text.h"

static const char base_case[] = "== case.json\n"
                                "{\"name\": \"story\", \"start\": \"2030-06-01\", \"days\": 4}\n"
                                "== partners.csv\n"
                                "partner\nblue\ngreen\n"
                                "== sites.csv\n"
                                "site,partner,kind\na,,depot\nb,,unit\nc,,unit\nd,,unit\n"
                                "== items.csv\n"
                                "item,class,unit,kg_per_unit\nfuel,III,t,1000\nwater,water,t,1000\n";

int story_folder_make(void **state)
{
    const char *place = getenv("TMPDIR");
    char name[4096];
    snprintf(name, sizeof name, "%s/mainstay-test-XXXXXX", place == NULL ? "/tmp" : place);
    if (mkdtemp(name) == NULL || chdir(name) != 0)
        return -1;
    *state = strdup(name);
    return *state == NULL ? -1 : 0;
}

int story_folder_remove(void **state)
{
    char command[4200];
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    free(*state);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void fail_with(const ms_findings *findings, const ms_error *err, const char *what)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == MS_FINDING_ERROR)
            print_message("  %s:%d:%d: %s\n", findings->items[i].file, findings->items[i].line,
                          findings->items[i].column, findings->items[i].message);
    fail_msg("%s: %s", what, err->message);
}

ms_case *story_case(const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (case_text_read(&kase, text, strlen(text), base_case, &findings, &err) != MS_OK)
        fail_with(&findings, &err, "the story's case");
    ms_findings_free(&findings);
    return kase;
}

void story_check(const ms_case *kase, const ms_plan *plan, const char *name)
{
    ms_findings findings = {0};
    ms_error err = {0};
    if (ms_plan_write(plan, name, true, &err) != MS_OK)
        fail_msg("writing %s: %s", name, err.message);
    if (ms_check_plan(kase, name, &findings, NULL, &err) != MS_OK)
        fail_with(&findings, &err, name);
    ms_findings_free(&findings);
}

void story_tell_by(story *of, const char *text, const ms_plan_options *options)
{
    ms_error err = {0};
    *of = (story){.kase = story_case(text)};
    if (ms_plan_make(&of->plan, of->kase, options, &err) != MS_OK)
        fail_msg("planning: %s", err.message);
    story_check(of->kase, of->plan, "plan");
    of->bound = ms_plan_bound(of->plan);
}

/* Plans again by another engine: a valid plan with a valid bound, and not further from the best than `apart`. */
static void tell_again(const story *of, ms_plan_options options, ms_engine engine, double gap, double apart)
{
    ms_error err = {0};
    ms_plan *plan = NULL;
    double objective = ms_plan_objective(of->plan);
    options.engine = engine;
    options.gap = gap;
    if (ms_plan_make(&plan, of->kase, &options, &err) != MS_OK)
        fail_msg("planning by engine %d: %s", engine, err.message);
    story_check(of->kase, plan, "again");
    /* a gram over a limit counts as within it (docs/model.md, Rounding) */
    if (ms_plan_objective(plan) < of->bound - 2e-6 * (1 + of->bound) ||
        ms_plan_bound(plan) > objective + 1e-9 * (1 + objective) ||
        ms_plan_objective(plan) - ms_plan_bound(plan) > apart * (1 + fabs(objective)))
        fail_msg("engine %d has %.9g with bound %.9g, the best is %.9g to %.9g", engine, ms_plan_objective(plan),
                 ms_plan_bound(plan), of->bound, objective);
    ms_plan_free(plan);
}

void story_tell_when(story *of, const char *text, const char *contingency)
{
    ms_plan_options options = {
        .engine = MS_ENGINE_LP, .gap = 1e-7, .contingencies = &contingency, .contingency_count = contingency != NULL};
    story_tell_by(of, text, &options);
    if (ms_plan_stopped(of->plan) || ms_plan_gap(of->plan) > 1e-6)
        fail_msg("not proven: objective %.9f, bound %.9f", ms_plan_objective(of->plan), of->bound);
    tell_again(of, options, MS_ENGINE_GREEDY, 1e-7, INFINITY);
    tell_again(of, options, MS_ENGINE_PRIMAL_DUAL, 1e-5, 1e-3);
}

void story_tell(story *of, const char *text)
{
    story_tell_when(of, text, NULL);
}

void story_close(story *of)
{
    ms_plan_free(of->plan);
    ms_case_free(of->kase);
    *of = (story){0};
}

static int32_t find(const ms_names *names, const char *id)
{
    int32_t ix = ms_names_find(names, id, strlen(id));
    if (ix < 0)
        fail_msg("the story has no %s", id);
    return ix;
}

static double short_of(const story *of, ms_short_kind kind, int32_t row_ix, int period)
{
    for (size_t i = 0; i < of->plan->shortfall_count; i++) {
        const ms_shortfall *each = &of->plan->shortfalls[i];
        if (each->kind == kind && each->row_ix == row_ix && (period < 0 || each->period == period))
            return each->quantity;
    }
    return 0;
}

double story_short(const story *of, const char *demand, int period)
{
    return short_of(of, MS_SHORT_DEMAND, find(&of->kase->demand_names, demand), period);
}

double story_below(const story *of, int reserve_row, int period)
{
    return short_of(of, MS_SHORT_RESERVE, reserve_row, period);
}

double story_broken(const story *of, int commitment_row)
{
    return short_of(of, MS_SHORT_COMMITMENT, commitment_row, -1);
}

double story_moved(const story *of, const char *lane, int depart)
{
    int32_t lane_ix = find(&of->kase->lane_names, lane);
    double sum = 0;
    for (size_t i = 0; i < of->plan->movement_count; i++) {
        const ms_movement *each = &of->plan->movements[i];
        if (each->lane_ix == lane_ix && each->depart == depart && each->commitment_ix < 0)
            sum += each->quantity;
    }
    return sum;
}

double story_issued(const story *of, const char *demand, int period, const char *item)
{
    int32_t demand_ix = find(&of->kase->demand_names, demand), item_ix = find(&of->kase->item_names, item);
    double sum = 0;
    for (size_t i = 0; i < of->plan->issue_count; i++) {
        const ms_issue *each = &of->plan->issues[i];
        if (each->demand_ix == demand_ix && each->period == period && each->item_ix == item_ix)
            sum += each->quantity;
    }
    return sum;
}

double story_given(const story *of, const char *agreement)
{
    int32_t ix = find(&of->kase->agreement_names, agreement);
    double sum = 0;
    for (size_t i = 0; i < of->plan->issue_count; i++)
        if (of->plan->issues[i].agreement_ix == ix)
            sum += of->plan->issues[i].quantity;
    for (size_t i = 0; i < of->plan->movement_count; i++) {
        const ms_movement *each = &of->plan->movements[i];
        if (each->lift_ix == ix || each->fleet_lift_ix == ix || each->site_ix == ix)
            sum += each->quantity;
    }
    return sum;
}

double story_stock(const story *of, const char *site, const char *item, const char *owner, int period)
{
    double levels[64], opening = 0;
    int32_t owner_ix = owner == NULL ? MS_NONE : find(&of->kase->partner_names, owner);
    assert_true(of->kase->period_count <= 64);
    ms_plan_stock(of->plan, find(&of->kase->site_names, site), find(&of->kase->item_names, item), owner_ix, &opening,
                  levels);
    return period < 0 ? opening : levels[period];
}

double story_price(const story *of, int label, int row, int period)
{
    for (size_t i = 0; i < of->plan->price_count; i++) {
        const ms_price *each = &of->plan->prices[i];
        if (each->label == label && each->row_ix == row && each->period == period)
            return each->price;
    }
    return 0;
}

void story_near(double found, double wanted, const char *what, const char *file, int line)
{
    if (!(fabs(found - wanted) <= 1e-6 * (fabs(wanted) < 1 ? 1 : fabs(wanted)))) {
        print_message("%s:%d: %s is %.9f, not %.9f\n", file, line, what, found, wanted);
        fail();
    }
}
