/* report_plan.c: the story of a plan: what was solved and how well, what is met combined and alone, what falls short
 * and why, what holds it back, what crosses between partners, and what to type next.
 *
 * It is written for somebody who has been awake all night: the answer first, one table that matters, then reasons. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/bottleneck.h"
#include "report/coverage.h"
#include "report/crossing.h"
#include "report/reasons.h"
#include "report/report.h"
#include "report/words.h"

enum { REASONS_SHOWN = 5, BOTTLENECKS_SHOWN = 8 };

/* Everything that the story needs besides the plan; made before a word is written. */
typedef struct {
    ms_reasons reasons;
    ms_bottleneck *bottlenecks;
    size_t bottleneck_count;
    ms_crossings crossings;
} facts;

static void facts_free(facts *f)
{
    ms_reasons_free(&f->reasons);
    ms_free(f->bottlenecks);
    ms_crossings_free(&f->crossings);
}

static ms_status facts_make(facts *f, const ms_plan *plan, ms_error *err)
{
    ms_explain_options options = {.most = REASONS_SHOWN};
    *f = (facts){0};
    MS_TRY(ms_explain(&f->reasons, plan, &options, err));
    ms_status status = ms_explain_bottlenecks(&f->bottlenecks, &f->bottleneck_count, plan, err);
    if (status == MS_OK)
        status = ms_crossings_make(&f->crossings, plan, err);
    if (status != MS_OK)
        facts_free(f);
    return status;
}

/* ---- headline ---- */

static void put_partners(ms_buf *out, const ms_case *kase)
{
    ms_words_count(out, (size_t)kase->partners_count, "partner", "partners");
    for (int32_t p = 0; p < kase->partners_count && p < 6; p++)
        ms_buf_printf(out, "%s%s", p == 0 ? " (" : ", ", kase->partners[p].id);
    if (kase->partners_count > 0)
        ms_buf_text(out, kase->partners_count > 6 ? ", ...)" : ")");
}

static void put_what(ms_buf *out, const ms_plan *plan, const ms_pen *pen)
{
    const ms_case *kase = plan->kase;
    char date[MS_DATE_BYTES], number[MS_NUMBER_BYTES];
    const char *dot = ms_pen_glyph(pen, MS_GLYPH_DOT);
    ms_buf_printf(out, "%s day%s from %s %s ", ms_number_short(number, kase->days), kase->days == 1 ? "" : "s",
                  ms_date_text(date, kase->start_day, 0), dot);
    put_partners(out, kase);
    ms_buf_printf(out, " %s ", dot);
    ms_words_count(out, (size_t)kase->sites_count, "site", "sites");
    ms_buf_text(out, ", ");
    ms_words_count(out, (size_t)kase->lanes_count, "lane", "lanes");
    if (plan->contingency_count > 0)
        ms_buf_printf(out, " %s with contingency ", dot);
    for (size_t i = 0; i < plan->contingency_count; i++)
        ms_buf_printf(out, "%s%s", i > 0 ? ", " : "", plan->contingencies[i]);
}

static void put_met(ms_buf *out, const ms_plan *plan)
{
    ms_cover all = ms_coverage_sum(plan, MS_EVERY, MS_EVERY);
    double share = ms_cover_share(&all), alone = ms_cover_alone_share(&all);
    bool several = plan->kase->partners_count > 1;
    if (all.wanted_t <= 0.0) {
        ms_buf_text(out, "Nothing is wanted.");
        return;
    }
    ms_buf_printf(out, "%s meet%s ", several ? "Together the partners" : "The plan", several ? "" : "s");
    if (share >= 1.0)
        ms_buf_text(out, "all");
    else
        ms_words_percent(out, share);
    ms_buf_text(out, " of the ");
    ms_words_tonnes(out, all.wanted_t);
    ms_buf_text(out, " that are wanted");
    if (several && !isnan(alone)) {
        ms_buf_text(out, "; each alone, ");
        ms_words_percent(out, alone);
    }
    ms_buf_text(out, ".");
    if (all.late_t_days > 0.0) {
        ms_buf_text(out, " Some of it comes late: ");
        ms_words_tonnes(out, all.late_t_days);
        ms_buf_text(out, "-days.");
    }
}

static const ms_shortfall *first_short(const ms_plan *plan)
{
    const ms_shortfall *first = NULL;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind == MS_SHORT_DEMAND && ms_report_falls_short(plan, s) &&
            (first == NULL || s->period < first->period))
            first = s;
    }
    return first;
}

static ms_tone put_urgent(ms_buf *out, const ms_plan *plan)
{
    const ms_shortfall *first = first_short(plan);
    if (plan->priority_count == 0 || first == NULL) {
        ms_buf_text(out, "No demand falls short.");
        return MS_TONE_GOOD;
    }
    ms_cover top = ms_coverage_sum(plan, MS_EVERY, 0);
    double share = ms_cover_share(&top);
    ms_buf_printf(out, "Priority %d ", plan->priorities[0]);
    if (share >= 1.0) {
        ms_buf_text(out, "is met in full. ");
    } else {
        ms_buf_text(out, "falls short by ");
        ms_words_tonnes(out, top.wanted_t - top.met_t);
        ms_buf_text(out, " of ");
        ms_words_tonnes(out, top.wanted_t);
        ms_buf_text(out, ". ");
    }
    ms_buf_text(out, "The first shortfall is on ");
    ms_words_day(out, plan->kase, first->period);
    ms_buf_text(out, ": ");
    ms_words_need(out, plan->kase, MS_SHORT_DEMAND, first->row_ix, "to");
    ms_buf_text(out, ".");
    return share >= 1.0 ? MS_TONE_PLAIN : MS_TONE_BAD;
}

/* Rounded up to one significant digit below 1, so that the claim stays true and easy to read. */
static double one_digit_up(double value)
{
    double power = pow(10.0, floor(log10(fmax(value, 1e-6))));
    return value >= 1.0 ? ceil(value * 10.0) / 10.0 : ceil(value / power - 1e-9) * power;
}

static void put_proof(ms_buf *out, const ms_plan *plan)
{
    char number[MS_NUMBER_BYTES];
    const double says_nothing = 0.9; /* a bound that far off tells a reader nothing */
    double gap = ms_plan_gap(plan), per_cent = gap * 100.0;
    bool quick = plan->engine != NULL && strncmp(plan->engine, "greedy", 6) == 0;
    if (plan->stopped)
        ms_buf_text(out, quick ? "A quick plan. " : "Stopped before it was done. ");
    if (gap <= 1e-9)
        ms_buf_text(out, "Proven: no plan is better");
    else if (gap < says_nothing)
        ms_buf_printf(out, "Proven: no plan is better by more than %s\xC2\xA0%%",
                      ms_number_short(number, one_digit_up(per_cent)));
    else
        ms_buf_text(out, "Not proven: the bound is too far off to say how good this is");
    ms_buf_text(out, ". ");
    if (plan->seconds > 0.0)
        ms_buf_printf(out, "Planned in %s s by %s",
                      ms_number_grouped(number, plan->seconds, plan->seconds < 1.0 ? 2 : 1), plan->engine);
    else
        ms_buf_printf(out, "Planned by %s", plan->engine);
    if (plan->engine_reason != NULL && plan->engine_reason[0] != '\0')
        ms_buf_printf(out, ": %s", plan->engine_reason);
    if (out->length > 0 && !out->failed && out->text[out->length - 1] != '.')
        ms_buf_text(out, ".");
}

static void put_cost(ms_buf *out, const ms_plan *plan)
{
    char number[MS_NUMBER_BYTES];
    double moved_t = 0.0;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *m = &plan->movements[i];
        moved_t += m->quantity * ms_item_t_per_unit(&plan->kase->items[m->item_ix]);
    }
    ms_words_count(out, plan->movement_count, "movement", "movements");
    ms_buf_text(out, ", ");
    ms_words_tonnes(out, moved_t);
    bool named = plan->kase->currency != NULL && plan->kase->currency[0] != '\0';
    ms_buf_printf(out, " lifted; transport and duty cost %s%s%s.", ms_number_grouped(number, plan->cost_currency, 0),
                  named ? " " : "", named ? plan->kase->currency : "");
}

static void print_headline(const ms_plan *plan, const ms_pen *pen)
{
    ms_buf text = {0};
    ms_pen_paragraph(pen, MS_TONE_HEAD, 0, 0, plan->kase->name);
    put_what(&text, plan, pen);
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&text));
    ms_pen_line(pen);
    ms_buf_reset(&text);
    put_met(&text, plan);
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    ms_tone tone = put_urgent(&text, plan);
    ms_pen_paragraph(pen, tone, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    put_proof(&text, plan);
    ms_pen_paragraph(pen, plan->stopped ? MS_TONE_FAIR : MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    put_cost(&text, plan);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

/* ---- sections ---- */

static void print_reasons(const facts *f, const ms_plan *plan, const ms_pen *pen)
{
    if (f->reasons.count == 0)
        return;
    ms_buf note = {0};
    if (f->reasons.count < ms_reasons_short_count(plan))
        ms_buf_printf(&note, "the worst %zu of %zu", f->reasons.count, ms_reasons_short_count(plan));
    else
        ms_buf_text(&note, "worst first");
    ms_pen_heading(pen, "WHAT FALLS SHORT", ms_words_of(&note));
    ms_reasons_print(&f->reasons, plan, pen);
    pen->out->failed = pen->out->failed || note.failed;
    ms_buf_free(&note);
}

/* The path as one word for a shell. */
static void put_shell_word(ms_buf *out, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+,:@%=";
    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        ms_buf_text(out, word);
        return;
    }
    ms_buf_text(out, "'");
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            ms_buf_text(out, "'\\''");
        else
            ms_buf_put(out, word, 1);
    }
    ms_buf_text(out, "'");
}

/* A command is not wrapped: it is there to be copied. */
static void put_command(ms_buf *out, const char *verb, const char *path, const char *rest)
{
    ms_buf_reset(out);
    ms_buf_printf(out, "mainstay %s ", verb);
    put_shell_word(out, path);
    ms_buf_text(out, rest);
}

static void print_next(const char *path, const ms_plan *plan, const ms_pen *pen)
{
    static const struct {
        const char *verb, *rest, *why;
    } next[] = {
        {"explain", "", "why each need falls short, with proof"},
        {"posture", " --map", "days of supply by site and day"},
        {"check", "", "an independent check of every promise"},
    };
    ms_buf text = {0};
    int longest = 0;
    ms_pen_heading(pen, "NEXT", NULL);
    ms_buf_text(&text, "The plan is in ");
    ms_buf_text(&text, path);
    ms_buf_text(&text, ": movements.csv, issues.csv, stock.csv, shortfalls.csv, orders.csv, prices.csv, summary.json.");
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    for (size_t i = plan->shortfall_count == 0; i < sizeof next / sizeof next[0]; i++) {
        put_command(&text, next[i].verb, path, next[i].rest);
        longest = ms_utf8_width(ms_words_of(&text)) > longest ? ms_utf8_width(ms_words_of(&text)) : longest;
    }
    for (size_t i = plan->shortfall_count == 0; i < sizeof next / sizeof next[0]; i++) {
        put_command(&text, next[i].verb, path, next[i].rest);
        int wide = ms_utf8_width(ms_words_of(&text));
        ms_buf_text(pen->out, "  ");
        ms_pen_put(pen, MS_TONE_STRONG, ms_words_of(&text));
        if (2 + longest + 2 + (int)strlen(next[i].why) <= pen->width) {
            ms_pen_repeat(pen, MS_TONE_PLAIN, " ", longest - wide + 2);
            ms_pen_put(pen, MS_TONE_FAINT, next[i].why);
        }
        ms_pen_line(pen);
    }
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

static void print_story(const facts *f, const ms_plan *plan, const char *path, const ms_pen *pen)
{
    print_headline(plan, pen);
    ms_coverage_print(plan, pen);
    print_reasons(f, plan, pen);
    ms_bottlenecks_print(f->bottlenecks, f->bottleneck_count, plan, pen, BOTTLENECKS_SHOWN);
    ms_crossings_print(&f->crossings, plan, pen);
    if (path != NULL)
        print_next(path, plan, pen);
}

/* ---- JSON ---- */

static void json_case(const ms_plan *plan, ms_json *json)
{
    const ms_case *kase = plan->kase;
    char date[MS_DATE_BYTES];
    ms_json_string(json, "case", kase->name);
    ms_json_string(json, "start", ms_date_text(date, kase->start_day, 0));
    ms_json_number(json, "days", kase->days);
    ms_json_number(json, "period_hours", kase->period_hours);
    ms_json_open_array(json, "partners");
    for (int32_t p = 0; p < kase->partners_count; p++)
        ms_json_string(json, NULL, kase->partners[p].id);
    ms_json_close_array(json);
    ms_json_open_array(json, "contingencies");
    for (size_t i = 0; i < plan->contingency_count; i++)
        ms_json_string(json, NULL, plan->contingencies[i]);
    ms_json_close_array(json);
}

static void write_json(const facts *f, const ms_plan *plan, const char *path, ms_buf *out)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    json_case(plan, &json);
    ms_json_number(&json, "objective", plan->objective);
    ms_json_number(&json, "bound", plan->bound);
    ms_json_number(&json, "gap", ms_plan_gap(plan));
    ms_json_number(&json, "gap_asked", plan->gap_asked);
    ms_json_bool(&json, "stopped", plan->stopped);
    ms_json_number(&json, "seconds", plan->seconds);
    ms_json_number(&json, "seconds_build", plan->seconds_build);
    ms_json_number(&json, "seconds_solve", plan->seconds_solve);
    ms_json_number(&json, "seconds_extract", plan->seconds_extract);
    ms_json_number(&json, "seconds_alone", plan->seconds_alone);
    ms_json_string(&json, "engine", plan->engine);
    ms_json_string(&json, "engine_reason", plan->engine_reason);
    ms_json_integer(&json, "columns", plan->column_count);
    ms_json_integer(&json, "rows", plan->row_count);
    ms_json_number(&json, "shortfall_part", plan->shortfall_part);
    ms_json_number(&json, "cost_part", plan->cost_part);
    ms_json_number(&json, "cost", ms_table_tidy(plan->cost_currency));
    ms_json_string(&json, "currency", plan->kase->currency);
    ms_json_bool(&json, "has_alone", plan->has_alone);
    ms_json_open_object(&json, "coverage");
    ms_coverage_json(plan, &json);
    ms_json_close_object(&json);
    ms_json_integer(&json, "short_count", (long long)ms_reasons_short_count(plan));
    ms_reasons_json(&f->reasons, plan, &json, "shortfalls");
    ms_bottlenecks_json(f->bottlenecks, f->bottleneck_count, plan, &json);
    ms_crossings_json(&f->crossings, plan, &json);
    ms_json_string(&json, "path", path);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_plan(ms_buf *out, const ms_plan *plan, const char *path, const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    ms_buf made = {0};
    if (format == MS_FORMAT_CSV) {
        ms_coverage_csv(plan, &made);
        return ms_report_hand_over(out, &made, err);
    }
    facts f;
    MS_TRY(facts_make(&f, plan, err));
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_JSON)
        write_json(&f, plan, path, &made);
    else
        print_story(&f, plan, path, &pen);
    facts_free(&f);
    return ms_report_hand_over(out, &made, err);
}
