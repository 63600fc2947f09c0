/* rows.c: the rules over the cells of one row, one function a file. They run when the row has been read
 * and its cells' places are known, so that each complaint names the cell. Cost: constant a row, but for
 * patterns of contingencies. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "case/reader.h"

#define COMPLAIN(reader, name, ...) ms_reader_complain(reader, MS_FINDING_ERROR, column_ix(reader, name), __VA_ARGS__)
#define WARN(reader, name, ...) ms_reader_complain(reader, MS_FINDING_WARNING, column_ix(reader, name), __VA_ARGS__)

static int column_ix(const ms_reader *reader, const char *name)
{
    return ms_format_column(reader->file, name, strlen(name));
}

static bool is_good(const ms_reader *reader, const char *name)
{
    return ms_cell_is_good(reader, column_ix(reader, name));
}

static bool is_filled(const ms_reader *reader, const char *name)
{
    size_t length;
    (void)ms_cell_text(reader, column_ix(reader, name), &length);
    return length > 0;
}

/* Names the case's end in messages: "day 60". */
static const char *end_text(const ms_reader *reader, char out[MS_NUMBER_BYTES])
{
    return ms_number_text(out, reader->kase->days);
}

/* A span lies in the case and is not empty. Comparisons are false while the case's days are unknown (NAN). */
static void check_span(ms_reader *reader, double from_day, double to_day)
{
    char end[MS_NUMBER_BYTES], from[MS_NUMBER_BYTES], to[MS_NUMBER_BYTES];
    double days = reader->kase->days;
    end_text(reader, end);
    ms_number_text(from, from_day);
    if (from_day >= days)
        ms_reader_complain(reader, MS_FINDING_ERROR, reader->from_column,
                           "from_day %s is not before the end of the case, day %s; make it earlier, or the case longer",
                           from, end);
    if (!isfinite(to_day))
        return;
    ms_number_text(to, to_day);
    if (to_day > days)
        ms_reader_complain(reader, MS_FINDING_ERROR, reader->to_column,
                           "to_day %s is behind the end of the case, day %s; leave it empty for \"to the end\"", to,
                           end);
    if (to_day <= from_day)
        ms_reader_complain(reader, MS_FINDING_ERROR, reader->to_column,
                           "to_day %s is not behind from_day %s; a span runs up to, not including, to_day", to, from);
}

/* The product stays within what a case may hold. */
static void check_tonnes(ms_reader *reader, const char *column, int32_t item_ix, double quantity)
{
    if (item_ix == MS_NONE)
        return;
    char text[MS_NUMBER_BYTES];
    const ms_item *item = &reader->kase->items[item_ix];
    double load_t = quantity * ms_item_t_per_unit(item);
    if (load_t > MS_CASE_MAGNITUDE)
        COMPLAIN(reader, column, "%s is %s t of \"%s\", more than 1e12 t; check it, and kg_per_unit of the item",
                 column, ms_number_text(text, load_t), item->id);
}

static void check_site(ms_reader *reader, ms_site *site)
{
    if (site->name[0] == '\0')
        site->name = site->id;
    if (is_filled(reader, "lat") != is_filled(reader, "lon"))
        COMPLAIN(reader, is_filled(reader, "lat") ? "lat" : "lon", "lat and lon come together; give both, or neither");
}

static void check_item(ms_reader *reader, ms_item *item)
{
    if (item->name[0] == '\0')
        item->name = item->id;
    for (int ix = 0; ms_class_words[ix] != NULL; ix++)
        if (strcmp(item->id, ms_class_words[ix]) == 0 && (int)item->class_ix != ix && is_good(reader, "class"))
            COMPLAIN(reader, "item", "the item \"%s\" is called like a class that it is not in; give it another id",
                     item->id);
}

static void check_lane(ms_reader *reader, ms_lane *lane)
{
    ms_case *kase = reader->kase;
    if (lane->from_ix != MS_NONE && lane->from_ix == lane->to_ix)
        COMPLAIN(reader, "to", "the lane leads from \"%s\" to itself; it needs two sites", kase->sites[lane->to_ix].id);
    ms_fleet *fleet = lane->fleet_ix == MS_NONE ? NULL : &kase->fleets[lane->fleet_ix];
    if (fleet != NULL && (int)fleet->mode == MS_NONE)
        fleet->mode = lane->mode; /* the mode of its first lane, where fleets.csv gives none */
    if (fleet != NULL && fleet->mode != lane->mode && is_good(reader, "mode"))
        COMPLAIN(reader, "fleet", "the fleet \"%s\" goes by %s and this lane by %s; both must be the same", fleet->id,
                 ms_mode_words[fleet->mode], ms_mode_words[lane->mode]);
    ms_scope_carries(reader, lane, column_ix(reader, "carries"));
    if (lane->transit_days >= kase->days) {
        char transit[MS_NUMBER_BYTES], end[MS_NUMBER_BYTES];
        WARN(reader, "transit_days", "transit takes %s days and the case has %s: nothing arrives by this lane",
             ms_number_text(transit, lane->transit_days), end_text(reader, end));
    }
}

static void check_reserve(ms_reader *reader, ms_reserve *reserve)
{
    bool quantity = is_filled(reader, "quantity"), days = is_filled(reader, "days");
    if (quantity && days)
        COMPLAIN(reader, "days", "the reserve has both quantity and days; give one of them");
    else if (!quantity && !days)
        COMPLAIN(reader, "quantity", "the reserve has neither quantity nor days; give one of them");
    if (quantity && isfinite(reserve->quantity))
        check_tonnes(reader, "quantity", reserve->item_ix, reserve->quantity);
}

/* Three capital letters, or what the case itself counts in. */
static void check_currency(ms_reader *reader, const char *currency)
{
    const char *ours = reader->kase->currency;
    size_t length = strlen(currency), letters = 0;
    char capitals[4] = {0};
    for (size_t i = 0; i < length && i < 3; i++) {
        bool small = currency[i] >= 'a' && currency[i] <= 'z';
        letters += small || (currency[i] >= 'A' && currency[i] <= 'Z');
        capitals[i] = (char)(small ? currency[i] - 'a' + 'A' : currency[i]);
    }
    if (length == 0 || (ours != NULL && strcmp(currency, ours) == 0))
        return;
    if (length != 3 || letters != 3)
        COMPLAIN(reader, "currency", "\"%s\" is no currency; write three capital letters, such as USD", currency);
    else if (strcmp(currency, capitals) != 0)
        COMPLAIN(reader, "currency", "\"%s\" is not in capitals; write %s", currency, capitals);
}

static int items_in_scope(const ms_case *kase, const ms_agreement *agreement)
{
    int count = 0;
    for (int32_t i = 0; i < kase->items_count; i++)
        count += agreement->items == NULL || agreement->items[i];
    return count;
}

static void check_agreement(ms_reader *reader, ms_agreement *agreement)
{
    if (agreement->provider_ix != MS_NONE && agreement->provider_ix == agreement->receiver_ix)
        COMPLAIN(reader, "receiver", "\"%s\" has an agreement with itself; provider and receiver must differ",
                 reader->kase->partners[agreement->receiver_ix].id);
    check_span(reader, agreement->from_day, agreement->to_day);
    if (is_good(reader, "kind"))
        ms_scope_agreement(reader, agreement, column_ix(reader, "scope"));
    check_currency(reader, agreement->currency);
    if (isfinite(agreement->price) && agreement->kind == MS_AGREE_ITEM && items_in_scope(reader->kase, agreement) > 1)
        WARN(reader, "price",
             "one price is for one unit of each of %d items; give each item an agreement, or leave it "
             "empty for the items' value_per_unit",
             items_in_scope(reader->kase, agreement));
    agreement->limit_t = fmax(0, agreement->limit_t - agreement->used_t);
}

static void check_substitute(ms_reader *reader, const ms_substitute *substitute)
{
    if (substitute->item_ix != MS_NONE && substitute->item_ix == substitute->substitute_ix)
        COMPLAIN(reader, "substitute", "\"%s\" is a substitute for itself; name another item",
                 reader->kase->items[substitute->item_ix].id);
}

static void check_duty(ms_reader *reader, const ms_duty *duty)
{
    if (duty->from_country[0] != '\0' && duty->from_country[0] != '*' &&
        strcmp(duty->from_country, duty->to_country) == 0)
        COMPLAIN(reader, "to_country", "the duty is from %s to itself; no border is crossed", duty->to_country);
}

static void check_commitment(ms_reader *reader, const ms_commitment *commitment)
{
    const ms_case *kase = reader->kase;
    char end[MS_NUMBER_BYTES];
    check_tonnes(reader, "quantity", commitment->item_ix, commitment->quantity);
    if (commitment->depart_day >= kase->days)
        COMPLAIN(reader, "depart_day", "the commitment departs behind the end of the case, day %s; leave it out",
                 end_text(reader, end));
    if (commitment->lane_ix == MS_NONE || !is_good(reader, "depart_day"))
        return;
    const ms_lane *lane = &kase->lanes[commitment->lane_ix];
    int transit = ms_case_transit_periods(kase, lane->transit_days);
    if (kase->period_days > 0 && floor(commitment->depart_day / kase->period_days + 1e-9) + transit < 0)
        COMPLAIN(reader, "depart_day", "the commitment has arrived before the case starts; enter it in stocks.csv");
    if (commitment->item_ix != MS_NONE && lane->carries != NULL && !lane->carries[commitment->item_ix])
        COMPLAIN(reader, "item", "the lane \"%s\" does not carry \"%s\"; correct its carries, or this row", lane->id,
                 kase->items[commitment->item_ix].id);
}

static void check_variation(ms_reader *reader, const ms_variation *variation)
{
    double likely = isnan(variation->likely) ? variation->least : variation->likely;
    if (is_good(reader, "least") && is_good(reader, "most") && variation->least > variation->most)
        COMPLAIN(reader, "most", "the most is less than the least; swap them");
    else if (is_good(reader, "likely") && (likely < variation->least || likely > variation->most))
        COMPLAIN(reader, "likely", "what is likely lies outside of least and most");
    if (is_good(reader, "vary") && variation->vary != MS_VARY_START && variation->least < 0)
        COMPLAIN(reader, "least", "a factor is not below 0");
}

void ms_row_check(ms_reader *reader, void *row)
{
    switch (reader->file->kind) {
    case MS_FILE_PARTNERS: {
        ms_partner *partner = row;
        if (partner->name[0] == '\0')
            partner->name = partner->id;
        return;
    }
    case MS_FILE_SITES:
        check_site(reader, row);
        return;
    case MS_FILE_ITEMS:
        check_item(reader, row);
        return;
    case MS_FILE_LANES:
        check_lane(reader, row);
        return;
    case MS_FILE_STOCKS: {
        const ms_stock *stock = row;
        check_tonnes(reader, "quantity", stock->item_ix, stock->quantity);
        return;
    }
    case MS_FILE_SUPPLIES: {
        const ms_supply *supply = row;
        check_span(reader, supply->from_day, supply->to_day);
        check_tonnes(reader, "per_day", supply->item_ix, supply->per_day);
        return;
    }
    case MS_FILE_DEMANDS: {
        ms_demand *demand = row;
        demand->force_ix = MS_NONE;
        check_span(reader, demand->from_day, demand->to_day);
        check_tonnes(reader, "per_day", demand->item_ix, demand->per_day);
        return;
    }
    case MS_FILE_FORCES: {
        const ms_force *force = row;
        check_span(reader, force->from_day, force->to_day);
        return;
    }
    case MS_FILE_RESERVES:
        check_reserve(reader, row);
        return;
    case MS_FILE_AGREEMENTS:
        check_agreement(reader, row);
        return;
    case MS_FILE_SUBSTITUTES:
        check_substitute(reader, row);
        return;
    case MS_FILE_DUTIES:
        check_duty(reader, row);
        return;
    case MS_FILE_COMMITMENTS:
        check_commitment(reader, row);
        return;
    case MS_FILE_CONTINGENCIES: {
        const ms_event_row *event = row;
        check_span(reader, event->from_day, event->to_day);
        ms_row_check_event(reader, event);
        return;
    }
    case MS_FILE_VARIATIONS:
        check_variation(reader, row);
        return;
    case MS_FILE_CASE:
    case MS_FILE_FLEETS:
    case MS_FILE_FACTORS:
    case MS_FILE_KINDS:
        return;
    }
}
