/* report.c: handing a finished view over, and what counts as short. */
#include "report/report.h"

ms_status ms_report_hand_over(ms_buf *out, ms_buf *made, ms_error *err)
{
    bool failed = made->failed || out->failed;
    if (!failed && out->length == 0 && out->capacity == 0 && (out->cap == 0 || made->length <= out->cap)) {
        size_t cap = out->cap;
        *out = *made;
        out->cap = cap;
        *made = (ms_buf){0};
        return MS_OK;
    }
    if (!failed)
        ms_buf_put(out, made->text == NULL ? "" : made->text, made->length);
    failed = failed || out->failed;
    ms_buf_free(made);
    return failed ? ms_error_memory(err) : MS_OK;
}

bool ms_report_falls_short(const ms_plan *plan, const ms_shortfall *shortfall)
{
    const ms_case *kase = plan->kase;
    int32_t item_ix = shortfall->kind == MS_SHORT_DEMAND    ? kase->demands[shortfall->row_ix].item_ix
                      : shortfall->kind == MS_SHORT_RESERVE ? kase->reserves[shortfall->row_ix].item_ix
                                                            : kase->commitments[shortfall->row_ix].item_ix;
    return shortfall->quantity * ms_item_t_per_unit(&kase->items[item_ix]) >= 1e-5 &&
           shortfall->quantity > 1e-4 * shortfall->wanted;
}
