/* fuzz_json.c: any bytes as JSON. What is read, written by our writer and read again must be the same; any
 * bytes at all, written as a string, must come out as JSON.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* As json_equal, but 1.0 is 1: we write both the same way. */
static bool same(json_t *a, json_t *b)
{
    if (json_is_number(a) && json_is_number(b))
        return json_is_integer(a) && json_is_integer(b) ? json_integer_value(a) == json_integer_value(b)
                                                        : json_number_value(a) == json_number_value(b);
    if (json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_array(a)) {
        if (json_array_size(a) != json_array_size(b))
            return false;
        for (size_t i = 0; i < json_array_size(a); i++)
            if (!same(json_array_get(a, i), json_array_get(b, i)))
                return false;
        return true;
    }
    if (!json_is_object(a))
        return json_equal(a, b);
    const char *key;
    json_t *part;
    json_object_foreach(a, key, part)
    {
        json_t *other = json_object_get(b, key);
        if (other == NULL || !same(part, other))
            return false;
    }
    return json_object_size(a) == json_object_size(b);
}

static void located(const char *text, size_t size, const char *key)
{
    int line = 0, column = 0;
    ms_json_locate(text, size, key, &line, &column);
    must(line >= 1 && column >= 1 && (size_t)line <= size + 1 && (size_t)column <= size + 1);
}

static void read_write_read(const char *text, size_t size)
{
    json_t *root = NULL, *again = NULL;
    ms_error err = {0};
    ms_status status = ms_json_parse(&root, text, size, "x.json", &err);
    if (status != MS_OK) {
        must(status == MS_BAD_INPUT && err.line >= 1 && err.column >= 1 && err.message[0] != '\0');
        return;
    }
    ms_buf out = {0};
    ms_json json;
    ms_json_start(&json, &out);
    ms_json_value(&json, NULL, root);
    ms_json_finish(&json);
    must(ms_json_parse(&again, out.text, out.length, "x.json", &err) == MS_OK && same(root, again));
    const char *key;
    json_t *part;
    json_object_foreach(root, key, part)
    {
        (void)part;
        located(text, size, key);
    }
    json_decref(root);
    json_decref(again);
    ms_buf_free(&out);
}

static void any_text_is_a_string(const char *text, size_t size)
{
    char *value = ms_strndup(text, size);
    ms_buf out = {0};
    ms_json json;
    json_t *root = NULL;
    must(value != NULL);
    ms_json_start(&json, &out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, value, value);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    must(ms_json_parse(&root, out.text, out.length, "x.json", NULL) == MS_OK);
    json_decref(root);
    ms_buf_free(&out);
    ms_free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    read_write_read(text, size);
    any_text_is_a_string(text, size);
    located(text, size, "name");
    return 0;
}
