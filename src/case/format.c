/* format.c: the rows of the case format. See format.h. */
#include "case/format.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *const ms_site_kind_words[MS_SITE_KINDS + 1] = {"depot", "port", "airfield", "railhead",
                                                           "plant", "unit", NULL};
const char *const ms_mode_words[MS_MODES + 1] = {"sea", "air", "road", "rail", "pipeline", "river", NULL};
const char *const ms_class_words[MS_CLASSES + 1] = {"I",   "II",   "III", "IV", "V",     "VI",
                                                    "VII", "VIII", "IX",  "X",  "water", NULL};
const char *const ms_agreement_kind_words[MS_AGREE_KINDS + 1] = {"item", "lift", "site", NULL};
const char *const ms_settlement_words[MS_SETTLEMENTS + 1] = {"", "cash", "in-kind", "equal-value", NULL};
const char *const ms_what_words[MS_WHATS + 1] = {"site",   "lane",   "mode", "fleet",   "stock",
                                                 "supply", "demand", "duty", "partner", NULL};
const char *const ms_effect_words[MS_EFFECTS + 1] = {"close", "scale", "delay", "lose", "set", NULL};
const char *const ms_vary_words[MS_VARIES + 1] = {"start", "duration", "amount", NULL};

#define BIT(effect) (1u << MS_EFFECT_##effect)
const uint8_t ms_what_effects[MS_WHATS] = {
    [MS_WHAT_SITE] = BIT(CLOSE) | BIT(SCALE) | BIT(SET),
    [MS_WHAT_LANE] = BIT(CLOSE) | BIT(SCALE) | BIT(DELAY) | BIT(SET),
    [MS_WHAT_MODE] = BIT(CLOSE) | BIT(SCALE) | BIT(DELAY),
    [MS_WHAT_FLEET] = BIT(CLOSE) | BIT(SCALE) | BIT(LOSE) | BIT(SET),
    [MS_WHAT_STOCK] = BIT(LOSE),
    [MS_WHAT_SUPPLY] = BIT(CLOSE) | BIT(SCALE) | BIT(DELAY) | BIT(SET),
    [MS_WHAT_DEMAND] = BIT(SCALE) | BIT(SET),
    [MS_WHAT_DUTY] = BIT(SCALE) | BIT(SET),
    [MS_WHAT_PARTNER] = BIT(CLOSE),
};

/* Short names for what the rows below repeat. */
#define COLUMN(row, field, kind) .offset = offsetof(row, field), .type = MS_COLUMN_##kind
#define REQUIRED .flags = MS_COLUMN_REQUIRED
#define REQUIRED_KEY .flags = MS_COLUMN_REQUIRED | MS_COLUMN_KEY
#define PRESENT .flags = MS_COLUMN_PRESENT
#define PRESENT_KEY .flags = MS_COLUMN_PRESENT | MS_COLUMN_KEY
#define UP_TO_CAP .low = 0, .high = MS_CASE_MAGNITUDE
#define UNLIMITED UP_TO_CAP, .fallback = INFINITY, .empty = "unlimited"
#define NOBODY .ref = MS_FILE_PARTNERS, .empty = "nobody's, open to all"
#define ITS_ID .empty = "its id"
#define FROM_DAY(row) COLUMN(row, from_day, DAY), .name = "from_day", .high = MS_CASE_DAYS, .unit = "day"
#define TO_DAY(row) COLUMN(row, to_day, DAY), .name = "to_day", .high = MS_CASE_DAYS, .unit = "day"
#define TO_THE_END .empty = "to the end", .fallback = INFINITY
#define FROM_HELP .help = "First day of the span."
#define TO_HELP .help = "Day on which the span is over; later than from_day."
#define PRIORITY(row) COLUMN(row, priority, WHOLE), REQUIRED, .name = "priority", .low = 1, .high = MS_PRIORITY_COUNT
#define PRIORITY_HELP .help = "1 is the most urgent; each priority weighs priority_ratio times the next."

static const ms_column case_columns[] = {
    {COLUMN(ms_case, name, TEXT), REQUIRED, .name = "name", .high = 200, .help = "Name of the case, up to 200 bytes."},
    {COLUMN(ms_case, start_day, DATE), REQUIRED, .name = "start", .help = "Date of day 0, as \"YYYY-MM-DD\"."},
    {COLUMN(ms_case, days, NUMBER), REQUIRED, .name = "days", .low = 1, .high = MS_CASE_DAYS, .unit = "days",
     .help = "Length of the case; may be a fraction. A last period that is begun is planned whole."},
    {COLUMN(ms_case, period_hours, NUMBER), .name = "period_hours", .low = 1, .high = 168, .fallback = 24,
     .empty = "24", .unit = "hours", .help = "Length of a planning period."},
    {COLUMN(ms_case, priority_ratio, NUMBER), .name = "priority_ratio", .low = 1, .high = 1000, .fallback = 10,
     .empty = "10", .help = "How many times more a priority weighs than the next."},
    {COLUMN(ms_case, fair, YES_NO), .name = "fair", .empty = "false",
     .help = "true shares a shortage among equals; false may leave it all with one."},
    {COLUMN(ms_case, currency, TEXT), .name = "currency", .high = 16, .empty = "none",
     .help = "Currency of every cost and value, such as \"USD\"."},
};

static const ms_column partner_columns[] = {
    {COLUMN(ms_partner, id, ID), REQUIRED, .name = "partner", .help = "Id of the partner."},
    {COLUMN(ms_partner, name, TEXT), ITS_ID, .name = "name", .high = 200, .help = "Name for people."},
};

static const ms_column site_columns[] = {
    {COLUMN(ms_site, id, ID), REQUIRED, .name = "site", .help = "Id of the site."},
    {COLUMN(ms_site, name, TEXT), ITS_ID, .name = "name", .high = 200, .help = "Name for people."},
    {COLUMN(ms_site, partner_ix, REF), PRESENT, NOBODY, .name = "partner", .help = "Who runs the site."},
    {COLUMN(ms_site, kind, WORD), REQUIRED, .name = "kind", .words = ms_site_kind_words, .help = "What the site is."},
    {COLUMN(ms_site, country, COUNTRY), .name = "country", .empty = "unknown: no duty is due",
     .help = "Country, two letters of ISO 3166-1."},
    {COLUMN(ms_site, lat, NUMBER), .name = "lat", .low = -90, .high = 90, .fallback = NAN, .empty = "unknown",
     .unit = "degrees", .help = "Latitude, north positive; lat and lon come together."},
    {COLUMN(ms_site, lon, NUMBER), .name = "lon", .low = -180, .high = 180, .fallback = NAN, .empty = "unknown",
     .unit = "degrees", .help = "Longitude, east positive."},
    {COLUMN(ms_site, handling_t_per_day, NUMBER), UNLIMITED, .name = "handling_t_per_day", .unit = "t/day",
     .help = "Tonnes that may come in and go out in a day, all goods together."},
    {COLUMN(ms_site, storage_t, NUMBER), UNLIMITED, .name = "storage_t", .unit = "t",
     .help = "Tonnes that may lie there at the end of a period; what is there at the start is never an error."},
};

static const ms_column item_columns[] = {
    {COLUMN(ms_item, id, ID), REQUIRED, .name = "item", .help = "Id of the item."},
    {COLUMN(ms_item, name, TEXT), ITS_ID, .name = "name", .high = 200, .help = "Name for people."},
    {COLUMN(ms_item, class_ix, WORD), REQUIRED, .name = "class", .words = ms_class_words,
     .help = "Class of supply: Roman numerals, or water."},
    {COLUMN(ms_item, unit, TEXT), .name = "unit", .high = 32, .empty = "unnamed",
     .help = "What one unit is, for people: case, m3, round."},
    {COLUMN(ms_item, kg_per_unit, NUMBER), .flags = MS_COLUMN_REQUIRED | MS_COLUMN_ABOVE, .name = "kg_per_unit",
     .low = 0, .high = 1e9, .unit = "kg", .help = "Mass of one unit, packing included."},
    {COLUMN(ms_item, m3_per_unit, NUMBER), UP_TO_CAP, .name = "m3_per_unit", .empty = "0, unknown", .unit = "m3",
     .help = "Volume of one unit, for reports; limits are in tonnes."},
    {COLUMN(ms_item, value_per_unit, NUMBER), UP_TO_CAP, .name = "value_per_unit", .empty = "0",
     .help = "Value of one unit in the currency: duty and settlement by value start from it."},
    {COLUMN(ms_item, criticality, NUMBER), .flags = MS_COLUMN_ABOVE, .name = "criticality", .low = 0, .high = 1000,
     .fallback = 1, .empty = "1", .help = "Weight of a tonne short against other items of the same priority."},
    {COLUMN(ms_item, backorder, YES_NO), .name = "backorder", .empty = "no",
     .help = "yes: what is not met today may be met later; no: it is lost."},
    {COLUMN(ms_item, nsn, TEXT), .name = "nsn", .high = 32, .empty = "none",
     .help = "NATO stock number, or any catalogue number; for people."},
};

static const ms_column fleet_columns[] = {
    {COLUMN(ms_fleet, id, ID), REQUIRED, .name = "fleet", .help = "Id of the fleet."},
    {COLUMN(ms_fleet, partner_ix, REF), NOBODY, .name = "partner", .help = "Whose vehicles they are."},
    {COLUMN(ms_fleet, mode, WORD), .name = "mode", .words = ms_mode_words, .fallback = MS_NONE,
     .empty = "that of the first lane that draws on it", .help = "Mode of every lane that draws on the fleet."},
    {COLUMN(ms_fleet, vehicles, NUMBER), REQUIRED, UP_TO_CAP, .name = "vehicles",
     .help = "Vehicles, vessels or aircraft; half a ship is one that sails every second day."},
    {COLUMN(ms_fleet, payload_t, NUMBER), .flags = MS_COLUMN_REQUIRED | MS_COLUMN_ABOVE, UP_TO_CAP, .name = "payload_t",
     .unit = "t", .help = "Tonnes that one vehicle carries on a trip."},
    {COLUMN(ms_fleet, turn_days, NUMBER), .name = "turn_days", .high = MS_CASE_DAYS, .empty = "0", .unit = "days",
     .help = "Loading, unloading and rest; a trip holds a vehicle for 2 x transit_days + turn_days."},
};

static const ms_column lane_columns[] = {
    {COLUMN(ms_lane, id, ID), REQUIRED, .name = "lane", .help = "Id of the lane."},
    {COLUMN(ms_lane, from_ix, REF), REQUIRED, .name = "from", .ref = MS_FILE_SITES, .help = "Where it begins."},
    {COLUMN(ms_lane, to_ix, REF), REQUIRED, .name = "to", .ref = MS_FILE_SITES,
     .help = "Where it ends; the way back is another lane."},
    {COLUMN(ms_lane, mode, WORD), REQUIRED, .name = "mode", .words = ms_mode_words, .help = "Mode of transport."},
    {COLUMN(ms_lane, partner_ix, REF), NOBODY, .name = "partner", .help = "Who controls the lane."},
    {COLUMN(ms_lane, transit_days, NUMBER), REQUIRED, .name = "transit_days", .high = MS_CASE_DAYS, .unit = "days",
     .help = "Time from departure to arrival; rounded up to whole periods, at least one."},
    {COLUMN(ms_lane, capacity_t_per_day, NUMBER), UNLIMITED, .name = "capacity_t_per_day", .unit = "t/day",
     .help = "Tonnes that may leave in a day, all goods together."},
    {COLUMN(ms_lane, cost_per_t, NUMBER), UP_TO_CAP, .name = "cost_per_t", .empty = "0",
     .help = "Cost of a tonne in the currency."},
    {COLUMN(ms_lane, fleet_ix, REF), .name = "fleet", .ref = MS_FILE_FLEETS, .empty = "none: no vehicles are counted",
     .help = "Fleet that the lane draws on; of the same mode."},
    {COLUMN(ms_lane, carries, LIST), .name = "carries", .empty = "everything",
     .help = "Classes or items that the lane may carry."},
};

static const ms_column stock_columns[] = {
    {COLUMN(ms_stock, site_ix, REF), REQUIRED_KEY, .name = "site", .ref = MS_FILE_SITES, .help = "Where it lies."},
    {COLUMN(ms_stock, item_ix, REF), REQUIRED_KEY, .name = "item", .ref = MS_FILE_ITEMS, .help = "What it is."},
    {COLUMN(ms_stock, partner_ix, REF), PRESENT_KEY, NOBODY, .name = "partner", .help = "Whose it is."},
    {COLUMN(ms_stock, quantity, NUMBER), REQUIRED, UP_TO_CAP, .name = "quantity", .unit = "item units",
     .help = "On hand at the start."},
};

static const ms_column supply_columns[] = {
    {COLUMN(ms_supply, site_ix, REF), REQUIRED_KEY, .name = "site", .ref = MS_FILE_SITES, .help = "Where it comes in."},
    {COLUMN(ms_supply, item_ix, REF), REQUIRED_KEY, .name = "item", .ref = MS_FILE_ITEMS, .help = "What comes in."},
    {COLUMN(ms_supply, partner_ix, REF), PRESENT_KEY, NOBODY, .name = "partner", .help = "Whose it is."},
    {FROM_DAY(ms_supply), REQUIRED_KEY, FROM_HELP},
    {TO_DAY(ms_supply), TO_THE_END, TO_HELP},
    {COLUMN(ms_supply, per_day, NUMBER), REQUIRED, UP_TO_CAP, .name = "per_day", .unit = "item units/day",
     .help = "Due in or produced, each day of the span."},
};

static const ms_column demand_columns[] = {
    {COLUMN(ms_demand, id, ID), REQUIRED, .name = "demand", .help = "Id of the demand."},
    {COLUMN(ms_demand, site_ix, REF), REQUIRED, .name = "site", .ref = MS_FILE_SITES, .help = "Where it is wanted."},
    {COLUMN(ms_demand, item_ix, REF), REQUIRED, .name = "item", .ref = MS_FILE_ITEMS, .help = "What is wanted."},
    {COLUMN(ms_demand, partner_ix, REF), PRESENT, .ref = MS_FILE_PARTNERS, .name = "partner",
     .empty = "nobody's, whom everyone may serve", .help = "Who wants it."},
    {FROM_DAY(ms_demand), REQUIRED, FROM_HELP},
    {TO_DAY(ms_demand), TO_THE_END, TO_HELP},
    {COLUMN(ms_demand, per_day, NUMBER), REQUIRED, UP_TO_CAP, .name = "per_day", .unit = "item units/day",
     .help = "Consumed, each day of the span."},
    {PRIORITY(ms_demand), PRIORITY_HELP},
};

static const ms_column factor_columns[] = {
    {COLUMN(ms_factor, profile, GROUP), REQUIRED_KEY, .name = "profile",
     .help = "Id of the profile; one row for each item that it consumes."},
    {COLUMN(ms_factor, item_ix, REF), REQUIRED_KEY, .name = "item", .ref = MS_FILE_ITEMS, .help = "What is consumed."},
    {COLUMN(ms_factor, per_person_per_day, NUMBER), REQUIRED, UP_TO_CAP, .name = "per_person_per_day",
     .unit = "item units", .help = "Consumed by one person in one day."},
};

static const ms_column force_columns[] = {
    {COLUMN(ms_force, id, ID), REQUIRED, .name = "force", .help = "Id of the force."},
    {COLUMN(ms_force, site_ix, REF), REQUIRED, .name = "site", .ref = MS_FILE_SITES, .help = "Where it is."},
    {COLUMN(ms_force, partner_ix, REF), PRESENT, .ref = MS_FILE_PARTNERS, .name = "partner",
     .empty = "nobody's, whom everyone may serve", .help = "Whose it is."},
    {FROM_DAY(ms_force), .empty = "0, the start", FROM_HELP},
    {TO_DAY(ms_force), TO_THE_END, TO_HELP},
    {COLUMN(ms_force, persons, NUMBER), REQUIRED, UP_TO_CAP, .name = "persons", .help = "Head count."},
    {COLUMN(ms_force, profile, MEMBER), REQUIRED, .name = "profile", .ref = MS_FILE_FACTORS,
     .help = "Profile of factors.csv by which it consumes."},
    {PRIORITY(ms_force), PRIORITY_HELP},
};

static const ms_column reserve_columns[] = {
    {COLUMN(ms_reserve, site_ix, REF), REQUIRED_KEY, .name = "site", .ref = MS_FILE_SITES, .help = "Where it lies."},
    {COLUMN(ms_reserve, item_ix, REF), REQUIRED_KEY, .name = "item", .ref = MS_FILE_ITEMS, .help = "What it is."},
    {COLUMN(ms_reserve, partner_ix, REF), PRESENT_KEY, NOBODY, .name = "partner", .help = "Whose stock it is."},
    {COLUMN(ms_reserve, quantity, NUMBER), UP_TO_CAP, .name = "quantity", .fallback = NAN, .empty = "days says it",
     .unit = "item units", .help = "Stock that should stay on hand."},
    {COLUMN(ms_reserve, days, NUMBER), .high = MS_CASE_DAYS, .name = "days", .fallback = NAN,
     .empty = "quantity says it", .unit = "days",
     .help = "The same as days of coming demand at that site, for that item, by that partner."},
    {PRIORITY(ms_reserve), PRIORITY_HELP},
};

static const ms_column agreement_columns[] = {
    {COLUMN(ms_agreement, id, ID), REQUIRED, .name = "agreement", .help = "Id of the agreement."},
    {COLUMN(ms_agreement, provider_ix, REF), REQUIRED, .name = "provider", .ref = MS_FILE_PARTNERS,
     .help = "Who gives, carries or lets through."},
    {COLUMN(ms_agreement, receiver_ix, REF), REQUIRED, .name = "receiver", .ref = MS_FILE_PARTNERS,
     .help = "For whom; not the provider."},
    {COLUMN(ms_agreement, kind, WORD), REQUIRED, .name = "kind", .words = ms_agreement_kind_words,
     .help = "What the receiver may use: goods, transport or sites."},
    {COLUMN(ms_agreement, scope_text, LIST), .name = "scope", .empty = "* (everything)",
     .help = "What it is limited to."},
    {COLUMN(ms_agreement, limit_t, NUMBER), UNLIMITED, .name = "limit_t", .unit = "t",
     .help = "Tonnes over the agreement's whole life."},
    {FROM_DAY(ms_agreement), .empty = "0, the start", FROM_HELP},
    {TO_DAY(ms_agreement), TO_THE_END, TO_HELP},
    {COLUMN(ms_agreement, settlement, WORD), .name = "settlement", .words = ms_settlement_words, .empty = "not stated",
     .help = "How it is repaid."},
    {COLUMN(ms_agreement, due_days, NUMBER), .name = "due_days", .high = 36600, .fallback = NAN, .unit = "days",
     .empty = "not stated", .help = "Days after delivery by which it is repaid."},
    {COLUMN(ms_agreement, currency, TEXT), .name = "currency", .high = 16, .empty = "the case's",
     .help = "Currency of the price and of what is owed: three capital letters, such as \"USD\"."},
    {COLUMN(ms_agreement, price, NUMBER), UP_TO_CAP, .name = "price", .fallback = NAN,
     .empty = "the item's value_per_unit",
     .help = "Price of one unit of the item; of one tonne where the agreement is for lift or site."},
    {COLUMN(ms_agreement, used_t, NUMBER), .name = "used_t", .unit = "t", .empty = "0", .high = MS_CASE_MAGNITUDE,
     .help = "Of limit_t, what has been used up already."},
};

static const ms_column substitute_columns[] = {
    {COLUMN(ms_substitute, item_ix, REF), REQUIRED_KEY, .name = "item", .ref = MS_FILE_ITEMS,
     .help = "What is wanted."},
    {COLUMN(ms_substitute, substitute_ix, REF), REQUIRED_KEY, .name = "substitute", .ref = MS_FILE_ITEMS,
     .help = "What does instead."},
    {COLUMN(ms_substitute, ratio, NUMBER), .flags = MS_COLUMN_ABOVE, .low = 0, .high = 1e6, .name = "ratio",
     .fallback = 1, .empty = "1", .help = "Units of the substitute that do the work of one unit of the item."},
};

static const ms_column duty_columns[] = {
    {COLUMN(ms_duty, from_country, COUNTRY), .flags = MS_COLUMN_REQUIRED | MS_COLUMN_KEY | MS_COLUMN_ANY,
     .name = "from_country", .help = "Country that the goods leave, or *."},
    {COLUMN(ms_duty, to_country, COUNTRY), .flags = MS_COLUMN_REQUIRED | MS_COLUMN_KEY | MS_COLUMN_ANY,
     .name = "to_country", .help = "Country that they enter, or *."},
    {COLUMN(ms_duty, class_ix, WORD), .flags = MS_COLUMN_KEY | MS_COLUMN_ANY, .name = "class", .words = ms_class_words,
     .fallback = MS_NONE, .empty = "* (every class)", .help = "Class of supply, or *."},
    {COLUMN(ms_duty, rate, NUMBER), REQUIRED, .high = 100, .name = "rate",
     .help = "Share of the value, added to the cost of crossing: 0.15 is 15 per cent."},
};

static const ms_column commitment_columns[] = {
    {COLUMN(ms_commitment, lane_ix, REF), REQUIRED, .name = "lane", .ref = MS_FILE_LANES, .help = "On which lane."},
    {COLUMN(ms_commitment, item_ix, REF), REQUIRED, .name = "item", .ref = MS_FILE_ITEMS, .help = "What moves."},
    {COLUMN(ms_commitment, partner_ix, REF), PRESENT, NOBODY, .name = "partner", .help = "Whose it is."},
    {COLUMN(ms_commitment, depart_day, DAY), REQUIRED, .name = "depart_day", .low = -MS_CASE_DAYS, .high = MS_CASE_DAYS,
     .unit = "day", .help = "Day of departure; negative when it is already under way."},
    {COLUMN(ms_commitment, quantity, NUMBER), REQUIRED, UP_TO_CAP, .name = "quantity", .unit = "item units",
     .help = "How much."},
};

static const ms_column contingency_columns[] = {
    {COLUMN(ms_event_row, contingency, GROUP), REQUIRED, .name = "contingency",
     .help = "Id of the contingency; one row for each of its events."},
    {COLUMN(ms_event_row, name, TEXT), ITS_ID, .name = "name", .high = 200,
     .help = "Name for people; the first row that gives one counts."},
    {FROM_DAY(ms_event_row), REQUIRED, FROM_HELP},
    {TO_DAY(ms_event_row), TO_THE_END, TO_HELP},
    {COLUMN(ms_event_row, what, WORD), REQUIRED, .name = "what", .words = ms_what_words, .help = "What is struck."},
    {COLUMN(ms_event_row, which, TEXT), REQUIRED, .name = "which", .high = 200,
     .help = "Which of them: an id, or a pattern with * (any text) and ? (any character)."},
    {COLUMN(ms_event_row, effect, WORD), REQUIRED, .name = "effect", .words = ms_effect_words,
     .help = "What happens to it."},
    {COLUMN(ms_event_row, amount, NUMBER), UP_TO_CAP, .name = "amount", .fallback = NAN, .empty = "only with close",
     .help = "How much of the effect."},
    {COLUMN(ms_event_row, chance, NUMBER), .high = 1, .name = "chance", .fallback = NAN, .empty = "not stated",
     .help = "Probability that it happens, 0 to 1; the first row of a contingency counts."},
};

static const ms_column variation_columns[] = {
    {COLUMN(ms_variation, contingency, MEMBER), REQUIRED_KEY, .name = "contingency", .ref = MS_FILE_CONTINGENCIES,
     .help = "Which contingency varies."},
    {COLUMN(ms_variation, vary, WORD), REQUIRED_KEY, .name = "vary", .words = ms_vary_words, .help = "What of it."},
    {COLUMN(ms_variation, least, NUMBER), REQUIRED, .low = -MS_CASE_DAYS, .high = MS_CASE_DAYS, .name = "least",
     .help = "The least that it can be."},
    {COLUMN(ms_variation, likely, NUMBER), .low = -MS_CASE_DAYS, .high = MS_CASE_DAYS, .name = "likely",
     .fallback = NAN, .empty = "all between are as likely", .help = "What is most likely."},
    {COLUMN(ms_variation, most, NUMBER), REQUIRED, .low = -MS_CASE_DAYS, .high = MS_CASE_DAYS, .name = "most",
     .help = "The most that it can be."},
};

static const char *const case_notes[] = {
    "Days are decimal and count from the start; day 2.5 is noon of the third day. A span runs from "
    "`from_day` up to, not including, `to_day`, and lies within the case: from 0 to `days`.",
    "Time is planned in periods of `period_hours`. A quantity a day is spread evenly over the periods that "
    "its span covers, a part of a period counting in part. Transit is rounded up to whole periods, at least "
    "one.",
    "When the priorities in use, times the ratio between them, span more than 1e8, the program says so and "
    "uses the largest ratio that does not.",
    NULL};
static const char *const stock_notes[] = {
    "One row for each site, item and owner: add up what lies there in several places.", NULL};
static const char *const fleet_notes[] = {
    "A trip holds a vehicle from its departure for 2 x `transit_days` + `turn_days`: there, unloading, and "
    "back. A fleet of half a vehicle makes half the trips of one.",
    NULL};
static const char *const lane_notes[] = {
    "A lane leads one way. Goods of partner A on a lane of partner B need a `lift` agreement in which B "
    "provides and A receives; on a fleet of partner C another one, of C with A; and on arrival at a site of "
    "partner B a `site` agreement of B with A. A lane, fleet or site without a partner needs none.",
    NULL};
static const char *const force_notes[] = {
    "A force consumes by its profile: each of the profile's rows in `factors.csv` becomes a demand named "
    "`force/item`, of `persons` x `per_person_per_day` a day, over the force's span and at its priority. "
    "Shortfalls and `mainstay explain` use these names.",
    NULL};
static const char *const reserve_notes[] = {
    "Give `quantity` or `days`, not both. Stock below the reserve is a shortfall of the reserve's priority. "
    "Days look at the demand that follows each period; behind the end of the case, demand without a `to_day` "
    "goes on at its rate.",
    NULL};
static const char *const agreement_notes[] = {
    "An `item` agreement lets the provider's stock meet the receiver's demand. A `lift` agreement lets the "
    "receiver's goods move on the provider's lanes and fleets. A `site` agreement lets the receiver's goods "
    "arrive at the provider's sites; they are counted once, on arrival, and leaving needs no agreement.",
    "`scope` is `*` or a list of words. Words of one sort widen it, words of different sorts narrow it: `III "
    "port-a` is class III and at port-a, `I water` is class I or water. `item` agreements take items, "
    "classes, and sites (of the demand); `lift` agreements take lanes and fleets (one sort), items, classes; "
    "`site` agreements take sites, items, classes. Items and classes are one sort.",
    "An agreement with dates holds in a period when the period's start lies within them.",
    "`settlement`, `due_days`, `currency` and `price` are the terms of the orders under an agreement "
    "(docs/ledger.md); a plan does not look at them. `from_day` and `to_day` bound the orders too, where they are "
    "given.",
    "A plan uses at most `limit_t` less `used_t`. `used_t` is for what was issued before and has not come back; the "
    "case of a book has it from the book's ledger (docs/ledger.md).",
    NULL};
static const char *const substitute_notes[] = {
    "Substitutes are direct: a substitute's own substitutes do not count. A circle of substitutes is an error.", NULL};
static const char *const duty_notes[] = {
    "A lane whose ends are in different countries costs `rate` x value more. The first row that fits counts, "
    "so put the special rows before the general ones.",
    NULL};
static const char *const commitment_notes[] = {
    "A plan keeps its commitments. One that departs on day 0 or later draws on its owner's stock at the "
    "lane's origin and uses the lane's capacity and fleet like any movement; one that departs earlier simply "
    "arrives.",
    NULL};
static const char *const contingency_notes[] = {
    "Rows with one `contingency` are its events; they are applied in the order of the file, each to what "
    "those before it left. A plan uses no contingency unless told to.",
    "| what | which | close | scale | delay | lose | set |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
    "| site | site | handles nothing; issues from its stock go on | handling x amount | | | handling, t/day |\n"
    "| lane | lane | nothing leaves | capacity x amount | departures take amount days longer | | capacity, t/day |\n"
    "| mode | mode | as for each of its lanes | so too | so too | | |\n"
    "| fleet | fleet | no vehicles | vehicles x amount | | share of the vehicles, and of the commitments under way "
    "with them | vehicles |\n"
    "| stock | site or site/item | | | | share of the stock there | |\n"
    "| supply | site or site/item | nothing comes in | supply x amount | comes in amount days later | | per_day |\n"
    "| demand | demand, or force/item | | demand x amount | | | per_day |\n"
    "| duty | FROM/TO countries | | rate x amount | | | rate |\n"
    "| partner | partner | its sites, lanes and fleets close, and the agreements in which it provides do not hold; its "
    "stock still serves its own | | | | |",
    "Each `which` may be a pattern: `port-*`, `*/diesel`, `battalion-1/*`, `CN/*`. It must fit something.",
    "An event that covers a part of a period counts in part: a lane closed for half a day keeps half of that "
    "day's capacity. What is unlimited stays so unless it is closed, or set, for the whole period. A delay "
    "holds for departures in the periods whose start lies in the span. `lose` on a stock happens once, at "
    "the start of the period in which `from_day` lies: that share of what was left from the period before is "
    "gone, whoever owns it, and `to_day` means nothing. `lose` on a fleet lasts for the span; commitments on "
    "its lanes that are between departure and arrival on `from_day` lose the same share.",
    "`set` on a demand or a supply is its rate where the event's span and the row's own span meet. `set` on a "
    "duty holds also where `duties.csv` has no row for that border.",
    NULL};

static const char *const variation_notes[] = {
    "Only `mainstay stress --sample` and `mainstay rehearse` draw contingencies, each by its `chance`; a contingency "
    "without one is never drawn. Rows here say how a drawn one differs from `contingencies.csv`; all its events move "
    "together.",
    "| vary | what is drawn |\n| --- | --- |\n"
    "| start | days that all its events begin later (less than 0: earlier) |\n"
    "| duration | a factor on the length of its events that have an end |\n"
    "| amount | a factor on how much an event changes: `scale` to 0.6 with factor 0.5 becomes 0.8, a `delay` of 2 days "
    "one day, a loss of 0.4 one of 0.2; `close` and `set` stay |",
    "The distribution is triangular: from `least` to `most`, densest at `likely`; without `likely` it is uniform. "
    "Starts and lengths are rounded to whole periods; what would begin before the case begins with it, what lies "
    "behind its end does not happen.",
    NULL};

#define ROWS(row, plural) \
    .row_size = sizeof(row), .rows_offset = offsetof(ms_case, plural), .count_offset = offsetof(ms_case, plural##_count)
#define COLUMNS(array) .columns = array, .column_count = (int)(sizeof array / sizeof array[0])
#define NAMES(field) .names_offset = offsetof(ms_case, field)
#define NO_NAMES .names_offset = SIZE_MAX

static const ms_format_file files[MS_FILE_KINDS] = {
    {MS_FILE_CASE, .name = "case.json", .row = "case", .required = true, COLUMNS(case_columns), NO_NAMES,
     .help = "What the case is called, when it starts, how long it is and how it is solved: one JSON object.",
     .example = "{\n  \"name\": \"two-partners\",\n  \"start\": \"2030-06-01\",\n  \"days\": 30,\n"
                "  \"period_hours\": 24,\n  \"priority_ratio\": 10,\n  \"fair\": false,\n  \"currency\": \"USD\"\n}\n",
     .notes = case_notes},
    {MS_FILE_PARTNERS, .name = "partners.csv", .row = "partner", .required = true, COLUMNS(partner_columns),
     ROWS(ms_partner, partners), NAMES(partner_names),
     .help = "The organisations that own stock, lanes, lift or consumers.",
     .example = "blue,Blue brigade\ngreen,Green brigade\n"},
    {MS_FILE_SITES, .name = "sites.csv", .row = "site", .required = true, COLUMNS(site_columns), ROWS(ms_site, sites),
     NAMES(site_names), .help = "The places between which goods move.",
     .example = "port-a,Port Alpha,blue,port,PH,14.6,120.9,2000,50000\n"
                "unit-1,First battalion,green,unit,PH,15.2,120.6,,300\n"},
    {MS_FILE_ITEMS, .name = "items.csv", .row = "item", .required = true, COLUMNS(item_columns), ROWS(ms_item, items),
     NAMES(item_names), .help = "The things supplied.",
     .example = "diesel,Diesel fuel,III,m3,840,1,900,1,no,\njet-fuel,Jet fuel,III,m3,800,1,950,1,no,\n"
                "rations,Combat rations,I,case,10,0.03,95,1.5,no,\n"},
    {MS_FILE_FLEETS, .name = "fleets.csv", .row = "fleet", COLUMNS(fleet_columns), ROWS(ms_fleet, fleets),
     NAMES(fleet_names), .help = "Vehicles, vessels or aircraft that lanes draw on together.",
     .example = "green-trucks,green,road,12,8,0.5\n", .notes = fleet_notes},
    {MS_FILE_LANES, .name = "lanes.csv", .row = "lane", COLUMNS(lane_columns), ROWS(ms_lane, lanes), NAMES(lane_names),
     .help = "Directed ways from one site to another by one mode.",
     .example = "alpha-unit,port-a,unit-1,road,green,1.5,200,18,green-trucks,I III\n", .notes = lane_notes},
    {MS_FILE_STOCKS, .name = "stocks.csv", .row = "stock", COLUMNS(stock_columns), ROWS(ms_stock, stocks), NO_NAMES,
     .help = "What is on hand at the start.", .example = "port-a,diesel,blue,500\nport-a,jet-fuel,blue,200\n",
     .notes = stock_notes},
    {MS_FILE_SUPPLIES, .name = "supplies.csv", .row = "supply", COLUMNS(supply_columns), ROWS(ms_supply, supplies),
     NO_NAMES, .help = "What is due in, or produced, by day.", .example = "port-a,rations,blue,0,20,400\n"},
    {MS_FILE_DEMANDS, .name = "demands.csv", .row = "demand", COLUMNS(demand_columns), ROWS(ms_demand, demands),
     NAMES(demand_names), .help = "What is consumed, by day, and how urgent it is.",
     .example = "unit-1-diesel,unit-1,diesel,green,2,,12.5,1\n"},
    {MS_FILE_FACTORS, .name = "factors.csv", .row = "factor", COLUMNS(factor_columns), ROWS(ms_factor, factors),
     NO_NAMES, .help = "Planning factors: what one person of a profile consumes in a day.",
     .example = "light-infantry,rations,0.25\n"},
    {MS_FILE_FORCES, .name = "forces.csv", .row = "force", COLUMNS(force_columns), ROWS(ms_force, forces), NO_NAMES,
     .help = "Bodies of people, whose demands follow from planning factors.",
     .example = "battalion-1,unit-1,green,0,,650,light-infantry,2\n", .notes = force_notes},
    {MS_FILE_RESERVES, .name = "reserves.csv", .row = "reserve", COLUMNS(reserve_columns), ROWS(ms_reserve, reserves),
     NO_NAMES, .help = "Stock that should stay on hand.", .example = "unit-1,diesel,green,,3,4\n",
     .notes = reserve_notes},
    {MS_FILE_AGREEMENTS, .name = "agreements.csv", .row = "agreement", COLUMNS(agreement_columns),
     ROWS(ms_agreement, agreements), NAMES(agreement_names),
     .help = "What one partner lets another draw, carry or pass through, how much, and how it is repaid.",
     .example = "fuel-loan,blue,green,item,III unit-1,400,0,20,in-kind,30,,,150\n"
                "blue-on-trucks,green,blue,lift,green-trucks,,,,cash,,USD,85.5,\n"
                "blue-to-unit,green,blue,site,unit-1,,,,,,,,\n",
     .notes = agreement_notes},
    {MS_FILE_SUBSTITUTES, .name = "substitutes.csv", .row = "substitute", COLUMNS(substitute_columns),
     ROWS(ms_substitute, substitutes), NO_NAMES, .help = "What may be issued in place of what.",
     .example = "diesel,jet-fuel,1.05\n", .notes = substitute_notes},
    {MS_FILE_DUTIES, .name = "duties.csv", .row = "duty", COLUMNS(duty_columns), ROWS(ms_duty, duties), NO_NAMES,
     .help = "What crossing a border adds to the cost.", .example = "PH,JP,III,0.05\nPH,*,*,0.15\n",
     .notes = duty_notes},
    {MS_FILE_COMMITMENTS, .name = "commitments.csv", .row = "commitment", COLUMNS(commitment_columns),
     ROWS(ms_commitment, commitments), NO_NAMES, .help = "Movements already under way or ordered.",
     .example = "alpha-unit,rations,blue,-0.5,200\n", .notes = commitment_notes},
    {MS_FILE_CONTINGENCIES, .name = "contingencies.csv", .row = "event", COLUMNS(contingency_columns),
     .row_size = sizeof(ms_event_row), .rows_offset = SIZE_MAX, .count_offset = SIZE_MAX, NAMES(contingency_names),
     .help = "Named sets of dated events that a plan can be asked to live with.",
     .example = "port-shut,Port Alpha shut,5,9,site,port-a,close,,0.1\nport-shut,,5,12,lane,alpha-*,delay,2,\n"
                "fire,Fire in the tank farm,7,,stock,port-a/diesel,lose,0.5,0.02\n",
     .notes = contingency_notes},
    {MS_FILE_VARIATIONS, .name = "variations.csv", .row = "variation", COLUMNS(variation_columns),
     ROWS(ms_variation, variations), NO_NAMES, .help = "How contingencies that are drawn by chance vary.",
     .example = "port-shut,start,-2,0,5\nport-shut,duration,0.5,,2\n", .notes = variation_notes},
};

const ms_format_file *ms_format_files(int *count)
{
    *count = MS_FILE_KINDS;
    return files;
}

char *ms_format_limit(char out[32], double limit)
{
    int power = 0;
    double rest = limit;
    for (; rest >= 10 && fmod(rest, 10) == 0; power++)
        rest /= 10;
    if (power >= 6 && rest < 10)
        snprintf(out, 32, "%de%d", (int)rest, power);
    else
        ms_number_text(out, limit);
    return out;
}

int ms_format_column(const ms_format_file *file, const char *name, size_t length)
{
    for (int ix = 0; ix < file->column_count; ix++)
        if (strlen(file->columns[ix].name) == length && memcmp(file->columns[ix].name, name, length) == 0)
            return ix;
    return -1;
}
