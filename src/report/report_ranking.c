/* report_ranking.c: what hurts most, as text, CSV, JSON, and as a tornado chart. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "report/table.h"
#include "report/tornado.h"
#include "report/words.h"
#include "stress/ranking.h"

enum { ROWS_SHOWN = 20, BARS_SHOWN = 25, PRIORITIES_SHOWN = 3 };

enum {
    FAILURE,
    WHAT,
    WHICH,
    ADDED,
    LEAST,
    MOST,
    APART,
    SURVIVES,
    FIRST_DAY,
    RECOVERY,
    DRY_SITE,
    DRY_ITEM,
    LATE,
    CHANCE,
    EXPOSURE,
    PROOF,
    FIXED_COLUMNS
};

static const ms_column fixed[FIXED_COLUMNS] = {
    [FAILURE] = {"failure", "closed", NULL, MS_COLUMN_TEXT, 0},
    [WHAT] = {"what", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WHICH] = {"which", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ADDED] = {"added", "added", "weighted t", MS_COLUMN_NUMBER, 0},
    [LEAST] = {"added_least", "at least", NULL, MS_COLUMN_NUMBER, 8},
    [MOST] = {"added_most", "at most", NULL, MS_COLUMN_NUMBER, 7},
    [APART] = {"added_apart", "alone", NULL, MS_COLUMN_NUMBER, 2},
    [SURVIVES] = {"survive_days", "survives", "days", MS_COLUMN_DAY, 1},
    [FIRST_DAY] = {"first_short_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [RECOVERY] = {"recovery_day", "recovers", "day", MS_COLUMN_DAY, 6},
    [DRY_SITE] = {"first_dry_site", "first dry", NULL, MS_COLUMN_TEXT, 3},
    [DRY_ITEM] = {"first_dry_item", NULL, NULL, MS_COLUMN_TEXT, 5},
    [LATE] = {"late_t_days", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [CHANCE] = {"chance", NULL, NULL, MS_COLUMN_SHARE, 0},
    [EXPOSURE] = {"exposure", "exposure", NULL, MS_COLUMN_NUMBER, 9},
    [PROOF] = {"proof", NULL, NULL, MS_COLUMN_TEXT, 0},
};

/* The table's columns: the fixed ones, then one for each priority. */
typedef struct {
    const ms_ranking *ranking;
    ms_column columns[FIXED_COLUMNS + MS_PRIORITY_COUNT];
    char names[MS_PRIORITY_COUNT][16], heads[MS_PRIORITY_COUNT][8];
    int count;
} layout;

static void lay_out(layout *l, const ms_ranking *ranking)
{
    *l = (layout){.ranking = ranking, .count = FIXED_COLUMNS};
    memcpy(l->columns, fixed, sizeof fixed);
    if (ranking->mode == MS_RANK_EACH)
        l->columns[APART].head = NULL;
    else
        l->columns[EXPOSURE].head = NULL;
    for (int rank = 0; rank < ranking->weights.priority_count; rank++) {
        int priority = ranking->weights.priorities[rank];
        snprintf(l->names[rank], sizeof l->names[rank], "short_p%d_t", priority);
        snprintf(l->heads[rank], sizeof l->heads[rank], "P%d", priority);
        l->columns[l->count++] = (ms_column){l->names[rank], rank < PRIORITIES_SHOWN ? l->heads[rank] : NULL, "t short",
                                             MS_COLUMN_NUMBER, 3 + rank};
    }
}

static const char *failure_text(ms_buf *out, const ms_ranking *ranking, const ms_set *set)
{
    ms_buf_reset(out);
    ms_set_name(out, &ranking->failures, set);
    return ms_words_of(out);
}

/* ---- cells ---- */

/* What is proven about nothing added, and how else an outcome was found. */
static const char *proof_of(const ms_ranked *item)
{
    static const char *const words[MS_HOWS] = {
        [MS_HOW_INTERVAL] = "interval", [MS_HOW_ITERATED] = "iterated", [MS_HOW_EXACT] = "exact"};
    return item->harmless ? "harmless" : item->told ? words[item->outcome.how] : "bounds";
}

/* Numbers that differ by rounding alone read the same. */
static double tidy(double weighted)
{
    return ms_table_tidy(fabs(weighted) < 1e-6 ? 0 : weighted);
}

static double added_apart(const ms_ranking *ranking, const ms_set *set)
{
    double sum = 0;
    for (int i = 0; i < set->size; i++)
        sum += ranking->single_added[set->items[i]];
    return sum;
}

static void put_harm(ms_table *table, const layout *l, const ms_outcome *outcome)
{
    double late = 0;
    for (int rank = 0; rank < l->ranking->weights.priority_count; rank++) {
        int p = l->ranking->weights.priorities[rank] - 1;
        double short_t = 0;
        for (int32_t row = 0; row <= outcome->partner_count; row++) {
            short_t += outcome->added_harm[row].short_t[p];
            late += outcome->added_harm[row].late_t_days[p];
        }
        ms_table_number(table, FIXED_COLUMNS + rank, tidy(short_t));
    }
    ms_table_number(table, LATE, tidy(late));
}

static void put_days(ms_table *table, const layout *l, const ms_outcome *outcome)
{
    const ms_case *kase = l->ranking->kase;
    ms_table_number(table, FIRST_DAY, outcome->first_day);
    if (isfinite(outcome->survive_days))
        ms_table_number(table, SURVIVES, outcome->survive_days);
    else
        ms_table_show(table, SURVIVES, "all");
    ms_table_number(table, RECOVERY, outcome->recovery_day);
    if (outcome->dry_demand_ix >= 0) {
        const ms_demand *demand = &kase->demands[outcome->dry_demand_ix];
        ms_table_text(table, DRY_SITE, kase->sites[demand->site_ix].id);
        ms_table_text(table, DRY_ITEM, kase->items[demand->item_ix].id);
    }
}

static void put_row(ms_table *table, const layout *l, const ms_ranked *item, ms_buf *text)
{
    const ms_ranking *ranking = l->ranking;
    ms_table_row(table);
    ms_table_text(table, FAILURE, failure_text(text, ranking, &item->set));
    if (item->set.size == 1) {
        ms_table_text(table, WHAT, ms_what_words[ranking->failures.items[item->set.items[0]].what]);
        ms_table_text(table, WHICH, ms_failure_id(&ranking->failures, item->set.items[0]));
    } else {
        ms_table_number(table, APART, tidy(added_apart(ranking, &item->set)));
    }
    ms_table_number(table, ADDED, tidy(item->added));
    ms_table_number(table, LEAST, tidy(item->least));
    ms_table_number(table, MOST, tidy(item->most));
    ms_table_number(table, CHANCE, item->chance);
    ms_table_number(table, EXPOSURE, tidy(item->exposure));
    ms_table_text(table, PROOF, proof_of(item));
    if (item->told) {
        put_harm(table, l, &item->outcome);
        put_days(table, l, &item->outcome);
    }
    if (item->harmless)
        ms_table_show(table, SURVIVES, "all");
    if (item->added > 0 && item->least <= 0)
        ms_table_tone(table, ADDED, MS_TONE_FAINT); /* perhaps nothing */
}

/* On a screen each of a set has a line, with what it adds alone. */
static void put_members(ms_table *table, const layout *l, const ms_ranked *item, ms_buf *text)
{
    const ms_ranking *ranking = l->ranking;
    for (int i = 0; i < item->set.size; i++) {
        const ms_set one = {.items = {item->set.items[i]}, .size = 1};
        if (i > 0)
            ms_table_row(table);
        ms_table_show(table, FAILURE, failure_text(text, ranking, &one));
        ms_table_number(table, APART, tidy(ranking->single_added[one.items[0]]));
    }
}

static void fill(ms_table *table, const layout *l, bool screen)
{
    ms_buf text = {0};
    for (size_t i = 0; i < l->ranking->count; i++) {
        put_row(table, l, &l->ranking->items[i], &text);
        if (screen && l->ranking->mode != MS_RANK_EACH) {
            if (i > 0)
                ms_table_rule(table);
            put_members(table, l, &l->ranking->items[i], &text);
        }
    }
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

/* ---- the story ---- */

static void put_number(ms_buf *out, double value)
{
    char text[MS_NUMBER_BYTES];
    ms_buf_text(out, ms_number_short(text, value));
}

static void put_span(ms_buf *out, const ms_ranking *ranking)
{
    const ms_failures *failures = &ranking->failures;
    char text[MS_NUMBER_BYTES];
    ms_buf_printf(out, "closed from day\u00a0%s", ms_number_text(text, failures->from_day));
    if (failures->to_day < ranking->kase->days)
        ms_buf_printf(out, " to %s", ms_number_text(text, failures->to_day));
    else
        ms_buf_text(out, " to the end");
}

static void tell_singles(ms_buf *out, const ms_ranking *ranking)
{
    size_t failures = (size_t)ranking->failures.count, left = failures - ranking->harmless_count;
    ms_words_count(out, failures, "failure", "failures");
    ms_buf_text(out, ranking->mode == MS_RANK_EACH ? ", each " : " that can happen alone or together, all ");
    put_span(out, ranking);
    ms_buf_text(out, ". ");
    ms_words_count(out, ranking->harmless_count, "is", "are");
    ms_buf_text(out, " harmless: the base plan does not use them then, so it stands. ");
    ms_words_count(out, ranking->solved_count, "was", "were");
    ms_buf_text(out, " solved, within ");
    ms_words_percent(out, ranking->gap);
    if (ranking->interval_count > 0) {
        ms_buf_text(out, " each; for ");
        ms_words_count(out, ranking->interval_count, "of them", "of them");
        ms_buf_text(out, " the base's prices and its repaired plan were enough");
    }
    ms_buf_text(out, ".");
    if (ranking->solved_count < left && !ranking->partial) {
        ms_buf_text(out, " Stopped before the other ");
        ms_words_count(out, left - ranking->solved_count, "one.", "were.");
    }
}

static void tell_sets(ms_buf *out, const ms_ranking *ranking)
{
    bool pairs = ranking->mode == MS_RANK_PAIRS;
    if (ranking->count == 0)
        return;
    const ms_ranked *last = &ranking->items[ranking->count - 1];
    ms_buf_text(out, ranking->stopped ? "Stopped early. No " : "No ");
    ms_buf_text(out, pairs ? "other of the " : "set of the ");
    ms_words_count(out, (size_t)fmin(ranking->set_count, 1e15), "one", pairs ? "pairs" : "of this size");
    ms_buf_text(out, " adds more than ");
    put_number(out, ranking->others_most);
    double over = ranking->others_most - last->least, whole = ranking->base_objective + ranking->others_most;
    const double worth_telling = 5e-4;
    if (over > worth_telling * whole) {
        ms_buf_text(out, ", which is ");
        ms_words_percent(out, over / whole);
        ms_buf_text(out, pairs ? " of the whole above the last one listed" : " of the whole above this one");
    }
    ms_buf_text(out, ". To know that, ");
    ms_words_count(out, (size_t)ranking->searched_count, "set was", "sets were");
    ms_buf_text(out, " solved besides the single failures.");
}

static void print_text(const layout *l, const ms_pen *pen, int most)
{
    const ms_ranking *ranking = l->ranking;
    ms_buf text = {0}, note = {0};
    ms_table table;
    ms_pen_paragraph(pen, MS_TONE_HEAD, 0, 0, ranking->kase->name);
    tell_singles(&text, ranking);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    if (ranking->mode != MS_RANK_EACH) {
        ms_buf_reset(&text);
        tell_sets(&text, ranking);
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    }
    ms_table_start(&table, l->columns, l->count);
    fill(&table, l, true);
    ms_buf_text(&note, "over the base plan's ");
    put_number(&note, ranking->base_objective);
    ms_pen_heading(pen, ranking->mode == MS_RANK_WORST ? "WORST SET" : "WORST FIRST", ms_words_of(&note));
    bool sets = ranking->mode != MS_RANK_EACH; /* as many as were asked for, a line for each of them */
    ms_table_print(&table, pen, sets ? 0 : (size_t)(most > 0 ? most : ROWS_SHOWN));
    ms_table_free(&table);
    pen->out->failed = pen->out->failed || text.failed || note.failed;
    ms_buf_free(&text);
    ms_buf_free(&note);
}

/* ---- files ---- */

static void write_csv(const layout *l, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, l->columns, l->count);
    fill(&table, l, false);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

/* What is closed in a row, one by one. */
static void put_closed(ms_json *json, const ms_ranking *ranking, const ms_set *set)
{
    ms_json_open_array(json, "closed");
    for (int i = 0; i < set->size; i++) {
        ms_json_open_object(json, NULL);
        ms_json_string(json, "what", ms_what_words[ranking->failures.items[set->items[i]].what]);
        ms_json_string(json, "which", ms_failure_id(&ranking->failures, set->items[i]));
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

static void put_rows(const layout *l, ms_json *json)
{
    ms_table table;
    ms_table_start(&table, l->columns, l->count);
    fill(&table, l, false);
    ms_json_open_array(json, "rows");
    for (size_t i = 0; i < table.row_count; i++) {
        ms_json_open_object(json, NULL);
        ms_table_json_members(&table, i, json);
        put_closed(json, l->ranking, &l->ranking->items[i].set);
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
    json->out->failed = json->out->failed || table.failed;
    ms_table_free(&table);
}

static void write_json(const layout *l, ms_buf *out)
{
    static const char *const modes[] = {"each", "pairs", "worst"};
    const ms_ranking *ranking = l->ranking;
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "case", ranking->kase->name);
    ms_json_string(&json, "mode", modes[ranking->mode]);
    ms_json_number(&json, "from_day", ranking->failures.from_day);
    ms_json_number(&json, "to_day", fmin(ranking->failures.to_day, ranking->kase->days));
    ms_json_number(&json, "gap", ranking->gap);
    ms_json_open_object(&json, "base");
    ms_json_number(&json, "objective", ranking->base_objective);
    ms_json_number(&json, "bound", ranking->base_bound);
    ms_json_number(&json, "gap", ranking->base_gap);
    ms_json_close_object(&json);
    ms_json_integer(&json, "failures", ranking->failures.count);
    ms_json_integer(&json, "harmless", (long long)ranking->harmless_count);
    ms_json_integer(&json, "solved", (long long)ranking->solved_count);
    ms_json_integer(&json, "by_interval", (long long)ranking->interval_count);
    if (ranking->mode != MS_RANK_EACH) {
        ms_json_number(&json, "sets", ranking->set_count);
        ms_json_number(&json, "searched", ranking->searched_count);
        ms_json_number(&json, "others_most", tidy(ranking->others_most));
    }
    ms_json_bool(&json, "stopped", ranking->stopped);
    ms_json_bool(&json, "partial", ranking->partial);
    put_rows(l, &json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_ranking(ms_buf *out, const ms_ranking *ranking, int most, const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    ms_buf made = {0};
    layout l;
    ms_pen pen = ms_pen_start(&made, view);
    lay_out(&l, ranking);
    if (format == MS_FORMAT_CSV)
        write_csv(&l, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(&l, &made);
    else
        print_text(&l, &pen, most);
    return ms_report_hand_over(out, &made, err);
}

/* ---- the chart ---- */

static void put_note(ms_buf *out, const ms_ranked *item)
{
    char text[MS_NUMBER_BYTES];
    if (!item->told || !isfinite(item->outcome.survive_days))
        return;
    ms_buf_printf(out, "survives %s %s", ms_number_short(text, item->outcome.survive_days),
                  item->outcome.survive_days == 1 ? "day" : "days");
}

static ms_status draw(ms_buf *out, const ms_ranking *ranking, ms_tornado_bar *bars, ms_buf *texts, size_t count,
                      ms_error *err)
{
    ms_buf title = {0}, subtitle = {0};
    for (size_t i = 0; i < count; i++) {
        const ms_ranked *item = &ranking->items[i];
        ms_set_name(&texts[2 * i], &ranking->failures, &item->set);
        put_note(&texts[2 * i + 1], item);
        title.failed = title.failed || texts[2 * i].failed || texts[2 * i + 1].failed;
        bars[i] = (ms_tornado_bar){ms_words_of(&texts[2 * i]), ms_words_of(&texts[2 * i + 1]), item->added, item->least,
                                   item->most};
    }
    ms_buf_printf(&title, "%s: what hurts most", ranking->kase->name);
    put_span(&subtitle, ranking);
    ms_buf_text(&subtitle, "; bars: added over the base plan, whiskers: what is proven");
    ms_status status = title.failed || subtitle.failed
                           ? ms_error_memory(err)
                           : ms_tornado_svg(out, title.text, subtitle.text, "weighted tonnes short, added", bars, count,
                                            err);
    ms_buf_free(&title);
    ms_buf_free(&subtitle);
    return status;
}

ms_status ms_report_ranking_svg(ms_buf *out, const ms_ranking *ranking, int most, ms_error *err)
{
    size_t wanted = (size_t)(most > 0 ? most : BARS_SHOWN);
    size_t count = ranking->count < wanted ? ranking->count : wanted;
    ms_tornado_bar *bars = ms_alloc(count, sizeof *bars);
    ms_buf *texts = ms_alloc(2 * count, sizeof *texts);
    ms_status status = bars && texts ? draw(out, ranking, bars, texts, count, err) : ms_error_memory(err);
    for (size_t i = 0; texts != NULL && i < 2 * count; i++)
        ms_buf_free(&texts[i]);
    ms_free(texts);
    ms_free(bars);
    return status;
}
