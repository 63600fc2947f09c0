/* fuzz_case.c: any bytes as a case. Either errors are found, or there is a case; then every question that
 * an engine may ask has a sane answer, also with all its contingencies applied. The input is sections "==
 * name\n" (case_text.h); files that it lacks are those of the plain case when it begins with '+', else
 * they are missing. */
#include "../unit/case_text.h"

static void fail_unless(bool good)
{
    if (!good)
        abort();
}

/* Rows and periods are sampled, so that one input of many rows does not take a second. */
static int32_t step(int32_t count)
{
    return count / 50 + 1;
}

static void ask_limits(const ms_case *kase, int t)
{
    for (int32_t ix = 0; ix < kase->lanes_count; ix += step(kase->lanes_count)) {
        fail_unless(ms_case_lane_capacity_t(kase, ix, t) >= 0);
        fail_unless(ms_case_lane_transit(kase, ix, t) >= 1);
        if (kase->items_count > 0)
            fail_unless(ms_case_duty_rate_at(kase, ix, kase->items_count - 1, t) >= 0);
    }
    for (int32_t ix = 0; ix < kase->sites_count; ix += step(kase->sites_count)) {
        fail_unless(ms_case_handling_t(kase, ix, t) >= 0);
        for (int32_t item = 0; item < kase->items_count; item += step(kase->items_count)) {
            double carried = ms_case_carry(kase, ix, item, t);
            fail_unless(carried >= 0 && carried <= 1);
        }
    }
    for (int32_t ix = 0; ix < kase->fleets_count; ix += step(kase->fleets_count))
        fail_unless(ms_case_fleet_vehicles(kase, ix, t) >= 0);
}

static void ask_goods(const ms_case *kase, int t)
{
    for (int32_t ix = 0; ix < kase->supplies_count; ix += step(kase->supplies_count))
        fail_unless(ms_case_supply(kase, ix, t) >= 0);
    for (int32_t ix = 0; ix < kase->demands_count; ix += step(kase->demands_count))
        fail_unless(ms_case_demand(kase, ix, t) >= 0);
    for (int32_t ix = 0; ix < kase->reserves_count; ix += step(kase->reserves_count)) {
        double level = ms_case_reserve_level(kase, &kase->reserves[ix], t);
        fail_unless(level >= 0 && isfinite(level));
    }
}

static void ask(const ms_case *kase)
{
    for (int t = 0; t < kase->period_count; t += kase->period_count / 20 + 1) {
        ask_limits(kase, t);
        ask_goods(kase, t);
    }
    for (int32_t ix = 0; ix < kase->commitments_count; ix++) {
        fail_unless(ms_case_commitment_arrives(kase, ix) >= 0);
        fail_unless(ms_case_commitment_departs(kase, ix) < kase->period_count);
        double share = ms_case_commitment_share(kase, ix);
        fail_unless(share >= 0 && share <= 1);
    }
    for (int32_t ix = 0; ix < kase->demands_count; ix++)
        fail_unless(ms_names_find(&kase->demand_names, kase->demands[ix].id, strlen(kase->demands[ix].id)) == ix);
}

static void apply_all(const ms_case *kase)
{
    ms_case *struck = NULL;
    ms_error err = {0};
    for (int32_t ix = 0; ix < kase->contingencies_count && ix < 20; ix++) {
        ms_case *more = NULL;
        ms_status status = ms_case_apply(&more, struck == NULL ? kase : struck, &kase->contingencies[ix].id, 1, &err);
        fail_unless(status == MS_OK || status == MS_LIMIT);
        if (status == MS_OK) {
            ms_case_free(struck);
            struck = more;
        }
    }
    if (struck != NULL)
        ask(struck);
    ms_case_free(struck);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    bool rest = length > 0 && bytes[0] == '+';
    ms_status status = case_text_read(&kase, (const char *)bytes + rest, length - rest, rest ? plain_case : NULL,
                                      &findings, &err);
    fail_unless(status == MS_OK || status == MS_BAD_INPUT);
    fail_unless((status == MS_OK) == (kase != NULL) && (status == MS_OK) == (findings.error_count == 0));
    if (kase != NULL) {
        ask(kase);
        apply_all(kase);
    }
    ms_case_free(kase);
    ms_findings_free(&findings);
    return 0;
}
