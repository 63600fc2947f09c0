/* scope.c: cells that hold a list of words: what a lane carries and what an agreement covers.
 *
 * A list becomes arrays of 0 and 1 over items, sites, lanes and fleets. Lists with the same text share
 * their arrays, because a thousand lanes of a case carry one of a few lists; a budget keeps a hostile file
 * from asking for all memory.
 */
#include <string.h>

#include "base/text.h"
#include "case/reader.h"

typedef struct {
    const uint8_t *items, *sites, *lanes, *fleets;
} scope_sets;

/* By list: its purpose as a letter (c carries; i, l, s the kinds of agreement) and its text. */
struct ms_scope_memory {
    ms_names lists;
    scope_sets *sets;
    size_t set_capacity;
};

typedef struct {
    ms_reader *reader;
    int column;
    const char *purpose; /* "lanes", "item agreements": who takes what, for messages */
    bool takes_sites, takes_lanes;
    unsigned classes; /* those marked: bit 1 << class */
    uint8_t *items, *sites, *lanes, *fleets;
} list_reader;

static const char *takes(const list_reader *in)
{
    if (in->takes_lanes)
        return "lanes, fleets, items and classes";
    return in->takes_sites ? "items, classes and sites" : "items and classes";
}

static void complain(const list_reader *in, const char *word, size_t length, const char *what)
{
    ms_quote quote;
    ms_reader_complain(in->reader, MS_FINDING_ERROR, in->column, "%s %s; %s take %s",
                       ms_cell_quote(&quote, word, length), what, in->purpose, takes(in));
}

/* *set as an array of count zeros, made when it is not there yet. False when it may not be. */
static bool set_make(list_reader *in, uint8_t **set, int32_t count)
{
    ms_reader *reader = in->reader;
    if (*set != NULL)
        return true;
    if ((size_t)count > reader->scope_left) {
        ms_reader_complain(reader, MS_FINDING_ERROR, in->column,
                           "too many different lists of words; write those that mean the same in the same way");
        return false;
    }
    reader->scope_left -= (size_t)count;
    *set = ms_arena_alloc(reader->arena, count > 0 ? (size_t)count : 1, 1);
    if (*set == NULL)
        ms_reader_no_memory(reader);
    return *set != NULL;
}

static void mark(list_reader *in, uint8_t **set, int32_t count, int32_t ix)
{
    if (set_make(in, set, count))
        (*set)[ix] = 1;
}

static int class_of(const char *word, size_t length)
{
    for (int ix = 0; ix < MS_CLASSES; ix++)
        if (strlen(ms_class_words[ix]) == length && memcmp(ms_class_words[ix], word, length) == 0)
            return ix;
    return MS_NONE;
}

/* A class that no item is in is no mistake, but the set must exist, or it would not narrow. */
static void mark_class(list_reader *in, int class_ix)
{
    const ms_case *kase = in->reader->kase;
    if ((in->classes & 1u << class_ix) != 0 || !set_make(in, &in->items, kase->items_count))
        return;
    in->classes |= 1u << class_ix;
    for (int32_t ix = 0; ix < kase->items_count; ix++)
        if ((int)kase->items[ix].class_ix == class_ix)
            in->items[ix] = 1;
}

static void complain_unknown(const list_reader *in, const char *word, size_t length)
{
    ms_reader *reader = in->reader;
    const ms_case *kase = reader->kase;
    ms_quote quote;
    const char *near = ms_cell_near(reader, &kase->item_names, word, length);
    if (near == NULL && in->takes_sites)
        near = ms_cell_near(reader, &kase->site_names, word, length);
    if (near == NULL && in->takes_lanes)
        near = ms_cell_near(reader, &kase->lane_names, word, length);
    if (near == NULL && in->takes_lanes)
        near = ms_cell_near(reader, &kase->fleet_names, word, length);
    if (near == NULL)
        near = ms_cell_near_word(ms_class_words, word, length);
    if (near != NULL)
        ms_reader_complain(reader, MS_FINDING_ERROR, in->column, "%s is not known; did you mean \"%s\"?",
                           ms_cell_quote(&quote, word, length), near);
    else
        complain(in, word, length, "is not known");
}

/* Tables that ids of this sort come from were not read to their end: the word may well exist. */
static bool excused(const list_reader *in)
{
    const ms_table *tables = in->reader->tables;
    return tables[MS_FILE_ITEMS].source == NULL || tables[MS_FILE_ITEMS].broken ||
           (in->takes_sites && (tables[MS_FILE_SITES].source == NULL || tables[MS_FILE_SITES].broken)) ||
           (in->takes_lanes && (tables[MS_FILE_LANES].broken || tables[MS_FILE_FLEETS].broken));
}

static void read_word(list_reader *in, const char *word, size_t length)
{
    const ms_case *kase = in->reader->kase;
    int class_ix = class_of(word, length);
    int32_t item = class_ix >= 0 ? MS_NONE : ms_names_find(&kase->item_names, word, length);
    int32_t site = ms_names_find(&kase->site_names, word, length);
    int32_t lane = ms_names_find(&kase->lane_names, word, length);
    int32_t fleet = ms_names_find(&kase->fleet_names, word, length);
    int meanings = (class_ix >= 0 || item >= 0) + (in->takes_sites && site >= 0) + (in->takes_lanes && lane >= 0) +
                   (in->takes_lanes && fleet >= 0);
    if (meanings > 1) {
        ms_quote quote;
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->column,
                           "%s may mean two things here (item, class, site, lane, fleet); rename one of them",
                           ms_cell_quote(&quote, word, length));
    } else if (class_ix >= 0) {
        mark_class(in, class_ix);
    } else if (item >= 0) {
        mark(in, &in->items, kase->items_count, item);
    } else if (in->takes_sites && site >= 0) {
        mark(in, &in->sites, kase->sites_count, site);
    } else if (in->takes_lanes && lane >= 0) {
        mark(in, &in->lanes, kase->lanes_count, lane);
    } else if (in->takes_lanes && fleet >= 0) {
        mark(in, &in->fleets, kase->fleets_count, fleet);
    } else if (site >= 0 || lane >= 0 || fleet >= 0) {
        complain(in, word, length, site >= 0 ? "is a site" : lane >= 0 ? "is a lane" : "is a fleet");
    } else if (!excused(in)) {
        complain_unknown(in, word, length);
    }
}

/* Reads the words of text, which are separated by spaces or semicolons. "*" stands alone and sets nothing. */
static void read_words(list_reader *in, const char *text)
{
    size_t count = 0;
    bool all = false;
    for (const char *at = text; *at != '\0' && in->reader->failure == MS_OK;) {
        size_t length = strcspn(at, " ;");
        bool star = length == 1 && *at == '*';
        if (length > 0 && !star)
            read_word(in, at, length);
        all = all || star;
        count += length > 0;
        at += length;
        at += strspn(at, " ;");
    }
    if (all && count > 1)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->column,
                           "* means everything; write it alone, or leave it out");
}

/* The arrays of the list in the cell, shared with earlier cells of the same purpose and text. */
static scope_sets read_list(list_reader *in, char letter, const char *text)
{
    ms_reader *reader = in->reader;
    struct ms_scope_memory *scopes = reader->scopes;
    scope_sets sets = {0};
    size_t length = strlen(text);
    char *key = ms_arena_alloc(reader->arena, length + 2, 1);
    int32_t ix = MS_NONE;
    bool fresh = false;
    if (key == NULL) {
        ms_reader_no_memory(reader);
        return sets;
    }
    key[0] = letter;
    memcpy(key + 1, text, length);
    size_t errors = reader->findings->error_count;
    if ((ix = ms_names_find(&scopes->lists, key, length + 1)) >= 0)
        return scopes->sets[ix];
    read_words(in, text);
    sets = (scope_sets){in->items, in->sites, in->lanes, in->fleets};
    if (reader->failure != MS_OK || reader->findings->error_count > errors)
        return sets; /* an error is reported for every row that makes it */
    void *block = scopes->sets;
    if (!ms_grow(&block, &scopes->set_capacity, scopes->lists.count + 1, sizeof *scopes->sets)) {
        ms_reader_no_memory(reader);
        return sets;
    }
    scopes->sets = block;
    if (!ms_names_add(&scopes->lists, key, &ix, &fresh))
        ms_reader_no_memory(reader);
    else
        scopes->sets[ix] = sets;
    return sets;
}

static bool memory_make(ms_reader *reader)
{
    if (reader->scopes == NULL)
        reader->scopes = ms_alloc(1, sizeof *reader->scopes);
    if (reader->scopes == NULL)
        ms_reader_no_memory(reader);
    return reader->scopes != NULL;
}

void ms_scope_carries(ms_reader *reader, ms_lane *lane, int column)
{
    size_t length;
    const char *text = (const char *)lane->carries; /* where the column left its text */
    lane->carries = NULL;
    (void)ms_cell_text(reader, column, &length);
    if (length == 0 || text == NULL || !memory_make(reader))
        return;
    list_reader in = {.reader = reader, .column = column, .purpose = "lanes"};
    lane->carries = read_list(&in, 'c', text).items;
}

/* A word that names what the provider does not have lets nobody through: odd. */
static void warn_foreign(ms_reader *reader, const ms_agreement *agreement, int column)
{
    const ms_case *kase = reader->kase;
    size_t work = (size_t)kase->sites_count + (size_t)kase->lanes_count + (size_t)kase->fleets_count;
    if (work > reader->work_left)
        return;
    reader->work_left -= work;
    bool own = agreement->lanes == NULL && agreement->fleets == NULL;
    if (agreement->kind == MS_AGREE_SITE)
        own = agreement->sites == NULL;
    else if (agreement->kind != MS_AGREE_LIFT)
        return;
    for (int32_t ix = 0; agreement->kind == MS_AGREE_SITE && agreement->sites != NULL && ix < kase->sites_count; ix++)
        own = own || (agreement->sites[ix] && kase->sites[ix].partner_ix == agreement->provider_ix);
    for (int32_t ix = 0; agreement->lanes != NULL && ix < kase->lanes_count; ix++)
        own = own || (agreement->lanes[ix] && kase->lanes[ix].partner_ix == agreement->provider_ix);
    for (int32_t ix = 0; agreement->fleets != NULL && ix < kase->fleets_count; ix++)
        own = own || (agreement->fleets[ix] && kase->fleets[ix].partner_ix == agreement->provider_ix);
    if (!own)
        ms_reader_complain(reader, MS_FINDING_WARNING, column,
                           "nothing named here belongs to the provider \"%s\": the agreement lets nobody use anything",
                           kase->partners[agreement->provider_ix].id);
}

void ms_scope_agreement(ms_reader *reader, ms_agreement *agreement, int column)
{
    static const char *const purposes[MS_AGREE_KINDS] = {"item agreements", "lift agreements", "site agreements"};
    size_t length;
    (void)ms_cell_text(reader, column, &length);
    if (length == 0)
        agreement->scope_text = "*";
    if (length == 0 || !memory_make(reader))
        return;
    bool lift = agreement->kind == MS_AGREE_LIFT;
    list_reader in = {.reader = reader,
                      .column = column,
                      .purpose = purposes[agreement->kind],
                      .takes_sites = !lift,
                      .takes_lanes = lift};
    scope_sets sets = read_list(&in, purposes[agreement->kind][0], agreement->scope_text);
    agreement->items = sets.items;
    agreement->sites = sets.sites;
    agreement->lanes = sets.lanes;
    agreement->fleets = sets.fleets;
    if (agreement->provider_ix != MS_NONE && reader->failure == MS_OK)
        warn_foreign(reader, agreement, column);
}

void ms_scope_free(ms_reader *reader)
{
    if (reader->scopes == NULL)
        return;
    ms_names_free(&reader->scopes->lists);
    ms_free(reader->scopes->sets);
    ms_free(reader->scopes);
    reader->scopes = NULL;
}
