/* succession.c: the entries in which one key of a book hands over to the next, out and in. See succession.h. */
#include "exchange/succession.h"

#include <string.h>

#include "base/json.h"
#include "book/entry.h"

/* ---- writing ---- */

typedef struct {
    ms_entry *links; /* with texts of their own */
    size_t count, capacity;
} link_list;

static void free_links(link_list *list)
{
    for (size_t ix = 0; ix < list->count; ix++)
        ms_entry_free(&list->links[ix]);
    ms_free(list->links);
    *list = (link_list){0};
}

typedef struct {
    ms_book *book;
    int64_t after;
    link_list list;
} write_work;

/* A replaced key is vouched for by none before it: what was handed over before is of no use to anybody. */
static ms_status add_link(void *context, const ms_entry *entry, ms_error *err)
{
    write_work *w = context;
    ms_public_key key;
    bool replaced;
    void *block = w->list.links;
    MS_TRY(ms_key_body_parse(&key, &replaced, entry, err));
    if (replaced)
        free_links(&w->list);
    if (replaced || entry->number <= w->after)
        return MS_OK;
    if (w->list.count == MS_SUCCESSION_KEYS) {
        ms_entry_free(&w->list.links[0]);
        memmove(w->list.links, w->list.links + 1, --w->list.count * sizeof *w->list.links);
    }
    if (!ms_grow(&block, &w->list.capacity, w->list.count + 1, sizeof *w->list.links))
        return ms_error_memory(err);
    w->list.links = block;
    MS_TRY(ms_book_entry(&w->list.links[w->list.count], w->book, entry->number, err));
    w->list.count++;
    return MS_OK;
}

static void put_link(ms_json *json, const ms_entry *entry)
{
    char hex[MS_HEX_BYTES];
    ms_json_open_object(json, NULL);
    ms_json_string(json, "body", entry->body);
    ms_json_integer(json, "number", entry->number);
    ms_json_string(json, "previous", ms_hex_put(hex, entry->previous, MS_HASH_BYTES));
    ms_json_string(json, "signature", ms_hex_put(hex, entry->signature, MS_SIGNATURE_BYTES));
    ms_json_integer(json, "time_ms", entry->time_ms);
    ms_json_close_object(json);
}

static ms_status put_links(ms_buf *out, const write_work *w, ms_error *err)
{
    ms_buf public = {0};
    ms_json json;
    MS_TRY(ms_public_key_put(&public, ms_book_key(w->book), err));
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "links");
    for (size_t ix = 0; ix < w->list.count; ix++)
        put_link(&json, &w->list.links[ix]);
    ms_json_close_array(&json);
    ms_json_string(&json, "public", public.text);
    ms_json_close_object(&json);
    bool failed = public.failed || out->failed;
    ms_buf_free(&public);
    return failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_succession_write(ms_buf *out, ms_book *book, int64_t after, ms_error *err)
{
    write_work w = {.book = book, .after = after};
    ms_status status = ms_book_scan(book, 1, MS_KIND_KEY, add_link, &w, err);
    if (status == MS_OK && w.list.count > 0)
        status = put_links(out, &w, err);
    free_links(&w.list);
    return status;
}

/* ---- reading ---- */

static ms_status bad(const char *file, ms_error *err)
{
    return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "what says that the key has changed makes no sense");
}

static bool get_whole(int64_t *out, const json_t *value)
{
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0;
}

/* The link as the entry that it was in the writer's log; its texts are the JSON's. False when it is none. */
static bool read_link(ms_entry *entry, ms_public_key *next, const json_t *link)
{
    const char *previous = json_string_value(json_object_get(link, "previous")),
               *signature = json_string_value(json_object_get(link, "signature"));
    const json_t *body = json_object_get(link, "body");
    bool replaced = true;
    *entry = (ms_entry){.kind = MS_KIND_KEY, .key = "book"};
    if (!get_whole(&entry->number, json_object_get(link, "number")) ||
        !get_whole(&entry->time_ms, json_object_get(link, "time_ms")) || !json_is_string(body) || previous == NULL ||
        !ms_hex_parse(entry->previous, MS_HASH_BYTES, previous) || signature == NULL ||
        !ms_hex_parse(entry->signature, MS_SIGNATURE_BYTES, signature))
        return false;
    entry->body = json_string_value(body);
    entry->length = json_string_length(body);
    ms_entry_hash(entry->hash, entry);
    return ms_key_body_parse(next, &replaced, entry, NULL) == MS_OK && !replaced;
}

static ms_status parse(json_t **root, const json_t **links, const char *text, size_t length, const char *file,
                       ms_error *err)
{
    if (length > MS_SUCCESSION_BYTES || ms_json_parse(root, text, length, file, NULL) != MS_OK)
        return bad(file, err);
    *links = json_object_get(*root, "links");
    if (json_is_array(*links) && json_array_size(*links) <= MS_SUCCESSION_KEYS)
        return MS_OK;
    json_decref(*root);
    return bad(file, err);
}

/* From the first link that the trusted key has signed, each must be signed by the key before. */
static ms_status follow(ms_public_key *key, bool *reached, const json_t *links, const char *file, ms_error *err)
{
    const json_t *link;
    size_t ix;
    *reached = false;
    json_array_foreach(links, ix, link)
    {
        ms_entry entry;
        ms_public_key next;
        if (!read_link(&entry, &next, link))
            return bad(file, err);
        bool is_signed = strcmp(next.partner, key->partner) == 0 && ms_entry_wrong(&entry, key) == NULL;
        if (*reached && !is_signed)
            return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "a new key of %s is not signed by the key before it",
                               key->partner);
        if (is_signed) {
            *key = next;
            *reached = true;
        }
    }
    return MS_OK;
}

ms_status ms_succession_follow(ms_public_key *key, ms_buf *public_text, bool *reached, const ms_public_key *trusted,
                               const char *text, size_t length, const char *file, ms_error *err)
{
    json_t *root;
    const json_t *links;
    ms_public_key last = *trusted, said;
    MS_TRY(parse(&root, &links, text, length, file, err));
    const json_t *public = json_object_get(root, "public");
    ms_status status = json_is_string(public) ? follow(&last, reached, links, file, err) : bad(file, err);
    if (status == MS_OK && *reached) {
        status = ms_public_key_parse(&said, json_string_value(public), json_string_length(public), file, err);
        if (status == MS_OK && !ms_public_key_same(&said, &last))
            status = bad(file, err);
    }
    if (status == MS_OK && *reached) {
        *key = last;
        ms_buf_text(public_text, json_string_value(public));
        status = public_text->failed ? ms_error_memory(err) : MS_OK;
    }
    json_decref(root);
    return status;
}

ms_status ms_succession_each(const char *text, size_t length, const char *file, ms_key_visit visit, void *context,
                             ms_error *err)
{
    json_t *root;
    const json_t *links, *link;
    size_t ix;
    MS_TRY(parse(&root, &links, text, length, file, err));
    ms_status status = MS_OK;
    json_array_foreach(links, ix, link)
    {
        ms_entry entry;
        ms_public_key key;
        if (status == MS_OK)
            status = read_link(&entry, &key, link) ? visit(context, &key, err) : bad(file, err);
    }
    json_decref(root);
    return status;
}
