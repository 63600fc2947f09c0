/* stress_rank.c: mainstay stress CASE --each | --pairs | --worst N: what hurts most. */
#include <string.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/stress.h"

/* What `mainstay merge` has read. */
static ms_rank_options read_job(const ms_stress_job *job)
{
    return (ms_rank_options){.mode = strcmp(job->mode, "pairs") == 0   ? MS_RANK_PAIRS
                                     : strcmp(job->mode, "worst") == 0 ? MS_RANK_WORST
                                                                       : MS_RANK_EACH,
                             .what = job->what,
                             .from_day = job->from_day,
                             .for_days = job->for_days,
                             .count = job->count};
}

static ms_status read_options(ms_rank_options *out, ms_stress_call *stress)
{
    ms_call *call = stress->call;
    if (stress->job != NULL) {
        *out = read_job(stress->job);
        return MS_OK;
    }
    bool pairs = ms_option_given(call, "pairs"), worst = ms_option_given(call, "worst");
    if ((pairs || worst) && stress->how.shards > 0)
        return ms_fail(&call->err, MS_USAGE, "--shard parts what can be parted: --each and --sample");
    *out = (ms_rank_options){
        .mode = pairs   ? MS_RANK_PAIRS
                : worst ? MS_RANK_WORST
                        : MS_RANK_EACH,
        .what = ms_option_given(call, "each") ? ms_option_text(call, "each") : NULL,
        .from_day = ms_option_number(call, "from"),
        .for_days = ms_option_given(call, "for") ? ms_option_number(call, "for") : 0,
        .time_limit = ms_option_given(call, "time-limit") ? ms_option_number(call, "time-limit") : 0,
    };
    if (worst)
        out->count = (int)ms_option_count(call, "worst");
    else if (pairs && ms_option_given(call, "most"))
        out->count = (int)ms_option_count(call, "most");
    stress->bar.limit_s = 0; /* the ranking minds it: what it has found is told of afterwards */
    return MS_OK;
}

static ms_status report(const ms_stress_call *stress, const ms_ranking *ranking)
{
    ms_call *call = stress->call;
    int most = stress->job == NULL && ms_option_given(call, "most") ? (int)ms_option_count(call, "most") : 0;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_report_ranking(&call->out, ranking, most, &view, &call->err);
    if (status != MS_OK || !ms_option_given(call, "svg"))
        return status;
    ms_buf svg = {0};
    status = ms_report_ranking_svg(&svg, ranking, most, &call->err);
    if (status == MS_OK)
        status = ms_stress_write_svg(call, &svg);
    ms_buf_free(&svg);
    return status;
}

ms_exit ms_stress_rank(ms_stress_call *stress)
{
    ms_call *call = stress->call;
    ms_rank_options options;
    ms_ranking *ranking = NULL;
    ms_status status = read_options(&options, stress);
    if (status == MS_OK)
        status = ms_rank_make(&ranking, stress->kase, &options, &stress->how, &call->err);
    ms_progress_finish(&stress->bar);
    if (status != MS_OK)
        return ms_exit_of(status);
    bool stopped = ms_ranking_stopped(ranking), partial = ms_ranking_partial(ranking);
    if (partial && !stopped)
        ms_stress_say_partial();
    else
        status = report(stress, ranking);
    ms_ranking_free(ranking);
    return status != MS_OK ? ms_exit_of(status) : stopped ? MS_EXIT_STOPPED : MS_EXIT_DONE;
}
