/* scenario.c: what a scenario does to a case, and when it begins. */
#include "stress/stress.h"

ms_status ms_scenario_apply(ms_case **out, const ms_case *kase, const ms_scenario *scenario, ms_error *err)
{
    ms_case *named = NULL;
    const char **ids = ms_alloc(scenario->contingency_count, sizeof *ids);
    if (!ids)
        return ms_error_memory(err);
    for (size_t i = 0; i < scenario->contingency_count; i++)
        ids[i] = kase->contingencies[scenario->contingency_ix[i]].id;
    ms_status status = ms_case_apply(&named, kase, ids, scenario->contingency_count, err);
    ms_free(ids);
    if (status != MS_OK || scenario->event_count == 0) {
        if (status == MS_OK)
            *out = named;
        return status;
    }
    status = ms_case_apply_events(out, named, scenario->events, scenario->event_count, err);
    ms_case_free(named);
    return status;
}

double ms_scenario_from_day(const ms_case *kase, const ms_scenario *scenario)
{
    double first = INFINITY;
    for (size_t i = 0; i < scenario->contingency_count; i++) {
        const ms_contingency *contingency = &kase->contingencies[scenario->contingency_ix[i]];
        for (int32_t e = 0; e < contingency->event_count; e++)
            first = fmin(first, kase->events[contingency->first_event + e].from_day);
    }
    for (size_t e = 0; e < scenario->event_count; e++)
        first = fmin(first, scenario->events[e].from_day);
    return first;
}
