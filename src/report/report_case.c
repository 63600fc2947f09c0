/* report_case.c: what a case holds, on one screen: who takes part, what there is and what is wanted by class, what may
 * go wrong. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case/case.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"

/* ---- tonnes by class and partner ---- */

typedef struct {
    double wanted_t, on_hand_t, due_in_t;
} holding;

/* [classes][partners + 1], the last partner is nobody */
typedef struct {
    const ms_case *kase;
    holding *cells;
    int32_t owners;
} holdings;

static holding *cell_of(const holdings *h, int32_t item_ix, int32_t partner_ix)
{
    int32_t owner = partner_ix < 0 ? h->owners - 1 : partner_ix;
    return &h->cells[(size_t)h->kase->items[item_ix].class_ix * (size_t)h->owners + (size_t)owner];
}

/* Days of the span within the case; its last period runs on to its end. */
static double days_within(const ms_case *kase, double from_day, double to_day)
{
    return fmax(0.0, fmin(to_day, kase->period_count * kase->period_days) - fmax(from_day, 0.0));
}

static ms_status holdings_make(holdings *out, const ms_case *kase, ms_error *err)
{
    holdings h = {kase, NULL, kase->partners_count + 1};
    h.cells = ms_alloc((size_t)h.owners * MS_CLASSES, sizeof *h.cells);
    if (h.cells == NULL)
        return ms_error_memory(err);
    for (int32_t i = 0; i < kase->stocks_count; i++) {
        const ms_stock *s = &kase->stocks[i];
        cell_of(&h, s->item_ix, s->partner_ix)->on_hand_t += s->quantity * ms_item_t_per_unit(&kase->items[s->item_ix]);
    }
    for (int32_t i = 0; i < kase->supplies_count; i++) {
        const ms_supply *s = &kase->supplies[i];
        cell_of(&h, s->item_ix, s->partner_ix)->due_in_t += s->per_day * days_within(kase, s->from_day, s->to_day) *
                                                            ms_item_t_per_unit(&kase->items[s->item_ix]);
    }
    for (int32_t i = 0; i < kase->commitments_count; i++) {
        const ms_commitment *m = &kase->commitments[i];
        if (m->depart_day < 0.0) /* what leaves later comes out of stock that is counted already */
            cell_of(&h, m->item_ix, m->partner_ix)->due_in_t += m->quantity *
                                                                ms_item_t_per_unit(&kase->items[m->item_ix]);
    }
    for (int32_t i = 0; i < kase->demands_count; i++) {
        const ms_demand *d = &kase->demands[i];
        cell_of(&h, d->item_ix, d->partner_ix)->wanted_t += d->per_day * days_within(kase, d->from_day, d->to_day) *
                                                            ms_item_t_per_unit(&kase->items[d->item_ix]);
    }
    *out = h;
    return MS_OK;
}

/* Sum over owners and classes; -1 takes all of them. */
static holding sum_of(const holdings *h, int class_ix, int32_t owner)
{
    holding sum = {0};
    for (int c = 0; c < MS_CLASSES; c++) {
        for (int32_t o = 0; o < h->owners; o++) {
            if ((class_ix >= 0 && c != class_ix) || (owner >= 0 && o != owner))
                continue;
            const holding *cell = &h->cells[(size_t)c * (size_t)h->owners + (size_t)o];
            sum.wanted_t += cell->wanted_t;
            sum.on_hand_t += cell->on_hand_t;
            sum.due_in_t += cell->due_in_t;
        }
    }
    return sum;
}

static bool empty(const holding *h)
{
    return h->wanted_t == 0.0 && h->on_hand_t == 0.0 && h->due_in_t == 0.0;
}

enum { SHOWN, CLASS, PARTNER, WANTED, ON_HAND, DUE_IN, DAYS, BAR };

static const ms_column holding_columns[] = {
    [SHOWN] = {NULL, "", NULL, MS_COLUMN_TEXT, 0},
    [CLASS] = {"class", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WANTED] = {"wanted_t", "wanted", "t", MS_COLUMN_NUMBER, 0},
    [ON_HAND] = {"on_hand_t", "on hand", "t", MS_COLUMN_NUMBER, 1},
    [DUE_IN] = {"due_in_t", "due in", "t", MS_COLUMN_NUMBER, 1},
    [DAYS] = {"on_hand_days", "on hand", "days", MS_COLUMN_DAY, 2},
    [BAR] = {NULL, "of what is wanted", NULL, MS_COLUMN_BAR, 3},
};
enum { HOLDING_COLUMNS = sizeof holding_columns / sizeof holding_columns[0] };

static void fill_holding(ms_table *table, const holdings *h, int class_ix, int32_t owner, const char *shown)
{
    holding sum = sum_of(h, class_ix, owner);
    if (empty(&sum))
        return;
    ms_table_row(table);
    ms_table_text(table, SHOWN, shown);
    if (class_ix >= 0)
        ms_table_text(table, CLASS, ms_class_words[class_ix]);
    if (owner >= 0 && owner < h->kase->partners_count)
        ms_table_text(table, PARTNER, h->kase->partners[owner].id);
    ms_table_number(table, WANTED, sum.wanted_t);
    ms_table_number(table, ON_HAND, sum.on_hand_t);
    ms_table_number(table, DUE_IN, sum.due_in_t);
    if (sum.wanted_t > 0.0) {
        double share = (sum.on_hand_t + sum.due_in_t) / sum.wanted_t;
        ms_table_number(table, DAYS, sum.on_hand_t / sum.wanted_t * h->kase->days);
        ms_table_bar(table, BAR, fmin(sum.on_hand_t / sum.wanted_t, 1.0), fmin(share, 1.0));
        ms_table_tone(table, DAYS, share < 1.0 ? MS_TONE_FAIR : MS_TONE_PLAIN);
    }
}

static void fill_by_class(ms_table *table, const holdings *h)
{
    fill_holding(table, h, -1, -1, "all classes");
    if (table->row_count > 0) /* an empty case has none */
        ms_table_tone(table, SHOWN, MS_TONE_STRONG);
    for (int c = 0; c < MS_CLASSES; c++) {
        char shown[32];
        snprintf(shown, sizeof shown, c == MS_CLASS_WATER ? "  %s" : "  class %s", ms_class_words[c]);
        fill_holding(table, h, c, -1, shown);
    }
}

static void fill_by_class_and_partner(ms_table *table, const holdings *h)
{
    for (int c = 0; c < MS_CLASSES; c++)
        for (int32_t o = 0; o < h->owners; o++)
            fill_holding(table, h, c, o, NULL);
}

/* ---- who takes part ---- */

enum { WHO, WHO_NAME, SITES, LANES, FLEETS, GIVES, WHO_WANTED, WHO_ON_HAND, WHO_DUE_IN };

static const ms_column partner_columns[] = {
    [WHO] = {"partner", "partner", NULL, MS_COLUMN_TEXT, 0},
    [WHO_NAME] = {"name", "name", NULL, MS_COLUMN_TEXT, 3},
    [SITES] = {"sites", "sites", NULL, MS_COLUMN_WHOLE, 1},
    [LANES] = {"lanes", "lanes", NULL, MS_COLUMN_WHOLE, 1},
    [FLEETS] = {"fleets", "fleets", NULL, MS_COLUMN_WHOLE, 4},
    [GIVES] = {"agreements_given", "gives under", "agreements", MS_COLUMN_WHOLE, 4},
    [WHO_WANTED] = {"wanted_t", "wanted", "t", MS_COLUMN_NUMBER, 1},
    [WHO_ON_HAND] = {"on_hand_t", "on hand", "t", MS_COLUMN_NUMBER, 1},
    [WHO_DUE_IN] = {"due_in_t", "due in", "t", MS_COLUMN_NUMBER, 1},
};
enum { PARTNER_COLUMNS = sizeof partner_columns / sizeof partner_columns[0] };

static void fill_partners(ms_table *table, const holdings *h)
{
    const ms_case *kase = h->kase;
    for (int32_t p = 0; p < h->owners; p++) {
        int32_t owner_ix = p < kase->partners_count ? p : MS_NONE;
        double sites = 0, lanes = 0, fleets = 0, gives = 0;
        for (int32_t i = 0; i < kase->sites_count; i++)
            sites += kase->sites[i].partner_ix == owner_ix;
        for (int32_t i = 0; i < kase->lanes_count; i++)
            lanes += kase->lanes[i].partner_ix == owner_ix;
        for (int32_t i = 0; i < kase->fleets_count; i++)
            fleets += kase->fleets[i].partner_ix == owner_ix;
        for (int32_t i = 0; i < kase->agreements_count; i++)
            gives += kase->agreements[i].provider_ix == owner_ix;
        holding sum = sum_of(h, -1, p);
        if (owner_ix < 0 && sites + lanes + fleets == 0.0 && empty(&sum))
            continue;
        ms_table_row(table);
        ms_table_text(table, WHO, owner_ix < 0 ? NULL : kase->partners[p].id);
        ms_table_show(table, WHO, ms_words_partner(kase, owner_ix));
        ms_table_text(table, WHO_NAME, owner_ix < 0 ? "open to all" : kase->partners[p].name);
        ms_table_number(table, SITES, sites);
        ms_table_number(table, LANES, lanes);
        ms_table_number(table, FLEETS, fleets);
        ms_table_number(table, GIVES, gives);
        ms_table_number(table, WHO_WANTED, sum.wanted_t);
        ms_table_number(table, WHO_ON_HAND, sum.on_hand_t);
        ms_table_number(table, WHO_DUE_IN, sum.due_in_t);
    }
}

/* ---- contingencies ---- */

enum { CONTINGENCY, CONTINGENCY_NAME, EVENTS, FIRST_DAY, CHANCE };

static const ms_column contingency_columns[] = {
    [CONTINGENCY] = {"contingency", "contingency", NULL, MS_COLUMN_TEXT, 0},
    [CONTINGENCY_NAME] = {"name", "name", NULL, MS_COLUMN_TEXT, 1},
    [EVENTS] = {"events", "events", NULL, MS_COLUMN_WHOLE, 2},
    [FIRST_DAY] = {"from_day", "from day", NULL, MS_COLUMN_DAY, 1},
    [CHANCE] = {"chance", "chance", "%", MS_COLUMN_SHARE, 2},
};
enum { CONTINGENCY_COLUMNS = sizeof contingency_columns / sizeof contingency_columns[0] };

static void fill_contingencies(ms_table *table, const ms_case *kase)
{
    for (int32_t i = 0; i < kase->contingencies_count; i++) {
        const ms_contingency *c = &kase->contingencies[i];
        double first = NAN;
        for (int32_t e = 0; e < c->event_count; e++)
            first = fmin(first, kase->events[c->first_event + e].from_day);
        ms_table_row(table);
        ms_table_text(table, CONTINGENCY, c->id);
        ms_table_text(table, CONTINGENCY_NAME, c->name);
        ms_table_number(table, EVENTS, c->event_count);
        ms_table_number(table, FIRST_DAY, first);
        ms_table_number(table, CHANCE, c->chance);
    }
}

/* ---- rows by table ---- */

typedef struct {
    const char *key;
    int32_t count;
} table_size;

enum { TABLES = 17 };

static void list_sizes(table_size out[TABLES], const ms_case *kase)
{
    const table_size sizes[TABLES] = {
        {"partners", kase->partners_count},
        {"sites", kase->sites_count},
        {"items", kase->items_count},
        {"stocks", kase->stocks_count},
        {"supplies", kase->supplies_count},
        {"demands", kase->demands_count},
        {"forces", kase->forces_count},
        {"factors", kase->factors_count},
        {"reserves", kase->reserves_count},
        {"lanes", kase->lanes_count},
        {"fleets", kase->fleets_count},
        {"agreements", kase->agreements_count},
        {"substitutes", kase->substitutes_count},
        {"duties", kase->duties_count},
        {"commitments", kase->commitments_count},
        {"contingencies", kase->contingencies_count},
        {"variations", kase->variations_count},
    };
    memcpy(out, sizes, sizeof sizes);
}

static void print_headline(const ms_case *kase, const ms_pen *pen)
{
    char first[MS_DATE_BYTES], last[MS_DATE_BYTES], number[MS_NUMBER_BYTES];
    table_size sizes[TABLES];
    ms_buf text = {0};
    list_sizes(sizes, kase);
    ms_pen_paragraph(pen, MS_TONE_HEAD, 0, 0, kase->name);
    ms_buf_printf(&text, "%s to %s, ", ms_date_text(first, kase->start_day, 0),
                  ms_date_text(last, kase->start_day, ceil(kase->days) - 1));
    ms_buf_printf(&text, "%s %s in periods of ", ms_number_short(number, kase->days), kase->days == 1 ? "day" : "days");
    ms_buf_printf(&text, "%s h, each priority ", ms_number_short(number, kase->period_hours));
    ms_buf_printf(&text, "%s times the next%s.", ms_number_short(number, kase->priority_ratio),
                  kase->fair ? ", shortages shared fairly" : "");
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    for (int i = 0; i < TABLES; i++)
        if (sizes[i].count > 0)
            ms_buf_printf(&text, "%s%s %s", text.length > 0 ? ", " : "", ms_number_grouped(number, sizes[i].count, 0),
                          sizes[i].key);
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

/* ---- the view ---- */

static void print_text(const holdings *h, const ms_pen *pen)
{
    ms_table table;
    ms_buf note = {0};
    print_headline(h->kase, pen);
    ms_pen_heading(pen, "PARTNERS", "tonnes over the whole span");
    ms_table_start(&table, partner_columns, PARTNER_COLUMNS);
    fill_partners(&table, h);
    ms_table_print(&table, pen, 0);
    ms_table_free(&table);
    ms_buf_printf(&note, "all partners;  %s on hand   %s due in   %s to be found", ms_pen_glyph(pen, MS_GLYPH_OWN),
                  ms_pen_glyph(pen, MS_GLYPH_GAIN), ms_pen_glyph(pen, MS_GLYPH_MISS));
    ms_pen_heading(pen, "WANTED AND HELD", ms_words_of(&note));
    ms_table_start(&table, holding_columns, HOLDING_COLUMNS);
    fill_by_class(&table, h);
    ms_table_print(&table, pen, 0);
    ms_table_free(&table);
    if (h->kase->contingencies_count > 0) {
        ms_pen_heading(pen, "CONTINGENCIES", "what may go wrong; plan with --contingency ID");
        ms_table_start(&table, contingency_columns, CONTINGENCY_COLUMNS);
        fill_contingencies(&table, h->kase);
        ms_table_print(&table, pen, 0);
        ms_table_free(&table);
    }
    pen->out->failed = pen->out->failed || note.failed;
    ms_buf_free(&note);
}

static void json_table(ms_json *json, const char *key, const ms_column *columns, int count,
                       void (*fill)(ms_table *table, const holdings *h), const holdings *h)
{
    ms_table table;
    ms_table_start(&table, columns, count);
    fill(&table, h);
    ms_table_json(&table, json, key);
    ms_table_free(&table);
}

static void fill_contingencies_of(ms_table *table, const holdings *h)
{
    fill_contingencies(table, h->kase);
}

static void write_json(const holdings *h, ms_buf *out)
{
    const ms_case *kase = h->kase;
    char date[MS_DATE_BYTES];
    table_size sizes[TABLES];
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "case", kase->name);
    ms_json_string(&json, "start", ms_date_text(date, kase->start_day, 0));
    ms_json_number(&json, "days", kase->days);
    ms_json_number(&json, "period_hours", kase->period_hours);
    ms_json_integer(&json, "periods", kase->period_count);
    ms_json_number(&json, "priority_ratio", kase->priority_ratio);
    ms_json_bool(&json, "fair", kase->fair);
    ms_json_string(&json, "currency", kase->currency);
    list_sizes(sizes, kase);
    ms_json_open_object(&json, "rows");
    for (int i = 0; i < TABLES; i++)
        ms_json_integer(&json, sizes[i].key, sizes[i].count);
    ms_json_close_object(&json);
    json_table(&json, "partners", partner_columns, PARTNER_COLUMNS, fill_partners, h);
    json_table(&json, "holdings", holding_columns, HOLDING_COLUMNS, fill_by_class_and_partner, h);
    json_table(&json, "contingencies", contingency_columns, CONTINGENCY_COLUMNS, fill_contingencies_of, h);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

static void write_csv(const holdings *h, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, holding_columns, HOLDING_COLUMNS);
    fill_by_class_and_partner(&table, h);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

ms_status ms_report_case(ms_buf *out, const ms_case *kase, const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    holdings h = {0};
    ms_buf made = {0};
    MS_TRY(holdings_make(&h, kase, err));
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_CSV)
        write_csv(&h, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(&h, &made);
    else
        print_text(&h, &pen);
    ms_free(h.cells);
    return ms_report_hand_over(out, &made, err);
}
