/* propose.c: the requests that a plan needs. See propose.h. */
#include "ledger/propose.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"

enum { AGREEMENT, PROVIDER, RECEIVER, KIND, ITEM, SITE, FROM_DATE, QUANTITY, UNIT, TONNES, COLUMNS };
static const char *const column_names[COLUMNS] = {"agreement", "provider",  "receiver", "kind", "item",
                                                  "site",      "from_date", "quantity", "unit", "tonnes"};

typedef struct {
    ms_proposals *out;
    ms_ledger *ledger;
    ms_book *book;
    const ms_case *kase;
    const ms_propose_options *options;
    int64_t today;
    int field_of[COLUMNS];
    int64_t *left; /* by order of the ledger: of what is on order, not taken off yet; -1: not looked at */
    ms_error *err;
} proposing;

/* ---- what is on order ---- */

/* What of an order is still to come. */
static int64_t on_order(const ms_ledger_order *order)
{
    if (order->stage == MS_STAGE_REQUESTED || order->stage == MS_STAGE_OFFERED)
        return order->terms != NULL ? order->terms->quantity : order->request->quantity;
    return order->rest;
}

static bool is_for(const ms_ledger_order *order, const ms_proposal *row, const char *partner)
{
    const ms_step *request = order->request;
    return request != NULL && strcmp(order->receiver, partner) == 0 &&
           strcmp(request->agreement, row->agreement) == 0 && strcmp(request->item, row->item) == 0 &&
           strcmp(request->site, row->site) == 0;
}

static void take_off(proposing *of, ms_proposal *row)
{
    for (size_t i = 0; i < of->ledger->order_count && row->on_order < row->planned; i++) {
        const ms_ledger_order *order = &of->ledger->orders[i];
        if (!is_for(order, row, of->ledger->partner))
            continue;
        if (of->left[i] < 0)
            of->left[i] = on_order(order);
        int64_t part = row->planned - row->on_order;
        part = part < of->left[i] ? part : of->left[i];
        of->left[i] -= part;
        row->on_order += part;
    }
    row->wanted = row->planned - row->on_order;
}

/* ---- rows of orders.csv ---- */

static ms_status keep_field(proposing *of, const char **out, const ms_csv_record *record, int column)
{
    int at = of->field_of[column];
    const ms_csv_field *field = at < record->field_count ? &record->fields[at] : NULL;
    *out = ms_arena_strndup(of->ledger->arena, field != NULL ? field->text : "", field != NULL ? field->length : 0);
    return *out != NULL ? MS_OK : ms_error_memory(of->err);
}

static ms_status find_columns(proposing *of, const ms_csv_record *head, const char *path)
{
    for (int c = 0; c < COLUMNS; c++) {
        of->field_of[c] = -1;
        for (int f = 0; f < head->field_count; f++) {
            if (head->fields[f].length == strlen(column_names[c]) &&
                memcmp(head->fields[f].text, column_names[c], head->fields[f].length) == 0)
                of->field_of[c] = f;
        }
        if (of->field_of[c] < 0)
            return ms_error_at(of->err, MS_BAD_INPUT, path, 1, 1, "the column \"%s\" is missing", column_names[c]);
    }
    return MS_OK;
}

static ms_status read_planned(proposing *of, ms_proposal *row, const ms_csv_record *record, int column,
                              const char *path)
{
    const char *text;
    double number = 0;
    MS_TRY(keep_field(of, &text, record, column));
    const char *reason = ms_number_parse(&number, text, strlen(text));
    if (reason == NULL && !ms_exact_from_double(&row->planned, number, MS_EXACT_QUANTITY_DIGITS))
        reason = "is out of range";
    if (reason != NULL)
        return ms_error_at(of->err, MS_BAD_INPUT, path, record->line, 0, "%s \"%s\" %s", column_names[column], text,
                           reason);
    return MS_OK;
}

/* Fills row; *ours becomes false when another partner receives. */
static ms_status read_row(proposing *of, ms_proposal *row, bool *ours, const ms_csv_record *record, const char *path)
{
    const char *receiver;
    *row = (ms_proposal){0};
    MS_TRY(keep_field(of, &receiver, record, RECEIVER));
    *ours = strcmp(receiver, of->ledger->partner) == 0;
    if (!*ours)
        return MS_OK;
    MS_TRY(keep_field(of, &row->agreement, record, AGREEMENT));
    MS_TRY(keep_field(of, &row->provider, record, PROVIDER));
    MS_TRY(keep_field(of, &row->kind, record, KIND));
    MS_TRY(keep_field(of, &row->item, record, ITEM));
    MS_TRY(keep_field(of, &row->site, record, SITE));
    MS_TRY(keep_field(of, &row->need_by, record, FROM_DATE));
    MS_TRY(keep_field(of, &row->unit, record, UNIT));
    size_t day = strcspn(row->need_by, "T"); /* a period may begin within a day */
    row->need_by = ms_arena_strndup(of->ledger->arena, row->need_by, day);
    if (row->need_by == NULL)
        return ms_error_memory(of->err);
    bool goods = strcmp(row->kind, ms_agreement_kind_words[MS_AGREE_ITEM]) == 0;
    if (!goods)
        row->unit = "t";
    return read_planned(of, row, record, goods ? QUANTITY : TONNES, path);
}

/* ---- requests ---- */

static ms_status keep_order(proposing *of, ms_proposal *row, const ms_step *step)
{
    char code[MS_ORDER_CODE_BYTES];
    ms_order_code(code, step->by, &step->order);
    row->order = ms_arena_strndup(of->ledger->arena, code, strlen(code));
    return row->order != NULL ? MS_OK : ms_error_memory(of->err);
}

static ms_status request(proposing *of, ms_proposal *row)
{
    char wanted[MS_EXACT_BYTES];
    ms_step step;
    ms_error why = {0};
    ms_ledger_entry entry = {
        .step = "request",
        .agreement = row->agreement,
        .item = row->item,
        .site = row->site[0] != '\0' ? row->site : NULL,
        .need_by = row->need_by[0] != '\0' ? row->need_by : NULL,
        .quantity = ms_exact_text(wanted, row->wanted, MS_EXACT_QUANTITY_DIGITS),
        .date = of->options->date,
    };
    ms_status status = ms_ledger_draft(&step, of->ledger, of->kase, &entry, of->today, &why);
    if (status == MS_BAD_INPUT && of->book == NULL) {
        row->refusal = ms_arena_strndup(of->ledger->arena, why.message, strlen(why.message));
        return row->refusal != NULL ? MS_OK : ms_error_memory(of->err);
    }
    if (status != MS_OK) {
        *of->err = why;
        return status;
    }
    of->ledger->next_serial++;
    if (of->book == NULL)
        return MS_OK;
    MS_TRY(ms_ledger_sign(&step, of->book, of->err));
    return keep_order(of, row, &step);
}

/* *chosen: whether the next row is to be requested. */
static ms_status check_chosen(const proposing *of, bool *chosen, const ms_proposal *row)
{
    const ms_propose_options *options = of->options;
    char wanted[MS_EXACT_BYTES];
    *chosen = options->chosen == NULL || of->book == NULL;
    for (size_t c = 0; c < options->chosen_count && !*chosen; c++) {
        if (options->chosen[c].row != of->out->count)
            continue;
        *chosen = true;
        if (strcmp(ms_exact_text(wanted, row->wanted, MS_EXACT_QUANTITY_DIGITS), options->chosen[c].wanted) != 0)
            return ms_error_set(of->err, MS_CONFLICT,
                                "%s %s of %s are to be requested by now, not %s; look at the proposals again", wanted,
                                row->unit, row->item, options->chosen[c].wanted);
    }
    return MS_OK;
}

static ms_status propose_row(proposing *of, const ms_csv_record *record, const char *path)
{
    ms_proposal row;
    bool ours, chosen;
    MS_TRY(read_row(of, &row, &ours, record, path));
    if (!ours || row.planned == 0)
        return MS_OK;
    take_off(of, &row);
    MS_TRY(check_chosen(of, &chosen, &row));
    if (row.wanted > 0 && chosen)
        MS_TRY(request(of, &row));
    if (!ms_grow((void **)&of->out->rows, &of->out->capacity, of->out->count + 1, sizeof row))
        return ms_error_memory(of->err);
    of->out->rows[of->out->count++] = row;
    return MS_OK;
}

static ms_status propose_rows(proposing *of, ms_csv_reader *reader, const char *path)
{
    ms_csv_record record;
    MS_TRY(ms_csv_next(reader, &record, of->err));
    MS_TRY(find_columns(of, &record, path));
    for (;;) {
        MS_TRY(ms_csv_next(reader, &record, of->err));
        if (record.field_count == 0)
            return MS_OK;
        MS_TRY(propose_row(of, &record, path));
    }
}

ms_status ms_propose(ms_proposals *out, ms_ledger *ledger, ms_book *book, const ms_case *kase,
                     const ms_propose_options *options, int64_t today, ms_error *err)
{
    proposing of = {out, ledger, book, kase, options, today, {0}, NULL, err};
    ms_csv_reader *reader = NULL;
    of.left = ms_arena_alloc(ledger->arena, ledger->order_count, sizeof *of.left);
    if (of.left == NULL)
        return ms_error_memory(err);
    for (size_t i = 0; i < ledger->order_count; i++)
        of.left[i] = -1;
    MS_TRY(ms_csv_open(&reader, options->orders, options->length, options->file, err));
    ms_status status = propose_rows(&of, reader, options->file);
    ms_csv_close(reader);
    for (size_t c = 0; c < options->chosen_count && status == MS_OK; c++)
        if (options->chosen[c].row >= out->count)
            status = ms_error_set(err, MS_CONFLICT, "there are only %zu proposals; look at them again", out->count);
    return status;
}
