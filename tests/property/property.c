/* property.c: random small cases against other solvers, the check by a stranger, and each other.
 *
 *     property [--seed N] [--from N] [--count N] [--features a,b] [--keep FOLDER]
 *
 * For each seed a case is drawn (tests/random_case.h), planned, checked (C1 to C10, objective, bound), solved
 * as an LP file by GLPK and Clp, and changed in ways whose effect is known. One line for each breach, with
 * the command that repeats it; the last line is `N passed, N failed`. --keep leaves all files there. A seed
 * takes about a tenth of a second.
 */
#include "tests/property/property.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long passed, failed;

static bool fail_with(char why[WHY_BYTES], const char *what, const ms_error *err)
{
    if (err->file[0] != '\0')
        snprintf(why, WHY_BYTES, "%s: %s:%d:%d: %s", what, err->file, err->line, err->column, err->message);
    else
        snprintf(why, WHY_BYTES, "%s: %s", what, err->message);
    return false;
}

static bool open_case(ms_case **out, const char *path, char why[WHY_BYTES])
{
    ms_findings findings = {0};
    ms_error err = {0};
    ms_status status = ms_case_open(out, path, &findings, &err);
    ms_findings_free(&findings);
    return status == MS_OK || fail_with(why, "the case does not open", &err);
}

static bool check_plan(const ms_case *kase, const char *path, char why[WHY_BYTES])
{
    ms_findings findings = {0};
    ms_error err = {0};
    ms_status status = ms_check_plan(kase, path, &findings, NULL, &err);
    if (status != MS_OK && findings.count > 0)
        snprintf(why, WHY_BYTES, "check finds %zu breaches: %s:%d: %s", findings.error_count, findings.items[0].file,
                 findings.items[0].line, findings.items[0].message);
    else if (status != MS_OK)
        fail_with(why, "check fails", &err);
    ms_findings_free(&findings);
    return status == MS_OK;
}

static bool plan_so(outcome *out, const trial_ground *place, const random_case *rc, const char *name,
                    const ms_plan_options *how, char why[WHY_BYTES])
{
    char case_path[2 * PATH_BYTES], plan_path[2 * PATH_BYTES];
    snprintf(case_path, sizeof case_path, "%s/%s.case", place->folder, name);
    snprintf(plan_path, sizeof plan_path, "%s/%s.plan", place->folder, name);
    ms_error err = {0};
    if (random_case_write(case_path, rc, &err) != MS_OK)
        return fail_with(why, "the case cannot be written", &err);
    ms_case *kase = NULL;
    ms_plan *plan = NULL;
    bool ok = open_case(&kase, case_path, why);
    ms_plan_options options = *how;
    if (place->events && rc->event_count > 0) {
        options.contingencies = &random_case_contingency;
        options.contingency_count = 1;
    }
    if (ok && ms_plan_make(&plan, kase, &options, &err) != MS_OK)
        ok = fail_with(why, "no plan", &err);
    if (ok && ms_plan_write(plan, plan_path, false, &err) != MS_OK)
        ok = fail_with(why, "the plan cannot be written", &err);
    ok = ok && check_plan(kase, plan_path, why);
    if (ok)
        *out = (outcome){ms_plan_objective(plan), ms_plan_bound(plan)};
    ms_plan_free(plan);
    ms_case_free(kase);
    return ok;
}

bool plan_case(outcome *out, const trial_ground *place, const random_case *rc, const char *name, ms_engine engine,
               const char *write_lp, bool alone, char why[WHY_BYTES])
{
    const ms_plan_options how = {.engine = engine, .gap = 1e-9, .write_lp = write_lp, .alone = alone};
    return plan_so(out, place, rc, name, &how, why);
}

/* ---- properties ---- */

typedef struct {
    uint64_t seed;
    const trial_ground *place;
    const random_case *rc;
    outcome base;
    ms_random random;
} trial;

static bool near(double a, double b, double share, double most_apart)
{
    double most = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    return fabs(a - b) <= share * (most > 1 ? most : 1) + most_apart;
}

static bool is(double wanted, double found, double share, const char *what, char why[WHY_BYTES])
{
    if (!near(wanted, found, share, 0))
        snprintf(why, WHY_BYTES, "%s: %.12g, not %.12g", what, found, wanted);
    return near(wanted, found, share, 0);
}

/* What rounding to quanta (at most 1e-7 t, docs/model.md, Rounding) may cost: a quantum of the dearest
 * shortfall for each need and period. */
static double rounding(const random_case *rc)
{
    bool used[MS_PRIORITY_COUNT + 1] = {false};
    int ranks = 0;
    double criticality = 0, periods = ceil(rc->days * 24 / rc->period_hours);
    for (int i = 0; i < rc->demand_count; i++)
        used[rc->demands[i].priority] = true;
    for (int i = 0; i < rc->reserve_count; i++)
        used[rc->reserves[i].priority] = true;
    for (int i = 0; i < rc->force_count; i++)
        used[rc->forces[i].priority] = true;
    for (int i = 0; i <= MS_PRIORITY_COUNT; i++)
        ranks += used[i];
    for (int i = 0; i < rc->item_count; i++)
        criticality = fmax(criticality, rc->items[i].criticality);
    double dearest = fmin(pow(rc->ratio, ranks - 1), 1e8) * (rc->commitment_count > 0 ? rc->ratio : 1) * criticality;
    double needs = rc->demand_count + rc->reserve_count + rc->force_count * rc->factor_count + rc->commitment_count;
    return 1e-7 * dearest * needs * periods;
}

static bool meets_bound(trial *tr, char why[WHY_BYTES])
{
    if (near(tr->base.bound, tr->base.objective, 1e-6, rounding(tr->rc)))
        return true;
    snprintf(why, WHY_BYTES, "the objective is %.12g, its bound %.12g", tr->base.objective, tr->base.bound);
    return false;
}

/* Its plain simplex stops up to a part in a thousand early on these weights; then exact arithmetic must finish it,
 * unless the last bits of the numbers make the rows contradict each other there. */
static bool as_glpsol(trial *tr, char why[WHY_BYTES])
{
    char mps[2 * PATH_BYTES];
    double plain = 0, exact = 0, bound = tr->base.bound;
    snprintf(mps, sizeof mps, "%s/base.mps", tr->place->folder);
    if (!tr->place->glpsol)
        return true;
    if (!solve_glpsol(&plain, mps, tr->place->folder, false, why))
        return false;
    if (near(plain, bound, 1e-6, 0))
        return true;
    if (solve_glpsol(&exact, mps, tr->place->folder, true, why))
        return is(exact, bound, 1e-6, "the bound against glpsol's exact optimum", why);
    return is(plain, bound, 1e-3, "the bound against glpsol's optimum", why);
}

static bool as_clp(trial *tr, char why[WHY_BYTES])
{
    char mps[2 * PATH_BYTES];
    double objective = 0;
    snprintf(mps, sizeof mps, "%s/base.mps", tr->place->folder);
    return !tr->place->clp || (solve_clp(&objective, mps, tr->place->folder, why) &&
                               is(objective, tr->base.bound, 1e-6, "the bound against clp's optimum", why));
}

static bool same_bytes(trial *tr, char why[WHY_BYTES])
{
    outcome again;
    char one[2 * PATH_BYTES], other[2 * PATH_BYTES];
    snprintf(one, sizeof one, "%s/base.plan", tr->place->folder);
    snprintf(other, sizeof other, "%s/again.plan", tr->place->folder);
    return plan_case(&again, tr->place, tr->rc, "again", MS_ENGINE_LP, NULL, tr->seed % 8 == 0, why) &&
           same_folders(one, other, why);
}

static bool by_greedy(trial *tr, char why[WHY_BYTES])
{
    outcome greedy;
    if (!plan_case(&greedy, tr->place, tr->rc, "greedy", MS_ENGINE_GREEDY, NULL, false, why))
        return false;
    double slack = 1e-6 * (1 + fabs(tr->base.bound));
    if (greedy.objective >= tr->base.bound - slack && greedy.bound <= tr->base.objective + slack)
        return true;
    snprintf(why, WHY_BYTES, "greedy has %.12g with bound %.12g, the optimum is %.12g to %.12g", greedy.objective,
             greedy.bound, tr->base.bound, tr->base.objective);
    return false;
}

/* Our own engine: a valid plan and a valid bound always, and seldom a wide gap; the same bytes from other threads and
 * other vectors. Every other case goes to its exact end. */
static bool by_primal_dual(trial *tr, char why[WHY_BYTES])
{
    const double wide = 0.05;
    const double gap = tr->seed % 8 < 4 ? 1e-6 : 1e-4;
    const ms_plan_options how = {.engine = MS_ENGINE_PRIMAL_DUAL, .gap = gap, .threads = 1};
    const ms_plan_options otherwise = {
        .engine = MS_ENGINE_PRIMAL_DUAL, .gap = gap, .threads = 3, .simd = MS_SIMD_PLAIN};
    char one[2 * PATH_BYTES], other[2 * PATH_BYTES];
    outcome ours, again;
    snprintf(one, sizeof one, "%s/own.plan", tr->place->folder);
    snprintf(other, sizeof other, "%s/own-again.plan", tr->place->folder);
    if (!plan_so(&ours, tr->place, tr->rc, "own", &how, why))
        return false;
    double slack = 1e-6 * (1 + fabs(tr->base.bound)) + rounding(tr->rc);
    if (ours.objective < tr->base.bound - slack || ours.bound > tr->base.objective + slack ||
        ours.objective - ours.bound > wide * (1 + fabs(ours.objective))) {
        snprintf(why, WHY_BYTES, "our own has %.12g with bound %.12g, the optimum is %.12g to %.12g", ours.objective,
                 ours.bound, tr->base.bound, tr->base.objective);
        return false;
    }
    return tr->seed % 4 != 0 ||
           (plan_so(&again, tr->place, tr->rc, "own-again", &otherwise, why) && same_folders(one, other, why));
}

/* Plans a changed copy; the bound is the optimum, free of rounding to quanta. */
static bool replan(trial *tr, random_case *changed, const char *name, double *bound, char why[WHY_BYTES])
{
    outcome other;
    if (!plan_case(&other, tr->place, changed, name, MS_ENGINE_LP, NULL, false, why))
        return false;
    *bound = other.bound;
    return true;
}

static bool relabelled(trial *tr, char why[WHY_BYTES])
{
    random_case changed = *tr->rc;
    double bound;
    random_case_relabel(&changed, tr->seed);
    return replan(tr, &changed, "relabel", &bound, why) && is(tr->base.bound, bound, 1e-6, "with other names", why);
}

static bool lane_split(trial *tr, char why[WHY_BYTES])
{
    random_case changed = *tr->rc;
    double bound;
    return !random_case_split_lane(&changed, &tr->random) ||
           (replan(tr, &changed, "split", &bound, why) && is(tr->base.bound, bound, 1e-6, "with a lane split", why));
}

static bool capacity_added(trial *tr, char why[WHY_BYTES])
{
    random_case changed = *tr->rc;
    double bound;
    if (!random_case_add_capacity(&changed, &tr->random))
        return true;
    if (!replan(tr, &changed, "more", &bound, why))
        return false;
    return bound <= tr->base.bound || is(tr->base.bound, bound, 1e-6, "worse with more capacity", why);
}

static bool scaled(trial *tr, char why[WHY_BYTES])
{
    random_case changed = *tr->rc;
    double bound;
    random_case_scale(&changed, 2);
    return replan(tr, &changed, "double", &bound, why) &&
           is(2 * tr->base.bound, bound, 1e-6, "with twice of everything", why);
}

static bool unit_changed(trial *tr, char why[WHY_BYTES])
{
    random_case changed = *tr->rc;
    double bound;
    random_case_change_unit(&changed, (int)ms_random_between(&tr->random, 0, changed.item_count - 1), 4);
    return replan(tr, &changed, "unit", &bound, why) && is(tr->base.bound, bound, 1e-6, "with a larger unit", why);
}

static const struct {
    const char *name;
    bool (*holds)(trial *tr, char why[WHY_BYTES]);
} properties[] = {
    {"bound", meets_bound},     {"glpsol", as_glpsol},      {"clp", as_clp},
    {"same-bytes", same_bytes}, {"greedy", by_greedy},      {"primal-dual", by_primal_dual},
    {"relabel", relabelled},    {"split-lane", lane_split}, {"capacity", capacity_added},
    {"scale", scaled},          {"unit", unit_changed},
};

/* ---- seeds ---- */

static void report(const random_case *rc, const char *property, const char *why)
{
    printf("FAIL  seed %llu, %s: %s\n      features:", (unsigned long long)rc->seed, property, why);
    char words[512] = "";
    for (int i = 0; i < RANDOM_FEATURES; i++)
        if (rc->features & (1u << i)) {
            strcat(words, words[0] == '\0' ? "" : ",");
            strcat(words, random_feature_words[i]);
        }
    printf(" %s\n      again: build/tests/property --seed %llu --features %s --keep FOLDER\n", words,
           (unsigned long long)rc->seed, words[0] == '\0' ? "none" : words);
    fflush(stdout);
}

static void try_seed(uint64_t seed, uint32_t features, const trial_ground *place)
{
    random_case rc;
    random_case_draw(&rc, seed, features);
    trial tr = {seed, place, &rc, {0, 0}, ms_random_start(seed, 2)};
    char why[WHY_BYTES] = "", mps[2 * PATH_BYTES];
    snprintf(mps, sizeof mps, "%s/base.mps", place->folder);
    if (!plan_case(&tr.base, place, &rc, "base", MS_ENGINE_LP, mps, seed % 8 == 0, why)) {
        report(&rc, "plan", why);
        failed++;
        return;
    }
    passed++;
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        if (properties[i].holds(&tr, why)) {
            passed++;
            continue;
        }
        report(&rc, properties[i].name, why);
        failed++;
    }
}

/* Tries a seed in a folder of its own. False: the folder cannot be made. */
static bool try_in(const char *scratch, uint64_t seed, uint32_t features, trial_ground *place, bool keep)
{
    place->events = (features & RANDOM_EVENTS) != 0;
    snprintf(place->folder, sizeof place->folder, "%.*s/%llu", PATH_BYTES - 32, scratch, (unsigned long long)seed);
    remove_folder(place->folder);
    if (mkdir(place->folder, 0755) != 0) {
        fprintf(stderr, "property: cannot make %s\n", place->folder);
        return false;
    }
    try_seed(seed, features, place);
    if (!keep)
        remove_folder(place->folder);
    return true;
}

static bool parse_features(uint32_t *out, const char *words)
{
    *out = 0;
    if (strcmp(words, "none") == 0)
        return true;
    if (strcmp(words, "all") == 0) {
        *out = RANDOM_ALL;
        return true;
    }
    while (*words != '\0') {
        size_t length = strcspn(words, ",");
        int found = -1;
        for (int i = 0; i < RANDOM_FEATURES; i++)
            if (strlen(random_feature_words[i]) == length && memcmp(random_feature_words[i], words, length) == 0)
                found = i;
        if (found < 0)
            return false;
        *out |= 1u << found;
        words += length + (words[length] == ',');
    }
    return true;
}

/* Seeds beyond the default range that once found a fault, each a mended one. They mean other cases when what
 * tests/random_case.c draws changes. */
static const struct {
    uint64_t seed;
    uint32_t features; /* 0: those of the seed */
} found[] = {
    {3761, 0},
    {4391, 0},
    {4620, 0}, /* a movement that only makes room was not taken back */
    {100553, RANDOM_ALL},
    {101400, RANDOM_ALL}, /* the same, over several rounds */
};
enum { FOUND = (int)(sizeof found / sizeof found[0]) };

typedef struct {
    uint64_t from, count;
    bool given; /* features */
    uint32_t features;
    const char *keep;
} arguments;

static bool parse(arguments *out, int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) {
            out->from = strtoull(argv[i + 1], NULL, 10);
            out->count = 1;
        } else if (strcmp(argv[i], "--from") == 0)
            out->from = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--count") == 0)
            out->count = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--keep") == 0)
            out->keep = argv[i + 1];
        else if (strcmp(argv[i], "--features") == 0 && parse_features(&out->features, argv[i + 1]))
            out->given = true;
        else
            return false;
    }
    return argc % 2 == 1;
}

int main(int argc, char **argv)
{
    arguments args = {.from = 1, .count = 300};
    if (!parse(&args, argc, argv)) {
        fprintf(stderr,
                "usage: property [--seed N] [--from N] [--count N] [--features a,b|all|none] [--keep FOLDER]\n");
        return 2;
    }
    char scratch[PATH_BYTES];
    const char *temporary = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/mainstay-property.XXXXXX", temporary == NULL ? "/tmp" : temporary);
    if (args.keep != NULL)
        snprintf(scratch, sizeof scratch, "%s", args.keep);
    if (args.keep != NULL ? mkdir(scratch, 0755) != 0 && errno != EEXIST : mkdtemp(scratch) == NULL) {
        fprintf(stderr, "property: cannot make %s\n", scratch);
        return 2;
    }
    trial_ground place = {.clp = is_installed("clp"), .glpsol = is_installed("glpsol")};
    if (!place.clp || !place.glpsol)
        printf("skip  comparison with %s: not installed\n", place.clp      ? "glpsol"
                                                            : place.glpsol ? "clp"
                                                                           : "glpsol and clp");
    bool ok = true;
    for (int i = 0; i < FOUND && args.from == 1 && !args.given; i++) {
        uint32_t features = found[i].features == 0 ? random_case_features(found[i].seed) : found[i].features;
        ok = ok && try_in(scratch, found[i].seed, features, &place, args.keep != NULL);
    }
    for (uint64_t seed = args.from; ok && seed < args.from + args.count; seed++)
        ok = try_in(scratch, seed, args.given ? args.features : random_case_features(seed), &place, args.keep != NULL);
    if (!ok)
        return 2;
    if (args.keep == NULL)
        rmdir(scratch);
    printf("%ld passed, %ld failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
