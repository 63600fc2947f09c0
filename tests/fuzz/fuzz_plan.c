/* fuzz_plan.c: the check by a stranger reads plans from anybody: whatever the files say, it ends with an answer.
 *
 * An input is a plan's files one behind the other, each after a line "== name"; they are checked against the case
 * below, the one of tests/plans/knot, which has a row for most of what the model knows.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "plan/check.h"

static const struct {
    const char *name, *text;
} case_files[] = {
    {"case.json", "{\"name\": \"knot\", \"start\": \"2030-06-01\", \"days\": 2.5, \"period_hours\": 12, "
                  "\"priority_ratio\": 4, \"fair\": true, \"currency\": \"EUR\"}\n"},
    {"partners.csv", "partner,name\n"
                     "north,North\n"
                     "south,South\n"},
    {"sites.csv", "site,name,partner,kind,country,lat,lon,handling_t_per_day,storage_t\n"
                  "port,,,port,AA,,,12,20\n"
                  "base,,north,unit,AA,,,,\n"
                  "town,,south,unit,BB,,,,\n"},
    {"items.csv", "item,name,class,unit,kg_per_unit,value_per_unit,criticality,backorder\n"
                  "fuel,Fuel,III,t,1000,100,1,yes\n"
                  "water,Water,water,t,1000,,2,no\n"
                  "juice,Juice,I,crate,500,,1,no\n"},
    {"stocks.csv", "site,item,partner,quantity\n"
                   "port,fuel,north,12\n"
                   "port,water,south,6\n"
                   "port,juice,north,8\n"},
    {"supplies.csv", "site,item,partner,from_day,to_day,per_day\n"
                     "port,water,south,0,,2\n"},
    {"demands.csv", "demand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "base-fuel,base,fuel,north,1,2.5,4,1\n"
                    "town-water,town,water,south,1.5,2.5,4,2\n"},
    {"reserves.csv", "site,item,partner,quantity,days,priority\n"
                     "base,fuel,north,3,,2\n"},
    {"lanes.csv", "lane,from,to,mode,partner,transit_days,capacity_t_per_day,cost_per_t,fleet,carries\n"
                  "port-base,port,base,road,,0.5,10,6,,\n"
                  "port-town,port,town,road,north,0.75,,2,trucks,\n"},
    {"fleets.csv", "fleet,partner,mode,vehicles,payload_t,turn_days\n"
                   "trucks,north,road,3.5,1,0.5\n"},
    {"agreements.csv", "agreement,provider,receiver,kind,scope,limit_t,from_day,to_day,settlement,due_days\n"
                       "haul,north,south,lift,water,5,,,cash,\n"
                       "gate,south,north,site,town,,,,,\n"
                       "aid,north,south,item,juice,2,,,in-kind,30\n"},
    {"substitutes.csv", "item,substitute,ratio\n"
                        "water,juice,2\n"},
    {"duties.csv", "from_country,to_country,class,rate\n"
                   "AA,BB,III,0.08\n"},
    {"commitments.csv", "lane,item,partner,depart_day,quantity\n"
                        "port-base,fuel,north,-0.5,2\n"
                        "port-base,fuel,north,1,2\n"},
    {"contingencies.csv", "contingency,name,from_day,to_day,what,which,effect,amount,chance\n"
                          "dry,The well runs dry,2,,supply,port/water,close,,\n"},
};
enum { CASE_FILES = sizeof case_files / sizeof *case_files };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static ms_case *open_case(void)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_case_file *files = ms_alloc(CASE_FILES, sizeof *files);
    for (int i = 0; files != NULL && i < CASE_FILES; i++)
        files[i] = (ms_case_file){case_files[i].name, ms_strdup(case_files[i].text), strlen(case_files[i].text)};
    if (files == NULL || ms_case_read(&kase, files, CASE_FILES, &findings, NULL) != MS_OK)
        abort();
    ms_findings_free(&findings);
    return kase;
}

/* Start of the next line that begins with "== ", or the end. */
static const char *next_section(const char *at, const char *end)
{
    while (at < end && !(end - at >= 3 && memcmp(at, "== ", 3) == 0)) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        at = line_end == NULL ? end : line_end + 1;
    }
    return at;
}

static void split(ms_check_file files[MS_CHECK_FILES], const char *text, size_t length)
{
    const char *end = text + length, *at = next_section(text, end);
    while (at < end) {
        const char *name = at + 3, *line_end = memchr(name, '\n', (size_t)(end - name));
        const char *body = line_end == NULL ? end : line_end + 1;
        at = next_section(body, end);
        for (int i = 0; line_end != NULL && i < MS_CHECK_FILES; i++) {
            if (strlen(ms_check_file_names[i]) == (size_t)(line_end - name) &&
                memcmp(name, ms_check_file_names[i], (size_t)(line_end - name)) == 0)
                files[i] = (ms_check_file){body, (size_t)(at - body)};
        }
    }
}

/* The account fits a terminal: no line over 80 columns. */
static void assert_narrow(const ms_buf *report)
{
    size_t column = 0;
    for (size_t i = 0; i < report->length; i++) {
        column = report->text[i] == '\n' ? 0 : column + 1;
        assert(column <= 80);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static ms_case *kase;
    ms_check_file files[MS_CHECK_FILES] = {{0}};
    ms_findings findings = {0};
    ms_buf report = {0};
    ms_error err = {0};
    if (kase == NULL)
        kase = open_case();
    split(files, (const char *)bytes, size);
    ms_status status = ms_check_files(kase, files, &findings, &report, &err);
    assert(status == MS_OK || status == MS_BAD_INPUT);
    assert((status == MS_OK) == (findings.error_count == 0));
    assert_narrow(&report);
    ms_findings_free(&findings);
    ms_buf_free(&report);
    return 0;
}
