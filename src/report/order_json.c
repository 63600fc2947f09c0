/* order_json.c: one order as JSON. See order_json.h. */
#include "report/order_json.h"

#include "ledger/next.h"

/* ---- values ---- */

static void put_exact(ms_json *json, const char *key, int64_t value, bool money)
{
    char text[MS_EXACT_BYTES];
    ms_json_string(json, key, ms_exact_text(text, value, money ? MS_EXACT_MONEY_DIGITS : MS_EXACT_QUANTITY_DIGITS));
}

static void put_date(ms_json *json, const char *key, int64_t date)
{
    char text[MS_DATE_BYTES];
    ms_json_string(json, key, date >= 0 ? ms_ledger_date(text, date) : NULL);
}

static const char *side_word(unsigned side)
{
    return side == MS_SIDE_PROVIDER   ? "provider"
           : side == MS_SIDE_RECEIVER ? "receiver"
           : side == MS_SIDE_BOTH     ? "both"
                                      : NULL;
}

/* ---- what it is ---- */

static void put_request(ms_json *json, const ms_step *request)
{
    ms_json_string(json, "provider", request->to);
    ms_json_string(json, "receiver", request->by);
    ms_json_string(json, "agreement", request->agreement);
    ms_json_string(json, "kind", ms_agreement_kind_words[request->what]);
    ms_json_string(json, "item", request->item);
    ms_json_string(json, "item_name", request->item_name);
    ms_json_string(json, "nsn", request->nsn);
    ms_json_string(json, "unit", request->unit);
    ms_json_string(json, "site", request->site);
    put_date(json, "need_by", request->need_by);
    put_exact(json, "requested", request->quantity, false);
}

static void put_offer(ms_json *json, const ms_step *offer, unsigned asks)
{
    put_exact(json, "quantity", offer->quantity, false);
    if ((asks & MS_ASKS_PRICE) == 0)
        put_exact(json, "price", offer->price, false);
    ms_json_string(json, "currency", (asks & MS_ASKS_CURRENCY) == 0 ? offer->currency : NULL);
    ms_json_string(json, "settlement",
                   (asks & MS_ASKS_SETTLEMENT) == 0 ? ms_settlement_words[offer->settlement] : NULL);
    if (offer->due_days >= 0)
        ms_json_integer(json, "due_days", offer->due_days);
}

static void put_terms(ms_json *json, const ms_ledger_order *order)
{
    char code[MS_STEP_CODE_BYTES];
    if (order->terms == NULL) {
        ms_json_string(json, "terms", NULL);
        return;
    }
    ms_json_open_object(json, "terms");
    ms_json_string(json, "offer", ms_digest_code(code, &order->terms->hash));
    ms_json_bool(json, "accepted", order->ordered > 0);
    put_offer(json, order->terms, 0);
    ms_json_close_object(json);
}

static void put_account(ms_json *json, const ms_ledger_order *order)
{
    bool money = !order->in_kind;
    put_exact(json, "ordered", order->ordered, false);
    put_exact(json, "issued", order->issued, false);
    put_exact(json, "received", order->received, false);
    put_exact(json, "disputed", order->disputed, false);
    put_exact(json, "rest", order->rest, false);
    ms_json_string(json, "owed_in", ms_ledger_unit(order));
    put_exact(json, "owed", order->owed, money);
    put_exact(json, "settled", order->settled, money);
    put_exact(json, "unacknowledged", order->unacknowledged, money);
    put_exact(json, "outstanding", order->outstanding, money);
    put_date(json, "due", order->due);
}

/* ---- what comes next ---- */

static void put_waits(ms_json *json, const ms_ledger_order *order, int64_t date)
{
    ms_json_open_array(json, "waits");
    for (int wait = 0; wait < MS_WAITS && order->request != NULL; wait++) {
        ms_side side = ms_wait_side((ms_wait)wait);
        if (order->waits_since[wait] < 0)
            continue;
        ms_json_open_object(json, NULL);
        ms_json_string(json, "side", side_word(side));
        ms_json_string(json, "to", ms_wait_words[wait]);
        put_date(json, "since", order->waits_since[wait]);
        ms_json_integer(json, "days", date - order->waits_since[wait]);
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

static void put_asks(ms_json *json, unsigned asks)
{
    static const char *const words[] = {"price", "settlement", "currency"};
    ms_json_open_array(json, "asks");
    for (int bit = 0; bit < 3; bit++)
        if ((asks & 1U << bit) != 0)
            ms_json_string(json, NULL, words[bit]);
    ms_json_close_array(json);
}

static void put_next(ms_json *json, const ms_ledger_order *order, const ms_next *next)
{
    char code[MS_STEP_CODE_BYTES];
    ms_json_open_object(json, NULL);
    ms_json_string(json, "step", ms_step_words[next->kind]);
    ms_json_string(json, "why", next->why);
    if (next->of != NULL)
        ms_json_string(json, "of", ms_digest_code(code, &next->of->step->hash));
    if (next->measure >= 0) {
        put_exact(json, "quantity", next->measure, next->money);
        ms_json_string(json, "unit", next->money ? order->terms->currency : order->request->unit);
    }
    if (next->terms != NULL) {
        ms_json_open_object(json, "offer");
        put_offer(json, next->terms, next->asks);
        ms_json_close_object(json);
        put_asks(json, next->asks);
    }
    ms_json_close_object(json);
}

/* The case that offers and acceptances are held against; none where the book has none that can be read. */
static ms_status read_case(ms_case **out, ms_book *book, const ms_ledger_order *order, ms_error *err)
{
    ms_findings findings = {0};
    ms_error why = {0};
    if (order->stage != MS_STAGE_REQUESTED && order->stage != MS_STAGE_OFFERED)
        return MS_OK;
    ms_status status = ms_ledger_case(out, book, NULL, &findings, &why);
    ms_findings_free(&findings);
    return status == MS_NO_MEMORY ? ms_error_memory(err) : MS_OK;
}

ms_status ms_order_json(ms_buf *out, ms_book *book, const ms_ledger_view *of, const ms_ledger_order *order,
                        const ms_table *deliveries, const ms_table *steps, ms_error *err)
{
    char code[MS_ORDER_CODE_BYTES], hex[MS_HEX_BYTES];
    ms_next_steps next = {0};
    ms_case *kase = NULL;
    ms_json json;
    MS_TRY(read_case(&kase, book, order, err));
    ms_status status = ms_ledger_next(&next, &of->ledger, kase, order, of->date, err);
    if (status != MS_OK) {
        ms_case_free(kase);
        return status;
    }
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "order", ms_order_code(code, order->receiver, &order->id));
    ms_json_string(&json, "hash", ms_hex_put(hex, order->id.bytes, sizeof order->id.bytes));
    ms_json_string(&json, "partner", of->ledger.partner);
    put_date(&json, "date", of->date);
    ms_json_string(&json, "state", ms_phase_words[order->phase]);
    ms_json_integer(&json, "step_count", order->step_count + order->waiting_count);
    if (order->request != NULL) {
        ms_json_string(&json, "side", side_word(ms_order_side(order, of->ledger.partner)));
        put_request(&json, order->request);
        put_terms(&json, order);
        put_account(&json, order);
    }
    put_waits(&json, order, of->date);
    ms_table_json(deliveries, &json, "deliveries");
    ms_table_json(steps, &json, "steps");
    ms_json_open_array(&json, "next");
    for (size_t n = 0; n < next.count; n++)
        put_next(&json, order, &next.steps[n]);
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    ms_case_free(kase);
    return MS_OK;
}
