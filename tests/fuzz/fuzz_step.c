/* fuzz_step.c: lines of any bytes as the steps of orders. What is read is spelled as it was; and the steps of an order
 * come to the same in any order of arrival, with sums that hold. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ledger/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { STEPS_MOST = 64 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

static const ms_step *read_step(ms_arena *arena, const char *text, size_t length)
{
    ms_error err = {0};
    ms_buf again = {0};
    ms_step *step = ms_arena_alloc(arena, 1, sizeof *step);
    ms_status status = ms_step_read(step, arena, text, length, &err);
    if (status != MS_OK) {
        must(err.message[0] != '\0');
        return NULL;
    }
    ms_step_write(&again, step);
    must(again.length == length && memcmp(again.text, text, length) == 0);
    ms_buf_free(&again);
    return step;
}

static void hold(const ms_ledger_order *order)
{
    bool waits = false;
    for (int wait = 0; wait < MS_WAITS; wait++)
        waits = waits || order->waits_since[wait] >= 0;
    must(order->request == NULL || ms_order_is_over(order) == !waits);
    must(order->outstanding == order->owed - order->settled);
    must(order->received >= 0 && order->received <= order->issued && order->disputed >= 0);
}

/* Doubles are the caller's to leave out. */
static size_t add(const ms_step **steps, size_t count, const ms_step *step)
{
    for (size_t s = 0; s < count; s++)
        if (ms_digest_compare(&steps[s]->hash, &step->hash) == 0)
            return count;
    steps[count] = step;
    return count + 1;
}

/* Every step stands in the first one's order, whatever it says: its hashes are hard to hit by chance. */
static void make_order(ms_arena *arena, const ms_step **steps, size_t count)
{
    ms_ledger_order order, reversed;
    ms_error err = {0};
    const ms_step *turned[STEPS_MOST];
    for (size_t s = 0; s < count; s++)
        turned[s] = steps[count - 1 - s];
    must(ms_order_make(&order, arena, steps, count, &err) == MS_OK);
    must(ms_order_make(&reversed, arena, turned, count, &err) == MS_OK);
    hold(&order);
    must(order.phase == reversed.phase && order.outstanding == reversed.outstanding &&
         order.disputed == reversed.disputed && order.step_count == reversed.step_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *at = (const char *)bytes, *end = at + size;
    ms_arena *arena = ms_arena_new();
    const ms_step *steps[STEPS_MOST];
    size_t count = 0;
    while (at < end && count < STEPS_MOST) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end != NULL ? line_end : end) - at);
        const ms_step *step = read_step(arena, at, length);
        if (step != NULL)
            count = add(steps, count, step);
        at += length + 1;
    }
    if (count > 0)
        make_order(arena, steps, count);
    ms_arena_free(arena);
    return 0;
}
