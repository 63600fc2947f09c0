/* items.c: aliases.csv in, and their items to ours. See items.h. */
#include "exchange/items.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

enum { NSN_BYTES = 33, CELL_BYTES = 256 };

/* ---- aliases.csv ---- */

enum { PARTNER, THEIRS, OURS, FACTOR };
static const ms_listing_column columns[] = {
    [PARTNER] = {"partner", true, "whose codes, or * for every partner's"},
    [THEIRS] = {"theirs", true, "their item, or * for every item that has no other match"},
    [OURS] = {"ours", true, "our item, or * for the same code as theirs"},
    [FACTOR] = {"factor", false, "how many of our units one of theirs is; empty: by unit and mass"},
    {0},
};

static ms_status visit_alias(void *context, const ms_listing *listing, ms_error *err)
{
    ms_aliases *aliases = context;
    ms_alias alias = {listing->cells[PARTNER], listing->cells[THEIRS], listing->cells[OURS], 0};
    const char *factor = listing->cells[FACTOR];
    if (factor[0] != '\0') {
        const char *why = ms_number_parse(&alias.factor, factor, strlen(factor));
        if (why != NULL || alias.factor <= 0 || alias.factor > 1e9)
            return ms_listing_complain(listing, FACTOR, err, "\"%s\" is no factor: a number above 0, up to 1e9",
                                       factor);
    }
    if (strcmp(alias.theirs, "*") == 0 && strcmp(alias.ours, "*") != 0)
        return ms_listing_complain(listing, OURS, err,
                                   "all of their items cannot be one of ours; write * for the same codes");
    void *block = aliases->rows;
    if (!ms_grow(&block, &aliases->capacity, aliases->count + 1, sizeof *aliases->rows))
        return ms_error_memory(err);
    aliases->rows = block;
    aliases->rows[aliases->count++] = alias;
    return MS_OK;
}

ms_status ms_aliases_read(ms_aliases *out, const char *text, size_t length, const char *file, ms_findings *findings,
                          ms_error *err)
{
    ms_aliases aliases = {.arena = ms_arena_new()};
    if (aliases.arena == NULL)
        return ms_error_memory(err);
    size_t errors = findings->error_count;
    ms_listing listing = {.file = file, .columns = columns, .arena = aliases.arena, .findings = findings};
    ms_status status = ms_listing_read(&listing, text, length, visit_alias, &aliases, err);
    if (status == MS_OK && findings->error_count > errors)
        status = ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "%zu error%s", findings->error_count - errors,
                             findings->error_count - errors == 1 ? "" : "s");
    if (status != MS_OK)
        ms_aliases_free(&aliases);
    else
        *out = aliases;
    return status;
}

void ms_aliases_free(ms_aliases *aliases)
{
    ms_arena_free(aliases->arena);
    ms_free(aliases->rows);
    *aliases = (ms_aliases){0};
}

void ms_aliases_markdown(ms_buf *out)
{
    ms_buf_text(out, "| column | required | what it says |\n| --- | --- | --- |\n");
    for (const ms_listing_column *column = columns; column->name != NULL; column++)
        ms_buf_printf(out, "| `%s` | %s | %s |\n", column->name, column->required ? "yes" : "", column->help);
}

/* ---- their items, as the picture has them ---- */

/* The letters and digits of a stock number, in capitals: "6850-01-123" and "6850 01123" are one. Returns out. */
static char *bare_nsn(char out[NSN_BYTES], const char *nsn)
{
    size_t length = 0;
    for (; *nsn != '\0' && length + 1 < NSN_BYTES; nsn++)
        if (isalnum((unsigned char)*nsn))
            out[length++] = (char)toupper((unsigned char)*nsn);
    out[length] = '\0';
    return out;
}

static const char *text_in(ms_arena *arena, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    size_t length = strlen(text) < CELL_BYTES - 1 ? strlen(text) : CELL_BYTES - 1;
    char *copy = ms_arena_strndup(arena, text, length);
    if (copy != NULL)
        ms_utf8_copy(copy, length + 1, copy, length);
    return copy;
}

static ms_status add_card(ms_item_matches *out, const json_t *item, ms_error *err)
{
    ms_item_card card = {.id = text_in(out->arena, item, "item"),
                         .name = text_in(out->arena, item, "name"),
                         .nsn = text_in(out->arena, item, "nsn"),
                         .unit = text_in(out->arena, item, "unit")};
    const char *kg = text_in(out->arena, item, "kg_per_unit");
    int32_t ix;
    bool fresh;
    if (card.id == NULL || card.name == NULL || card.nsn == NULL || card.unit == NULL || kg == NULL ||
        !ms_names_add(&out->theirs, card.id, &ix, &fresh))
        return ms_error_memory(err);
    if (ms_number_parse(&card.kg_per_unit, kg, strlen(kg)) != NULL || !(card.kg_per_unit > 0) ||
        !(card.kg_per_unit <= 1e9))
        card.kg_per_unit = 0;
    void *block = out->matches;
    if (!ms_grow(&block, &out->capacity, out->theirs.count, sizeof *out->matches))
        return ms_error_memory(err);
    out->matches = block;
    out->matches[ix] = (ms_item_match){.theirs = card, .ours = -1};
    return MS_OK;
}

static ms_status read_cards(ms_item_matches *out, const ms_picture *picture, ms_error *err)
{
    for (size_t ix = 0; ix < picture->count; ix++) {
        const ms_record *record = &picture->records[ix];
        if (strncmp(record->key, "items/", 6) != 0)
            continue;
        json_t *root = NULL;
        MS_TRY(ms_json_parse(&root, record->line, strlen(record->line), "release", err));
        const json_t *item = json_object_get(root, "item");
        ms_status status = json_is_object(item) ? add_card(out, item, err) : MS_OK;
        json_decref(root);
        MS_TRY(status);
    }
    return MS_OK;
}

/* ---- matching ---- */

/* Our catalogue, findable by id and by NSN. */
typedef struct {
    const ms_item_card *cards;
    ms_arena *arena;
    ms_names ids, nsns; /* index of nsns to card below */
    int32_t *nsn_card;  /* -2: several */
    size_t nsn_capacity;
} catalogue;

static ms_status index_ours(catalogue *c, size_t count, ms_error *err)
{
    char bare[NSN_BYTES];
    for (size_t ix = 0; ix < count; ix++) {
        int32_t at;
        bool fresh;
        if (!ms_names_add(&c->ids, c->cards[ix].id, &at, &fresh))
            return ms_error_memory(err);
        if (bare_nsn(bare, c->cards[ix].nsn)[0] == '\0')
            continue;
        char *copy = ms_arena_strndup(c->arena, bare, strlen(bare));
        void *block = c->nsn_card;
        if (copy == NULL || !ms_names_add(&c->nsns, copy, &at, &fresh) ||
            !ms_grow(&block, &c->nsn_capacity, c->nsns.count, sizeof *c->nsn_card))
            return ms_error_memory(err);
        c->nsn_card = block;
        c->nsn_card[at] = fresh ? (int32_t)ix : -2;
    }
    return MS_OK;
}

/* The row of aliases.csv for one of their items: the first that names it, else the first with "*". */
static const ms_alias *alias_of(const ms_aliases *aliases, const char *partner, const char *theirs)
{
    const ms_alias *any = NULL;
    for (size_t ix = 0; ix < aliases->count; ix++) {
        const ms_alias *alias = &aliases->rows[ix];
        if (strcmp(alias->partner, "*") != 0 && strcmp(alias->partner, partner) != 0)
            continue;
        if (strcmp(alias->theirs, theirs) == 0)
            return alias;
        if (any == NULL && strcmp(alias->theirs, "*") == 0)
            any = alias;
    }
    return any;
}

static void match_units(ms_item_match *match, const ms_item_card *ours, double stated)
{
    const ms_item_card *theirs = &match->theirs;
    match->factor = stated;
    if (stated > 0)
        return;
    double ratio = theirs->kg_per_unit > 0 && ours->kg_per_unit > 0 ? theirs->kg_per_unit / ours->kg_per_unit : 0;
    bool same_word = theirs->unit[0] != '\0' && strcmp(theirs->unit, ours->unit) == 0;
    if (fabs(ratio - 1) < 1e-9 || (same_word && (ratio == 0 || (ratio > 0.5 && ratio < 2)))) {
        match->factor = 1;
    } else if (same_word) {
        snprintf(match->why, sizeof match->why,
                 "one %.32s of it weighs %g kg there and %g kg here; a factor in aliases.csv settles that",
                 theirs->unit, theirs->kg_per_unit, ours->kg_per_unit);
    } else if (ratio > 0) {
        match->factor = ratio;
    } else {
        snprintf(match->why, sizeof match->why, "its mass is not known, so its unit cannot be converted");
    }
}

static void match_item(ms_item_match *match, const catalogue *c, const char *partner, const ms_aliases *aliases)
{
    char bare[NSN_BYTES];
    const ms_item_card *theirs = &match->theirs;
    const ms_alias *alias = alias_of(aliases, partner, theirs->id);
    bare_nsn(bare, theirs->nsn);
    int32_t at = bare[0] == '\0' ? -1 : ms_names_find(&c->nsns, bare, strlen(bare));
    int32_t ours = at < 0 ? -1 : c->nsn_card[at];
    bool named = alias != NULL && strcmp(alias->theirs, "*") != 0;
    if (ours < 0 && alias != NULL) {
        const char *id = strcmp(alias->ours, "*") == 0 ? theirs->id : alias->ours;
        int32_t found = ms_names_find(&c->ids, id, strlen(id));
        if (found >= 0)
            ours = found;
        else if (named)
            snprintf(match->why, sizeof match->why, "aliases.csv says it is our %.64s, which is no item here", id);
    }
    if (ours >= 0)
        match_units(match, &c->cards[ours], named && alias != NULL ? alias->factor : 0);
    else if (match->why[0] == '\0')
        snprintf(match->why, sizeof match->why,
                 ours == -2 ? "two of our items have its NSN %.40s"
                            : "none of our items has its NSN (%.40s), nor does "
                              "aliases.csv name it",
                 bare[0] == '\0' ? "it has none" : bare);
    match->ours = match->why[0] == '\0' ? ours : -1;
}

ms_status ms_items_match(ms_item_matches *out, const ms_picture *picture, const char *partner,
                         const ms_aliases *aliases, const ms_item_card *ours, size_t count, ms_error *err)
{
    ms_item_matches matches = {.arena = ms_arena_new()};
    catalogue c = {.cards = ours, .arena = matches.arena};
    ms_status status = matches.arena == NULL ? ms_error_memory(err) : index_ours(&c, count, err);
    if (status == MS_OK)
        status = read_cards(&matches, picture, err);
    for (size_t ix = 0; ix < matches.theirs.count && status == MS_OK; ix++)
        match_item(&matches.matches[ix], &c, partner, aliases);
    ms_names_free(&c.ids);
    ms_names_free(&c.nsns);
    ms_free(c.nsn_card);
    if (status == MS_OK)
        *out = matches;
    else
        ms_items_free(&matches);
    return status;
}

void ms_items_free(ms_item_matches *matches)
{
    ms_names_free(&matches->theirs);
    ms_free(matches->matches);
    ms_arena_free(matches->arena);
    *matches = (ms_item_matches){0};
}

const ms_item_match *ms_items_find(const ms_item_matches *matches, const char *theirs, size_t length)
{
    int32_t ix = ms_names_find(&matches->theirs, theirs, length);
    return ix < 0 ? NULL : &matches->matches[ix];
}
