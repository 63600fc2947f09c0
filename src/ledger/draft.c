/* draft.c: the step that somebody asks for, with everything that follows from the order, the agreement and the case.
 * See ledger.h. Nothing is drafted that would be void, or that goes beyond the agreement, the order or the debt. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ledger/ledger.h"

typedef struct {
    const ms_ledger *ledger;
    const ms_case *kase;
    const ms_ledger_entry *entry;
    const ms_ledger_order *order; /* NULL for a request */
    unsigned side;
    ms_step step;
    ms_error *err;
} drafting;

static ms_status refuse(drafting *of, const char *format, ...) __attribute__((format(printf, 2, 3)));
static ms_status refuse(drafting *of, const char *format, ...)
{
    char text[MS_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return ms_error_set(of->err, MS_BAD_INPUT, "%s", text);
}

/* ---- what was said ---- */

static ms_status read_exact(drafting *of, int64_t *out, const char *name, const char *text, int digits)
{
    const char *reason = ms_exact_parse(out, text, strlen(text), digits);
    return reason == NULL ? MS_OK : refuse(of, "%s: \"%s\" %s", name, text, reason);
}

static ms_status read_date(drafting *of, int64_t *out, const char *name, const char *text)
{
    long day;
    if (!ms_date_parse(&day, text, strlen(text)) || day < 0)
        return refuse(of, "%s: \"%s\" is not a date such as 2026-03-01", name, text);
    *out = day;
    return MS_OK;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* The row called id in one of the case's tables. */
static ms_status find_row(drafting *of, int32_t *out, const ms_names *names, const char *what, const char *id)
{
    int32_t found = ms_names_find(names, id, strlen(id));
    if (found < 0) {
        const char *near = ms_names_near(names, id);
        return near != NULL ? refuse(of, "there is no %s \"%s\"; did you mean \"%s\"?", what, id, near)
                            : refuse(of, "there is no %s \"%s\"", what, id);
    }
    *out = found;
    return MS_OK;
}

/* ---- limits ---- */

/* The agreement's limit_t in kase is what the ledger has left of it; open orders will take of that too. */
static ms_status check_limit(drafting *of, const ms_agreement *agreement, int64_t quantity, int64_t kg_per_unit)
{
    char wanted[MS_EXACT_BYTES], left[MS_EXACT_BYTES], on_order[MS_EXACT_BYTES];
    int64_t tonnes, limit, open = ms_ledger_open(of->ledger, agreement->id);
    if (!ms_exact_tonnes(&tonnes, quantity, kg_per_unit))
        return refuse(of, "the quantity is too large");
    if (!ms_exact_from_double(&limit, agreement->limit_t, MS_EXACT_QUANTITY_DIGITS))
        return MS_OK; /* unlimited */
    if (tonnes + open <= limit)
        return MS_OK;
    return refuse(of, "agreement %s has %s t left, of which %s t are on order; this would be %s t", agreement->id,
                  ms_exact_shown(left, limit, MS_EXACT_QUANTITY_DIGITS, 0),
                  ms_exact_shown(on_order, open, MS_EXACT_QUANTITY_DIGITS, 0),
                  ms_exact_shown(wanted, tonnes, MS_EXACT_QUANTITY_DIGITS, 0));
}

/* What binds is asked for, offered and accepted while the agreement holds. What was handed over is recorded whenever it
 * was: that is a fact. A from_day of 0 and an empty to_day are no bounds, since a case is only a window in time. */
static ms_status check_dates(drafting *of, const ms_agreement *agreement)
{
    char date[MS_DATE_BYTES], bound[MS_DATE_BYTES];
    double day = (double)of->step.date - (double)of->kase->start_day;
    bool early = agreement->from_day > 0 && day < floor(agreement->from_day);
    if (!early && !(day >= agreement->to_day)) /* to_day may be INFINITY */
        return MS_OK;
    double edge = early ? floor(agreement->from_day) : ceil(agreement->to_day) - 1;
    return refuse(of, "agreement %s %s %s; this would be dated %s", agreement->id,
                  early ? "holds only from" : "held until", ms_date_text(bound, of->kase->start_day + (long)edge, 0),
                  ms_date_text(date, (long)of->step.date, 0));
}

/* The agreement of the order in the case; NULL when it is not there (any more). */
static const ms_agreement *agreement_of(const drafting *of)
{
    const char *id = of->order->request->agreement;
    int32_t ix = of->kase != NULL ? ms_names_find(&of->kase->agreement_names, id, strlen(id)) : MS_NONE;
    return ix >= 0 ? &of->kase->agreements[ix] : NULL;
}

/* ---- the steps ---- */

static ms_status check_scope(drafting *of, const ms_agreement *agreement, int32_t item_ix, int32_t site_ix)
{
    const ms_case *kase = of->kase;
    if (agreement->items != NULL && !agreement->items[item_ix])
        return refuse(of, "agreement %s is for %s; not for %s", agreement->id, agreement->scope_text,
                      kase->items[item_ix].id);
    if (agreement->sites != NULL && site_ix >= 0 && !agreement->sites[site_ix])
        return refuse(of, "agreement %s is for %s; not for %s", agreement->id, agreement->scope_text,
                      kase->sites[site_ix].id);
    return MS_OK;
}

static ms_status draft_request(drafting *of)
{
    const ms_case *kase = of->kase;
    const ms_ledger_entry *entry = of->entry;
    ms_step *step = &of->step;
    int32_t agreement_ix, item_ix, site_ix = MS_NONE;
    MS_TRY(find_row(of, &agreement_ix, &kase->agreement_names, "agreement", or_empty(entry->agreement)));
    MS_TRY(find_row(of, &item_ix, &kase->item_names, "item", or_empty(entry->item)));
    if (entry->site != NULL)
        MS_TRY(find_row(of, &site_ix, &kase->site_names, "site", entry->site));
    const ms_agreement *agreement = &kase->agreements[agreement_ix];
    const ms_item *item = &kase->items[item_ix];
    const char *receiver = kase->partners[agreement->receiver_ix].id;
    if (strcmp(receiver, of->ledger->partner) != 0)
        return refuse(of, "agreement %s is for %s to request under; this is the book of %s", agreement->id, receiver,
                      of->ledger->partner);
    MS_TRY(check_dates(of, agreement));
    MS_TRY(check_scope(of, agreement, item_ix, site_ix));
    bool goods = agreement->kind == MS_AGREE_ITEM;
    step->to = kase->partners[agreement->provider_ix].id;
    step->agreement = agreement->id;
    step->what = agreement->kind;
    step->item = item->id;
    step->item_name = strcmp(item->name, item->id) != 0 ? item->name : "";
    step->nsn = item->nsn;
    step->unit = goods ? item->unit : "t";
    step->kg_per_unit = 1000 * INT64_C(1000000);
    step->site = or_empty(entry->site);
    step->serial = of->ledger->next_serial;
    if (goods && !ms_exact_from_double(&step->kg_per_unit, item->kg_per_unit, MS_EXACT_QUANTITY_DIGITS))
        return refuse(of, "item %s: its kg_per_unit is too large for an order", item->id);
    if (entry->need_by != NULL)
        MS_TRY(read_date(of, &step->need_by, "--need-by", entry->need_by));
    if (entry->quantity == NULL)
        return refuse(of, "a request needs a quantity");
    MS_TRY(read_exact(of, &step->quantity, "the quantity", entry->quantity, MS_EXACT_QUANTITY_DIGITS));
    return check_limit(of, agreement, step->quantity, step->kg_per_unit);
}

/* The item that the request means, in this book's own catalogue: by NSN, else by id. */
static const ms_item *item_meant(const drafting *of)
{
    const ms_step *request = of->order->request;
    for (int32_t i = 0; request->nsn[0] != '\0' && i < of->kase->items_count; i++) {
        if (strcmp(of->kase->items[i].nsn, request->nsn) == 0)
            return &of->kase->items[i];
    }
    int32_t ix = ms_names_find(&of->kase->item_names, request->item, strlen(request->item));
    return ix >= 0 ? &of->kase->items[ix] : NULL;
}

/* A value of one unit of our item, as the price of one unit of the order, which may be another: by their masses. */
static bool convert_price(const drafting *of, int64_t *out, const ms_item *item, double value)
{
    const ms_step *request = of->order->request;
    int64_t ours;
    if (!(value > 0))
        return false;
    if (request->what == MS_AGREE_ITEM && item != NULL &&
        ms_exact_from_double(&ours, item->kg_per_unit, MS_EXACT_QUANTITY_DIGITS) && ours != request->kg_per_unit)
        value *= (double)request->kg_per_unit / 1e6 / item->kg_per_unit;
    return ms_exact_from_double(out, value, MS_EXACT_QUANTITY_DIGITS) && *out > 0;
}

/* --price, else the agreement's, else the item's value, which is in the case's currency. */
static ms_status draft_price(drafting *of, const ms_agreement *agreement)
{
    const ms_step *request = of->order->request;
    const ms_item *item = item_meant(of);
    bool is_ours = strcmp(of->step.currency, of->kase->currency) == 0;
    bool is_agreed = agreement->currency[0] == '\0' ? is_ours : strcmp(of->step.currency, agreement->currency) == 0;
    if (of->entry->price != NULL)
        return read_exact(of, &of->step.price, "--price", of->entry->price, MS_EXACT_QUANTITY_DIGITS);
    if (is_agreed && convert_price(of, &of->step.price, item, agreement->price))
        return MS_OK;
    if (is_ours && request->what == MS_AGREE_ITEM && item != NULL &&
        convert_price(of, &of->step.price, item, item->value_per_unit))
        return MS_OK;
    return refuse(of, "neither agreement %s nor the case has a price%s%s for %s; say that of one %s with --price",
                  agreement->id, is_ours ? "" : " in ", is_ours ? "" : of->step.currency, request->item,
                  request->unit[0] != '\0' ? request->unit : "unit");
}

static ms_status draft_terms(drafting *of, const ms_agreement *agreement)
{
    const ms_ledger_entry *entry = of->entry;
    of->step.settlement = agreement->settlement;
    of->step.currency = entry->currency != NULL          ? entry->currency
                        : agreement->currency[0] != '\0' ? agreement->currency
                                                         : of->kase->currency;
    if (isfinite(agreement->due_days))
        of->step.due_days = (int64_t)ceil(agreement->due_days);
    if (entry->due_days != NULL) {
        MS_TRY(read_exact(of, &of->step.due_days, "--due-days", entry->due_days, 0));
    }
    for (int word = MS_SETTLE_CASH; entry->settlement != NULL && word < MS_SETTLEMENTS; word++) {
        if (strcmp(ms_settlement_words[word], entry->settlement) == 0)
            of->step.settlement = word;
    }
    if (of->step.settlement == MS_SETTLE_NONE)
        return refuse(of, "the agreement does not say how it is settled; say it with --settlement");
    if (of->step.currency[0] == '\0')
        return refuse(of, "neither the agreement nor the case has a currency; say it with --currency");
    return MS_OK;
}

static ms_status draft_offer(drafting *of)
{
    const ms_agreement *agreement = agreement_of(of);
    ms_step *step = &of->step;
    if (agreement == NULL)
        return refuse(of, "there is no agreement \"%s\" in this book", of->order->request->agreement);
    if (strcmp(of->kase->partners[agreement->provider_ix].id, of->order->provider) != 0 ||
        strcmp(of->kase->partners[agreement->receiver_ix].id, of->order->receiver) != 0)
        return refuse(of, "agreement %s is not between the sides of this order", agreement->id);
    step->quantity = of->order->request->quantity;
    if (of->entry->quantity != NULL)
        MS_TRY(read_exact(of, &step->quantity, "--quantity", of->entry->quantity, MS_EXACT_QUANTITY_DIGITS));
    MS_TRY(check_dates(of, agreement));
    MS_TRY(draft_terms(of, agreement));
    MS_TRY(draft_price(of, agreement));
    if (of->order->stage == MS_STAGE_OFFERED) {
        step->of = of->order->terms->hash;
        step->has_of = true;
    }
    return check_limit(of, agreement, step->quantity, of->order->request->kg_per_unit);
}

static ms_status draft_answer(drafting *of)
{
    if (of->order->stage != MS_STAGE_OFFERED)
        return MS_OK;
    of->step.of = of->order->terms->hash;
    of->step.has_of = true;
    const ms_agreement *agreement = agreement_of(of);
    if (of->step.kind != MS_STEP_ACCEPT || agreement == NULL)
        return MS_OK;
    MS_TRY(check_dates(of, agreement));
    return check_limit(of, agreement, of->order->terms->quantity, of->order->request->kg_per_unit);
}

static ms_status draft_issue(drafting *of)
{
    const ms_ledger_order *order = of->order;
    char rest[MS_EXACT_BYTES];
    of->step.quantity = order->rest;
    if (of->entry->quantity != NULL)
        MS_TRY(read_exact(of, &of->step.quantity, "the quantity", of->entry->quantity, MS_EXACT_QUANTITY_DIGITS));
    if (of->step.quantity > order->rest && order->stage == MS_STAGE_ACCEPTED)
        return refuse(of, "only %s %s are still to be issued on this order; what goes beyond needs another",
                      ms_exact_shown(rest, order->rest, MS_EXACT_QUANTITY_DIGITS, 0), order->request->unit);
    return MS_OK;
}

static bool waits_for_word(const ms_ledger_order *order, const ms_delivery *delivery, unsigned side)
{
    (void)order;
    return delivery->taken < 0 && delivery->giver != side;
}

static bool is_disputable(const ms_ledger_order *order, const ms_delivery *delivery, unsigned side)
{
    bool any_disputed = order->waits_since[MS_WAIT_AGREE] >= 0;
    return any_disputed ? delivery->disputed > 0 : delivery->giver == side || delivery->taken >= 0;
}

/* Receive and dispute: about which delivery, and how much. */
static ms_status draft_word(drafting *of)
{
    const ms_delivery *delivery;
    bool receives = of->step.kind == MS_STEP_RECEIVE;
    MS_TRY(ms_order_find_delivery(&delivery, of->order, of->entry->of, receives ? waits_for_word : is_disputable,
                                  of->side, of->err));
    bool money = delivery->settlement && !of->order->in_kind;
    int64_t *claim = money ? &of->step.amount : &of->step.quantity;
    of->step.of = delivery->step->hash;
    of->step.has_of = true;
    *claim = delivery->given;
    if (of->entry->quantity != NULL)
        return read_exact(of, claim, money ? "the amount" : "the quantity", of->entry->quantity,
                          money ? MS_EXACT_MONEY_DIGITS : MS_EXACT_QUANTITY_DIGITS);
    return receives ? MS_OK : refuse(of, "a dispute needs a quantity: what you say it was");
}

static ms_status draft_settle(drafting *of)
{
    const ms_ledger_order *order = of->order;
    char left[MS_EXACT_BYTES];
    int digits = order->in_kind ? MS_EXACT_QUANTITY_DIGITS : MS_EXACT_MONEY_DIGITS;
    int64_t *amount = order->in_kind ? &of->step.quantity : &of->step.amount;
    int64_t most = order->outstanding - (of->side == MS_SIDE_RECEIVER ? order->unacknowledged : 0);
    *amount = most;
    if (of->entry->quantity != NULL)
        MS_TRY(read_exact(of, amount, "the amount", of->entry->quantity, digits));
    if (*amount > most || most <= 0)
        return refuse(of, "%s %s are owed on this order%s",
                      ms_exact_shown(left, most > 0 ? most : 0, digits, order->in_kind ? 0 : MS_EXACT_MONEY_DIGITS),
                      order->in_kind ? order->request->unit : order->terms->currency,
                      order->unacknowledged > 0 ? ", beyond what was settled and is not received yet" : "");
    return MS_OK;
}

/* ---- all of it ---- */

/* The latest steps of the order: those that no other names. */
static ms_status name_latest(drafting *of)
{
    const ms_ledger_order *order = of->order;
    ms_digest *after = ms_arena_alloc(of->ledger->arena, MS_STEP_AFTER_MOST, sizeof *after);
    int32_t count = 0;
    if (after == NULL)
        return ms_error_memory(of->err);
    for (int32_t s = order->step_count - 1; s >= 0 && count < MS_STEP_AFTER_MOST; s--) {
        bool named = false;
        for (int32_t t = s + 1; t < order->step_count && !named; t++) {
            for (int32_t a = 0; a < order->steps[t]->after_count && !named; a++)
                named = ms_digest_compare(&order->steps[t]->after[a], &order->steps[s]->hash) == 0;
        }
        int32_t at = count;
        if (named)
            continue;
        for (; at > 0 && ms_digest_compare(&after[at - 1], &order->steps[s]->hash) > 0; at--)
            after[at] = after[at - 1];
        after[at] = order->steps[s]->hash;
        count++;
    }
    of->step.after = after;
    of->step.after_count = count;
    return MS_OK;
}

static ms_status draft_kind(drafting *of)
{
    switch (of->step.kind) {
    case MS_STEP_REQUEST:
        return draft_request(of);
    case MS_STEP_OFFER:
        return draft_offer(of);
    case MS_STEP_ACCEPT:
    case MS_STEP_DECLINE:
        return draft_answer(of);
    case MS_STEP_ISSUE:
        return draft_issue(of);
    case MS_STEP_RECEIVE:
    case MS_STEP_DISPUTE:
        return draft_word(of);
    case MS_STEP_SETTLE:
        return draft_settle(of);
    case MS_STEP_CANCEL:
    case MS_STEPS:
        break;
    }
    return MS_OK;
}

/* Who has to do what before anything else happens: "waits for KR to offer or decline". */
static const char *waits_for(char *out, size_t size, const ms_ledger_order *order)
{
    for (int wait = 0; wait < MS_WAITS; wait++) {
        ms_side side = ms_wait_side((ms_wait)wait);
        if (order->waits_since[wait] >= 0) {
            snprintf(out, size, "waits for %s to %s",
                     side == MS_SIDE_BOTH       ? "both sides"
                     : side == MS_SIDE_PROVIDER ? order->provider
                                                : order->receiver,
                     ms_wait_words[wait]);
            return out;
        }
    }
    return "is over";
}

/* Whether the table lets this side take the step now. */
static ms_status check_stage(drafting *of)
{
    char code[MS_ORDER_CODE_BYTES], waits[MS_MESSAGE_BYTES / 2];
    const ms_ledger_order *order = of->order;
    const ms_transition *transition = &ms_transitions[order->stage][of->step.kind];
    if ((transition->who & of->side) != 0)
        return MS_OK;
    return refuse(of, "%s cannot %s now: order %s is %s and %s", of->ledger->partner, ms_step_words[of->step.kind],
                  ms_order_code(code, order->receiver, &order->id), ms_phase_words[order->phase],
                  waits_for(waits, sizeof waits, order));
}

/* The step as it would stand: read back from its document, and in its order. */
static ms_status try_out(drafting *of)
{
    ms_arena *arena = ms_arena_new();
    ms_buf document = {0};
    ms_step read;
    ms_ledger_order order;
    ms_step_write(&document, &of->step);
    ms_status status = arena == NULL || document.failed
                           ? ms_error_memory(of->err)
                           : ms_step_read(&read, arena, document.text, document.length, of->err);
    size_t count = of->order != NULL ? (size_t)of->order->step_count : 0;
    const ms_step **steps = NULL;
    if (status == MS_OK && (steps = ms_arena_alloc(arena, count + 1, sizeof *steps)) == NULL)
        status = ms_error_memory(of->err);
    if (status == MS_OK) {
        if (count > 0)
            memcpy(steps, of->order->steps, count * sizeof *steps);
        steps[count] = &read;
        status = ms_order_make(&order, arena, steps, count + 1, of->err);
    }
    for (int32_t s = 0; status == MS_OK && s < order.step_count; s++) {
        if (order.steps[s] == &read && order.voids[s] != NULL)
            status = refuse(of, "this step would have no effect: %s", order.voids[s]);
        else if (order.steps[s] != &read && ms_digest_compare(&order.steps[s]->hash, &read.hash) == 0)
            status = refuse(of, "this step has been taken already");
    }
    ms_buf_free(&document);
    ms_arena_free(arena);
    return status;
}

static ms_status find_kind(drafting *of)
{
    for (int kind = 0; kind < MS_STEPS; kind++) {
        if (strcmp(ms_step_words[kind], of->entry->step) == 0) {
            of->step = ms_step_empty((ms_step_kind)kind);
            return MS_OK;
        }
    }
    return refuse(of, "there is no step \"%s\"", of->entry->step);
}

static ms_status find_order(drafting *of)
{
    MS_TRY(ms_ledger_find(&of->order, of->ledger, or_empty(of->entry->order), of->err));
    if (of->order->request == NULL)
        return refuse(of, "the request of that order has not arrived yet");
    of->side = ms_order_side(of->order, of->ledger->partner);
    of->step.to = of->side == MS_SIDE_PROVIDER ? of->order->receiver : of->order->provider;
    of->step.order = of->order->id;
    MS_TRY(check_stage(of));
    return name_latest(of);
}

ms_status ms_ledger_draft(ms_step *out, const ms_ledger *ledger, const ms_case *kase, const ms_ledger_entry *entry,
                          int64_t today, ms_error *err)
{
    drafting of = {.ledger = ledger, .kase = kase, .entry = entry, .err = err};
    MS_TRY(find_kind(&of));
    of.step.by = ledger->partner;
    of.step.date = today;
    of.step.reference = or_empty(entry->reference);
    of.step.note = or_empty(entry->note);
    if (entry->date != NULL)
        MS_TRY(read_date(&of, &of.step.date, "--date", entry->date));
    if (of.step.kind != MS_STEP_REQUEST)
        MS_TRY(find_order(&of));
    MS_TRY(draft_kind(&of));
    MS_TRY(try_out(&of));
    *out = of.step;
    return MS_OK;
}
