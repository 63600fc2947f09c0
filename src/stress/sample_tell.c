/* sample_tell.c: what an ensemble says: spreads, and the contingencies that explain its tail. */
#include "stress/sample.h"

#include <math.h>
#include <stdlib.h>

/* ---- spreads ---- */

typedef double (*value_of)(const ms_sample_result *result, int32_t row);

static double short_of(const ms_sample_result *result, int32_t row)
{
    return result->short_t[row];
}

static double late_of(const ms_sample_result *result, int32_t row)
{
    return result->late_t_days[row];
}

static double added_of(const ms_sample_result *result, int32_t row)
{
    (void)row;
    return result->added;
}

static const ms_sample_result *result_of(const ms_sample *sample, size_t scenario)
{
    return &sample->results[sample->result_of[scenario]];
}

static ms_status spread(ms_spread *out, const ms_sample *sample, value_of value, int32_t row, ms_error *err)
{
    double *values = ms_alloc(sample->taken, sizeof *values);
    if (!values)
        return ms_error_memory(err);
    for (size_t i = 0; i < sample->taken; i++)
        values[i] = value(result_of(sample, i), row);
    ms_spread_of(out, values, sample->taken);
    ms_free(values);
    return MS_OK;
}

ms_status ms_sample_spread(ms_spread *out, const ms_sample *sample, int32_t row, bool late, ms_error *err)
{
    return spread(out, sample, late ? late_of : short_of, row, err);
}

ms_status ms_sample_spread_added(ms_spread *out, const ms_sample *sample, ms_error *err)
{
    return spread(out, sample, added_of, 0, err);
}

/* ---- what explains the tail ---- */

typedef struct {
    ms_sample_event event;
    double lift; /* share of those seen that lie in the tail; below 0: never seen */
} ranked;

static int by_lift(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    if (a->lift != b->lift)
        return a->lift > b->lift ? -1 : 1;
    return a->event.contingency_ix < b->event.contingency_ix ? -1 : 1;
}

static ms_status count_events(ms_sample_event *events, size_t *tail, const ms_sample *sample, double at_risk,
                              ms_error *err)
{
    const ms_case *kase = sample->kase;
    ms_draw draw;
    double all = 0;
    MS_TRY(ms_draw_make(&draw, kase, err));
    ms_status status = MS_OK;
    *tail = 0;
    for (size_t i = 0; status == MS_OK && i < sample->taken; i++) {
        double added = result_of(sample, i)->added;
        status = ms_draw_scenario(&draw, kase, sample->options.seed, i, err);
        bool in_tail = added >= at_risk;
        *tail += in_tail;
        all += added;
        for (int32_t c = 0; status == MS_OK && c < kase->contingencies_count; c++) {
            if (!ms_draw_happened(&draw, c))
                continue;
            events[c].seen++;
            events[c].seen_in_tail += in_tail;
            events[c].added_with += added;
        }
    }
    ms_draw_free(&draw);
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        size_t without = sample->taken - events[c].seen;
        events[c].contingency_ix = c;
        events[c].added_without = without ? (all - events[c].added_with) / (double)without : NAN;
        events[c].added_with = events[c].seen ? events[c].added_with / (double)events[c].seen : NAN;
    }
    return status;
}

ms_status ms_sample_events(ms_sample_event *out, size_t *tail, const ms_sample *sample, ms_error *err)
{
    size_t count = (size_t)sample->kase->contingencies_count;
    ms_spread added;
    MS_TRY(ms_sample_spread_added(&added, sample, err));
    ranked *rows = ms_alloc(count, sizeof *rows);
    ms_sample_event *events = ms_alloc(count, sizeof *events);
    ms_status status = rows && events ? MS_OK : ms_error_memory(err);
    if (status == MS_OK)
        status = count_events(events, tail, sample, added.quantile[MS_SPREAD_QUANTILES - 1], err);
    if (status == MS_OK) {
        for (size_t c = 0; c < count; c++)
            rows[c] = (ranked){events[c],
                               events[c].seen ? (double)events[c].seen_in_tail / (double)events[c].seen : -1};
        qsort(rows, count, sizeof *rows, by_lift);
        for (size_t c = 0; c < count; c++)
            out[c] = rows[c].event;
    }
    ms_free(rows);
    ms_free(events);
    return status;
}

void ms_sample_fill_bins(ms_sample_bins *out, const ms_sample *sample)
{
    *out = (ms_sample_bins){.top = sample->taken ? sample->rows[0].base_short_t : 0};
    for (size_t i = 0; i < sample->taken; i++)
        out->top = fmax(out->top, short_of(&sample->results[sample->result_of[i]], 0));
    for (size_t i = 0; i < sample->taken; i++) {
        double short_t = short_of(&sample->results[sample->result_of[i]], 0);
        int bin = out->top > 0 ? (int)(short_t / out->top * MS_SAMPLE_BINS) : 0;
        out->counts[bin < 0 ? 0 : bin < MS_SAMPLE_BINS ? bin : MS_SAMPLE_BINS - 1]++;
    }
}
