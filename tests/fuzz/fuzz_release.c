/* fuzz_release.c: any bytes as a bundle, as what announces a key, and as the text of a release. What is read, written
 * and read again is the same; every record of it is looked at as a row; nothing that is refused leaves anything behind.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange/bundle.h"
#include "exchange/release.h"
#include "exchange/stated.h"
#include "exchange/succession.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static ms_status count_key(void *context, const ms_public_key *key, ms_error *err)
{
    size_t *count = context;
    (void)err;
    must(key->partner[0] != '\0');
    ++*count;
    return MS_OK;
}

static void as_succession(const char *bytes, size_t size, const ms_public_key *trusted)
{
    ms_public_key key;
    ms_buf text = {0};
    bool reached = false;
    size_t count = 0;
    ms_status status = ms_succession_follow(&key, &text, &reached, trusted, bytes, size, "s", NULL);
    must(status == MS_OK || status == MS_BAD_INPUT);
    if (ms_succession_each(bytes, size, "s", count_key, &count, NULL) == MS_OK)
        must(count <= MS_SUCCESSION_KEYS);
    ms_buf_free(&text);
}

static void as_bundle(const char *bytes, size_t size)
{
    static ms_key *reader, *writer;
    ms_buf out = {0};
    if (reader == NULL) {
        must(ms_key_from_seed(&reader, "JP", 0, (const unsigned char *)"JP: a seed for tests and nothing", NULL) ==
             MS_OK);
        must(ms_key_from_seed(&writer, "US", 0, (const unsigned char *)"US: a seed for tests and nothing", NULL) ==
             MS_OK);
    }
    ms_status status = ms_bundle_open(&out, bytes, size, reader, ms_key_public(writer), "b", NULL);
    must(status == MS_OK || (status == MS_BAD_INPUT && out.length == 0));
    ms_buf_reset(&out);
    status = ms_bundle_succession(&out, bytes, size, reader, "b", NULL);
    must(status == MS_OK || (status == MS_BAD_INPUT && out.length == 0));
    ms_buf_free(&out);
    as_succession(bytes, size, ms_key_public(writer));
}

static void look_at_records(const ms_release *release)
{
    ms_arena *arena = ms_arena_new();
    ms_item_matches items = {0};
    ms_aliases none = {0};
    ms_picture picture = release->changes;
    ms_giver giver = {release->from, release->start_day, release->currency};
    const ms_item_card ours = {"diesel", "Diesel", "9140-00-286-5294", "m3", 840};
    must(arena != NULL);
    for (size_t ix = 0; ix < picture.count; ix++)
        if (picture.records[ix].line == NULL)
            return ms_arena_free(arena); /* as a picture never is once it is settled */
    must(ms_items_match(&items, &picture, release->from, &none, &ours, 1, NULL) == MS_OK);
    ms_terms terms = {&giver, &items, &ours, 20454, "USD"};
    for (size_t ix = 0; ix < picture.count; ix++) {
        ms_stated stated;
        bool is_row;
        char why[MS_WHY_BYTES];
        must(ms_stated_read(&stated, &is_row, why, arena, &terms, &picture.records[ix], NULL) == MS_OK);
    }
    ms_items_free(&items);
    ms_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ms_release release, again;
    ms_buf out = {0}, twice = {0};
    as_bundle((const char *)bytes, size);
    if (ms_release_read(&release, (const char *)bytes, size, "r", NULL) != MS_OK)
        return 0;
    must(ms_release_write(&out, &release, NULL) == MS_OK);
    must(ms_release_read(&again, out.text, out.length, "r", NULL) == MS_OK);
    must(ms_release_write(&twice, &again, NULL) == MS_OK);
    must(out.length == twice.length && memcmp(out.text, twice.text, out.length) == 0);
    look_at_records(&release);
    ms_release_free(&release);
    ms_release_free(&again);
    ms_buf_free(&out);
    ms_buf_free(&twice);
    return 0;
}
