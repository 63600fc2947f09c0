/* residual.c: writes the files of the residual case, and reads them. See residual.h. */
#include "stress/residual.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "case/format.h"
#include "stress/residual_private.h"

/* ---- when ---- */

/* Whether a case can begin with this period: on a whole day, for a case has a date, with a day or more to go. */
static bool may_begin(const ms_case *kase, int period)
{
    double day = period * kase->period_days;
    return period >= 0 && period < kase->period_count && kase->days - day >= 1 &&
           fabs(day - nearbyint(day)) < 1e-9 * (1 + day);
}

int ms_residual_period_before(const ms_case *kase, double day)
{
    int period = (int)floor(day / kase->period_days + 1e-9);
    while (period > 0 && !may_begin(kase, period))
        period--;
    return period > 0 ? period : 0;
}

ms_status ms_residual_period(int *period, const ms_case *kase, double day, ms_error *err)
{
    double exact = day / kase->period_days;
    if (!(exact >= 0 && day <= kase->days - 1))
        return ms_error_set(err, MS_USAGE, "day %g is not within the case: a plan can be taken up on day 0 to %g", day,
                            ms_residual_period_before(kase, kase->days) * kase->period_days);
    int nearest = (int)nearbyint(exact);
    if (fabs(exact - nearest) > 1e-6 || !may_begin(kase, nearest)) {
        int before = ms_residual_period_before(kase, day), after = (int)ceil(exact);
        while (after < kase->period_count && !may_begin(kase, after))
            after++;
        if (after >= kase->period_count)
            return ms_error_set(err, MS_USAGE, "a plan is taken up on a whole day on which a period begins: day %g",
                                before * kase->period_days);
        return ms_error_set(err, MS_USAGE,
                            "a plan is taken up on a whole day on which a period begins: day %g or %g, not %g",
                            before * kase->period_days, after * kase->period_days, day);
    }
    *period = nearest;
    return MS_OK;
}

void ms_residual_shift(double *from_day, double *to_day, const ms_residual *r)
{
    *from_day = *from_day > r->day ? *from_day - r->day : 0;
    *to_day -= r->day;
}

/* ---- files ---- */

/* Takes the text over as the file of that kind. */
static ms_status put_file(ms_residual *r, ms_file_kind kind, ms_buf *text)
{
    if (text->failed) {
        ms_buf_free(text);
        return ms_error_memory(r->err);
    }
    r->files[r->file_count++] = (ms_case_file){ms_format_file_name((int)kind), text->text, text->length};
    *text = (ms_buf){0};
    return MS_OK;
}

static ms_status put_table(ms_residual *r, ms_file_kind kind, const void *rows, size_t count)
{
    ms_buf text = {0};
    ms_case_put_table(&text, r->kase, kind, rows, count);
    return put_file(r, kind, &text);
}

static ms_status copy_file(ms_residual *r, ms_file_kind kind)
{
    const char *name = ms_format_file_name((int)kind);
    for (int i = 0; i < r->kase->file_count; i++) {
        const ms_case_file *file = &r->kase->files[i];
        if (strcmp(file->name, name) != 0)
            continue;
        char *bytes = ms_strndup(file->bytes, file->length);
        if (!bytes)
            return ms_error_memory(r->err);
        r->files[r->file_count++] = (ms_case_file){name, bytes, file->length};
    }
    return MS_OK;
}

/* "Relief", "Relief, from 2030-06-05": a case that was taken up before says only the last day. */
static void put_name(ms_buf *out, const ms_case *kase, const char *date)
{
    static const char behind[] = ", from ";
    const char *name = kase->name, *mark = NULL;
    for (const char *at = strstr(name, behind); at; at = strstr(at + 1, behind))
        mark = at;
    size_t length = strlen(name), date_bytes = strlen(date);
    if (mark && strlen(mark) == sizeof behind - 1 + date_bytes)
        length = (size_t)(mark - name);
    const size_t name_bytes_most = 200;
    while (length + sizeof behind - 1 + date_bytes > name_bytes_most)
        length--;
    ms_buf_put(out, name, ms_utf8_valid_prefix(name, length));
    ms_buf_printf(out, "%s%s", behind, date);
}

static ms_status put_case(ms_residual *r)
{
    const ms_case *kase = r->kase;
    ms_buf text = {0}, name = {0};
    ms_json json;
    char date[MS_DATE_BYTES];
    ms_date_text(date, kase->start_day, r->day);
    put_name(&name, kase, date);
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "name", name.text);
    ms_json_string(&json, "start", date);
    ms_json_number(&json, "days", kase->days - r->day);
    ms_json_number(&json, "period_hours", kase->period_hours);
    ms_json_number(&json, "priority_ratio", kase->priority_ratio);
    ms_json_bool(&json, "fair", kase->fair);
    if (kase->currency && kase->currency[0])
        ms_json_string(&json, "currency", kase->currency);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    text.failed |= name.failed;
    ms_buf_free(&name);
    return put_file(r, MS_FILE_CASE, &text);
}

/* ---- stock, agreements ---- */

/* The last level of each place before the day. */
static ms_status put_stocks(ms_residual *r)
{
    const ms_plan *plan = r->plan;
    ms_stock *rows = ms_alloc(plan->level_count, sizeof *rows);
    size_t count = 0;
    if (!rows)
        return ms_error_memory(r->err);
    for (size_t i = 0; i < plan->level_count; i++) {
        const ms_level *level = &plan->levels[i], *next = level + 1;
        bool last = i + 1 == plan->level_count || next->site_ix != level->site_ix || next->item_ix != level->item_ix ||
                    next->owner_ix != level->owner_ix || next->period >= r->period;
        if (level->period < r->period && last && level->quantity > 0)
            rows[count++] = (ms_stock){level->site_ix, level->item_ix, level->owner_ix, level->quantity};
    }
    ms_status status = put_table(r, MS_FILE_STOCKS, rows, count);
    ms_free(rows);
    return status;
}

static void use_agreement(double *used_t, int32_t agreement_ix, double tonnes)
{
    if (agreement_ix >= 0)
        used_t[agreement_ix] += tonnes;
}

/* Tonnes that went under each agreement before the day. */
static void sum_uses(double *used_t, const ms_residual *r)
{
    const ms_plan *plan = r->plan;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *m = &plan->movements[i];
        double tonnes = m->quantity * ms_item_t_per_unit(&r->kase->items[m->item_ix]);
        if (m->depart < 0 || m->depart >= r->period)
            continue;
        use_agreement(used_t, m->lift_ix, tonnes);
        use_agreement(used_t, m->fleet_lift_ix, tonnes);
        use_agreement(used_t, m->site_ix, tonnes);
    }
    for (size_t i = 0; i < plan->issue_count; i++)
        if (plan->issues[i].period < r->period)
            use_agreement(used_t, plan->issues[i].agreement_ix,
                          plan->issues[i].quantity * ms_item_t_per_unit(&r->kase->items[plan->issues[i].item_ix]));
}

static ms_status put_agreements(ms_residual *r)
{
    size_t count = (size_t)r->kase->agreements_count;
    ms_agreement *rows = ms_alloc(count, sizeof *rows);
    double *used_t = ms_alloc(count, sizeof *used_t);
    ms_status status = rows && used_t ? MS_OK : ms_error_memory(r->err);
    if (status == MS_OK) {
        sum_uses(used_t, r);
        for (size_t i = 0; i < count; i++) {
            rows[i] = r->kase->agreements[i];
            ms_residual_shift(&rows[i].from_day, &rows[i].to_day, r);
            rows[i].limit_t += rows[i].used_t; /* as in the file */
            rows[i].used_t += isinf(rows[i].limit_t) ? 0 : used_t[i];
            rows[i].used_t = rows[i].used_t < rows[i].limit_t ? rows[i].used_t : rows[i].limit_t;
            if (rows[i].to_day > 0)
                continue;
            rows[i].to_day = INFINITY;
            rows[i].used_t = rows[i].limit_t = 0;
        }
        status = put_table(r, MS_FILE_AGREEMENTS, rows, count);
    }
    ms_free(rows);
    ms_free(used_t);
    return status;
}

static ms_status put_forces(ms_residual *r)
{
    size_t count = (size_t)r->kase->forces_count;
    ms_force *rows = ms_alloc(count, sizeof *rows);
    if (!rows)
        return ms_error_memory(r->err);
    for (size_t i = 0; i < count; i++) {
        rows[i] = r->kase->forces[i];
        ms_residual_shift(&rows[i].from_day, &rows[i].to_day, r);
        if (rows[i].to_day > 0)
            continue;
        rows[i].to_day = INFINITY;
        rows[i].persons = 0;
    }
    ms_status status = put_table(r, MS_FILE_FORCES, rows, count);
    ms_free(rows);
    return status;
}

/* ---- all of it ---- */

static ms_status put_files(ms_residual *r)
{
    static const ms_file_kind same[] = {MS_FILE_PARTNERS, MS_FILE_SITES,    MS_FILE_ITEMS,       MS_FILE_FLEETS,
                                        MS_FILE_FACTORS,  MS_FILE_RESERVES, MS_FILE_SUBSTITUTES, MS_FILE_DUTIES};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        MS_TRY(copy_file(r, same[i]));
    MS_TRY(put_case(r));
    MS_TRY(put_stocks(r));
    MS_TRY(put_agreements(r));
    if (r->kase->forces_count > 0)
        MS_TRY(put_forces(r));
    ms_buf demands = {0}, supplies = {0}, lanes = {0}, commitments = {0}, contingencies = {0};
    MS_TRY(ms_residual_demands(&demands, r));
    MS_TRY(put_file(r, MS_FILE_DEMANDS, &demands));
    MS_TRY(ms_residual_supplies(&supplies, r));
    MS_TRY(put_file(r, MS_FILE_SUPPLIES, &supplies));
    MS_TRY(ms_residual_under_way(&lanes, &commitments, r));
    ms_status status = put_file(r, MS_FILE_LANES, &lanes);
    if (status == MS_OK)
        status = put_file(r, MS_FILE_COMMITMENTS, &commitments);
    ms_buf_free(&commitments);
    MS_TRY(status);
    if (r->kase->contingencies_count == 0)
        return MS_OK;
    MS_TRY(ms_residual_contingencies(&contingencies, r));
    return put_file(r, MS_FILE_CONTINGENCIES, &contingencies);
}

static ms_status read_files(ms_case **out, ms_residual *r)
{
    ms_findings findings = {0};
    ms_error wrong = {0};
    ms_status status = ms_case_read(out, r->files, r->file_count, &findings, &wrong);
    r->files = NULL;
    r->file_count = 0;
    ms_findings_free(&findings);
    if (status == MS_BAD_INPUT) /* what was valid before is valid after it, or the writer is wrong */
        return ms_error_set(r->err, MS_INTERNAL, "the case from day %g on is not valid: %s:%d: %s", r->day, wrong.file,
                            wrong.line, wrong.message);
    return status == MS_OK ? MS_OK : ms_error_set(r->err, status, "%s", wrong.message);
}

ms_status ms_residual_case(ms_case **out, const ms_plan *plan, int period, ms_error *err)
{
    ms_residual r = {.plan = plan,
                     .kase = plan->kase,
                     .period = period,
                     .day = nearbyint(period * plan->kase->period_days),
                     .err = err};
    r.files = ms_alloc(MS_FILE_KINDS, sizeof *r.files);
    r.arena = ms_arena_new();
    ms_status status = r.files && r.arena ? put_files(&r) : ms_error_memory(err);
    if (status == MS_OK)
        status = read_files(out, &r);
    for (int i = 0; i < r.file_count; i++)
        ms_free(r.files[i].bytes);
    ms_free(r.files);
    ms_arena_free(r.arena);
    return status;
}
