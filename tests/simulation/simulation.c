/* simulation.c: three partners over a year of days, with everything that goes wrong on the way.
 *
 *     build/tests/simulation [--seed N] [--days N] [--quiet-days N]
 *
 * Each day every partner changes some of its rows, adds documents of two partners, and gives each other partner a
 * release. A message may be lost, come twice, come days later and behind those that were sent after it, or be cut
 * short. Every so often a partner's program is killed in the middle of what it does, and a few times a year a book is
 * restored from yesterday's backup. Then the mail is kind for a while, and everything must have come together: each
 * side's picture of the other is what the other gave, plans are made from it, no alarm or gap is left, and every
 * document that ever reached a second book is in both, once.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define fail_msg(...)                 \
    do {                              \
        fprintf(stderr, "FAIL  ");    \
        fprintf(stderr, __VA_ARGS__); \
        fprintf(stderr, "\n");        \
        exit(1);                      \
    } while (0)
#define assert_true(holds)                                     \
    do {                                                       \
        if (!(holds))                                          \
            fail_msg("%s:%d: %s", __FILE__, __LINE__, #holds); \
    } while (0)
#define assert_int_equal(a, b) assert_true((a) == (b))

#include "base/json.h"
#include "base/random.h"
#include "tests/unit/houses.h"

enum { PARTNERS = 3, SITES = 3, ITEMS = 4, MAIL_MOST = 4096, STEPS_MOST = 20000, DAY_MS = 86400000 };

static const char *const names[PARTNERS] = {"US", "JP", "KR"};
static const char RULES[] = "to,table,site,item,detail,amount,by\n*,sites,,,full,,\n*,lanes,,,full,,\n"
                            "JP,stocks,,item-0,rounded,10,\nKR,stocks,,item-1,delayed,2,\n*,stocks,,item-3,withheld,,\n"
                            "*,stocks,,,full,,\n*,demands,,,summed,,class\n";

typedef struct {
    int from, to;
    int64_t day;
    ms_buf bundle;
} letter;

typedef struct {
    ms_random random;
    house houses[PARTNERS];
    int quantity[PARTNERS][SITES][ITEMS]; /* what each says of its own, from its newest import */
    letter mail[MAIL_MOST];
    int mail_count, serial;
    int64_t day;
    bool kind;  /* nothing goes wrong */
    int backup; /* whose backup there is, -1 nobody's */
    int backup_quantity[SITES][ITEMS];
    int made, taken, refused, alarms, gaps, killed, restored, steps;
} world;

static int64_t dice(world *w, int64_t low, int64_t high)
{
    return ms_random_between(&w->random, low, high);
}

static bool chance(world *w, int per_cent)
{
    return !w->kind && dice(w, 1, 100) <= per_cent;
}

/* ---- a partner's own rows ---- */

static void put_case(ms_buf *text, const world *w, int who)
{
    ms_buf_printf(text, "== case.json\n{\"name\": \"%s\", \"start\": \"2026-01-01\", \"days\": 10}\n", names[who]);
    ms_buf_text(text, "== partners.csv\npartner\nUS\nJP\nKR\n== items.csv\nitem,class,unit,kg_per_unit,nsn\n");
    for (int item = 0; item < ITEMS; item++)
        ms_buf_printf(text, "item-%d,III,m3,800,NSN-%d\n", item, item);
    ms_buf_text(text, "== sites.csv\nsite,partner,kind\n");
    for (int site = 0; site < SITES; site++)
        ms_buf_printf(text, "%s-%d,%s,depot\n", names[who], site, names[who]);
    ms_buf_text(text, "== lanes.csv\nlane,from,to,mode,partner,transit_days\n");
    for (int site = 1; site < SITES; site++)
        ms_buf_printf(text, "%s-0-%d,%s-0,%s-%d,road,%s,1\n", names[who], site, names[who], names[who], site,
                      names[who]);
    ms_buf_text(text, "== stocks.csv\nsite,item,partner,quantity\n");
    for (int site = 0; site < SITES; site++)
        for (int item = 0; item < ITEMS; item++)
            if (w->quantity[who][site][item] > 0)
                ms_buf_printf(text, "%s-%d,item-%d,%s,%d\n", names[who], site, item, names[who],
                              w->quantity[who][site][item]);
    ms_buf_printf(text,
                  "== demands.csv\ndemand,site,item,partner,from_day,per_day,priority\n%s-d,%s-1,item-0,%s,0,5,1\n",
                  names[who], names[who], names[who]);
    assert_true(!text->failed);
}

static void import(world *w, int who)
{
    ms_buf text = {0};
    put_case(&text, w, who);
    house_import(&w->houses[who], text.text);
    ms_buf_free(&text);
}

/* ---- documents ---- */

/* Signed by the book's partner, to another; the ledger's own steps have more fields. */
static void add_document(world *w, int by, int to)
{
    unsigned char hash[MS_HASH_BYTES], signature[MS_SIGNATURE_BYTES];
    char document[200], hex[MS_HEX_BYTES], key[200];
    ms_buf body = {0};
    ms_json json;
    ms_error err = {0};
    house *h = &w->houses[by];
    snprintf(document, sizeof document, "{\"by\":\"%s\",\"serial\":%d,\"to\":\"%s\"}", names[by], w->serial++,
             names[to]);
    ms_hash(hash, document, strlen(document));
    snprintf(key, sizeof key, "order/%s", ms_hex_put(hex, hash, MS_HASH_BYTES));
    ms_key_sign(signature, ms_book_key(h->book), "mainstay step 1", document, strlen(document));
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "document", document);
    ms_json_string(&json, "signature", ms_hex_put(hex, signature, MS_SIGNATURE_BYTES));
    ms_json_close_object(&json);
    ms_draft draft = {"step", key, body.text, body.length};
    assert_int_equal(ms_book_append(NULL, h->book, &draft, 1, &err), MS_OK);
    w->steps++;
    ms_buf_free(&body);
}

/* ---- mail ---- */

static void post(world *w, int from, int to, const ms_buf *bundle)
{
    letter *l = &w->mail[w->mail_count];
    assert_true(w->mail_count < MAIL_MOST);
    *l = (letter){.from = from, .to = to, .day = w->day + (chance(w, 20) ? dice(w, 1, 4) : 0)};
    ms_buf_put(&l->bundle, bundle->text, bundle->length);
    if (chance(w, 4))
        l->bundle.length = (size_t)dice(w, 0, (int64_t)l->bundle.length - 1);
    else if (chance(w, 2))
        l->bundle.text[dice(w, 0, (int64_t)l->bundle.length - 1)] ^= 0x10;
    w->mail_count++;
}

static void give(world *w, int from, int to)
{
    ms_buf bundle = house_make(&w->houses[from], &w->houses[to], NULL);
    w->made++;
    if (!chance(w, 8))
        post(w, from, to, &bundle);
    if (chance(w, 5))
        post(w, from, to, &bundle);
    ms_buf_free(&bundle);
}

static void take(world *w, const letter *l)
{
    ms_release_note note = {0};
    ms_error err = {0};
    ms_status status = ms_exchange_take(&note, w->houses[l->to].book, l->bundle.text, l->bundle.length, "mail", &err);
    if (status != MS_OK && status != MS_BAD_INPUT)
        fail_msg("day %lld, %s takes from %s: %s", (long long)w->day, names[l->to], names[l->from], err.message);
    if (status == MS_OK && note.remark[0] != '\0')
        fail_msg("day %lld, %s takes from %s: %s", (long long)w->day, names[l->to], names[l->from], note.remark);
    if (status == MS_OK && note.refused > 0)
        fail_msg("day %lld: %s refuses %zu rows of %s", (long long)w->day, names[l->to], note.refused, names[l->from]);
    w->taken += status == MS_OK;
    w->refused += status == MS_BAD_INPUT;
    w->alarms += strncmp(err.message, "ALARM", 5) == 0;
    w->gaps += strstr(err.message, "missing") != NULL;
}

/* Everything that is due, in any order. */
static void deliver(world *w)
{
    for (int left = w->mail_count; left > 0; left--) {
        int at = (int)dice(w, 0, left - 1);
        letter l = w->mail[at];
        w->mail[at] = w->mail[left - 1];
        w->mail[left - 1] = l;
        if (l.day > w->day)
            continue;
        take(w, &l);
        ms_buf_free(&l.bundle);
        w->mail[left - 1] = w->mail[--w->mail_count];
    }
}

/* ---- what goes wrong at home ---- */

/* The program is killed at some moment of making a release and taking a letter; what the book acknowledged is there. */
static void kill_at_work(world *w, int who, int to)
{
    house *h = &w->houses[who];
    int64_t before, after;
    unsigned char hash[MS_HASH_BYTES];
    assert_int_equal(ms_book_head(&before, hash, h->book, NULL), MS_OK);
    ms_book_close(h->book);
    h->book = NULL;
    pid_t child = fork();
    if (child == 0) {
        house_reopen(h);
        (void)house_make(h, &w->houses[to], NULL);
        if (w->mail_count > 0)
            take(w, &w->mail[0]);
        _exit(0);
    }
    usleep((useconds_t)dice(w, 0, 30000));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    house_reopen(h);
    assert_int_equal(ms_book_head(&after, hash, h->book, NULL), MS_OK);
    assert_true(after >= before);
    w->killed++;
}

static void copy_book(const char *from, const char *to)
{
    char *bytes = NULL;
    size_t length;
    assert_int_equal(ms_file_read(&bytes, &length, from, 1 << 30, NULL), MS_OK);
    assert_int_equal(ms_file_write(to, bytes, length, NULL), MS_OK);
    ms_free(bytes);
}

static void back_up(world *w, int who)
{
    house *h = &w->houses[who];
    ms_book_close(h->book);
    h->book = NULL;
    copy_book(h->path, "backup");
    house_reopen(h);
    memcpy(w->backup_quantity, w->quantity[who], sizeof w->backup_quantity);
    w->backup = who;
}

static void restore(world *w)
{
    house *h = &w->houses[w->backup];
    ms_book_close(h->book);
    h->book = NULL;
    copy_book("backup", h->path);
    house_reopen(h);
    memcpy(w->quantity[w->backup], w->backup_quantity, sizeof w->backup_quantity);
    w->backup = -1;
    w->restored++;
}

/* ---- a day ---- */

static void live(world *w)
{
    for (int who = 0; who < PARTNERS; who++) {
        w->quantity[who][dice(w, 0, SITES - 1)][dice(w, 0, ITEMS - 1)] = (int)dice(w, 0, 500);
        import(w, who);
        for (int to = 0; to < PARTNERS; to++) {
            if (to == who)
                continue;
            for (int count = w->kind ? 0 : (int)dice(w, 0, 2); count > 0; count--)
                add_document(w, who, to);
            if (chance(w, 1))
                kill_at_work(w, who, to);
            give(w, who, to);
        }
    }
    deliver(w);
    house_now += DAY_MS;
    w->day++;
}

/* ---- the end ---- */

/* The keys of the documents between two partners that a book has, in order; doubles counted. */
typedef struct {
    const char *a, *b;
    ms_buf keys;
    int count, doubles;
    char last[200];
} document_list;

static ms_status list_document(void *context, const ms_entry *entry, ms_error *err)
{
    document_list *list = context;
    char ab[64], ba[64], a[64], b[64];
    (void)err;
    snprintf(a, sizeof a, "\\\"by\\\":\\\"%s\\\"", list->a);
    snprintf(ab, sizeof ab, "\\\"to\\\":\\\"%s\\\"", list->b);
    snprintf(b, sizeof b, "\\\"by\\\":\\\"%s\\\"", list->b);
    snprintf(ba, sizeof ba, "\\\"to\\\":\\\"%s\\\"", list->a);
    if (!((strstr(entry->body, a) && strstr(entry->body, ab)) || (strstr(entry->body, b) && strstr(entry->body, ba))))
        return MS_OK;
    ms_buf_printf(&list->keys, "%s\n", entry->key);
    list->count++;
    return MS_OK;
}

static ms_status count_entry(void *context, const ms_entry *entry, ms_error *err)
{
    (void)entry;
    (void)err;
    ++*(int *)context;
    return MS_OK;
}

static int check_documents(world *w, int a, int b)
{
    document_list at_a = {.a = names[a], .b = names[b]}, at_b = at_a;
    assert_int_equal(ms_book_each(w->houses[a].book, "step", "", list_document, &at_a, NULL), MS_OK);
    assert_int_equal(ms_book_each(w->houses[b].book, "step", "", list_document, &at_b, NULL), MS_OK);
    if (at_a.count != at_b.count || strcmp(at_a.keys.text, at_b.keys.text) != 0)
        fail_msg("%s has %d documents with %s, which has %d", names[a], at_a.count, names[b], at_b.count);
    ms_buf_free(&at_a.keys);
    ms_buf_free(&at_b.keys);
    return at_a.count;
}

static void check_pair(world *w, int from, int to)
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

static int check_all(world *w)
{
    int documents = 0;
    for (int from = 0; from < PARTNERS; from++) {
        for (int to = 0; to < PARTNERS; to++) {
            if (from == to)
                continue;
            check_pair(w, from, to);
            check_stock(w, from, to);
            documents += from < to ? check_documents(w, from, to) : 0;
        }
    }
    for (int who = 0; who < PARTNERS; who++) { /* nothing twice: as many entries as keys */
        int entries = 0, keys = 0;
        assert_int_equal(ms_book_scan(w->houses[who].book, 1, "step", count_entry, &entries, NULL), MS_OK);
        assert_int_equal(ms_book_each(w->houses[who].book, "step", "", count_entry, &keys, NULL), MS_OK);
        assert_int_equal(entries, keys);
    }
    return documents;
}

/* ---- all of it ---- */

static void begin(world *w)
{
    for (int who = 0; who < PARTNERS; who++) {
        ms_buf text = {0};
        for (int site = 0; site < SITES; site++)
            for (int item = 0; item < ITEMS; item++)
                w->quantity[who][site][item] = (int)dice(w, 1, 500);
        put_case(&text, w, who);
        w->houses[who] = house_new(names[who], text.text, RULES);
        ms_buf_free(&text);
    }
    for (int who = 0; who < PARTNERS; who++)
        for (int other = 0; other < PARTNERS; other++)
            if (who != other)
                house_trust(&w->houses[who], &w->houses[other]);
    w->backup = -1;
}

static void year(world *w, int days, int quiet_days)
{
    for (int day = 0; day < days; day++) {
        if (day % 45 == 30)
            back_up(w, (int)dice(w, 0, PARTNERS - 1));
        live(w);
        if (w->backup >= 0 && day % 45 == 31)
            restore(w);
    }
    w->kind = true;
    for (int day = 0; day < quiet_days; day++)
        live(w);
}

static long option(int argc, char **argv, const char *name, long fallback)
{
    for (int ix = 1; ix + 1 < argc; ix++)
        if (strcmp(argv[ix], name) == 0)
            return strtol(argv[ix + 1], NULL, 10);
    return fallback;
}

int main(int argc, char **argv)
{
    static world w;
    const char *place = getenv("TMPDIR");
    char folder[4096], command[4200];
    snprintf(folder, sizeof folder, "%s/mainstay-simulation-XXXXXX", place == NULL ? "/tmp" : place);
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        fail_msg("no folder to play in");
    long seed = option(argc, argv, "--seed", 1);
    w.random = ms_random_start((uint64_t)seed, 0);
    begin(&w);
    year(&w, (int)option(argc, argv, "--days", 365), (int)option(argc, argv, "--quiet-days", 12));
    int documents = check_all(&w);
    printf("seed %ld: %d releases made, %d taken, %d refused (%d gaps, %d alarms), %d killed, %d restored; "
           "%d documents made, %d in both books\n",
           seed, w.made, w.taken, w.refused, w.gaps, w.alarms, w.killed, w.restored, w.steps, documents);
    for (int who = 0; who < PARTNERS; who++)
        house_free(&w.houses[who]);
    for (int ix = 0; ix < w.mail_count; ix++)
        ms_buf_free(&w.mail[ix].bundle);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (chdir("/") != 0 || system(command) != 0)
        fail_msg("%s stays", folder);
    printf("1 passed, 0 failed\n");
    return 0;
}
