/* plan_read.c: a plan folder back into memory, hostile until checked.
 *
 * Every id must be one of the case inside the folder, every number finite, every period within the case; a wrong cell
 * is an error with file, line and column. Whether the plan keeps the constraints is the business of `mainstay check`.
 */
#include "plan/plan_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

enum { FILE_BYTES_MOST = 2000000000, SUMMARY_BYTES_MOST = 16 << 20 };

typedef struct {
    ms_plan *plan;
    const ms_case *kase;
    const char *folder;
    const ms_plan_table *table;
    int columns[MS_PLAN_COLUMNS_MOST]; /* field of each column of the table, -1 absent */
    const ms_csv_record *record;
    size_t capacity;
    ms_error *err;
} reader;

static ms_status join(char *out, size_t size, const char *folder, const char *name, ms_error *err)
{
    int length = snprintf(out, size, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= size)
        return ms_error_set(err, MS_BAD_INPUT, "the path of the plan is too long");
    return MS_OK;
}

/* ---- cells ---- */

static const ms_csv_field *cell(const reader *r, const char *column)
{
    static const ms_csv_field absent = {.text = ""};
    for (int i = 0; r->table->columns[i].name; i++)
        if (strcmp(r->table->columns[i].name, column) == 0)
            return r->columns[i] >= 0 && r->columns[i] < r->record->field_count ? &r->record->fields[r->columns[i]]
                                                                                : &absent;
    return &absent;
}

static ms_status refuse(const reader *r, const char *column, const char *what)
{
    const ms_csv_field *field = cell(r, column);
    char shown[64];
    ms_utf8_copy(shown, sizeof shown, field->text, field->length);
    return ms_error_at(r->err, MS_BAD_INPUT, r->table->file, field->line ? field->line : r->record->line, field->column,
                       "%s '%s' %s", column, shown, what);
}

static ms_status read_number(const reader *r, const char *column, double *out)
{
    const ms_csv_field *field = cell(r, column);
    const char *wrong = ms_number_parse(out, field->text, field->length);
    return wrong ? refuse(r, column, wrong) : MS_OK;
}

static ms_status read_quantity(const reader *r, const char *column, double *out)
{
    MS_TRY(read_number(r, column, out));
    return *out >= 0 ? MS_OK : refuse(r, column, "is negative");
}

/* A day that begins a period from lowest to highest. */
static ms_status read_period(const reader *r, const char *column, int lowest, int highest, int32_t *out)
{
    double day = 0;
    MS_TRY(read_number(r, column, &day));
    double period = nearbyint(day / r->kase->period_days);
    if (!(period >= lowest && period <= highest) || fabs(day / r->kase->period_days - period) > 1e-6)
        return refuse(r, column, "is not the start of a period of the case");
    *out = (int32_t)period;
    return MS_OK;
}

/* An id of a table; an empty cell is MS_NONE where that is allowed. */
static ms_status read_id(const reader *r, const char *column, const ms_names *names, bool optional, int32_t *out)
{
    const ms_csv_field *field = cell(r, column);
    *out = MS_NONE;
    if (field->length == 0 && optional)
        return MS_OK;
    *out = ms_names_find(names, field->text, field->length);
    return *out >= 0 ? MS_OK : refuse(r, column, "is not in the case");
}

static ms_status read_row_number(const reader *r, const char *column, int32_t count, int32_t *out)
{
    double row = 0;
    MS_TRY(read_number(r, column, &row));
    if (!(row >= 1 && row <= count) || row != floor(row))
        return refuse(r, column, "is not a row of commitments.csv");
    *out = (int32_t)row - 1;
    return MS_OK;
}

static ms_status grow(reader *r, void **rows, size_t count, size_t size)
{
    return ms_grow(rows, &r->capacity, count + 1, size) ? MS_OK : ms_error_memory(r->err);
}

/* ---- rows ---- */

static ms_status read_movement(reader *r)
{
    ms_movement m = {.commitment_ix = MS_NONE};
    const ms_case *kase = r->kase;
    const int far = 1000000;
    MS_TRY(read_id(r, "lane", &kase->lane_names, false, &m.lane_ix));
    MS_TRY(read_id(r, "item", &kase->item_names, false, &m.item_ix));
    MS_TRY(read_id(r, "owner", &kase->partner_names, true, &m.owner_ix));
    MS_TRY(read_period(r, "depart_day", -far, kase->period_count - 1, &m.depart));
    MS_TRY(read_period(r, "arrive_day", -far, far, &m.arrive));
    MS_TRY(read_quantity(r, "quantity", &m.quantity));
    MS_TRY(read_id(r, "lift_agreement", &kase->agreement_names, true, &m.lift_ix));
    MS_TRY(read_id(r, "fleet_agreement", &kase->agreement_names, true, &m.fleet_lift_ix));
    MS_TRY(read_id(r, "site_agreement", &kase->agreement_names, true, &m.site_ix));
    if (cell(r, "commitment")->length > 0)
        MS_TRY(read_row_number(r, "commitment", kase->commitments_count, &m.commitment_ix));
    MS_TRY(grow(r, (void **)&r->plan->movements, r->plan->movement_count, sizeof m));
    r->plan->movements[r->plan->movement_count++] = m;
    return MS_OK;
}

static ms_status read_issue(reader *r)
{
    ms_issue issue = {0};
    const ms_case *kase = r->kase;
    MS_TRY(read_id(r, "demand", &kase->demand_names, false, &issue.demand_ix));
    MS_TRY(read_id(r, "item", &kase->item_names, false, &issue.item_ix));
    MS_TRY(read_id(r, "owner", &kase->partner_names, true, &issue.owner_ix));
    MS_TRY(read_period(r, "day", 0, kase->period_count - 1, &issue.period));
    MS_TRY(read_quantity(r, "quantity", &issue.quantity));
    MS_TRY(read_quantity(r, "meets", &issue.meets));
    MS_TRY(read_id(r, "agreement", &kase->agreement_names, true, &issue.agreement_ix));
    MS_TRY(grow(r, (void **)&r->plan->issues, r->plan->issue_count, sizeof issue));
    r->plan->issues[r->plan->issue_count++] = issue;
    return MS_OK;
}

static ms_status read_level(reader *r)
{
    ms_level level = {.period = -1};
    const ms_case *kase = r->kase;
    MS_TRY(read_id(r, "site", &kase->site_names, false, &level.site_ix));
    MS_TRY(read_id(r, "item", &kase->item_names, false, &level.item_ix));
    MS_TRY(read_id(r, "owner", &kase->partner_names, true, &level.owner_ix));
    if (cell(r, "day")->length > 0)
        MS_TRY(read_period(r, "day", 0, kase->period_count - 1, &level.period));
    MS_TRY(read_quantity(r, "quantity", &level.quantity));
    MS_TRY(grow(r, (void **)&r->plan->levels, r->plan->level_count, sizeof level));
    r->plan->levels[r->plan->level_count++] = level;
    return MS_OK;
}

static ms_status find_reserve(reader *r, int32_t *out)
{
    int32_t site = MS_NONE, item = MS_NONE, partner = MS_NONE;
    MS_TRY(read_id(r, "site", &r->kase->site_names, false, &site));
    MS_TRY(read_id(r, "item", &r->kase->item_names, false, &item));
    MS_TRY(read_id(r, "partner", &r->kase->partner_names, true, &partner));
    for (int32_t i = 0; i < r->kase->reserves_count; i++) {
        const ms_reserve *reserve = &r->kase->reserves[i];
        if (reserve->site_ix == site && reserve->item_ix == item && reserve->partner_ix == partner) {
            *out = i;
            return MS_OK;
        }
    }
    return refuse(r, "site", "has no such reserve");
}

static ms_status read_word(const reader *r, const char *column, const char *const *words, int *out)
{
    const ms_csv_field *field = cell(r, column);
    for (int i = 0; words[i]; i++)
        if (strlen(words[i]) == field->length && memcmp(words[i], field->text, field->length) == 0) {
            *out = i;
            return MS_OK;
        }
    return refuse(r, column, "is not a word of the plan format");
}

static ms_status read_shortfall(reader *r)
{
    ms_shortfall shortfall = {0};
    int kind = 0;
    MS_TRY(read_word(r, "kind", ms_short_kind_words, &kind));
    shortfall.kind = (ms_short_kind)kind;
    if (shortfall.kind == MS_SHORT_DEMAND)
        MS_TRY(read_id(r, "demand", &r->kase->demand_names, false, &shortfall.row_ix));
    else if (shortfall.kind == MS_SHORT_RESERVE)
        MS_TRY(find_reserve(r, &shortfall.row_ix));
    else
        MS_TRY(read_row_number(r, "demand", r->kase->commitments_count, &shortfall.row_ix));
    MS_TRY(read_period(r, "day", 0, r->kase->period_count - 1, &shortfall.period));
    MS_TRY(read_quantity(r, "quantity", &shortfall.quantity));
    MS_TRY(read_quantity(r, "wanted", &shortfall.wanted));
    MS_TRY(grow(r, (void **)&r->plan->shortfalls, r->plan->shortfall_count, sizeof shortfall));
    r->plan->shortfalls[r->plan->shortfall_count++] = shortfall;
    return MS_OK;
}

static ms_status read_price(reader *r)
{
    static const char *const labels[] = {"", "", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "", "C10", NULL};
    static const char *const columns[] = {"", "", "demand", "lane", "site", "site", "fleet", "agreement"};
    const ms_case *kase = r->kase;
    const ms_names *const names[] = {NULL,
                                     NULL,
                                     &kase->demand_names,
                                     &kase->lane_names,
                                     &kase->site_names,
                                     &kase->site_names,
                                     &kase->fleet_names,
                                     &kase->agreement_names};
    ms_price price = {.period = -1};
    MS_TRY(read_word(r, "label", labels, &price.label));
    if (price.label < 2 || price.label == 9)
        return refuse(r, "label", "is not one of C2 to C8 or C10");
    if (price.label == 8)
        MS_TRY(find_reserve(r, &price.row_ix));
    else if (price.label == 10)
        MS_TRY(read_row_number(r, "demand", kase->commitments_count, &price.row_ix));
    else
        MS_TRY(read_id(r, columns[price.label], names[price.label], false, &price.row_ix));
    if (price.label != 7 && price.label != 10)
        MS_TRY(read_period(r, "day", 0, kase->period_count - 1, &price.period));
    MS_TRY(read_number(r, "price", &price.price));
    MS_TRY(grow(r, (void **)&r->plan->prices, r->plan->price_count, sizeof price));
    r->plan->prices[r->plan->price_count++] = price;
    return MS_OK;
}

/* ---- files ---- */

static ms_status read_header(reader *r)
{
    for (int i = 0; r->table->columns[i].name; i++) {
        r->columns[i] = -1;
        for (int f = 0; f < r->record->field_count; f++) {
            const ms_csv_field *field = &r->record->fields[f];
            if (strlen(r->table->columns[i].name) == field->length &&
                memcmp(r->table->columns[i].name, field->text, field->length) == 0)
                r->columns[i] = f;
        }
        if (r->columns[i] < 0)
            return ms_error_at(r->err, MS_BAD_INPUT, r->table->file, 1, 1, "the column '%s' is missing",
                               r->table->columns[i].name);
    }
    return MS_OK;
}

static ms_status read_rows(reader *r, ms_csv_reader *csv, ms_status (*read_row)(reader *))
{
    ms_csv_record record;
    r->record = &record;
    MS_TRY(ms_csv_next(csv, &record, r->err));
    MS_TRY(read_header(r));
    for (;;) {
        MS_TRY(ms_csv_next(csv, &record, r->err));
        if (record.field_count == 0)
            return MS_OK;
        MS_TRY(read_row(r));
    }
}

static ms_status read_table(reader *r, ms_plan_table_kind kind, ms_status (*read_row)(reader *))
{
    char path[4096];
    char *bytes = NULL;
    size_t length = 0;
    ms_csv_reader *csv = NULL;
    r->table = &ms_plan_tables[kind];
    r->capacity = 0;
    MS_TRY(join(path, sizeof path, r->folder, r->table->file, r->err));
    MS_TRY(ms_file_read(&bytes, &length, path, FILE_BYTES_MOST, r->err));
    ms_status status = ms_csv_open(&csv, bytes, length, r->table->file, r->err);
    if (status == MS_OK)
        status = read_rows(r, csv, read_row);
    ms_csv_close(csv);
    ms_free(bytes);
    return status;
}

/* ---- summary.json ---- */

static ms_status summary_wrong(const reader *r, const char *what)
{
    return ms_error_at(r->err, MS_BAD_INPUT, MS_PLAN_SUMMARY, 0, 0, "%s", what);
}

static double real_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static ms_status read_contingencies(reader *r, const json_t *summary)
{
    const json_t *list = json_object_get(summary, "contingencies");
    size_t count = json_array_size(list);
    const size_t most = 1000;
    if (!json_is_array(list) || count > most)
        return summary_wrong(r, "'contingencies' must be a list of ids");
    r->plan->contingencies = ms_alloc(count, sizeof *r->plan->contingencies);
    if (!r->plan->contingencies)
        return ms_error_memory(r->err);
    for (size_t i = 0; i < count; i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (!id)
            return summary_wrong(r, "'contingencies' must be a list of ids");
        r->plan->contingencies[i] = ms_strdup(id);
        if (!r->plan->contingencies[i])
            return ms_error_memory(r->err);
        r->plan->contingency_count++;
    }
    if (count == 0)
        return MS_OK;
    MS_TRY(ms_case_apply(&r->plan->owned_case, r->kase, (const char *const *)r->plan->contingencies, count, r->err));
    r->plan->kase = r->kase = r->plan->owned_case;
    return MS_OK;
}

static ms_status read_engine(reader *r, const json_t *summary)
{
    const char *engine = json_string_value(json_object_get(summary, "engine"));
    const char *reason = json_string_value(json_object_get(summary, "engine_reason"));
    if (!engine || !reason)
        return summary_wrong(r, "'engine' and 'engine_reason' must be texts");
    size_t engine_bytes = strlen(engine) + 1, reason_bytes = strlen(reason) + 1;
    r->plan->engine_text = ms_alloc(engine_bytes + reason_bytes, 1);
    if (!r->plan->engine_text)
        return ms_error_memory(r->err);
    memcpy(r->plan->engine_text, engine, engine_bytes);
    memcpy(r->plan->engine_text + engine_bytes, reason, reason_bytes);
    r->plan->engine = r->plan->engine_text;
    r->plan->engine_reason = r->plan->engine_text + engine_bytes;
    return MS_OK;
}

static ms_status read_coverage(reader *r, const json_t *summary)
{
    ms_plan *plan = r->plan;
    const json_t *list = json_object_get(summary, "coverage");
    ms_weights weights;
    MS_TRY(ms_weights_make(&weights, r->kase, r->err));
    plan->priority_count = weights.priority_count;
    memcpy(plan->priorities, weights.priorities, sizeof plan->priorities);
    size_t cells = (size_t)(r->kase->partners_count + 1) * (size_t)plan->priority_count;
    if (json_array_size(list) != cells)
        return summary_wrong(r, "'coverage' must have a row for each partner and priority");
    plan->coverage = ms_alloc(cells, sizeof *plan->coverage);
    if (!plan->coverage)
        return ms_error_memory(r->err);
    for (size_t i = 0; i < cells; i++) {
        const json_t *row = json_array_get(list, i);
        plan->coverage[i] = (ms_coverage){real_of(row, "wanted_t"), real_of(row, "met_t"), real_of(row, "alone_met_t"),
                                          real_of(row, "owed_t_days"), real_of(row, "alone_owed_t_days")};
    }
    return MS_OK;
}

static ms_status take_summary(reader *r, const json_t *summary)
{
    ms_plan *plan = r->plan;
    char digest[32];
    const char *claimed = json_string_value(json_object_get(json_object_get(summary, "case"), "digest"));
    if (json_integer_value(json_object_get(summary, "format")) != MS_PLAN_FORMAT)
        return summary_wrong(r, "this is not format 1 of a plan; a newer program may read it");
    snprintf(digest, sizeof digest, "%016" PRIx64, r->kase->digest);
    if (!claimed || strcmp(claimed, digest) != 0)
        return summary_wrong(r,
                             "the case inside the plan is not the one that it was made from: its files were changed");
    MS_TRY(read_contingencies(r, summary));
    MS_TRY(read_engine(r, summary));
    plan->stopped = json_is_true(json_object_get(summary, "stopped"));
    plan->has_alone = json_is_true(json_object_get(summary, "has_alone"));
    plan->gap_asked = real_of(summary, "gap_asked");
    plan->objective = real_of(summary, "objective");
    plan->bound = real_of(summary, "bound");
    plan->shortfall_part = real_of(summary, "shortfall_part");
    plan->cost_part = real_of(summary, "cost_part");
    plan->cost_currency = real_of(summary, "cost");
    plan->ratio_used = real_of(summary, "ratio_used");
    plan->column_count = json_integer_value(json_object_get(summary, "columns"));
    plan->row_count = json_integer_value(json_object_get(summary, "rows"));
    if (isnan(plan->objective) || isnan(plan->bound) || isnan(plan->shortfall_part) || isnan(plan->cost_part) ||
        isnan(plan->cost_currency) || isnan(plan->ratio_used) || isnan(plan->gap_asked))
        return summary_wrong(
            r, "a number is missing: objective, bound, shortfall_part, cost_part, cost, ratio_used, gap_asked");
    return read_coverage(r, summary);
}

static ms_status read_summary(reader *r)
{
    char path[4096];
    char *bytes = NULL;
    size_t length = 0;
    json_t *summary = NULL;
    MS_TRY(join(path, sizeof path, r->folder, MS_PLAN_SUMMARY, r->err));
    MS_TRY(ms_file_read(&bytes, &length, path, SUMMARY_BYTES_MOST, r->err));
    ms_status status = ms_json_parse(&summary, bytes, length, MS_PLAN_SUMMARY, r->err);
    if (status == MS_OK)
        status = take_summary(r, summary);
    json_decref(summary);
    ms_free(bytes);
    return status;
}

static ms_status read_basis(reader *r)
{
    char path[4096];
    char *bytes = NULL;
    size_t length = 0;
    MS_TRY(join(path, sizeof path, r->folder, MS_PLAN_BASIS, r->err));
    if (!ms_file_exists(path))
        return MS_OK;
    MS_TRY(ms_file_read(&bytes, &length, path, FILE_BYTES_MOST, r->err));
    r->plan->basis = (unsigned char *)bytes;
    r->plan->basis_length = length;
    return MS_OK;
}

static ms_status read_all(reader *r)
{
    MS_TRY(read_summary(r));
    MS_TRY(read_table(r, MS_PLAN_MOVEMENTS, read_movement));
    MS_TRY(read_table(r, MS_PLAN_ISSUES, read_issue));
    MS_TRY(read_table(r, MS_PLAN_STOCK, read_level));
    MS_TRY(read_table(r, MS_PLAN_SHORTFALLS, read_shortfall));
    MS_TRY(read_table(r, MS_PLAN_PRICES, read_price));
    MS_TRY(read_basis(r));
    return ms_plan_finish(r->plan, r->err);
}

ms_status ms_plan_open(ms_plan **out, ms_case **case_out, const char *path, ms_findings *findings, ms_error *err)
{
    char case_path[4096], summary_path[4096];
    ms_case *kase = NULL;
    MS_TRY(join(summary_path, sizeof summary_path, path, MS_PLAN_SUMMARY, err));
    if (!ms_file_exists(summary_path))
        return ms_error_set(err, MS_BAD_INPUT, "%s is not a plan: it has no %s; `mainstay plan CASE -o PLAN` makes one",
                            path, MS_PLAN_SUMMARY);
    MS_TRY(join(case_path, sizeof case_path, path, "case", err));
    MS_TRY(ms_case_open(&kase, case_path, findings, err));
    reader r = {.kase = kase, .folder = path, .err = err};
    r.plan = ms_alloc(1, sizeof *r.plan);
    ms_status status = r.plan ? MS_OK : ms_error_memory(err);
    if (status == MS_OK) {
        r.plan->base = r.plan->kase = kase;
        status = read_all(&r);
    }
    if (status != MS_OK) {
        ms_plan_free(r.plan);
        ms_case_free(kase);
        return status;
    }
    *out = r.plan;
    *case_out = kase;
    return MS_OK;
}
