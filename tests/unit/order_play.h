/* order_play.h: partners who act at random, for tests of many orders: what one of them does next about an order, mostly
 * what it waits for; sometimes wrong, sometimes less than was agreed, now and then a cancellation.
 */
#ifndef MS_TESTS_ORDER_PLAY_H
#define MS_TESTS_ORDER_PLAY_H

#include "base/random.h"
#include "ledger/ledger.h"

/* What the texts of an entry lie in. */
typedef struct {
    char code[MS_ORDER_CODE_BYTES], quantity[MS_EXACT_BYTES], of[MS_STEP_CODE_BYTES];
} order_play;

static inline bool order_play_chance(ms_random *random, int one_in)
{
    return ms_random_between(random, 1, one_in) == 1;
}

/* Receive and dispute: about the first delivery that waits for a word of the side, and how much. The one who disputes
 * gives in to what the other says; who receives may find less. */
static inline void order_play_word(ms_ledger_entry *entry, order_play *texts, ms_random *random,
                                   const ms_ledger_order *order, unsigned side, int wait)
{
    for (int32_t d = 0; d < order->delivery_count; d++) {
        const ms_delivery *delivery = &order->deliveries[d];
        bool money = delivery->settlement && !order->in_kind;
        bool mine = wait == MS_WAIT_AGREE ? delivery->disputed > 0
                    : wait == MS_WAIT_RECEIVE || wait == MS_WAIT_ACKNOWLEDGE
                        ? delivery->taken < 0 && delivery->giver != side
                        : false;
        if (!mine)
            continue;
        int64_t word = wait == MS_WAIT_AGREE
                           ? (delivery->giver == side ? delivery->taken : delivery->given)
                           : delivery->given - (order_play_chance(random, 4) ? delivery->given / 10 : 0);
        entry->of = ms_digest_code(texts->of, &delivery->step->hash);
        entry->quantity = ms_exact_text(texts->quantity, word, money ? 2 : 6);
        return;
    }
}

/* The entry that partner makes about the order; false: none this time. Texts of *entry are in *texts. */
static inline bool order_play_next(ms_ledger_entry *entry, order_play *texts, ms_random *random,
                                   const ms_ledger_order *order, const char *partner)
{
    static const char *const steps[MS_WAITS] = {"dispute", "offer",   "accept", "issue",
                                                "receive", "receive", "settle", "dispute"};
    unsigned side = order->request != NULL ? ms_order_side(order, partner) : 0;
    *entry = (ms_ledger_entry){.order = ms_order_code(texts->code, order->receiver, &order->id)};
    for (int wait = 0; wait < MS_WAITS && side != 0; wait++) {
        if (order->waits_since[wait] < 0 || (ms_wait_side((ms_wait)wait) & side) == 0 || order_play_chance(random, 3))
            continue;
        entry->step = steps[wait];
        if ((wait == MS_WAIT_OFFER || wait == MS_WAIT_ACCEPT) && order_play_chance(random, 20))
            entry->step = "decline";
        if (wait == MS_WAIT_ISSUE && order_play_chance(random, 2))
            entry->quantity = ms_exact_text(texts->quantity, order->rest / 2000000 * 1000000 + 1000000, 6);
        order_play_word(entry, texts, random, order, side, wait);
        return true;
    }
    entry->step = "cancel";
    return side != 0 && order_play_chance(random, 25);
}

#endif
