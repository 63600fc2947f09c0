/* used.c: what the ledger has used up of each agreement. See used.h. */
#include "ledger/used.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static const char KEY[] = "agreements";

/* ---- sums ---- */

static ms_status add(ms_used *to, const char *agreement, int64_t tonnes, ms_error *err)
{
    int32_t ix = ms_names_find(&to->agreements, agreement, strlen(agreement));
    bool fresh = false;
    if (tonnes == 0 && ix < 0)
        return MS_OK;
    if (ix < 0) {
        const char *name = ms_arena_strndup(to->arena, agreement, strlen(agreement));
        if (name == NULL || !ms_grow((void **)&to->used, &to->capacity, to->agreements.count + 1, sizeof *to->used) ||
            !ms_names_add(&to->agreements, name, &ix, &fresh))
            return ms_error_memory(err);
        to->used[ix] = 0;
    }
    int64_t sum = to->used[ix] + tonnes; /* both are below MS_EXACT_MOST in size */
    to->used[ix] = sum < MS_EXACT_MOST ? sum : MS_EXACT_MOST;
    return MS_OK;
}

static ms_status add_ledger(ms_used *to, const ms_ledger *ledger, ms_error *err)
{
    for (size_t i = 0; i < ledger->order_count; i++) {
        const ms_ledger_order *order = &ledger->orders[i];
        if (order->request != NULL)
            MS_TRY(add(to, order->request->agreement, ms_order_used(order), err));
    }
    return MS_OK;
}

int64_t ms_used_of(const ms_used *used, const char *agreement)
{
    int32_t ix = ms_names_find(&used->agreements, agreement, strlen(agreement));
    return ix < 0 ? 0 : used->used[ix];
}

void ms_used_free(ms_used *used)
{
    ms_names_free(&used->agreements);
    ms_free(used->used);
    ms_arena_free(used->arena);
    *used = (ms_used){0};
}

static ms_status start(ms_used *out, ms_error *err)
{
    *out = (ms_used){.arena = ms_arena_new()};
    return out->arena != NULL ? MS_OK : ms_error_memory(err);
}

/* ---- the entry ---- */

/* MS_BAD_INPUT: it is none. */
static ms_status read_sums(ms_used *to, const json_t *body, const ms_entry *entry, ms_error *err)
{
    const json_t *sums = json_object_get(body, "agreements"), *upto = json_object_get(body, "upto"),
                 *steps = json_object_get(body, "steps");
    const char *agreement;
    json_t *value;
    if (!json_is_object(sums) || !json_is_integer(upto) || !json_is_integer(steps) || json_integer_value(upto) < 1 ||
        json_integer_value(upto) >= entry->number)
        return ms_error_set(err, MS_BAD_INPUT, "it is no sum of a ledger");
    json_object_foreach((json_t *)(uintptr_t)sums, agreement, value)
    {
        int64_t tonnes;
        const char *text = json_string_value(value);
        if (text == NULL || ms_exact_parse(&tonnes, text, strlen(text), MS_EXACT_QUANTITY_DIGITS) != NULL)
            return ms_error_set(err, MS_BAD_INPUT, "it is no sum of a ledger");
        MS_TRY(add(to, agreement, tonnes, err));
    }
    to->upto = json_integer_value(upto);
    to->steps = json_integer_value(steps);
    return MS_OK;
}

typedef struct {
    ms_used *found;
    int64_t as_of;
} seeking;

static ms_status read_entry(void *context, const ms_entry *entry, ms_error *err)
{
    seeking *to = context;
    ms_used read;
    json_t *body = NULL;
    if (entry->number > to->as_of)
        return MS_OK;
    MS_TRY(start(&read, err));
    ms_status status = ms_json_parse(&body, entry->body, entry->length, "entry", NULL);
    if (status == MS_OK)
        status = read_sums(&read, body, entry, NULL);
    json_decref(body);
    if (status != MS_OK) {
        ms_used_free(&read);
        return status == MS_NO_MEMORY ? ms_error_memory(err) : MS_OK;
    }
    ms_used_free(to->found);
    *to->found = read;
    return MS_OK;
}

/* The last entry up to as_of; one without sums where there is none. */
static ms_status find_entry(ms_used *out, ms_book *book, int64_t as_of, ms_error *err)
{
    seeking to = {out, as_of};
    ms_entry last;
    MS_TRY(start(out, err));
    if (as_of < INT64_MAX)
        return ms_book_scan(book, 1, MS_KIND_USED, read_entry, &to, err);
    ms_status status = ms_book_find(&last, book, MS_KIND_USED, KEY, NULL);
    if (status == MS_NOT_FOUND)
        return MS_OK;
    if (status != MS_OK) /* again, for its words */
        return ms_book_find(&last, book, MS_KIND_USED, KEY, err);
    status = read_entry(&to, &last, err);
    ms_entry_free(&last);
    return status;
}

/* ---- what came since ---- */

typedef struct {
    ms_arena *arena;
    const char *partner;
    int64_t upto, as_of;
    ms_digest *touched; /* orders */
    size_t count, capacity;
} following;

typedef struct {
    const following *of;
    ms_arena *arena;
    const ms_digest *order;
    const ms_step **steps; /* the `before` first of them were there at upto */
    size_t count, capacity, before;
} gathering;

/* Entries that are no steps of this book's orders count for nothing, as in the ledger. */
static ms_status read_step(ms_step *out, bool *ours, const following *of, ms_arena *arena, const ms_entry *entry,
                           ms_error *err)
{
    ms_status status = ms_ledger_step(out, arena, entry, NULL);
    if (status == MS_NO_MEMORY)
        return ms_error_memory(err);
    *ours = status == MS_OK && (strcmp(out->by, of->partner) == 0 || strcmp(out->to, of->partner) == 0);
    return MS_OK;
}

static ms_status touch(void *context, const ms_entry *entry, ms_error *err)
{
    following *of = context;
    ms_step step;
    bool ours;
    if (entry->number > of->as_of)
        return MS_OK;
    MS_TRY(read_step(&step, &ours, of, of->arena, entry, err));
    if (!ours)
        return MS_OK;
    if (!ms_grow((void **)&of->touched, &of->capacity, of->count + 1, sizeof *of->touched))
        return ms_error_memory(err);
    of->touched[of->count++] = step.order;
    return MS_OK;
}

static ms_status gather(void *context, const ms_entry *entry, ms_error *err)
{
    gathering *to = context;
    bool ours;
    ms_step *step = ms_arena_alloc(to->arena, 1, sizeof *step);
    if (entry->number > to->of->as_of)
        return MS_OK;
    if (step == NULL || !ms_grow((void **)&to->steps, &to->capacity, to->count + 1, sizeof *to->steps))
        return ms_error_memory(err);
    MS_TRY(read_step(step, &ours, to->of, to->arena, entry, err));
    if (!ours || ms_digest_compare(&step->order, to->order) != 0)
        return MS_OK;
    to->steps[to->count] = step;
    if (entry->number <= to->of->upto) {
        to->steps[to->count] = to->steps[to->before];
        to->steps[to->before++] = step;
    }
    to->count++;
    return MS_OK;
}

/* What the first count steps have used, times sign. */
static ms_status add_steps(ms_used *to, const gathering *from, size_t count, int sign, ms_error *err)
{
    ms_ledger_order order;
    if (count == 0)
        return MS_OK;
    MS_TRY(ms_order_make(&order, from->arena, from->steps, count, err));
    return order.request == NULL ? MS_OK : add(to, order.request->agreement, sign * ms_order_used(&order), err);
}

static ms_status add_order(ms_used *to, ms_book *book, const following *of, const ms_digest *order, ms_error *err)
{
    char prefix[MS_STEP_CODE_BYTES + 1];
    gathering from = {.of = of, .arena = ms_arena_new(), .order = order};
    ms_digest_code(prefix, order);
    strcat(prefix, "/");
    ms_status status = from.arena == NULL ? ms_error_memory(err)
                                          : ms_book_each(book, MS_KIND_STEP, prefix, gather, &from, err);
    if (status == MS_OK)
        status = add_steps(to, &from, from.count, 1, err);
    if (status == MS_OK)
        status = add_steps(to, &from, from.before, -1, err);
    ms_free(from.steps);
    ms_arena_free(from.arena);
    return status;
}

static int by_digest(const void *a, const void *b)
{
    return ms_digest_compare(a, b);
}

static ms_status add_since(ms_used *to, ms_book *book, int64_t as_of, ms_error *err)
{
    following of = {.arena = ms_arena_new(), .partner = ms_book_partner(book), .upto = to->upto, .as_of = as_of};
    ms_status status = of.arena == NULL ? ms_error_memory(err)
                                        : ms_book_scan(book, to->upto + 1, MS_KIND_STEP, touch, &of, err);
    if (status == MS_OK && of.count > 0)
        qsort(of.touched, of.count, sizeof *of.touched, by_digest);
    for (size_t i = 0; i < of.count && status == MS_OK; i++) {
        if (i == 0 || ms_digest_compare(&of.touched[i - 1], &of.touched[i]) != 0)
            status = add_order(to, book, &of, &of.touched[i], err);
    }
    ms_free(of.touched);
    ms_arena_free(of.arena);
    return status;
}

static ms_status add_all(ms_used *to, ms_book *book, int64_t as_of, ms_error *err)
{
    ms_ledger ledger;
    MS_TRY(ms_ledger_read(&ledger, book, as_of, err));
    ms_status status = add_ledger(to, &ledger, err);
    ms_ledger_free(&ledger);
    return status;
}

ms_status ms_used_read(ms_used *out, ms_book *book, int64_t as_of, ms_error *err)
{
    ms_used used = {0};
    int64_t last = as_of > 0 ? as_of : INT64_MAX;
    ms_status status = find_entry(&used, book, last, err);
    if (status == MS_OK)
        status = used.upto > 0 ? add_since(&used, book, last, err) : add_all(&used, book, as_of, err);
    if (status == MS_OK)
        *out = used;
    else
        ms_used_free(&used);
    return status;
}

/* ---- writing it down ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Agreements in byte order: the body is canonical. */
static ms_status put_body(ms_buf *out, const ms_used *used, const ms_ledger *ledger, int64_t upto, ms_error *err)
{
    ms_json json;
    char text[MS_EXACT_BYTES];
    size_t count = used->agreements.count;
    const char **names = ms_arena_alloc(used->arena, count, sizeof *names);
    if (names == NULL)
        return ms_error_memory(err);
    if (count > 0) {
        memcpy(names, used->agreements.names, count * sizeof *names);
        qsort(names, count, sizeof *names, by_name);
    }
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_open_object(&json, "agreements");
    for (size_t ix = 0; ix < count; ix++)
        ms_json_string(&json, names[ix], ms_exact_text(text, ms_used_of(used, names[ix]), MS_EXACT_QUANTITY_DIGITS));
    ms_json_close_object(&json);
    ms_json_integer(&json, "steps", (long long)ledger->step_count);
    ms_json_integer(&json, "upto", upto);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

static ms_status write_entry(ms_book *book, const ms_ledger *ledger, int64_t upto, ms_error *err)
{
    ms_used used;
    ms_buf body = {0};
    MS_TRY(start(&used, err));
    ms_status status = add_ledger(&used, ledger, err);
    if (status == MS_OK)
        status = put_body(&body, &used, ledger, upto, err);
    ms_draft draft = {MS_KIND_USED, KEY, body.text, body.length};
    if (status == MS_OK)
        status = ms_book_append(NULL, book, &draft, 1, err);
    ms_buf_free(&body);
    ms_used_free(&used);
    return status;
}

ms_status ms_used_note(ms_book *book, const ms_ledger *ledger, ms_error *err)
{
    ms_used last;
    int64_t upto;
    unsigned char head[MS_HASH_BYTES];
    if (ledger->step_count < MS_USED_FRESH)
        return MS_OK;
    MS_TRY(find_entry(&last, book, INT64_MAX, err));
    bool due = (int64_t)ledger->step_count - last.steps >= MS_USED_FRESH;
    ms_used_free(&last);
    if (!due)
        return MS_OK;
    MS_TRY(ms_book_head(&upto, head, book, err));
    return write_entry(book, ledger, upto, err);
}
