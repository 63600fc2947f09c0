/* test_exchange_rules.c: releases.csv and aliases.csv: which rule decides, which item is which, and what is said about
 * files that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/items.h"
#include "exchange/rules.h"
#include "faults.h"

/* ---- rules ---- */

static ms_rules rules_of(const char *text)
{
    ms_rules rules;
    ms_findings findings = {0};
    ms_error err = {0};
    if (ms_rules_read(&rules, text, strlen(text), "releases.csv", &findings, &err) != MS_OK)
        fail_msg("%s: %s", err.message, findings.count > 0 ? findings.items[0].message : "");
    ms_findings_free(&findings);
    return rules;
}

static const char RULES[] = "to,table,site,item,class,detail,amount,by\n"
                            "JP,stocks,,,V,withheld,,\n"
                            "JP,stocks,port-*,,,full,,\n"
                            "JP,stocks,,diesel,,rounded,100,\n"
                            "*,stocks,,,,summed,,class region\n"
                            "JP,lanes,port-*,,,delayed,3,\n"
                            "KR,*,,,,full,,\n";

static const char *decided(const ms_rules *rules, const char *to, ms_release_table table, const char *site,
                           const char *other, const char *item, const char *class)
{
    ms_subject subject = {site, other, item, class};
    const ms_rule *rule = ms_rules_decide(rules, to, table, &subject);
    return rule == NULL ? "nothing" : ms_detail_words[rule->detail];
}

static void the_first_rule_that_fits_decides(void **state)
{
    (void)state;
    ms_rules rules = rules_of(RULES);
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_STOCKS, "port-a", "port-a", "shell", "V"), "withheld");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_STOCKS, "port-a", "port-a", "diesel", "III"), "full");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_STOCKS, "depot", "depot", "diesel", "III"), "rounded");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_STOCKS, "depot", "depot", "water", "water"), "summed");
    assert_string_equal(decided(&rules, "AU", MS_RELEASE_STOCKS, "depot", "depot", "shell", "V"), "summed");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_LANES, "port-a", "port-b", NULL, NULL), "delayed");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_LANES, "port-a", "secret", NULL, NULL), "nothing");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_SITES, "port-a", "port-a", NULL, NULL), "nothing");
    assert_string_equal(decided(&rules, "KR", MS_RELEASE_AGREEMENTS, NULL, NULL, NULL, NULL), "full");
    assert_int_equal(rules.rules[3].by, MS_BY_CLASS | MS_BY_REGION);
    ms_rules_free(&rules);
    rules = rules_of("");
    assert_string_equal(decided(&rules, "JP", MS_RELEASE_STOCKS, "a", "a", "b", "I"), "nothing");
    ms_rules_free(&rules);
}

/* Each file is refused, with an error at the line and column that says the words. */
static void wrong_rules_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int column;
        const char *says;
    } wrong[] = {
        {"JP,stock,,,,full,,", 4, "did you mean \"stocks\"?"},
        {"JP,forces,,,,full,,", 4, "write demands"},
        {"JP,stocks,,,,ful,,", 14, "did you mean \"full\"?"},
        {"JP,stocks,,,,rounded,,", 22, "rounded needs an amount"},
        {"JP,stocks,,,,rounded,-1,", 22, "above 0"},
        {"JP,stocks,,,,full,10,", 19, "rounded and delayed only"},
        {"JP,stocks,,,,summed,,", 22, "summed by what"},
        {"JP,stocks,,,,summed,,week", 22, "no week"},
        {"JP,demands,,,,summed,,month", 23, "\"month\" is none of class, region, week"},
        {"JP,sites,,,,summed,,class", 13, "sites cannot go out summed"},
        {"JP,demands,,,,days,,", 15, "demands cannot go out days"},
        {"JP,fleets,port-a,,,full,,", 11, "fleets have no site"},
        {"JP,lanes,,diesel,,full,,", 11, "lanes have no item"},
        {"JP,*,,,V,full,,", 8, "not all tables have no item"},
        {",stocks,,,,full,,", 1, "to is empty"},
    };
    for (size_t ix = 0; ix < sizeof wrong / sizeof wrong[0]; ix++) {
        char text[256];
        ms_rules rules;
        ms_findings findings = {0};
        snprintf(text, sizeof text, "to,table,site,item,class,detail,amount,by\n%s\n", wrong[ix].row);
        assert_int_equal(ms_rules_read(&rules, text, strlen(text), "releases.csv", &findings, NULL), MS_BAD_INPUT);
        if (findings.error_count != 1 || strstr(findings.items[0].message, wrong[ix].says) == NULL ||
            findings.items[0].line != 2 || findings.items[0].column != wrong[ix].column)
            fail_msg("%s: %zu errors, %d:%d: %s", wrong[ix].row, findings.error_count, findings.items[0].line,
                     findings.items[0].column, findings.items[0].message);
        ms_findings_free(&findings);
    }
}

static void every_error_comes_at_once(void **state)
{
    (void)state;
    ms_rules rules;
    ms_findings findings = {0};
    const char text[] = "too,table,detail\nJP,stock,full\nJP,stocks,summed\n";
    assert_int_equal(ms_rules_read(&rules, text, strlen(text), "releases.csv", &findings, NULL), MS_BAD_INPUT);
    /* too is no column, to is missing; without it no row is whole. */
    assert_int_equal(findings.error_count, 2);
    assert_string_equal(findings.items[0].message, "no column \"too\"; did you mean \"to\"?");
    ms_findings_free(&findings);
}

/* ---- items ---- */

static const ms_item_card OURS[] = {
    {"diesel", "Diesel", "9140-00-286-5294", "m3", 840},
    {"ration", "Ration", "8970-00-149-1094", "case", 10},
    {"tent", "Tent", "", "each", 250},
    {"twin-a", "Twin", "1111", "each", 1},
    {"twin-b", "Twin", "1111", "each", 1},
    {"water", "Water", "8960-01-485-3256", "m3", 1000},
};

static void add_item(ms_picture *picture, const char *id, const char *nsn, const char *unit, const char *kg)
{
    char key[64], line[256];
    snprintf(key, sizeof key, "items/%s", id);
    snprintf(line, sizeof line,
             "{\"item\":{\"class\":\"III\",\"item\":\"%s\",\"kg_per_unit\":\"%s\",\"name\":\"\",\"nsn\":\"%s\","
             "\"unit\":\"%s\"},\"key\":\"%s\"}",
             id, kg, nsn, unit, key);
    assert_int_equal(ms_picture_put(picture, key, line, strlen(line), NULL), MS_OK);
}

static ms_picture theirs(void)
{
    ms_picture picture;
    assert_int_equal(ms_picture_start(&picture, NULL), MS_OK);
    add_item(&picture, "F76", "9140002865294", "gal", "3.18"); /* the same number, bare; another unit */
    add_item(&picture, "MRE", "8970 00 149 1094", "case", "10.4");
    add_item(&picture, "WTR", "8960-01-485-3256", "m3", "2500"); /* the same word, another thing */
    add_item(&picture, "TNT", "", "each", "240");
    add_item(&picture, "TWIN", "1111", "each", "1");
    add_item(&picture, "tent", "", "pallet", "1000");
    add_item(&picture, "odd", "", "box", "");
    ms_picture_settle(&picture);
    return picture;
}

static ms_aliases aliases_of(const char *text)
{
    ms_aliases aliases;
    ms_findings findings = {0};
    if (ms_aliases_read(&aliases, text, strlen(text), "aliases.csv", &findings, NULL) != MS_OK)
        fail_msg("%s", findings.items[0].message);
    return aliases;
}

static const ms_item_match *match_of(const ms_item_matches *matches, const char *id)
{
    const ms_item_match *match = ms_items_find(matches, id, strlen(id));
    assert_non_null(match);
    return match;
}

/* One gallon of 3.18 kg is 3.18 / 840 m3; a pallet of 1000 kg is 4 tents of 250 kg. */
static void items_match_by_number_else_by_alias(void **state)
{
    (void)state;
    ms_picture picture = theirs();
    ms_aliases aliases = aliases_of("partner,theirs,ours,factor\nJP,TNT,tent,\nJP,odd,ration,12\n*,*,*,\n");
    ms_item_matches matches;
    assert_int_equal(ms_items_match(&matches, &picture, "JP", &aliases, OURS, 6, NULL), MS_OK);
    assert_int_equal(match_of(&matches, "F76")->ours, 0);
    assert_true(match_of(&matches, "F76")->factor == 3.18 / 840);
    assert_int_equal(match_of(&matches, "MRE")->ours, 1);
    assert_true(match_of(&matches, "MRE")->factor == 1); /* a case is a case */
    assert_int_equal(match_of(&matches, "TNT")->ours, 2);
    assert_int_equal(match_of(&matches, "tent")->ours, 2); /* by the row of stars: the same code */
    assert_true(match_of(&matches, "tent")->factor == 4);
    assert_int_equal(match_of(&matches, "odd")->ours, 1);
    assert_true(match_of(&matches, "odd")->factor == 12);
    ms_items_free(&matches);
    ms_aliases_free(&aliases);
    ms_picture_free(&picture);
}

static void what_matches_nothing_is_named(void **state)
{
    (void)state;
    ms_picture picture = theirs();
    ms_aliases aliases = aliases_of("partner,theirs,ours\nKR,TNT,tent\nJP,odd,nothing\n");
    ms_item_matches matches;
    assert_int_equal(ms_items_match(&matches, &picture, "JP", &aliases, OURS, 6, NULL), MS_OK);
    static const char *const says[][2] = {{"TNT", "none of our items has its NSN (it has none)"},
                                          {"tent", "none of our items"}, /* the same code is no match by itself */
                                          {"TWIN", "two of our items have its NSN 1111"},
                                          {"WTR", "weighs 2500 kg there and 1000 kg here"},
                                          {"odd", "which is no item here"}};
    for (size_t ix = 0; ix < sizeof says / sizeof says[0]; ix++) {
        const ms_item_match *match = match_of(&matches, says[ix][0]);
        assert_int_equal(match->ours, -1);
        if (strstr(match->why, says[ix][1]) == NULL)
            fail_msg("%s: %s", says[ix][0], match->why);
    }
    assert_null(ms_items_find(&matches, "nobody", 6));
    ms_items_free(&matches);
    ms_aliases_free(&aliases);
    ms_picture_free(&picture);
}

/* ---- memory runs short ---- */

static ms_status read_and_match(void *context)
{
    static const char ALIASES[] = "partner,theirs,ours,factor\nJP,TNT,tent,2\n";
    ms_rules rules = {0};
    ms_aliases aliases = {0};
    ms_item_matches matches = {0};
    ms_findings findings = {0};
    ms_status status = ms_rules_read(&rules, RULES, sizeof RULES - 1, "releases.csv", &findings, NULL);
    if (status == MS_OK)
        status = ms_aliases_read(&aliases, ALIASES, sizeof ALIASES - 1, "aliases.csv", &findings, NULL);
    if (status == MS_OK)
        status = ms_items_match(&matches, context, "JP", &aliases, OURS, 6, NULL);
    ms_items_free(&matches);
    ms_aliases_free(&aliases);
    ms_rules_free(&rules);
    ms_findings_free(&findings);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    ms_picture picture = theirs();
    assert_true(each_refusal(read_and_match, &picture) > 20);
    ms_picture_free(&picture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rule_that_fits_decides), cmocka_unit_test(wrong_rules_are_named),
        cmocka_unit_test(every_error_comes_at_once),        cmocka_unit_test(items_match_by_number_else_by_alias),
        cmocka_unit_test(what_matches_nothing_is_named),    cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests_name("exchange: rules and items", tests, NULL, NULL);
}
