/* rules.c: releases.csv in, and which of its rules decides about a row. See rules.h. */
#include "exchange/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *const ms_detail_words[MS_DETAILS + 1] = {"full", "rounded", "summed", "delayed", "days", "withheld", NULL};
const char *const ms_release_table_words[MS_RELEASE_TABLES + 2] = {
    "sites", "fleets", "lanes", "stocks", "supplies", "demands", "reserves", "agreements", "commitments", "*", NULL};

static const char *const by_words[] = {"class", "region", "week", NULL};

enum { TO, TABLE, SITE, ITEM, CLASS, DETAIL, AMOUNT, BY };
static const ms_listing_column columns[] = {
    [TO] = {"to", true, "to whom: a partner, or * for everyone you trust"},
    [TABLE] = {"table", true,
               "sites, fleets, lanes, stocks, supplies, demands, reserves, agreements, commitments, or *"},
    [SITE] = {"site", false, "only rows at this site; * and ? stand for letters; both ends of a lane must fit"},
    [ITEM] = {"item", false, "only rows of this item, or pattern"},
    [CLASS] = {"class", false, "only rows of this class of supply, or pattern"},
    [DETAIL] = {"detail", true, "full, rounded, summed, delayed, days (of supply), or withheld"},
    [AMOUNT] = {"amount", false, "rounded: to multiples of this many units; delayed: by this many days"},
    [BY] = {"by", false, "summed: class, region, week, or several of them; tonnes are added up over all the rest"},
    {0},
};

char *ms_release_file(char out[32], ms_release_table table)
{
    snprintf(out, 32, "%s.csv", ms_release_table_words[table]);
    return out;
}

/* ---- reading ---- */

#define BIT(table) (1u << MS_RELEASE_##table)
enum {
    WITH_SITE = BIT(SITES) | BIT(LANES) | BIT(STOCKS) | BIT(SUPPLIES) | BIT(DEMANDS) | BIT(RESERVES) | BIT(COMMITMENTS),
    WITH_ITEM = BIT(STOCKS) | BIT(SUPPLIES) | BIT(DEMANDS) | BIT(RESERVES) | BIT(COMMITMENTS),
    EVERY = (1u << MS_RELEASE_TABLES) - 1
};
static const unsigned detail_tables[MS_DETAILS] = {
    [MS_DETAIL_FULL] = EVERY | BIT(ANY),
    [MS_DETAIL_ROUNDED] = EVERY & ~BIT(AGREEMENTS),
    [MS_DETAIL_SUMMED] = BIT(STOCKS) | BIT(SUPPLIES) | BIT(DEMANDS),
    [MS_DETAIL_DELAYED] = EVERY | BIT(ANY),
    [MS_DETAIL_DAYS] = BIT(STOCKS),
    [MS_DETAIL_WITHHELD] = EVERY | BIT(ANY),
};

/* -1 and a complaint when the cell is none of words. */
static ms_status read_word(int *out, const ms_listing *listing, int column, const char *const *words, ms_error *err)
{
    char near[128];
    const char *cell = listing->cells[column];
    *out = ms_listing_word(words, cell);
    if (*out >= 0)
        return MS_OK;
    if (column == TABLE && (strcmp(cell, "forces") == 0 || strcmp(cell, "factors") == 0))
        return ms_listing_complain(listing, column, err, "%s go out as the demands that they become: write demands",
                                   cell);
    return ms_listing_complain(listing, column, err, "\"%s\" is none of what belongs here: %s%s", cell,
                               columns[column].help, ms_listing_near(near, sizeof near, words, cell));
}

static ms_status read_by(ms_rule *rule, const ms_listing *listing, ms_error *err)
{
    const char *at = listing->cells[BY];
    for (;;) {
        at += strspn(at, " ;,");
        size_t length = strcspn(at, " ;,");
        if (length == 0)
            return MS_OK;
        char word[32];
        snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), at);
        int ix = ms_listing_word(by_words, word);
        if (ix < 0) {
            rule->by |= rule->detail == MS_DETAIL_SUMMED; /* it was said by what: one error is enough */
            return ms_listing_complain(listing, BY, err, "\"%s\" is none of class, region, week", word);
        }
        rule->by |= 1u << ix;
        at += length;
    }
}

static ms_status check_amount(ms_rule *rule, const ms_listing *listing, ms_error *err)
{
    bool wanted = rule->detail == MS_DETAIL_ROUNDED || rule->detail == MS_DETAIL_DELAYED;
    const char *cell = listing->cells[AMOUNT];
    if (!wanted)
        return cell[0] == '\0'
                   ? MS_OK
                   : ms_listing_complain(listing, AMOUNT, err, "an amount belongs to rounded and delayed only");
    double most = rule->detail == MS_DETAIL_DELAYED ? 3660 : 1e12;
    const char *why = ms_number_parse(&rule->amount, cell, strlen(cell));
    if (cell[0] == '\0' || why != NULL || rule->amount <= 0 || rule->amount > most)
        return ms_listing_complain(listing, AMOUNT, err, "%s needs an amount: %s", ms_detail_words[rule->detail],
                                   rule->detail == MS_DETAIL_DELAYED ? "days, above 0, up to 3660"
                                                                     : "item units, above 0, up to 1e12");
    return MS_OK;
}

/* What a rule's cells may not be together. */
static ms_status check_rule(ms_rule *rule, const ms_listing *listing, ms_error *err)
{
    unsigned table = 1u << rule->table;
    const char *word = ms_release_table_words[rule->table];
    if ((detail_tables[rule->detail] & table) == 0)
        MS_TRY(ms_listing_complain(listing, DETAIL, err, "%s cannot go out %s", word, ms_detail_words[rule->detail]));
    if (rule->site[0] != '\0' && (WITH_SITE & table) == 0)
        MS_TRY(ms_listing_complain(listing, SITE, err, "%s have no site: leave it empty, or name a table that has",
                                   rule->table == MS_RELEASE_ANY ? "not all tables" : word));
    for (int column = ITEM; column <= CLASS; column++)
        if (listing->cells[column][0] != '\0' && (WITH_ITEM & table) == 0)
            MS_TRY(ms_listing_complain(listing, column, err,
                                       "%s have no item: leave it empty, or name a table that has",
                                       rule->table == MS_RELEASE_ANY ? "not all tables" : word));
    if (rule->detail == MS_DETAIL_SUMMED && rule->by == 0)
        MS_TRY(ms_listing_complain(listing, BY, err, "summed by what? One or more of class, region, week"));
    if (rule->detail != MS_DETAIL_SUMMED && rule->by != 0)
        MS_TRY(ms_listing_complain(listing, BY, err, "class, region and week belong to summed only"));
    if (rule->table == MS_RELEASE_STOCKS && (rule->by & MS_BY_WEEK) != 0)
        MS_TRY(ms_listing_complain(listing, BY, err, "stock on hand has no week"));
    return check_amount(rule, listing, err);
}

static ms_status visit_rule(void *context, const ms_listing *listing, ms_error *err)
{
    ms_rules *rules = context;
    int table, detail;
    ms_rule rule = {.to = listing->cells[TO],
                    .site = listing->cells[SITE],
                    .item = listing->cells[ITEM],
                    .class = listing->cells[CLASS],
                    .line = listing->line};
    MS_TRY(read_word(&table, listing, TABLE, ms_release_table_words, err));
    MS_TRY(read_word(&detail, listing, DETAIL, ms_detail_words, err));
    if (table < 0 || detail < 0)
        return MS_OK;
    rule.table = (ms_release_table)table;
    rule.detail = (ms_detail)detail;
    MS_TRY(read_by(&rule, listing, err));
    MS_TRY(check_rule(&rule, listing, err));
    void *block = rules->rules;
    if (!ms_grow(&block, &rules->capacity, rules->count + 1, sizeof *rules->rules))
        return ms_error_memory(err);
    rules->rules = block;
    rules->rules[rules->count++] = rule;
    return MS_OK;
}

ms_status ms_rules_read(ms_rules *out, const char *text, size_t length, const char *file, ms_findings *findings,
                        ms_error *err)
{
    ms_rules rules = {.arena = ms_arena_new()};
    if (rules.arena == NULL)
        return ms_error_memory(err);
    size_t errors = findings->error_count;
    ms_listing listing = {.file = file, .columns = columns, .arena = rules.arena, .findings = findings};
    ms_status status = ms_listing_read(&listing, text, length, visit_rule, &rules, err);
    if (status == MS_OK && findings->error_count > errors)
        status = ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "%zu error%s", findings->error_count - errors,
                             findings->error_count - errors == 1 ? "" : "s");
    if (status != MS_OK)
        ms_rules_free(&rules);
    else
        *out = rules;
    return status;
}

void ms_rules_free(ms_rules *rules)
{
    ms_arena_free(rules->arena);
    ms_free(rules->rules);
    *rules = (ms_rules){0};
}

/* ---- deciding ---- */

static bool fits(const char *pattern, const char *text)
{
    return pattern[0] == '\0' || (text != NULL && ms_text_glob(pattern, text));
}

const ms_rule *ms_rules_decide(const ms_rules *rules, const char *to, ms_release_table table, const ms_subject *subject)
{
    for (size_t ix = 0; ix < rules->count; ix++) {
        const ms_rule *rule = &rules->rules[ix];
        if ((rule->table == table || rule->table == MS_RELEASE_ANY) && ms_text_glob(rule->to, to) &&
            fits(rule->site, subject->from) && fits(rule->site, subject->to) && fits(rule->item, subject->item) &&
            fits(rule->class, subject->class))
            return rule;
    }
    return NULL;
}

void ms_rules_markdown(ms_buf *out)
{
    ms_buf_text(out, "| column | required | what it says |\n| --- | --- | --- |\n");
    for (const ms_listing_column *column = columns; column->name != NULL; column++)
        ms_buf_printf(out, "| `%s` | %s | %s |\n", column->name, column->required ? "yes" : "", column->help);
}
