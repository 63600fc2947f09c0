/* report_stated.c: what partners gave as sums or as days of supply alone: pictures that no plan counts on, but that a
 * planner who looks at the combined posture wants to know. Cost: the last releases of each partner (docs/exchange.md).
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "exchange/exchange.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"

enum { DAY_MS = 86400000 };
enum { PARTNER, AS_OF, PICTURE, OF, SAYS };
static const ms_column columns[] = {
    [PARTNER] = {"partner", "partner", NULL, MS_COLUMN_TEXT, 0}, [AS_OF] = {"as_of", "as of", NULL, MS_COLUMN_TEXT, 1},
    [PICTURE] = {"picture", "picture", NULL, MS_COLUMN_TEXT, 0}, [OF] = {"of", "of", NULL, MS_COLUMN_TEXT, 0},
    [SAYS] = {"says", "says", NULL, MS_COLUMN_TEXT, 0},
};

typedef struct {
    ms_book *book;
    const char *partner; /* NULL: all */
    ms_table table;
    ms_buf of, says;
} stating;

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* "class III, KR, week 2": what the sum was not added up over. */
static void put_sum(stating *to, const json_t *sum)
{
    double tonnes = 0;
    const char *number = text_at(sum, "tonnes"), *class = text_at(sum, "class"), *region = text_at(sum, "region");
    const json_t *week = json_object_get(sum, "week");
    if (class[0] != '\0')
        ms_buf_printf(&to->of, "class %s", class);
    if (region[0] != '\0')
        ms_buf_printf(&to->of, "%s%s", to->of.length > 0 ? ", " : "",
                      strcmp(region, "unknown") == 0 ? "country unknown" : region);
    if (json_is_integer(week))
        ms_buf_printf(&to->of, "%sdays %lld to %lld", to->of.length > 0 ? ", " : "", 7 * json_integer_value(week),
                      7 * json_integer_value(week) + 6);
    if (to->of.length == 0)
        ms_buf_text(&to->of, "all");
    if (ms_number_parse(&tonnes, number, strlen(number)) == NULL)
        ms_words_tonnes(&to->says, tonnes);
}

static void put_days(stating *to, const json_t *days)
{
    ms_buf_printf(&to->of, "%s at %s", text_at(days, "item"), text_at(days, "site"));
    ms_buf_printf(&to->says, "%s days%s", text_at(days, "days"),
                  json_is_true(json_object_get(days, "or_more")) ? " or more" : "");
}

/* A row of the table for a sum or days of supply; nothing for any other record. */
static ms_status put_record(stating *to, const ms_channel *channel, const ms_record *record, ms_error *err)
{
    char time[MS_DATE_BYTES];
    json_t *root = NULL;
    if (strncmp(record->key, "sums/", 5) != 0 && strncmp(record->key, "days/", 5) != 0)
        return MS_OK;
    MS_TRY(ms_json_parse(&root, record->line, strlen(record->line), "release", err));
    const json_t *sum = json_object_get(root, "sum"), *days = json_object_get(root, "days");
    ms_buf_reset(&to->of);
    ms_buf_reset(&to->says);
    if (json_is_object(sum))
        put_sum(to, sum);
    else if (json_is_object(days))
        put_days(to, days);
    if (to->of.length > 0) {
        ms_table_row(&to->table);
        ms_table_text(&to->table, PARTNER, channel->partner);
        ms_table_text(&to->table, AS_OF, ms_date_text(time, (long)(channel->made_ms / DAY_MS), 0));
        ms_table_text(&to->table, PICTURE, json_is_object(sum) ? text_at(root, "table") : "days of supply");
        ms_table_text(&to->table, OF, ms_words_of(&to->of));
        ms_table_text(&to->table, SAYS, ms_words_of(&to->says));
    }
    json_decref(root);
    return to->table.failed || to->of.failed || to->says.failed ? ms_error_memory(err) : MS_OK;
}

static ms_status put_partner(void *context, const ms_trust *trust, ms_error *err)
{
    stating *to = context;
    ms_channel channel;
    ms_picture picture;
    if (trust->revoked || (to->partner != NULL && strcmp(trust->key.partner, to->partner) != 0))
        return MS_OK;
    MS_TRY(ms_channel_read(&channel, to->book, trust->key.partner, err));
    if (channel.taken == 0)
        return MS_OK;
    MS_TRY(ms_channel_picture(&picture, to->book, "taken", channel.partner, channel.taken_whole, channel.taken, err));
    ms_status status = MS_OK;
    for (size_t ix = 0; ix < picture.count && status == MS_OK; ix++)
        status = put_record(to, &channel, &picture.records[ix], err);
    ms_picture_free(&picture);
    return status;
}

ms_status ms_report_stated(ms_buf *out, ms_book *book, const char *partner, const ms_view *view, ms_error *err)
{
    stating to = {.book = book, .partner = partner};
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&to.table, columns, (int)(sizeof columns / sizeof columns[0]));
    ms_status status = ms_trust_each(book, put_partner, &to, err);
    if (status == MS_OK && to.table.row_count > 0) {
        ms_pen_heading(&pen, "GIVEN ONLY AS SUMS OR DAYS", "what partners hold; no plan counts on it");
        ms_table_print(&to.table, &pen, 0);
    }
    made.failed = made.failed || to.table.failed;
    ms_table_free(&to.table);
    ms_buf_free(&to.of);
    ms_buf_free(&to.says);
    if (status == MS_OK)
        return ms_report_hand_over(out, &made, err);
    ms_buf_free(&made);
    return status;
}
