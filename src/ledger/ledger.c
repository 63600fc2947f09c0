/* ledger.c: the orders in a book. See ledger.h. */
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* ---- reading ---- */

typedef struct {
    ms_ledger *ledger;
    int64_t as_of;
    const ms_step **steps;
    size_t count, capacity;
} collector;

static ms_status note_strange(collector *to, const ms_entry *entry, const char *why, ms_error *err)
{
    char text[MS_MESSAGE_BYTES + 40];
    if (to->ledger->strange_count++ > 0)
        return MS_OK;
    snprintf(text, sizeof text, "entry %lld: %s", (long long)entry->number, why);
    to->ledger->strange = ms_arena_strndup(to->ledger->arena, text, strlen(text));
    return to->ledger->strange != NULL ? MS_OK : ms_error_memory(err);
}

/* Copies the document of a body as this program writes it, with the escapes that a canonical document needs. False when
 * it is written otherwise: then the JSON reader has the last word. This saves half of the cost of a step. */
static bool plain_document(char document[MS_STEP_BYTES], size_t *length, const ms_entry *entry)
{
    static const char start[] = "{\"document\":\"", middle[] = "\",\"signature\":\"";
    enum { START = sizeof start - 1, MIDDLE = sizeof middle - 1, END = MIDDLE + 2 * MS_SIGNATURE_BYTES + 2 };
    if (entry->length < START + END || memcmp(entry->body, start, START) != 0)
        return false;
    const char *from = entry->body + START, *end = entry->body + entry->length - END;
    size_t used = 0;
    for (; from < end; from++) {
        bool escaped = *from == '\\';
        from += escaped;
        if (from == end || used == MS_STEP_BYTES ||
            (escaped ? *from != '"' && *from != '\\' : *from == '"' || (unsigned char)*from < 0x20))
            return false;
        document[used++] = *from;
    }
    *length = used;
    return memcmp(end, middle, MIDDLE) == 0 && memcmp(end + END - 2, "\"}", 2) == 0 &&
           memchr(end + MIDDLE, '"', 2 * MS_SIGNATURE_BYTES) == NULL;
}

ms_status ms_ledger_step(ms_step *out, ms_arena *arena, const ms_entry *entry, ms_error *err)
{
    json_t *body = NULL;
    char document_text[MS_STEP_BYTES];
    size_t length;
    if (plain_document(document_text, &length, entry))
        return ms_step_read(out, arena, document_text, length, err);
    MS_TRY(ms_json_parse(&body, entry->body, entry->length, "entry", err));
    const json_t *document = json_object_get(body, "document");
    ms_status status = json_is_string(document)
                           ? ms_step_read(out, arena, json_string_value(document), json_string_length(document), err)
                           : ms_error_set(err, MS_BAD_INPUT, "it has no document");
    json_decref(body);
    return status;
}

static ms_status collect(void *context, const ms_entry *entry, ms_error *err)
{
    collector *to = context;
    ms_error why = {0};
    if (to->as_of > 0 && entry->number > to->as_of)
        return MS_OK;
    ms_step *step = ms_arena_alloc(to->ledger->arena, 1, sizeof *step);
    if (step == NULL || !ms_grow((void **)&to->steps, &to->capacity, to->count + 1, sizeof *to->steps))
        return ms_error_memory(err);
    ms_status status = ms_ledger_step(step, to->ledger->arena, entry, &why);
    if (status == MS_OK && strcmp(step->by, to->ledger->partner) != 0 && strcmp(step->to, to->ledger->partner) != 0)
        status = ms_error_set(&why, MS_BAD_INPUT, "it is between others");
    if (status == MS_NO_MEMORY)
        return ms_error_memory(err);
    if (status != MS_OK)
        return note_strange(to, entry, why.message, err);
    to->steps[to->count++] = step;
    return MS_OK;
}

static int by_order(const void *a, const void *b)
{
    const ms_step *first = *(const ms_step *const *)a, *second = *(const ms_step *const *)b;
    int order = ms_digest_compare(&first->order, &second->order);
    return order != 0 ? order : ms_digest_compare(&first->hash, &second->hash);
}

static int by_date(const void *a, const void *b)
{
    const ms_ledger_order *first = a, *second = b;
    int64_t first_date = first->request != NULL ? first->request->date : INT64_MAX;
    int64_t second_date = second->request != NULL ? second->request->date : INT64_MAX;
    return first_date != second_date ? (first_date < second_date ? -1 : 1) : ms_digest_compare(&first->id, &second->id);
}

/* Steps that are there twice, under two keys, count once. */
static size_t drop_doubles(const ms_step **steps, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || ms_digest_compare(&steps[kept - 1]->hash, &steps[i]->hash) != 0)
            steps[kept++] = steps[i];
    }
    return kept;
}

ms_status ms_ledger_make(ms_ledger *ledger, const ms_step **steps, size_t count, ms_error *err)
{
    ledger->next_serial = 1;
    if (count == 0)
        return MS_OK;
    qsort(steps, count, sizeof *steps, by_order);
    count = drop_doubles(steps, count);
    ledger->step_count = count;
    for (size_t s = 0; s < count; s++) {
        if (strcmp(steps[s]->by, ledger->partner) == 0 && steps[s]->serial >= ledger->next_serial)
            ledger->next_serial = steps[s]->serial + 1;
    }
    ledger->orders = ms_arena_alloc(ledger->arena, count, sizeof *ledger->orders);
    if (ledger->orders == NULL)
        return ms_error_memory(err);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && ms_digest_compare(&steps[first]->order, &steps[end]->order) == 0;)
            end++;
        MS_TRY(ms_order_make(&ledger->orders[ledger->order_count], ledger->arena, steps + first, end - first, err));
        ledger->order_count++;
    }
    qsort(ledger->orders, ledger->order_count, sizeof *ledger->orders, by_date);
    return MS_OK;
}

ms_status ms_ledger_read(ms_ledger *out, ms_book *book, int64_t as_of, ms_error *err)
{
    ms_ledger ledger = {.arena = ms_arena_new()};
    collector to = {.ledger = &ledger, .as_of = as_of};
    const char *partner = ms_book_partner(book);
    ms_status status = MS_OK;
    if (ledger.arena == NULL || (ledger.partner = ms_arena_strndup(ledger.arena, partner, strlen(partner))) == NULL)
        status = ms_error_memory(err);
    if (status == MS_OK)
        status = ms_book_scan(book, 1, MS_KIND_STEP, collect, &to, err);
    if (status == MS_OK)
        status = ms_ledger_make(&ledger, to.steps, to.count, err);
    ms_free(to.steps);
    if (status != MS_OK) {
        ms_ledger_free(&ledger);
        return status;
    }
    *out = ledger;
    return MS_OK;
}

void ms_ledger_free(ms_ledger *ledger)
{
    ms_arena_free(ledger->arena);
    *ledger = (ms_ledger){0};
}

/* ---- finding ---- */

char *ms_order_code(char out[MS_ORDER_CODE_BYTES], const char *receiver, const ms_digest *id)
{
    char code[MS_STEP_CODE_BYTES];
    snprintf(out, MS_ORDER_CODE_BYTES, "%s-%s", receiver != NULL ? receiver : "?", ms_digest_code(code, id));
    return out;
}

const ms_ledger_order *ms_ledger_order_of(const ms_ledger *ledger, const ms_digest *id)
{
    for (size_t i = 0; i < ledger->order_count; i++) {
        if (ms_digest_compare(&ledger->orders[i].id, id) == 0)
            return &ledger->orders[i];
    }
    return NULL;
}

/* Appends the letters and digits of text, as capitals. */
static void plain(char *out, size_t size, const char *text)
{
    size_t length = 0;
    for (; *text != '\0' && length + 1 < size; text++) {
        if (*text >= 'a' && *text <= 'z')
            out[length++] = (char)(*text - 'a' + 'A');
        else if (*text != '-' && *text != ' ')
            out[length++] = *text;
    }
    out[length] = '\0';
}

/* 2: the code is text; 1: text is in it; 0: it is not. */
static int likeness(const char *code, const char *text)
{
    char plain_code[MS_ORDER_CODE_BYTES], plain_text[MS_ORDER_CODE_BYTES];
    plain(plain_code, sizeof plain_code, code);
    plain(plain_text, sizeof plain_text, text);
    return strcmp(plain_code, plain_text) == 0                               ? 2
           : plain_text[0] != '\0' && strstr(plain_code, plain_text) != NULL ? 1
                                                                             : 0;
}

ms_status ms_ledger_find(const ms_ledger_order **out, const ms_ledger *ledger, const char *text, ms_error *err)
{
    char code[MS_ORDER_CODE_BYTES], other[MS_ORDER_CODE_BYTES];
    const ms_ledger_order *found = NULL, *second = NULL;
    int best = 0;
    for (size_t i = 0; i < ledger->order_count; i++) {
        int like = likeness(ms_order_code(code, ledger->orders[i].receiver, &ledger->orders[i].id), text);
        if (like > best) {
            found = &ledger->orders[i];
            second = NULL;
            best = like;
        } else if (like > 0 && like == best) {
            second = &ledger->orders[i];
        }
    }
    if (found == NULL)
        return ms_error_set(err, MS_BAD_INPUT,
                            "there is no order \"%s\"; `mainstay ledger status` lists those there are", text);
    if (second != NULL)
        return ms_error_set(err, MS_BAD_INPUT, "\"%s\" may be %s, %s or more; write more of the code", text,
                            ms_order_code(code, found->receiver, &found->id),
                            ms_order_code(other, second->receiver, &second->id));
    *out = found;
    return MS_OK;
}

ms_status ms_order_find_delivery(const ms_delivery **out, const ms_ledger_order *order, const char *text,
                                 bool (*fits)(const ms_ledger_order *, const ms_delivery *, unsigned side),
                                 unsigned side, ms_error *err)
{
    char code[MS_STEP_CODE_BYTES], other[MS_STEP_CODE_BYTES];
    const ms_delivery *found = NULL, *second = NULL;
    for (int32_t d = 0; d < order->delivery_count; d++) {
        const ms_delivery *delivery = &order->deliveries[d];
        if (text != NULL ? likeness(ms_digest_code(code, &delivery->step->hash), text) > 0
                         : fits(order, delivery, side)) {
            second = found;
            found = delivery;
        }
    }
    if (second != NULL)
        return ms_error_set(err, MS_BAD_INPUT, "which one: %s or %s? say it with --of",
                            ms_digest_code(code, &second->step->hash), ms_digest_code(other, &found->step->hash));
    if (found == NULL)
        return text != NULL ? ms_error_set(err, MS_BAD_INPUT, "the order has no delivery \"%s\"", text)
                            : ms_error_set(err, MS_BAD_INPUT, "the order has no delivery that this could be about");
    *out = found;
    return MS_OK;
}

/* ---- limits ---- */

static int64_t tonnes(const ms_ledger_order *order, int64_t quantity)
{
    int64_t made = 0;
    return ms_exact_tonnes(&made, quantity, order->request->kg_per_unit) ? made : MS_EXACT_MOST;
}

static bool is_under(const ms_ledger_order *order, const char *agreement)
{
    return order->request != NULL && strcmp(order->request->agreement, agreement) == 0;
}

/* a + b, stopping at the most. */
static int64_t add(int64_t a, int64_t b)
{
    return a + b < MS_EXACT_MOST ? a + b : MS_EXACT_MOST;
}

int64_t ms_order_used(const ms_ledger_order *order)
{
    int64_t kept = order->request != NULL ? order->issued - (order->in_kind ? order->settled : 0) : 0;
    return kept > 0 ? tonnes(order, kept) : 0;
}

int64_t ms_ledger_used(const ms_ledger *ledger, const char *agreement)
{
    int64_t used = 0;
    for (size_t i = 0; i < ledger->order_count; i++) {
        if (is_under(&ledger->orders[i], agreement))
            used = add(used, ms_order_used(&ledger->orders[i]));
    }
    return used;
}

int64_t ms_ledger_open(const ms_ledger *ledger, const char *agreement)
{
    int64_t open = 0;
    for (size_t i = 0; i < ledger->order_count; i++) {
        if (is_under(&ledger->orders[i], agreement))
            open = add(open, tonnes(&ledger->orders[i], ledger->orders[i].rest));
    }
    return open;
}
