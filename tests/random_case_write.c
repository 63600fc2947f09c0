/* random_case_write.c: a random case as a folder. See random_case.h. */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "tests/random_case.h"

static const char *const countries[] = {"XA", "XB", "XC"};
static const char *const mode_words[] = {"sea", "air", "road"};

typedef struct {
    const random_case *rc;
    ms_buf *out;
    bool first; /* in the line */
} line;

static void put(line *l, const char *text)
{
    ms_csv_put(l->out, text, l->first);
    l->first = false;
}

static void put_number(line *l, double value) /* INFINITY and NAN are empty cells */
{
    if (isfinite(value)) {
        ms_csv_put_number(l->out, value, l->first);
        l->first = false;
    } else
        put(l, "");
}

static const char *name(char out[RANDOM_ID_BYTES], const random_case *rc, random_named what, int ix)
{
    if (what == RANDOM_CLASS)
        snprintf(out, RANDOM_ID_BYTES, "%s", ms_class_words[ix]);
    else /* under another order later rows get earlier names */
        snprintf(out, RANDOM_ID_BYTES, "%s%d", rc->prefix[what], rc->order == 0 ? ix + 1 : 200 - ix);
    return out;
}

static void put_name(line *l, random_named what, int ix)
{
    char text[RANDOM_ID_BYTES];
    put(l, ix == MS_NONE ? "" : name(text, l->rc, what, ix));
}

static void put_words(line *l, const random_word *words, int count)
{
    char text[RANDOM_ID_BYTES * (RANDOM_WORDS + 4) + 1] = "", one[RANDOM_ID_BYTES];
    for (int w = 0; w < count; w++) {
        if (w > 0)
            strcat(text, w % 2 == 0 ? ";" : " ");
        strcat(text, name(one, l->rc, words[w].what, words[w].ix));
    }
    put(l, text);
}

static void end(line *l)
{
    ms_csv_end(l->out);
    l->first = true;
}

/* ---- one function a file: the row ix ---- */

static void partner_row(line *l, int ix)
{
    put_name(l, RANDOM_PARTNER, ix);
}

static void site_row(line *l, int ix)
{
    const random_site *site = &l->rc->sites[ix];
    put_name(l, RANDOM_SITE, ix);
    put_name(l, RANDOM_PARTNER, site->partner);
    put(l, ms_site_kind_words[site->kind]);
    put(l, countries[site->country]);
    put_number(l, site->handling);
    put_number(l, site->storage);
}

static void item_row(line *l, int ix)
{
    const random_item *item = &l->rc->items[ix];
    put_name(l, RANDOM_ITEM, ix);
    put(l, ms_class_words[item->class_ix]);
    put_number(l, item->kg);
    put_number(l, item->value);
    put_number(l, item->criticality);
    put(l, item->backorder ? "yes" : "no");
}

static void lane_row(line *l, int ix)
{
    const random_lane *lane = &l->rc->lanes[ix];
    put_name(l, RANDOM_LANE, ix);
    put_name(l, RANDOM_SITE, lane->from);
    put_name(l, RANDOM_SITE, lane->to);
    put(l, mode_words[lane->mode]);
    put_name(l, RANDOM_PARTNER, lane->partner);
    put_number(l, lane->transit);
    put_number(l, lane->capacity);
    put_number(l, lane->cost);
    put_name(l, RANDOM_FLEET, lane->fleet);
    put_words(l, lane->carries, lane->carries_count);
}

static void fleet_row(line *l, int ix)
{
    const random_fleet *fleet = &l->rc->fleets[ix];
    put_name(l, RANDOM_FLEET, ix);
    put_name(l, RANDOM_PARTNER, fleet->partner);
    put(l, mode_words[fleet->mode]);
    put_number(l, fleet->vehicles);
    put_number(l, fleet->payload);
    put_number(l, fleet->turn);
}

static void put_key(line *l, const random_row *row)
{
    put_name(l, RANDOM_SITE, row->site);
    put_name(l, RANDOM_ITEM, row->item);
    put_name(l, RANDOM_PARTNER, row->partner);
}

static void stock_row(line *l, int ix)
{
    put_key(l, &l->rc->stocks[ix]);
    put_number(l, l->rc->stocks[ix].quantity);
}

static void supply_row(line *l, int ix)
{
    put_key(l, &l->rc->supplies[ix]);
    put_number(l, l->rc->supplies[ix].from);
    put_number(l, l->rc->supplies[ix].to);
    put_number(l, l->rc->supplies[ix].quantity);
}

static void demand_row(line *l, int ix)
{
    const random_row *row = &l->rc->demands[ix];
    put_name(l, RANDOM_DEMAND, ix);
    put_key(l, row);
    put_number(l, row->from);
    put_number(l, row->to);
    put_number(l, row->quantity);
    put_number(l, row->priority);
}

static void reserve_row(line *l, int ix)
{
    const random_row *row = &l->rc->reserves[ix];
    put_key(l, row);
    put_number(l, row->quantity);
    put_number(l, row->days);
    put_number(l, row->priority);
}

static void agreement_row(line *l, int ix)
{
    const random_agreement *agreement = &l->rc->agreements[ix];
    put_name(l, RANDOM_AGREEMENT, ix);
    put_name(l, RANDOM_PARTNER, agreement->provider);
    put_name(l, RANDOM_PARTNER, agreement->receiver);
    put(l, ms_agreement_kind_words[agreement->kind]);
    if (agreement->scope_count == 0)
        put(l, "*");
    else
        put_words(l, agreement->scope, agreement->scope_count);
    bool used = isfinite(agreement->limit) && ix % 2 == 1; /* half of it: what is left is exactly the limit drawn */
    put_number(l, used ? 2 * agreement->limit : agreement->limit);
    put_number(l, agreement->from);
    put_number(l, agreement->to);
    put_number(l, used ? agreement->limit : 0);
    put(l, ix % 3 == 1 ? "USD" : "");
    put_number(l, ix % 3 == 2 ? ix + 0.25 : NAN);
}

static void substitute_row(line *l, int ix)
{
    put_name(l, RANDOM_ITEM, l->rc->substitutes[ix].item);
    put_name(l, RANDOM_ITEM, l->rc->substitutes[ix].substitute);
    put_number(l, l->rc->substitutes[ix].ratio);
}

static void duty_row(line *l, int ix)
{
    const random_duty *duty = &l->rc->duties[ix];
    put(l, countries[duty->from_country]);
    put(l, countries[duty->to_country]);
    put(l, duty->class_ix < 0 ? "*" : ms_class_words[duty->class_ix]);
    put_number(l, duty->rate);
}

static void commitment_row(line *l, int ix)
{
    const random_commitment *row = &l->rc->commitments[ix];
    put_name(l, RANDOM_LANE, row->lane);
    put_name(l, RANDOM_ITEM, row->item);
    put_name(l, RANDOM_PARTNER, row->partner);
    put_number(l, row->depart);
    put_number(l, row->quantity);
}

static void force_row(line *l, int ix)
{
    const random_force *force = &l->rc->forces[ix];
    put_name(l, RANDOM_FORCE, ix);
    put_name(l, RANDOM_SITE, force->site);
    put_name(l, RANDOM_PARTNER, force->partner);
    put_number(l, force->from);
    put_number(l, force->to);
    put_number(l, force->persons);
    put(l, force->profile == 0 ? "light" : "heavy");
    put_number(l, force->priority);
}

static void factor_row(line *l, int ix)
{
    const random_factor *factor = &l->rc->factors[ix];
    put(l, factor->profile == 0 ? "light" : "heavy");
    put_name(l, RANDOM_ITEM, factor->item);
    put_number(l, factor->per_person);
}

static void event_row(line *l, int ix)
{
    static const int named[MS_WHATS] = {RANDOM_SITE, RANDOM_LANE,   0, RANDOM_FLEET, RANDOM_SITE,
                                        RANDOM_SITE, RANDOM_DEMAND, 0, RANDOM_PARTNER};
    const random_event *event = &l->rc->events[ix];
    put(l, random_case_contingency);
    put_number(l, event->from);
    put_number(l, event->effect == MS_EFFECT_LOSE && event->what == MS_WHAT_STOCK ? INFINITY : event->to);
    put(l, ms_what_words[event->what]);
    if (event->what == MS_WHAT_MODE)
        put(l, mode_words[event->ix]);
    else if (event->what == MS_WHAT_DUTY)
        put(l, "*/*");
    else if (event->ix == MS_NONE)
        put(l, "*");
    else
        put_name(l, (random_named)named[event->what], event->ix);
    put(l, ms_effect_words[event->effect]);
    put_number(l, event->effect == MS_EFFECT_CLOSE ? NAN : event->amount);
}

/* ---- the folder ---- */

static void put_case(ms_buf *out, const random_case *rc)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "name", "random");
    ms_json_string(&json, "start", "2031-12-30");
    ms_json_number(&json, "days", rc->days);
    ms_json_number(&json, "period_hours", rc->period_hours);
    ms_json_number(&json, "priority_ratio", rc->ratio);
    ms_json_bool(&json, "fair", rc->fair);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

static void put_table(ms_buf *out, const random_case *rc, const char *header, int count, void (*row)(line *l, int ix),
                      int table)
{
    int order[RANDOM_ROWS];
    for (int i = 0; i < count; i++)
        order[i] = i;
    bool ordered = row == duty_row || row == event_row; /* where the order has a meaning */
    ms_random random = ms_random_start(rc->order, (uint64_t)table);
    for (int i = count - 1; i > 0 && rc->order != 0 && !ordered; i--) {
        int other = (int)ms_random_between(&random, 0, i), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    line l = {rc, out, true};
    ms_buf_text(out, header);
    ms_buf_text(out, "\n");
    for (int i = 0; i < count; i++) {
        row(&l, order[i]);
        end(&l);
    }
}

static ms_status add_files(ms_folder_writer *folder, const random_case *rc, ms_buf *out, ms_error *err)
{
    const struct {
        const char *file, *header;
        int count;
        void (*row)(line *l, int ix);
    } tables[] = {
        {"partners.csv", "partner", rc->partner_count, partner_row},
        {"sites.csv", "site,partner,kind,country,handling_t_per_day,storage_t", rc->site_count, site_row},
        {"items.csv", "item,class,kg_per_unit,value_per_unit,criticality,backorder", rc->item_count, item_row},
        {"lanes.csv", "lane,from,to,mode,partner,transit_days,capacity_t_per_day,cost_per_t,fleet,carries",
         rc->lane_count, lane_row},
        {"fleets.csv", "fleet,partner,mode,vehicles,payload_t,turn_days", rc->fleet_count, fleet_row},
        {"stocks.csv", "site,item,partner,quantity", rc->stock_count, stock_row},
        {"supplies.csv", "site,item,partner,from_day,to_day,per_day", rc->supply_count, supply_row},
        {"demands.csv", "demand,site,item,partner,from_day,to_day,per_day,priority", rc->demand_count, demand_row},
        {"reserves.csv", "site,item,partner,quantity,days,priority", rc->reserve_count, reserve_row},
        {"agreements.csv", "agreement,provider,receiver,kind,scope,limit_t,from_day,to_day,used_t,"
         "currency,price", rc->agreement_count,
         agreement_row},
        {"substitutes.csv", "item,substitute,ratio", rc->substitute_count, substitute_row},
        {"duties.csv", "from_country,to_country,class,rate", rc->duty_count, duty_row},
        {"commitments.csv", "lane,item,partner,depart_day,quantity", rc->commitment_count, commitment_row},
        {"forces.csv", "force,site,partner,from_day,to_day,persons,profile,priority", rc->force_count, force_row},
        {"factors.csv", "profile,item,per_person_per_day", rc->factor_count, factor_row},
        {"contingencies.csv", "contingency,from_day,to_day,what,which,effect,amount", rc->event_count, event_row},
    };
    put_case(out, rc);
    MS_TRY(ms_folder_add(folder, "case.json", out->text, out->length, err));
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (tables[i].count == 0)
            continue;
        ms_buf_reset(out);
        put_table(out, rc, tables[i].header, tables[i].count, tables[i].row, (int)i);
        if (out->failed)
            return ms_error_memory(err);
        MS_TRY(ms_folder_add(folder, tables[i].file, out->text, out->length, err));
    }
    return MS_OK;
}

ms_status random_case_write(const char *path, const random_case *rc, ms_error *err)
{
    ms_folder_writer *folder = NULL;
    MS_TRY(ms_folder_open(&folder, path, false, "case.json", err));
    ms_buf out = {0};
    ms_status status = add_files(folder, rc, &out, err);
    ms_buf_free(&out);
    if (status != MS_OK) {
        ms_folder_abandon(folder);
        return status;
    }
    return ms_folder_commit(folder, err);
}
