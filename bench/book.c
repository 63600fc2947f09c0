/* book.c: makes a book with many log entries, for bench/book: fill BOOK ENTRIES appends that many, a thousand to
 * a transaction, each with a body of a release's or a ledger step's usual size. */
#include <stdio.h>
#include <stdlib.h>

#include "book/book.h"

enum { BATCH = 1000 };

int main(int argc, char **argv)
{
    static const char body[] = "{\"agreement\":\"us-jp-fuel\",\"item\":\"jp8\",\"quantity\":1500,"
                               "\"site\":\"kadena-ab\",\"state\":\"issued\"}";
    static char keys[BATCH][32];
    static ms_draft drafts[BATCH];
    ms_book *book = NULL;
    ms_error err = {0};
    ms_book_options options = {.write = true};
    if (argc != 3 || ms_book_open(&book, argv[1], &options, &err) != MS_OK) {
        fprintf(stderr, "usage: fill BOOK ENTRIES; %s\n", err.message);
        return 2;
    }
    long entries = strtol(argv[2], NULL, 10);
    ms_status status = MS_OK;
    for (long done = 0; status == MS_OK && done < entries; done += BATCH) {
        for (long ix = 0; ix < BATCH; ix++) {
            snprintf(keys[ix], sizeof keys[ix], "JP/%08ld", (done + ix) * 7919 % 10000000);
            drafts[ix] = (ms_draft){"step", keys[ix], body, sizeof body - 1};
        }
        status = ms_book_append(NULL, book, drafts, BATCH, &err);
    }
    if (status != MS_OK)
        fprintf(stderr, "fill: %s\n", err.message);
    ms_book_close(book);
    return status == MS_OK ? 0 : 1;
}
