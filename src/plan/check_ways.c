/* check_ways.c: which movements and issues the case allows (C7 use of agreements, C9 carriage, C10 commitments).
 *
 * docs/model.md, Sets, says what a way is. One thing is looser here: where several agreements cover a need the plan
 * may name any of them, also one that the model passes over because an unlimited one serves. That costs the plan no
 * less, so the bound holds for it too. Cost: O(rows).
 */
#include <math.h>

#include "base/alloc.h"
#include "plan/check.h"

/* ---- what an agreement covers ---- */

static bool within(const uint8_t *scope, int32_t ix)
{
    return scope == NULL || scope[ix] != 0;
}

/* Words of lanes and of fleets are one sort: they widen each other. */
static bool within_lanes(const ms_agreement *agreement, const ms_case *kase, int32_t lane_ix)
{
    if (agreement->lanes == NULL && agreement->fleets == NULL)
        return true;
    if (agreement->lanes != NULL && agreement->lanes[lane_ix] != 0)
        return true;
    int32_t fleet_ix = kase->lanes[lane_ix].fleet_ix;
    return agreement->fleets != NULL && fleet_ix >= 0 && agreement->fleets[fleet_ix] != 0;
}

int32_t ms_check_provider(const ms_check *check, ms_check_need need, int32_t lane_ix, int32_t owner_ix)
{
    const ms_case *kase = check->kase;
    const ms_lane *lane = &kase->lanes[lane_ix];
    int32_t partner_ix = -1;
    if (owner_ix < 0)
        return -1; /* nobody's goods need nothing */
    if (need == MS_CHECK_NEED_LIFT)
        partner_ix = lane->partner_ix;
    else if (need == MS_CHECK_NEED_SITE)
        partner_ix = kase->sites[lane->to_ix].partner_ix;
    else if (lane->fleet_ix >= 0 && kase->fleets[lane->fleet_ix].partner_ix != lane->partner_ix)
        partner_ix = kase->fleets[lane->fleet_ix].partner_ix;
    return partner_ix == owner_ix ? -1 : partner_ix;
}

bool ms_check_lane_carries(const ms_check *check, int32_t lane_ix, int32_t item_ix)
{
    return within(check->kase->lanes[lane_ix].carries, item_ix);
}

bool ms_check_covers_move(const ms_check *check, int32_t agreement_ix, ms_check_need need, int32_t lane_ix,
                          int32_t item_ix, int32_t owner_ix)
{
    const ms_case *kase = check->kase;
    const ms_agreement *agreement = &kase->agreements[agreement_ix];
    ms_agreement_kind kind = need == MS_CHECK_NEED_SITE ? MS_AGREE_SITE : MS_AGREE_LIFT;
    if (agreement->kind != kind || agreement->receiver_ix != owner_ix ||
        agreement->provider_ix != ms_check_provider(check, need, lane_ix, owner_ix) ||
        !within(agreement->items, item_ix))
        return false;
    return kind == MS_AGREE_SITE ? within(agreement->sites, kase->lanes[lane_ix].to_ix)
                                 : within_lanes(agreement, kase, lane_ix);
}

bool ms_check_covers_issue(const ms_check *check, int32_t agreement_ix, int32_t demand_ix, int32_t item_ix,
                           int32_t owner_ix)
{
    const ms_agreement *agreement = &check->kase->agreements[agreement_ix];
    const ms_demand *demand = &check->kase->demands[demand_ix];
    return agreement->kind == MS_AGREE_ITEM && agreement->provider_ix == owner_ix &&
           agreement->receiver_ix == demand->partner_ix && within(agreement->items, item_ix) &&
           within(agreement->sites, demand->site_ix);
}

double ms_check_meets(const ms_check *check, int32_t demanded_ix, int32_t item_ix)
{
    const ms_case *kase = check->kase;
    if (item_ix == demanded_ix)
        return 1;
    for (int32_t i = 0; i < kase->substitutes_count; i++) {
        const ms_substitute *substitute = &kase->substitutes[i];
        if (substitute->item_ix == demanded_ix && substitute->substitute_ix == item_ix)
            return ms_item_t_per_unit(&kase->items[demanded_ix]) /
                   (ms_item_t_per_unit(&kase->items[item_ix]) * substitute->ratio);
    }
    return 0;
}

/* ---- C7, C9: movements ---- */

static const char *const need_words[MS_CHECK_NEEDS] = {"lift", "fleet", "site"};

static const char *item_id(const ms_check *check, int32_t item_ix)
{
    return check->kase->items[item_ix].id;
}

static ms_status check_need(ms_check *check, const ms_check_movement *move, ms_check_need need, int32_t agreement_ix)
{
    const ms_case *kase = check->kase;
    const char *lane = kase->lanes[move->lane_ix].id, *owner = ms_check_partner_id(check, move->owner_ix);
    int32_t provider_ix = ms_check_provider(check, need, move->lane_ix, move->owner_ix);
    int t = need == MS_CHECK_NEED_SITE ? move->arrive : move->depart;
    if (provider_ix < 0 && agreement_ix < 0)
        return MS_OK;
    if (provider_ix < 0)
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_MOVEMENTS, move->line, 0,
                               "goods of %s on lane %s need no %s agreement, the movement names %s", owner, lane,
                               need_words[need], kase->agreements[agreement_ix].id);
    if (agreement_ix < 0)
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_MOVEMENTS, move->line, 0,
                               "goods of %s on lane %s need a %s agreement of %s, the movement names none", owner, lane,
                               need_words[need], ms_check_partner_id(check, provider_ix));
    const ms_agreement *agreement = &kase->agreements[agreement_ix];
    check->agreement_used_t[agreement_ix] += move->load_t;
    if (!ms_check_covers_move(check, agreement_ix, need, move->lane_ix, move->item_ix, move->owner_ix))
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_MOVEMENTS, move->line, 0,
                               "agreement %s does not cover %s of %s on lane %s as a %s agreement of %s", agreement->id,
                               item_id(check, move->item_ix), owner, lane, need_words[need],
                               ms_check_partner_id(check, provider_ix));
    if (t >= 0 && t < check->periods && !ms_case_agreement_holds(kase, agreement_ix, t))
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_MOVEMENTS, move->line, 0,
                               "agreement %s does not hold on day %.9g, when it is used on lane %s", agreement->id,
                               ms_check_day(check, t), lane);
    return MS_OK;
}

static ms_status check_movement(ms_check *check, const ms_check_movement *move)
{
    const ms_lane *lane = &check->kase->lanes[move->lane_ix];
    int transit = check->limits.transit[(size_t)move->lane_ix * (size_t)check->periods + (size_t)move->depart];
    if (move->arrive != move->depart + transit)
        return ms_check_breach(check, MS_CHECK_C1, MS_CHECK_MOVEMENTS, move->line, 0,
                               "lane %s takes %d periods on day %.9g, the movement takes %d", lane->id, transit,
                               ms_check_day(check, move->depart), move->arrive - move->depart);
    if (move->arrive >= check->periods)
        return ms_check_breach(check, MS_CHECK_C1, MS_CHECK_MOVEMENTS, move->line, 0,
                               "the movement on lane %s arrives on day %.9g, behind the end of the case", lane->id,
                               ms_check_day(check, move->arrive));
    if (!ms_check_lane_carries(check, move->lane_ix, move->item_ix))
        MS_TRY(ms_check_breach(check, MS_CHECK_C9, MS_CHECK_MOVEMENTS, move->line, 0, "lane %s does not carry %s",
                               lane->id, item_id(check, move->item_ix)));
    MS_TRY(check_need(check, move, MS_CHECK_NEED_LIFT, move->lift_ix));
    MS_TRY(check_need(check, move, MS_CHECK_NEED_FLEET, move->fleet_lift_ix));
    return check_need(check, move, MS_CHECK_NEED_SITE, move->site_ix);
}

/* ---- C10: commitments ---- */

static ms_status check_committed(ms_check *check, const ms_check_movement *move)
{
    const ms_commitment *commitment = &check->kase->commitments[move->commitment_ix];
    const ms_check_committed *committed = &check->limits.committed[move->commitment_ix];
    int number = move->commitment_ix + 1;
    check->kept_t[move->commitment_ix] += move->load_t;
    if (move->lane_ix != commitment->lane_ix || move->item_ix != commitment->item_ix ||
        move->owner_ix != commitment->partner_ix)
        return ms_check_breach(check, MS_CHECK_C10, MS_CHECK_MOVEMENTS, move->line, 0,
                               "commitment %d is %s of %s on lane %s, not this", number,
                               item_id(check, commitment->item_ix), ms_check_partner_id(check, commitment->partner_ix),
                               check->kase->lanes[commitment->lane_ix].id);
    if (move->depart != committed->depart || move->arrive != committed->arrive)
        return ms_check_breach(check, MS_CHECK_C10, MS_CHECK_MOVEMENTS, move->line, 0,
                               "commitment %d leaves on day %.9g and arrives on day %.9g, not on %.9g and %.9g", number,
                               ms_check_day(check, committed->depart), ms_check_day(check, committed->arrive),
                               ms_check_day(check, move->depart), ms_check_day(check, move->arrive));
    if (move->lift_ix >= 0 || move->fleet_lift_ix >= 0 || move->site_ix >= 0)
        return ms_check_breach(check, MS_CHECK_C10, MS_CHECK_MOVEMENTS, move->line, 0,
                               "commitment %d needs no agreement and must name none", number);
    return MS_OK;
}

/* More than committed moved, or less of what is under way already and can no more be broken. */
static ms_status check_kept(ms_check *check)
{
    for (int32_t m = 0; m < check->kase->commitments_count; m++) {
        const ms_check_committed *committed = &check->limits.committed[m];
        double kept_t = check->kept_t[m], slack_t = ms_check_slack(committed->load_t);
        bool matters = committed->depart >= 0 || (committed->arrive >= 0 && committed->arrive < check->periods);
        if (kept_t > committed->load_t + slack_t)
            MS_TRY(ms_check_breach(check, MS_CHECK_C10, MS_CHECK_MOVEMENTS, 0, 0,
                                   "commitment %d moves %.9g t, committed are %.9g t", (int)m + 1, kept_t,
                                   committed->load_t));
        else if (committed->depart < 0 && matters && kept_t < committed->load_t - slack_t)
            MS_TRY(ms_check_breach(check, MS_CHECK_C10, MS_CHECK_MOVEMENTS, 0, 0,
                                   "commitment %d is under way with %.9g t, the plan has %.9g t of it", (int)m + 1,
                                   committed->load_t, kept_t));
    }
    return MS_OK;
}

/* ---- C7: issues ---- */

static ms_status check_issue(ms_check *check, const ms_check_issue *issue)
{
    const ms_case *kase = check->kase;
    const ms_demand *demand = &kase->demands[issue->demand_ix];
    const char *owner = ms_check_partner_id(check, issue->owner_ix);
    bool needed = issue->owner_ix >= 0 && demand->partner_ix >= 0 && issue->owner_ix != demand->partner_ix;
    if (ms_check_meets(check, demand->item_ix, issue->item_ix) <= 0)
        return ms_check_breach(check, MS_CHECK_C2, MS_CHECK_ISSUES, issue->line, 0, "%s is no substitute for %s",
                               item_id(check, issue->item_ix), item_id(check, demand->item_ix));
    if (!needed && issue->agreement_ix < 0)
        return MS_OK;
    if (!needed)
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_ISSUES, issue->line, 0,
                               "stock of %s needs no agreement to meet demand %s, the issue names %s", owner,
                               demand->id, kase->agreements[issue->agreement_ix].id);
    if (issue->agreement_ix < 0)
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_ISSUES, issue->line, 0,
                               "stock of %s meets demand %s of %s, the issue names no agreement", owner, demand->id,
                               ms_check_partner_id(check, demand->partner_ix));
    const ms_agreement *agreement = &kase->agreements[issue->agreement_ix];
    check->agreement_used_t[issue->agreement_ix] += issue->load_t;
    if (!ms_check_covers_issue(check, issue->agreement_ix, issue->demand_ix, issue->item_ix, issue->owner_ix))
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_ISSUES, issue->line, 0,
                               "agreement %s does not cover %s of %s for demand %s", agreement->id,
                               item_id(check, issue->item_ix), owner, demand->id);
    if (!ms_case_agreement_holds(kase, issue->agreement_ix, issue->period))
        return ms_check_breach(check, MS_CHECK_C7, MS_CHECK_ISSUES, issue->line, 0,
                               "agreement %s does not hold on day %.9g, when demand %s draws on it", agreement->id,
                               ms_check_day(check, issue->period), demand->id);
    return MS_OK;
}

static ms_status check_limits(ms_check *check)
{
    for (int32_t g = 0; g < check->kase->agreements_count; g++) {
        const ms_agreement *agreement = &check->kase->agreements[g];
        double used_t = check->agreement_used_t[g];
        if (used_t > agreement->limit_t + ms_check_slack(agreement->limit_t))
            MS_TRY(ms_check_breach(check, MS_CHECK_C7, MS_CHECK_ORDERS, 0, 0,
                                   "agreement %s is used for %.9g t, its limit is %.9g t", agreement->id, used_t,
                                   agreement->limit_t));
    }
    return MS_OK;
}

ms_status ms_check_ways(ms_check *check, ms_error *err)
{
    ms_status status = MS_OK;
    for (size_t i = 0; status == MS_OK && i < check->movement_count; i++) {
        const ms_check_movement *move = &check->movements[i];
        status = move->commitment_ix < 0 ? check_movement(check, move) : check_committed(check, move);
    }
    for (size_t i = 0; status == MS_OK && i < check->issue_count; i++)
        status = check_issue(check, &check->issues[i]);
    if (status == MS_OK)
        status = check_kept(check);
    if (status == MS_OK)
        status = check_limits(check);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}
