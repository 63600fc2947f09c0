/* outcome.c: an outcome as one line of JSON, and back to the last bit: what checkpoints, shards and ranks carry.
 *
 * Numbers are the shortest text that reads back as the same double. What is 0 in a table is left out: a harm is a list
 * of [row, priority, short_t, late_t_days]. */
#include "stress/stress.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"

static const char *const how_words[MS_HOWS] = {"interval", "iterated", "exact"};

void ms_outcome_free(ms_outcome *outcome)
{
    ms_free(outcome->name);
    ms_free(outcome->harm);
    ms_free(outcome->added_harm);
    ms_free(outcome->alone);
    ms_free(outcome->added_alone);
    ms_free(outcome->failing);
    *outcome = (ms_outcome){0};
}

/* ---- the fields that are one number each ---- */

typedef struct {
    const char *key;
    size_t offset;
    double null; /* what null stands for */
} number_field;

#define FIELD(name, null)                       \
    {                                           \
#name, offsetof(ms_outcome, name), null \
    }
static const number_field fields[] = {
    FIELD(objective, NAN),    FIELD(bound, NAN),         FIELD(gap, NAN),         FIELD(added, NAN),
    FIELD(added_least, NAN),  FIELD(added_most, NAN),    FIELD(added_short, NAN), FIELD(reserve_t_days, NAN),
    FIELD(broken_t, NAN),     FIELD(from_day, INFINITY), FIELD(first_day, NAN),   FIELD(survive_days, INFINITY),
    FIELD(recovery_day, NAN),
};
enum { FIELD_COUNT = sizeof fields / sizeof *fields };

static double *field_of(const ms_outcome *outcome, int i)
{
    return (double *)(void *)((char *)outcome + fields[i].offset);
}

/* ---- out ---- */

static void put_number(ms_buf *out, double value)
{
    char text[MS_NUMBER_BYTES];
    ms_buf_text(out, isfinite(value) ? ms_number_text(text, value) : "null");
}

static void put_harm(ms_buf *out, const char *key, const ms_harm *rows, int32_t count)
{
    bool first = true;
    ms_buf_printf(out, ",\"%s\":", key);
    if (!rows) {
        ms_buf_text(out, "null");
        return;
    }
    ms_buf_text(out, "[");
    for (int32_t row = 0; row < count; row++)
        for (int p = 0; p < MS_PRIORITY_COUNT; p++) {
            if (rows[row].short_t[p] == 0 && rows[row].late_t_days[p] == 0)
                continue;
            ms_buf_printf(out, "%s[%d,%d,", first ? "" : ",", (int)row, p + 1);
            put_number(out, rows[row].short_t[p]);
            ms_buf_text(out, ",");
            put_number(out, rows[row].late_t_days[p]);
            ms_buf_text(out, "]");
            first = false;
        }
    ms_buf_text(out, "]");
}

ms_status ms_outcome_write(ms_buf *out, const ms_outcome *outcome, ms_error *err)
{
    ms_buf_text(out, "{\"name\":");
    ms_json_put_string(out, outcome->name);
    for (int i = 0; i < FIELD_COUNT; i++) {
        ms_buf_printf(out, ",\"%s\":", fields[i].key);
        put_number(out, *field_of(outcome, i));
    }
    ms_buf_printf(out, ",\"how\":\"%s\",\"iterations\":%lld,\"reached\":%s", how_words[outcome->how],
                  outcome->iterations, outcome->reached ? "true" : "false");
    put_harm(out, "harm", outcome->harm, outcome->partner_count + 1);
    put_harm(out, "added_harm", outcome->added_harm, outcome->partner_count + 1);
    put_harm(out, "alone", outcome->alone, outcome->partner_count);
    put_harm(out, "added_alone", outcome->added_alone, outcome->partner_count);
    ms_buf_printf(out, ",\"dry_demand\":%d,\"failing\":[", (int)outcome->dry_demand_ix);
    for (size_t i = 0; i < outcome->failing_count; i++) {
        ms_buf_printf(out, "%s[%d,", i ? "," : "", (int)outcome->failing[i].demand_ix);
        put_number(out, outcome->failing[i].short_t);
        ms_buf_text(out, ",");
        put_number(out, outcome->failing[i].added_t);
        ms_buf_text(out, "]");
    }
    ms_buf_text(out, "]}");
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* ---- in ---- */

typedef struct {
    const ms_case *kase;
    ms_outcome out;
    ms_error *err;
} reading;

static ms_status wrong(reading *r, const char *key, const char *what)
{
    return ms_error_set(r->err, MS_BAD_INPUT, "an outcome's \"%s\" %s", key, what);
}

static ms_status read_fields(reading *r, const json_t *object)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const json_t *value = json_object_get(object, fields[i].key);
        if (!json_is_number(value) && !json_is_null(value))
            return wrong(r, fields[i].key, "is not a number");
        *field_of(&r->out, i) = json_is_null(value) ? fields[i].null : json_number_value(value);
    }
    return MS_OK;
}

static ms_status read_words(reading *r, const json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *how = json_string_value(json_object_get(object, "how"));
    const json_t *iterations = json_object_get(object, "iterations"), *reached = json_object_get(object, "reached");
    const json_t *dry = json_object_get(object, "dry_demand");
    int found = MS_HOWS;
    for (int i = 0; how && i < MS_HOWS; i++)
        found = strcmp(how, how_words[i]) == 0 ? i : found;
    if (!name)
        return wrong(r, "name", "is not a text");
    if (found == MS_HOWS)
        return wrong(r, "how", "is not a way of solving");
    if (!json_is_integer(iterations) || json_integer_value(iterations) < 0)
        return wrong(r, "iterations", "is not a count");
    if (!json_is_boolean(reached))
        return wrong(r, "reached", "is neither true nor false");
    if (!json_is_integer(dry) || json_integer_value(dry) < MS_NONE || json_integer_value(dry) >= r->kase->demands_count)
        return wrong(r, "dry_demand", "is no demand of the case");
    r->out.how = (ms_how)found;
    r->out.iterations = json_integer_value(iterations);
    r->out.reached = json_is_true(reached);
    r->out.dry_demand_ix = (int32_t)json_integer_value(dry);
    r->out.name = ms_strdup(name);
    return r->out.name ? MS_OK : ms_error_memory(r->err);
}

/* The numbers of a row: the first `whole` of them whole. False when it is not such a row. */
static bool read_row(double *out, const json_t *row, size_t count, size_t whole)
{
    if (json_array_size(row) != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_array_get(row, i);
        if (i < whole ? !json_is_integer(value) : !json_is_number(value))
            return false;
        out[i] = json_number_value(value);
    }
    return true;
}

static ms_status read_harm(ms_harm **out, reading *r, const json_t *object, const char *key, int32_t count,
                           bool optional)
{
    const json_t *rows = json_object_get(object, key);
    double row[4];
    if (optional && json_is_null(rows))
        return MS_OK;
    if (!json_is_array(rows))
        return wrong(r, key, "is not a list");
    *out = ms_alloc((size_t)count, sizeof **out);
    if (!*out)
        return ms_error_memory(r->err);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (!read_row(row, json_array_get(rows, i), 4, 2) || row[0] < 0 || row[0] >= count || row[1] < 1 ||
            row[1] > MS_PRIORITY_COUNT)
            return wrong(r, key, "has a row that is not [partner, priority, short, late]");
        ms_harm *harm = &(*out)[(int)row[0]];
        harm->short_t[(int)row[1] - 1] = row[2];
        harm->late_t_days[(int)row[1] - 1] = row[3];
    }
    return MS_OK;
}

static ms_status read_failing(reading *r, const json_t *object)
{
    const json_t *rows = json_object_get(object, "failing");
    double row[3], last = -1;
    if (!json_is_array(rows) || json_array_size(rows) > (size_t)r->kase->demands_count)
        return wrong(r, "failing", "is not a list of demands");
    r->out.failing = ms_alloc(json_array_size(rows), sizeof *r->out.failing);
    if (!r->out.failing)
        return ms_error_memory(r->err);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (!read_row(row, json_array_get(rows, i), 3, 1) || row[0] <= last || row[0] >= r->kase->demands_count)
            return wrong(r, "failing", "has a row that is not [demand, short, added]");
        last = row[0];
        r->out.failing[r->out.failing_count++] = (ms_failing){(int32_t)row[0], row[1], row[2]};
    }
    return MS_OK;
}

static ms_status read_all(reading *r, const json_t *object)
{
    if (!json_is_object(object))
        return ms_error_set(r->err, MS_BAD_INPUT, "an outcome is not an object");
    r->out.partner_count = r->kase->partners_count;
    MS_TRY(read_fields(r, object));
    MS_TRY(read_words(r, object));
    MS_TRY(read_harm(&r->out.harm, r, object, "harm", r->out.partner_count + 1, false));
    MS_TRY(read_harm(&r->out.added_harm, r, object, "added_harm", r->out.partner_count + 1, false));
    MS_TRY(read_harm(&r->out.alone, r, object, "alone", r->out.partner_count, true));
    MS_TRY(read_harm(&r->out.added_alone, r, object, "added_alone", r->out.partner_count, true));
    return read_failing(r, object);
}

ms_status ms_outcome_from_json(ms_outcome *out, const ms_case *kase, const json_t *object, ms_error *err)
{
    reading r = {.kase = kase, .err = err};
    ms_status status = read_all(&r, object);
    if (status == MS_OK)
        *out = r.out;
    else
        ms_outcome_free(&r.out);
    return status;
}

ms_status ms_outcome_read(ms_outcome *out, const ms_case *kase, const char *text, size_t length, ms_error *err)
{
    json_t *object = NULL;
    MS_TRY(ms_json_parse(&object, text, length, "outcome", err));
    ms_status status = ms_outcome_from_json(out, kase, object, err);
    json_decref(object);
    return status;
}
