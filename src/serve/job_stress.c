/* job_stress.c: a stress run that was ordered: what `mainstay stress` does, kept as what it writes. The texts are
 * small; what they are made of (networks, outcomes) is let go at once. */
#include <string.h>

#include "base/clock.h"
#include "serve/desk_private.h"

const char *const ms_stress_mode_words[MS_STRESS_MODES + 1] = {"named", "each", "pairs", "worst", "sample", NULL};

typedef struct {
    const ms_job_work *work;
    ms_job_made *made;
    double deadline; /* on ms_clock_seconds; 0: none */
} stress;

static bool go_on(void *context, const char *stage, double done, double eta_seconds)
{
    const stress *s = context;
    bool wanted = s->work->progress(s->work->progress_context, stage, done, eta_seconds);
    return wanted && (s->deadline == 0 || ms_clock_seconds() < s->deadline);
}

static const ms_view json_view = {.format = MS_FORMAT_JSON}, csv_view = {.format = MS_FORMAT_CSV};

static ms_stress_options how(stress *s)
{
    return (ms_stress_options){
        .gap = s->work->order->gap, .threads = s->work->threads, .progress = go_on, .progress_context = s};
}

static ms_status run_named(stress *s, ms_error *err)
{
    const ms_job_order *order = s->work->order;
    ms_named *named = NULL;
    const ms_named_options options = {
        .alone = order->alone,
        .together = order->contingency_count > 0 ? (const char *const *)order->contingencies : NULL,
        .together_count = order->contingency_count};
    const ms_stress_options manner = how(s);
    MS_TRY(ms_named_make(&named, s->work->kase, &options, &manner, err));
    s->made->stopped = ms_named_stopped(named);
    ms_status status = ms_report_named(&s->made->json, named, &json_view, err);
    if (status == MS_OK)
        status = ms_report_named(&s->made->csv, named, &csv_view, err);
    ms_named_free(named);
    return status;
}

static ms_status run_ranking(stress *s, ms_error *err)
{
    static const ms_rank_mode modes[] = {
        [MS_STRESS_EACH] = MS_RANK_EACH, [MS_STRESS_PAIRS] = MS_RANK_PAIRS, [MS_STRESS_WORST] = MS_RANK_WORST};
    ms_ranking *ranking = NULL;
    ms_rank_options options = s->work->order->rank;
    const ms_stress_options manner = how(s);
    options.mode = modes[s->work->order->mode];
    options.what = s->work->order->what;
    options.time_limit = s->work->order->time_limit;
    s->deadline = 0; /* the ranking minds it: what it has found is told of afterwards */
    MS_TRY(ms_rank_make(&ranking, s->work->kase, &options, &manner, err));
    s->made->stopped = ms_ranking_stopped(ranking);
    ms_status status = ms_report_ranking(&s->made->json, ranking, 0, &json_view, err);
    if (status == MS_OK)
        status = ms_report_ranking(&s->made->csv, ranking, 0, &csv_view, err);
    ms_ranking_free(ranking);
    return status;
}

static ms_status run_sample(stress *s, ms_error *err)
{
    ms_sample *sample = NULL;
    const ms_stress_options manner = how(s);
    MS_TRY(ms_sample_make(&sample, s->work->kase, &s->work->order->sample, &manner, err));
    s->made->stopped = ms_sample_stopped(sample);
    ms_status status = ms_report_sample(&s->made->json, sample, &json_view, err);
    if (status == MS_OK)
        status = ms_report_sample(&s->made->csv, sample, &csv_view, err);
    ms_sample_free(sample);
    return status;
}

ms_status ms_job_make_stress(ms_job_made *made, const ms_job_work *work, ms_error *err)
{
    static ms_status (*const runs[MS_STRESS_MODES])(stress *, ms_error *) = {[MS_STRESS_NAMED] = run_named,
                                                                             [MS_STRESS_EACH] = run_ranking,
                                                                             [MS_STRESS_PAIRS] = run_ranking,
                                                                             [MS_STRESS_WORST] = run_ranking,
                                                                             [MS_STRESS_SAMPLE] = run_sample};
    double limit = work->order->time_limit;
    stress s = {.work = work, .made = made, .deadline = limit > 0 ? ms_clock_seconds() + limit : 0};
    return runs[work->order->mode](&s, err);
}
