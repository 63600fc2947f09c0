/* accept.c: which of a partner's rows enter our combined case. See accept.h.
 *
 * The combined case is put together in memory, the partner's rows last, and read as any case is read. Each error in one
 * of the partner's rows refuses that row with the reader's own sentence; what leaned on it is found in the next round,
 * until a round finds nothing.
 */
#include "exchange/accept.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"
#include "exchange/stated.h"

enum { ROUNDS_MOST = 40, KEY_BYTES = 2048 };

/* A row of ours, of another partner's, or, when it has a record, of the giver's. */
typedef struct {
    const ms_format_file *format;
    const char *cells[MS_STATED_COLUMNS];
    const char *source, *key;
    const char *record; /* key of the record that it comes from, "" none; NULL: not the giver's */
    bool gone;          /* another partner's row stands in its place */
    bool out;           /* refused, or the giver's row stands in its place */
} row;

/* The rows of a key: indices, -1 none. */
typedef struct {
    int32_t ours, given;
} place;

/* The giver's rows in a file put together: they come last, one line each. */
typedef struct {
    int first_line;
    int32_t *rows;
    size_t count, capacity;
} line_list;

typedef struct {
    ms_acceptance *result;
    ms_book *book;
    const ms_giver *giver;
    const ms_picture *picture;
    ms_arena *arena;
    row *rows;
    size_t count, capacity;
    size_t given;  /* index of the first row with a record */
    ms_names keys; /* "file/key", by index in places */
    place *places;
    size_t place_capacity;
    line_list lines[MS_FILE_KINDS];
    row *before; /* the giver's rows as the book has them now */
    size_t before_count, before_capacity;
    ms_item_card *items;
    size_t item_count, item_capacity;
    ms_item_matches matches;
    char *case_json;
    long start_day;
    char currency[24];
    ms_buf key_text;
} work;

static ms_status refuse(work *w, const char *record, const char *why, ms_error *err)
{
    ms_acceptance *a = w->result;
    void *block = a->refused;
    if (!ms_grow(&block, &a->refused_capacity, a->refused_count + 1, sizeof *a->refused))
        return ms_error_memory(err);
    a->refused = block;
    const char *key = ms_arena_strndup(a->arena, record, strlen(record));
    const char *reason = ms_arena_strndup(a->arena, why, strlen(why));
    if (key == NULL || reason == NULL)
        return ms_error_memory(err);
    a->refused[a->refused_count].key = key;
    a->refused[a->refused_count++].why = reason;
    return MS_OK;
}

/* ---- the rows that are there ---- */

static ms_status add_row(row **rows, size_t *count, size_t *capacity, const row *fresh, ms_error *err)
{
    void *block = *rows;
    if (!ms_grow(&block, capacity, *count + 1, sizeof **rows))
        return ms_error_memory(err);
    *rows = block;
    (*rows)[(*count)++] = *fresh;
    return MS_OK;
}

static const char *cell(const row *r, const char *name)
{
    int column = ms_format_column(r->format, name, strlen(name));
    return column < 0 ? "" : r->cells[column];
}

static ms_status add_item(work *w, const row *r, ms_error *err)
{
    ms_item_card card = {
        .id = cell(r, "item"), .name = cell(r, "name"), .nsn = cell(r, "nsn"), .unit = cell(r, "unit")};
    const char *kg = cell(r, "kg_per_unit");
    void *block = w->items;
    if (ms_number_parse(&card.kg_per_unit, kg, strlen(kg)) != NULL)
        card.kg_per_unit = 0;
    if (!ms_grow(&block, &w->item_capacity, w->item_count + 1, sizeof *w->items))
        return ms_error_memory(err);
    w->items = block;
    w->items[w->item_count++] = card;
    return MS_OK;
}

static ms_status visit_row(void *context, const ms_book_row *from, ms_error *err)
{
    work *w = context;
    row fresh = {.format = ms_stated_format(from->file)};
    if (fresh.format == NULL)
        return MS_OK;
    if (fresh.format->kind == MS_FILE_CASE) {
        if (from->count > 0 && from->source[0] == '\0')
            w->case_json = ms_arena_strndup(w->arena, from->cells[0], strlen(from->cells[0]));
        return from->count > 0 && from->source[0] == '\0' && w->case_json == NULL ? ms_error_memory(err) : MS_OK;
    }
    for (int column = 0; column < MS_STATED_COLUMNS; column++)
        fresh.cells[column] = "";
    fresh.source = ms_arena_strndup(w->arena, from->source, strlen(from->source));
    fresh.key = ms_arena_strndup(w->arena, from->key, strlen(from->key));
    bool failed = fresh.source == NULL || fresh.key == NULL;
    for (int ix = 0; ix < from->count && !failed; ix++) {
        int column = ms_format_column(fresh.format, from->columns[ix], strlen(from->columns[ix]));
        if (column < 0)
            continue;
        fresh.cells[column] = ms_arena_strndup(w->arena, from->cells[ix], strlen(from->cells[ix]));
        failed = fresh.cells[column] == NULL;
    }
    if (failed)
        return ms_error_memory(err);
    if (strcmp(from->source, w->giver->partner) == 0)
        return add_row(&w->before, &w->before_count, &w->before_capacity, &fresh, err);
    if (fresh.format->kind == MS_FILE_ITEMS)
        MS_TRY(add_item(w, &fresh, err));
    return add_row(&w->rows, &w->count, &w->capacity, &fresh, err);
}

/* Start and currency of our case; one without a case.json is read as if it began when the giver's does. */
static ms_status read_case(work *w, ms_error *err)
{
    json_t *root = NULL;
    w->start_day = w->giver->start_day;
    if (w->case_json == NULL)
        return MS_OK;
    ms_status status = ms_json_parse(&root, w->case_json, strlen(w->case_json), "case.json", err);
    if (status == MS_BAD_INPUT)
        return MS_OK; /* our own mistake, which whoever opens the case is told */
    MS_TRY(status);
    const char *start = json_string_value(json_object_get(root, "start")),
               *currency = json_string_value(json_object_get(root, "currency"));
    long day;
    if (start != NULL && ms_date_parse(&day, start, strlen(start)))
        w->start_day = day;
    if (currency != NULL)
        snprintf(w->currency, sizeof w->currency, "%s", currency);
    json_decref(root);
    return MS_OK;
}

/* ---- the giver's rows ---- */

/* The place of a row's key, or NULL. */
static place *find_place(const work *w, const row *r)
{
    char name[KEY_BYTES];
    snprintf(name, sizeof name, "%s/%s", r->format->name, r->key);
    int32_t at = ms_names_find(&w->keys, name, strlen(name));
    return at < 0 ? NULL : &w->places[at];
}

/* The same, made where there is none; NULL when memory is short. */
static place *make_place(work *w, const row *r)
{
    char name[KEY_BYTES];
    int32_t at;
    bool fresh;
    snprintf(name, sizeof name, "%s/%s", r->format->name, r->key);
    char *copy = ms_arena_strndup(w->arena, name, strlen(name));
    void *block = w->places;
    if (copy == NULL || !ms_names_add(&w->keys, copy, &at, &fresh) ||
        !ms_grow(&block, &w->place_capacity, w->keys.count, sizeof *w->places))
        return NULL;
    w->places = block;
    if (fresh)
        w->places[at] = (place){-1, -1};
    return &w->places[at];
}

/* Own rows first, then other partners' in their place. */
static ms_status note_ours(work *w, ms_error *err)
{
    for (size_t ix = 0; ix < w->count; ix++) {
        place *at = make_place(w, &w->rows[ix]);
        if (at == NULL)
            return ms_error_memory(err);
        if (at->ours >= 0 && w->rows[ix].source[0] == '\0') {
            w->rows[ix].gone = true;
            continue;
        }
        if (at->ours >= 0)
            w->rows[at->ours].gone = true;
        at->ours = (int32_t)ix;
    }
    return MS_OK;
}

/* What is wrong with a row of the giver's in a place; "" when it may stand there: no other row does, or it is the
 * book's own word about the giver's row. */
static void check_place(char why[MS_WHY_BYTES], const work *w, const place *at)
{
    why[0] = '\0';
    if (at->given >= 0)
        snprintf(why, MS_WHY_BYTES, "another row of the release has the same key");
    if (at->given >= 0 || at->ours < 0)
        return;
    const row *other = &w->rows[at->ours];
    const char *owner = ms_book_owner_column(other->format->name), *whose = owner == NULL ? "" : cell(other, owner);
    if (other->source[0] != '\0')
        snprintf(why, MS_WHY_BYTES, "%.64s has given a row of the same key", other->source);
    else if (other->format->kind != MS_FILE_PARTNERS && strcmp(whose, w->giver->partner) != 0)
        snprintf(why, MS_WHY_BYTES, "a row of the same key here is %s%.64s's", whose[0] == '\0' ? "nobody" : "", whose);
}

static ms_status make_key(work *w, row *r, ms_error *err)
{
    const char *columns[MS_STATED_COLUMNS];
    for (int column = 0; column < r->format->column_count; column++)
        columns[column] = r->format->columns[column].name;
    ms_buf_reset(&w->key_text);
    bool keyed = ms_book_row_key(&w->key_text, r->format->name, columns, r->cells, r->format->column_count);
    r->key = keyed ? ms_arena_strndup(w->arena, w->key_text.text, w->key_text.length) : NULL;
    return r->key == NULL ? ms_error_memory(err) : MS_OK;
}

/* Equal rows of a file without key columns: U+001F and a count make the key of the second and later ones. */
static ms_status count_key(work *w, row *r, ms_error *err)
{
    const char *plain = r->key;
    for (int copy = 2;; copy++) {
        char name[KEY_BYTES];
        const place *at = find_place(w, r);
        if (at == NULL || at->given < 0)
            return MS_OK;
        snprintf(name, sizeof name, "%s\x1f%d", plain, copy);
        r->key = ms_arena_strndup(w->arena, name, strlen(name));
        if (r->key == NULL)
            return ms_error_memory(err);
    }
}

static ms_status place_row(work *w, row *fresh, ms_error *err)
{
    char why[MS_WHY_BYTES];
    MS_TRY(make_key(w, fresh, err));
    if (strlen(fresh->key) > KEY_BYTES / 4)
        return refuse(w, fresh->record, "its key is too long", err);
    if (!ms_book_file_is_keyed(fresh->format->name))
        MS_TRY(count_key(w, fresh, err));
    place *at = make_place(w, fresh);
    if (at == NULL)
        return ms_error_memory(err);
    check_place(why, w, at);
    if (why[0] != '\0')
        return refuse(w, fresh->record, why, err);
    at->given = (int32_t)w->count;
    return add_row(&w->rows, &w->count, &w->capacity, fresh, err);
}

/* A partner whom our own tables do not name stands in the combined case nevertheless. */
static ms_status place_partner(work *w, ms_error *err)
{
    row fresh = {.format = ms_stated_format("partners.csv"),
                 .source = w->giver->partner,
                 .key = w->giver->partner,
                 .record = ""};
    if (find_place(w, &fresh) != NULL)
        return MS_OK;
    for (int column = 0; column < MS_STATED_COLUMNS; column++)
        fresh.cells[column] = "";
    fresh.cells[ms_format_column(fresh.format, "partner", 7)] = w->giver->partner;
    return place_row(w, &fresh, err);
}

static ms_status place_given(work *w, ms_error *err)
{
    ms_terms terms = {w->giver, &w->matches, w->items, w->start_day, w->currency};
    w->given = w->count;
    MS_TRY(place_partner(w, err));
    for (size_t ix = 0; ix < w->picture->count; ix++) {
        ms_stated stated;
        bool is_row;
        char why[MS_WHY_BYTES];
        const ms_record *record = &w->picture->records[ix];
        MS_TRY(ms_stated_read(&stated, &is_row, why, w->arena, &terms, record, err));
        if (!is_row)
            continue;
        row fresh = {.format = stated.format, .source = w->giver->partner, .record = record->key};
        memcpy(fresh.cells, stated.cells, sizeof fresh.cells);
        MS_TRY(why[0] != '\0' ? refuse(w, record->key, why, err) : place_row(w, &fresh, err));
    }
    return MS_OK;
}

/* ---- the combined case ---- */

static int count_line_ends(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n' || (*text == '\r' && text[1] != '\n');
    return count;
}

static bool note_line(line_list *lines, int line, size_t ix)
{
    void *block = lines->rows;
    if (!ms_grow(&block, &lines->capacity, lines->count + 1, sizeof *lines->rows))
        return false;
    lines->rows = block;
    if (lines->count == 0)
        lines->first_line = line;
    lines->rows[lines->count++] = (int32_t)ix;
    return true;
}

static ms_status put_file(work *w, ms_case_file *file, const ms_format_file *format, ms_error *err)
{
    ms_buf text = {0};
    int line = 2;
    w->lines[format->kind].count = 0;
    for (int column = 0; column < format->column_count; column++)
        ms_csv_put(&text, format->columns[column].name, column == 0);
    ms_csv_end(&text);
    for (size_t ix = 0; ix < w->count && !text.failed; ix++) {
        const row *r = &w->rows[ix];
        if (r->format != format || r->out || r->gone)
            continue;
        if (ix >= w->given && !note_line(&w->lines[format->kind], line, ix))
            text.failed = true;
        for (int column = 0; column < format->column_count; column++) {
            ms_csv_put(&text, r->cells[column], column == 0);
            line += count_line_ends(r->cells[column]);
        }
        ms_csv_end(&text);
        line++;
    }
    if (text.failed) {
        ms_buf_free(&text);
        return ms_error_memory(err);
    }
    *file = (ms_case_file){format->name, text.text, text.length};
    return MS_OK;
}

/* Reads the case that the rows not refused make. findings has what is wrong; *kase becomes NULL where something is. */
static ms_status read_combined(work *w, ms_findings *findings, ms_error *err)
{
    int count, made = 0;
    const ms_format_file *formats = ms_format_files(&count);
    ms_case_file *files = ms_alloc((size_t)count, sizeof *files);
    ms_case *kase = NULL;
    ms_status status = files == NULL ? ms_error_memory(err) : MS_OK;
    for (int kind = 0; kind < count && status == MS_OK; kind++) {
        if (kind == MS_FILE_CASE) {
            char *copy = ms_strdup(w->case_json == NULL ? "{}" : w->case_json);
            status = copy == NULL ? ms_error_memory(err) : MS_OK;
            if (copy != NULL)
                files[made++] = (ms_case_file){formats[kind].name, copy, strlen(copy)};
        } else {
            status = put_file(w, &files[made], &formats[kind], err);
            made += status == MS_OK;
        }
    }
    if (status != MS_OK) {
        if (files != NULL)
            ms_case_files_free(files, made);
        return status;
    }
    ms_error wrong = {0};
    status = ms_case_read(&kase, files, made, findings, &wrong);
    ms_case_free(kase);
    if (status != MS_OK && status != MS_BAD_INPUT && err != NULL)
        *err = wrong;
    return status == MS_BAD_INPUT ? MS_OK : status;
}

/* The row of the giver's in which a finding lies, or NULL. */
static row *row_of(work *w, const ms_finding *finding)
{
    const ms_format_file *format = ms_stated_format(finding->file);
    if (format == NULL)
        return NULL;
    const line_list *lines = &w->lines[format->kind];
    int at = finding->line - lines->first_line;
    return at >= 0 && (size_t)at < lines->count ? &w->rows[lines->rows[at]] : NULL;
}

/* Refuses the rows with errors; *found becomes how many. */
static ms_status refuse_round(work *w, const ms_findings *findings, size_t *found, ms_error *err)
{
    *found = w->result->own_errors = 0;
    for (size_t ix = 0; ix < findings->count; ix++) {
        const ms_finding *finding = &findings->items[ix];
        if (finding->severity != MS_FINDING_ERROR)
            continue;
        row *r = row_of(w, finding);
        if (r == NULL || r->record[0] == '\0') {
            if (w->result->own_errors++ == 0)
                snprintf(w->result->own_error, sizeof w->result->own_error, "%.40s: %.200s", finding->file,
                         finding->message);
            continue;
        }
        if (r->out)
            continue; /* the second error of a row */
        MS_TRY(refuse(w, r->record, finding->message, err));
        r->out = true;
        ++*found;
    }
    return MS_OK;
}

/* A row of ours stands aside for the giver's row of the same key, and comes back when that is refused. */
static void settle_places(work *w)
{
    for (size_t ix = 0; ix < w->keys.count; ix++) {
        const place *at = &w->places[ix];
        if (at->ours >= 0)
            w->rows[at->ours].out = at->given >= 0 && !w->rows[at->given].out;
    }
}

static ms_status refuse_what_does_not_fit(work *w, ms_error *err)
{
    for (int round = 0; round < ROUNDS_MOST; round++) {
        ms_findings findings = {0};
        size_t found = 0;
        settle_places(w);
        ms_status status = read_combined(w, &findings, err);
        if (status == MS_OK)
            status = refuse_round(w, &findings, &found, err);
        ms_findings_free(&findings);
        if (status != MS_OK || found == 0)
            return status;
    }
    for (size_t ix = w->given; ix < w->count; ix++) {
        if (w->rows[ix].out || w->rows[ix].record[0] == '\0')
            continue;
        w->rows[ix].out = true;
        MS_TRY(refuse(w, w->rows[ix].record, "too many rows of the release are wrong, one behind the other", err));
    }
    settle_places(w);
    return MS_OK;
}

/* ---- into the book ---- */

static bool same_cells(const row *a, const row *b)
{
    for (int column = 0; column < a->format->column_count; column++)
        if (strcmp(a->cells[column], b->cells[column]) != 0)
            return false;
    return true;
}

/* The accepted row of a file and key, or NULL. */
static const row *accepted_row(const work *w, const row *like)
{
    const place *at = find_place(w, like);
    return at == NULL || at->given < 0 || w->rows[at->given].out ? NULL : &w->rows[at->given];
}

/* The texts of one file's change. */
typedef struct {
    const char *columns[MS_STATED_COLUMNS];
    const char **cells, **keys, **removed;
    size_t cell_capacity, key_capacity, removed_capacity;
    ms_row_change change;
} change_work;

static bool put_text(const char ***texts, size_t *capacity, size_t at, const char *text)
{
    void *block = *texts;
    if (!ms_grow(&block, capacity, at + 1, sizeof **texts))
        return false;
    *texts = block;
    (*texts)[at] = text;
    return true;
}

static bool put_set(change_work *c, const row *r)
{
    size_t width = (size_t)r->format->column_count;
    for (size_t column = 0; column < width; column++)
        if (!put_text(&c->cells, &c->cell_capacity, c->change.set_count * width + column, r->cells[column]))
            return false;
    if (!put_text(&c->keys, &c->key_capacity, c->change.set_count, r->key))
        return false;
    c->change.set_count++;
    return true;
}

/* before_of: for each given row the index + 1 of the row that the book has under its key, 0: none. */
static ms_status write_file(work *w, const ms_format_file *format, const size_t *before_of, ms_error *err)
{
    change_work c = {.change = {.file = format->name, .source = w->giver->partner}};
    bool enough = true;
    for (int column = 0; column < format->column_count; column++)
        c.columns[column] = format->columns[column].name;
    for (size_t ix = 0; ix < w->before_count && enough; ix++)
        if (w->before[ix].format == format && accepted_row(w, &w->before[ix]) == NULL)
            enough = put_text(&c.removed, &c.removed_capacity, c.change.removed_count++, w->before[ix].key);
    for (size_t ix = w->given; ix < w->count && enough; ix++) {
        const row *r = &w->rows[ix];
        if (r->format != format || r->out)
            continue;
        w->result->accepted += r->record[0] != '\0';
        size_t before = before_of[ix - w->given];
        if (before == 0 || !same_cells(r, &w->before[before - 1]))
            enough = put_set(&c, r);
    }
    w->result->set += c.change.set_count;
    w->result->removed += c.change.removed_count;
    c.change.columns = c.columns;
    c.change.column_count = format->column_count;
    c.change.cells = c.cells;
    c.change.keys = c.keys;
    c.change.removed = c.removed;
    ms_status status = MS_OK;
    if (!enough)
        status = ms_error_memory(err);
    else if (c.change.set_count + c.change.removed_count > 0)
        status = ms_book_change_rows(w->book, &c.change, err);
    ms_free(c.cells);
    ms_free(c.keys);
    ms_free(c.removed);
    return status;
}

static ms_status write_rows(work *w, ms_error *err)
{
    int count;
    const ms_format_file *formats = ms_format_files(&count);
    size_t *before_of = ms_alloc(w->count - w->given, sizeof *before_of);
    ms_status status = before_of == NULL ? ms_error_memory(err) : MS_OK;
    for (size_t ix = 0; ix < w->before_count && status == MS_OK; ix++) {
        const row *r = accepted_row(w, &w->before[ix]);
        if (r != NULL)
            before_of[(size_t)(r - w->rows) - w->given] = ix + 1;
    }
    for (int kind = 0; kind < count && status == MS_OK; kind++)
        if (kind != MS_FILE_CASE)
            status = write_file(w, &formats[kind], before_of, err);
    ms_free(before_of);
    return status;
}

static ms_status accept(work *w, const ms_aliases *aliases, ms_error *err)
{
    MS_TRY(ms_book_rows(w->book, NULL, NULL, visit_row, w, err));
    MS_TRY(read_case(w, err));
    MS_TRY(note_ours(w, err));
    MS_TRY(ms_items_match(&w->matches, w->picture, w->giver->partner, aliases, w->items, w->item_count, err));
    MS_TRY(place_given(w, err));
    MS_TRY(refuse_what_does_not_fit(w, err));
    return write_rows(w, err);
}

ms_status ms_accept(ms_acceptance *out, ms_book *book, const ms_giver *giver, const ms_picture *picture,
                    const ms_aliases *aliases, ms_error *err)
{
    ms_acceptance result = {.arena = ms_arena_new()};
    work w = {.result = &result, .book = book, .giver = giver, .picture = picture, .arena = ms_arena_new()};
    ms_status status = result.arena == NULL || w.arena == NULL ? ms_error_memory(err) : accept(&w, aliases, err);
    ms_free(w.rows);
    ms_free(w.before);
    ms_free(w.items);
    ms_free(w.places);
    for (int kind = 0; kind < MS_FILE_KINDS; kind++)
        ms_free(w.lines[kind].rows);
    ms_names_free(&w.keys);
    ms_items_free(&w.matches);
    ms_buf_free(&w.key_text);
    ms_arena_free(w.arena);
    if (status == MS_OK)
        *out = result;
    else
        ms_acceptance_free(&result);
    return status;
}

void ms_acceptance_free(ms_acceptance *acceptance)
{
    ms_arena_free(acceptance->arena);
    ms_free(acceptance->refused);
    *acceptance = (ms_acceptance){0};
}
