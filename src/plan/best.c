/* best.c: weighs flows, as they are and repaired, and keeps the best. */
#include "plan/best.h"

#include <assert.h>

/* More than rounding does: then the flow broke limits. */
static const double CUT_MOST_T = 1e-3;

struct ms_best {
    const ms_network *net;
    ms_settler *settler;
    ms_repair *repair; /* NULL until it is needed */
    ms_flow trial, kept;
    ms_settled_value value; /* of what is kept */
    bool has_plan;
};

ms_status ms_best_make(ms_best **out, const ms_network *net, ms_error *err)
{
    ms_best *best = ms_alloc(1, sizeof *best);
    if (!best)
        return ms_error_memory(err);
    best->net = net;
    ms_status status = ms_settler_make(&best->settler, net, err);
    if (status == MS_OK && (ms_flow_make(&best->trial, net) != MS_OK || ms_flow_make(&best->kept, net) != MS_OK))
        status = ms_error_memory(err);
    if (status != MS_OK) {
        ms_best_free(best);
        return status;
    }
    *out = best;
    return MS_OK;
}

void ms_best_free(ms_best *best)
{
    if (!best)
        return;
    ms_settler_free(best->settler);
    ms_repair_free(best->repair);
    ms_flow_free(&best->trial);
    ms_flow_free(&best->kept);
    ms_free(best);
}

ms_flow *ms_best_trial(ms_best *best)
{
    best->trial.evens_out = false;
    return &best->trial;
}

static bool fits(const ms_settled_value *value)
{
    return value->over_storage_t <= MS_OVER_STORAGE_MOST_T;
}

/* Keeps the trial, whose place what was kept takes, if it is better. */
static bool keep_better(ms_best *best, const ms_settled_value *value)
{
    bool better = !best->has_plan;
    if (best->has_plan)
        better = fits(value) != fits(&best->value) ? fits(value) : value->objective < best->value.objective;
    if (!better)
        return false;
    ms_flow swap = best->kept;
    best->kept = best->trial;
    best->trial = swap;
    best->value = *value;
    best->has_plan = true;
    return true;
}

static bool is_worth(const ms_best_repair *repair, const ms_settled_value *plain)
{
    if (repair->manner == MS_REPAIR_NOT)
        return false;
    return !fits(plain) || (plain->worst_cut_t > CUT_MOST_T && plain->objective <= repair->plain_most);
}

static ms_status offer_repaired(bool *better, ms_best *best, const ms_best_repair *repair, ms_error *err)
{
    ms_settled_value value;
    bool ended;
    double most = INFINITY;
    if (!best->repair)
        MS_TRY(ms_repair_make(&best->repair, best->net, err));
    if (fits(&best->value))
        most = repair->most < best->value.objective ? repair->most : best->value.objective;
    MS_TRY(ms_repair_flow(&ended, best->repair, &best->trial, repair->manner, most, err));
    if (!ended)
        return MS_OK;
    best->trial.evens_out = false;
    MS_TRY(ms_settler_value(&value, best->settler, &best->trial, err));
    *better = keep_better(best, &value) || *better;
    return MS_OK;
}

ms_status ms_best_offer(bool *better, ms_best *best, const ms_best_repair *repair, ms_error *err)
{
    ms_settled_value value;
    MS_TRY(ms_settler_value(&value, best->settler, &best->trial, err));
    *better = keep_better(best, &value);
    if (!is_worth(repair, &value))
        return MS_OK;
    if (*better)
        ms_flow_copy(&best->trial, &best->kept, best->net);
    return offer_repaired(better, best, repair, err);
}

const ms_settled_value *ms_best_value(const ms_best *best)
{
    return best->has_plan ? &best->value : NULL;
}

bool ms_best_fits(const ms_best *best)
{
    return best->has_plan && fits(&best->value);
}

const ms_flow *ms_best_flow(const ms_best *best)
{
    return &best->kept;
}

ms_status ms_best_settle(ms_settled *out, ms_best *best, ms_error *err)
{
    assert(best->has_plan);
    return ms_settler_settle(out, best->settler, &best->kept, err);
}
