/* job.c: see job.h. Reading is for `mainstay merge`, which is told nothing but files. */
#include "stress/job.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "case/format.h"
#include "stress/pool.h"

static const double SEED_MOST = 0x1p53;

ms_status ms_job_write(ms_buf *out, const ms_case *kase, const ms_stress_job *job, ms_error *err)
{
    char gap[MS_NUMBER_BYTES], precision[MS_NUMBER_BYTES];
    ms_buf_printf(out,
                  "{\"case\":\"%016" PRIx64 "\",\"mode\":\"%s\",\"gap\":%s,\"samples\":%ld,\"seed\":%" PRIu64
                  ",\"precision\":%s",
                  kase->digest, job->mode, ms_number_text(gap, job->gap), job->samples, job->seed,
                  ms_number_text(precision, job->precision));
    if (job->what[0] != '\0') {
        char from[MS_NUMBER_BYTES], span[MS_NUMBER_BYTES];
        ms_buf_printf(out, ",\"what\":\"%s\",\"from_day\":%s,\"for_days\":%s,\"count\":%d", job->what,
                      ms_number_text(from, job->from_day), ms_number_text(span, job->for_days), job->count);
    }
    if (strcmp(job->mode, "named") == 0) {
        ms_buf_printf(out, ",\"alone\":%s,\"together\":", job->alone ? "true" : "false");
        ms_json_put_string(out, job->together);
    }
    if (strcmp(job->mode, "rehearse") == 0) {
        char every[MS_NUMBER_BYTES], warning[MS_NUMBER_BYTES];
        ms_buf_printf(out, ",\"every_days\":%s,\"warning_days\":%s", ms_number_text(every, job->every_days),
                      ms_number_text(warning, job->warning_days));
    }
    ms_buf_text(out, "}");
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* A number of the object within least..most. */
static bool read_number(double *out, const json_t *object, const char *key, double least, double most)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value) || !(json_number_value(value) >= least) || !(json_number_value(value) <= most))
        return false;
    *out = json_number_value(value);
    return true;
}

/* What the modes that close things add. */
static bool read_closing(ms_stress_job *out, const json_t *object)
{
    const char *what = json_string_value(json_object_get(object, "what"));
    double count;
    if (what == NULL)
        return json_object_get(object, "what") == NULL;
    if (strlen(what) >= sizeof out->what || !read_number(&out->from_day, object, "from_day", 0, MS_CASE_DAYS) ||
        !read_number(&out->for_days, object, "for_days", 0, MS_CASE_DAYS) ||
        !read_number(&count, object, "count", 0, INT_MAX))
        return false;
    snprintf(out->what, sizeof out->what, "%s", what);
    out->count = (int)count;
    return true;
}

/* What named contingencies add. */
static bool read_named(ms_stress_job *out, const json_t *object)
{
    const json_t *alone = json_object_get(object, "alone");
    const char *together = json_string_value(json_object_get(object, "together"));
    if (strcmp(out->mode, "named") != 0)
        return alone == NULL && together == NULL;
    if (!json_is_boolean(alone) || together == NULL || strlen(together) >= sizeof out->together)
        return false;
    out->alone = json_is_true(alone);
    snprintf(out->together, sizeof out->together, "%s", together);
    return true;
}

/* What a rehearsal adds. */
static bool read_rehearsal(ms_stress_job *out, const json_t *object)
{
    if (strcmp(out->mode, "rehearse") != 0)
        return json_object_get(object, "every_days") == NULL && json_object_get(object, "warning_days") == NULL;
    return read_number(&out->every_days, object, "every_days", 0, MS_CASE_DAYS) &&
           read_number(&out->warning_days, object, "warning_days", 0, MS_CASE_DAYS);
}

static bool read_job(ms_stress_job *out, const json_t *object)
{
    const char *mode = json_string_value(json_object_get(object, "mode"));
    double samples, seed;
    if (!mode || strlen(mode) >= sizeof out->mode || !read_number(&out->gap, object, "gap", 0, 1) ||
        !read_number(&samples, object, "samples", 0, MS_SAMPLES_MOST) ||
        !read_number(&seed, object, "seed", 0, SEED_MOST) || !read_number(&out->precision, object, "precision", 0, 1e9))
        return false;
    snprintf(out->mode, sizeof out->mode, "%s", mode);
    out->samples = (long)samples;
    out->seed = (uint64_t)seed;
    return read_closing(out, object) && read_named(out, object) && read_rehearsal(out, object);
}

ms_status ms_job_parse(ms_stress_job *out, const char *text, size_t length, const char *file, ms_error *err)
{
    json_t *object = NULL;
    ms_stress_job job = {0};
    MS_TRY(ms_json_parse(&object, text, length, file, err));
    bool fits = read_job(&job, object);
    json_decref(object);
    if (!fits)
        return ms_error_at(err, MS_BAD_INPUT, file, 1, 1, "does not say what it was begun for");
    *out = job;
    return MS_OK;
}

ms_status ms_stress_job_read(ms_stress_job *out, const char *checkpoint, ms_error *err)
{
    char *text = NULL;
    MS_TRY(ms_pool_job_of(&text, checkpoint, err));
    ms_status status = ms_job_parse(out, text, strlen(text), checkpoint, err);
    ms_free(text);
    return status;
}
