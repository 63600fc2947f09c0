/* failure.c: see failure.h. */
#include "stress/failure.h"

#include <string.h>

static int32_t rows_of(const ms_case *kase, ms_what what)
{
    switch (what) {
    case MS_WHAT_SITE:
        return kase->sites_count;
    case MS_WHAT_LANE:
        return kase->lanes_count;
    case MS_WHAT_FLEET:
        return kase->fleets_count;
    case MS_WHAT_PARTNER:
        return kase->partners_count;
    default:
        return 0;
    }
}

ms_status ms_failures_list(ms_failures *out, const ms_case *kase, unsigned whats, double from_day, double to_day,
                           ms_error *err)
{
    ms_failures list = {.kase = kase, .from_day = from_day, .to_day = to_day};
    size_t rows = 0;
    for (int what = 0; what < MS_WHATS; what++)
        rows += whats & 1u << what ? (size_t)rows_of(kase, (ms_what)what) : 0;
    list.items = ms_alloc(rows, sizeof *list.items);
    bool failed = list.items == NULL;
    for (int what = 0; what < MS_WHATS && !failed; what++) {
        int32_t count = whats & 1u << what ? rows_of(kase, (ms_what)what) : 0;
        if (count == 0)
            continue;
        list.place[what] = ms_alloc((size_t)count, sizeof **list.place);
        failed = list.place[what] == NULL;
        for (int32_t ix = 0; ix < count && !failed; ix++) {
            list.place[what][ix] = list.count;
            list.items[list.count++] = (ms_failure){(ms_what)what, ix};
        }
    }
    if (failed) {
        ms_failures_free(&list);
        return ms_error_memory(err);
    }
    *out = list;
    return MS_OK;
}

void ms_failures_free(ms_failures *failures)
{
    for (int what = 0; what < MS_WHATS; what++)
        ms_free(failures->place[what]);
    ms_free(failures->items);
    *failures = (ms_failures){0};
}

int32_t ms_failures_find(const ms_failures *failures, ms_what what, int32_t ix)
{
    return ix < 0 || failures->place[what] == NULL ? MS_NONE : failures->place[what][ix];
}

const char *ms_failure_id(const ms_failures *failures, int32_t failure)
{
    const ms_failure *f = &failures->items[failure];
    switch (f->what) {
    case MS_WHAT_SITE:
        return failures->kase->sites[f->ix].id;
    case MS_WHAT_LANE:
        return failures->kase->lanes[f->ix].id;
    case MS_WHAT_FLEET:
        return failures->kase->fleets[f->ix].id;
    default:
        return failures->kase->partners[f->ix].id;
    }
}

ms_event ms_failure_event(const ms_failures *failures, int32_t failure)
{
    return (ms_event){.contingency_ix = MS_NONE,
                      .from_day = failures->from_day,
                      .to_day = failures->to_day,
                      .what = failures->items[failure].what,
                      .which = ms_failure_id(failures, failure), /* an id has no * or ? */
                      .effect = MS_EFFECT_CLOSE,
                      .amount = NAN};
}

size_t ms_failures_events(ms_event out[MS_WHATS], const ms_failures *failures)
{
    size_t count = 0;
    for (int32_t i = 0; i < failures->count; i++)
        if (i == 0 || failures->items[i].what != failures->items[i - 1].what) {
            out[count] = ms_failure_event(failures, i);
            out[count++].which = "*";
        }
    return count;
}

double ms_failures_days(const ms_failures *failures)
{
    double end = failures->kase->days;
    return fmax(0, fmin(failures->to_day, end) - failures->from_day);
}

double ms_failure_chance(const ms_failures *failures, int32_t failure)
{
    const ms_case *kase = failures->kase;
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        const ms_contingency *contingency = &kase->contingencies[c];
        const ms_event *event = &kase->events[contingency->first_event];
        if (contingency->event_count == 1 && !isnan(contingency->chance) && event->effect == MS_EFFECT_CLOSE &&
            event->what == failures->items[failure].what && strcmp(event->which, ms_failure_id(failures, failure)) == 0)
            return contingency->chance;
    }
    return NAN;
}

void ms_failure_name(ms_buf *out, const ms_failures *failures, int32_t failure)
{
    ms_buf_text(out, ms_what_words[failures->items[failure].what]);
    ms_buf_text(out, " ");
    ms_buf_text(out, ms_failure_id(failures, failure));
}
