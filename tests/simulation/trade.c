/* trade.c: orders in the simulation. A step that the ledger refuses is no step; one that it has acknowledged is noted,
 * so that tally.c can look for it in both books. */
#include "world.h"

#include "ledger/used.h"
#include "tests/unit/order_play.h"

enum { ASKED_MOST = 5 };

/* ---- what was made ---- */

typedef struct {
    world *w;
    int who;
} noting;

static int index_of(const char *name)
{
    for (int ix = 0; ix < PARTNERS; ix++)
        if (strcmp(names[ix], name) == 0)
            return ix;
    fail_msg("there is no %s", name);
}

static ms_status note_step(void *context, const ms_entry *entry, ms_error *err)
{
    noting *n = context;
    world *w = n->w;
    ms_step step;
    ms_arena *arena = ms_arena_new();
    assert_int_equal(ms_ledger_step(&step, arena, entry, err), MS_OK);
    if (index_of(step.by) == n->who) { /* else it came by a release */
        made_step *made = &w->steps[w->step_count++];
        assert_true(w->step_count < STEPS_MOST && strlen(entry->key) < sizeof made->key);
        *made = (made_step){.by = n->who, .to = index_of(step.to), .may_be_lost = w->backup == n->who};
        snprintf(made->key, sizeof made->key, "%s", entry->key);
    }
    ms_arena_free(arena);
    return MS_OK;
}

void trade_note(world *w, int who, int64_t from)
{
    noting n = {w, who};
    ms_error err = {0};
    if (ms_book_scan(w->houses[who].book, from + 1, MS_KIND_STEP, note_step, &n, &err) != MS_OK)
        fail_msg("%s", err.message);
}

/* ---- steps ---- */

/* As the verb does it: all is read anew, in a transaction of its own. */
static void take_alone(world *w, int who, const ms_ledger_entry *entry)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_error err = {0};
    ms_status status = ms_ledger_take(order, w->houses[who].book, entry, &err);
    if (status != MS_OK && status != MS_BAD_INPUT)
        fail_msg("%s: %s", names[who], err.message);
    w->kept_from += status == MS_BAD_INPUT;
}

/* In the transaction that is open, over the ledger as it was at its beginning. */
static void take_together(world *w, int who, ms_ledger *ledger, const ms_ledger_entry *entry)
{
    ms_step step;
    ms_error err = {0};
    ms_book *book = w->houses[who].book;
    ms_status status = ms_ledger_draft(&step, ledger, w->cases[who], entry, ms_ledger_today(book), &err);
    if (status == MS_OK)
        status = ms_ledger_sign(&step, book, &err);
    if (status != MS_OK && status != MS_BAD_INPUT)
        fail_msg("%s: %s", names[who], err.message);
    w->kept_from += status == MS_BAD_INPUT;
    ledger->next_serial += status == MS_OK && step.kind == MS_STEP_REQUEST;
}

/* A request of one of the other two, for an item that its agreement may or may not be for. */
static void draw_request(world *w, int who, ms_ledger_entry *entry, char agreement[16], char quantity[32])
{
    static const char *const items[ITEMS] = {"item-0", "item-1", "item-2", "item-3"};
    int from = (who + (int)dice(w, 1, 2)) % PARTNERS;
    int whole = (int)dice(w, 1, 400), tenths = (int)dice(w, 0, 9); /* one draw a statement: compilers differ */
    snprintf(agreement, 16, "%s-%s", names[from], names[who]);
    snprintf(quantity, 32, "%d.%d", whole, tenths);
    *entry = (ms_ledger_entry){.step = "request", .agreement = agreement, .quantity = quantity};
    entry->item = items[dice(w, 0, ITEMS - 1)];
}

/* ---- sitting down ---- */

static void sit(world *w, int who, ms_ledger *ledger)
{
    ms_ledger_entry entry;
    order_play texts;
    char agreement[16], quantity[32];
    for (int64_t count = w->trades ? dice(w, 0, ASKED_MOST * 2) : 0; count > 0; count--) {
        draw_request(w, who, &entry, agreement, quantity);
        take_together(w, who, ledger, &entry);
    }
    for (size_t ix = 0; ix < ledger->order_count; ix++) {
        const ms_ledger_order *order = &ledger->orders[ix];
        if (!ms_order_is_over(order) && order_play_next(&entry, &texts, &w->random, order, names[who]))
            take_together(w, who, ledger, &entry);
    }
}

static void sit_together(world *w, int who)
{
    ms_ledger ledger;
    ms_error err = {0};
    int64_t before = world_head(w, who);
    if (ms_book_begin(w->houses[who].book, &err) != MS_OK ||
        ms_ledger_read(&ledger, w->houses[who].book, 0, &err) != MS_OK)
        fail_msg("%s: %s", names[who], err.message);
    assert_int_equal(ms_used_note(w->houses[who].book, &ledger, &err), MS_OK);
    sit(w, who, &ledger);
    ms_ledger_free(&ledger);
    if (chance(w, 5)) { /* the program ends here */
        world_drop(w, who);
        assert_int_equal(world_head(w, who), before);
        w->dropped++;
        return;
    }
    if (ms_book_commit(w->houses[who].book, &err) != MS_OK)
        fail_msg("%s: %s", names[who], err.message);
    trade_note(w, who, before);
}

static void sit_alone(world *w, int who)
{
    ms_ledger ledger;
    ms_ledger_entry entry;
    order_play texts;
    char agreement[16], quantity[32];
    ms_error err = {0};
    int64_t before = world_head(w, who);
    if (ms_ledger_read(&ledger, w->houses[who].book, 0, &err) != MS_OK)
        fail_msg("%s: %s", names[who], err.message);
    if (w->trades) {
        draw_request(w, who, &entry, agreement, quantity);
        take_alone(w, who, &entry);
    }
    if (ledger.order_count > 0) {
        const ms_ledger_order *order = &ledger.orders[dice(w, 0, (int64_t)ledger.order_count - 1)];
        if (order_play_next(&entry, &texts, &w->random, order, names[who]))
            take_alone(w, who, &entry);
    }
    ms_ledger_free(&ledger);
    trade_note(w, who, before);
}

void trade(world *w, int who)
{
    if (chance(w, 8))
        sit_alone(w, who);
    else
        sit_together(w, who);
}
