/* tally.c: what must be true once all have heard of all: pictures are what was given; every step that a book has
 * acknowledged is in both books of its order, once, unless it died with a disk before anybody had heard of it; nobody's
 * books hold anything else; the statements of both sides are the same bytes; and what one owes another is owed. */
#include "world.h"

#include "ledger/balance.h"
#include "ledger/used.h"

/* ---- releases ---- */

static void check_pictures(world *w, int from, int to)
{
    ms_channel giver, taker;
    ms_picture given, taken;
    unsigned char one[MS_HASH_BYTES], other[MS_HASH_BYTES];
    ms_book *a = w->houses[from].book, *b = w->houses[to].book;
    assert_int_equal(ms_channel_read(&giver, a, names[to], NULL), MS_OK);
    assert_int_equal(ms_channel_read(&taker, b, names[from], NULL), MS_OK);
    if (giver.given != taker.taken || memcmp(giver.given_hash, taker.taken_hash, MS_HASH_BYTES) != 0)
        fail_msg("%s gave %lld to %s, which took %lld", names[from], (long long)giver.given, names[to],
                 (long long)taker.taken);
    if (taker.gap != 0 || taker.fork != 0 || giver.want_whole || giver.lost_at != 0 || giver.returning)
        fail_msg("%s to %s is not at rest", names[from], names[to]);
    assert_int_equal(ms_channel_picture(&given, a, "given", names[to], giver.given_whole, giver.given, NULL), MS_OK);
    assert_int_equal(ms_channel_picture(&taken, b, "taken", names[from], taker.taken_whole, taker.taken, NULL), MS_OK);
    assert_int_equal(ms_picture_digest(one, &given, NULL), MS_OK);
    assert_int_equal(ms_picture_digest(other, &taken, NULL), MS_OK);
    if (memcmp(one, other, MS_HASH_BYTES) != 0)
        fail_msg("%s has another picture of %s than it was given", names[to], names[from]);
    ms_picture_free(&given);
    ms_picture_free(&taken);
}

/* What the reader plans with is what the rules let out of what the giver has. item-2 goes out in full to everyone. */
static void check_stock(world *w, int from, int to)
{
    for (int site = 0; site < SITES; site++) {
        char name[16];
        int quantity = w->quantity[from][site][2];
        snprintf(name, sizeof name, "%s-%d", names[from], site);
        double seen = house_stock(&w->houses[to], name, "item-2", names[from]);
        if (seen != (quantity > 0 ? quantity : -1))
            fail_msg("%s sees %g of item-2 at %s, and there is %d", names[to], seen, name, quantity);
        assert_true(house_stock(&w->houses[to], name, "item-3", names[from]) == -1);
    }
}

/* ---- steps ---- */

static bool has_step(world *w, int who, const char *key)
{
    ms_entry entry;
    if (ms_book_find(&entry, w->houses[who].book, MS_KIND_STEP, key, NULL) != MS_OK)
        return false;
    ms_entry_free(&entry);
    return true;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const made_step *)a)->key, ((const made_step *)b)->key);
}

typedef struct {
    world *w;
    int who, entries;
} search;

static ms_status check_known(void *context, const ms_entry *entry, ms_error *err)
{
    search *s = context;
    made_step wanted;
    (void)err;
    snprintf(wanted.key, sizeof wanted.key, "%s", entry->key);
    if (bsearch(&wanted, s->w->steps, (size_t)s->w->step_count, sizeof wanted, by_key) == NULL)
        fail_msg("%s has a step %s that nobody made", names[s->who], entry->key);
    s->entries++;
    return MS_OK;
}

static ms_status count_entry(void *context, const ms_entry *entry, ms_error *err)
{
    (void)entry;
    (void)err;
    ++*(int *)context;
    return MS_OK;
}

/* Both have it, or neither and it may be lost. A step that was made again after a restore is listed twice. */
static int check_steps(world *w)
{
    int lost = 0;
    qsort(w->steps, (size_t)w->step_count, sizeof *w->steps, by_key);
    for (int ix = 0; ix < w->step_count; ix++) {
        const made_step *step = &w->steps[ix];
        bool at_home = has_step(w, step->by, step->key), away = has_step(w, step->to, step->key);
        if (at_home != away || (!at_home && !step->may_be_lost))
            fail_msg("%s of %s for %s: %s at home, %s there", step->key, names[step->by], names[step->to],
                     at_home ? "is" : "is not", away ? "is" : "is not");
        lost += !at_home;
    }
    for (int who = 0; who < PARTNERS; who++) { /* nothing twice: as many entries as keys */
        search s = {.w = w, .who = who};
        int keys = 0;
        assert_int_equal(ms_book_scan(w->houses[who].book, 1, MS_KIND_STEP, check_known, &s, NULL), MS_OK);
        assert_int_equal(ms_book_each(w->houses[who].book, MS_KIND_STEP, "", count_entry, &keys, NULL), MS_OK);
        assert_int_equal(s.entries, keys);
    }
    return lost;
}

/* ---- accounts ---- */

static void check_statements(world *w, int a, int b)
{
    for (int format = MS_STATEMENT_TEXT; format <= MS_STATEMENT_XLSX; format++) {
        ms_buf one = {0}, other = {0};
        ms_ledger_filter with_b = {.partner = names[b], .date = "2030-12-31"},
                         with_a = {.partner = names[a], .date = "2030-12-31"};
        ms_error err = {0};
        if (ms_report_statement(&one, w->houses[a].book, &with_b, (ms_statement_format)format, &err) != MS_OK ||
            ms_report_statement(&other, w->houses[b].book, &with_a, (ms_statement_format)format, &err) != MS_OK)
            fail_msg("%s and %s: %s", names[a], names[b], err.message);
        if (one.length != other.length || memcmp(one.text, other.text, one.length) != 0)
            fail_msg("the statements of %s and %s differ", names[a], names[b]);
        ms_buf_free(&one);
        ms_buf_free(&other);
    }
}

/* What partner is owed of a thing, less what it owes, in its own book: added up over all partners nothing is left. */
typedef struct {
    char what[64];
    int64_t sum;
} position;

typedef struct {
    position positions[16];
    int count, over;
    size_t orders;
    int64_t turnover;
} account;

static void add_position(account *to, const char *what, int64_t sum)
{
    int ix = 0;
    while (ix < to->count && strcmp(to->positions[ix].what, what) != 0)
        ix++;
    assert_true(ix < 16);
    if (ix == to->count)
        snprintf(to->positions[to->count++].what, sizeof to->positions[ix].what, "%s", what);
    to->positions[ix].sum += sum;
    to->turnover += sum > 0 ? sum : 0;
}

/* What the provider gave is what both say was received, and what is on its way or in dispute. */
static void check_order(const ms_ledger_order *order)
{
    int64_t given = 0;
    assert_true(order->request != NULL && order->waiting_count == 0);
    for (int32_t d = 0; d < order->delivery_count; d++) {
        const ms_delivery *delivery = &order->deliveries[d];
        int64_t open = delivery->taken < 0 ? delivery->given : delivery->disputed;
        if (!delivery->settlement)
            given += delivery->agreed + (delivery->given >= delivery->taken ? open : 0);
    }
    assert_int_equal(given, order->issued);
    assert_int_equal(order->outstanding, order->owed - order->settled);
}

static void add_ledger(account *to, world *w, int who)
{
    ms_ledger ledger;
    ms_balance balance;
    ms_error err = {0};
    assert_int_equal(ms_ledger_read(&ledger, w->houses[who].book, 0, &err), MS_OK);
    assert_int_equal(ledger.strange_count, 0);
    for (size_t ix = 0; ix < ledger.order_count; ix++) {
        check_order(&ledger.orders[ix]);
        to->over += ms_order_is_over(&ledger.orders[ix]);
    }
    to->orders += ledger.order_count;
    assert_int_equal(ms_balance_make(&balance, ledger.arena, &ledger, NULL, 0, &err), MS_OK);
    for (size_t r = 0; r < balance.count; r++) {
        const ms_balance_row *row = &balance.rows[r];
        bool owes = strcmp(row->debtor, names[who]) == 0;
        add_position(to, row->what, owes ? -row->outstanding : row->outstanding);
    }
    ms_ledger_free(&ledger);
}

/* What is used up of each agreement, reckoned on from what was written down, is what all steps up to there come to. */
static void check_used(world *w, int who)
{
    for (int64_t as_of = world_head(w, who); as_of > 0; as_of = as_of * 3 / 5) {
        ms_ledger ledger;
        ms_used used;
        assert_int_equal(ms_ledger_read(&ledger, w->houses[who].book, as_of, NULL), MS_OK);
        assert_int_equal(ms_used_read(&used, w->houses[who].book, as_of, NULL), MS_OK);
        for (int32_t g = 0; g < w->cases[who]->agreements_count; g++) {
            const char *id = w->cases[who]->agreements[g].id;
            assert_int_equal(ms_used_of(&used, id), ms_ledger_used(&ledger, id));
        }
        assert_true(as_of < world_head(w, who) || used.upto > 0 || ledger.step_count < MS_USED_FRESH);
        ms_used_free(&used);
        ms_ledger_free(&ledger);
    }
}

/* Both sides count the same as used up of an agreement, and so do their plans. */
static void check_limits(world *w)
{
    double used[PARTNERS][PARTNERS][PARTNERS];
    for (int who = 0; who < PARTNERS; who++) {
        ms_case *kase = NULL;
        ms_findings findings = {0};
        ms_error err = {0};
        if (ms_ledger_case(&kase, w->houses[who].book, NULL, &findings, &err) != MS_OK)
            fail_msg("%s: %s", names[who], err.message);
        for (int32_t g = 0; g < kase->agreements_count; g++)
            used[who][kase->agreements[g].provider_ix][kase->agreements[g].receiver_ix] = kase->agreements[g].used_t;
        ms_case_free(kase);
        ms_findings_free(&findings);
    }
    for (int a = 0; a < PARTNERS; a++)
        for (int b = 0; b < PARTNERS; b++)
            assert_true(a == b || (used[a][a][b] == used[b][a][b] && used[a][a][b] > 0));
}

void tally(world *w)
{
    account of = {0};
    for (int from = 0; from < PARTNERS; from++) {
        for (int to = 0; to < PARTNERS; to++) {
            if (from == to)
                continue;
            check_pictures(w, from, to);
            check_stock(w, from, to);
            if (from < to)
                check_statements(w, from, to);
        }
    }
    int lost = check_steps(w);
    for (int who = 0; who < PARTNERS; who++) {
        add_ledger(&of, w, who);
        check_used(w, who);
    }
    for (int ix = 0; ix < of.count; ix++)
        if (of.positions[ix].sum != 0)
            fail_msg("%lld of %s are owed by nobody", (long long)of.positions[ix].sum, of.positions[ix].what);
    check_limits(w);
    assert_true(of.count > 1 && of.turnover > 0);
    printf("%zu orders, %d over; %d steps taken, %d refused, %d lost with a disk; %d things owed add up to zero\n",
           of.orders / 2, of.over / 2, w->step_count, w->kept_from, lost, of.count);
}
