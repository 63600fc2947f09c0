/* test_book_import.c: cases into a book and out again: the same bytes, only what differs, any earlier position; rows
 * that partners gave in the combined case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "book_make.h"
#include "case/format.h"
#include "faults.h"
#include "playground.h"

/* ---- folders in memory ---- */

typedef struct {
    const char *name, *text;
} file_text;

/* The smallest case with a table or two; tests change single files of it. */
static const file_text plain[] = {
    {"case.json", "{\"name\": \"x\", \"start\": \"2026-01-01\", \"days\": 5}\n"},
    {"partners.csv", "partner,name\nUS,United States\nJP,Japan\n"},
    {"sites.csv", "site,partner,kind\na,US,depot\nb,US,port\nc,JP,port\n"},
    {"items.csv", "item,class,kg_per_unit\nfood,I,1000\nfuel,III,900\n"},
    {"stocks.csv", "site,item,partner,quantity\na,food,US,10\nb,food,US,20\nc,food,JP,30\n"},
    {NULL, NULL},
};

/* A case of the files in `first`, and of those of `plain` that it does not name. */
static ms_case *case_of(const file_text *first)
{
    ms_case *kase = NULL;
    ms_error err = {0};
    ms_findings findings = {0};
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    int count = 0;
    for (const file_text *file = first; file->name != NULL; file++)
        if (file->text != NULL)
            files[count++] = (ms_case_file){file->name, ms_strdup(file->text), strlen(file->text)};
    for (const file_text *file = plain; file->name != NULL; file++) {
        bool named = false;
        for (const file_text *other = first; other->name != NULL; other++)
            named = named || strcmp(other->name, file->name) == 0;
        if (!named)
            files[count++] = (ms_case_file){file->name, ms_strdup(file->text), strlen(file->text)};
    }
    if (ms_case_read(&kase, files, count, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    return kase;
}

static ms_book_changes import(ms_book *book, const ms_case *kase)
{
    ms_book_changes changes;
    ms_error err = {0};
    if (ms_book_import(&changes, book, kase, true, &err) != MS_OK)
        fail_msg("%s: %s", err.file, err.message);
    return changes;
}

static void import_files(ms_book *book, const file_text *files)
{
    ms_case *kase = case_of(files);
    import(book, kase);
    ms_case_free(kase);
}

/* The case in the book has exactly the files of kase, byte for byte. */
static void same_files(ms_book *book, const ms_case *kase, int64_t as_of)
{
    ms_case *out = NULL;
    ms_error err = {0};
    ms_findings findings = {0};
    ms_book_view view = {.as_of = as_of, .own = true};
    if (ms_book_case(&out, book, &view, &findings, &err) != MS_OK)
        fail_msg("%s: %s", err.file, err.message);
    assert_int_equal(out->file_count, kase->file_count);
    for (int ix = 0; ix < out->file_count; ix++) {
        int at = 0;
        while (at < kase->file_count && strcmp(kase->files[at].name, out->files[ix].name) != 0)
            at++;
        assert_true(at < kase->file_count);
        assert_string_equal(out->files[ix].bytes, kase->files[at].bytes);
        assert_int_equal(out->files[ix].length, kase->files[at].length);
    }
    assert_true(out->digest == kase->digest);
    ms_findings_free(&findings);
    ms_case_free(out);
}

static const char *file_in(const ms_case *kase, const char *name)
{
    for (int ix = 0; ix < kase->file_count; ix++)
        if (strcmp(kase->files[ix].name, name) == 0)
            return kase->files[ix].bytes;
    return NULL;
}

/* ---- tests ---- */

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    /* Every way in which a file may be written that a reader takes. */
    static const char *const stocks[] = {
        "site,item,partner,quantity\na,food,US,10\n",
        "site,item,partner,quantity\na,food,US,10",                                   /* no line end at the end */
        "site,item,partner,quantity\r\na,food,US,10\r\nb,food,US,1\r\n",              /* CRLF */
        "site,item,partner,quantity\ra,food,US,10\rb,food,US,1",                      /* CR */
        "site,item,partner,quantity\r\na,food,US,10\nb,food,US,1\r\n",                /* mixed */
        "\xEF\xBB\xBFsite,item,partner,quantity\na,food,US,10\n",                     /* byte order mark */
        "site;item;partner;quantity\na;food;US;10\n",                                 /* semicolons */
        "site\titem\tpartner\tquantity\na\tfood\tUS\t10\n",                           /* tabs */
        "\"site\",\"item\",\"partner\",\"quantity\"\n\"a\",\"food\",\"US\",\"10\"\n", /* all quoted */
        "site,item,partner,quantity,note\na,food,US,10,\"x \"\"y\"\"\nz\"\n", /* an unknown column, a line end in it */
        "site,item,partner,quantity\n\n\na,food,US,10\n,,,\n  , ,,\nb,food,US,1\n\n\n", /* blank rows */
        "site,item,partner,quantity\n a , food,US,  10\n",                              /* blanks */
        "quantity,partner,item,site\n10,US,food,a\n",                                   /* columns in another order */
        "site,item,partner,quantity\na,food,,1e1\n",
        "site,item,partner,quantity\n",
        "site,item,partner,quantity",
        "site,item,partner,quantity\nb,food,US,10\na,food,US,20\n",
    };
    ms_book *book = book_new("a.book");
    for (size_t ix = 0; ix < sizeof stocks / sizeof stocks[0]; ix++) {
        const file_text files[] = {{"stocks.csv", stocks[ix]}, {NULL, NULL}};
        ms_case *kase = case_of(files);
        import(book, kase);
        same_files(book, kase, 0);
        assert_int_equal(import(book, kase).count, 0); /* again: nothing to do */
        ms_case_free(kase);
    }
    ms_book_close(book);
}

static void only_what_differs_is_written(void **state)
{
    (void)state;
    ms_book *book = book_new("a.book");
    import_files(book, (const file_text[]){{NULL, NULL}});
    ms_case *kase = case_of((const file_text[]){
        {"stocks.csv", "site,item,partner,quantity\na,food,US,10\nb,food,US,21\na,fuel,US,5\n"}, {NULL, NULL}});
    ms_book_changes changes = import(book, kase);
    assert_int_equal(changes.count, 1);
    assert_string_equal(changes.changes[0].file, "stocks.csv");
    assert_int_equal(changes.changes[0].added, 1);   /* a,fuel,US */
    assert_int_equal(changes.changes[0].changed, 1); /* b,food,US */
    assert_int_equal(changes.changes[0].removed, 1); /* c,food,JP */
    assert_false(changes.changes[0].form);           /* the new row stands last, where it goes by itself */
    assert_int_equal(changes.after, changes.before + 1);
    ms_entry entry;
    ms_error err = {0};
    assert_int_equal(ms_book_entry(&entry, book, changes.after, &err), MS_OK);
    assert_string_equal(entry.body, "{\"columns\":[\"site\",\"item\",\"partner\",\"quantity\"],\"file\":\"stocks.csv\","
                                    "\"remove\":[\"c\\u001ffood\\u001fJP\"],"
                                    "\"set\":[[\"b\",\"food\",\"US\",\"21\"],[\"a\",\"fuel\",\"US\",\"5\"]]}");
    ms_entry_free(&entry);
    ms_case_free(kase);
    ms_book_close(book);
}

static void order_is_written_in_ranges(void **state)
{
    (void)state;
    ms_book *book = book_new("a.book");
    import_files(book, (const file_text[]){{NULL, NULL}});
    ms_case *kase = case_of((const file_text[]){
        {"stocks.csv", "site,item,partner,quantity\nc,food,JP,30\na,food,US,10\na,fuel,US,5\nb,food,US,20\n"},
        {NULL, NULL}});
    ms_book_changes changes = import(book, kase);
    ms_entry entry;
    ms_error err = {0};
    assert_true(changes.changes[0].form);
    assert_int_equal(ms_book_entry(&entry, book, changes.after, &err), MS_OK);
    /* Of a, b, c and, new, fuel: 2, 0, 3, 1. */
    assert_non_null(strstr(entry.body, "\"order\":\"2,0,3,1\""));
    ms_entry_free(&entry);
    same_files(book, kase, 0);
    ms_case_free(kase);
    ms_book_close(book);
}

static void tables_come_and_go(void **state)
{
    (void)state;
    static const file_text with[] = {
        {"commitments.csv", "lane,item,partner,depart_day,quantity\nl,food,US,0,1\nl,food,US,0,1\nl,food,US,0,2\n"},
        {"lanes.csv", "lane,from,to,mode,transit_days\nl,a,b,road,1\n"},
        {NULL, NULL}};
    ms_book *book = book_new("a.book");
    ms_case *less = case_of((const file_text[]){{NULL, NULL}}), *more = case_of(with);
    for (int turn = 0; turn < 3; turn++) {
        import(book, more); /* the same commitment twice is two commitments */
        same_files(book, more, 0);
        import(book, less);
        same_files(book, less, 0);
    }
    ms_case_free(less);
    ms_case_free(more);
    ms_book_close(book);
}

/* Rows at random come, go, change and change places, for a while; whatever was imported comes out, also later. */
static void any_history_comes_out_at_any_position(void **state)
{
    (void)state;
    enum { STEPS = 25, ROWS = 30 };
    ms_random random = ms_random_start(7, 0);
    ms_book *book = book_new("a.book");
    ms_case *cases[STEPS];
    int64_t at[STEPS];
    for (int step = 0; step < STEPS; step++) {
        ms_buf text = {0};
        bool used[ROWS] = {false};
        ms_buf_text(&text, "site,item,partner,quantity\n");
        for (int64_t left = ms_random_between(&random, 0, ROWS); left > 0; left--) {
            int row = (int)ms_random_between(&random, 0, ROWS - 1);
            if (used[row])
                continue;
            used[row] = true;
            ms_buf_printf(&text, ms_random_unit(&random) < 0.2 ? "s%d,\"food\",US,%d\r\n" : "s%d,food,US,%d\n", row,
                          (int)ms_random_between(&random, 0, 3));
        }
        ms_buf sites = {0};
        ms_buf_text(&sites, "site,partner,kind\n");
        for (int row = 0; row < ROWS; row++)
            ms_buf_printf(&sites, "s%d,US,depot\n", row);
        cases[step] = case_of((const file_text[]){{"stocks.csv", text.text}, {"sites.csv", sites.text}, {NULL, NULL}});
        at[step] = import(book, cases[step]).after;
        same_files(book, cases[step], 0);
        ms_buf_free(&text);
        ms_buf_free(&sites);
    }
    for (int step = 0; step < STEPS; step++) {
        same_files(book, cases[step], at[step]);
        ms_case_free(cases[step]);
    }
    ms_book_close(book);
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book_changes changes;
    ms_case *kase = case_of((const file_text[]){{NULL, NULL}}), *none = NULL;
    ms_findings findings = {0};
    ms_book *book = book_new("a.book");
    assert_int_equal(ms_book_case(&none, book, NULL, &findings, &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "holds no case yet"));
    assert_int_equal(ms_book_import(&changes, book, kase, false, &err), MS_OK);
    assert_int_equal(changes.count, 5);
    assert_int_equal(changes.before, 1);
    assert_int_equal(changes.after, 10);
    assert_int_equal(import(book, kase).after, 10);
    assert_int_equal(ms_book_case(&none, book, &(ms_book_view){.as_of = 11}, &findings, &err), MS_USAGE);
    ms_case_free(kase);
    ms_findings_free(&findings);
    ms_book_close(book);
}

/* ---- what partners give ---- */

static void give(ms_book *book, const char *file, const char *source, const char *const *columns, int column_count,
                 const char *const *cells, size_t rows, const char *removed)
{
    ms_error err = {0};
    ms_row_change change = {.file = file,
                            .source = source,
                            .columns = columns,
                            .column_count = column_count,
                            .cells = cells,
                            .set_count = rows,
                            .removed = &removed,
                            .removed_count = removed != NULL};
    if (ms_book_change_rows(book, &change, &err) != MS_OK)
        fail_msg("%s", err.message);
}

static ms_case *combined(ms_book *book)
{
    ms_case *out = NULL;
    ms_error err = {0};
    ms_findings findings = {0};
    if (ms_book_case(&out, book, NULL, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    return out;
}

static void given_rows_take_the_place_of_own_ones(void **state)
{
    (void)state;
    static const char *const columns[] = {"item", "partner", "quantity", "site"};
    static const char *const cells[] = {"food", "JP", "33", "c", "fuel", "JP", "7", "c"};
    ms_book *book = book_new("a.book");
    import_files(book, (const file_text[]){{NULL, NULL}});
    give(book, "stocks.csv", "JP", columns, 4, cells, 2, NULL);
    ms_case *kase = combined(book), *own = case_of((const file_text[]){{NULL, NULL}});
    assert_string_equal(file_in(kase, "stocks.csv"),
                        "site,item,partner,quantity\na,food,US,10\nb,food,US,20\nc,food,JP,33\nc,fuel,JP,7\n");
    same_files(book, own, 0);
    ms_case_free(kase);
    ms_case_free(own);

    /* Taken back, the own word counts again. */
    give(book, "stocks.csv", "JP", columns, 4, NULL, 0,
         "c\x1F"
         "food\x1F"
         "JP");
    kase = combined(book);
    assert_string_equal(file_in(kase, "stocks.csv"),
                        "site,item,partner,quantity\na,food,US,10\nb,food,US,20\nc,food,JP,30\nc,fuel,JP,7\n");
    ms_case_free(kase);
    ms_book_close(book);
}

static void given_columns_are_added(void **state)
{
    (void)state;
    static const char *const columns[] = {"site", "kind", "partner", "country", "name"};
    static const char *const cells[] = {"c", "port", "JP", "JP", "Naha, port"};
    ms_book *book = book_new("a.book");
    import_files(book, (const file_text[]){{NULL, NULL}});
    give(book, "sites.csv", "JP", columns, 5, cells, 1, NULL);
    ms_case *kase = combined(book);
    assert_string_equal(file_in(kase, "sites.csv"), "site,partner,kind,country,name\na,US,depot,,\nb,US,port,,\n"
                                                    "c,JP,port,JP,\"Naha, port\"\n");
    ms_case_free(kase);

    /* A table that the book itself does not have. */
    static const char *const lane[] = {"lane", "from", "to", "mode", "transit_days"};
    static const char *const lane_cells[] = {"l", "a", "c", "sea", "2"};
    give(book, "lanes.csv", "JP", lane, 5, lane_cells, 1, NULL);
    kase = combined(book);
    assert_string_equal(file_in(kase, "lanes.csv"), "lane,from,to,mode,transit_days\nl,a,c,sea,2\n");
    ms_case_free(kase);
    ms_book_close(book);
}

static void many_rows_are_cut_into_entries(void **state)
{
    (void)state;
    enum { ROWS = 2500 };
    static const char *const columns[] = {"site", "kind", "partner"};
    static char names[ROWS][16];
    static const char *cells[ROWS * 3], *removed[ROWS];
    ms_error err = {0};
    int64_t before, after;
    unsigned char hash[MS_HASH_BYTES];
    for (int ix = 0; ix < ROWS; ix++) {
        snprintf(names[ix], sizeof names[ix], "s%d", ix);
        cells[3 * ix] = removed[ix] = names[ix];
        cells[3 * ix + 1] = "depot";
        cells[3 * ix + 2] = "JP";
    }
    ms_book *book = book_new("a.book");
    ms_row_change change = {.file = "sites.csv",
                            .source = "JP",
                            .columns = columns,
                            .column_count = 3,
                            .cells = cells,
                            .set_count = ROWS,
                            .removed = removed,
                            .removed_count = 500};
    assert_int_equal(ms_book_head(&before, hash, book, &err), MS_OK);
    assert_int_equal(ms_book_change_rows(book, &change, &err), MS_OK);
    assert_int_equal(ms_book_head(&after, hash, book, &err), MS_OK);
    assert_int_equal(after - before, 3); /* 500 removed and 500 set, 1000, 1000 */
    ms_book_close(book);
}

static ms_status import_once(void *context)
{
    ms_book_changes changes;
    ms_error err = {0};
    ms_book_options options = {.write = true};
    ms_book *book = NULL;
    ms_status status = ms_book_open(&book, "a.book", &options, &err);
    if (status == MS_OK)
        status = ms_book_import(&changes, book, context, false, &err);
    ms_book_close(book);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    ms_book *book = book_new("a.book");
    import_files(book, (const file_text[]){{NULL, NULL}});
    ms_book_close(book);
    ms_case *kase = case_of((const file_text[]){
        {"stocks.csv", "site,item,partner,quantity\nc,food,JP,30\n\"a\",food,US,11\na,fuel,US,5\n"}, {NULL, NULL}});
    assert_true(each_refusal(import_once, kase) > 20);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(only_what_differs_is_written),
        cmocka_unit_test(order_is_written_in_ranges),
        cmocka_unit_test(tables_come_and_go),
        cmocka_unit_test(any_history_comes_out_at_any_position),
        cmocka_unit_test(a_dry_run_writes_nothing),
        cmocka_unit_test(given_rows_take_the_place_of_own_ones),
        cmocka_unit_test(given_columns_are_added),
        cmocka_unit_test(many_rows_are_cut_into_entries),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
