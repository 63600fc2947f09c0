/* report_rehearse.c: what planning again, and earlier warning, are worth: the days played by planners who know more or
 * less, side by side. */
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"
#include "stress/rehearse.h"

static const char *const play_words[MS_PLAYS] = {[MS_PLAY_NEVER] = "never again",
                                                 [MS_PLAY_AGAIN] = "again",
                                                 [MS_PLAY_WARNED] = "again, warned",
                                                 [MS_PLAY_FORESIGHT] = "foresight"};
static const char *const play_keys[MS_PLAYS] = {[MS_PLAY_NEVER] = "never",
                                                [MS_PLAY_AGAIN] = "again",
                                                [MS_PLAY_WARNED] = "warned",
                                                [MS_PLAY_FORESIGHT] = "foresight"};

static bool is_played(const ms_rehearsal *r, int kind)
{
    return kind != MS_PLAY_WARNED || r->warning_days > 0;
}

static const ms_played *played_of(const ms_rehearsal *r, size_t sample, int kind)
{
    return &r->sets[r->set_of[sample]].played[kind];
}

/* Means over the samples. */
static void mean_of(ms_played *out, const ms_rehearsal *r, int kind)
{
    *out = (ms_played){0};
    for (size_t i = 0; i < r->sample_count; i++) {
        const ms_played *played = played_of(r, i, kind);
        double share = 1 / (double)r->sample_count;
        for (int p = 1; p <= MS_PRIORITY_COUNT; p++) {
            out->never_t[p] += share * played->never_t[p];
            out->late_t_days[p] += share * played->late_t_days[p];
        }
        out->weighted += share * played->weighted;
        out->plans += played->plans;
    }
}

static double sum_t(const ms_played *played)
{
    double sum = 0;
    for (int p = 1; p <= MS_PRIORITY_COUNT; p++)
        sum += played->never_t[p];
    return sum;
}

/* ---- the table ---- */

enum { WHO, KEY, WEIGHTED, MEAN_T, MEAN_LATE, URGENT_T, WORST, PLANS };

static const ms_column columns[] = {
    [WHO] = {NULL, "planned", NULL, MS_COLUMN_TEXT, 0},
    [KEY] = {"planned", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WEIGHTED] = {"weighted_t", "weighs", "t", MS_COLUMN_NUMBER, 0},
    [MEAN_T] = {"short_t", "short", "t", MS_COLUMN_NUMBER, 0},
    [MEAN_LATE] = {"late_t_days", "late", "t days", MS_COLUMN_NUMBER, 1},
    [URGENT_T] = {"urgent_t", "urgent", "t", MS_COLUMN_NUMBER, 0},
    [WORST] = {"worst_weighted_t", "worst", "t", MS_COLUMN_NUMBER, 1},
    [PLANS] = {"plans", "plans", "each", MS_COLUMN_NUMBER, 2},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static double tenth(double value)
{
    return nearbyint(10 * value) / 10 + 0.0; /* no -0 */
}

static void fill(ms_table *table, const ms_rehearsal *r)
{
    for (int kind = 0; kind < MS_PLAYS; kind++) {
        ms_played mean;
        double late = 0, worst = 0;
        if (!is_played(r, kind))
            continue;
        mean_of(&mean, r, kind);
        for (int p = 1; p <= MS_PRIORITY_COUNT; p++)
            late += mean.late_t_days[p];
        for (size_t i = 0; i < r->sample_count; i++)
            worst = fmax(worst, played_of(r, i, kind)->weighted);
        ms_table_row(table);
        ms_table_text(table, WHO, play_words[kind]);
        ms_table_text(table, KEY, play_keys[kind]);
        ms_table_number(table, WEIGHTED, tenth(mean.weighted));
        ms_table_number(table, MEAN_T, tenth(sum_t(&mean)));
        ms_table_number(table, MEAN_LATE, tenth(late));
        ms_table_number(table, URGENT_T,
                        r->weights.priority_count > 0 ? tenth(mean.never_t[r->weights.priorities[0]]) : 0);
        ms_table_number(table, WORST, tenth(worst));
        ms_table_number(table, PLANS, mean.plans / (double)r->sample_count);
    }
}

/* ---- the story ---- */

static double worth(const ms_rehearsal *r, int less, int more)
{
    ms_played a, b;
    mean_of(&a, r, less);
    mean_of(&b, r, more);
    return a.weighted - b.weighted;
}

/* "the warning saves 12": what the second planner saves over the first, a sample. */
static void put_worth(ms_buf *out, const ms_rehearsal *r, int less, int more, const char *what)
{
    double saved = tenth(worth(r, less, more));
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(out, "%s %s %s", what, saved < 0 ? "costs" : "saves", ms_number_short(number, fabs(saved)));
}

static void put_worths(ms_buf *out, const ms_rehearsal *r)
{
    put_worth(out, r, MS_PLAY_NEVER, MS_PLAY_AGAIN, "Planning again");
    ms_buf_text(out, " weighted tonnes a sample; ");
    if (r->warning_days > 0) {
        put_worth(out, r, MS_PLAY_AGAIN, MS_PLAY_WARNED, "the warning");
        ms_buf_text(out, " more; ");
    }
    put_worth(out, r, r->warning_days > 0 ? MS_PLAY_WARNED : MS_PLAY_AGAIN, MS_PLAY_FORESIGHT,
              "to know all from the start");
    ms_buf_text(out, " more.");
}

static void print_text(const ms_rehearsal *r, const ms_pen *pen)
{
    ms_buf text = {0};
    ms_table table;
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(&text, "%s: ", r->kase->name);
    ms_words_count(&text, r->sample_count, "sample", "samples");
    ms_buf_printf(&text, " played day by day, a review every %s day%s", ms_number_short(number, r->every_days),
                  r->every_days <= 1 ? "" : "s");
    if (r->warning_days > 0)
        ms_buf_printf(&text, ", a warning of %s day%s", ms_number_short(number, r->warning_days),
                      r->warning_days <= 1 ? "" : "s");
    ms_buf_text(&text, ms_rehearsal_stopped(r) ? "; stopped before the others" : "");
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    put_worths(&text, r);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    ms_pen_heading(pen, "WHAT FALLS SHORT", "mean of the samples");
    ms_table_start(&table, columns, COLUMNS);
    fill(&table, r);
    ms_table_print(&table, pen, 0);
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0,
                     "weighs: shortfall in weighted tonnes; worst: of the worst sample. urgent: of the most urgent "
                     "priority. never again: the first plan is carried out as far as the world lets it.");
    pen->out->failed = pen->out->failed || text.failed || table.failed;
    ms_table_free(&table);
    ms_buf_free(&text);
}

/* ---- files: a row for each sample and way to plan ---- */

enum { F_SAMPLE, F_HAPPENED, F_PLANNED, F_WEIGHTED, F_SHORT, F_URGENT, F_PLANS };

static const ms_column file_columns[] = {
    [F_SAMPLE] = {"sample", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [F_HAPPENED] = {"happened", NULL, NULL, MS_COLUMN_TEXT, 0},
    [F_PLANNED] = {"planned", NULL, NULL, MS_COLUMN_TEXT, 0},
    [F_WEIGHTED] = {"weighted_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [F_SHORT] = {"short_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [F_URGENT] = {"urgent_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [F_PLANS] = {"plans", NULL, NULL, MS_COLUMN_WHOLE, 0},
};
enum { FILE_COLUMNS = sizeof file_columns / sizeof file_columns[0] };

static void put_happened(ms_buf *out, const ms_rehearsal *r, size_t sample)
{
    uint64_t happened = r->sets[r->set_of[sample]].happened;
    for (int32_t c = 0; c < r->kase->contingencies_count; c++)
        if (happened >> c & 1)
            ms_buf_printf(out, "%s%s", out->length > 0 ? " " : "", r->kase->contingencies[c].id);
}

static void fill_samples(ms_table *table, const ms_rehearsal *r)
{
    for (size_t i = 0; i < r->sample_count; i++) {
        ms_buf happened = {0};
        put_happened(&happened, r, i);
        for (int kind = 0; kind < MS_PLAYS; kind++) {
            const ms_played *played = played_of(r, i, kind);
            if (!is_played(r, kind))
                continue;
            ms_table_row(table);
            ms_table_number(table, F_SAMPLE, (double)i);
            ms_table_text(table, F_HAPPENED, ms_words_of(&happened));
            ms_table_text(table, F_PLANNED, play_keys[kind]);
            ms_table_number(table, F_WEIGHTED, ms_table_tidy(played->weighted));
            ms_table_number(table, F_SHORT, ms_table_tidy(sum_t(played)));
            ms_table_number(table, F_URGENT,
                            r->weights.priority_count > 0 ? ms_table_tidy(played->never_t[r->weights.priorities[0]])
                                                          : 0);
            ms_table_number(table, F_PLANS, played->plans);
        }
        table->failed = table->failed || happened.failed;
        ms_buf_free(&happened);
    }
}

static void write_csv(const ms_rehearsal *r, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, file_columns, FILE_COLUMNS);
    fill_samples(&table, r);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

static void write_json(const ms_rehearsal *r, ms_buf *out)
{
    ms_json json;
    ms_table table;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "case", r->kase->name);
    ms_json_integer(&json, "samples", (long long)r->sample_count);
    ms_json_integer(&json, "sets", (long long)r->set_count);
    ms_json_number(&json, "every_days", r->every_days);
    ms_json_number(&json, "warning_days", r->warning_days);
    ms_json_bool(&json, "stopped", ms_rehearsal_stopped(r));
    ms_json_number(&json, "value_of_planning_again", ms_table_tidy(worth(r, MS_PLAY_NEVER, MS_PLAY_AGAIN)));
    ms_json_number(&json, "value_of_warning",
                   r->warning_days > 0 ? ms_table_tidy(worth(r, MS_PLAY_AGAIN, MS_PLAY_WARNED)) : NAN);
    ms_json_number(&json, "value_of_foresight", ms_table_tidy(worth(r, MS_PLAY_AGAIN, MS_PLAY_FORESIGHT)));
    ms_table_start(&table, columns, COLUMNS);
    fill(&table, r);
    ms_table_json(&table, &json, "means");
    ms_table_free(&table);
    ms_table_start(&table, file_columns, FILE_COLUMNS);
    fill_samples(&table, r);
    ms_table_json(&table, &json, "rows");
    ms_table_free(&table);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_rehearsal(ms_buf *out, const ms_rehearsal *rehearsal, const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_CSV)
        write_csv(rehearsal, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(rehearsal, &made);
    else
        print_text(rehearsal, &pen);
    return ms_report_hand_over(out, &made, err);
}
