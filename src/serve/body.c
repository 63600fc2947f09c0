/* body.c: reading the bodies of requests. See body.h. */
#include "serve/body.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

ms_status ms_body_keys(const json_t *object, const char *what, const char *const *known, ms_error *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        bool found = false;
        for (int i = 0; known[i] && !found; i++)
            found = strcmp(known[i], key) == 0;
        if (!found)
            return ms_error_set(err, MS_USAGE, "%s has no \"%.40s\"", what, key);
    }
    return MS_OK;
}

ms_status ms_body_read(json_t **out, const ms_visit *visit, const char *what, const char *const *known, ms_error *err)
{
    const char *text = visit->request->body_length > 0 ? visit->request->body : "{}";
    json_t *body = NULL;
    MS_TRY(ms_json_parse(&body, text, strlen(text), "the request", err));
    ms_status status = json_is_object(body) ? ms_body_keys(body, what, known, err)
                                            : ms_error_set(err, MS_USAGE, "%s is an object, such as {}", what);
    if (status != MS_OK) {
        json_decref(body);
        return status;
    }
    *out = body;
    return MS_OK;
}

/* NULL where it is not there. */
static const json_t *member(const json_t *body, const char *key)
{
    const json_t *value = json_object_get(body, key);
    return json_is_null(value) ? NULL : value;
}

ms_status ms_body_number(double *out, const json_t *body, const char *key, double least, double most, ms_error *err)
{
    const json_t *value = member(body, key);
    if (!value)
        return MS_OK;
    if (!json_is_number(value) || json_number_value(value) < least || json_number_value(value) > most)
        return ms_error_set(err, MS_USAGE, "%s is a number from %g to %g", key, least, most);
    *out = json_number_value(value);
    return MS_OK;
}

ms_status ms_body_count(long *out, const json_t *body, const char *key, long least, long most, ms_error *err)
{
    const json_t *value = member(body, key);
    if (!value)
        return MS_OK;
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
        return ms_error_set(err, MS_USAGE, "%s is a whole number from %ld to %ld", key, least, most);
    *out = (long)json_integer_value(value);
    return MS_OK;
}

ms_status ms_body_switch(bool *out, const json_t *body, const char *key, ms_error *err)
{
    const json_t *value = member(body, key);
    if (value && !json_is_boolean(value))
        return ms_error_set(err, MS_USAGE, "%s is true or false", key);
    if (value)
        *out = json_is_true(value);
    return MS_OK;
}

ms_status ms_body_choice(int *out, const json_t *body, const char *key, const char *const *words, ms_error *err)
{
    const json_t *value = member(body, key);
    const char *text = value ? json_string_value(value) : NULL;
    ms_buf known = {0};
    if (!value)
        return MS_OK;
    for (int i = 0; words[i]; i++) {
        if (text && strcmp(words[i], text) == 0) {
            ms_buf_free(&known);
            *out = i;
            return MS_OK;
        }
        ms_buf_printf(&known, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    ms_status status = known.failed ? ms_error_memory(err)
                                    : ms_error_set(err, MS_USAGE, "%s is one of %s", key, known.text);
    ms_buf_free(&known);
    return status;
}

ms_status ms_body_say(const char **out, const json_t *body, const char *key, ms_error *err)
{
    const json_t *value = member(body, key);
    if (!value)
        return MS_OK;
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return ms_error_set(err, MS_USAGE, "%s is a text, such as \"12.5\"", key);
    if (json_string_length(value) > 0)
        *out = json_string_value(value);
    return MS_OK;
}

ms_status ms_body_text(char *out, size_t size, const json_t *body, const char *key, ms_error *err)
{
    const json_t *value = member(body, key);
    if (!value)
        return MS_OK;
    if (!json_is_string(value))
        return ms_error_set(err, MS_USAGE, "%s is a text", key);
    ms_utf8_copy(out, size, json_string_value(value), json_string_length(value));
    return MS_OK;
}

ms_status ms_body_texts(char ***out, size_t *count, const json_t *body, const char *key, size_t most, ms_error *err)
{
    const json_t *list = member(body, key);
    size_t length = json_array_size(list);
    if (!list)
        return MS_OK;
    if (!json_is_array(list) || length > most)
        return ms_error_set(err, MS_USAGE, "%s is a list of at most %zu texts", key, most);
    *out = ms_alloc(length, sizeof **out);
    if (!*out)
        return ms_error_memory(err);
    for (; *count < length; (*count)++) {
        const char *text = json_string_value(json_array_get(list, *count));
        if (!text)
            return ms_error_set(err, MS_USAGE, "%s is a list of texts", key);
        (*out)[*count] = ms_strdup(text);
        if (!(*out)[*count])
            return ms_error_memory(err);
    }
    return MS_OK;
}

const char *ms_body_cell(char number[MS_NUMBER_BYTES], const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_number(value))
        return ms_number_text(number, json_number_value(value));
    return json_is_true(value) ? "true" : json_is_false(value) ? "false" : "";
}
