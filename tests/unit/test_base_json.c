/* test_base_json.c: JSON in and out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"
#include "faults.h"

static void values_are_read(void **state)
{
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF{\"name\": \"Pac\\u00edfico\", \"days\": 30, \"ratio\": 1.5,\n \"fair\": true}\n";
    json_t *root = NULL;
    ms_error err = {0};
    assert_int_equal(ms_json_parse(&root, text, strlen(text), "case.json", &err), MS_OK);
    assert_string_equal(json_string_value(json_object_get(root, "name")), "Pac\xC3\xAD"
                                                                          "fico");
    assert_int_equal(json_integer_value(json_object_get(root, "days")), 30);
    assert_true(json_real_value(json_object_get(root, "ratio")) == 1.5);
    assert_true(json_is_true(json_object_get(root, "fair")));
    json_decref(root);
}

static void wrong_text_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
    } wrong[] = {
        {"", 1},
        {"   \n\n", 3},
        {"{", 1},
        {"{\n\"a\": 1,\n}", 3},
        {"{\"a\": 1 \"b\": 2}", 1},
        {"{\"a\": 1, \"a\": 2}", 1},
        {"{\"a\": 01}", 1},
        {"{\"a\": 1e999}", 1},
        {"{\"a\": NaN}", 1},
        {"{\"a\": 99999999999999999999999}", 1},
        {"[1, 2] x", 1},
        {"\"alone\"", 1},
        {"{\"a\": \"\xFF\"}", 1},
        {"{\"a\": \"\\ud800\"}", 1},
        {"{\"a\": \"\\u0000\"}", 1},
        {"{\n\n\"a\": tru}", 3},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        json_t *root = NULL;
        ms_error err = {0};
        assert_int_equal(ms_json_parse(&root, wrong[i].text, strlen(wrong[i].text), "case.json", &err), MS_BAD_INPUT);
        assert_null(root);
        assert_string_equal(err.file, "case.json");
        assert_int_equal(err.line, wrong[i].line);
        assert_true(err.column >= 1 && err.message[0] != '\0');
    }
    json_t *root = NULL;
    assert_int_equal(ms_json_parse(&root, "[1,\0 2]", 7, "case.json", NULL), MS_BAD_INPUT);
}

static void depth_and_size_are_capped(void **state)
{
    (void)state;
    char text[400];
    json_t *root = NULL;
    ms_error err = {0};
    for (size_t depth = 60; depth < 70; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        ms_status status = ms_json_parse(&root, text, 2 * depth, "case.json", &err);
        assert_int_equal(status, depth <= 64 ? MS_OK : MS_BAD_INPUT);
        if (status == MS_OK)
            json_decref(root);
    }
    assert_int_equal(err.column, 65);
    assert_non_null(strstr(err.message, "64 levels"));
    static const char brackets_in_text[] =
        "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"]";
    assert_int_equal(ms_json_parse(&root, brackets_in_text, strlen(brackets_in_text), "x", &err), MS_OK);
    json_decref(root);
    ms_buf many = {0};
    ms_buf_text(&many, "[1");
    for (int i = 2; i < 1 << 20; i++)
        ms_buf_text(&many, ",1");
    ms_buf_text(&many, "]");
    assert_int_equal(ms_json_parse(&root, many.text, many.length, "x", &err), MS_OK);
    json_decref(root);
    many.text[many.length - 1] = ',';
    ms_buf_text(&many, "1]");
    assert_int_equal(ms_json_parse(&root, many.text, many.length, "x", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "1048576 values"));
    ms_buf_free(&many);
    assert_int_equal(ms_json_parse(&root, text, (size_t)1 << 40, "case.json", &err),
                     MS_BAD_INPUT); /* nothing is read */
}

static void keys_are_located(void **state)
{
    (void)state;
    static const char text[] = "{ \"name\": {\"days\": 1, \"x\": [\"days\", 2]},\n"
                               "  \"f\xC3\xA9\": \"days\", \"days\":\n   30,\"last\" :7}";
    static const struct {
        const char *key;
        int line, column;
    } known[] = {{"name", 1, 11}, {"days", 3, 4}, {"f\xC3\xA9", 2, 9}, {"last", 3, 15}, {"x", 1, 1}, {"none", 1, 1}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        int line = -1, column = -1;
        ms_json_locate(text, strlen(text), known[i].key, &line, &column);
        assert_int_equal(line, known[i].line);
        assert_int_equal(column, known[i].column);
    }
    int line, column;
    static const char *const odd[] = {
        "", "{", "{\"", "{\"name", "{\"name\"", "{\"name\":", "\"name\":1", "}}}\"name\": 1", "{\"\\"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) { /* whatever the text, it stays inside */
        char *exact = ms_alloc(strlen(odd[i]), 1);
        memcpy(exact, odd[i], strlen(odd[i]));
        ms_json_locate(exact, strlen(odd[i]), "name", &line, &column);
        ms_free(exact);
    }
    ms_json_locate("\xEF\xBB\xBF{\"a\": 1}", 11, "a", &line, &column);
    assert_int_equal(column, 7);
}

static void write_all_kinds(ms_buf *out)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "text", "a\"b\\c\nd\te\x01\x7F\xC3\xA9/<");
    ms_json_string(&json, "none", NULL);
    ms_json_string(&json, "broken", "x\xFFy\xC3");
    ms_json_open_array(&json, "list");
    ms_json_number(&json, NULL, 0.1);
    ms_json_number(&json, NULL, NAN);
    ms_json_integer(&json, NULL, -9223372036854775807LL - 1);
    ms_json_open_object(&json, NULL);
    ms_json_close_object(&json);
    ms_json_open_array(&json, NULL);
    ms_json_bool(&json, NULL, false);
    ms_json_close_array(&json);
    ms_json_close_array(&json);
    ms_json_open_array(&json, "empty");
    ms_json_close_array(&json);
    ms_json_bool(&json, "k\"ey", true);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

static void text_is_written(void **state)
{
    (void)state;
    ms_buf out = {0};
    write_all_kinds(&out);
    assert_string_equal(out.text, "{\n"
                                  "  \"text\": \"a\\\"b\\\\c\\nd\\te\\u0001\\u007f\xC3\xA9/<\",\n"
                                  "  \"none\": null,\n"
                                  "  \"broken\": \"x\xEF\xBF\xBDy\xEF\xBF\xBD\",\n"
                                  "  \"list\": [\n"
                                  "    0.1,\n"
                                  "    null,\n"
                                  "    -9223372036854775808,\n"
                                  "    {},\n"
                                  "    [\n"
                                  "      false\n"
                                  "    ]\n"
                                  "  ],\n"
                                  "  \"empty\": [],\n"
                                  "  \"k\\\"ey\": true\n"
                                  "}\n");
    json_t *root = NULL;
    assert_int_equal(ms_json_parse(&root, out.text, out.length, "x.json", NULL), MS_OK);
    json_decref(root);
    ms_buf_free(&out);
}

static ms_status parse_and_drop(void *context)
{
    json_t *root = NULL;
    MS_TRY(ms_json_parse(&root, context, strlen(context), "x.json", NULL));
    json_decref(root);
    return MS_OK;
}

static ms_status write_and_drop(void *context)
{
    (void)context;
    ms_buf out = {0};
    write_all_kinds(&out);
    bool failed = out.failed;
    ms_buf_free(&out);
    return failed ? MS_NO_MEMORY : MS_OK;
}

static void survives_refused_memory(void **state)
{
    (void)state;
    char text[] = "{\"name\": \"x\", \"list\": [1, 2.5, true, null, {\"a\": {\"b\": \"a longer text\"}}],"
                  "\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5, \"f\": 6, \"g\": 7, \"h\": 8, \"i\": 9}";
    assert_true(each_refusal(parse_and_drop, text) > 10);
    assert_true(each_refusal(write_and_drop, NULL) > 1);
}

static void the_canonical_form_has_no_blanks(void **state)
{
    (void)state;
    ms_buf out = {0};
    ms_json json;
    ms_json_start_canonical(&json, &out);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "a");
    ms_json_number(&json, NULL, 1.5);
    ms_json_string(&json, NULL, "x\n\"");
    ms_json_open_object(&json, NULL);
    ms_json_close_object(&json);
    ms_json_close_array(&json);
    ms_json_bool(&json, "b", true);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    assert_string_equal(out.text, "{\"a\":[1.5,\"x\\n\\\"\",{}],\"b\":true}");
    ms_buf_free(&out);
}

static void blanks_are_squeezed_out(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\n  \"a b\": [1, 2],\n  \"c\": null\n}\n", "{\"a b\":[1,2],\"c\":null}"},
        {"\" a \\\" b \"", "\" a \\\" b \""},
        {"[\"\\\\\" , \" \\n\"]", "[\"\\\\\",\" \\n\"]"},
        {" ", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ms_buf text = {0};
        ms_buf_text(&text, cases[i][0]);
        ms_json_squeeze(&text);
        assert_string_equal(text.text, cases[i][1]);
        assert_int_equal(text.length, strlen(cases[i][1]));
        ms_buf_text(&text, "more"); /* it may still grow */
        assert_false(text.failed);
        ms_buf_free(&text);
    }
    ms_buf empty = {0};
    ms_json_squeeze(&empty);
    assert_null(empty.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(wrong_text_is_refused),
        cmocka_unit_test(depth_and_size_are_capped),
        cmocka_unit_test(keys_are_located),
        cmocka_unit_test(text_is_written),
        cmocka_unit_test(survives_refused_memory),
        cmocka_unit_test(the_canonical_form_has_no_blanks),
        cmocka_unit_test(blanks_are_squeezed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
