/* step.c: one step of an order as a document: the table of its fields, reader and writer. See step.h. */
#include "ledger/step.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

const char *const ms_step_words[MS_STEPS + 1] = {"request", "accept", "issue",   "receive", "dispute",
                                                 "settle",  "offer",  "decline", "cancel",  NULL};

/* ---- the table ---- */

typedef enum {
    FIELD_TEXT,
    FIELD_DATE,
    FIELD_HASH,
    FIELD_HASHES,
    FIELD_QUANTITY, /* millionths */
    FIELD_MONEY,    /* hundredths */
    FIELD_WHOLE,
    FIELD_WORD,
    FIELD_FORMAT, /* this and the next say what else there may be: read_kind reads them */
    FIELD_KIND
} field_type;

enum {
    REQUEST = 1 << MS_STEP_REQUEST,
    ACCEPT = 1 << MS_STEP_ACCEPT,
    ISSUE = 1 << MS_STEP_ISSUE,
    RECEIVE = 1 << MS_STEP_RECEIVE,
    DISPUTE = 1 << MS_STEP_DISPUTE,
    SETTLE = 1 << MS_STEP_SETTLE,
    OFFER = 1 << MS_STEP_OFFER,
    DECLINE = 1 << MS_STEP_DECLINE,
    CANCEL = 1 << MS_STEP_CANCEL,
    ALL = (1 << MS_STEPS) - 1
};

typedef struct {
    const char *name;
    field_type type;
    unsigned must, may; /* kinds that have it, kinds that may have it */
    size_t offset;
    const char *const *words;
    const char *help;
} field;

#define AT(member) offsetof(ms_step, member)
/* In the order of their names: that is canonical. */
static const field fields[] = {
    {"after", FIELD_HASHES, ALL & ~REQUEST, 0, AT(after), NULL,
     "hashes of the latest steps of the order that its author knew, ascending"},
    {"agreement", FIELD_TEXT, REQUEST, 0, AT(agreement), NULL, "id of the agreement"},
    {"amount", FIELD_MONEY, 0, RECEIVE | DISPUTE | SETTLE, AT(amount), NULL,
     "money, in the order's currency, at most 2 decimals; where it is settled in cash or equal value"},
    {"by", FIELD_TEXT, ALL, 0, AT(by), NULL, "the partner who takes the step"},
    {"currency", FIELD_TEXT, OFFER, 0, AT(currency), NULL, "of price and amounts"},
    {"date", FIELD_DATE, ALL, 0, AT(date), NULL, "when it was done, as `by` dates it"},
    {"due_days", FIELD_WHOLE, 0, OFFER, AT(due_days), NULL,
     "days from receipt by which it is repaid; left out: no due date"},
    {"format", FIELD_FORMAT, ALL, 0, 0, NULL, "1"},
    {"item", FIELD_TEXT, REQUEST, 0, AT(item), NULL, "the item, by the receiver's id"},
    {"item_name", FIELD_TEXT, 0, REQUEST, AT(item_name), NULL, "its name"},
    {"kg_per_unit", FIELD_QUANTITY, REQUEST, 0, AT(kg_per_unit), NULL, "mass of one unit; lift and site: 1000"},
    {"kind", FIELD_WORD, REQUEST, 0, AT(what), ms_agreement_kind_words, "what the agreement is about"},
    {"need_by", FIELD_DATE, 0, REQUEST, AT(need_by), NULL, "when it is needed"},
    {"note", FIELD_TEXT, 0, ALL, AT(note), NULL, "words for people: a reason, what was given instead"},
    {"nsn", FIELD_TEXT, 0, REQUEST, AT(nsn), NULL, "the item's NATO stock number"},
    {"of", FIELD_HASH, ACCEPT | RECEIVE | DISPUTE, OFFER | DECLINE, AT(of), NULL,
     "accept, decline: the offer; offer: the offer that it replaces; receive, dispute: the issue or settle"},
    {"order", FIELD_HASH, ALL & ~REQUEST, 0, AT(order), NULL, "hash of the order's request"},
    {"price", FIELD_QUANTITY, OFFER, 0, AT(price), NULL, "of one unit"},
    {"quantity", FIELD_QUANTITY, REQUEST | OFFER | ISSUE, RECEIVE | DISPUTE | SETTLE, AT(quantity), NULL,
     "in units of the item, lift and site in tonnes, at most 6 decimals"},
    {"reference", FIELD_TEXT, 0, ALL, AT(reference), NULL, "number of a paper: waybill, invoice, payment"},
    {"serial", FIELD_WHOLE, REQUEST, 0, AT(serial), NULL, "tells requests apart that are otherwise alike"},
    {"settlement", FIELD_WORD, OFFER, 0, AT(settlement), ms_settlement_words, "how it is repaid"},
    {"site", FIELD_TEXT, 0, REQUEST, AT(site), NULL, "where it is wanted"},
    {"step", FIELD_KIND, ALL, 0, 0, NULL, "the kind of step"},
    {"to", FIELD_TEXT, ALL, 0, AT(to), NULL, "the other side"},
    {"unit", FIELD_TEXT, 0, REQUEST, AT(unit), NULL, "of quantities"},
};
#undef AT
enum { FIELDS = sizeof fields / sizeof *fields, WHOLE_MOST = 999999999, CURRENCY_BYTES = 8 };

static void *place(const ms_step *step, const field *row)
{
    return (char *)step + row->offset;
}

static int digits_of(const field *row)
{
    return row->type == FIELD_MONEY ? MS_EXACT_MONEY_DIGITS : MS_EXACT_QUANTITY_DIGITS;
}

/* ---- hashes ---- */

int ms_digest_compare(const ms_digest *a, const ms_digest *b)
{
    return memcmp(a->bytes, b->bytes, MS_HASH_BYTES);
}

char *ms_digest_code(char out[MS_STEP_CODE_BYTES], const ms_digest *hash)
{
    static const char letters[33] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t bits = 0;
    for (int i = 0; i < 5; i++)
        bits = bits << 8 | hash->bytes[i];
    char *at = out;
    for (int i = 0; i < 8; i++) {
        if (i == 4)
            *at++ = '-';
        *at++ = letters[bits >> (35 - 5 * i) & 31];
    }
    *at = '\0';
    return out;
}

/* ---- writing ---- */

ms_step ms_step_empty(ms_step_kind kind)
{
    ms_step step = {.kind = kind, .need_by = -1, .quantity = -1, .amount = -1, .price = -1, .due_days = -1};
    for (size_t f = 0; f < FIELDS; f++) {
        if (fields[f].type == FIELD_TEXT)
            *(const char **)place(&step, &fields[f]) = "";
    }
    return step;
}

static void put_hash(ms_json *json, const char *key, const ms_digest *hash)
{
    char text[MS_HEX_BYTES];
    ms_json_string(json, key, ms_hex_put(text, hash->bytes, sizeof hash->bytes));
}

/* True when the step has a value for the field, of those that its kind may leave out. */
static bool is_filled(const ms_step *step, const field *row)
{
    switch (row->type) {
    case FIELD_TEXT:
        return **(const char **)place(step, row) != '\0';
    case FIELD_HASH:
        return step->has_of;
    case FIELD_DATE:
    case FIELD_QUANTITY:
    case FIELD_MONEY:
    case FIELD_WHOLE:
        return *(int64_t *)place(step, row) >= 0;
    case FIELD_HASHES:
    case FIELD_WORD:
    case FIELD_FORMAT:
    case FIELD_KIND:
        break;
    }
    return true;
}

static void put_value(ms_json *json, const ms_step *step, const field *row)
{
    char text[MS_EXACT_BYTES], date[MS_DATE_BYTES];
    switch (row->type) {
    case FIELD_FORMAT:
        ms_json_integer(json, row->name, MS_STEP_FORMAT);
        break;
    case FIELD_KIND:
        ms_json_string(json, row->name, ms_step_words[step->kind]);
        break;
    case FIELD_TEXT:
        ms_json_string(json, row->name, *(const char **)place(step, row));
        break;
    case FIELD_DATE:
        ms_json_string(json, row->name, ms_date_text(date, (long)*(int64_t *)place(step, row), 0));
        break;
    case FIELD_HASH:
        put_hash(json, row->name, place(step, row));
        break;
    case FIELD_HASHES:
        ms_json_open_array(json, row->name);
        for (int32_t i = 0; i < step->after_count; i++)
            put_hash(json, NULL, &step->after[i]);
        ms_json_close_array(json);
        break;
    case FIELD_QUANTITY:
    case FIELD_MONEY:
        ms_json_string(json, row->name, ms_exact_text(text, *(int64_t *)place(step, row), digits_of(row)));
        break;
    case FIELD_WHOLE:
        ms_json_integer(json, row->name, *(int64_t *)place(step, row));
        break;
    case FIELD_WORD:
        ms_json_string(json, row->name, row->words[*(int64_t *)place(step, row)]);
        break;
    }
}

void ms_step_write(ms_buf *out, const ms_step *step)
{
    unsigned kind = 1u << step->kind;
    ms_json json;
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    for (size_t f = 0; f < FIELDS; f++) {
        const field *row = &fields[f];
        if ((row->must & kind) != 0 || ((row->may & kind) != 0 && is_filled(step, row)))
            put_value(&json, step, row);
    }
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

/* ---- reading ---- */

typedef struct {
    ms_step *step;
    ms_arena *arena;
    ms_error *err;
} reader;

static ms_status wrong(reader *in, const char *name, const char *what)
{
    return ms_error_set(in->err, MS_BAD_INPUT, "the step's \"%s\" %s", name, what);
}

/* The text of a string value, or NULL. */
static const char *string_of(const json_t *value, size_t *length)
{
    const char *text = json_string_value(value);
    *length = text != NULL ? json_string_length(value) : 0;
    return text;
}

static ms_status read_text(reader *in, const field *row, const char *text, size_t length)
{
    if (length == 0)
        return wrong(in, row->name, "is empty");
    if (length > MS_STEP_TEXT_BYTES)
        return wrong(in, row->name, "is too long");
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return wrong(in, row->name, "has a control character");
    }
    char *copy = ms_arena_strndup(in->arena, text, length);
    if (copy == NULL)
        return ms_error_memory(in->err);
    *(const char **)place(in->step, row) = copy;
    return MS_OK;
}

static ms_status read_hashes(reader *in, const json_t *value)
{
    size_t count = json_array_size(value), length;
    if (count == 0 || count > MS_STEP_AFTER_MOST)
        return wrong(in, "after", "is no list of 1 to 64 hashes");
    ms_digest *after = ms_arena_alloc(in->arena, count, sizeof *after);
    if (after == NULL)
        return ms_error_memory(in->err);
    for (size_t i = 0; i < count; i++) {
        const char *text = string_of(json_array_get(value, i), &length);
        if (text == NULL || !ms_hex_parse(after[i].bytes, sizeof after[i].bytes, text))
            return wrong(in, "after", "has something else than a hash");
        if (i > 0 && ms_digest_compare(&after[i - 1], &after[i]) >= 0)
            return wrong(in, "after", "is not in ascending order");
    }
    in->step->after = after;
    in->step->after_count = (int32_t)count;
    return MS_OK;
}

static ms_status read_word(reader *in, const field *row, const char *text)
{
    for (int64_t w = 0; row->words[w] != NULL; w++) {
        if (text[0] != '\0' && strcmp(row->words[w], text) == 0) {
            *(int64_t *)place(in->step, row) = w;
            return MS_OK;
        }
    }
    return wrong(in, row->name, "is no word that is known");
}

static ms_status read_string(reader *in, const field *row, const char *text, size_t length)
{
    int64_t number;
    long day;
    const char *reason;
    switch (row->type) {
    case FIELD_TEXT:
        return read_text(in, row, text, length);
    case FIELD_WORD:
        return read_word(in, row, text);
    case FIELD_HASH:
        if (!ms_hex_parse(place(in->step, row), MS_HASH_BYTES, text))
            return wrong(in, row->name, "is not a hash");
        in->step->has_of = in->step->has_of || strcmp(row->name, "of") == 0;
        return MS_OK;
    case FIELD_DATE:
        if (!ms_date_parse(&day, text, length) || day < 0)
            return wrong(in, row->name, "is not a date from 1970 on");
        *(int64_t *)place(in->step, row) = day;
        return MS_OK;
    default:
        reason = ms_exact_parse(&number, text, length, digits_of(row));
        if (reason != NULL)
            return wrong(in, row->name, reason);
        *(int64_t *)place(in->step, row) = number;
        return MS_OK;
    }
}

static ms_status read_value(reader *in, const field *row, const json_t *value)
{
    if (row->type == FIELD_HASHES)
        return read_hashes(in, value);
    if (row->type == FIELD_WHOLE) {
        long long number = json_integer_value(value);
        if (!json_is_integer(value) || number < 0 || number > WHOLE_MOST)
            return wrong(in, row->name, "is not a whole number from 0 on");
        *(int64_t *)place(in->step, row) = number;
        return MS_OK;
    }
    size_t length;
    const char *text = string_of(value, &length);
    return text != NULL ? read_string(in, row, text, length) : wrong(in, row->name, "is not a string");
}

/* `format` and `step`, which say what else there may be. */
static ms_status read_kind(reader *in, const json_t *object)
{
    const json_t *format = json_object_get(object, "format");
    if (!json_is_integer(format) || json_integer_value(format) < 1)
        return wrong(in, "format", "is not a whole number from 1 on");
    if (json_integer_value(format) > MS_STEP_FORMAT)
        return ms_error_set(in->err, MS_USAGE, "a step of format %lld; this program knows format %d and those before",
                            json_integer_value(format), MS_STEP_FORMAT);
    const char *word = json_string_value(json_object_get(object, "step"));
    for (int kind = 0; word != NULL && kind < MS_STEPS; kind++) {
        if (strcmp(word, ms_step_words[kind]) == 0) {
            *in->step = ms_step_empty((ms_step_kind)kind);
            return MS_OK;
        }
    }
    return wrong(in, "step", "is no kind of step");
}

static ms_status read_fields(reader *in, const json_t *object)
{
    unsigned kind = 1u << in->step->kind;
    for (size_t f = 0; f < FIELDS; f++) {
        const field *row = &fields[f];
        const json_t *value = json_object_get(object, row->name);
        if (value == NULL) {
            if ((row->must & kind) != 0)
                return wrong(in, row->name, "is missing");
        } else if (((row->must | row->may) & kind) == 0) {
            return wrong(in, row->name, "has no place in it");
        } else if (row->type != FIELD_FORMAT && row->type != FIELD_KIND) {
            MS_TRY(read_value(in, row, value));
        }
    }
    return MS_OK;
}

/* What the fields say together. */
static ms_status check_together(reader *in)
{
    const ms_step *step = in->step;
    unsigned measured = RECEIVE | DISPUTE | SETTLE;
    if (strcmp(step->by, step->to) == 0)
        return wrong(in, "to", "is who takes the step");
    if ((measured & 1u << step->kind) != 0 && (step->quantity < 0) == (step->amount < 0))
        return wrong(in, "quantity", "or its \"amount\" must be there, and not both");
    if (step->kind != MS_STEP_RECEIVE && step->kind != MS_STEP_DISPUTE && (step->quantity == 0 || step->amount == 0))
        return wrong(in, step->quantity == 0 ? "quantity" : "amount", "is nothing");
    if (strlen(step->currency) > CURRENCY_BYTES || strpbrk(step->currency, " ") != NULL)
        return wrong(in, "currency", "is no code of a currency");
    return MS_OK;
}

/* Anything that the fields do not say, or say otherwise than the writer would, is refused: one step, one spelling. */
static ms_status check_spelling(reader *in, const char *bytes, size_t length)
{
    ms_buf spelled = {0};
    ms_step_write(&spelled, in->step);
    bool failed = spelled.failed;
    bool same = !failed && spelled.length == length && memcmp(spelled.text, bytes, length) == 0;
    ms_buf_free(&spelled);
    if (failed)
        return ms_error_memory(in->err);
    return same ? MS_OK
                : ms_error_set(in->err, MS_BAD_INPUT, "the step is not spelled canonically, or has unknown fields");
}

ms_status ms_step_read(ms_step *out, ms_arena *arena, const char *bytes, size_t length, ms_error *err)
{
    ms_step step = ms_step_empty(MS_STEP_REQUEST);
    reader in = {&step, arena, err};
    json_t *object = NULL;
    if (length > MS_STEP_BYTES)
        return ms_error_set(err, MS_BAD_INPUT, "a step of %zu bytes; at most %d are allowed", length, MS_STEP_BYTES);
    MS_TRY(ms_json_parse(&object, bytes, length, "step", err));
    ms_status status = json_is_object(object) ? MS_OK : ms_error_set(err, MS_BAD_INPUT, "the step is no JSON object");
    if (status == MS_OK)
        status = read_kind(&in, object);
    if (status == MS_OK)
        status = read_fields(&in, object);
    json_decref(object);
    if (status == MS_OK)
        status = check_together(&in);
    if (status == MS_OK)
        status = check_spelling(&in, bytes, length);
    if (status != MS_OK)
        return status;
    ms_hash(step.hash.bytes, bytes, length);
    if (step.kind == MS_STEP_REQUEST)
        step.order = step.hash;
    *out = step;
    return MS_OK;
}

/* ---- the page ---- */

static void put_kinds(ms_buf *out, unsigned kinds)
{
    const char *before = "";
    if (kinds == (unsigned)ALL) {
        ms_buf_text(out, "all");
        return;
    }
    for (int kind = 0; kind < MS_STEPS; kind++) {
        if ((kinds & 1u << kind) != 0) {
            ms_buf_printf(out, "%s%s", before, ms_step_words[kind]);
            before = ", ";
        }
    }
}

void ms_step_markdown(ms_buf *out)
{
    static const char *const types[] = {
        [FIELD_TEXT] = "text",        [FIELD_DATE] = "date",     [FIELD_HASH] = "hash",
        [FIELD_HASHES] = "hashes",    [FIELD_MONEY] = "decimal", [FIELD_WHOLE] = "whole number",
        [FIELD_QUANTITY] = "decimal", [FIELD_WORD] = "word",     [FIELD_FORMAT] = "whole number",
        [FIELD_KIND] = "word",
    };
    ms_buf_text(out, "| field | type | in | may be in | meaning |\n| --- | --- | --- | --- | --- |\n");
    for (size_t f = 0; f < FIELDS; f++) {
        const field *row = &fields[f];
        ms_buf_printf(out, "| %s | %s | ", row->name, types[row->type]);
        put_kinds(out, row->must);
        ms_buf_text(out, " | ");
        put_kinds(out, row->may);
        ms_buf_printf(out, " | %s |\n", row->help);
    }
}
