/* fuzz_outcome.c: any bytes as an outcome of a scenario, as a line of a checkpoint with an outcome in it, and as what a
 * checkpoint says it was begun for. What is read is written and read again, and is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stress/job.h"
#include "stress/pool_private.h"
#include "stress/stress.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Two partners and two demands: what indices in an outcome are of. */
static const ms_case *small_case(void)
{
    static const char *const files[][2] = {
        {"case.json", "{\"name\": \"small\", \"start\": \"2030-06-01\", \"days\": 4}"},
        {"partners.csv", "partner\nblue\ngreen\n"},
        {"sites.csv", "site,partner,kind\ncamp,blue,unit\n"},
        {"items.csv", "item,class,kg_per_unit\ndiesel,III,800\n"},
        {"demands.csv", "demand,site,item,partner,from_day,per_day,priority\n"
                        "a,camp,diesel,blue,0,1,1\nb,camp,diesel,green,0,1,2\n"}};
    enum { COUNT = sizeof files / sizeof files[0] };
    static ms_case *kase;
    if (kase == NULL) {
        ms_findings findings = {0};
        ms_case_file *list = ms_alloc(COUNT, sizeof *list);
        must(list != NULL);
        for (int f = 0; f < COUNT; f++) {
            list[f].name = files[f][0];
            list[f].bytes = ms_strdup(files[f][1]);
            list[f].length = strlen(files[f][1]);
        }
        must(ms_case_read(&kase, list, COUNT, &findings, NULL) == MS_OK);
        ms_findings_free(&findings);
    }
    return kase;
}

static void as_outcome(const char *text, size_t size)
{
    ms_outcome outcome = {0}, again = {0};
    ms_buf once = {0}, twice = {0};
    ms_error err = {0};
    ms_status status = ms_outcome_read(&outcome, small_case(), text, size, &err);
    must(status == MS_OK || (status == MS_BAD_INPUT && err.message[0] != '\0'));
    if (status != MS_OK)
        return;
    must(ms_outcome_write(&once, &outcome, NULL) == MS_OK);
    must(ms_outcome_read(&again, small_case(), once.text, once.length, NULL) == MS_OK);
    must(ms_outcome_write(&twice, &again, NULL) == MS_OK);
    must(once.length == twice.length && memcmp(once.text, twice.text, once.length) == 0);
    ms_outcome_free(&outcome);
    ms_outcome_free(&again);
    ms_buf_free(&once);
    ms_buf_free(&twice);
}

static void as_line(const char *text, size_t size)
{
    ms_known known;
    ms_buf line = {0}, stage = {0};
    if (!ms_known_read(&known, text, size))
        return;
    ms_buf_put(&stage, known.stage, known.stage_length);
    ms_buf_put(&stage, "", 1);
    if (memchr(known.stage, '\0', known.stage_length) == NULL) {
        ms_known again;
        ms_known_write(&line, stage.text, known.task, known.result, known.length);
        must(ms_known_read(&again, line.text, line.length) && again.task == known.task &&
             again.length == known.length && memcmp(again.result, known.result, known.length) == 0);
    }
    as_outcome(known.result, known.length);
    ms_buf_free(&line);
    ms_buf_free(&stage);
}

static void as_job(const char *text, size_t size)
{
    ms_stress_job job = {0};
    ms_error err = {0};
    ms_status status = ms_job_parse(&job, text, size, "checkpoint", &err);
    must(status == MS_OK || (status == MS_BAD_INPUT && err.message[0] != '\0'));
    must(status != MS_OK || (job.gap >= 0 && job.gap <= 1 && job.count >= 0 && job.samples <= MS_SAMPLES_MOST));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    as_outcome(text, size);
    as_line(text, size);
    as_job(text, size);
    return 0;
}
