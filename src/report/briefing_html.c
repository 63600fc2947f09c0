/* briefing_html.c: a briefing as one page that needs nothing else: no script, nothing fetched. See briefing.h.
 *
 * The first sheet is for somebody with a minute; the details follow. All text is escaped, and the page's own policy
 * forbids a browser to run or fetch anything whatever stands in it. */
#include <stdio.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/svg.h"
#include "report/words.h"

enum { FRONT_ROWS = 4, FRONT_OPTIONS = 4, FRONT_GIVES = 3, FRONT_PRIORITIES = 5, DETAIL_ROWS = 40, USE_ROWS = 24 };

/* <tag class="class">text</tag> */
static void put_text(ms_buf *out, const char *tag, const char *class, const char *text)
{
    if (class != NULL)
        ms_buf_printf(out, "<%s class=\"%s\">", tag, class);
    else
        ms_buf_printf(out, "<%s>", tag);
    ms_svg_escape(out, text);
    ms_buf_printf(out, "</%s>\n", tag);
}

static void put_said(ms_buf *out, const ms_briefing *b, const char *tag, const char *class, ms_say_text text)
{
    put_text(out, tag, class, ms_say_of(b->language, text));
}

/* ---- the first sheet ---- */

static void put_head(ms_buf *out, const ms_briefing *b)
{
    char digest[24];
    ms_buf said = {0};
    ms_buf_text(out, "<header><div>\n");
    put_said(out, b, "p", "kind", MS_SAY_BRIEFING);
    put_text(out, "h1", NULL, b->plan->kase->name);
    put_text(out, "p", "sub", ms_words_of(&b->size));
    if (b->with.length > 0)
        put_text(out, "p", "sub", ms_words_of(&b->with));
    ms_buf_text(out, "</div><div class=\"asof\">\n");
    put_text(out, "b", NULL, ms_words_of(&b->as_of));
    put_text(out, "p", "sub", ms_words_of(&b->subtitle));
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)b->plan->kase->digest);
    ms_say_put(&said, b->language, MS_SAY_CASE_DIGEST, digest);
    put_text(out, "p", "sub", ms_words_of(&said));
    ms_buf_text(out, "</div></header>\n");
    out->failed = out->failed || said.failed;
    ms_buf_free(&said);
}

static void put_tiles(ms_buf *out, const ms_briefing *b)
{
    ms_buf_text(out, "<dl class=\"tiles\">\n");
    for (int i = 0; i < MS_BRIEFING_TILES; i++) {
        const ms_tile *tile = &b->tiles[i];
        ms_buf_printf(out, "<div class=\"%s\">",
                      tile->tone == MS_TONE_GOOD   ? "g"
                      : tile->tone == MS_TONE_FAIR ? "f"
                                                   : "b");
        put_text(out, "dt", NULL, ms_words_of(&tile->label));
        put_text(out, "dd", "v", ms_words_of(&tile->figure));
        if (tile->remark.length > 0)
            put_text(out, "dd", NULL, ms_words_of(&tile->remark));
        ms_buf_text(out, "</div>\n");
    }
    ms_buf_text(out, "</dl>\n");
}

static void put_map(ms_buf *out, const ms_briefing *b, const ms_buf *map)
{
    char sites[MS_NUMBER_BYTES], lacking[MS_NUMBER_BYTES];
    ms_buf text = {0};
    bool placed = false;
    for (int32_t n = 0; n < b->plan->kase->sites_count; n++)
        placed = placed || !isnan(b->plan->kase->sites[n].lat);
    ms_say_put(&text, b->language, MS_SAY_MAP_ALT, b->plan->kase->name,
               ms_number_grouped(sites, b->plan->kase->sites_count, 0),
               ms_number_grouped(lacking, (double)b->sites.count, 0));
    ms_buf_text(out, "<figure aria-label=\"");
    ms_svg_escape(out, ms_words_of(&text));
    ms_buf_text(out, "\">\n");
    ms_buf_put(out, ms_words_of(map), map->length);
    put_said(out, b, "figcaption", NULL, placed ? MS_SAY_MAP_LINES : MS_SAY_MAP_SCHEME);
    ms_buf_text(out, "</figure>\n");
    out->failed = out->failed || text.failed;
    ms_buf_free(&text);
}

static void put_section(ms_buf *out, const ms_briefing *b, ms_section_id id, size_t most, bool front, const char *class)
{
    const ms_section *section = &b->sections[id];
    if (!section->used)
        return;
    ms_buf_printf(out, class != NULL ? "<section class=\"%s\">\n" : "<section>\n", class);
    put_said(out, b, "h2", NULL, section->title);
    if (section->note != MS_SAYS && !front)
        put_said(out, b, "p", "note", section->note);
    ms_briefing_put_table(out, b, id, most, front);
    ms_buf_text(out, "</section>\n");
}

static void put_front(ms_buf *out, const ms_briefing *b, const ms_buf *map)
{
    int ranks = b->plan->priority_count;
    ms_buf_text(out, "<main>\n<div class=\"page sheet\">\n");
    put_head(out, b);
    put_text(out, "p", "lead", ms_words_of(&b->headline));
    put_tiles(out, b);
    put_map(out, b, map);
    ms_buf_text(out, "<div class=\"front\">\n");
    put_section(out, b, MS_SECTION_RUNS_OUT, FRONT_ROWS, true, NULL);
    put_section(out, b, MS_SECTION_SITES, FRONT_ROWS, true, NULL);
    put_section(out, b, MS_SECTION_DECIDE, FRONT_OPTIONS, true, "wide");
    put_section(out, b, MS_SECTION_GIVES, FRONT_GIVES, true, "seven");
    /* The rows of everyone come first, one a priority. */
    put_section(out, b, MS_SECTION_COVERAGE, (size_t)(ranks < FRONT_PRIORITIES ? ranks : FRONT_PRIORITIES), true,
                "five");
    ms_buf_text(out, "</div>\n");
    put_text(out, "p", "proof", ms_words_of(&b->proof));
    ms_buf_text(out, "</div>\n");
}

/* ---- the details ---- */

static void put_chart(ms_buf *out, const ms_briefing *b, ms_say_text title,
                      void (*draw)(ms_buf *out, const ms_briefing *briefing))
{
    ms_buf_text(out, "<section>\n");
    put_said(out, b, "h2", NULL, title);
    draw(out, b);
    ms_buf_text(out, "</section>\n");
}

static void put_item(ms_buf *out, const ms_briefing *b, ms_say_text text, const char *a, const char *c)
{
    ms_buf said = {0};
    ms_say_put(&said, b->language, text, a, c);
    put_text(out, "li", NULL, ms_words_of(&said));
    out->failed = out->failed || said.failed;
    ms_buf_free(&said);
}

static void put_assumptions(ms_buf *out, const ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    char number[MS_NUMBER_BYTES], digest[24];
    ms_buf start = {0};
    ms_say_start(&start, b->language, kase);
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)kase->digest);
    ms_buf_text(out, "<section>\n");
    put_said(out, b, "h2", NULL, MS_SAY_ASSUMPTIONS);
    ms_buf_text(out, "<ul>\n");
    put_item(out, b, MS_SAY_ASSUME_CASE, kase->name, digest);
    put_item(out, b, MS_SAY_ASSUME_DAYS, ms_words_of(&start), NULL);
    put_item(out, b, MS_SAY_ASSUME_MODEL, ms_number_text(number, kase->period_hours), NULL);
    put_item(out, b, MS_SAY_ASSUME_RATIO, ms_number_short(number, b->plan->ratio_used), NULL);
    if (kase->fair)
        put_item(out, b, MS_SAY_ASSUME_FAIR, NULL, NULL);
    put_item(out, b, MS_SAY_ASSUME_ENGINE, b->plan->engine, NULL);
    put_item(out, b, MS_SAY_ASSUME_ROUND, NULL, NULL);
    ms_buf_text(out, "</ul></section>\n");
    out->failed = out->failed || start.failed;
    ms_buf_free(&start);
}

static void put_words(ms_buf *out, const ms_briefing *b)
{
    static const ms_say_text words[] = {MS_SAY_WORD_SHORTFALL, MS_SAY_WORD_LATE, MS_SAY_WORD_PRIORITY,
                                        MS_SAY_WORD_ALONE,     MS_SAY_WORD_DAYS, MS_SAY_WORD_STATES,
                                        MS_SAY_WORD_GAP,       MS_SAY_WORD_ENTRY};
    ms_buf_text(out, "<section>\n");
    put_said(out, b, "h2", NULL, MS_SAY_GLOSSARY);
    ms_buf_text(out, "<ul>\n");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put_item(out, b, words[i], NULL, NULL);
    ms_buf_text(out, "</ul></section>\n");
}

static void put_details(ms_buf *out, const ms_briefing *b)
{
    ms_buf_text(out, "<div class=\"page details\">\n");
    put_said(out, b, "h1", NULL, MS_SAY_DETAILS);
    put_section(out, b, MS_SECTION_REASONS, DETAIL_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_STRESS, DETAIL_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_DECIDE, DETAIL_ROWS, false, NULL);
    put_chart(out, b, MS_SAY_SHORT_BY_DAY, ms_briefing_put_short);
    put_section(out, b, MS_SECTION_RUNS_OUT, DETAIL_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_SITES, DETAIL_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_COVERAGE, DETAIL_ROWS, false, NULL);
    put_chart(out, b, MS_SAY_STATES_BY_DAY, ms_briefing_put_states);
    put_section(out, b, MS_SECTION_POSTURE, DETAIL_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_LANES, USE_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_PLACES, USE_ROWS, false, NULL);
    put_section(out, b, MS_SECTION_ORDERS, DETAIL_ROWS, false, NULL);
    put_assumptions(out, b);
    put_section(out, b, MS_SECTION_FINDINGS, DETAIL_ROWS, false, NULL);
    put_words(out, b);
    put_said(out, b, "p", "note", MS_SAY_ALL_IN_XLSX);
    ms_buf_text(out, "</div>\n</main>\n");
}

void ms_briefing_html(ms_buf *out, const ms_briefing *briefing, const ms_buf *map)
{
    ms_buf_printf(out,
                  "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                  "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
                  briefing->language == MS_LANGUAGE_KO ? "ko" : "en");
    ms_svg_escape(out, briefing->plan->kase->name);
    ms_buf_text(out, ": ");
    ms_svg_escape(out, ms_say_of(briefing->language, MS_SAY_BRIEFING));
    ms_buf_text(out, "</title>\n<style>");
    ms_buf_text(out, ms_briefing_style);
    ms_buf_text(out, "</style></head><body>\n");
    put_front(out, briefing, map);
    put_details(out, briefing);
    ms_buf_text(out, "</body></html>\n");
}
