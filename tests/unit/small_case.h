/* small_case.h: a case of a few rows as a folder, and in a book. Needs cmocka. */
#ifndef MS_TESTS_SMALL_CASE_H
#define MS_TESTS_SMALL_CASE_H

#include "book/book.h"
#include "playground.h"

/* Two sites, one item, and these stocks. */
static inline void write_case(const char *folder, const char *stocks)
{
    char path[128];
    mkdir(folder, 0755);
    const struct {
        const char *name, *text;
    } files[] = {{"case.json", "{\"name\": \"x\", \"start\": \"2026-01-01\", \"days\": 5}\n"},
                 {"partners.csv", "partner,name\nUS,United States\nJP,Japan\n"},
                 {"sites.csv", "site,partner,kind\na,US,depot\nb,JP,port\n"},
                 {"items.csv", "item,class,kg_per_unit\nfood,I,1000\n"},
                 {"stocks.csv", stocks}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        put(path, files[i].text);
    }
}

static inline ms_case *read_case(const char *folder)
{
    ms_case *kase = NULL;
    ms_error err = {0};
    ms_findings findings = {0};
    assert_int_equal(ms_case_open(&kase, folder, &findings, &err), MS_OK);
    ms_findings_free(&findings);
    return kase;
}

/* Into a book that is open to write. */
static inline void import(ms_book *book, const char *folder)
{
    ms_book_changes changes;
    ms_error err = {0};
    ms_case *kase = read_case(folder);
    if (ms_book_import(&changes, book, kase, true, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_case_free(kase);
}

#endif
