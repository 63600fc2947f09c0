/* briefing_chart.c: charts of a briefing's page: stacked columns, one a day, with their keys and an axis.
 *
 * Colours go from dark to light, in the order of the key, so that they stand apart in grey too. Cost: days x series. */
#include <math.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/svg.h"
#include "report/words.h"

static const double WIDTH = 1000.0, HEIGHT = 190.0, LEFT = 64.0, RIGHT = 8.0, TOP = 26.0, BOTTOM = 24.0;

enum { SERIES_MOST = 6 };

typedef struct {
    const char *classes[SERIES_MOST]; /* of the style: the first stands at the bottom */
    ms_buf keys[SERIES_MOST];
    int series, columns;
    double *values; /* [series x columns] */
    double top;     /* of the axis */
    double step;    /* of its lines */
} chart;

/* 1, 2 or 5 times a power of ten, at least value / 4: at most five lines. */
static double nice_step(double most)
{
    double power = pow(10.0, floor(log10(fmax(most, 1e-6) / 4.0)));
    double times = fmax(most, 1e-6) / 4.0 / power;
    return (times <= 1.0 ? 1.0 : times <= 2.0 ? 2.0 : times <= 5.0 ? 5.0 : 10.0) * power;
}

static void scale(chart *of)
{
    double most = 0.0;
    for (int c = 0; c < of->columns; c++) {
        double sum = 0.0;
        for (int s = 0; s < of->series; s++)
            sum += of->values[s * of->columns + c];
        most = fmax(most, sum);
    }
    of->step = nice_step(most);
    of->top = of->step * fmax(ceil(most / of->step - 1e-9), 1.0);
}

static void put_axes(ms_buf *out, const ms_briefing *b, const chart *of)
{
    double height = HEIGHT - TOP - BOTTOM, room = (WIDTH - LEFT - RIGHT) / of->columns;
    int every = of->columns > 10 ? (of->columns + 9) / 10 : 1;
    for (double at = 0.0; at <= of->top * 1.0001; at += of->step) {
        char number[MS_NUMBER_BYTES];
        double y = HEIGHT - BOTTOM - at / of->top * height;
        ms_svg_line(out, LEFT, y, WIDTH - RIGHT, y, at > 0.0 ? "cl" : "ca");
        ms_svg_label(out, LEFT - 6.0, y + 4.0, "ct", "end", ms_number_short(number, ms_table_tidy(at)));
    }
    for (int c = 0; c < of->columns; c += every) {
        ms_buf date = {0};
        int period = of->columns == b->posture.sample_count ? b->posture.sample_period[c] : c;
        ms_say_date(&date, b->language, b->plan->kase, period);
        ms_svg_label(out, LEFT + (c + 0.5) * room, HEIGHT - 6.0, "ct", "middle", ms_words_of(&date));
        out->failed = out->failed || date.failed;
        ms_buf_free(&date);
    }
}

static void put_columns(ms_buf *out, const chart *of)
{
    double height = HEIGHT - TOP - BOTTOM, room = (WIDTH - LEFT - RIGHT) / of->columns;
    for (int c = 0; c < of->columns; c++) {
        double base = HEIGHT - BOTTOM;
        for (int s = 0; s < of->series; s++) {
            double h = of->values[s * of->columns + c] / of->top * height;
            if (h < 0.05)
                continue;
            ms_svg_box(out, LEFT + c * room + room * 0.06, base - h, room * 0.88, h, of->classes[s]);
            base -= h;
        }
    }
}

static void put_keys(ms_buf *out, const chart *of)
{
    double x = LEFT;
    for (int s = 0; s < of->series; s++) {
        ms_svg_box(out, x, 4.0, 11.0, 11.0, of->classes[s]);
        ms_svg_label(out, x + 16.0, 14.0, "ct", "start", ms_words_of(&of->keys[s]));
        x += 34.0 + ms_svg_text_width(ms_words_of(&of->keys[s]), 13.0);
    }
}

static void put_chart(ms_buf *out, const ms_briefing *b, chart *of, ms_say_text title)
{
    scale(of);
    ms_buf_text(out, "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ");
    ms_svg_number(out, WIDTH);
    ms_buf_text(out, " ");
    ms_svg_number(out, HEIGHT);
    ms_buf_text(out, "\"><title>");
    ms_svg_escape(out, ms_say_of(b->language, title));
    ms_buf_text(out, "</title>\n");
    put_axes(out, b, of);
    put_columns(out, of);
    put_keys(out, of);
    ms_buf_text(out, "</svg>\n");
    for (int s = 0; s < of->series; s++) {
        out->failed = out->failed || of->keys[s].failed;
        ms_buf_free(&of->keys[s]);
    }
}

/* The least urgent priorities beyond the room for keys are one series. */
void ms_briefing_put_short(ms_buf *out, const ms_briefing *b)
{
    static const char *const classes[SERIES_MOST] = {"p0", "p1", "p2", "p3", "p4", "p5"};
    int ranks = b->plan->priority_count, columns = b->plan->kase->period_count;
    chart of = {.series = ranks < SERIES_MOST ? ranks : SERIES_MOST, .columns = columns};
    of.values = ms_alloc((size_t)SERIES_MOST * (size_t)columns, sizeof *of.values);
    if (of.values == NULL) {
        out->failed = true;
        return;
    }
    for (int rank = 0; rank < ranks; rank++) {
        int s = rank < SERIES_MOST ? rank : SERIES_MOST - 1;
        char number[MS_NUMBER_BYTES];
        of.classes[s] = classes[s];
        if (rank < SERIES_MOST)
            ms_say_put(&of.keys[s], b->language, MS_SAY_PRIORITY_N, ms_number_text(number, b->plan->priorities[rank]));
        else if (rank == SERIES_MOST)
            ms_buf_text(&of.keys[s], " +");
        for (int c = 0; c < columns; c++)
            of.values[s * columns + c] += b->short_t[(size_t)rank * (size_t)columns + (size_t)c];
    }
    put_chart(out, b, &of, MS_SAY_SHORT_BY_DAY);
    ms_free(of.values);
}

void ms_briefing_put_states(ms_buf *out, const ms_briefing *b)
{
    static const struct {
        ms_state state;
        const char *class;
        ms_say_text key;
    } kinds[] = {
        {MS_STATE_RED, "s3", MS_SAY_RED}, {MS_STATE_AMBER, "s2", MS_SAY_AMBER}, {MS_STATE_GREEN, "s1", MS_SAY_GREEN}};
    int columns = b->posture.sample_count;
    chart of = {.series = 3, .columns = columns};
    of.values = ms_alloc(3 * (size_t)columns, sizeof *of.values);
    if (of.values == NULL) {
        out->failed = true;
        return;
    }
    for (int s = 0; s < 3; s++) {
        of.classes[s] = kinds[s].class;
        ms_buf_text(&of.keys[s], ms_say_of(b->language, kinds[s].key));
        for (size_t r = 0; r < b->posture.row_count; r++)
            for (int c = 0; c < columns; c++)
                of.values[s * columns + c] += b->posture.rows[r].state[c] == kinds[s].state;
    }
    put_chart(out, b, &of, MS_SAY_STATES_BY_DAY);
    ms_free(of.values);
}
