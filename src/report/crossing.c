/* crossing.c: gathering a plan's orders by agreement and item, and by who owes whom. */
#include "report/crossing.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/words.h"

enum { ROWS_SHOWN = 30 };

/* ---- gathering ---- */

static int by_agreement_item_place(const void *left, const void *right)
{
    const ms_order *a = left, *b = right;
    if (a->agreement_ix != b->agreement_ix)
        return a->agreement_ix < b->agreement_ix ? -1 : 1;
    if (a->item_ix != b->item_ix)
        return a->item_ix < b->item_ix ? -1 : 1;
    return (a->place_ix > b->place_ix) - (a->place_ix < b->place_ix);
}

/* What one order is worth, as in orders.csv: goods by the item's value; lift and entry have no price of their own in a
 * case. */
static double order_value(const ms_case *kase, const ms_order *order)
{
    bool goods = kase->agreements[order->agreement_ix].kind == MS_AGREE_ITEM;
    return goods ? order->quantity * kase->items[order->item_ix].value_per_unit : 0.0;
}

/* orders[0..count) are of one agreement and item, by place. */
static ms_crossing gather_crossing(const ms_case *kase, const ms_order *orders, size_t count)
{
    ms_crossing c = {.agreement_ix = orders[0].agreement_ix, .item_ix = orders[0].item_ix, .place_ix = -1};
    double t_per_unit = ms_item_t_per_unit(&kase->items[c.item_ix]);
    for (size_t i = 0; i < count;) {
        int32_t place = orders[i].place_ix;
        double place_t = 0.0;
        for (; i < count && orders[i].place_ix == place; i++) {
            c.quantity += orders[i].quantity;
            place_t += orders[i].quantity * t_per_unit;
            c.value += order_value(kase, &orders[i]);
        }
        c.tonnes += place_t;
        c.place_count++;
        if (c.place_ix < 0 || place_t > c.place_t) {
            c.place_ix = place;
            c.place_t = place_t;
        }
    }
    return c;
}

/* What a sort of crossings needs to see. */
typedef struct {
    const ms_agreement *agreement;
    ms_crossing crossing;
} ranked;

static int by_who_then_tonnes(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    const ms_agreement *g = a->agreement, *h = b->agreement;
    if (g->provider_ix != h->provider_ix)
        return g->provider_ix < h->provider_ix ? -1 : 1;
    if (g->receiver_ix != h->receiver_ix)
        return g->receiver_ix < h->receiver_ix ? -1 : 1;
    if (g->kind != h->kind)
        return g->kind < h->kind ? -1 : 1;
    if (g != h)
        return g < h ? -1 : 1;
    if (a->crossing.tonnes != b->crossing.tonnes)
        return a->crossing.tonnes > b->crossing.tonnes ? -1 : 1;
    return (a->crossing.item_ix > b->crossing.item_ix) - (a->crossing.item_ix < b->crossing.item_ix);
}

static void add_to_balance(ms_crossings *out, const ms_case *kase, const ms_crossing *crossing)
{
    const ms_agreement *agreement = &kase->agreements[crossing->agreement_ix];
    ms_balance *balance = NULL;
    for (size_t i = 0; i < out->balance_count && balance == NULL; i++) {
        ms_balance *b = &out->balances[i];
        if (b->receiver_ix == agreement->receiver_ix && b->provider_ix == agreement->provider_ix &&
            b->settlement == agreement->settlement)
            balance = b;
    }
    if (balance == NULL) {
        balance = &out->balances[out->balance_count++];
        *balance = (ms_balance){.receiver_ix = agreement->receiver_ix,
                                .provider_ix = agreement->provider_ix,
                                .settlement = agreement->settlement,
                                .due_days = NAN};
    }
    double *tonnes = agreement->kind == MS_AGREE_ITEM   ? &balance->item_t
                     : agreement->kind == MS_AGREE_LIFT ? &balance->lift_t
                                                        : &balance->site_t;
    *tonnes += crossing->tonnes;
    balance->value += crossing->value;
    balance->due_days = fmin(balance->due_days, agreement->due_days);
}

static int by_pair(const void *left, const void *right)
{
    const ms_balance *a = left, *b = right;
    if (a->receiver_ix != b->receiver_ix)
        return a->receiver_ix < b->receiver_ix ? -1 : 1;
    if (a->provider_ix != b->provider_ix)
        return a->provider_ix < b->provider_ix ? -1 : 1;
    return (a->settlement > b->settlement) - (a->settlement < b->settlement);
}

static void gather(ms_crossings *out, ms_order *orders, ranked *rows, const ms_plan *plan)
{
    const ms_case *kase = plan->kase;
    size_t count = 0;
    if (plan->order_count > 0)
        memcpy(orders, plan->orders, plan->order_count * sizeof *orders);
    qsort(orders, plan->order_count, sizeof *orders, by_agreement_item_place);
    for (size_t i = 0, end; i < plan->order_count; i = end) {
        for (end = i + 1; end < plan->order_count && orders[end].agreement_ix == orders[i].agreement_ix &&
                          orders[end].item_ix == orders[i].item_ix;)
            end++;
        rows[count].crossing = gather_crossing(kase, &orders[i], end - i);
        rows[count].agreement = &kase->agreements[orders[i].agreement_ix];
        count++;
    }
    qsort(rows, count, sizeof *rows, by_who_then_tonnes);
    for (size_t i = 0; i < count; i++) {
        out->crossings[i] = rows[i].crossing;
        out->used_t[rows[i].crossing.agreement_ix] += rows[i].crossing.tonnes;
        add_to_balance(out, kase, &rows[i].crossing);
    }
    out->crossing_count = count;
    qsort(out->balances, out->balance_count, sizeof *out->balances, by_pair);
}

ms_status ms_crossings_make(ms_crossings *out, const ms_plan *plan, ms_error *err)
{
    size_t most = plan->order_count;
    ms_crossings made = {0};
    ms_order *orders = ms_alloc(most, sizeof *orders);
    ranked *rows = ms_alloc(most, sizeof *rows);
    made.crossings = ms_alloc(most, sizeof *made.crossings);
    made.balances = ms_alloc(most, sizeof *made.balances);
    made.used_t = ms_alloc((size_t)plan->kase->agreements_count, sizeof *made.used_t);
    bool enough = orders != NULL && rows != NULL && made.crossings != NULL && made.balances != NULL &&
                  made.used_t != NULL;
    if (enough) {
        gather(&made, orders, rows, plan);
        *out = made;
    } else {
        ms_crossings_free(&made);
    }
    ms_free(orders);
    ms_free(rows);
    return enough ? MS_OK : ms_error_memory(err);
}

void ms_crossings_free(ms_crossings *crossings)
{
    ms_free(crossings->crossings);
    ms_free(crossings->balances);
    ms_free(crossings->used_t);
    *crossings = (ms_crossings){0};
}

/* ---- rows ---- */

enum {
    PROVIDER,
    RECEIVER,
    KIND,
    WHAT,
    ITEM,
    QUANTITY_TEXT,
    QUANTITY,
    UNIT,
    TONNES,
    WHERE,
    PLACE,
    PLACES,
    AGREEMENT,
    LIMIT,
    USED,
    SETTLEMENT,
    VALUE
};

static const ms_column columns[] = {
    [PROVIDER] = {"provider", NULL, NULL, MS_COLUMN_TEXT, 0},
    [RECEIVER] = {"receiver", NULL, NULL, MS_COLUMN_TEXT, 0},
    [KIND] = {"kind", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WHAT] = {NULL, "agreement", NULL, MS_COLUMN_TEXT, 1},
    [ITEM] = {"item", NULL, NULL, MS_COLUMN_TEXT, 0},
    [QUANTITY_TEXT] = {NULL, "what", NULL, MS_COLUMN_TEXT, 2},
    [QUANTITY] = {"quantity", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [UNIT] = {"unit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [TONNES] = {"tonnes", "t", NULL, MS_COLUMN_NUMBER, 1},
    [WHERE] = {NULL, "where", NULL, MS_COLUMN_TEXT, 4},
    [PLACE] = {"place", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PLACES] = {"places", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [AGREEMENT] = {"agreement", NULL, NULL, MS_COLUMN_TEXT, 0},
    [LIMIT] = {"limit_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [USED] = {"limit_used", "used %", NULL, MS_COLUMN_SHARE, 1},
    [SETTLEMENT] = {"settlement", NULL, NULL, MS_COLUMN_TEXT, 0},
    [VALUE] = {"value", NULL, NULL, MS_COLUMN_NUMBER, 0},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void put_where(ms_buf *out, const ms_case *kase, const ms_crossing *crossing, const char *arrow)
{
    if (kase->agreements[crossing->agreement_ix].kind == MS_AGREE_LIFT) {
        const ms_lane *lane = &kase->lanes[crossing->place_ix];
        ms_buf_printf(out, "%s %s %s", ms_words_site(kase, lane->from_ix), arrow, ms_words_site(kase, lane->to_ix));
    } else {
        ms_buf_text(out, ms_words_site(kase, crossing->place_ix));
    }
    if (crossing->place_count > 1)
        ms_buf_printf(out, " +%d", crossing->place_count - 1);
}

/* NAN for an agreement without a limit. */
static double limit_used(const ms_crossings *crossings, const ms_case *kase, int32_t agreement_ix)
{
    double limit_t = kase->agreements[agreement_ix].limit_t;
    if (isinf(limit_t))
        return NAN;
    double used = limit_t > 0.0 ? crossings->used_t[agreement_ix] / limit_t : 1.0;
    return used > 1.0 - 1e-6 ? 1.0 : used;
}

/* One row of one agreement and item. */
static void fill_row(ms_table *table, const ms_crossings *crossings, const ms_plan *plan, const ms_crossing *crossing,
                     const char *arrow)
{
    const ms_case *kase = plan->kase;
    const ms_agreement *agreement = &kase->agreements[crossing->agreement_ix];
    const ms_item *item = &kase->items[crossing->item_ix];
    ms_buf text = {0};
    ms_table_row(table);
    ms_table_text(table, PROVIDER, ms_words_partner(kase, agreement->provider_ix));
    ms_table_text(table, RECEIVER, ms_words_partner(kase, agreement->receiver_ix));
    ms_table_text(table, KIND, ms_agreement_kind_words[agreement->kind]);
    ms_buf_printf(&text, "    %s", ms_words_item(kase, crossing->item_ix));
    ms_table_text(table, WHAT, ms_words_of(&text));
    ms_table_text(table, ITEM, item->id);
    ms_buf_reset(&text);
    ms_words_quantity(&text, item, crossing->quantity);
    ms_table_text(table, QUANTITY_TEXT, ms_words_of(&text));
    ms_table_number(table, QUANTITY, crossing->quantity);
    ms_table_text(table, UNIT, item->unit);
    ms_table_number(table, TONNES, crossing->tonnes);
    ms_buf_reset(&text);
    put_where(&text, kase, crossing, arrow);
    ms_table_text(table, WHERE, ms_words_of(&text));
    ms_table_text(table, PLACE,
                  agreement->kind == MS_AGREE_LIFT ? kase->lanes[crossing->place_ix].id
                                                   : kase->sites[crossing->place_ix].id);
    ms_table_number(table, PLACES, crossing->place_count);
    ms_table_text(table, AGREEMENT, agreement->id);
    if (isfinite(agreement->limit_t)) {
        ms_table_number(table, LIMIT, agreement->limit_t);
        ms_table_number(table, USED, limit_used(crossings, kase, crossing->agreement_ix));
        ms_table_show(table, USED, ""); /* on the screen it stands beside the agreement */
    }
    ms_table_text(table, SETTLEMENT, ms_settlement_words[agreement->settlement]);
    ms_table_number(table, VALUE, crossing->value);
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

/* The screen's line of an agreement, above its items; where lift or entry is given, the items are only counted. */
static void fill_agreement(ms_table *table, const ms_crossings *crossings, const ms_case *kase, const ms_crossing *rows,
                           size_t count, const char *arrow)
{
    const ms_agreement *agreement = &kase->agreements[rows->agreement_ix];
    ms_buf text = {0};
    double used = limit_used(crossings, kase, rows->agreement_ix);
    ms_table_row(table);
    ms_buf_printf(&text, "  %s", agreement->id);
    ms_table_text(table, WHAT, ms_words_of(&text));
    ms_table_number(table, TONNES, crossings->used_t[rows->agreement_ix]);
    ms_table_number(table, USED, used);
    ms_table_tone(table, USED, used > 0.999 ? MS_TONE_BAD : used > 0.8 ? MS_TONE_FAIR : MS_TONE_PLAIN);
    if (agreement->kind != MS_AGREE_ITEM) {
        ms_buf_reset(&text);
        ms_buf_text(&text, agreement->kind == MS_AGREE_LIFT ? "lift of " : "entry of ");
        if (count == 1)
            ms_buf_text(&text, ms_words_item(kase, rows->item_ix));
        else
            ms_words_count(&text, count, "item", "items");
        ms_table_text(table, QUANTITY_TEXT, ms_words_of(&text));
        ms_buf_reset(&text);
        put_where(&text, kase, rows, arrow);
        ms_table_text(table, WHERE, ms_words_of(&text));
    }
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

enum { OWES, DEBTOR, CREDITOR, SETTLE, ITEM_T, LIFT_T, SITE_T, WORTH, CURRENCY, DUE };

static const ms_column balance_columns[] = {
    [OWES] = {NULL, "owes", NULL, MS_COLUMN_TEXT, 0},
    [DEBTOR] = {"debtor", NULL, NULL, MS_COLUMN_TEXT, 0},
    [CREDITOR] = {"creditor", NULL, NULL, MS_COLUMN_TEXT, 0},
    [SETTLE] = {"settlement", "settled", NULL, MS_COLUMN_TEXT, 1},
    [ITEM_T] = {"items_t", "goods", "t", MS_COLUMN_NUMBER, 2},
    [LIFT_T] = {"lift_t", "lift", "t", MS_COLUMN_NUMBER, 2},
    [SITE_T] = {"entry_t", "entry", "t", MS_COLUMN_NUMBER, 3},
    [WORTH] = {"value", "worth", "", MS_COLUMN_NUMBER, 1},
    [CURRENCY] = {"currency", "", NULL, MS_COLUMN_TEXT, 1},
    [DUE] = {"due_days", "due after", "days", MS_COLUMN_DAY, 3},
};
enum { BALANCE_COLUMNS = sizeof balance_columns / sizeof balance_columns[0] };

static void fill_balances(ms_table *table, const ms_crossings *crossings, const ms_case *kase, const char *arrow)
{
    for (size_t i = 0; i < crossings->balance_count; i++) {
        const ms_balance *b = &crossings->balances[i];
        ms_buf text = {0};
        ms_table_row(table);
        ms_buf_printf(&text, "%s %s %s", ms_words_partner(kase, b->receiver_ix), arrow,
                      ms_words_partner(kase, b->provider_ix));
        ms_table_text(table, OWES, ms_words_of(&text));
        ms_table_text(table, DEBTOR, ms_words_partner(kase, b->receiver_ix));
        ms_table_text(table, CREDITOR, ms_words_partner(kase, b->provider_ix));
        ms_table_text(table, SETTLE, ms_settlement_words[b->settlement]);
        if (b->settlement == MS_SETTLE_NONE)
            ms_table_show(table, SETTLE, "not stated");
        ms_table_number(table, ITEM_T, b->item_t);
        ms_table_number(table, LIFT_T, b->lift_t);
        ms_table_number(table, SITE_T, b->site_t);
        ms_table_number(table, WORTH, b->value);
        if (b->value <= 0.0)
            ms_table_show(table, WORTH, "-");
        ms_table_text(table, CURRENCY, kase->currency);
        if (b->value <= 0.0)
            ms_table_show(table, CURRENCY, "");
        ms_table_number(table, DUE, b->due_days);
        table->failed = table->failed || text.failed;
        ms_buf_free(&text);
    }
}

/* ---- the ways out ---- */

/* Rows that share the agreement of crossings[from]. */
static size_t group_size(const ms_crossings *crossings, size_t from)
{
    size_t count = 1;
    while (from + count < crossings->crossing_count &&
           crossings->crossings[from + count].agreement_ix == crossings->crossings[from].agreement_ix)
        count++;
    return count;
}

/* A line that says who gives to whom in the lines below it. */
static void fill_pair(ms_table *table, const ms_case *kase, const ms_agreement *agreement, const char *arrow)
{
    ms_buf text = {0};
    ms_buf_printf(&text, "%s %s %s", ms_words_partner(kase, agreement->provider_ix), arrow,
                  ms_words_partner(kase, agreement->receiver_ix));
    ms_table_row(table);
    ms_table_text(table, WHAT, ms_words_of(&text));
    ms_table_tone(table, WHAT, MS_TONE_STRONG);
    if (table->row_count > 1)
        ms_table_rule(table);
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

static void print_crossings(const ms_crossings *crossings, const ms_plan *plan, const ms_pen *pen)
{
    const char *arrow = ms_pen_glyph(pen, MS_GLYPH_ARROW);
    const ms_agreement *last = NULL;
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    for (size_t i = 0, count; i < crossings->crossing_count; i += count) {
        count = group_size(crossings, i);
        const ms_agreement *next = &plan->kase->agreements[crossings->crossings[i].agreement_ix];
        if (last == NULL || last->provider_ix != next->provider_ix || last->receiver_ix != next->receiver_ix)
            fill_pair(&table, plan->kase, next, arrow);
        last = next;
        fill_agreement(&table, crossings, plan->kase, &crossings->crossings[i], count, arrow);
        for (size_t r = i; next->kind == MS_AGREE_ITEM && r < i + count; r++)
            fill_row(&table, crossings, plan, &crossings->crossings[r], arrow);
    }
    ms_table_print(&table, pen, ROWS_SHOWN);
    if (table.row_count > ROWS_SHOWN) {
        ms_buf note = {0};
        ms_words_count(&note, table.row_count - ROWS_SHOWN, "more row", "more rows");
        ms_buf_text(&note, ": see orders.csv in the plan, or --json.");
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&note));
        pen->out->failed = pen->out->failed || note.failed;
        ms_buf_free(&note);
    }
    ms_table_free(&table);
}

void ms_crossings_print(const ms_crossings *crossings, const ms_plan *plan, const ms_pen *pen)
{
    if (plan->kase->partners_count < 2)
        return;
    ms_pen_heading(pen, "WHAT CROSSES BETWEEN PARTNERS", "goods, lift and entry under agreements");
    if (crossings->crossing_count == 0) {
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0,
                         plan->kase->agreements_count == 0 ? "Nothing: the case has no agreements." : "Nothing.");
        return;
    }
    print_crossings(crossings, plan, pen);
    ms_pen_heading(pen, "WHO OWES WHOM", "goods at their value; lift and entry in tonnes");
    ms_table table;
    ms_table_start(&table, balance_columns, BALANCE_COLUMNS);
    fill_balances(&table, crossings, plan->kase, ms_pen_glyph(pen, MS_GLYPH_ARROW));
    ms_table_print(&table, pen, ROWS_SHOWN);
    ms_table_free(&table);
}

void ms_crossings_csv(const ms_crossings *crossings, const ms_plan *plan, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    for (size_t i = 0; i < crossings->crossing_count; i++)
        fill_row(&table, crossings, plan, &crossings->crossings[i], "");
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

void ms_crossings_json(const ms_crossings *crossings, const ms_plan *plan, ms_json *json)
{
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    for (size_t i = 0; i < crossings->crossing_count; i++)
        fill_row(&table, crossings, plan, &crossings->crossings[i], "");
    ms_table_json(&table, json, "crossings");
    ms_table_free(&table);
    ms_table_start(&table, balance_columns, BALANCE_COLUMNS);
    fill_balances(&table, crossings, plan->kase, "");
    ms_table_json(&table, json, "balances");
    ms_table_free(&table);
}
