/* briefing.c: gathers the facts of a briefing, its headline and its figures. See briefing.h. */
#include "report/briefing.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/map.h"
#include "report/report.h"
#include "report/words.h"

/* ---- sections ---- */

ms_section *ms_section_start(ms_briefing *briefing, ms_section_id id, ms_say_text title, ms_say_text note)
{
    ms_section *section = &briefing->sections[id];
    section->title = title;
    section->note = note;
    section->used = true;
    section->table.column_count = 0;
    return section;
}

int ms_section_column_at(const ms_briefing *briefing, ms_section *section, ms_say_text head, ms_column_kind kind,
                         int where)
{
    int at = section->table.column_count++;
    const char *text = ms_say_of(briefing->language, head);
    section->columns[at] = (ms_column){.name = text, .head = text, .kind = kind, .rank = where};
    section->heads[at] = head;
    return at;
}

int ms_section_column(const ms_briefing *briefing, ms_section *section, ms_say_text head, ms_column_kind kind)
{
    return ms_section_column_at(briefing, section, head, kind, MS_ON_ALL);
}

void ms_section_rows(ms_section *section)
{
    ms_table_start(&section->table, section->columns, section->table.column_count);
}

double ms_briefing_met(const ms_cover *cover)
{
    return cover->wanted_t - cover->met_t < MS_BRIEFING_LEAST_T ? 1.0 : ms_cover_share(cover);
}

double ms_briefing_met_alone(const ms_cover *cover)
{
    return cover->wanted_t - cover->alone_t < MS_BRIEFING_LEAST_T ? 1.0 : ms_cover_alone_share(cover);
}

void ms_briefing_name(ms_table *table, int column, const char *name)
{
    ms_buf text = {0};
    ms_words_short_name(&text, name);
    ms_table_text(table, column, name);
    ms_table_show(table, column, ms_words_of(&text));
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

double ms_briefing_day(const ms_briefing *b, int period)
{
    return (double)b->plan->kase->start_day + floor(period * b->plan->kase->period_days + 1e-9);
}

void ms_briefing_date(const ms_briefing *b, ms_table *table, int text_column, int date_column, int period)
{
    ms_buf text = {0};
    ms_say_date(&text, b->language, b->plan->kase, period);
    ms_table_text(table, text_column, ms_words_of(&text));
    ms_table_number(table, date_column, ms_briefing_day(b, period));
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

/* ---- facts ---- */

static ms_status make_posture(ms_briefing *b, ms_error *err)
{
    const ms_posture_options options = {.by = MS_POSTURE_BY_CLASS, .target_days = 7};
    MS_TRY(ms_posture_make(&b->posture, b->plan->kase, b->plan, MS_NONE, &options, err));
    ms_posture_rank(&b->posture);
    return MS_OK;
}

static int rank_of(const ms_plan *plan, int priority)
{
    for (int r = 0; r < plan->priority_count; r++)
        if (plan->priorities[r] == priority)
            return r;
    return -1;
}

static ms_status make_by_day(ms_briefing *b, ms_error *err)
{
    const ms_case *kase = b->plan->kase;
    size_t periods = (size_t)kase->period_count;
    b->short_t = ms_alloc((size_t)b->plan->priority_count * periods, sizeof *b->short_t);
    if (b->short_t == NULL)
        return ms_error_memory(err);
    for (size_t i = 0; i < b->plan->shortfall_count; i++) {
        const ms_shortfall *s = &b->plan->shortfalls[i];
        if (s->kind != MS_SHORT_DEMAND || !ms_report_falls_short(b->plan, s))
            continue;
        const ms_demand *demand = &kase->demands[s->row_ix];
        int rank = rank_of(b->plan, demand->priority);
        if (rank >= 0)
            b->short_t[(size_t)rank * periods + (size_t)s->period] += s->quantity *
                                                                      ms_item_t_per_unit(&kase->items[demand->item_ix]);
    }
    return MS_OK;
}

static size_t count_sites_with_demand(const ms_case *kase)
{
    size_t count = 0;
    for (int32_t n = 0; n < kase->sites_count; n++)
        count += kase->site_demand_start[n + 1] > kase->site_demand_start[n];
    return count;
}

static ms_status make_facts(ms_briefing *b, ms_error *err)
{
    const ms_explain_options explain = {
        .most = MS_BRIEFING_REASONS,
        .verify = b->options->verify,
        .progress = b->options->progress,
        .progress_context = b->options->progress_context,
    };
    MS_TRY(ms_explain(&b->reasons, b->plan, &explain, err));
    MS_TRY(ms_explain_bottlenecks(&b->bottlenecks, &b->bottleneck_count, b->plan, err));
    MS_TRY(ms_crossings_make(&b->crossings, b->plan, err));
    MS_TRY(make_posture(b, err));
    MS_TRY(ms_lacks_make(&b->items, b->plan, false, err));
    MS_TRY(ms_lacks_make(&b->sites, b->plan, true, err));
    MS_TRY(ms_uses_make(&b->lanes, b->plan, false, err));
    MS_TRY(ms_uses_make(&b->places, b->plan, true, err));
    b->sites_with_demand = count_sites_with_demand(b->plan->kase);
    return make_by_day(b, err);
}

/* ---- the head of the page ---- */

static void put_title(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    ms_buf start = {0}, partners = {0};
    char days[MS_NUMBER_BYTES], sites[MS_NUMBER_BYTES], lanes[MS_NUMBER_BYTES];
    ms_say_start(&start, b->language, kase);
    ms_say_put(&b->subtitle, b->language, MS_SAY_SPAN_DAYS, ms_number_short(days, kase->days), ms_words_of(&start));
    ms_say_put(&b->as_of, b->language, MS_SAY_AS_OF, ms_words_of(&start));
    for (int32_t p = 0; p < kase->partners_count && p < 8; p++)
        ms_buf_printf(&partners, "%s%s", p > 0 ? ", " : "", kase->partners[p].id);
    if (kase->partners_count > 8)
        ms_buf_text(&partners, " …");
    ms_say_put(&b->size, b->language, MS_SAY_SIZE, ms_words_of(&partners),
               ms_number_grouped(sites, kase->sites_count, 0), ms_number_grouped(lanes, kase->lanes_count, 0));
    ms_buf_reset(&partners);
    for (size_t i = 0; i < b->plan->contingency_count; i++)
        ms_buf_printf(&partners, "%s%s", i > 0 ? ", " : "", b->plan->contingencies[i]);
    if (b->plan->contingency_count > 0)
        ms_say_put(&b->with, b->language, MS_SAY_CONTINGENCIES, ms_words_of(&partners));
    b->headline.failed = b->headline.failed || start.failed || partners.failed;
    ms_buf_free(&start);
    ms_buf_free(&partners);
}

static void put_sentence(ms_buf *out, const ms_briefing *b, ms_say_text text, const char *a, const char *c,
                         const char *d)
{
    if (out->length > 0)
        ms_buf_text(out, " ");
    ms_say_put(out, b->language, text, a, c, d);
}

/* "Together the partners meet 97 % of the 12,000 t wanted. Each alone would meet 80 %." */
static void put_met(ms_briefing *b)
{
    ms_cover all = ms_coverage_sum(b->plan, MS_EVERY, MS_EVERY);
    double share = ms_briefing_met(&all), alone = ms_briefing_met_alone(&all);
    bool several = b->plan->kase->partners_count > 1;
    ms_buf wanted = {0}, met = {0}, single = {0};
    ms_words_tonnes(&wanted, all.wanted_t);
    ms_words_percent(&met, share);
    if (all.wanted_t <= 0.0)
        put_sentence(&b->headline, b, MS_SAY_NOTHING_WANTED, NULL, NULL, NULL);
    else if (share >= 1.0)
        put_sentence(&b->headline, b, MS_SAY_MET_ALL, ms_words_of(&wanted), NULL, NULL);
    else
        put_sentence(&b->headline, b, several ? MS_SAY_MET_TOGETHER : MS_SAY_MET_SINGLE, ms_words_of(&met),
                     ms_words_of(&wanted), NULL);
    if (several && all.wanted_t > 0.0 && !isnan(alone)) {
        ms_words_percent(&single, alone);
        put_sentence(&b->headline, b, MS_SAY_EACH_ALONE, ms_words_of(&single), NULL, NULL);
    }
    b->headline.failed = b->headline.failed || wanted.failed || met.failed || single.failed;
    ms_buf_free(&wanted);
    ms_buf_free(&met);
    ms_buf_free(&single);
}

static void put_urgent(ms_briefing *b)
{
    char priority[MS_NUMBER_BYTES];
    ms_buf lack = {0}, wanted = {0};
    if (b->plan->priority_count == 0)
        return;
    ms_cover top = ms_coverage_sum(b->plan, MS_EVERY, 0);
    ms_number_text(priority, b->plan->priorities[0]);
    ms_words_tonnes(&lack, top.wanted_t - top.met_t);
    ms_words_tonnes(&wanted, top.wanted_t);
    if (ms_briefing_met(&top) >= 1.0)
        put_sentence(&b->headline, b, MS_SAY_TOP_MET, priority, NULL, NULL);
    else
        put_sentence(&b->headline, b, MS_SAY_TOP_SHORT, priority, ms_words_of(&lack), ms_words_of(&wanted));
    b->headline.failed = b->headline.failed || lack.failed || wanted.failed;
    ms_buf_free(&lack);
    ms_buf_free(&wanted);
}

/* Rounded up, so that the claim stays true. */
static double percent_up(double gap)
{
    double per_cent = gap * 100.0, power = pow(10.0, floor(log10(fmax(per_cent, 1e-6))));
    return per_cent >= 1.0 ? ceil(per_cent * 10.0) / 10.0 : ceil(per_cent / power - 1e-9) * power;
}

static const double says_nothing = 0.9; /* a bound that far off tells a reader nothing */

static void put_proof(ms_briefing *b)
{
    double gap = ms_plan_gap(b->plan);
    char number[MS_NUMBER_BYTES];
    if (gap <= 1e-9)
        put_sentence(&b->proof, b, MS_SAY_PROVEN_BEST, NULL, NULL, NULL);
    else if (gap < says_nothing)
        put_sentence(&b->proof, b, MS_SAY_PROVEN_GAP, ms_number_short(number, percent_up(gap)), NULL, NULL);
    else
        put_sentence(&b->proof, b, MS_SAY_NOT_PROVEN, NULL, NULL, NULL);
    if (b->plan->stopped)
        put_sentence(&b->proof, b, MS_SAY_STOPPED, NULL, NULL, NULL);
}

/* ---- figures ---- */

static int first_period(const ms_briefing *b)
{
    int first = -1;
    for (size_t i = 0; i < b->items.count; i++)
        if (first < 0 || b->items.items[i].first_period < first)
            first = b->items.items[i].first_period;
    return first;
}

static ms_tone share_tone(double share)
{
    return share >= 1.0 ? MS_TONE_GOOD : share >= 0.95 ? MS_TONE_FAIR : MS_TONE_BAD;
}

static void tile_met(ms_briefing *b, ms_tile *tile)
{
    ms_cover all = ms_coverage_sum(b->plan, MS_EVERY, MS_EVERY);
    double alone = ms_briefing_met_alone(&all);
    ms_buf share = {0};
    ms_say_put(&tile->label, b->language, MS_SAY_TILE_TOGETHER);
    ms_words_percent(&tile->figure, ms_briefing_met(&all));
    tile->tone = share_tone(ms_briefing_met(&all));
    if (isnan(alone)) {
        ms_say_put(&tile->remark, b->language, MS_SAY_NOT_PLANNED);
    } else {
        ms_words_percent(&share, alone);
        ms_say_put(&tile->remark, b->language, MS_SAY_TILE_ALONE, ms_words_of(&share));
    }
    tile->remark.failed = tile->remark.failed || share.failed;
    ms_buf_free(&share);
}

static void tile_urgent(ms_briefing *b, ms_tile *tile)
{
    char priority[MS_NUMBER_BYTES];
    ms_buf share = {0};
    ms_cover top = ms_coverage_sum(b->plan, MS_EVERY, b->plan->priority_count > 0 ? 0 : MS_EVERY);
    double alone = ms_briefing_met_alone(&top);
    ms_say_put(&tile->label, b->language, MS_SAY_TILE_PRIORITY,
               ms_number_text(priority, b->plan->priority_count > 0 ? b->plan->priorities[0] : 1));
    ms_words_percent(&tile->figure, ms_briefing_met(&top));
    tile->tone = share_tone(ms_briefing_met(&top));
    if (!isnan(alone)) {
        ms_words_percent(&share, alone);
        ms_say_put(&tile->remark, b->language, MS_SAY_TILE_ALONE, ms_words_of(&share));
    }
    tile->remark.failed = tile->remark.failed || share.failed;
    ms_buf_free(&share);
}

static void tile_first(ms_briefing *b, ms_tile *tile)
{
    int first = first_period(b);
    char day[MS_NUMBER_BYTES];
    ms_say_put(&tile->label, b->language, MS_SAY_TILE_FIRST);
    if (first < 0) {
        ms_say_put(&tile->figure, b->language, MS_SAY_NEVER);
        tile->tone = MS_TONE_GOOD;
        return;
    }
    ms_say_date(&tile->figure, b->language, b->plan->kase, first);
    ms_number_short(day, ms_table_tidy(first * b->plan->kase->period_days));
    ms_say_put(&tile->remark, b->language, MS_SAY_DAY_N, day);
    tile->tone = MS_TONE_BAD;
}

static void tile_sites(ms_briefing *b, ms_tile *tile)
{
    char number[MS_NUMBER_BYTES];
    ms_say_put(&tile->label, b->language, MS_SAY_TILE_SITES);
    ms_buf_text(&tile->figure, ms_number_grouped(number, (double)b->sites.count, 0));
    ms_say_put(&tile->remark, b->language, MS_SAY_OF_SITES, ms_number_grouped(number, (double)b->sites_with_demand, 0));
    tile->tone = b->sites.count == 0 ? MS_TONE_GOOD : MS_TONE_BAD;
}

static void tile_proof(ms_briefing *b, ms_tile *tile)
{
    char number[MS_NUMBER_BYTES];
    double gap = ms_plan_gap(b->plan);
    ms_say_put(&tile->label, b->language, MS_SAY_TILE_PROOF);
    if (gap <= 1e-9)
        ms_say_put(&tile->figure, b->language, MS_SAY_EXACT);
    else if (gap < says_nothing)
        ms_say_put(&tile->figure, b->language, MS_SAY_UP_TO, ms_number_short(number, percent_up(gap)));
    else
        ms_say_put(&tile->figure, b->language, MS_SAY_UNPROVEN);
    tile->tone = gap < 0.01 ? MS_TONE_GOOD : MS_TONE_FAIR;
    ms_say_put(&tile->remark, b->language, gap < says_nothing ? MS_SAY_PROVEN : MS_SAY_UNPROVEN);
}

static void put_figures(ms_briefing *b)
{
    tile_met(b, &b->tiles[0]);
    tile_urgent(b, &b->tiles[1]);
    tile_first(b, &b->tiles[2]);
    tile_sites(b, &b->tiles[3]);
    tile_proof(b, &b->tiles[4]);
}

/* ---- all of it ---- */

static bool failed(const ms_briefing *b)
{
    const ms_buf *texts[] = {&b->headline, &b->subtitle, &b->size, &b->with, &b->as_of, &b->proof};
    bool any = false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        any = any || texts[i]->failed;
    for (int i = 0; i < MS_BRIEFING_TILES; i++)
        any = any || b->tiles[i].label.failed || b->tiles[i].figure.failed || b->tiles[i].remark.failed;
    for (int i = 0; i < MS_SECTIONS; i++)
        any = any || b->sections[i].table.failed;
    return any;
}

ms_status ms_briefing_make(ms_briefing *out, const ms_plan *plan, const ms_briefing_options *options, ms_error *err)
{
    *out = (ms_briefing){.plan = plan, .options = options, .language = options->language};
    MS_TRY(make_facts(out, err));
    put_title(out);
    put_met(out);
    put_urgent(out);
    put_proof(out);
    put_figures(out);
    ms_briefing_shortfalls(out);
    ms_briefing_decisions(out);
    ms_briefing_sharing(out);
    ms_briefing_days(out);
    ms_briefing_risks(out);
    return failed(out) ? ms_error_memory(err) : MS_OK;
}

void ms_briefing_free(ms_briefing *b)
{
    ms_buf *texts[] = {&b->headline, &b->subtitle, &b->size, &b->with, &b->as_of, &b->proof};
    ms_reasons_free(&b->reasons);
    ms_free(b->bottlenecks);
    ms_crossings_free(&b->crossings);
    ms_posture_free(&b->posture);
    ms_free(b->items.items);
    ms_free(b->sites.items);
    ms_uses_free(&b->lanes);
    ms_uses_free(&b->places);
    ms_free(b->short_t);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ms_buf_free(texts[i]);
    for (int i = 0; i < MS_BRIEFING_TILES; i++) {
        ms_buf_free(&b->tiles[i].label);
        ms_buf_free(&b->tiles[i].figure);
        ms_buf_free(&b->tiles[i].remark);
    }
    for (int i = 0; i < MS_SECTIONS; i++)
        if (b->sections[i].used)
            ms_table_free(&b->sections[i].table);
}

ms_status ms_report_briefing(ms_buf *out, const ms_plan *plan, const ms_briefing_options *options,
                             ms_briefing_format format, ms_error *err)
{
    static const ms_briefing_options plain = {0};
    ms_briefing briefing;
    ms_buf made = {0}, map = {0};
    const ms_briefing_options *chosen = options != NULL ? options : &plain;
    ms_status status = ms_briefing_make(&briefing, plan, chosen, err);
    if (status == MS_OK && format == MS_BRIEFING_XLSX) {
        status = ms_briefing_xlsx(&made, &briefing, err);
    } else if (status == MS_OK) {
        status = ms_map_draw(&map, plan->kase, plan, chosen->language, &ms_map_in_page, err);
        if (status == MS_OK)
            ms_briefing_html(&made, &briefing, &map);
    }
    ms_briefing_free(&briefing);
    ms_buf_free(&map);
    if (status == MS_OK)
        return ms_report_hand_over(out, &made, err);
    ms_buf_free(&made);
    return status;
}
