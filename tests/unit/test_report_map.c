/* test_report_map.c: the picture: well-formed whatever the names, in one piece across the 180th meridian, labels apart.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/map.h"
#include "report/svg.h"

#include "case_text.h"
#include "faults.h"
#include "hostile_names.h"
#include "test_report_scan.h"

static ms_case *reads(const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (case_text_read(&kase, text, strlen(text), NULL, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    return kase;
}

#define REST                                                                                                \
    "== case.json\n{\"name\": \"map\", \"start\": \"2030-06-01\", \"days\": 5}\n"                           \
    "== partners.csv\npartner\nblue\ngreen\n"                                                               \
    "== items.csv\nitem,class,kg_per_unit\nfuel,III,800\n"                                                  \
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nd,suva,fuel,blue,0,,10,1\n" \
    "== lanes.csv\nlane,from,to,mode,transit_days\n"

/* Suva, Auckland and Apia lie on both sides of 180 degrees, within 20 degrees of each other; nowhere has no position.
 */
#define SITES                                                                                                   \
    "== sites.csv\nsite,name,partner,kind,country,lat,lon\nsuva,Suva,blue,port,FJ,-18.13,178.43\n"              \
    "auckland,Auckland,green,port,NZ,-36.84,174.77\napia,\"Apia, on the other side\",,unit,WS,-13.83,-171.77\n" \
    "nowhere,Nowhere & <beyond>,,depot,,,\n"

static const char pacific[] = REST
    "sea-1,auckland,suva,sea,3\nsea-2,suva,apia,sea,2\nsea-3,apia,suva,sea,2\nair-1,auckland,apia,air,1\n"
    "road-1,nowhere,suva,road,1\n" SITES;

static ms_map map_of(const ms_case *kase, const ms_plan *plan)
{
    ms_map map;
    ms_error err = {0};
    if (ms_map_make(&map, kase, plan, &ms_map_alone, &err) != MS_OK)
        fail_msg("%s", err.message);
    return map;
}

static char *picture(const ms_case *kase, const ms_plan *plan, ms_buf *out)
{
    ms_error err = {0};
    if (ms_report_map_svg(out, kase, plan, &err) != MS_OK)
        fail_msg("%s", err.message);
    return out->text;
}

/* Cut where the widest empty stretch ends, at Auckland (174.77): Apia is 13.46 degrees further east, not 346.5 west. */
static void across_the_180th_meridian(void **state)
{
    (void)state;
    ms_case *kase = reads(pacific);
    ms_map map = map_of(kase, NULL);
    assert_true(fabs(map.at[0].x - 178.43) < 1e-9 && fabs(map.at[1].x - 174.77) < 1e-9);
    assert_true(fabs(map.at[2].x - 188.23) < 1e-9);
    assert_true(isnan(map.at[3].x));
    for (int32_t n = 0; n < 3; n++)
        assert_true(ms_map_inside(&map.panels[0], ms_map_place(&map.panels[0], map.at[n])));
    /* Mercator's north of -18.13 degrees is ln tan(45 - 9.065 degrees) = -0.32186 rad = -18.441 degrees. */
    assert_true(fabs(map.at[0].y + 18.441) < 1e-3);
    ms_map_free(&map);
    ms_case_free(kase);
}

/* The two directions of Suva to Apia are one strand while nothing flows; a lane to a site without a position is none.
 */
static void strands(void **state)
{
    (void)state;
    ms_case *kase = reads(pacific);
    ms_map map = map_of(kase, NULL);
    assert_int_equal(map.strand_count, 3);
    ms_map_free(&map);

    ms_movement movements[] = {
        {0, 2, 1, 0, 0, -1, -1, -1, -1, 100}, {0, 2, 2, 0, 0, -1, -1, -1, -1, 10}, {1, 3, 1, 0, 0, -1, -1, -1, -1, 25}};
    ms_shortfall shortfalls[] = {{MS_SHORT_DEMAND, 0, 1, 5, 10}, {MS_SHORT_DEMAND, 0, 2, 2.5, 10}};
    ms_plan plan = {
        .kase = kase, .movements = movements, .movement_count = 3, .shortfalls = shortfalls, .shortfall_count = 2};
    map = map_of(kase, &plan);
    assert_int_equal(map.strand_count, 4); /* both directions flow now */
    const ms_strand *last = &map.strands[3], *third = &map.strands[2];
    assert_true(fabs(last->tonnes - 100) < 1e-9 && last->from_ix == 0 && last->to_ix == 2); /* 125 m3 of 0.8 t */
    assert_true(fabs(third->tonnes - 8) < 1e-9 && third->slots == 2);
    assert_true(fabs(map.short_t[0] - 6) < 1e-9);
    ms_map_free(&map);
    ms_buf out = {0};
    picture(kase, &plan, &out);
    assert_true(scan_xml(out.text) > 40);
    assert_non_null(strstr(out.text, "−6\xC2\xA0t"));
    ms_buf_free(&out);
    ms_case_free(kase);
}

/* A curve begins and ends at its sites, and long ones stay on the map. */
static void curves(void **state)
{
    (void)state;
    ms_case *kase = reads(REST
                          "a,suva,far,sea,3\n"
                          "== sites.csv\nsite,name,partner,kind,country,lat,lon\nsuva,Suva,blue,port,FJ,-18.13,178.43\n"
                          "far,Far,green,port,US,37.8,-122.3\n");
    ms_map map = map_of(kase, NULL);
    ms_point points[MS_MAP_CURVE];
    int count = ms_map_curve(&map, &map.panels[0], &map.strands[0], points);
    assert_int_equal(count, MS_MAP_CURVE);
    ms_point from = ms_map_place(&map.panels[0], map.at[0]), to = ms_map_place(&map.panels[0], map.at[1]);
    assert_true(hypot(points[0].x - from.x, points[0].y - from.y) < 0.01);
    assert_true(hypot(points[count - 1].x - to.x, points[count - 1].y - to.y) < 0.01);
    for (int i = 0; i < count; i++)
        assert_true(ms_map_inside(&map.panels[0], points[i]));
    ms_map_free(&map);
    ms_case_free(kase);
}

static void picture_is_well_formed(void **state)
{
    (void)state;
    ms_case *kase = reads(pacific);
    ms_buf out = {0};
    picture(kase, NULL, &out);
    assert_true(scan_xml(out.text) > 30);
    assert_non_null(strstr(out.text, "Without a position: Nowhere &amp; &lt;beyond&gt;"));
    assert_non_null(strstr(out.text, ">Apia</text>")); /* what stands behind the comma is in the tooltip */
    assert_null(strstr(out.text, "http://www.w3.org/2000/svg\" xlink"));
    const char hostile[] = "\033[2J</text><script>alert(1)</script>\xEF\xBF\xBE\"'&amp;\xFF港";
    spoil_names(kase, hostile);
    ms_buf_reset(&out);
    picture(kase, NULL, &out);
    assert_true(scan_xml(out.text) > 30);
    assert_null(strstr(out.text, "<script"));
    assert_null(strstr(out.text, "\xEF\xBF\xBE"));
    ms_buf_free(&out);
    ms_case_free(kase);
}

/* Sites in one place, in no place, or not at all. */
static void odd_cases(void **state)
{
    (void)state;
    static const char head[] = "== sites.csv\nsite,name,partner,kind,country,lat,lon\n";
    const char *sites[] = {
        "suva,Suva,,port,,,\nb,B,blue,unit,,,\nc,C,blue,unit,,,\n",
        "suva,Suva,,port,FJ,1,1\nb,B,blue,unit,FJ,1,1\nc,C,blue,unit,FJ,1,1\n",
        "suva,Suva,,port,FJ,90,0\nb,B,blue,unit,FJ,-90,180\nc,C,,unit,FJ,0,-180\n",
        "suva,Suva,,port,FJ,5,5\n",
    };
    for (size_t i = 0; i < sizeof sites / sizeof sites[0]; i++) {
        char text[2048];
        snprintf(text, sizeof text, "%s%s%s%s", REST, i < 3 ? "a,suva,b,road,1\nb,b,c,air,1\n" : "", head, sites[i]);
        ms_case *kase = reads(text);
        ms_buf out = {0};
        picture(kase, NULL, &out);
        scan_xml(out.text);
        assert_null(strstr(out.text, "nan"));
        assert_null(strstr(out.text, "inf"));
        ms_buf_free(&out);
        ms_case_free(kase);
    }
}

static bool apart(const ms_map_label *a, const ms_map_label *b)
{
    return a->x + a->w <= b->x || b->x + b->w <= a->x || a->y + a->h <= b->y || b->y + b->h <= a->y;
}

/* Sixty sites in a crowd and two far away: the crowd gets a panel of its own, and no label covers another. */
static void labels_do_not_collide(void **state)
{
    (void)state;
    ms_buf text = {0};
    ms_buf_text(&text, REST
                "a,suva,far,sea,9\n== sites.csv\nsite,name,partner,kind,country,lat,lon\nsuva,Suva,,port,FJ,-18,178\n"
                "far,Far away,,port,FJ,30,-120\n");
    for (int i = 0; i < 60; i++)
        ms_buf_printf(&text, "s%02d,Settlement %02d,blue,unit,FJ,%d.%d,17%d.%d\n", i, i, -17 - i / 20, i % 7, 7 + i % 2,
                      i % 9);
    ms_case *kase = reads(text.text);
    ms_map map = map_of(kase, NULL);
    assert_int_equal(map.panel_count, 2);
    enum { SITES_HERE = 62 };
    double widths[SITES_HERE];
    ms_map_label labels[SITES_HERE];
    for (int i = 0; i < SITES_HERE; i++)
        widths[i] = 70;
    int placed = 0;
    for (int panel = 0; panel < 2; panel++) {
        assert_true(ms_map_labels(labels, &map, panel, widths, 12));
        for (int i = 0; i < SITES_HERE; i++) {
            placed += labels[i].placed;
            for (int j = 0; j < i; j++)
                assert_true(!labels[i].placed || !labels[j].placed || apart(&labels[i], &labels[j]));
        }
    }
    assert_true(placed >= 40);
    ms_map_free(&map);
    ms_case_free(kase);
    ms_buf_free(&text);
}

static void numbers(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},        {-0.04, "0"},       {12.34, "12.3"}, {NAN, "0"},
                 {INFINITY, "0"}, {1e300, "1000000"}, {-2.5, "-2.5"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ms_buf out = {0};
        ms_svg_number(&out, cases[i].value);
        assert_string_equal(out.text, cases[i].text);
        ms_buf_free(&out);
    }
}

static ms_status draw(void *context)
{
    ms_error err = {0};
    ms_buf out = {0};
    ms_status status = ms_report_map_svg(&out, context, NULL, &err);
    ms_buf_free(&out);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    ms_case *kase = reads(pacific);
    assert_true(each_refusal(draw, kase) > 10);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(across_the_180th_meridian),
        cmocka_unit_test(strands),
        cmocka_unit_test(curves),
        cmocka_unit_test(picture_is_well_formed),
        cmocka_unit_test(odd_cases),
        cmocka_unit_test(labels_do_not_collide),
        cmocka_unit_test(numbers),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
