/* places.c: see places.h. */
#include "serve/places.h"

#include <string.h>

#include "base/alloc.h"
#include "base/csv.h"
#include "base/text.h"

void ms_places_free(ms_places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        ms_free(places->places[i].name);
        ms_free(places->places[i].place);
        ms_free(places->places[i].token);
        ms_free(places->places[i].ca);
    }
    ms_free(places->places);
    *places = (ms_places){0};
}

const ms_place *ms_places_find(const ms_places *places, const char *name)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->places[i].name, name) == 0)
            return &places->places[i];
    return NULL;
}

static ms_status bad(const ms_csv_record *record, const char *path, const char *what, ms_error *err)
{
    return ms_error_at(err, MS_BAD_INPUT, path, record->line, 1, "%s", what);
}

/* The place becomes the next of out, whatever comes of it. */
static ms_status read_place(ms_places *out, const ms_csv_record *record, const char *path, ms_error *err)
{
    if (record->field_count != 4)
        return bad(record, path, "a place has four cells: name, place, token, ca; the last two may be empty", err);
    ms_place *place = &out->places[out->count++];
    char **const cells[] = {&place->name, &place->place, &place->token, &place->ca};
    for (int c = 0; c < 4; c++) {
        *cells[c] = ms_strndup(record->fields[c].text, record->fields[c].length);
        if (!*cells[c])
            return ms_error_memory(err);
    }
    if (!place->name[0] || strlen(place->name) >= MS_PLACE_NAME_BYTES || strchr(place->name, '/'))
        return bad(record, path, "the name is empty, longer than 63 bytes, or has a slash", err);
    if (!place->place[0])
        return bad(record, path, "the place is empty: a folder, or https://...", err);
    if (strstr(place->place, "://") && !place->token[0])
        return bad(record, path, "the address of a server wants a file with a courier's token", err);
    if (ms_places_find(out, place->name) != place)
        return bad(record, path, "another place has that name", err);
    return MS_OK;
}

static ms_status read_places(void *context, ms_csv_reader *reader, const char *path, ms_error *err)
{
    ms_places *out = context;
    ms_csv_record record;
    MS_TRY(ms_csv_next(reader, &record, err));
    if (record.field_count != 4 || record.fields[0].length != 4 || memcmp(record.fields[0].text, "name", 4) != 0)
        return ms_error_at(err, MS_BAD_INPUT, path, 1, 1, "the first row must be name,place,token,ca");
    for (;;) {
        MS_TRY(ms_csv_next(reader, &record, err));
        if (record.field_count == 0)
            return MS_OK;
        if (out->count == MS_PLACES_MOST)
            return bad(&record, path, "there are more than 1000 places", err);
        MS_TRY(read_place(out, &record, path, err));
    }
}

ms_status ms_places_read(ms_places *out, const char *path, ms_error *err)
{
    const size_t cap = 1 << 20;
    ms_places read = {ms_alloc(MS_PLACES_MOST, sizeof *read.places), 0};
    if (!read.places)
        return ms_error_memory(err);
    ms_status status = ms_csv_read_file(path, cap, read_places, &read, err);
    if (status != MS_OK) {
        ms_places_free(&read);
        return status;
    }
    *out = read;
    return MS_OK;
}
