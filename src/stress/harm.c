/* harm.c: what falls short in a settled flow, by partner and priority. */
#include "stress/stress.h"

#include <string.h>

void ms_harm_count(ms_harm *out, const ms_network *net, const ms_settled *settled)
{
    const ms_case *kase = net->kase;
    memset(out, 0, (size_t)(kase->partners_count + 1) * sizeof *out);
    for (int32_t j = 0; j < kase->demands_count; j++) {
        const ms_demand *demand = &kase->demands[j];
        const double *short_t = settled->short_t + ms_at(net, j, 0);
        ms_harm *harm = &out[demand->partner_ix >= 0 ? demand->partner_ix : kase->partners_count];
        double sum = 0;
        for (int t = 0; t < net->H; t++)
            sum += short_t[t];
        if (kase->items[demand->item_ix].backorder) {
            harm->short_t[demand->priority - 1] += short_t[net->H - 1];
            harm->late_t_days[demand->priority - 1] += sum * net->period_days;
        } else {
            harm->short_t[demand->priority - 1] += sum;
        }
    }
}
