/* base.c: the plain case solved once, combined and, where asked, each partner alone. */
#include "stress/side.h"

static ms_status solve_alone(ms_base *base, const ms_base_options *options, ms_error *err)
{
    int32_t count = base->kase->partners_count;
    base->alone = ms_alloc((size_t)count, sizeof *base->alone);
    if (!base->alone)
        return ms_error_memory(err);
    for (int32_t p = 0; p < count; p++)
        MS_TRY(ms_side_solve_base(&base->alone[p], base->kase, p, base->gap, options->threads, options->progress,
                                  options->progress_context, err));
    return MS_OK;
}

ms_status ms_base_make(ms_base **out, const ms_case *kase, const ms_base_options *options, ms_error *err)
{
    const ms_base_options defaults = {0};
    options = options ? options : &defaults;
    ms_base *base = ms_alloc(1, sizeof *base);
    if (!base)
        return ms_error_memory(err);
    base->kase = kase;
    base->gap = options->gap > 0 ? options->gap : MS_STRESS_GAP / 10;
    ms_status status = ms_side_solve_base(&base->together, kase, MS_EVERYBODY, base->gap, options->threads,
                                          options->progress, options->progress_context, err);
    if (status == MS_OK && options->alone)
        status = solve_alone(base, options, err);
    if (status == MS_OK)
        *out = base;
    else
        ms_base_free(base);
    return status;
}

void ms_base_free(ms_base *base)
{
    if (!base)
        return;
    for (int32_t p = 0; base->alone && p < base->kase->partners_count; p++)
        ms_side_free(&base->alone[p]);
    ms_free(base->alone);
    ms_side_free(&base->together);
    ms_free(base);
}
