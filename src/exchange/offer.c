/* offer.c: rows of the case through the rules into records. See offer.h; docs/exchange.md has the records. */
#include "exchange/offer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "case/format.h"

enum { COLUMNS_MOST = 16 };

/* What adds up to one record of a sum. */
typedef struct {
    const char *class, *region; /* NULL: not by it */
    int week;                   /* -1: not by it */
    ms_release_table table;
    double tonnes;
    size_t rows;
} sum;

typedef struct {
    ms_offer *offer;
    const ms_case *kase;
    const ms_rules *rules;
    const char *self, *to;
    int32_t self_ix;
    ms_release_table table;
    const ms_format_file *format;
    const char *columns[COLUMNS_MOST]; /* by column of the format; NULL: absent */
    ms_names sums, sites, repeats;     /* keys of sums; own sites that rows name; keys where rows may be equal */
    bool *item_is_out;                 /* described in the picture of now */
    sum *sum_rows;
    size_t sum_capacity;
    ms_arena *arena;
    ms_buf line, key;
} maker;

/* ---- what a row is about ---- */

static int32_t find(const ms_names *names, const char *id)
{
    return id == NULL ? MS_NONE : ms_names_find(names, id, strlen(id));
}

static char *keep_number(maker *m, double number)
{
    char text[MS_NUMBER_BYTES];
    ms_number_text(text, number);
    return ms_arena_strndup(m->arena, text, strlen(text));
}

static const char *cell(const maker *m, const char *name)
{
    int column = ms_format_column(m->format, name, strlen(name));
    const char *text = column < 0 ? NULL : m->columns[column];
    return text == NULL ? "" : text;
}

static ms_subject subject_of(const maker *m)
{
    ms_subject subject = {0};
    const ms_case *kase = m->kase;
    if (m->table == MS_RELEASE_LANES) {
        subject.from = cell(m, "from");
        subject.to = cell(m, "to");
    } else if (m->table == MS_RELEASE_COMMITMENTS) {
        int32_t lane_ix = find(&kase->lane_names, cell(m, "lane"));
        subject.from = lane_ix < 0 ? NULL : kase->sites[kase->lanes[lane_ix].from_ix].id;
        subject.to = lane_ix < 0 ? NULL : kase->sites[kase->lanes[lane_ix].to_ix].id;
    } else if (ms_format_column(m->format, "site", 4) >= 0) {
        subject.from = subject.to = cell(m, "site");
    }
    if (ms_format_column(m->format, "item", 4) >= 0) {
        subject.item = cell(m, "item");
        int32_t item_ix = find(&kase->item_names, subject.item);
        subject.class = item_ix < 0 ? NULL : ms_class_words[kase->items[item_ix].class_ix];
    }
    return subject;
}

/* ---- records ---- */

static int by_name(const void *left, const void *right)
{
    return strcmp((*(const ms_column *const *)left)->name, (*(const ms_column *const *)right)->name);
}

/* "stocks/port-a/diesel/blue": table and key cells; where the format has no key, all cells. */
static void put_key(maker *m)
{
    bool keyed = false;
    ms_buf_reset(&m->key);
    ms_buf_text(&m->key, ms_release_table_words[m->table]);
    for (int ix = 0; ix < m->format->column_count; ix++)
        keyed = keyed || m->format->columns[ix].type == MS_COLUMN_ID || (m->format->columns[ix].flags & MS_COLUMN_KEY);
    for (int ix = 0; ix < m->format->column_count; ix++) {
        const ms_column *column = &m->format->columns[ix];
        if (!keyed || column->type == MS_COLUMN_ID || (column->flags & MS_COLUMN_KEY) != 0)
            ms_buf_printf(&m->key, "/%s", m->columns[ix] == NULL ? "" : m->columns[ix]);
    }
}

/* The row being looked at as a line; amount is "" where the detail has none. */
static void put_row_line(maker *m, ms_detail detail, const char *amount)
{
    const ms_column *sorted[COLUMNS_MOST];
    int count = m->format->column_count;
    ms_json json;
    for (int ix = 0; ix < count; ix++)
        sorted[ix] = &m->format->columns[ix];
    qsort(sorted, (size_t)count, sizeof sorted[0], by_name);
    ms_buf_reset(&m->line);
    ms_json_start_canonical(&json, &m->line);
    ms_json_open_object(&json, NULL);
    if (amount[0] != '\0')
        ms_json_string(&json, "amount", amount);
    ms_json_string(&json, "detail", ms_detail_words[detail]);
    ms_json_string(&json, "key", m->key.text);
    ms_json_open_object(&json, "row");
    for (int ix = 0; ix < count; ix++) {
        const char *text = m->columns[sorted[ix] - m->format->columns];
        if (text != NULL && text[0] != '\0')
            ms_json_string(&json, sorted[ix]->name, text);
    }
    ms_json_close_object(&json);
    ms_json_string(&json, "table", ms_release_table_words[m->table]);
    ms_json_close_object(&json);
}

static ms_status put_line(maker *m, ms_picture *picture, ms_error *err)
{
    if (m->line.failed || m->key.failed)
        return ms_error_memory(err);
    if (m->line.length > 60000)
        return ms_error_set(err, MS_LIMIT, "the row %.200s is longer than a release may have", m->key.text);
    return ms_picture_put(picture, m->key.text, m->line.text, m->line.length, err);
}

/* What the reader needs to match the item. Costs, values and criticality stay home. */
static ms_status put_item(maker *m, ms_picture *picture, int32_t item_ix, ms_error *err)
{
    const ms_item *item = &m->kase->items[item_ix];
    char number[MS_NUMBER_BYTES];
    ms_json json;
    ms_buf_reset(&m->key);
    ms_buf_reset(&m->line);
    ms_buf_printf(&m->key, "items/%s", item->id);
    ms_json_start_canonical(&json, &m->line);
    ms_json_open_object(&json, NULL);
    ms_json_open_object(&json, "item");
    ms_json_string(&json, "class", ms_class_words[item->class_ix]);
    ms_json_string(&json, "item", item->id);
    ms_json_string(&json, "kg_per_unit", ms_number_text(number, item->kg_per_unit));
    ms_json_string(&json, "name", item->name);
    ms_json_string(&json, "nsn", item->nsn);
    ms_json_string(&json, "unit", item->unit);
    ms_json_close_object(&json);
    ms_json_string(&json, "key", m->key.text == NULL ? "" : m->key.text);
    ms_json_close_object(&json);
    return put_line(m, picture, err);
}

/* The items that the row names: its own, and those in a lane's carries or an agreement's scope. */
static ms_status put_items(maker *m, ms_picture *picture, const ms_subject *subject, ms_error *err)
{
    const char *list = m->table == MS_RELEASE_LANES        ? cell(m, "carries")
                       : m->table == MS_RELEASE_AGREEMENTS ? cell(m, "scope")
                       : subject->item != NULL             ? subject->item
                                                           : "";
    for (;;) {
        list += strspn(list, " ;");
        size_t length = strcspn(list, " ;");
        if (length == 0)
            return MS_OK;
        int32_t item_ix = ms_names_find(&m->kase->item_names, list, length);
        bool now = picture == &m->offer->now;
        if (item_ix >= 0 && !(now && m->item_is_out[item_ix]))
            MS_TRY(put_item(m, picture, item_ix, err));
        if (item_ix >= 0 && now)
            m->item_is_out[item_ix] = true;
        list += length;
    }
}

static ms_status note_sites(maker *m, const ms_subject *subject, ms_error *err)
{
    const char *const ids[2] = {subject->from, subject->to};
    for (int ix = 0; ix < 2 && m->table != MS_RELEASE_SITES; ix++) {
        int32_t site_ix = find(&m->kase->site_names, ids[ix]), known;
        bool fresh;
        if (site_ix >= 0 && m->kase->sites[site_ix].partner_ix == m->self_ix &&
            !ms_names_add(&m->sites, m->kase->sites[site_ix].id, &known, &fresh))
            return ms_error_memory(err);
    }
    return MS_OK;
}

/* Rows of a table without a key may be equal: the second one's key ends in "#2". */
static ms_status tell_apart(maker *m, ms_error *err)
{
    size_t length = m->key.length;
    bool fresh = false;
    for (int copy = 1; !fresh; copy++) {
        int32_t ix;
        if (copy > 1) {
            m->key.length = length;
            ms_buf_printf(&m->key, "#%d", copy);
        }
        char *key = m->key.failed ? NULL : ms_arena_strndup(m->arena, m->key.text, m->key.length);
        if (key == NULL || !ms_names_add(&m->repeats, key, &ix, &fresh))
            return ms_error_memory(err);
    }
    return MS_OK;
}

static ms_status put_row(maker *m, ms_picture *picture, ms_detail detail, const char *amount, const ms_subject *subject,
                         ms_error *err)
{
    put_key(m);
    if (m->table == MS_RELEASE_COMMITMENTS)
        MS_TRY(tell_apart(m, err));
    put_row_line(m, detail, amount);
    MS_TRY(put_line(m, picture, err));
    MS_TRY(note_sites(m, subject, err));
    return put_items(m, picture, subject, err);
}

/* ---- rounding ---- */

/* The columns that rounding touches; `up` for what is wanted, so that a plan never counts on too much. */
static const struct {
    ms_release_table table;
    const char *column;
    bool up;
} magnitudes[] = {
    {MS_RELEASE_SITES, "handling_t_per_day", false}, {MS_RELEASE_SITES, "storage_t", false},
    {MS_RELEASE_FLEETS, "vehicles", false},          {MS_RELEASE_LANES, "capacity_t_per_day", false},
    {MS_RELEASE_STOCKS, "quantity", false},          {MS_RELEASE_SUPPLIES, "per_day", false},
    {MS_RELEASE_DEMANDS, "per_day", true},           {MS_RELEASE_RESERVES, "quantity", true},
    {MS_RELEASE_COMMITMENTS, "quantity", false},
};

static ms_status round_cells(maker *m, double amount, ms_error *err)
{
    for (size_t ix = 0; ix < sizeof magnitudes / sizeof magnitudes[0]; ix++) {
        double number;
        const char *text = cell(m, magnitudes[ix].column);
        if (magnitudes[ix].table != m->table || text[0] == '\0')
            continue;
        if (ms_number_parse(&number, text, strlen(text)) != NULL)
            return ms_error_set(err, MS_BAD_INPUT, "%s of %s is no number", magnitudes[ix].column, m->format->name);
        double steps = number / amount;
        steps = magnitudes[ix].up ? ceil(steps - 1e-9) : floor(steps + 1e-9);
        char tidy[64];
        snprintf(tidy, sizeof tidy, "%.12g", steps * amount);
        if (ms_number_parse(&number, tidy, strlen(tidy)) != NULL)
            number = steps * amount;
        char *copy = keep_number(m, number);
        if (copy == NULL)
            return ms_error_memory(err);
        m->columns[ms_format_column(m->format, magnitudes[ix].column, strlen(magnitudes[ix].column))] = copy;
    }
    return MS_OK;
}

/* ---- sums ---- */

static ms_status add_to_sum(maker *m, const sum *part, ms_error *err)
{
    char key[256];
    int32_t ix;
    bool fresh;
    snprintf(key, sizeof key, "sums/%s/%s/%s/", ms_release_table_words[part->table],
             part->class == NULL ? "" : part->class, part->region == NULL ? "" : part->region);
    if (part->week >= 0)
        snprintf(key + strlen(key), sizeof key - strlen(key), "%d", part->week);
    char *copy = ms_arena_strndup(m->arena, key, strlen(key));
    void *block = m->sum_rows;
    if (copy == NULL || !ms_names_add(&m->sums, copy, &ix, &fresh) ||
        !ms_grow(&block, &m->sum_capacity, m->sums.count, sizeof *m->sum_rows))
        return ms_error_memory(err);
    m->sum_rows = block;
    if (fresh) {
        m->sum_rows[ix] = *part;
        m->sum_rows[ix].tonnes = 0;
        m->sum_rows[ix].rows = 0;
    }
    m->sum_rows[ix].tonnes += part->tonnes;
    m->sum_rows[ix].rows++;
    return MS_OK;
}

/* What the span [from, to) of a row shares with [low, high). */
static double shared_days(double from, double to, double low, double high)
{
    double begin = from > low ? from : low, end = to < high ? to : high;
    return end > begin ? end - begin : 0;
}

static double number_of(const maker *m, const char *column, double fallback)
{
    double number = fallback;
    const char *text = cell(m, column);
    return text[0] == '\0' || ms_number_parse(&number, text, strlen(text)) != NULL ? fallback : number;
}

static ms_status sum_row(maker *m, const ms_rule *rule, const ms_subject *subject, ms_error *err)
{
    int32_t site_ix = find(&m->kase->site_names, subject->from), item_ix = find(&m->kase->item_names, subject->item);
    if (site_ix < 0 || item_ix < 0)
        return ms_error_set(err, MS_BAD_INPUT, "a row of %s names a site or item that is not in the case",
                            m->format->name);
    const char *country = m->kase->sites[site_ix].country;
    double per_unit = ms_item_t_per_unit(&m->kase->items[item_ix]);
    sum part = {.table = m->table,
                .class = rule->by & MS_BY_CLASS ? subject->class : NULL,
                .region = rule->by & MS_BY_REGION ? (country[0] != '\0' ? country : "unknown") : NULL,
                .week = -1};
    if (m->table == MS_RELEASE_STOCKS) {
        part.tonnes = number_of(m, "quantity", 0) * per_unit;
        return add_to_sum(m, &part, err);
    }
    double from = number_of(m, "from_day", 0), to = number_of(m, "to_day", INFINITY),
           per_day = number_of(m, "per_day", 0) * per_unit, days = m->kase->days;
    if ((rule->by & MS_BY_WEEK) == 0) {
        part.tonnes = per_day * shared_days(from, to, 0, days);
        return add_to_sum(m, &part, err);
    }
    for (int week = 0; 7.0 * week < days; week++) {
        double high = 7.0 * week + 7 < days ? 7.0 * week + 7 : days;
        part.week = week;
        part.tonnes = per_day * shared_days(from, to, 7.0 * week, high);
        if (part.tonnes > 0)
            MS_TRY(add_to_sum(m, &part, err));
    }
    return MS_OK;
}

static ms_status put_sums(maker *m, ms_error *err)
{
    for (size_t ix = 0; ix < m->sums.count; ix++) {
        const sum *row = &m->sum_rows[ix];
        char number[MS_NUMBER_BYTES];
        ms_json json;
        m->offer->lone_sums += row->rows == 1;
        ms_buf_reset(&m->key);
        ms_buf_reset(&m->line);
        ms_buf_text(&m->key, m->sums.names[ix]);
        ms_json_start_canonical(&json, &m->line);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "key", m->sums.names[ix]);
        ms_json_open_object(&json, "sum");
        if (row->class != NULL)
            ms_json_string(&json, "class", row->class);
        if (row->region != NULL)
            ms_json_string(&json, "region", row->region);
        ms_json_string(&json, "tonnes", ms_number_text(number, round(row->tonnes * 1000) / 1000));
        if (row->week >= 0)
            ms_json_integer(&json, "week", row->week);
        ms_json_close_object(&json);
        ms_json_string(&json, "table", ms_release_table_words[row->table]);
        ms_json_close_object(&json);
        MS_TRY(put_line(m, &m->offer->now, err));
    }
    return MS_OK;
}

/* ---- days of supply ---- */

/* For how many days the own demand at the site is met by stock alone, down to a tenth; -1: there is no such demand. At
 * most the days of the case: then *beyond. */
static double days_of_supply(const maker *m, int32_t site_ix, int32_t item_ix, double stock, bool *beyond)
{
    const ms_case *kase = m->kase;
    double wanted = 0, left = stock;
    for (int t = 0; t < kase->period_count; t++) {
        double need = 0;
        for (int32_t at = kase->site_demand_start[site_ix]; at < kase->site_demand_start[site_ix + 1]; at++) {
            const ms_demand *demand = &kase->demands[kase->site_demands[at]];
            if (demand->item_ix == item_ix && demand->partner_ix == m->self_ix)
                need += ms_case_demand(kase, kase->site_demands[at], t);
        }
        wanted += need;
        if (need > left)
            return floor((t + left / need) * kase->period_days * 10 + 1e-9) / 10;
        left -= need;
    }
    *beyond = true;
    return wanted > 0 ? floor(kase->days * 10 + 1e-9) / 10 : -1;
}

static ms_status put_days(maker *m, const ms_subject *subject, ms_error *err)
{
    int32_t site_ix = find(&m->kase->site_names, subject->from), item_ix = find(&m->kase->item_names, subject->item);
    bool beyond = false;
    char number[MS_NUMBER_BYTES];
    if (site_ix < 0 || item_ix < 0)
        return ms_error_set(err, MS_BAD_INPUT, "a row of %s names a site or item that is not in the case",
                            m->format->name);
    double days = days_of_supply(m, site_ix, item_ix, number_of(m, "quantity", 0), &beyond);
    if (days < 0)
        return MS_OK; /* nothing to measure it by */
    ms_json json;
    ms_buf_reset(&m->key);
    ms_buf_reset(&m->line);
    ms_buf_printf(&m->key, "days/%s/%s", subject->from, subject->item);
    ms_json_start_canonical(&json, &m->line);
    ms_json_open_object(&json, NULL);
    ms_json_open_object(&json, "days");
    ms_json_string(&json, "days", ms_number_text(number, days));
    ms_json_string(&json, "item", subject->item);
    ms_json_bool(&json, "or_more", beyond);
    ms_json_string(&json, "site", subject->from);
    ms_json_close_object(&json);
    ms_json_string(&json, "key", m->key.text == NULL ? "" : m->key.text);
    ms_json_close_object(&json);
    MS_TRY(put_line(m, &m->offer->now, err));
    MS_TRY(note_sites(m, subject, err));
    return put_items(m, &m->offer->now, subject, err);
}

/* ---- row by row ---- */

static ms_status picture_of_delay(ms_picture **out, maker *m, double days, ms_error *err)
{
    ms_offer *offer = m->offer;
    for (int ix = 0; ix < offer->delayed_count; ix++) {
        if (offer->delayed[ix].days == days) {
            *out = &offer->delayed[ix].rows;
            return MS_OK;
        }
    }
    if (offer->delayed_count == MS_DELAYS_MOST)
        return ms_error_set(err, MS_BAD_INPUT, "the rules have more than %d different delays", MS_DELAYS_MOST);
    int ix = offer->delayed_count;
    MS_TRY(ms_picture_start(&offer->delayed[ix].rows, err));
    offer->delayed[ix].days = days;
    offer->delayed_count++;
    *out = &offer->delayed[ix].rows;
    return MS_OK;
}

/* The row in m->columns, by the rule that decides about it. */
static ms_status offer_row(maker *m, ms_error *err)
{
    ms_subject subject = subject_of(m);
    const ms_rule *rule = ms_rules_decide(m->rules, m->to, m->table, &subject);
    ms_picture *picture = &m->offer->now;
    char amount[MS_NUMBER_BYTES] = "";
    m->offer->own[m->table]++;
    if (rule == NULL || rule->detail == MS_DETAIL_WITHHELD)
        return MS_OK;
    m->offer->out[m->table]++;
    if (rule->detail == MS_DETAIL_SUMMED)
        return sum_row(m, rule, &subject, err);
    if (rule->detail == MS_DETAIL_DAYS)
        return put_days(m, &subject, err);
    if (rule->detail == MS_DETAIL_ROUNDED)
        MS_TRY(round_cells(m, rule->amount, err));
    if (rule->detail == MS_DETAIL_DELAYED)
        MS_TRY(picture_of_delay(&picture, m, rule->amount, err));
    if (rule->amount > 0)
        ms_number_text(amount, rule->amount);
    return put_row(m, picture, rule->detail, amount, &subject, err);
}

/* A row of the book: only known columns are taken over, and only the book's own partner's rows. */
static ms_status visit_row(void *context, const ms_book_row *row, ms_error *err)
{
    maker *m = context;
    const char *owner = ms_book_owner_column(m->format->name);
    memset(m->columns, 0, sizeof m->columns);
    for (int ix = 0; ix < row->count; ix++) {
        int column = ms_format_column(m->format, row->columns[ix], strlen(row->columns[ix]));
        if (column >= 0)
            m->columns[column] = row->cells[ix];
    }
    if (owner == NULL || strcmp(cell(m, owner), m->self) != 0)
        return MS_OK;
    return offer_row(m, err);
}

static ms_status set_number(maker *m, const char *column, double number, ms_error *err)
{
    if (!isfinite(number))
        return MS_OK;
    char *copy = keep_number(m, number);
    m->columns[ms_format_column(m->format, column, strlen(column))] = copy;
    return copy == NULL ? ms_error_memory(err) : MS_OK;
}

/* Forces are their demands to others: profiles and head counts stay home. */
static ms_status offer_forces(maker *m, ms_error *err)
{
    const ms_case *kase = m->kase;
    for (int32_t ix = 0; ix < kase->demands_count; ix++) {
        const ms_demand *demand = &kase->demands[ix];
        if (demand->force_ix < 0 || demand->partner_ix != m->self_ix)
            continue;
        memset(m->columns, 0, sizeof m->columns);
        const char *const texts[][2] = {{"demand", demand->id},
                                        {"site", kase->sites[demand->site_ix].id},
                                        {"item", kase->items[demand->item_ix].id},
                                        {"partner", m->self}};
        for (int at = 0; at < 4; at++)
            m->columns[ms_format_column(m->format, texts[at][0], strlen(texts[at][0]))] = texts[at][1];
        MS_TRY(set_number(m, "from_day", demand->from_day, err));
        MS_TRY(set_number(m, "to_day", demand->to_day, err));
        MS_TRY(set_number(m, "per_day", demand->per_day, err));
        MS_TRY(set_number(m, "priority", demand->priority, err));
        MS_TRY(offer_row(m, err));
    }
    return MS_OK;
}

static ms_status offer_tables(maker *m, ms_book *book, ms_error *err)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int table = 0; table < MS_RELEASE_TABLES; table++) {
        char name[32];
        ms_release_file(name, (ms_release_table)table);
        m->table = (ms_release_table)table;
        for (int kind = 0; kind < count; kind++)
            if (strcmp(files[kind].name, name) == 0)
                m->format = &files[kind];
        MS_TRY(ms_book_rows(book, name, "", visit_row, m, err));
        if (m->table == MS_RELEASE_DEMANDS)
            MS_TRY(offer_forces(m, err));
    }
    return put_sums(m, err);
}

static void settle(maker *m)
{
    char key[128];
    ms_picture_settle(&m->offer->now);
    for (int ix = 0; ix < m->offer->delayed_count; ix++)
        ms_picture_settle(&m->offer->delayed[ix].rows);
    for (size_t ix = 0; ix < m->sites.count; ix++) {
        snprintf(key, sizeof key, "sites/%s", m->sites.names[ix]);
        bool out = ms_picture_find(&m->offer->now, key) != NULL;
        for (int at = 0; at < m->offer->delayed_count; at++)
            out = out || ms_picture_find(&m->offer->delayed[at].rows, key) != NULL;
        m->offer->hidden_sites += !out;
    }
}

ms_status ms_offer_make(ms_offer *out, ms_book *book, const ms_case *kase, const ms_rules *rules, const char *to,
                        ms_error *err)
{
    ms_offer offer = {0};
    maker m = {.offer = &offer, .kase = kase, .rules = rules, .self = ms_book_partner(book), .to = to};
    m.self_ix = find(&kase->partner_names, m.self);
    m.arena = ms_arena_new();
    m.item_is_out = ms_alloc((size_t)kase->items_count, sizeof *m.item_is_out);
    ms_status status = m.arena == NULL || m.item_is_out == NULL ? ms_error_memory(err)
                                                                : ms_picture_start(&offer.now, err);
    if (status == MS_OK)
        status = offer_tables(&m, book, err);
    if (status == MS_OK)
        settle(&m);
    ms_names_free(&m.sums);
    ms_names_free(&m.sites);
    ms_names_free(&m.repeats);
    ms_free(m.item_is_out);
    ms_free(m.sum_rows);
    ms_buf_free(&m.line);
    ms_buf_free(&m.key);
    ms_arena_free(m.arena);
    if (status == MS_OK)
        *out = offer;
    else
        ms_offer_free(&offer);
    return status;
}

void ms_offer_free(ms_offer *offer)
{
    ms_picture_free(&offer->now);
    for (int ix = 0; ix < offer->delayed_count; ix++)
        ms_picture_free(&offer->delayed[ix].rows);
    *offer = (ms_offer){0};
}
