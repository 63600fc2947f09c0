/* check_read.c: the check's own reader of a plan's tables: movements, issues, stock, shortfalls, orders, prices.
 *
 * A plan folder is hostile until read. Each cell is looked up or parsed and its range checked; the columns that only
 * repeat what others say (from, to, tonnes ...) must say the same. Whatever is wrong becomes a finding with line and
 * column, and the row is left out; reading goes on, so that all faults are found at once. Rows end up sorted, and two
 * rows with one key are a fault. Cost: O(rows log rows).
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/csv.h"
#include "base/text.h"
#include "plan/check.h"

enum { COLUMNS_MOST = 20, PERIOD_MOST = 1 << 28 };
static const double QUANTITY_MOST = 1e15, PRICE_MOST = 1e15;

/* A table while it is read. */
typedef struct {
    ms_check *check;
    ms_check_file_ix file;
    ms_csv_reader *csv;
    ms_csv_record record;
    const char *const *columns; /* NULL-terminated */
    int place[COLUMNS_MOST];    /* field of each column */
    bool good;                  /* nothing wrong with this row so far */
    ms_status failed;           /* memory ran out */
} sheet;

__attribute__((format(printf, 3, 4))) static void fault(sheet *table, int column, const char *format, ...)
{
    int line = table->record.line, place = 0;
    if (column >= 0 && table->place[column] < table->record.field_count) {
        line = table->record.fields[table->place[column]].line;
        place = table->record.fields[table->place[column]].column;
    }
    va_list args;
    va_start(args, format);
    if (ms_check_vbreach(table->check, MS_CHECK_FILE, table->file, line, place, format, args) != MS_OK)
        table->failed = MS_NO_MEMORY;
    va_end(args);
    table->good = false;
}

/* The reader's own error becomes a finding, unless memory ran out. */
static ms_status note_error(sheet *table, const ms_error *fault_err, ms_error *err)
{
    if (fault_err->code == MS_NO_MEMORY)
        return ms_error_memory(err);
    if (ms_check_breach(table->check, MS_CHECK_FILE, table->file, fault_err->line, fault_err->column, "%s",
                        fault_err->message) != MS_OK)
        return ms_error_memory(err);
    return MS_OK;
}

/* ---- cells ---- */

static ms_csv_field cell(const sheet *table, int column)
{
    static const ms_csv_field empty = {"", 0, 0, 0, false};
    int place = table->place[column];
    return place < table->record.field_count ? table->record.fields[place] : empty;
}

static int shown(ms_csv_field field)
{
    return field.length > 80 ? 80 : (int)field.length;
}

/* An id, or -1: for an empty cell where that is allowed, and for one that is a fault. */
static int32_t id_cell(sheet *table, int column, const ms_names *names, const char *what, bool may_be_empty)
{
    ms_csv_field field = cell(table, column);
    if (field.length == 0) {
        if (!may_be_empty)
            fault(table, column, "%s is empty; it must name a %s", table->columns[column], what);
        return -1;
    }
    int32_t ix = ms_names_find(names, field.text, field.length);
    if (ix >= 0)
        return ix;
    const char *near = NULL;
    char text[81];
    if (ms_check_listed(table->check, MS_CHECK_FILE) && field.length < sizeof text) {
        memcpy(text, field.text, field.length);
        text[field.length] = '\0';
        near = ms_names_near(names, text);
    }
    fault(table, column, "no %s of the case is called '%.*s'%s%s%s", what, shown(field), field.text,
          near ? "; did you mean '" : "", near ? near : "", near ? "'" : "");
    return -1;
}

static double number_cell(sheet *table, int column, double low, double high)
{
    ms_csv_field field = cell(table, column);
    double value = 0;
    const char *wrong = ms_number_parse(&value, field.text, field.length);
    if (wrong != NULL) {
        fault(table, column, "%s '%.*s' %s", table->columns[column], shown(field), field.text, wrong);
        return 0;
    }
    if (!(value >= low && value <= high)) {
        fault(table, column, "%s %.9g is not between %.9g and %.9g", table->columns[column], value, low, high);
        return 0;
    }
    return value;
}

/* A day on which a period starts, as that period. Periods low to high are allowed. */
static int32_t period_cell(sheet *table, int column, int low, int high)
{
    double p = table->check->period_days;
    double day = number_cell(table, column, -QUANTITY_MOST, QUANTITY_MOST);
    if (!table->good)
        return low;
    double t = nearbyint(day / p);
    if (!(fabs(t) <= PERIOD_MOST) || fabs(day / p - t) > 1e-6) {
        fault(table, column, "%s %.9g is not the start of a period; periods are %.9g days long", table->columns[column],
              day, p);
        return low;
    }
    if (t < low || t > high) {
        fault(table, column, "%s %.9g lies outside the case, which runs from day 0 to day %.9g", table->columns[column],
              day, ms_check_day(table->check, table->check->periods));
        return low;
    }
    return (int32_t)t;
}

/* A commitment by its row number from 1, as its index; -1 for a fault. */
static int32_t commitment_cell(sheet *table, int column)
{
    int32_t most = table->check->kase->commitments_count;
    double number = number_cell(table, column, -QUANTITY_MOST, QUANTITY_MOST);
    if (table->good && !(number >= 1 && number <= most && number == floor(number)))
        fault(table, column, "the case has no commitment %.9g, but 1 to %d", number, (int)most);
    return table->good ? (int32_t)number - 1 : -1;
}

/* A column that repeats what other columns say. */
static void same_cell(sheet *table, int column, const char *text)
{
    ms_csv_field field = cell(table, column);
    if (table->good && (field.length != strlen(text) || memcmp(field.text, text, field.length) != 0))
        fault(table, column, "%s is '%.*s' where '%s' would fit the rest of the row", table->columns[column],
              shown(field), field.text, text);
}

static void tonnes_cell(sheet *table, int column, double tonnes)
{
    double told = number_cell(table, column, 0, QUANTITY_MOST);
    if (table->good && !(fabs(told - tonnes) <= ms_check_slack(tonnes)))
        fault(table, column, "tonnes says %.9g; the quantity weighs %.9g t", told, tonnes);
}

static double t_per_unit(const sheet *table, int32_t item_ix)
{
    return item_ix < 0 ? 0 : ms_item_t_per_unit(&table->check->kase->items[item_ix]);
}

static const char *unit_of(const sheet *table, int32_t item_ix)
{
    return item_ix < 0 ? "" : table->check->kase->items[item_ix].unit;
}

static int32_t partner_cell(sheet *table, int column)
{
    return id_cell(table, column, &table->check->kase->partner_names, "partner", true);
}

static int32_t item_cell(sheet *table, int column, bool may_be_empty)
{
    return id_cell(table, column, &table->check->kase->item_names, "item", may_be_empty);
}

static int32_t agreement_cell(sheet *table, int column)
{
    return id_cell(table, column, &table->check->kase->agreement_names, "agreement", true);
}

static const char *partner_text(const sheet *table, int32_t partner_ix)
{
    return partner_ix < 0 ? "" : table->check->kase->partners[partner_ix].id;
}

static int32_t reserve_of(sheet *table, int column, int32_t site_ix, int32_t item_ix, int32_t partner_ix)
{
    int32_t reserve_ix = table->good ? ms_check_reserve_at(table->check, site_ix, item_ix, partner_ix) : -1;
    if (table->good && reserve_ix < 0)
        fault(table, column, "the case has no reserve of that site, item and partner");
    return reserve_ix;
}

/* ---- rows, by table ---- */

/* Room for one more row, zeroed; NULL when memory is short. */
#define MORE(table, rows, count, capacity) more((table), (void **)&(rows), &(count), &(capacity), sizeof *(rows))

static void *more(sheet *table, void **rows, size_t *count, size_t *capacity, size_t size)
{
    void *block = *rows;
    if (*count >= INT32_MAX || !ms_grow(&block, capacity, *count + 1, size)) {
        table->failed = MS_NO_MEMORY;
        return NULL;
    }
    *rows = block;
    void *row = (char *)block + *count * size;
    memset(row, 0, size);
    ++*count;
    return row;
}

static const char *const movement_columns[] = {
    "lane",       "from",     "to",   "mode",   "item",           "owner",           "depart_day",
    "arrive_day", "quantity", "unit", "tonnes", "lift_agreement", "fleet_agreement", "site_agreement",
    "commitment", NULL};

static void movement_row(sheet *table, size_t *capacity)
{
    enum { LANE, FROM, TO, MODE, ITEM, OWNER, DEPART, ARRIVE, QUANTITY, UNIT, TONNES, LIFT, FLEET, SITE, COMMITMENT };
    ms_check *check = table->check;
    const ms_case *kase = check->kase;
    ms_check_movement row = {.commitment_ix = -1, .line = table->record.line};
    row.lane_ix = id_cell(table, LANE, &kase->lane_names, "lane", false);
    row.item_ix = item_cell(table, ITEM, false);
    row.owner_ix = partner_cell(table, OWNER);
    row.lift_ix = agreement_cell(table, LIFT);
    row.fleet_lift_ix = agreement_cell(table, FLEET);
    row.site_ix = agreement_cell(table, SITE);
    if (cell(table, COMMITMENT).length > 0)
        row.commitment_ix = commitment_cell(table, COMMITMENT);
    double quantity = number_cell(table, QUANTITY, 0, QUANTITY_MOST);
    row.depart = period_cell(table, DEPART, row.commitment_ix < 0 ? 0 : -PERIOD_MOST, check->periods - 1);
    row.arrive = period_cell(table, ARRIVE, -PERIOD_MOST, PERIOD_MOST);
    row.load_t = quantity * t_per_unit(table, row.item_ix);
    if (table->good) {
        const ms_lane *lane = &kase->lanes[row.lane_ix];
        same_cell(table, FROM, kase->sites[lane->from_ix].id);
        same_cell(table, TO, kase->sites[lane->to_ix].id);
        same_cell(table, MODE, ms_mode_words[lane->mode]);
        same_cell(table, UNIT, unit_of(table, row.item_ix));
        tonnes_cell(table, TONNES, row.load_t);
    }
    ms_check_movement *place = table->good ? MORE(table, check->movements, check->movement_count, *capacity) : NULL;
    if (place != NULL)
        *place = row;
}

static const char *const issue_columns[] = {"demand",   "site", "item",  "owner",      "receiver", "for_item",  "day",
                                            "quantity", "unit", "meets", "meets_unit", "tonnes",   "agreement", NULL};

static void issue_row(sheet *table, size_t *capacity)
{
    enum { DEMAND, SITE, ITEM, OWNER, RECEIVER, FOR_ITEM, DAY, QUANTITY, UNIT, MEETS, MEETS_UNIT, TONNES, AGREEMENT };
    ms_check *check = table->check;
    const ms_case *kase = check->kase;
    ms_check_issue row = {.line = table->record.line};
    row.demand_ix = id_cell(table, DEMAND, &kase->demand_names, "demand", false);
    row.item_ix = item_cell(table, ITEM, false);
    row.owner_ix = partner_cell(table, OWNER);
    row.agreement_ix = agreement_cell(table, AGREEMENT);
    double quantity = number_cell(table, QUANTITY, 0, QUANTITY_MOST);
    double meets = number_cell(table, MEETS, 0, QUANTITY_MOST);
    row.period = period_cell(table, DAY, 0, check->periods - 1);
    row.load_t = quantity * t_per_unit(table, row.item_ix);
    if (table->good) {
        const ms_demand *demand = &kase->demands[row.demand_ix];
        double told_t = meets * t_per_unit(table, demand->item_ix);
        row.met_t = row.load_t * ms_check_meets(check, demand->item_ix, row.item_ix);
        same_cell(table, SITE, kase->sites[demand->site_ix].id);
        same_cell(table, RECEIVER, partner_text(table, demand->partner_ix));
        same_cell(table, FOR_ITEM, kase->items[demand->item_ix].id);
        same_cell(table, UNIT, unit_of(table, row.item_ix));
        same_cell(table, MEETS_UNIT, unit_of(table, demand->item_ix));
        tonnes_cell(table, TONNES, row.load_t);
        if (table->good && row.met_t > 0 && !(fabs(told_t - row.met_t) <= ms_check_slack(row.met_t)))
            fault(table, MEETS, "meets says %.9g %s; the quantity issued meets %.9g", meets,
                  unit_of(table, demand->item_ix), row.met_t / t_per_unit(table, demand->item_ix));
    }
    ms_check_issue *place = table->good ? MORE(table, check->issues, check->issue_count, *capacity) : NULL;
    if (place != NULL)
        *place = row;
}

static const char *const level_columns[] = {"site", "item", "owner", "day", "quantity", "unit", "tonnes", NULL};

static void level_row(sheet *table, size_t *capacity)
{
    enum { SITE, ITEM, OWNER, DAY, QUANTITY, UNIT, TONNES };
    ms_check *check = table->check;
    ms_check_level row = {.period = -1, .line = table->record.line};
    row.site_ix = id_cell(table, SITE, &check->kase->site_names, "site", false);
    row.item_ix = item_cell(table, ITEM, false);
    row.owner_ix = partner_cell(table, OWNER);
    double quantity = number_cell(table, QUANTITY, 0, QUANTITY_MOST);
    if (cell(table, DAY).length > 0)
        row.period = period_cell(table, DAY, 0, check->periods - 1);
    row.level_t = quantity * t_per_unit(table, row.item_ix);
    if (table->good) {
        same_cell(table, UNIT, unit_of(table, row.item_ix));
        tonnes_cell(table, TONNES, row.level_t);
    }
    ms_check_level *place = table->good ? MORE(table, check->levels, check->level_count, *capacity) : NULL;
    if (place != NULL)
        *place = row;
}

static const char *const short_columns[] = {"kind", "demand",   "site", "item",   "partner", "priority",
                                            "day",  "quantity", "unit", "wanted", "tonnes",  NULL};
enum {
    SHORT_KIND,
    SHORT_DEMAND,
    SHORT_SITE,
    SHORT_ITEM,
    SHORT_PARTNER,
    SHORT_PRIORITY,
    SHORT_DAY,
    SHORT_QUANTITY,
    SHORT_UNIT,
    SHORT_WANTED,
    SHORT_TONNES
};

static bool cell_is(const sheet *table, int column, const char *text)
{
    ms_csv_field field = cell(table, column);
    return field.length == strlen(text) && memcmp(field.text, text, field.length) == 0;
}

/* Which demand, reserve or commitment the row is about; site and item come from its cells. */
static void short_row_ix(sheet *table, ms_check_short *row, int32_t *site_ix, int32_t *item_ix, int32_t *partner_ix)
{
    const ms_case *kase = table->check->kase;
    *item_ix = item_cell(table, SHORT_ITEM, false);
    *site_ix = id_cell(table, SHORT_SITE, &kase->site_names, "site", false);
    *partner_ix = partner_cell(table, SHORT_PARTNER);
    row->row_ix = -1;
    if (cell_is(table, SHORT_KIND, "demand")) {
        row->kind = MS_CHECK_SHORT_DEMAND;
        row->row_ix = id_cell(table, SHORT_DEMAND, &kase->demand_names, "demand", false);
    } else if (cell_is(table, SHORT_KIND, "commitment")) {
        row->kind = MS_CHECK_SHORT_COMMITMENT;
        row->row_ix = commitment_cell(table, SHORT_DEMAND);
    } else if (cell_is(table, SHORT_KIND, "reserve")) {
        row->kind = MS_CHECK_SHORT_RESERVE;
        row->row_ix = reserve_of(table, SHORT_SITE, *site_ix, *item_ix, *partner_ix);
    } else {
        fault(table, SHORT_KIND, "kind must be demand, reserve or commitment");
    }
}

/* The columns that repeat the case. */
static void short_same(sheet *table, const ms_check_short *row, int32_t site_ix, int32_t item_ix, int32_t partner_ix)
{
    const ms_case *kase = table->check->kase;
    int32_t site = site_ix, item = item_ix, partner = partner_ix;
    if (row->kind == MS_CHECK_SHORT_DEMAND) {
        site = kase->demands[row->row_ix].site_ix;
        item = kase->demands[row->row_ix].item_ix;
        partner = kase->demands[row->row_ix].partner_ix;
    } else if (row->kind == MS_CHECK_SHORT_COMMITMENT) {
        site = kase->lanes[kase->commitments[row->row_ix].lane_ix].to_ix;
        item = kase->commitments[row->row_ix].item_ix;
        partner = kase->commitments[row->row_ix].partner_ix;
    }
    if (row->kind != MS_CHECK_SHORT_COMMITMENT) /* a broken one is missed at both ends */
        same_cell(table, SHORT_SITE, kase->sites[site].id);
    same_cell(table, SHORT_ITEM, kase->items[item].id);
    same_cell(table, SHORT_PARTNER, partner_text(table, partner));
    same_cell(table, SHORT_UNIT, unit_of(table, item));
    tonnes_cell(table, SHORT_TONNES, row->short_t);
}

static void short_row(sheet *table, size_t *capacity)
{
    ms_check *check = table->check;
    int32_t site_ix, item_ix, partner_ix;
    ms_check_short row = {.line = table->record.line};
    short_row_ix(table, &row, &site_ix, &item_ix, &partner_ix);
    row.period = period_cell(table, SHORT_DAY, 0, check->periods - 1);
    row.short_t = number_cell(table, SHORT_QUANTITY, 0, QUANTITY_MOST) * t_per_unit(table, item_ix);
    number_cell(table, SHORT_WANTED, 0, QUANTITY_MOST);
    if (table->good)
        short_same(table, &row, site_ix, item_ix, partner_ix);
    ms_check_short *place = table->good ? MORE(table, check->shorts, check->short_count, *capacity) : NULL;
    if (place != NULL)
        *place = row;
}

static const char *const order_columns[] = {"agreement", "provider", "receiver", "kind", "item",   "site",       "lane",
                                            "from_day",  "to_day",   "quantity", "unit", "tonnes", "settlement", NULL};

static void order_row(sheet *table, size_t *capacity)
{
    enum { AGREEMENT, PROVIDER, RECEIVER, KIND, ITEM, SITE, LANE, FROM, TO, QUANTITY, UNIT, TONNES, SETTLEMENT };
    ms_check *check = table->check;
    const ms_case *kase = check->kase;
    ms_check_order row = {.line = table->record.line};
    row.agreement_ix = id_cell(table, AGREEMENT, &kase->agreement_names, "agreement", false);
    row.item_ix = item_cell(table, ITEM, false);
    row.from = period_cell(table, FROM, 0, check->periods - 1);
    row.to = period_cell(table, TO, 1, check->periods);
    row.load_t = number_cell(table, QUANTITY, 0, QUANTITY_MOST) * t_per_unit(table, row.item_ix);
    if (table->good) {
        const ms_agreement *agreement = &kase->agreements[row.agreement_ix];
        bool lift = agreement->kind == MS_AGREE_LIFT;
        row.place_ix = lift ? id_cell(table, LANE, &kase->lane_names, "lane", false)
                            : id_cell(table, SITE, &kase->site_names, "site", false);
        same_cell(table, PROVIDER, partner_text(table, agreement->provider_ix));
        same_cell(table, RECEIVER, partner_text(table, agreement->receiver_ix));
        same_cell(table, KIND, ms_agreement_kind_words[agreement->kind]);
        same_cell(table, UNIT, unit_of(table, row.item_ix));
        same_cell(table, SETTLEMENT, ms_settlement_words[agreement->settlement]);
        tonnes_cell(table, TONNES, row.load_t);
    }
    if (table->good && row.to <= row.from)
        fault(table, TO, "to_day must lie behind from_day");
    ms_check_order *place = table->good ? MORE(table, check->orders, check->order_count, *capacity) : NULL;
    if (place != NULL)
        *place = row;
}

static const char *const price_columns[] = {"label", "demand",  "lane", "site",  "fleet", "agreement",
                                            "item",  "partner", "day",  "price", NULL};
enum {
    PRICE_LABEL,
    PRICE_DEMAND,
    PRICE_LANE,
    PRICE_SITE,
    PRICE_FLEET,
    PRICE_AGREEMENT,
    PRICE_ITEM,
    PRICE_PARTNER,
    PRICE_DAY,
    PRICE_PRICE
};

static int32_t price_reserve(sheet *table)
{
    const ms_case *kase = table->check->kase;
    int32_t site_ix = id_cell(table, PRICE_SITE, &kase->site_names, "site", false);
    int32_t item_ix = item_cell(table, PRICE_ITEM, false);
    int32_t partner_ix = partner_cell(table, PRICE_PARTNER);
    return reserve_of(table, PRICE_SITE, site_ix, item_ix, partner_ix);
}

static int32_t price_row_ix(sheet *table, int32_t label)
{
    const ms_case *kase = table->check->kase;
    switch (label) {
    case 2:
        return id_cell(table, PRICE_DEMAND, &kase->demand_names, "demand", false);
    case 3:
        return id_cell(table, PRICE_LANE, &kase->lane_names, "lane", false);
    case 4:
    case 5:
        return id_cell(table, PRICE_SITE, &kase->site_names, "site", false);
    case 6:
        return id_cell(table, PRICE_FLEET, &kase->fleet_names, "fleet", false);
    case 7:
        return id_cell(table, PRICE_AGREEMENT, &kase->agreement_names, "agreement", false);
    case 8:
        return price_reserve(table);
    case 10:
        return commitment_cell(table, PRICE_DEMAND);
    default:
        fault(table, PRICE_LABEL, "label must be C2 to C8 or C10");
        return -1;
    }
}

static void price_row(sheet *table, size_t *capacity)
{
    ms_check *check = table->check;
    ms_csv_field label = cell(table, PRICE_LABEL);
    ms_check_price row = {.period = -1, .line = table->record.line};
    row.label = label.length == 2 && label.text[0] == 'C' ? label.text[1] - '0' : 0;
    if (cell_is(table, PRICE_LABEL, "C10"))
        row.label = 10;
    row.row_ix = price_row_ix(table, row.label);
    row.price = number_cell(table, PRICE_PRICE, -PRICE_MOST, PRICE_MOST);
    if (row.label != 7 && row.label != 10)
        row.period = period_cell(table, PRICE_DAY, 0, check->periods - 1);
    if (!table->good)
        return;
    if (row.label != 2 && row.price < 0) {
        /* A price of the wrong sign proves nothing: it is a breach, and counts as 0. */
        if (ms_check_breach(check, MS_CHECK_BOUND, table->file, row.line, cell(table, PRICE_PRICE).column,
                            "the price of a limit is %.9g; only a demand's (C2) may be negative", row.price) != MS_OK)
            table->failed = MS_NO_MEMORY;
        row.price = 0;
    }
    ms_check_price *place = MORE(table, check->prices, check->price_count, *capacity);
    if (place != NULL)
        *place = row;
}

/* ---- a table ---- */

typedef struct {
    const char *const *columns;
    void (*row)(sheet *table, size_t *capacity);
} table_kind;

static const table_kind tables[MS_CHECK_FILES] = {
    [MS_CHECK_MOVEMENTS] = {movement_columns, movement_row}, [MS_CHECK_ISSUES] = {issue_columns, issue_row},
    [MS_CHECK_STOCK] = {level_columns, level_row},           [MS_CHECK_SHORTFALLS] = {short_columns, short_row},
    [MS_CHECK_ORDERS] = {order_columns, order_row},          [MS_CHECK_PRICES] = {price_columns, price_row}};

/* Finds each column in the header row; others are people's and are passed over. False when one is missing. */
static bool find_columns(sheet *table)
{
    bool all = true;
    for (int c = 0; table->columns[c] != NULL; c++) {
        table->place[c] = INT_MAX;
        for (int f = 0; f < table->record.field_count; f++) {
            ms_csv_field field = table->record.fields[f];
            if (field.length == strlen(table->columns[c]) && memcmp(field.text, table->columns[c], field.length) == 0) {
                if (table->place[c] == INT_MAX)
                    table->place[c] = f;
                else
                    fault(table, -1, "two columns are called %s", table->columns[c]);
            }
        }
        if (table->place[c] == INT_MAX) {
            fault(table, -1, "the column %s is missing", table->columns[c]);
            all = false;
        }
    }
    return all && table->good;
}

static ms_status read_records(sheet *table, ms_error *err)
{
    size_t capacity = 0;
    ms_error wrong = {0};
    bool headed = false;
    for (;;) {
        if (ms_csv_next(table->csv, &table->record, &wrong) != MS_OK)
            return note_error(table, &wrong, err);
        if (table->record.field_count == 0)
            break;
        table->good = true;
        if (headed)
            tables[table->file].row(table, &capacity);
        else if (!find_columns(table))
            return table->failed == MS_OK ? MS_OK : ms_error_memory(err);
        headed = true;
        if (table->failed != MS_OK)
            return ms_error_memory(err);
    }
    if (!headed && table->failed == MS_OK)
        fault(table, -1, "has no header row");
    return table->failed == MS_OK ? MS_OK : ms_error_memory(err);
}

static ms_status read_table(ms_check *check, ms_check_file_ix file, const ms_check_file *bytes, ms_error *err)
{
    sheet table = {.check = check, .file = file, .columns = tables[file].columns};
    ms_error wrong = {0};
    if (bytes->text == NULL) {
        fault(&table, -1, "the plan has no such file");
        return table.failed == MS_OK ? MS_OK : ms_error_memory(err);
    }
    if (ms_csv_open(&table.csv, bytes->text, bytes->length, ms_check_file_names[file], &wrong) != MS_OK)
        return note_error(&table, &wrong, err);
    ms_status status = read_records(&table, err);
    ms_csv_close(table.csv);
    char last = bytes->length == 0 ? '\n' : bytes->text[bytes->length - 1];
    if (status == MS_OK && last != '\n' && last != '\r') {
        fault(&table, -1, "the last line has no end; the file may have been cut");
        status = table.failed == MS_OK ? MS_OK : ms_error_memory(err);
    }
    return status;
}

/* ---- order, and rows with one key ---- */

static int compare_ints(const void *a, const void *b, int count)
{
    const int32_t *left = a, *right = b;
    for (int i = 0; i < count; i++) {
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    }
    return 0;
}

/* The key of each row is its leading integers; the line number, right behind it or behind what it determines, breaks
 * ties. */
static int compare_movements(const void *a, const void *b)
{
    int by_key = compare_ints(a, b, 8);
    const ms_check_movement *left = a, *right = b;
    return by_key ? by_key : (left->line > right->line) - (left->line < right->line);
}

static int compare_issues(const void *a, const void *b)
{
    return compare_ints(a, b, 6);
}

static int compare_levels(const void *a, const void *b)
{
    return compare_ints(a, b, 5);
}

static int compare_three(const void *a, const void *b)
{
    return compare_ints(a, b, 4);
}

static int compare_orders(const void *a, const void *b)
{
    return compare_ints(a, b, 6);
}

static ms_status sort_rows(ms_check *check, ms_check_file_ix file, void *rows, size_t count, size_t size, int keys,
                           size_t line_at, int (*compare)(const void *, const void *))
{
    if (count == 0)
        return MS_OK;
    qsort(rows, count, size, compare);
    for (size_t i = 1; i < count; i++) {
        const char *before = (const char *)rows + (i - 1) * size, *here = before + size;
        if (compare_ints(before, here, keys) == 0) {
            int32_t first, second;
            memcpy(&first, before + line_at, sizeof first);
            memcpy(&second, here + line_at, sizeof second);
            MS_TRY(ms_check_breach(check, MS_CHECK_FILE, file, second, 0,
                                   "says again what line %d says; it must be one row", first));
        }
    }
    return MS_OK;
}

static ms_status sort_all(ms_check *check)
{
    MS_TRY(sort_rows(check, MS_CHECK_MOVEMENTS, check->movements, check->movement_count, sizeof *check->movements, 8,
                     offsetof(ms_check_movement, line), compare_movements));
    MS_TRY(sort_rows(check, MS_CHECK_ISSUES, check->issues, check->issue_count, sizeof *check->issues, 5,
                     offsetof(ms_check_issue, line), compare_issues));
    MS_TRY(sort_rows(check, MS_CHECK_STOCK, check->levels, check->level_count, sizeof *check->levels, 4,
                     offsetof(ms_check_level, line), compare_levels));
    MS_TRY(sort_rows(check, MS_CHECK_SHORTFALLS, check->shorts, check->short_count, sizeof *check->shorts, 3,
                     offsetof(ms_check_short, line), compare_three));
    MS_TRY(sort_rows(check, MS_CHECK_ORDERS, check->orders, check->order_count, sizeof *check->orders, 4,
                     offsetof(ms_check_order, line), compare_orders));
    return sort_rows(check, MS_CHECK_PRICES, check->prices, check->price_count, sizeof *check->prices, 3,
                     offsetof(ms_check_price, line), compare_three);
}

ms_status ms_check_read_rows(ms_check *check, const ms_check_file files[MS_CHECK_FILES], ms_error *err)
{
    for (int file = MS_CHECK_MOVEMENTS; file < MS_CHECK_FILES; file++)
        MS_TRY(read_table(check, (ms_check_file_ix)file, &files[file], err));
    return sort_all(check) == MS_OK ? MS_OK : ms_error_memory(err);
}
