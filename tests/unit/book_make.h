/* book_make.h: books for tests, with a clock of their own. Needs cmocka. */
#ifndef MS_TESTS_BOOK_MAKE_H
#define MS_TESTS_BOOK_MAKE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "book/book.h"

/* Every look at this clock is a second later than the one before. */
static inline int64_t book_clock(void *context)
{
    return (*(int64_t *)context += 1000);
}

static int64_t book_now;

/* A new book of US at path, in place of what is there. */
static inline ms_book *book_new(const char *path)
{
    ms_book *book = NULL;
    ms_error err = {0};
    ms_book_options options = {.clock = book_clock, .clock_context = &book_now};
    char key[64];
    snprintf(key, sizeof key, "%s.key", path);
    unlink(path);
    unlink(key);
    book_now = 1767225600000;
    if (ms_book_create(&book, path, "US", &options, &err) != MS_OK)
        fail_msg("%s: %s", err.file, err.message);
    return book;
}

static inline ms_book *book_open(const char *path, bool write)
{
    ms_book *book = NULL;
    ms_error err = {0};
    ms_book_options options = {.write = write, .clock = book_clock, .clock_context = &book_now};
    if (ms_book_open(&book, path, &options, &err) != MS_OK)
        fail_msg("%s: %s", err.file, err.message);
    return book;
}

static inline int64_t book_append(ms_book *book, const char *kind, const char *key, const char *body)
{
    ms_error err = {0};
    int64_t number = 0;
    ms_draft draft = {kind, key, body, strlen(body)};
    if (ms_book_append(&number, book, &draft, 1, &err) != MS_OK)
        fail_msg("%s", err.message);
    return number;
}

#endif
