/* rehearse_line.c: what was played of a set, as a line of JSON: for each planner [plans, weighted, [[priority, never,
 * late], ...]], without the priorities that have nothing. */
#include <limits.h>

#include "base/json.h"
#include "base/text.h"
#include "stress/rehearse.h"

enum { PLANNER_CELLS = 3, PRIORITY_CELLS = 3 };

static void put_played(ms_buf *out, const ms_played *played)
{
    char never[MS_NUMBER_BYTES], late[MS_NUMBER_BYTES];
    bool first = true;
    ms_buf_printf(out, "[%d,%s,[", played->plans, ms_number_text(never, played->weighted));
    for (int p = 0; p <= MS_PRIORITY_COUNT; p++) {
        if (played->never_t[p] == 0 && played->late_t_days[p] == 0)
            continue;
        ms_buf_printf(out, "%s[%d,%s,%s]", first ? "" : ",", p, ms_number_text(never, played->never_t[p]),
                      ms_number_text(late, played->late_t_days[p]));
        first = false;
    }
    ms_buf_text(out, "]]");
}

ms_status ms_played_write(ms_buf *out, const ms_played *played, ms_error *err)
{
    ms_buf_text(out, "[");
    for (int kind = 0; kind < MS_PLAYS; kind++) {
        ms_buf_text(out, kind > 0 ? "," : "");
        put_played(out, &played[kind]);
    }
    ms_buf_text(out, "]");
    return out->failed ? ms_error_memory(err) : MS_OK;
}

static bool read_priorities(ms_played *out, const json_t *list)
{
    if (!json_is_array(list) || json_array_size(list) > MS_PRIORITY_COUNT + 1)
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        const json_t *priority = json_array_get(row, 0);
        if (json_array_size(row) != PRIORITY_CELLS || !json_is_integer(priority) || json_integer_value(priority) < 0 ||
            json_integer_value(priority) > MS_PRIORITY_COUNT || !json_is_number(json_array_get(row, 1)) ||
            !json_is_number(json_array_get(row, 2)))
            return false;
        out->never_t[json_integer_value(priority)] = json_number_value(json_array_get(row, 1));
        out->late_t_days[json_integer_value(priority)] = json_number_value(json_array_get(row, 2));
    }
    return true;
}

static bool read_played(ms_played *out, const json_t *list)
{
    const json_t *plans = json_array_get(list, 0), *weighted = json_array_get(list, 1);
    *out = (ms_played){0};
    if (json_array_size(list) != PLANNER_CELLS || !json_is_integer(plans) || json_integer_value(plans) < 0 ||
        json_integer_value(plans) > INT_MAX || !json_is_number(weighted))
        return false;
    out->plans = (int)json_integer_value(plans);
    out->weighted = json_number_value(weighted);
    return read_priorities(out, json_array_get(list, 2));
}

ms_status ms_played_read(ms_played *played, const char *text, size_t length, ms_error *err)
{
    json_t *list = NULL;
    MS_TRY(ms_json_parse(&list, text, length, "played", err));
    bool good = json_is_array(list) && json_array_size(list) == MS_PLAYS;
    for (size_t kind = 0; good && kind < MS_PLAYS; kind++)
        good = read_played(&played[kind], json_array_get(list, kind));
    json_decref(list);
    return good ? MS_OK : ms_error_set(err, MS_BAD_INPUT, "what was played is not such a list");
}
