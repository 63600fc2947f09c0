/* simulation.c: three partners over a year of days, with everything that goes wrong on the way.
 *
 *     build/tests/simulation [--seed N] [--days N] [--quiet-days N]
 *
 * Each day every partner changes some of its rows and gives each other partner a release; every few days it sits down
 * over the orders that it has with the others. A message may be lost, come twice, come days later and behind those that
 * were sent after it, or be cut short. Every so often a partner's program is killed in the middle of what it does, and
 * a few times a year a book is restored from yesterday's backup. Then the mail is kind for a while, and everything must
 * have come together: tally.c says what.
 */
#include "world.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SITTING_DAYS = 5, NO_MORE_DAYS = 40 };

const char *const names[PARTNERS] = {"US", "JP", "KR"};
static const char RULES[] = "to,table,site,item,detail,amount,by\n*,sites,,,full,,\n*,lanes,,,full,,\n"
                            "JP,stocks,,item-0,rounded,10,\nKR,stocks,,item-1,delayed,2,\n*,stocks,,item-3,withheld,,\n"
                            "*,stocks,,,full,,\n*,demands,,,summed,,class\n";

static const char agreements[] =
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days,currency,price\n"
    "US-JP,US,JP,item,*,2000,cash,30,,\nJP-US,JP,US,item,*,,in-kind,60,,\nUS-KR,US,KR,item,*,,equal-value,10,KRW,9.5\n"
    "KR-US,KR,US,item,item-1,,cash,,,\nJP-KR,JP,KR,item,*,,in-kind,,,\nKR-JP,KR,JP,item,*,,cash,5,JPY,1200.25\n";

int64_t world_head(world *w, int who)
{
    int64_t number;
    unsigned char hash[MS_HASH_BYTES];
    assert_int_equal(ms_book_head(&number, hash, w->houses[who].book, NULL), MS_OK);
    return number;
}

void world_drop(world *w, int who)
{
    house_reopen(&w->houses[who]);
}

/* ---- a partner's own rows ---- */

static void put_case(ms_buf *text, const world *w, int who)
{
    ms_buf_printf(text,
                  "== case.json\n{\"name\": \"%s\", \"start\": \"2026-01-01\", \"days\": 10, \"currency\": \"USD\"}\n",
                  names[who]);
    ms_buf_text(text,
                "== partners.csv\npartner\nUS\nJP\nKR\n== items.csv\nitem,class,unit,kg_per_unit,nsn,value_per_unit\n");
    for (int item = 0; item < ITEMS; item++)
        ms_buf_printf(text, "item-%d,III,m3,800,NSN-%d,%d.5\n", item, item, 900 + item);
    ms_buf_text(text, agreements);
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

/* The program is killed at some moment of taking steps, making a release and taking a letter; what the book
 * acknowledged is there. */
static void kill_at_work(world *w, int who, int to)
{
    house *h = &w->houses[who];
    int64_t before = world_head(w, who);
    ms_book_close(h->book);
    h->book = NULL;
    pid_t child = fork();
    if (child == 0) {
        house_reopen(h);
        trade(w, who);
        (void)house_make(h, &w->houses[to], NULL);
        if (w->mail_count > 0)
            take(w, &w->mail[0]);
        _exit(0);
    }
    usleep((useconds_t)dice(w, 0, 60000));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    house_reopen(h);
    assert_true(world_head(w, who) >= before);
    trade_note(w, who, before);
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
        if (!w->kind && (w->day + who) % SITTING_DAYS == 0)
            trade(w, who);
        for (int to = 0; to < PARTNERS; to++) {
            if (to == who)
                continue;
            if (chance(w, 2))
                kill_at_work(w, who, to);
            give(w, who, to);
        }
    }
    deliver(w);
    house_now += DAY_MS;
    w->day++;
}

/* ---- all of it ---- */

static void begin(world *w)
{
    ms_findings findings = {0};
    for (int who = 0; who < PARTNERS; who++) {
        ms_buf text = {0};
        for (int site = 0; site < SITES; site++)
            for (int item = 0; item < ITEMS; item++)
                w->quantity[who][site][item] = (int)dice(w, 1, 500);
        put_case(&text, w, who);
        w->houses[who] = house_new(names[who], text.text, RULES);
        assert_int_equal(case_text_read(&w->cases[who], text.text, text.length, NULL, &findings, NULL), MS_OK);
        ms_buf_free(&text);
    }
    for (int who = 0; who < PARTNERS; who++)
        for (int other = 0; other < PARTNERS; other++)
            if (who != other)
                house_trust(&w->houses[who], &w->houses[other]);
    ms_findings_free(&findings);
    w->backup = -1;
}

static void end(world *w)
{
    for (int who = 0; who < PARTNERS; who++) {
        house_free(&w->houses[who]);
        ms_case_free(w->cases[who]);
    }
    for (int ix = 0; ix < w->mail_count; ix++)
        ms_buf_free(&w->mail[ix].bundle);
}

static void year(world *w, int days, int quiet_days)
{
    for (int day = 0; day < days; day++) {
        w->trades = day + NO_MORE_DAYS < days;
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
    printf(
        "seed %ld: %d releases made, %d taken, %d refused (%d gaps, %d alarms); %d killed, %d dropped, %d restored\n",
        seed, w.made, w.taken, w.refused, w.gaps, w.alarms, w.killed, w.dropped, w.restored);
    tally(&w);
    end(&w);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (chdir("/") != 0 || system(command) != 0)
        fail_msg("%s stays", folder);
    printf("1 passed, 0 failed\n");
    return 0;
}
