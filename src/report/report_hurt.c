/* report_hurt.c: why a contingency hurts: where the flow goes instead, what is then full, and why what falls short
 * beyond the plan does. */
#include "report/reasons.h"
#include "report/report.h"
#include "report/shifts.h"
#include "report/words.h"

enum { SHIFTS_MOST = 12, REASONS_DEFAULT = 5 };

typedef struct {
    const ms_plan *before, *after;
    ms_reasons reasons;
    ms_shift *shifts;
    size_t shift_count;
} hurt;

static void put_headline(ms_buf *out, const hurt *h)
{
    double before = h->before->shortfall_part, after = h->after->shortfall_part;
    ms_buf_printf(out, "%s with ", h->after->kase->name);
    for (size_t i = 0; i < h->after->contingency_count; i++)
        ms_buf_printf(out, "%s%s", i > 0 ? ", " : "", h->after->contingencies[i]);
    ms_buf_text(out, ": shortfall ");
    ms_words_tonnes(out, before);
    ms_buf_text(out, " weighted before, ");
    ms_words_tonnes(out, after);
    ms_buf_text(out, " with it.");
}

static void print_text(const hurt *h, const ms_pen *pen)
{
    ms_buf text = {0};
    put_headline(&text, h);
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_pen_heading(pen, "WHERE THE FLOW GOES INSTEAD", "tonnes more or less than in the plan");
    if (h->shift_count == 0)
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, "Where it went before.");
    ms_shifts_print(h->shifts, h->shift_count, h->after->kase, pen, 0);
    ms_pen_heading(pen, "WHY MORE FALLS SHORT", "beyond the plan; worst first");
    if (h->reasons.count == 0)
        ms_pen_paragraph(pen, MS_TONE_GOOD, 0, 0, "Nothing falls short that did not before.");
    else
        ms_reasons_print(&h->reasons, h->after, pen);
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

static void write_json(const hurt *h, ms_buf *out)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "contingencies");
    for (size_t i = 0; i < h->after->contingency_count; i++)
        ms_json_string(&json, NULL, h->after->contingencies[i]);
    ms_json_close_array(&json);
    ms_json_number(&json, "shortfall_before", h->before->shortfall_part);
    ms_json_number(&json, "shortfall_after", h->after->shortfall_part);
    ms_shifts_json(h->shifts, h->shift_count, h->after->kase, &json, "shifts");
    ms_reasons_json(&h->reasons, h->after, &json, "reasons");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_hurt(ms_buf *out, const ms_plan *before, const ms_plan *after, const ms_explain_options *options,
                         const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    ms_explain_options chosen = options == NULL ? (ms_explain_options){0} : *options;
    hurt h = {.before = before, .after = after};
    ms_buf made = {0};
    chosen.most = chosen.most > 0 ? chosen.most : REASONS_DEFAULT;
    chosen.beyond = before;
    MS_TRY(ms_explain(&h.reasons, after, &chosen, err));
    ms_status status = ms_shifts_make(&h.shifts, &h.shift_count, before, after, SHIFTS_MOST, err);
    if (status != MS_OK) {
        ms_reasons_free(&h.reasons);
        return status;
    }
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_CSV)
        ms_reasons_csv(&h.reasons, after, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(&h, &made);
    else
        print_text(&h, &pen);
    ms_reasons_free(&h.reasons);
    ms_free(h.shifts);
    return ms_report_hand_over(out, &made, err);
}
