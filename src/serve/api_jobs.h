/* api_jobs.h: what routes of plans, of stress runs, of jobs of a book and of proofs share: orders, facts, an end. See
 * job.h. */
#ifndef MS_SERVE_API_JOBS_H
#define MS_SERVE_API_JOBS_H

#include "serve/api.h"
#include "serve/job.h"

enum { MS_ORDER_CONTINGENCIES = 64 };

/* The number that the address names. */
ms_status ms_job_number(int *out, ms_job_kind kind, const char *text, ms_error *err);
/* The job that a text names, done and held: give back with ms_desk_let_job. */
ms_status ms_visit_job(ms_held_job **out, const ms_visit *visit, ms_job_kind kind, const char *text, ms_error *err);

/* What `answer` appends about the plan that the address names, which is held meanwhile. */
typedef ms_status (*ms_plan_answer)(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view,
                                    ms_error *err);
ms_status ms_reply_of_plan(ms_reply *reply, const ms_visit *visit, ms_plan_answer answer, ms_error *err);

/* Whether the case knows the order's contingencies: better said now than by a job that fails. */
ms_status ms_order_check_contingencies(const ms_job_order *order, const ms_case *kase, ms_error *err);
/* Puts the order, which is taken over, in the queue: 202 with the facts, and where they are. */
ms_status ms_reply_order(ms_reply *reply, const ms_visit *visit, ms_job_order *order, ms_error *err);
/* The same where status says that the order could be read; else it is freed. */
ms_status ms_reply_order_read(ms_reply *reply, const ms_visit *visit, ms_job_order *order, ms_status status,
                              ms_error *err);

/* Bytes of the largest release that is taken while its giver waits: packed rows are small, and these some ten thousand.
 */
enum { MS_TAKE_AT_ONCE = 16 << 10 };
/* Orders that the release in the body be taken: 202. */
ms_status ms_reply_take_later(ms_reply *reply, const ms_visit *visit, ms_error *err);

#endif
