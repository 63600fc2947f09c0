/* job.h: what a checkpoint was begun for, as the JSON object in its first line. */
#ifndef MS_STRESS_JOB_H
#define MS_STRESS_JOB_H

#include "case/case.h"

/* The case counts by its digest. */
MS_MUST_USE ms_status ms_job_write(ms_buf *out, const ms_case *kase, const ms_stress_job *job, ms_error *err);
/* And back; file names it in errors. */
MS_MUST_USE ms_status ms_job_parse(ms_stress_job *out, const char *text, size_t length, const char *file,
                                   ms_error *err);

#endif
