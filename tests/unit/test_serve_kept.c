/* test_serve_kept.c: answers worth keeping, shared bytes, tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "serve/kept.h"
#include "serve/token.h"

static ms_blob *blob_of(const char *text)
{
    ms_buf buf = {0};
    ms_buf_text(&buf, text);
    ms_blob *blob = ms_blob_take(&buf, "text/plain");
    assert_non_null(blob);
    return blob;
}

static const char *etag(ms_blob *blob)
{
    return ms_blob_form_for(blob, 1u << MS_CODING_PLAIN)->etag;
}

static void blobs(void **state)
{
    (void)state;
    ms_blob *a = blob_of("one"), *b = blob_of("one"), *c = blob_of("two");
    assert_string_equal(etag(a), etag(b)); /* the same bytes, the same tag */
    assert_string_not_equal(etag(a), etag(c));
    assert_int_equal(ms_blob_length(a), 3);
    assert_ptr_equal(ms_blob_hold(a), a);
    ms_blob_release(a);
    assert_memory_equal(ms_blob_bytes(a), "one", 3);
    ms_blob_release(a);
    ms_blob_release(b);
    ms_blob_release(c);
    ms_blob_release(NULL);
    ms_buf failed = {.failed = true};
    assert_null(ms_blob_take(&failed, "text/plain"));
}

static bool has(ms_kept *kept, const char *key)
{
    ms_blob *found = ms_kept_find(kept, key);
    ms_blob_release(found);
    return found != NULL;
}

static void add(ms_kept *kept, const char *key, const char *text)
{
    ms_blob *blob = blob_of(text);
    ms_kept_add(kept, key, blob);
    ms_blob_release(blob);
}

/* Ten bytes are kept: the least recently asked for goes. */
static void least_recent_goes(void **state)
{
    (void)state;
    ms_kept *kept = ms_alloc(1, sizeof *kept);
    assert_non_null(kept);
    assert_true(ms_kept_start(kept, 10));
    add(kept, "a", "1234");
    add(kept, "b", "1234");
    assert_true(has(kept, "a"));
    add(kept, "c", "1234");
    assert_true(has(kept, "a"));
    assert_false(has(kept, "b"));
    assert_true(has(kept, "c"));
    add(kept, "c", "12"); /* takes the place of the other */
    assert_int_equal(kept->bytes, 6);
    add(kept, "large", "longer than all of it"); /* the newest stays, whatever its size */
    assert_true(has(kept, "large"));
    assert_false(has(kept, "a"));
    ms_kept_end(kept);
    ms_free(kept);
}

static void many_keys(void **state)
{
    (void)state;
    ms_kept *kept = ms_alloc(1, sizeof *kept);
    assert_non_null(kept);
    assert_true(ms_kept_start(kept, 1 << 20));
    for (int i = 0; i < 10000; i++) {
        char key[32];
        snprintf(key, sizeof key, "/%d", i);
        add(kept, key, key);
        ms_blob *found = ms_kept_find(kept, key);
        assert_non_null(found);
        assert_memory_equal(ms_blob_bytes(found), key, strlen(key));
        ms_blob_release(found);
    }
    ms_kept_end(kept);
    ms_free(kept);
}

/* ---- tokens ---- */

static ms_status read_text(ms_tokens *tokens, const char *text, mode_t mode, ms_error *err)
{
    char path[] = "/tmp/tokens-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
    ms_status status = ms_tokens_read(tokens, path, err);
    unlink(path);
    return status;
}

static void tokens(void **state)
{
    (void)state;
    ms_tokens tokens = {0};
    ms_error err = {0};
    assert_int_equal(read_text(&tokens,
                               "name,role,token\nKim,viewer,0123456789abcdef\n"
                               "Park,planner,fedcba9876543210\n",
                               0600, &err),
                     MS_OK);
    const ms_token *park = ms_tokens_find(&tokens, "Bearer fedcba9876543210");
    assert_non_null(park);
    assert_string_equal(park->name, "Park");
    assert_int_equal(park->role, MS_ROLE_PLANNER);
    assert_non_null(ms_tokens_find(&tokens, "bearer 0123456789abcdef"));
    assert_null(ms_tokens_find(&tokens, "Bearer fedcba987654321"));
    assert_null(ms_tokens_find(&tokens, "Bearer fedcba98765432100"));
    assert_null(ms_tokens_find(&tokens, "Bearer "));
    assert_null(ms_tokens_find(&tokens, "Basic fedcba9876543210"));
    assert_null(ms_tokens_find(&tokens, NULL));
    ms_tokens_free(&tokens);
}

static void bad_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        mode_t mode;
        int line;
    } cases[] = {
        {"name,role,token\nKim,viewer,0123456789abcdef\n", "others may read", 0640, 0},
        {"name,role,token\nKim,viewer,short\n", "fewer than 16", 0600, 2},
        {"name,role,token\nKim,king,0123456789abcdef\n", "none of viewer", 0600, 2},
        {"name,role,token\nKim,nobody,0123456789abcdef\n", "none of viewer", 0600, 2},
        {"name,role,token\nKim,viewer\n", "three cells", 0600, 2},
        {"name,role,token\n,viewer,0123456789abcdef\n", "the name is empty", 0600, 2},
        {"Kim,viewer,0123456789abcdef\n", "name,role,token", 0600, 1},
        {"name,role,token\n", "no token", 0600, 2},
        {"", "name,role,token", 0600, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ms_tokens tokens = {0};
        ms_error err = {0};
        assert_int_equal(read_text(&tokens, cases[i].text, cases[i].mode, &err), MS_BAD_INPUT);
        if (!strstr(err.message, cases[i].says))
            fail_msg("%zu: %s", i, err.message);
        assert_int_equal(err.line, cases[i].line);
        assert_null(tokens.tokens);
    }
}

static void made_tokens(void **state)
{
    (void)state;
    ms_tokens a = {0}, b = {0};
    ms_error err = {0};
    assert_int_equal(ms_tokens_make(&a, "you", &err), MS_OK);
    assert_int_equal(ms_tokens_make(&b, "you", &err), MS_OK);
    assert_int_equal(strlen(a.tokens[0].text), 32);
    assert_string_not_equal(a.tokens[0].text, b.tokens[0].text);
    ms_tokens_free(&a);
    ms_tokens_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blobs),  cmocka_unit_test(least_recent_goes), cmocka_unit_test(many_keys),
        cmocka_unit_test(tokens), cmocka_unit_test(bad_tokens),        cmocka_unit_test(made_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
