/* check.c: `mainstay check CASE PLAN`: runs the steps of check.h over a plan's files and gives account.
 *
 * When a file cannot be read as a plan's, every fault of reading is reported and nothing is recomputed: what would
 * follow from half a table misleads.
 */
#include "plan/check.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"

enum { FILE_BYTES_MOST = 1 << 30, PATH_BYTES = 4096, MESSAGE_BYTES = 900 };

const char *const ms_check_file_names[MS_CHECK_FILES] = {"summary.json",   "movements.csv", "issues.csv", "stock.csv",
                                                         "shortfalls.csv", "orders.csv",    "prices.csv"};

const char *const ms_check_label_names[MS_CHECK_LABELS] = {"files", "C1",  "C2",     "C3",      "C4",  "C5",
                                                           "C6",    "C7",  "C8",     "C9",      "C10", "objective",
                                                           "bound", "gap", "orders", "coverage"};

/* ---- breaches ---- */

bool ms_check_listed(const ms_check *check, ms_check_label label)
{
    return check->breaches[label] < MS_CHECK_LISTED;
}

ms_status ms_check_vbreach(ms_check *check, ms_check_label label, ms_check_file_ix file, int line, int column,
                           const char *format, va_list args)
{
    bool listed = ms_check_listed(check, label);
    check->breaches[label]++;
    if (!listed)
        return MS_OK;
    char message[MESSAGE_BYTES];
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    return ms_findings_add(check->findings, MS_FINDING_ERROR, ms_check_file_names[file], line, column, "%s%s%s",
                           label == MS_CHECK_FILE ? "" : ms_check_label_names[label],
                           label == MS_CHECK_FILE ? "" : ": ", message);
}

ms_status ms_check_breach(ms_check *check, ms_check_label label, ms_check_file_ix file, int line, int column,
                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ms_status status = ms_check_vbreach(check, label, file, line, column, format, args);
    va_end(args);
    return status;
}

bool ms_check_sound(const ms_check *check)
{
    for (int label = 0; label < MS_CHECK_LABELS; label++) {
        if (check->breaches[label] > 0)
            return false;
    }
    return true;
}

double ms_check_slack(double limit_t)
{
    return 1e-6 * fabs(limit_t) + 1e-4;
}

double ms_check_short_of(double wanted_t, double met_t)
{
    const double last_bits = 1e-10;
    return wanted_t - met_t > last_bits * wanted_t ? wanted_t - met_t : 0;
}

bool ms_check_agrees(double claimed, long double found)
{
    return fabsl(claimed - found) <= 1e-7L * fabsl(found) + 1e-6L;
}

double ms_check_day(const ms_check *check, int t)
{
    return t * check->period_days;
}

const char *ms_check_partner_id(const ms_check *check, int32_t partner_ix)
{
    return partner_ix < 0 ? "nobody" : check->kase->partners[partner_ix].id;
}

/* ---- the steps ---- */

/* A planner may well ask whether yesterday's plan still holds today, so another case is a warning. Plans may carry
 * the digest of the case as read or as it is under their contingencies. */
static ms_status warn_other_case(ms_check *check)
{
    const ms_check_claims *claims = &check->claims;
    const char *file = ms_check_file_names[MS_CHECK_SUMMARY];
    if (!claims->digest_told)
        return MS_OK;
    if (!claims->same_name)
        return ms_findings_add(check->findings, MS_FINDING_WARNING, file, 0, 0,
                               "the plan was made for a case of another name; checking it against %s all the same",
                               check->kase->name);
    if (claims->digest == check->kase->digest || (check->applied != NULL && claims->digest == check->applied->digest))
        return MS_OK;
    return ms_findings_add(check->findings, MS_FINDING_WARNING, file, 0, 0,
                           "the case has changed since the plan was made (its digest is %016" PRIx64
                           ", the plan's %016" PRIx64 "); checking all the same",
                           check->kase->digest, claims->digest);
}

/* summary.json, and the case as it is under the contingencies that the summary names. */
static ms_status take_claims(ms_check *check, const ms_check_file *file, ms_error *err)
{
    char **ids = NULL;
    size_t id_count = 0;
    ms_status status = ms_check_read_claims(check, file, &ids, &id_count, err);
    if (status == MS_OK && id_count > 0)
        status = ms_case_apply(&check->applied, check->kase, (const char *const *)ids, id_count, err);
    ms_check_free_ids(ids, id_count);
    if (status == MS_OK && warn_other_case(check) != MS_OK)
        status = ms_error_memory(err);
    if (status == MS_OK && check->applied != NULL)
        check->kase = check->applied;
    return status;
}

static ms_status recompute(ms_check *check, ms_error *err)
{
    MS_TRY(ms_check_find_layers(check, err));
    MS_TRY(ms_check_find_limits(check, err));
    MS_TRY(ms_check_find_weights(check, err));
    MS_TRY(ms_check_ways(check, err));
    MS_TRY(ms_check_flows(check, err));
    MS_TRY(ms_check_shorts(check, err));
    MS_TRY(ms_check_coupling(check, err));
    MS_TRY(ms_check_orders(check, err));
    MS_TRY(ms_check_coverage(check, err));
    if (ms_check_objective(check) != MS_OK)
        return ms_error_memory(err);
    return ms_check_bound(check, err);
}

static void group_free(ms_check_group *group)
{
    ms_free(group->starts);
    ms_free(group->order);
}

static void check_free(ms_check *check)
{
    ms_case_free(check->applied);
    ms_free(check->claims.cover);
    ms_free(check->movements);
    ms_free(check->issues);
    ms_free(check->levels);
    ms_free(check->shorts);
    ms_free(check->orders);
    ms_free(check->prices);
    ms_free(check->layers);
    group_free(&check->stocks);
    group_free(&check->supplies);
    group_free(&check->reserves);
    group_free(&check->commitments);
    ms_free(check->agreement_order);
    ms_free(check->reserve_order);
    ms_check_limits *limits = &check->limits;
    void *const arrays[] = {limits->lane_t,   limits->handling_t, limits->storage_t, limits->fleet_t,
                            limits->demand_t, limits->reserve_t,  limits->transit,   limits->committed};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        ms_free(arrays[i]);
    ms_free(check->demand_short_t);
    ms_free(check->reserve_short_t);
    ms_free(check->kept_t);
    ms_free(check->agreement_used_t);
}

/* ---- the account ---- */

static void report_breaches(ms_buf *out, const ms_check *check)
{
    const char *gap = "breaches  ";
    int column = 10;
    for (int label = 0; label < MS_CHECK_LABELS; label++) {
        char text[64];
        if (check->breaches[label] == 0)
            continue;
        int length = snprintf(text, sizeof text, " %s %" PRIu64, ms_check_label_names[label], check->breaches[label]);
        if (column + length > 78) {
            gap = ",\n          ";
            column = 10;
        }
        ms_buf_text(out, gap);
        ms_buf_text(out, text);
        gap = ",";
        column += length + 1;
    }
    ms_buf_text(out, "\n");
}

static void report_number(ms_buf *out, const char *what, long double found, double claimed)
{
    ms_buf_printf(out, "%-10s %18.10Lg recomputed %18.10g claimed\n", what, found, claimed);
}

static ms_status report_check(ms_buf *out, const ms_check *check, bool recomputed, ms_error *err)
{
    char name[61];
    ms_utf8_copy(name, sizeof name, check->kase->name, strlen(check->kase->name));
    ms_buf_printf(out, "case       %s\n", name);
    ms_buf_printf(out, "rows       %zu movements, %zu issues, %zu stock levels,\n", check->movement_count,
                  check->issue_count, check->level_count);
    ms_buf_printf(out, "           %zu shortfalls, %zu orders, %zu prices\n", check->short_count, check->order_count,
                  check->price_count);
    if (recomputed) {
        ms_buf_printf(out, "over       %d periods, %zu layers, %d sites, %d lanes\n", check->periods,
                      check->layer_count, (int)check->kase->sites_count, (int)check->kase->lanes_count);
        report_number(out, "objective", check->objective, check->claims.objective);
        report_number(out, "bound", check->bound, check->claims.bound);
        long double gap = (check->objective - check->bound) / fmaxl(1e-9L, fabsl(check->objective));
        ms_buf_printf(out, fabsl(gap) < 1e6L ? "gap        %18.4Lf %% proven\n" : "gap        %18.4Lg %% proven\n",
                      100 * gap);
    } else {
        ms_buf_text(out, "           some rows cannot be read, so nothing was recomputed\n");
    }
    if (ms_check_sound(check))
        ms_buf_text(out, "all of C1 to C10 hold\n");
    else
        report_breaches(out, check);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* The first finding that this check added, as the error of the call. */
static ms_status refuse(const ms_check *check, size_t first, ms_error *err)
{
    uint64_t count = 0;
    for (int label = 0; label < MS_CHECK_LABELS; label++)
        count += check->breaches[label];
    for (size_t i = first; i < check->findings->count; i++) {
        const ms_finding *finding = &check->findings->items[i];
        if (finding->severity == MS_FINDING_ERROR)
            return ms_error_at(err, MS_BAD_INPUT, finding->file, finding->line, finding->column, "%s",
                               finding->message);
    }
    return ms_error_set(err, MS_BAD_INPUT, "the plan has %" PRIu64 " faults", count);
}

ms_status ms_check_files(const ms_case *kase, const ms_check_file files[MS_CHECK_FILES], ms_findings *findings,
                         ms_buf *report, ms_error *err)
{
    ms_check check = {
        .kase = kase, .findings = findings, .periods = kase->period_count, .period_days = kase->period_days};
    size_t first = findings->count;
    bool recomputed = false;
    ms_status status = take_claims(&check, &files[MS_CHECK_SUMMARY], err);
    if (status == MS_OK)
        status = ms_check_find_orders(&check, err);
    if (status == MS_OK)
        status = ms_check_read_rows(&check, files, err);
    if (status == MS_OK && check.breaches[MS_CHECK_FILE] == 0) {
        recomputed = true;
        status = recompute(&check, err);
    }
    if (status == MS_OK && report != NULL)
        status = report_check(report, &check, recomputed, err);
    if (status == MS_OK && !ms_check_sound(&check))
        status = refuse(&check, first, err);
    check_free(&check);
    return status;
}

/* ---- the folder ---- */

static ms_status read_folder(ms_check_file files[MS_CHECK_FILES], char *texts[MS_CHECK_FILES], const char *path,
                             ms_error *err)
{
    for (int i = 0; i < MS_CHECK_FILES; i++) {
        char name[PATH_BYTES];
        int length = snprintf(name, sizeof name, "%s/%s", path, ms_check_file_names[i]);
        if (length < 0 || length >= (int)sizeof name)
            return ms_error_set(err, MS_USAGE, "the path of the plan is too long");
        ms_error wrong = {0};
        size_t bytes = 0;
        ms_status status = ms_file_read(&texts[i], &bytes, name, FILE_BYTES_MOST, &wrong);
        if (status != MS_OK && status != MS_NOT_FOUND) {
            if (err != NULL)
                *err = wrong;
            return status;
        }
        files[i] = (ms_check_file){texts[i], bytes};
    }
    return MS_OK;
}

ms_status ms_check_plan(const ms_case *kase, const char *plan_path, ms_findings *findings, ms_buf *report,
                        ms_error *err)
{
    ms_check_file files[MS_CHECK_FILES] = {{0}};
    char *texts[MS_CHECK_FILES] = {0};
    if (!ms_file_is_dir(plan_path))
        return ms_error_set(err, MS_NOT_FOUND, "%s is no plan folder", plan_path);
    ms_status status = read_folder(files, texts, plan_path, err);
    if (status == MS_OK)
        status = ms_check_files(kase, files, findings, report, err);
    for (int i = 0; i < MS_CHECK_FILES; i++)
        ms_free(texts[i]);
    return status;
}
