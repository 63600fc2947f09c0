/* kept.c: plans kept in a book: not their files, but what makes them again, byte for byte. See mainstay.h.
 *
 * A `plan` entry names the position of the log that the plan was made from, the options that change a plan, and a
 * digest over the plan's folder. The same case and options give the same bytes, so that anybody who has the book can
 * make the plan again and see that it is the one.
 */
#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "book/book_private.h"

enum { PATH_BYTES = 4096, FILE_BYTES_MOST = 1 << 30, NAMES_MOST = 1000, DEPTH_MOST = 2, CONTINGENCIES_MOST = 64 };

static const char *const engine_words[] = {"auto", "primal-dual", "lp", "greedy"};

/* ---- the digest of a folder ---- */

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_length(crypto_generichash_state *state, uint64_t length)
{
    unsigned char bytes[8];
    for (int ix = 0; ix < 8; ix++)
        bytes[ix] = (unsigned char)(length >> (56 - 8 * ix));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static ms_status add_file(crypto_generichash_state *state, const char *path, const char *name, ms_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    MS_TRY(ms_file_read(&bytes, &length, path, FILE_BYTES_MOST, err));
    add_length(state, strlen(name));
    crypto_generichash_update(state, (const unsigned char *)name, strlen(name));
    add_length(state, length);
    crypto_generichash_update(state, (const unsigned char *)bytes, length);
    ms_free(bytes);
    return MS_OK;
}

/* The files in path, and in folders within it, by name; within is what stands before their names. */
static ms_status add_folder(crypto_generichash_state *state, const char *path, const char *within, int depth,
                            ms_error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, visible, by_bytes);
    ms_status status = MS_OK;
    if (count < 0 || count > NAMES_MOST || depth > DEPTH_MOST)
        status = ms_error_at(err, MS_IO, path, 0, 0, "cannot be listed");
    for (int ix = 0; ix < count; ix++) {
        char inner[PATH_BYTES], name[PATH_BYTES];
        int used = snprintf(inner, sizeof inner, "%s/%s", path, entries[ix]->d_name);
        snprintf(name, sizeof name, "%s%s", within, entries[ix]->d_name);
        if (status == MS_OK && (used < 0 || used >= PATH_BYTES))
            status = ms_error_set(err, MS_USAGE, "the path is longer than %d bytes", PATH_BYTES - 1);
        if (status == MS_OK && ms_file_is_dir(inner)) {
            strcat(name, "/");
            status = add_folder(state, inner, name, depth + 1, err);
        } else if (status == MS_OK) {
            status = add_file(state, inner, name, err);
        }
        free(entries[ix]);
    }
    free(entries);
    return status;
}

ms_status ms_book_folder_digest(char hex[65], const char *folder, ms_error *err)
{
    static const char purpose[] = "mainstay folder 1";
    unsigned char hash[MS_HASH_BYTES];
    crypto_generichash_state state;
    MS_TRY(ms_key_ready(err));
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)purpose, sizeof purpose);
    MS_TRY(add_folder(&state, folder, "", 0, err));
    crypto_generichash_final(&state, hash, sizeof hash);
    ms_hex_put(hex, hash, sizeof hash);
    return MS_OK;
}

/* ---- keeping ---- */

static void put_body(ms_buf *out, int64_t position, const ms_plan_options *options, const char *digest,
                     double objective, double bound)
{
    ms_json json;
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_number(&json, "bound", bound);
    ms_json_string(&json, "digest", digest);
    ms_json_number(&json, "objective", objective);
    ms_json_open_object(&json, "options");
    ms_json_bool(&json, "alone", options->alone);
    ms_json_open_array(&json, "contingencies");
    for (size_t ix = 0; ix < options->contingency_count; ix++)
        ms_json_string(&json, NULL, options->contingencies[ix]);
    ms_json_close_array(&json);
    ms_json_string(&json, "engine", engine_words[options->engine]);
    ms_json_number(&json, "gap", options->gap);
    ms_json_close_object(&json);
    ms_json_integer(&json, "position", position);
    ms_json_string(&json, "version", MS_VERSION);
    ms_json_close_object(&json);
}

ms_status ms_book_keep_plan(int64_t *number, ms_book *book, int64_t position, const ms_plan_options *options,
                            const char *name, const char *folder, double objective, double bound, ms_error *err)
{
    char digest[65];
    ms_buf body = {0};
    MS_TRY(ms_book_folder_digest(digest, folder, err));
    put_body(&body, position, options, digest, objective, bound);
    ms_draft draft = {MS_KIND_PLAN, name, body.text, body.length};
    ms_status status = body.failed ? ms_error_memory(err) : ms_book_append(number, book, &draft, 1, err);
    ms_buf_free(&body);
    return status;
}

/* ---- reading ---- */

static ms_status no_plan(const ms_entry *entry, const char *what, ms_error *err)
{
    return ms_error_set(err, MS_BAD_INPUT, "entry %lld keeps no plan: %s", (long long)entry->number, what);
}

static ms_status read_contingencies(ms_kept_plan *kept, const json_t *list, const ms_entry *entry, ms_error *err)
{
    size_t count = json_array_size(list);
    if (count > CONTINGENCIES_MOST)
        return no_plan(entry, "too many contingencies", err);
    kept->ids = ms_alloc(count, sizeof *kept->ids);
    if (kept->ids == NULL)
        return ms_error_memory(err);
    for (size_t ix = 0; ix < count; ix++) {
        const char *id = json_string_value(json_array_get(list, ix));
        if (id == NULL)
            return no_plan(entry, "a contingency that is no text", err);
        if ((kept->ids[ix] = ms_strdup(id)) == NULL)
            return ms_error_memory(err);
        kept->options.contingency_count = ix + 1;
    }
    kept->options.contingencies = (const char *const *)kept->ids;
    return MS_OK;
}

static ms_status read_body(ms_kept_plan *kept, const json_t *body, const ms_entry *entry, ms_error *err)
{
    const json_t *options = json_object_get(body, "options");
    const char *engine = json_string_value(json_object_get(options, "engine"));
    const char *digest = json_string_value(json_object_get(body, "digest"));
    const char *version = json_string_value(json_object_get(body, "version"));
    int word = 0;
    while (engine != NULL && word < 4 && strcmp(engine_words[word], engine) != 0)
        word++;
    if (engine == NULL || word == 4 || digest == NULL || strlen(digest) != 64 || version == NULL)
        return no_plan(entry, "no engine, digest or version that this version knows", err);
    kept->options.engine = (ms_engine)word;
    kept->options.alone = json_is_true(json_object_get(options, "alone"));
    kept->options.gap = json_number_value(json_object_get(options, "gap"));
    kept->position = json_integer_value(json_object_get(body, "position"));
    if (!(kept->options.gap > 0 && kept->options.gap <= 1) || kept->position < 1 || kept->position >= entry->number)
        return no_plan(entry, "no gap, or no position before it", err);
    snprintf(kept->digest, sizeof kept->digest, "%s", digest);
    ms_utf8_copy(kept->version, sizeof kept->version, version, strlen(version));
    return read_contingencies(kept, json_object_get(options, "contingencies"), entry, err);
}

ms_status ms_book_kept_plan(ms_kept_plan *out, ms_book *book, int64_t number, ms_error *err)
{
    ms_entry entry;
    ms_kept_plan kept = {0};
    json_t *body = NULL;
    MS_TRY(ms_book_entry(&entry, book, number, err));
    ms_status status = MS_OK;
    if (strcmp(entry.kind, MS_KIND_PLAN) != 0)
        status = no_plan(&entry, "it is of another kind; `mainstay book log --kind plan` lists them", err);
    if (status == MS_OK)
        status = ms_json_parse(&body, entry.body, entry.length, "", err);
    if (status == MS_OK)
        status = read_body(&kept, body, &entry, err);
    json_decref(body);
    ms_entry_free(&entry);
    if (status != MS_OK)
        ms_kept_plan_free(&kept);
    else
        *out = kept;
    return status;
}

void ms_kept_plan_free(ms_kept_plan *kept)
{
    for (size_t ix = 0; ix < kept->options.contingency_count; ix++)
        ms_free(kept->ids[ix]);
    ms_free(kept->ids);
    *kept = (ms_kept_plan){0};
}
