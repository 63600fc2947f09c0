/* ways.c: under which agreements goods may move and be issued (docs/model.md, Sets; C7, C9).
 *
 * For each need the candidates are the agreements that cover it, in file order; in a period the first unlimited one
 * that holds serves alone, else each limited one that holds makes a way of its own. Cost: layers x lanes x candidates,
 * times H only where an agreement begins or ends within the horizon.
 */
#include "plan/network.h"

#include <string.h>

typedef struct {
    int32_t agreement_ix;   /* -1: no agreement needed */
    const uint8_t *present; /* NULL: in every period */
} option;

typedef struct {
    option *items;
    size_t count, capacity;
} options;

typedef struct {
    ms_network *net;
    int32_t *head, *next; /* agreements by kind, provider, receiver, in file order */
    options needs[MS_NEEDS];
    size_t way_capacity, issue_capacity;
} finder;

/* What a need asks an agreement to cover. */
typedef struct {
    ms_agreement_kind kind;
    int32_t provider_ix, receiver_ix, item_ix, site_ix, lane_ix;
    bool on_arrival; /* must hold when the goods arrive rather than when they leave */
} need;

static int32_t *chain_head(finder *f, ms_agreement_kind kind, int32_t provider, int32_t receiver)
{
    size_t partners = (size_t)f->net->kase->partners_count;
    return &f->head[((size_t)kind * partners + (size_t)provider) * partners + (size_t)receiver];
}

static ms_status index_agreements(finder *f)
{
    const ms_case *kase = f->net->kase;
    size_t partners = (size_t)kase->partners_count;
    f->head = ms_alloc(MS_AGREE_KINDS * partners * partners, sizeof *f->head);
    f->next = ms_alloc((size_t)kase->agreements_count, sizeof *f->next);
    if (!f->head || !f->next)
        return MS_NO_MEMORY;
    memset(f->head, 0xff, MS_AGREE_KINDS * partners * partners * sizeof *f->head);
    for (int32_t g = kase->agreements_count - 1; g >= 0 && f->net->alone_ix == MS_EVERYBODY; g--) {
        const ms_agreement *agreement = &kase->agreements[g];
        int32_t *head = chain_head(f, agreement->kind, agreement->provider_ix, agreement->receiver_ix);
        f->next[g] = *head;
        *head = g;
    }
    return MS_OK;
}

static bool covers(const ms_case *kase, const ms_agreement *agreement, const need *wanted)
{
    if (agreement->items && !agreement->items[wanted->item_ix])
        return false;
    if (agreement->sites && !(wanted->site_ix >= 0 && agreement->sites[wanted->site_ix]))
        return false;
    if (!agreement->lanes && !agreement->fleets)
        return true;
    if (wanted->lane_ix < 0)
        return false;
    int32_t fleet_ix = kase->lanes[wanted->lane_ix].fleet_ix;
    return (agreement->lanes && agreement->lanes[wanted->lane_ix]) ||
           (agreement->fleets && fleet_ix >= 0 && agreement->fleets[fleet_ix]);
}

/* Whether the agreement holds for a use that leaves, or is issued, in t. */
static bool holds(const ms_network *net, int32_t agreement_ix, const need *wanted, int t)
{
    if (wanted->on_arrival)
        t += net->transit[ms_at(net, wanted->lane_ix, t)];
    return t < net->H && ms_case_agreement_holds(net->kase, agreement_ix, t);
}

static bool add_option(options *list, int32_t agreement_ix, const uint8_t *present)
{
    if (!ms_grow((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return false;
    list->items[list->count++] = (option){agreement_ix, present};
    return true;
}

/* Thins the candidates in *list, which all cover the need, to the options by period. */
static bool settle_options(finder *f, options *list, const need *wanted)
{
    const ms_case *kase = f->net->kase;
    bool always = true, unlimited = false;
    for (size_t i = 0; i < list->count; i++) {
        const ms_agreement *agreement = &kase->agreements[list->items[i].agreement_ix];
        always = always && ms_case_agreement_always(kase, list->items[i].agreement_ix);
        if (isinf(agreement->limit_t) && !unlimited) {
            unlimited = true;
            list->items[0] = always ? list->items[i] : list->items[0];
            if (always) {
                list->count = 1;
                return true;
            }
        }
    }
    if (always)
        return true;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        uint8_t *present = ms_arena_alloc(f->net->arena, (size_t)f->net->H, 1);
        if (!present)
            return false;
        list->items[i].present = present;
    }
    for (int t = 0; t < f->net->H; t++) {
        size_t first_free = list->count;
        for (size_t i = 0; i < list->count && first_free == list->count; i++) {
            int32_t g = list->items[i].agreement_ix;
            if (isinf(kase->agreements[g].limit_t) && holds(f->net, g, wanted, t))
                first_free = i;
        }
        for (size_t i = 0; i < list->count; i++) {
            bool in = first_free < list->count ? i == first_free
                                               : holds(f->net, list->items[i].agreement_ix, wanted, t);
            ((uint8_t *)list->items[i].present)[t] = in;
        }
    }
    for (size_t i = 0; i < list->count; i++)
        if (memchr(list->items[i].present, 1, (size_t)f->net->H))
            list->items[kept++] = list->items[i];
    list->count = kept;
    return true;
}

/* Fills *list; empty means that the need cannot be met. False when memory is short. */
static bool find_options(finder *f, options *list, const need *wanted)
{
    const ms_case *kase = f->net->kase;
    list->count = 0;
    if (wanted->provider_ix < 0 || wanted->receiver_ix < 0 || wanted->provider_ix == wanted->receiver_ix)
        return add_option(list, MS_NONE, NULL);
    for (int32_t g = *chain_head(f, wanted->kind, wanted->provider_ix, wanted->receiver_ix); g >= 0; g = f->next[g])
        if (covers(kase, &kase->agreements[g], wanted) && !add_option(list, g, NULL))
            return false;
    return list->count == 0 || settle_options(f, list, wanted);
}

/* The periods in which all three are there: NULL for all; *never is set when there is none. False when memory is short.
 */
static bool join_presence(ms_network *net, const uint8_t **out, bool *never, const option *const parts[MS_NEEDS])
{
    const uint8_t *only = NULL;
    int limited = 0;
    for (int i = 0; i < MS_NEEDS; i++)
        if (parts[i]->present) {
            only = parts[i]->present;
            limited++;
        }
    *never = false;
    *out = only;
    if (limited <= 1)
        return true;
    uint8_t *joint = ms_arena_alloc(net->arena, (size_t)net->H, 1);
    if (!joint)
        return false;
    *never = true;
    for (int t = 0; t < net->H; t++) {
        joint[t] = 1;
        for (int i = 0; i < MS_NEEDS; i++)
            joint[t] &= !parts[i]->present || parts[i]->present[t];
        *never = *never && !joint[t];
    }
    *out = joint;
    return true;
}

static bool add_way(finder *f, int32_t layer, int32_t lane_ix, const option *const parts[MS_NEEDS])
{
    ms_network *net = f->net;
    ms_move_way way = {.layer = layer, .lane_ix = lane_ix};
    bool never;
    if (!join_presence(net, &way.present, &never, parts))
        return false;
    if (never)
        return true;
    for (int i = 0; i < MS_NEEDS; i++)
        way.agreement_ix[i] = parts[i]->agreement_ix;
    if (!ms_grow((void **)&net->ways, &f->way_capacity, (size_t)net->way_count + 1, sizeof *net->ways))
        return false;
    net->ways[net->way_count++] = way;
    return true;
}

static bool find_lane_ways(finder *f, int32_t layer, int32_t lane_ix)
{
    const ms_case *kase = f->net->kase;
    const ms_lane *lane = &kase->lanes[lane_ix];
    int32_t item_ix = f->net->layers[layer].item_ix, owner_ix = f->net->layers[layer].owner_ix;
    int32_t fleet_partner = lane->fleet_ix >= 0 ? kase->fleets[lane->fleet_ix].partner_ix : MS_NONE;
    if (lane->carries && !lane->carries[item_ix])
        return true;
    need wanted = {MS_AGREE_LIFT, lane->partner_ix, owner_ix, item_ix, MS_NONE, lane_ix, false};
    if (!find_options(f, &f->needs[MS_NEED_LIFT], &wanted))
        return false;
    wanted.provider_ix = fleet_partner == lane->partner_ix ? MS_NONE : fleet_partner;
    if (!find_options(f, &f->needs[MS_NEED_FLEET], &wanted))
        return false;
    wanted = (need){MS_AGREE_SITE, kase->sites[lane->to_ix].partner_ix, owner_ix, item_ix, lane->to_ix, lane_ix, true};
    if (!find_options(f, &f->needs[MS_NEED_SITE], &wanted))
        return false;
    for (size_t l = 0; l < f->needs[MS_NEED_LIFT].count; l++)
        for (size_t v = 0; v < f->needs[MS_NEED_FLEET].count; v++)
            for (size_t s = 0; s < f->needs[MS_NEED_SITE].count; s++) {
                const option *const parts[MS_NEEDS] = {&f->needs[MS_NEED_LIFT].items[l],
                                                       &f->needs[MS_NEED_FLEET].items[v],
                                                       &f->needs[MS_NEED_SITE].items[s]};
                if (!add_way(f, layer, lane_ix, parts))
                    return false;
            }
    return true;
}

/* c(v) of an item issued where another is wanted; 0 when it is no substitute. */
static double meets_of(const ms_case *kase, int32_t wanted_ix, int32_t issued_ix)
{
    if (wanted_ix == issued_ix)
        return 1;
    for (int32_t i = 0; i < kase->substitutes_count; i++) {
        const ms_substitute *row = &kase->substitutes[i];
        if (row->item_ix == wanted_ix && row->substitute_ix == issued_ix)
            return kase->items[wanted_ix].kg_per_unit / (kase->items[issued_ix].kg_per_unit * row->ratio);
    }
    return 0;
}

static bool find_issue_ways(finder *f, int32_t layer, int32_t demand_ix, double meets)
{
    ms_network *net = f->net;
    const ms_demand *demand = &net->kase->demands[demand_ix];
    const ms_layer *k = &net->layers[layer];
    need wanted = {MS_AGREE_ITEM, k->owner_ix, demand->partner_ix, k->item_ix, demand->site_ix, MS_NONE, false};
    options *list = &f->needs[MS_NEED_LIFT];
    if (!find_options(f, list, &wanted))
        return false;
    bool other = k->owner_ix >= 0 && demand->partner_ix >= 0 && k->owner_ix != demand->partner_ix;
    double charge = (other ? net->weights.other : 0) + (k->item_ix != demand->item_ix ? net->weights.substitute : 0);
    for (size_t i = 0; i < list->count; i++) {
        if (!ms_grow((void **)&net->issues, &f->issue_capacity, (size_t)net->issue_count + 1, sizeof *net->issues))
            return false;
        net->issues[net->issue_count++] = (ms_issue_way){layer, demand_ix, list->items[i].agreement_ix,
                                                         meets, charge,    list->items[i].present};
    }
    return true;
}

static ms_status find_all(finder *f)
{
    ms_network *net = f->net;
    const ms_case *kase = net->kase;
    net->way_first = ms_arena_alloc(net->arena, (size_t)net->layer_count + 1, sizeof *net->way_first);
    net->issue_first = ms_arena_alloc(net->arena, (size_t)net->layer_count + 1, sizeof *net->issue_first);
    double *meets = ms_arena_alloc(net->arena, (size_t)kase->items_count, sizeof *meets);
    if (!net->way_first || !net->issue_first || !meets)
        return MS_NO_MEMORY;
    for (int32_t k = 0; k < net->layer_count; k++) {
        net->way_first[k] = net->way_count;
        net->issue_first[k] = net->issue_count;
        for (int32_t a = 0; a < kase->lanes_count; a++)
            if (!find_lane_ways(f, k, a))
                return MS_NO_MEMORY;
        for (int32_t i = 0; i < kase->items_count; i++)
            meets[i] = meets_of(kase, i, net->layers[k].item_ix);
        for (int32_t j = 0; j < kase->demands_count; j++)
            if (meets[kase->demands[j].item_ix] > 0 && !find_issue_ways(f, k, j, meets[kase->demands[j].item_ix]))
                return MS_NO_MEMORY;
    }
    net->way_first[net->layer_count] = net->way_count;
    net->issue_first[net->layer_count] = net->issue_count;
    return MS_OK;
}

ms_status ms_network_find_ways(ms_network *net, ms_error *err)
{
    finder f = {.net = net};
    ms_status status = index_agreements(&f);
    if (status == MS_OK)
        status = find_all(&f);
    for (int i = 0; i < MS_NEEDS; i++)
        ms_free(f.needs[i].items);
    ms_free(f.head);
    ms_free(f.next);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}
