/* contact.c: the file BOOK.contacts: {PARTNER: {"failed_ms", "fetched_ms", "place", "sent_ms", "why"}}. See contact.h.
 */
#include "exchange/contact.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"

enum { FILE_BYTES = 4 << 20 };

static bool path_of(ms_buf *path, const ms_book *book)
{
    ms_buf_printf(path, "%s.contacts", ms_book_path(book));
    return !path->failed;
}

/* The file as an object, an empty one where there is none or it is no good; NULL: memory is short. */
static json_t *read_file(const char *path)
{
    char *text = NULL;
    size_t length;
    json_t *root = NULL;
    if (ms_file_read(&text, &length, path, FILE_BYTES, NULL) == MS_OK) {
        if (ms_json_parse(&root, text, length, path, NULL) != MS_OK)
            root = NULL;
        ms_free(text);
    }
    if (root != NULL && !json_is_object(root)) {
        json_decref(root);
        root = NULL;
    }
    return root != NULL ? root : json_object();
}

static int64_t time_of(const json_t *contact, const char *key)
{
    json_int_t time = json_integer_value(json_object_get(contact, key));
    return time > 0 && time < INT64_C(253402300799999) ? time : 0;
}

static void text_of(char *out, size_t size, const json_t *contact, const char *key)
{
    const char *text = json_string_value(json_object_get(contact, key));
    snprintf(out, size, "%s", text == NULL ? "" : text);
}

static void read_contact(ms_contact *out, const json_t *root, const char *partner)
{
    const json_t *contact = json_object_get(root, partner);
    *out = (ms_contact){.sent_ms = time_of(contact, "sent_ms"),
                        .fetched_ms = time_of(contact, "fetched_ms"),
                        .failed_ms = time_of(contact, "failed_ms")};
    text_of(out->place, sizeof out->place, contact, "place");
    text_of(out->why, sizeof out->why, contact, "why");
}

ms_status ms_contact_read(ms_contact *out, const ms_book *book, const char *partner, ms_error *err)
{
    ms_buf path = {0};
    json_t *root = path_of(&path, book) ? read_file(path.text) : NULL;
    ms_buf_free(&path);
    if (root == NULL)
        return ms_error_memory(err);
    read_contact(out, root, partner);
    json_decref(root);
    return MS_OK;
}

static void put_contact(ms_json *json, const char *partner, const ms_contact *contact)
{
    ms_json_open_object(json, partner);
    ms_json_integer(json, "failed_ms", contact->failed_ms);
    ms_json_integer(json, "fetched_ms", contact->fetched_ms);
    ms_json_string(json, "place", contact->place);
    ms_json_integer(json, "sent_ms", contact->sent_ms);
    ms_json_string(json, "why", contact->why);
    ms_json_close_object(json);
}

static void write_file(const char *path, json_t *root, const char *partner, const ms_contact *changed)
{
    ms_buf text = {0};
    ms_json json;
    const char *other;
    json_t *value;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    put_contact(&json, partner, changed);
    json_object_foreach(root, other, value)
    {
        ms_contact contact;
        read_contact(&contact, root, other);
        if (strcmp(other, partner) != 0)
            put_contact(&json, other, &contact);
    }
    ms_json_close_object(&json);
    ms_json_finish(&json);
    if (!text.failed && ms_file_write(path, text.text, text.length, NULL) != MS_OK)
        ms_buf_reset(&text); /* a hint is not worth a failure */
    ms_buf_free(&text);
}

void ms_contact_note(const ms_book *book, const char *partner, const char *place, bool sent, const ms_error *wrong)
{
    ms_buf path = {0};
    ms_contact contact;
    json_t *root = path_of(&path, book) ? read_file(path.text) : NULL;
    if (root != NULL) {
        read_contact(&contact, root, partner);
        snprintf(contact.place, sizeof contact.place, "%s", place);
        snprintf(contact.why, sizeof contact.why, "%s", wrong == NULL ? "" : wrong->message);
        contact.failed_ms = wrong == NULL ? 0 : ms_book_now(book);
        if (wrong == NULL)
            *(sent ? &contact.sent_ms : &contact.fetched_ms) = ms_book_now(book);
        write_file(path.text, root, partner, &contact);
        json_decref(root);
    }
    ms_buf_free(&path);
}
