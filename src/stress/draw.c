/* draw.c: draws contingencies by their chance; see draw.h. */
#include "stress/draw.h"

#include <string.h>

#include "base/random.h"

static size_t words_of(const ms_case *kase)
{
    return (size_t)kase->contingencies_count / 64 + 1;
}

ms_status ms_draw_make(ms_draw *draw, const ms_case *kase, ms_error *err)
{
    *draw = (ms_draw){0};
    draw->happened = ms_alloc(words_of(kase), sizeof *draw->happened);
    return draw->happened ? MS_OK : ms_error_memory(err);
}

void ms_draw_free(ms_draw *draw)
{
    ms_free(draw->events);
    ms_free(draw->happened);
    *draw = (ms_draw){0};
}

static double number(uint64_t seed, uint64_t scenario, int32_t contingency_ix, int which)
{
    ms_random random = ms_random_start(seed, scenario);
    random.next = 4 * (uint64_t)contingency_ix + (uint64_t)which;
    return ms_random_unit(&random);
}

/* The value at u of a triangular distribution, or of a uniform one; by its inverse, so that more u is never less. */
static double value_at(const ms_variation *variation, double u)
{
    double least = variation->least, likely = variation->likely, most = variation->most, width = most - least;
    if (width <= 0)
        return least;
    if (isnan(likely))
        return least + u * width;
    double turn = (likely - least) / width;
    return u < turn ? least + sqrt(u * width * (likely - least)) : most - sqrt((1 - u) * width * (most - likely));
}

/* What a contingency's row says; `plain` where it has none. */
static double draw_value(const ms_case *kase, int32_t c, ms_vary vary, double plain, uint64_t seed, uint64_t scenario)
{
    for (int32_t v = 0; v < kase->variations_count; v++) {
        const ms_variation *variation = &kase->variations[v];
        if (variation->vary == vary && strcmp(variation->contingency, kase->contingencies[c].id) == 0)
            return value_at(variation, number(seed, scenario, c, 1 + (int)vary));
    }
    return plain;
}

static double amount_by(const ms_event *event, double factor)
{
    double amount = event->amount;
    switch (event->effect) {
    case MS_EFFECT_SCALE:
        amount = 1 + (amount - 1) * factor;
        return amount > 0 ? amount : 0;
    case MS_EFFECT_DELAY:
        return amount * factor;
    case MS_EFFECT_LOSE:
        return amount * factor < 1 ? amount * factor : 1;
    case MS_EFFECT_CLOSE:
    case MS_EFFECT_SET:
    case MS_EFFECTS:
        break;
    }
    return amount;
}

static double whole_periods(const ms_case *kase, double days)
{
    return nearbyint(days / kase->period_days) * kase->period_days;
}

static ms_status add_event(ms_draw *draw, const ms_case *kase, const ms_event *plain, double later_days, double longer,
                           double factor, ms_error *err)
{
    ms_event event = *plain;
    double length = event.to_day - event.from_day;
    void *events = draw->events;
    event.contingency_ix = MS_NONE;
    event.from_day += later_days;
    event.to_day = isinf(length) ? INFINITY
                                 : event.from_day + (longer == 1 ? length : whole_periods(kase, length * longer));
    event.from_day = event.from_day > 0 ? event.from_day : 0;
    event.amount = factor == 1 ? event.amount : amount_by(plain, factor);
    if (event.from_day >= kase->days || event.to_day <= event.from_day)
        return MS_OK;
    if (!isinf(event.to_day) && event.to_day > kase->days)
        event.to_day = kase->days;
    if (!ms_grow(&events, &draw->capacity, draw->event_count + 1, sizeof event))
        return ms_error_memory(err);
    draw->events = events;
    draw->events[draw->event_count++] = event;
    return MS_OK;
}

ms_status ms_draw_scenario(ms_draw *draw, const ms_case *kase, uint64_t seed, uint64_t scenario, ms_error *err)
{
    draw->event_count = 0;
    memset(draw->happened, 0, words_of(kase) * sizeof *draw->happened);
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        const ms_contingency *contingency = &kase->contingencies[c];
        if (!(number(seed, scenario, c, 0) < contingency->chance))
            continue;
        double later_days = whole_periods(kase, draw_value(kase, c, MS_VARY_START, 0, seed, scenario));
        double longer = draw_value(kase, c, MS_VARY_DURATION, 1, seed, scenario);
        double factor = draw_value(kase, c, MS_VARY_AMOUNT, 1, seed, scenario);
        draw->happened[c / 64] |= UINT64_C(1) << (c % 64);
        for (int32_t e = 0; e < contingency->event_count; e++)
            MS_TRY(add_event(draw, kase, &kase->events[contingency->first_event + e], later_days, longer, factor, err));
    }
    return MS_OK;
}
