/* verb_merge.c: mainstay merge CASE PART...: the answer of a stress whose parts were computed apart. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/stress.h"

ms_exit ms_verb_merge(ms_call *call)
{
    ms_stress_job job;
    ms_case *kase = NULL;
    ms_stress_call stress = {.call = call, .job = &job};
    const char *const *parts = &call->args.operands[1];
    ms_status status = ms_stress_job_read(&job, parts[0], &call->err);
    if (status == MS_OK)
        status = ms_open_case(call, ms_operand_text(call, 0), &kase);
    stress.kase = kase;
    stress.how = (ms_stress_options){.gap = job.gap,
                                     .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads")
                                                                                 : 0,
                                     .parts = parts,
                                     .part_count = (size_t)call->args.operand_count - 1,
                                     .read_only = true};
    ms_exit exit_status = status == MS_OK ? ms_stress_run_job(&stress) : ms_exit_of(status);
    ms_case_free(kase);
    return exit_status;
}
