/* shifts.c: see shifts.h. */
#include "report/shifts.h"

#include "report/words.h"

enum { SHIFTS_NAMED = 3 }; /* lanes, and sites, that a sentence names */

static void put_shift(ms_buf *out, const ms_case *kase, const ms_shift *shift, const char *arrow)
{
    if (shift->is_site)
        ms_buf_text(out, ms_words_site(kase, shift->row_ix));
    else
        ms_words_lane(out, kase, shift->row_ix, arrow);
    ms_buf_text(out, " ");
    ms_words_tonnes(out, fabs(shift->after_t - shift->before_t));
    if (shift->full_periods == 0 || shift->after_t < shift->before_t)
        return;
    ms_buf_text(out, ", full ");
    if (shift->full_periods > 1)
        ms_buf_printf(out, "in %d periods ", shift->full_periods);
    ms_words_span(out, kase, shift->first_full, shift->last_full + 1);
}

/* "More through ...; ..."; false when there is none. */
static bool put_shifts(ms_buf *out, const ms_shift *shifts, size_t count, const ms_case *kase, bool more, bool sites,
                       const char *arrow)
{
    int said = 0;
    for (size_t i = 0; i < count && said < SHIFTS_NAMED; i++) {
        if (shifts[i].is_site != sites || (shifts[i].after_t > shifts[i].before_t) != more)
            continue;
        ms_buf_text(out, said++ > 0 ? "; " : more ? "More through " : "Less through ");
        put_shift(out, kase, &shifts[i], arrow);
    }
    ms_buf_text(out, said > 0 ? "." : "");
    return said > 0;
}

void ms_shifts_print(const ms_shift *shifts, size_t count, const ms_case *kase, const ms_pen *pen, int indent)
{
    ms_buf text = {0};
    for (int part = 0; part < 4; part++) {
        ms_buf_reset(&text);
        if (put_shifts(&text, shifts, count, kase, part % 2 == 0, part >= 2, ms_pen_glyph(pen, MS_GLYPH_ARROW)))
            ms_pen_paragraph(pen, MS_TONE_FAINT, indent, indent + 2, ms_words_of(&text));
    }
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

void ms_shifts_json(const ms_shift *shifts, size_t count, const ms_case *kase, ms_json *json, const char *key)
{
    ms_json_open_array(json, key);
    for (size_t i = 0; i < count; i++) {
        const ms_shift *shift = &shifts[i];
        ms_json_open_object(json, NULL);
        ms_json_string(json, shift->is_site ? "site" : "lane",
                       shift->is_site ? kase->sites[shift->row_ix].id : kase->lanes[shift->row_ix].id);
        ms_json_number(json, "before_t", ms_table_tidy(shift->before_t));
        ms_json_number(json, "after_t", ms_table_tidy(shift->after_t));
        ms_json_integer(json, "full_periods", shift->full_periods);
        ms_json_number(json, "first_full_day", shift->first_full < 0 ? NAN : shift->first_full * kase->period_days);
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}
