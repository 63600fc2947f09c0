/* verb_stress.c: mainstay stress CASE: what happens to the plan when things break; each mode is in stress_MODE.c. */
#include <stdio.h>
#include <string.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/stress.h"

typedef struct {
    const char *option; /* that chooses the mode, and its name in a checkpoint */
    ms_exit (*run)(ms_stress_call *stress);
} mode;

static const mode modes[] = {
    {"sample", ms_stress_sample},
    {"pairs", ms_stress_rank},
    {"worst", ms_stress_rank},
    {"each", ms_stress_rank}, /* the last: beside pairs and worst it says of what */
};
enum { MODES = sizeof modes / sizeof modes[0] };

/* Without any of these options. */
static const mode named = {"named", ms_stress_named};
/* A verb of its own, but kept and merged alike. */
static const mode rehearse = {"rehearse", ms_stress_rehearse};

static const mode *mode_named(const char *name)
{
    for (size_t i = 0; i < MODES; i++)
        if (strcmp(modes[i].option, name) == 0)
            return &modes[i];
    return strcmp(named.option, name) == 0 ? &named : strcmp(rehearse.option, name) == 0 ? &rehearse : NULL;
}

/* The one mode whose option was given. */
static ms_status find_mode(const mode **out, ms_call *call)
{
    const mode *found = NULL;
    for (size_t i = 0; i < MODES; i++) {
        if (!ms_option_given(call, modes[i].option))
            continue;
        if (found != NULL && found->run == ms_stress_rank && modes[i].run == ms_stress_rank &&
            strcmp(modes[i].option, "each") == 0)
            continue;
        if (found != NULL)
            return ms_fail(&call->err, MS_USAGE, "--%s and --%s are two questions; ask one at a time", found->option,
                           modes[i].option);
        found = &modes[i];
    }
    *out = found != NULL ? found : &named;
    return MS_OK;
}

/* "2/8" */
static ms_status read_shard(ms_stress_options *how, ms_call *call)
{
    int shard = 0, shards = 0, length = 0;
    if (!ms_option_given(call, "shard"))
        return MS_OK;
    const char *text = ms_option_text(call, "shard");
    if (sscanf(text, "%6d/%6d%n", &shard, &shards, &length) != 2 || text[length] != '\0' || shard < 1 || shard > shards)
        return ms_fail(&call->err, MS_USAGE, "--shard %s: which part of how many, such as 2/8", text);
    if (!ms_option_given(call, "checkpoint"))
        return ms_fail(&call->err, MS_USAGE, "--shard needs --checkpoint FILE, which mainstay merge reads");
    how->shard = shard;
    how->shards = shards;
    return MS_OK;
}

static ms_status read_how(ms_stress_options *out, ms_call *call)
{
    ms_stress_options how = {
        .gap = ms_option_given(call, "gap") ? ms_option_number(call, "gap") : 0,
        .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads") : 0,
        .checkpoint = ms_option_given(call, "checkpoint") ? ms_option_text(call, "checkpoint") : NULL,
    };
    ms_status status = read_shard(&how, call);
    if (status == MS_OK)
        *out = how;
    return status;
}

ms_status ms_stress_write_svg(ms_call *call, const ms_buf *svg)
{
    return ms_output_file(ms_option_text(call, "svg"), svg, &call->err);
}

void ms_stress_say_partial(void)
{
    ms_say("this part is done; `mainstay merge` joins the parts");
}

static ms_exit begin(ms_stress_call *stress, ms_exit (*run)(ms_stress_call *stress))
{
    ms_call *call = stress->call;
    double limit_s = ms_option_given(call, "time-limit") ? ms_option_number(call, "time-limit") : 0;
    ms_progress_start(&stress->bar, &call->terminal, ms_option_given(call, "quiet"), limit_s);
    stress->how.progress = ms_progress_report;
    stress->how.progress_context = &stress->bar;
    return run(stress);
}

ms_exit ms_stress_run_job(ms_stress_call *stress)
{
    const mode *chosen = mode_named(stress->job->mode);
    if (chosen == NULL)
        return ms_exit_of(
            ms_fail(&stress->call->err, MS_BAD_INPUT, "\"%s\" is nothing that stress can do", stress->job->mode));
    return begin(stress, chosen->run);
}

ms_exit ms_stress_run(ms_call *call, ms_exit (*run)(ms_stress_call *stress))
{
    ms_stress_call stress = {.call = call};
    ms_case *kase = NULL;
    ms_status status = read_how(&stress.how, call);
    if (status == MS_OK)
        status = ms_open_case(call, ms_operand_text(call, 0), &kase);
    stress.kase = kase;
    ms_exit exit_status = status == MS_OK ? begin(&stress, run) : ms_exit_of(status);
    ms_case_free(kase);
    return exit_status;
}

ms_exit ms_verb_stress(ms_call *call)
{
    const mode *chosen = NULL;
    ms_status status = find_mode(&chosen, call);
    return status == MS_OK ? ms_stress_run(call, chosen->run) : ms_exit_of(status);
}
