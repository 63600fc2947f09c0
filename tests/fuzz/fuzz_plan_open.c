/* fuzz_plan_open.c: a plan folder comes from anybody: ms_plan_open ends with a plan or a message, and what it lets in
 * can be explained and written again.
 *
 * An input is some files of a plan one behind the other, each after a line "== name"; they stand in for those of a
 * sound plan of the case below. The files inside case/ stay as they are: fuzz_case.c is about those.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "plan/explain.h"
#include "plan/plan_files.h"
#include "tests/unit/case_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Delays, so that two departures arrive together; a reserve, a commitment and a price of every label. */
static const char case_text[] =
    "== case.json\n{\"name\": \"open\", \"start\": \"2030-06-01\", \"days\": 4}\n"
    "== partners.csv\npartner\nblue\ngreen\n"
    "== items.csv\nitem,class,unit,kg_per_unit,value_per_unit,backorder\n"
    "fuel,III,t,1000,9,no\nwater,water,t,1000,,yes\n"
    "== sites.csv\nsite,partner,kind,handling_t_per_day,storage_t\na,,depot,,\nb,green,port,9,6\nc,blue,unit,,\n"
    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,green,road,1,4\n"
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,capacity_t_per_day,cost_per_t,fleet\n"
    "ab,a,b,road,1,green,3,10,truck\nbc,b,c,road,1,,,5,\nca,c,a,road,2,blue,8,,\n"
    "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,30\nb,fuel,green,6\nc,water,blue,1\n"
    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,water,green,0,,3\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
    "b-fuel,b,fuel,green,1,,4,1\nc-fuel,c,fuel,blue,0,,3,2\nc-water,c,water,blue,1,,2,1\n"
    "== reserves.csv\nsite,item,partner,quantity,days,priority\nb,fuel,green,3,,3\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t\nride,green,blue,lift,*,\n"
    "door,green,blue,site,b,7\ndrink,green,blue,item,water,\nswap,blue,green,item,fuel,5\n"
    "== commitments.csv\nlane,item,partner,depart_day,quantity\nca,fuel,blue,-1,2\nca,water,blue,0,3\n"
    "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n"
    "mud,0,1,lane,bc,delay,2\nmud,1,2,lane,bc,delay,1\n";

enum { FILES = MS_PLAN_TABLES + 2, PATH_BYTES = 256 };

static char folder[128];
static char *sound[FILES];
static size_t sound_length[FILES];

static const char *name_of(int file)
{
    return file < MS_PLAN_TABLES ? ms_plan_tables[file].file : file == MS_PLAN_TABLES ? MS_PLAN_SUMMARY : MS_PLAN_BASIS;
}

static void put(int file, const char *bytes, size_t length)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/plan/%s", folder, name_of(file));
    FILE *out = fopen(path, "wb");
    if (out == NULL || fwrite(bytes, 1, length, out) != length || fclose(out) != 0)
        abort();
}

static void remove_folder(void)
{
    char command[PATH_BYTES];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s is left behind\n", folder);
}

/* Plans the case, with its contingency, into folder/plan, and keeps the bytes of its files. */
static void set_up(void)
{
    static const char *const mud = "mud";
    const ms_plan_options options = {.engine = MS_ENGINE_LP, .contingencies = &mud, .contingency_count = 1};
    const char *place = getenv("TMPDIR");
    char path[PATH_BYTES];
    ms_case *kase = NULL;
    ms_plan *plan = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    snprintf(folder, sizeof folder, "%.100s/mainstay-fuzz-XXXXXX", place == NULL ? "/tmp" : place);
    if (mkdtemp(folder) == NULL || atexit(remove_folder) != 0)
        abort();
    snprintf(path, sizeof path, "%s/plan", folder);
    if (case_text_read(&kase, case_text, strlen(case_text), NULL, &findings, &err) != MS_OK ||
        ms_plan_make(&plan, kase, &options, &err) != MS_OK || ms_plan_write(plan, path, false, &err) != MS_OK)
        abort();
    for (int file = 0; file < FILES; file++) {
        snprintf(path, sizeof path, "%s/plan/%s", folder, name_of(file));
        if (ms_file_read(&sound[file], &sound_length[file], path, 1 << 20, &err) != MS_OK)
            abort();
    }
    ms_findings_free(&findings);
    ms_plan_free(plan);
    ms_case_free(kase);
}

static const char *next_section(const char *at, const char *end)
{
    while (at < end && !(end - at >= 3 && memcmp(at, "== ", 3) == 0)) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        at = line_end == NULL ? end : line_end + 1;
    }
    return at;
}

/* Puts the input's files in the place of the sound ones; touched says which. */
static void put_input(bool touched[FILES], const char *text, size_t length)
{
    const char *end = text + length, *at = next_section(text, end);
    while (at < end) {
        const char *name = at + 3, *line_end = memchr(name, '\n', (size_t)(end - name));
        const char *body = line_end == NULL ? end : line_end + 1;
        at = next_section(body, end);
        for (int file = 0; line_end != NULL && file < FILES; file++) {
            if (strlen(name_of(file)) == (size_t)(line_end - name) &&
                memcmp(name, name_of(file), (size_t)(line_end - name)) == 0) {
                put(file, body, (size_t)(at - body));
                touched[file] = true;
            }
        }
    }
}

static void use(const ms_plan *plan)
{
    const ms_explain_options options = {.most = 4, .verify = true};
    ms_reasons reasons = {0};
    ms_bottleneck *rows = NULL;
    size_t count = 0;
    ms_error err = {0};
    double opening, levels[64];
    if (ms_explain(&reasons, plan, &options, &err) == MS_OK)
        ms_reasons_free(&reasons);
    if (ms_explain_bottlenecks(&rows, &count, plan, &err) == MS_OK)
        ms_free(rows);
    for (int32_t site = 0; site < plan->kase->sites_count; site++)
        for (int32_t item = 0; item < plan->kase->items_count; item++)
            ms_plan_stock(plan, site, item, 0, &opening, levels);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bool touched[FILES] = {false};
    char path[PATH_BYTES];
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (folder[0] == '\0')
        set_up();
    put_input(touched, (const char *)bytes, size);
    snprintf(path, sizeof path, "%s/plan", folder);
    ms_status status = ms_plan_open(&plan, &kase, path, &findings, &err);
    assert((status == MS_OK) == (plan != NULL && kase != NULL));
    assert(status == MS_OK || err.message[0] != '\0');
    if (status == MS_OK)
        use(plan);
    ms_plan_free(plan);
    ms_case_free(kase);
    ms_findings_free(&findings);
    for (int file = 0; file < FILES; file++)
        if (touched[file])
            put(file, sound[file], sound_length[file]);
    return 0;
}
