/* named_line.c: what a named contingency gives, as a line of JSON: its outcome, and its shifts as lists of [site or
 * lane, row, before, after, full periods, first, last]. */
#include <limits.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "stress/named.h"

enum { SHIFT_CELLS = 7, SHIFTS_MOST_READ = 1000 };

void ms_named_row_free(ms_named_row *row)
{
    ms_outcome_free(&row->outcome);
    ms_free(row->shifts);
    *row = (ms_named_row){0};
}

ms_status ms_named_row_write(ms_buf *out, const ms_named_row *row, ms_error *err)
{
    char before[MS_NUMBER_BYTES], after[MS_NUMBER_BYTES];
    ms_buf_text(out, "{\"outcome\":");
    MS_TRY(ms_outcome_write(out, &row->outcome, err));
    ms_buf_text(out, ",\"shifts\":[");
    for (size_t i = 0; i < row->shift_count; i++) {
        const ms_shift *shift = &row->shifts[i];
        ms_buf_printf(out, "%s[%d,%d,%s,%s,%d,%d,%d]", i > 0 ? "," : "", shift->is_site, (int)shift->row_ix,
                      ms_number_text(before, shift->before_t), ms_number_text(after, shift->after_t),
                      shift->full_periods, shift->first_full, shift->last_full);
    }
    ms_buf_text(out, "]}");
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* False when it is no shift of the case. */
static bool read_shift(ms_shift *out, const ms_case *kase, const json_t *list)
{
    double cell[SHIFT_CELLS];
    if (json_array_size(list) != SHIFT_CELLS)
        return false;
    for (size_t i = 0; i < SHIFT_CELLS; i++) {
        const json_t *value = json_array_get(list, i);
        bool tonnes = i == 2 || i == 3;
        if (tonnes ? !json_is_number(value) : !json_is_integer(value))
            return false;
        cell[i] = json_number_value(value);
        if (!tonnes && (cell[i] < -1 || cell[i] > INT_MAX))
            return false;
    }
    *out = (ms_shift){.is_site = cell[0] > 0,
                      .row_ix = (int32_t)cell[1],
                      .before_t = cell[2],
                      .after_t = cell[3],
                      .full_periods = (int)cell[4],
                      .first_full = (int)cell[5],
                      .last_full = (int)cell[6]};
    return out->row_ix >= 0 && out->row_ix < (out->is_site ? kase->sites_count : kase->lanes_count) &&
           out->full_periods >= 0 && out->last_full < kase->period_count && out->first_full < kase->period_count;
}

static ms_status read_shifts(ms_named_row *row, const ms_case *kase, const json_t *list, ms_error *err)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > SHIFTS_MOST_READ)
        return ms_error_set(err, MS_BAD_INPUT, "\"shifts\" is not a list of a few");
    row->shifts = ms_alloc(count, sizeof *row->shifts);
    if (!row->shifts)
        return ms_error_memory(err);
    for (; row->shift_count < count; row->shift_count++)
        if (!read_shift(&row->shifts[row->shift_count], kase, json_array_get(list, row->shift_count)))
            return ms_error_set(err, MS_BAD_INPUT, "\"shifts\" has one that is not of this case");
    return MS_OK;
}

ms_status ms_named_row_read(ms_named_row *row, const ms_case *kase, const char *text, size_t length, ms_error *err)
{
    json_t *object = NULL;
    MS_TRY(ms_json_parse(&object, text, length, "contingency", err));
    ms_status status = ms_outcome_from_json(&row->outcome, kase, json_object_get(object, "outcome"), err);
    if (status == MS_OK)
        status = read_shifts(row, kase, json_object_get(object, "shifts"), err);
    json_decref(object);
    if (status != MS_OK)
        ms_named_row_free(row);
    return status;
}
