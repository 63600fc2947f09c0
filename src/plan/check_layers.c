/* check_layers.c: the layers of a case (one item of one owner) and the sorted row numbers that other steps look up.
 *
 * Layers are those that the case's stocks, supplies, reserves and commitments name and those that the plan's rows
 * name: goods out of nowhere must meet their C1 too. Cost: O(rows log rows).
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "plan/check.h"

/* ---- sorted row numbers ---- */

typedef struct {
    int32_t key[3], row;
} sorted_row;

static int compare_sorted(const void *a, const void *b)
{
    const sorted_row *left = a, *right = b;
    for (int i = 0; i < 3; i++) {
        if (left->key[i] != right->key[i])
            return left->key[i] < right->key[i] ? -1 : 1;
    }
    return (left->row > right->row) - (left->row < right->row);
}

/* Sorts rows[count] and leaves their row numbers in *out. */
static ms_status keep_order(int32_t **out, sorted_row *rows, int32_t count, ms_error *err)
{
    int32_t *order = ms_alloc((size_t)count, sizeof *order);
    if (order == NULL)
        return ms_error_memory(err);
    if (count > 0)
        qsort(rows, (size_t)count, sizeof *rows, compare_sorted);
    for (int32_t i = 0; i < count; i++)
        order[i] = rows[i].row;
    *out = order;
    return MS_OK;
}

ms_status ms_check_find_orders(ms_check *check, ms_error *err)
{
    const ms_case *kase = check->kase;
    int32_t most = kase->agreements_count > kase->reserves_count ? kase->agreements_count : kase->reserves_count;
    sorted_row *rows = ms_alloc((size_t)most, sizeof *rows);
    if (rows == NULL)
        return ms_error_memory(err);
    for (int32_t g = 0; g < kase->agreements_count; g++) {
        const ms_agreement *agreement = &kase->agreements[g];
        rows[g] = (sorted_row){{(int32_t)agreement->kind, agreement->provider_ix, agreement->receiver_ix}, g};
    }
    ms_status status = keep_order(&check->agreement_order, rows, kase->agreements_count, err);
    for (int32_t r = 0; status == MS_OK && r < kase->reserves_count; r++) {
        const ms_reserve *reserve = &kase->reserves[r];
        rows[r] = (sorted_row){{reserve->site_ix, reserve->item_ix, reserve->partner_ix}, r};
    }
    if (status == MS_OK)
        status = keep_order(&check->reserve_order, rows, kase->reserves_count, err);
    ms_free(rows);
    return status;
}

/* -1, 0 or 1 as the three numbers a, b, c lie before, on or behind x, y, z. */
static int compare_three(int32_t a, int32_t b, int32_t c, int32_t x, int32_t y, int32_t z)
{
    if (a != x)
        return a < x ? -1 : 1;
    if (b != y)
        return b < y ? -1 : 1;
    return (c > z) - (c < z);
}

int32_t ms_check_reserve_at(const ms_check *check, int32_t site_ix, int32_t item_ix, int32_t partner_ix)
{
    int32_t low = 0, high = check->kase->reserves_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        const ms_reserve *here = &check->kase->reserves[check->reserve_order[middle]];
        int side = compare_three(here->site_ix, here->item_ix, here->partner_ix, site_ix, item_ix, partner_ix);
        if (side == 0)
            return check->reserve_order[middle];
        if (side < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

void ms_check_agreements_between(const ms_check *check, ms_agreement_kind kind, int32_t provider_ix,
                                 int32_t receiver_ix, size_t *first, size_t *last)
{
    int32_t low = 0, high = check->kase->agreements_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        const ms_agreement *here = &check->kase->agreements[check->agreement_order[middle]];
        if (compare_three((int32_t)here->kind, here->provider_ix, here->receiver_ix, (int32_t)kind, provider_ix,
                          receiver_ix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = (size_t)low;
    for (high = low; high < check->kase->agreements_count; high++) {
        const ms_agreement *here = &check->kase->agreements[check->agreement_order[high]];
        if (here->kind != kind || here->provider_ix != provider_ix || here->receiver_ix != receiver_ix)
            break;
    }
    *last = (size_t)high;
}

/* ---- layers ---- */

static int compare_layers(const void *a, const void *b)
{
    const ms_check_layer *left = a, *right = b;
    return compare_three(left->item_ix, left->owner_ix, 0, right->item_ix, right->owner_ix, 0);
}

int32_t ms_check_layer_of(const ms_check *check, int32_t item_ix, int32_t owner_ix)
{
    const ms_check_layer wanted = {item_ix, owner_ix};
    const ms_check_layer *found = check->layer_count == 0 ? NULL
                                                          : bsearch(&wanted, check->layers, check->layer_count,
                                                                    sizeof *check->layers, compare_layers);
    return found == NULL ? -1 : (int32_t)(found - check->layers);
}

typedef struct {
    ms_check_layer *layers;
    size_t count, capacity;
    bool failed;
} layer_list;

static void add_layer(layer_list *list, int32_t item_ix, int32_t owner_ix)
{
    if (list->count > 0 && list->layers[list->count - 1].item_ix == item_ix &&
        list->layers[list->count - 1].owner_ix == owner_ix)
        return; /* rows come sorted: most repeat the one before */
    void *block = list->layers;
    if (list->failed || !ms_grow(&block, &list->capacity, list->count + 1, sizeof *list->layers)) {
        list->failed = true;
        return;
    }
    list->layers = block;
    list->layers[list->count++] = (ms_check_layer){item_ix, owner_ix};
}

static void add_named(const ms_check *check, layer_list *list)
{
    const ms_case *kase = check->kase;
    for (int32_t i = 0; i < kase->stocks_count; i++)
        add_layer(list, kase->stocks[i].item_ix, kase->stocks[i].partner_ix);
    for (int32_t i = 0; i < kase->supplies_count; i++)
        add_layer(list, kase->supplies[i].item_ix, kase->supplies[i].partner_ix);
    for (int32_t i = 0; i < kase->reserves_count; i++)
        add_layer(list, kase->reserves[i].item_ix, kase->reserves[i].partner_ix);
    for (int32_t i = 0; i < kase->commitments_count; i++)
        add_layer(list, kase->commitments[i].item_ix, kase->commitments[i].partner_ix);
    for (size_t i = 0; i < check->movement_count; i++)
        add_layer(list, check->movements[i].item_ix, check->movements[i].owner_ix);
    for (size_t i = 0; i < check->issue_count; i++)
        add_layer(list, check->issues[i].item_ix, check->issues[i].owner_ix);
    for (size_t i = 0; i < check->level_count; i++)
        add_layer(list, check->levels[i].item_ix, check->levels[i].owner_ix);
}

/* ---- the case's rows by layer ---- */

/* Layer of row i of one of the case's tables. */
typedef int32_t layer_of_row(const ms_check *check, int32_t i);

static int32_t stock_layer(const ms_check *check, int32_t i)
{
    return ms_check_layer_of(check, check->kase->stocks[i].item_ix, check->kase->stocks[i].partner_ix);
}

static int32_t supply_layer(const ms_check *check, int32_t i)
{
    return ms_check_layer_of(check, check->kase->supplies[i].item_ix, check->kase->supplies[i].partner_ix);
}

static int32_t reserve_layer(const ms_check *check, int32_t i)
{
    return ms_check_layer_of(check, check->kase->reserves[i].item_ix, check->kase->reserves[i].partner_ix);
}

static int32_t commitment_layer(const ms_check *check, int32_t i)
{
    return ms_check_layer_of(check, check->kase->commitments[i].item_ix, check->kase->commitments[i].partner_ix);
}

static ms_status group_rows(const ms_check *check, ms_check_group *out, int32_t count, layer_of_row *layer,
                            ms_error *err)
{
    out->starts = ms_alloc(check->layer_count + 2, sizeof *out->starts);
    out->order = ms_alloc((size_t)count, sizeof *out->order);
    if (out->starts == NULL || out->order == NULL)
        return ms_error_memory(err);
    /* Counting sort; starts is shifted by one while rows are placed. */
    for (int32_t i = 0; i < count; i++)
        out->starts[layer(check, i) + 2]++;
    for (size_t k = 2; k < check->layer_count + 2; k++)
        out->starts[k] += out->starts[k - 1];
    for (int32_t i = 0; i < count; i++)
        out->order[out->starts[layer(check, i) + 1]++] = (size_t)i;
    return MS_OK;
}

ms_status ms_check_find_layers(ms_check *check, ms_error *err)
{
    layer_list list = {0};
    add_named(check, &list);
    check->layers = list.layers; /* the check's to free from here on */
    if (list.failed)
        return ms_error_memory(err);
    if (list.count > 0)
        qsort(list.layers, list.count, sizeof *list.layers, compare_layers);
    for (size_t i = 0; i < list.count; i++) {
        if (i == 0 || compare_layers(&list.layers[i - 1], &list.layers[i]) != 0)
            check->layers[check->layer_count++] = list.layers[i];
    }
    const ms_case *kase = check->kase;
    MS_TRY(group_rows(check, &check->stocks, kase->stocks_count, stock_layer, err));
    MS_TRY(group_rows(check, &check->supplies, kase->supplies_count, supply_layer, err));
    MS_TRY(group_rows(check, &check->reserves, kase->reserves_count, reserve_layer, err));
    return group_rows(check, &check->commitments, kase->commitments_count, commitment_layer, err);
}
