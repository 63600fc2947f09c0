/* test_serve_coding.c: answers packed for the way: what a reader takes, packing, the forms of a blob. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "serve/blob.h"

enum { PLAIN = 1 << MS_CODING_PLAIN, GZIP = 1 << MS_CODING_GZIP, ZSTD = 1 << MS_CODING_ZSTD };

static void what_a_reader_takes(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        unsigned accepted;
    } cases[] = {
        {NULL, PLAIN},
        {"", PLAIN},
        {"gzip", PLAIN | GZIP},
        {"GZip", PLAIN | GZIP},
        {"gzip, deflate, br, zstd", PLAIN | GZIP | ZSTD},
        {"gzip;q=0", PLAIN},
        {"gzip;q=0.000, zstd;q=0.5", PLAIN | ZSTD},
        {"gzip ; q=0", PLAIN},
        {"gzip;q=0.001", PLAIN | GZIP},
        {"gzip;q=1", PLAIN | GZIP},
        {"*", PLAIN | GZIP | ZSTD},
        {"*;q=0", PLAIN},
        {"zstd;q=0, *", PLAIN | GZIP},
        {"*, gzip;q=0", PLAIN | ZSTD},
        {"identity;q=0", PLAIN},
        {",,gzip,,", PLAIN | GZIP},
        {"gzipped, xgzip, zst", PLAIN},
        {";;q=0;=", PLAIN},
        {"gzip;q", PLAIN | GZIP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (ms_coding_accepted(cases[i].header) != cases[i].accepted)
            fail_msg("%s: %x", cases[i].header, ms_coding_accepted(cases[i].header));
}

/* Bytes that pack well: the numbers from 0 on. */
static size_t numbers(char *out, size_t size)
{
    size_t used = 0;
    for (int i = 0; used + 12 < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%d,", i);
    return used;
}

static void there_and_back(void **state)
{
    (void)state;
    static char text[300000], back[300000];
    size_t length = numbers(text, sizeof text), packed_length, back_length;
    char *packed = ms_coding_pack(&packed_length, MS_CODING_GZIP, text, length);
    assert_non_null(packed);
    assert_true(packed_length < length / 2);
    char *out = ms_coding_gunzip(&back_length, packed, packed_length, length);
    assert_non_null(out);
    assert_int_equal(back_length, length);
    assert_memory_equal(out, text, length);
    ms_free(out);
    assert_null(ms_coding_gunzip(&back_length, packed, packed_length, length - 1));
    assert_null(ms_coding_gunzip(&back_length, packed, packed_length / 2, length));
    assert_null(ms_coding_gunzip(&back_length, text, length, length));
    ms_free(packed);
    packed = ms_coding_pack(&packed_length, MS_CODING_ZSTD, text, length);
    assert_non_null(packed);
    assert_int_equal(ZSTD_decompress(back, sizeof back, packed, packed_length), length);
    assert_memory_equal(back, text, length);
    ms_free(packed);
}

static void what_does_not_pack(void **state)
{
    (void)state;
    unsigned char noise[5000];
    uint64_t bits = 1;
    size_t length;
    for (size_t i = 0; i < sizeof noise; i++) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        noise[i] = (unsigned char)(bits >> 56);
    }
    for (int coding = MS_CODING_GZIP; coding < MS_CODINGS; coding++) {
        assert_null(ms_coding_pack(&length, (ms_coding)coding, (char *)noise, sizeof noise));
        assert_null(ms_coding_pack(&length, (ms_coding)coding, "", 0));
    }
    ms_blob *blob = ms_blob_borrow(noise, sizeof noise, "text/plain", MS_CODING_PLAIN);
    for (int again = 0; again < 2; again++)
        assert_int_equal(ms_blob_form_for(blob, PLAIN | GZIP)->coding, MS_CODING_PLAIN);
    ms_blob_release(blob);
}

static ms_blob *blob_of_numbers(size_t size)
{
    static char text[100000];
    ms_buf buf = {0};
    ms_buf_put(&buf, text, numbers(text, size));
    return ms_blob_take(&buf, "text/plain");
}

static void forms(void **state)
{
    (void)state;
    ms_blob *blob = blob_of_numbers(50000), *small = blob_of_numbers(MS_BLOB_PACK_LEAST);
    const ms_blob_form *plain = ms_blob_form_for(blob, PLAIN), *gzip = ms_blob_form_for(blob, PLAIN | GZIP);
    const ms_blob_form *zstd = ms_blob_form_for(blob, PLAIN | GZIP | ZSTD);
    assert_int_equal(plain->coding, MS_CODING_PLAIN);
    assert_int_equal(gzip->coding, MS_CODING_GZIP);
    assert_int_equal(zstd->coding, MS_CODING_ZSTD);
    assert_ptr_equal(plain->bytes, ms_blob_bytes(blob));
    assert_ptr_equal(gzip, ms_blob_form_for(blob, PLAIN | GZIP)); /* made once */
    assert_string_not_equal(plain->etag, gzip->etag);
    assert_string_not_equal(gzip->etag, zstd->etag);
    assert_int_equal(ms_blob_form_for(small, PLAIN | GZIP)->coding, MS_CODING_PLAIN);
    /* one that was packed to begin with, for a reader who does not take that */
    ms_blob *packed = ms_blob_borrow(gzip->bytes, gzip->length, "text/plain", MS_CODING_GZIP);
    assert_ptr_equal(ms_blob_form_for(packed, PLAIN | GZIP | ZSTD)->bytes, gzip->bytes);
    const ms_blob_form *back = ms_blob_form_for(packed, PLAIN);
    assert_int_equal(back->coding, MS_CODING_PLAIN);
    assert_int_equal(back->length, plain->length);
    assert_memory_equal(back->bytes, plain->bytes, plain->length);
    ms_blob_release(packed);
    ms_blob_release(small);
    ms_blob_release(blob);
}

static void memory_runs_short(void **state)
{
    (void)state;
    bool whole = false;
    for (uint64_t nth = 1; !whole; nth++) {
        ms_blob *blob = blob_of_numbers(50000);
        assert_non_null(blob);
        ms_alloc_fail_at(nth);
        const ms_blob_form *form = ms_blob_form_for(blob, PLAIN | GZIP);
        whole = ms_alloc_count() < nth;
        ms_alloc_fail_at(0);
        if (form) /* plain where there was no room to pack */
            assert_int_equal(form->coding, whole ? MS_CODING_GZIP : MS_CODING_PLAIN);
        ms_blob_release(blob);
        assert_true(nth < 100);
    }
}

static void *take_forms(void *blob)
{
    for (int i = 0; i < 100; i++)
        assert_int_equal(ms_blob_form_for(blob, i % 2 ? PLAIN | GZIP : PLAIN | ZSTD)->bytes != NULL, 1);
    return NULL;
}

static void by_many_at_once(void **state)
{
    (void)state;
    enum { READERS = 4 };
    pthread_t readers[READERS];
    ms_blob *blob = blob_of_numbers(50000);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, take_forms, blob), 0);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    ms_blob_release(blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_reader_takes), cmocka_unit_test(there_and_back),
        cmocka_unit_test(what_does_not_pack),  cmocka_unit_test(forms),
        cmocka_unit_test(memory_runs_short),   cmocka_unit_test(by_many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
