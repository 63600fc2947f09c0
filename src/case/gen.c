/* gen.c: made-up cases for trials and benchmarks: plausible theatres of any size, the same bytes for the same
 * options.
 *
 * A generated case looks like what the program is for: partners with rear depots, sea and air lanes to a
 * coast, road and rail inland, units with streams of demand and surges, shared lanes and ports that are a
 * little too small. Its countries are codes that ISO 3166-1 leaves to users, its place is the middle of an
 * ocean: nobody should take it for a real one. gen.h says how the parts work together. Memory: the rows as
 * text; a case of a million rows takes about 100 MB.
 */
#include "case/gen.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"

enum { SITES_MAX = 5000, LANES_MAX = 100000, ITEMS_MAX = 500, DAYS_MAX = 3660 };

static const struct {
    const char *name;
    ms_gen_options options;
} sizes[] = {
    {"S", {.sites = 27, .lanes = 159, .items = 4, .days = 30, .partners = 2, .seed = 1}},
    {"M", {.sites = 63, .lanes = 383, .items = 6, .days = 45, .partners = 2, .seed = 1}},
    {"L", {.sites = 148, .lanes = 926, .items = 12, .days = 90, .partners = 2, .seed = 1}},
    {"XL", {.sites = 500, .lanes = 2000, .items = 30, .days = 120, .partners = 2, .seed = 1}},
};

ms_status ms_gen_size(ms_gen_options *out, const char *name, ms_error *err)
{
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (strcmp(name, sizes[i].name) == 0) {
            *out = sizes[i].options;
            return MS_OK;
        }
    return ms_error_set(err, MS_USAGE, "there is no size '%s'; the sizes are S, M, L and XL", name);
}

ms_random ms_gen_random(const ms_gen *gen, ms_gen_table table, int64_t row)
{
    return ms_random_start(gen->options.seed, ((uint64_t)table << 56) ^ ((uint64_t)row & ((UINT64_C(1) << 56) - 1)));
}

double ms_gen_range(ms_random *random, double low, double high)
{
    return low + (high - low) * ms_random_unit(random);
}

bool ms_gen_chance(ms_random *random, double chance)
{
    return ms_random_unit(random) < chance;
}

double ms_gen_round(double value)
{
    assert(value >= 0);
    double step = 0.001; /* never below a thousandth, never more than three digits */
    while (value >= 1000 * step && step < 1e9)
        step *= 10;
    double inverse =
        1 / step; /* dividing by a power of ten that is exact rounds better than multiplying by one that is not */
    return step >= 1 ? floor(value / step + 0.5) * step : floor(value * inverse + 0.5) / floor(inverse + 0.5);
}

double ms_gen_km(const ms_gen_site *a, const ms_gen_site *b)
{
    double x = (double)(a->x_km - b->x_km), y = (double)(a->y_km - b->y_km);
    return sqrt(x * x + y * y);
}

static ms_status check_options(const ms_gen_options *options, ms_error *err)
{
    const struct {
        const char *what;
        int value, low, high;
    } limits[] = {
        {"partners", options->partners, 1, MS_GEN_PARTNERS},
        {"sites", options->sites, 3 * options->partners + 7, SITES_MAX},
        {"lanes", options->lanes, 1, LANES_MAX},
        {"items", options->items, 1, ITEMS_MAX},
        {"days", options->days, 1, DAYS_MAX},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (limits[i].value < limits[i].low || limits[i].value > limits[i].high)
            return ms_error_set(err, MS_USAGE, "%s must be %d to %d, not %d", limits[i].what, limits[i].low,
                                limits[i].high, limits[i].value);
    return MS_OK;
}

/* ---- the files ---- */

static void put_optional(ms_buf *out, double value)
{
    if (isinf(value))
        ms_csv_put(out, "", false);
    else
        ms_csv_put_number(out, value, false);
}

static const char *partner_id(int partner_ix)
{
    return partner_ix == MS_NONE ? "" : ms_gen_partner_ids[partner_ix];
}

/* XA, XB ... for the partners, XZ for the theatre: user-assigned codes. */
static void country_of(const ms_gen *gen, int country_ix, char out[3])
{
    out[0] = 'X';
    out[1] = country_ix == gen->options.partners ? 'Z' : (char)('A' + country_ix);
    out[2] = '\0';
}

static void put_case(ms_gen *gen, ms_buf *out)
{
    const ms_gen_options *o = &gen->options;
    char name[128];
    snprintf(name, sizeof name, "made-up-%d-sites-%d-lanes-%d-layers-%d-days-seed-%llu", o->sites, o->lanes,
             o->items * o->partners, o->days, (unsigned long long)o->seed);
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "name", name);
    ms_json_string(&json, "start", "2030-03-01");
    ms_json_integer(&json, "days", o->days);
    ms_json_integer(&json, "period_hours", 24);
    ms_json_integer(&json, "priority_ratio", 10);
    ms_json_bool(&json, "fair", false);
    ms_json_string(&json, "currency", "USD");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

static void put_partners(ms_gen *gen, ms_buf *out)
{
    ms_buf_text(out, "partner,name\n");
    for (int p = 0; p < gen->options.partners; p++)
        ms_buf_printf(out, "%s,Partner %s\n", ms_gen_partner_ids[p], ms_gen_partner_ids[p]);
}

/* The plane is laid out at 35 N, 55 W; a degree of longitude is 91.1 km there. */
static void put_sites(ms_gen *gen, ms_buf *out)
{
    static const ms_site_kind kinds[MS_GEN_ROLES] = {MS_SITE_DEPOT, MS_SITE_PLANT,    MS_SITE_PORT,  MS_SITE_AIRFIELD,
                                                     MS_SITE_PORT,  MS_SITE_AIRFIELD, MS_SITE_PLANT, MS_SITE_RAILHEAD,
                                                     MS_SITE_DEPOT, MS_SITE_UNIT};
    ms_buf_text(out, "site,partner,kind,country,lat,lon,handling_t_per_day,storage_t\n");
    for (int n = 0; n < gen->options.sites; n++) {
        const ms_gen_site *site = &gen->sites[n];
        char country[3];
        country_of(gen, site->country_ix, country);
        ms_csv_put(out, site->id, true);
        ms_csv_put(out, partner_id(site->partner_ix), false);
        ms_csv_put(out, ms_site_kind_words[kinds[site->role]], false);
        ms_csv_put(out, country, false);
        ms_csv_put_number(out, floor(1000 * (38 - (double)site->y_km / 111.2) + 0.5) / 1000, false);
        ms_csv_put_number(out, floor(1000 * (-55 + (double)site->x_km / 91.1) + 0.5) / 1000, false);
        put_optional(out, site->handling_t);
        put_optional(out, site->storage_t);
        ms_csv_end(out);
    }
}

static void put_items(ms_gen *gen, ms_buf *out)
{
    ms_buf_text(out, "item,name,class,unit,kg_per_unit,m3_per_unit,value_per_unit,criticality,backorder\n");
    for (int i = 0; i < gen->options.items; i++) {
        const ms_gen_item *item = &gen->items[i];
        ms_csv_put(out, item->id, true);
        ms_csv_put(out, item->name, false);
        ms_csv_put(out, ms_class_words[item->class_ix], false);
        ms_csv_put(out, item->unit, false);
        ms_csv_put_number(out, item->kg_per_unit, false);
        ms_csv_put_number(out, item->m3_per_unit, false);
        ms_csv_put_number(out, item->value_per_unit, false);
        ms_csv_put_number(out, item->criticality, false);
        ms_csv_put(out, item->backorder ? "yes" : "no", false);
        ms_csv_end(out);
    }
}

static void put_lanes(ms_gen *gen, ms_buf *out)
{
    ms_buf_text(out, "lane,from,to,mode,partner,transit_days,capacity_t_per_day,cost_per_t,fleet,carries\n");
    for (int a = 0; a < gen->lane_count; a++) {
        const ms_gen_lane *lane = &gen->lanes[a];
        ms_csv_put(out, lane->id, true);
        ms_csv_put(out, gen->sites[lane->from_ix].id, false);
        ms_csv_put(out, gen->sites[lane->to_ix].id, false);
        ms_csv_put(out, ms_mode_words[lane->mode], false);
        ms_csv_put(out, partner_id(lane->partner_ix), false);
        ms_csv_put_number(out, lane->transit_days, false);
        ms_csv_put_number(out, lane->capacity_t, false);
        ms_csv_put_number(out, lane->cost_per_t, false);
        ms_csv_put(out, lane->fleet_ix == MS_NONE ? "" : gen->fleets[lane->fleet_ix].id, false);
        ms_csv_put(out, lane->carries, false);
        ms_csv_end(out);
    }
}

static void put_fleets(ms_gen *gen, ms_buf *out)
{
    ms_buf_text(out, "fleet,partner,mode,vehicles,payload_t,turn_days\n");
    for (int f = 0; f < gen->fleet_count; f++) {
        const ms_gen_fleet *fleet = &gen->fleets[f];
        ms_csv_put(out, fleet->id, true);
        ms_csv_put(out, ms_gen_partner_ids[fleet->partner_ix], false);
        ms_csv_put(out, ms_mode_words[fleet->mode], false);
        ms_csv_put_number(out, fleet->vehicles, false);
        ms_csv_put_number(out, fleet->payload_t, false);
        ms_csv_put_number(out, fleet->turn_days, false);
        ms_csv_end(out);
    }
}

/* The classes of the case's items that are (or are not) in a list, as a scope. */
static void scope_of(const ms_gen *gen, char *out, size_t size, bool in, ms_class one, ms_class other)
{
    size_t length = 0;
    out[0] = '\0';
    for (int c = 0; c < MS_CLASSES; c++) {
        bool used = false;
        for (int i = 0; i < gen->options.items; i++)
            used = used || gen->items[i].class_ix == (ms_class)c;
        if (used && ((ms_class)c == one || (ms_class)c == other) == in)
            length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? " " : "", ms_class_words[c]);
    }
    assert(length < size);
}

static void put_agreement(ms_buf *out, int provider, int receiver, const char *what, ms_agreement_kind kind,
                          const char *scope, double limit_t, const char *settlement, const char *due_days)
{
    if (*scope == '\0')
        return;
    ms_buf_printf(out, "%s-to-%s-%s", ms_gen_partner_ids[provider], ms_gen_partner_ids[receiver], what);
    ms_csv_put(out, ms_gen_partner_ids[provider], false);
    ms_csv_put(out, ms_gen_partner_ids[receiver], false);
    ms_csv_put(out, ms_agreement_kind_words[kind], false);
    ms_csv_put(out, scope, false);
    put_optional(out, limit_t);
    ms_csv_put(out, settlement, false);
    ms_csv_put(out, due_days, false);
    ms_csv_end(out);
}

/* Everyone lets everyone else through and carries for them; fuel, ammunition and weapons are lent within
 * limits. */
static void put_agreements(ms_gen *gen, ms_buf *out)
{
    char free_items[64], free_lift[64], fuel[64], arms[64];
    scope_of(gen, free_items, sizeof free_items, false, MS_CLASS_III, MS_CLASS_V);
    scope_of(gen, free_lift, sizeof free_lift, false, MS_CLASS_V, MS_CLASS_VII);
    scope_of(gen, fuel, sizeof fuel, true, MS_CLASS_III, MS_CLASS_III);
    scope_of(gen, arms, sizeof arms, true, MS_CLASS_V, MS_CLASS_VII);
    double fuel_t = 0, arms_t = 0;
    for (int i = 0; i < gen->options.items; i++) {
        double all_t = gen->total[i] * gen->items[i].kg_per_unit / 1000;
        if (gen->items[i].class_ix == MS_CLASS_III)
            fuel_t += all_t;
        if (gen->items[i].class_ix == MS_CLASS_V || gen->items[i].class_ix == MS_CLASS_VII)
            arms_t += all_t;
    }
    int partners = gen->options.partners;
    double pairs = partners * (partners - 1.0);
    ms_buf_text(out, "agreement,provider,receiver,kind,scope,limit_t,settlement,due_days\n");
    for (int a = 0; a < partners; a++)
        for (int b = 0; b < partners; b++) {
            if (a == b)
                continue;
            ms_random random = ms_gen_random(gen, MS_GEN_FOR_AGREEMENTS, (int64_t)a * MS_GEN_PARTNERS + b);
            double fuel_limit_t = ms_gen_round(fuel_t * ms_gen_range(&random, 0.1, 0.4) / pairs) + 1;
            double arms_limit_t = ms_gen_round(arms_t * ms_gen_range(&random, 0.05, 0.25) / pairs) + 1;
            double lift_limit_t = ms_gen_round(arms_t * ms_gen_range(&random, 0.3, 0.9) / pairs) + 1;
            put_agreement(out, a, b, "sites", MS_AGREE_SITE, "*", INFINITY, "cash", "");
            put_agreement(out, a, b, "lift", MS_AGREE_LIFT, free_lift, INFINITY, "cash", "90");
            put_agreement(out, a, b, "lift-arms", MS_AGREE_LIFT, arms, lift_limit_t, "cash", "90");
            put_agreement(out, a, b, "goods", MS_AGREE_ITEM, free_items, INFINITY, "equal-value", "180");
            put_agreement(out, a, b, "fuel", MS_AGREE_ITEM, fuel, fuel_limit_t, "in-kind", "60");
            put_agreement(out, a, b, "arms", MS_AGREE_ITEM, arms, arms_limit_t, "in-kind", "180");
        }
}

static void put_duties(ms_gen *gen, ms_buf *out)
{
    ms_buf_text(out, "from_country,to_country,class,rate\n");
    for (int p = 1; p < gen->options.partners; p++) { /* the first partner has an exemption */
        char country[3];
        country_of(gen, p, country);
        ms_buf_printf(out, "%s,XZ,*,0.02\n", country);
    }
}

static void put_substitutes(ms_gen *gen, ms_buf *out)
{
    ms_buf_text(out, "item,substitute,ratio\n");
    for (int i = 0; i < gen->options.items; i++)
        if (strcmp(gen->items[i].id, "jet-fuel") == 0)
            ms_buf_text(out, "diesel,jet-fuel,1.05\n");
}

/* Five things that go wrong, at shares of the horizon. */
static void put_contingencies(ms_gen *gen, ms_buf *out)
{
    double days = gen->options.days;
    const char *port = gen->sites[gen->role_first[MS_GEN_PORT]].id;
    const struct {
        const char *id, *name, *what, *which, *effect, *amount, *chance;
        double from, to;
    } rows[] = {
        {"port-closed", "The first port closes", "site", port, "close", "", "0.1", 0.2, 0.5},
        {"storm", "Storms slow all shipping", "mode", "sea", "delay", "2", "0.2", 0.3, 0.4},
        {"rail-cut", "Rail carries a third", "mode", "rail", "scale", "0.33", "0.15", 0.2, 0.6},
        {"surge", "All units need half as much again", "demand", "*", "scale", "1.5", "0.25", 0.4, 0.7},
        {"depot-burns", "A home depot loses most of its stock", "stock", gen->sites[0].id, "lose", "0.8", "0.05", 0.1,
         0.1},
    };
    ms_buf_text(out, "contingency,name,from_day,to_day,what,which,effect,amount,chance\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ms_buf_printf(out, "%s,%s", rows[i].id, rows[i].name);
        ms_csv_put_number(out, floor(10 * days * rows[i].from + 0.5) / 10, false);
        if (rows[i].to > rows[i].from)
            ms_csv_put_number(out, floor(10 * days * rows[i].to + 0.5) / 10, false);
        else
            ms_csv_put(out, "", false);
        ms_buf_printf(out, ",%s,%s,%s,%s,%s\n", rows[i].what, rows[i].which, rows[i].effect, rows[i].amount,
                      rows[i].chance);
    }
}

static ms_status add(ms_folder_writer *folder, const char *name, ms_buf *rows, ms_error *err)
{
    if (rows->failed)
        return ms_error_memory(err);
    return ms_folder_add(folder, name, rows->text, rows->length, err);
}

static ms_status add_files(ms_folder_writer *folder, ms_gen *gen, ms_error *err)
{
    static const struct {
        const char *name;
        void (*put)(ms_gen *gen, ms_buf *out);
    } files[] = {
        {"partners.csv", put_partners},
        {"sites.csv", put_sites},
        {"items.csv", put_items},
        {"lanes.csv", put_lanes},
        {"fleets.csv", put_fleets},
        {"agreements.csv", put_agreements},
        {"substitutes.csv", put_substitutes},
        {"duties.csv", put_duties},
        {"contingencies.csv", put_contingencies},
        {"case.json", put_case},
    };
    MS_TRY(add(folder, "stocks.csv", &gen->stocks, err));
    MS_TRY(add(folder, "supplies.csv", &gen->supplies, err));
    MS_TRY(add(folder, "demands.csv", &gen->demands, err));
    MS_TRY(add(folder, "reserves.csv", &gen->reserves, err));
    MS_TRY(add(folder, "commitments.csv", &gen->commitments, err));
    ms_buf rows = {0};
    ms_status status = MS_OK;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && status == MS_OK; i++) {
        ms_buf_reset(&rows);
        files[i].put(gen, &rows);
        status = add(folder, files[i].name, &rows, err);
    }
    ms_buf_free(&rows);
    return status;
}

static ms_status write_folder(const char *path, ms_gen *gen, ms_error *err)
{
    ms_folder_writer *folder = NULL;
    MS_TRY(ms_folder_open(&folder, path, false, "case.json", err));
    ms_status status = add_files(folder, gen, err);
    if (status != MS_OK) {
        ms_folder_abandon(folder);
        return status;
    }
    return ms_folder_commit(folder, err);
}

static ms_status draw(ms_gen *gen, ms_error *err)
{
    ms_buf_text(&gen->stocks, "site,item,partner,quantity\n");
    ms_buf_text(&gen->supplies, "site,item,partner,from_day,to_day,per_day\n");
    ms_buf_text(&gen->demands, "demand,site,item,partner,from_day,to_day,per_day,priority\n");
    ms_buf_text(&gen->reserves, "site,item,partner,quantity,days,priority\n");
    ms_buf_text(&gen->commitments, "lane,item,partner,depart_day,quantity\n");
    MS_TRY(ms_gen_sites(gen, err));
    MS_TRY(ms_gen_items(gen, err));
    MS_TRY(ms_gen_demands(gen, err));
    ms_gen_loads(gen);
    MS_TRY(ms_gen_lanes(gen, err));
    MS_TRY(ms_gen_fleets(gen, err));
    return ms_gen_goods(gen, err);
}

ms_status ms_gen_write(const char *path, const ms_gen_options *options, ms_error *err)
{
    MS_TRY(check_options(options, err));
    ms_gen gen = {.options = *options, .arena = ms_arena_new()};
    ms_status status = gen.arena == NULL ? ms_error_memory(err) : draw(&gen, err);
    if (status == MS_OK)
        status = write_folder(path, &gen, err);
    ms_buf_free(&gen.stocks);
    ms_buf_free(&gen.supplies);
    ms_buf_free(&gen.demands);
    ms_buf_free(&gen.reserves);
    ms_buf_free(&gen.commitments);
    ms_arena_free(gen.arena);
    return status;
}
