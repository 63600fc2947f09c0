/* api_proofs.c: what would help a plan, proven by planning again, over HTTP. Each proof is a job (job.h): it takes
 * seconds. */
#include "base/text.h"
#include "serve/api_jobs.h"
#include "serve/body.h"

static ms_status read_members(ms_job_order *order, const json_t *body, ms_error *err)
{
    const long shortfalls_most = 1000;
    const char *demand = NULL;
    long most = 0;
    MS_TRY(ms_body_say(&demand, body, "demand", err));
    MS_TRY(ms_body_count(&most, body, "most", 1, shortfalls_most, err));
    order->most = (int)most;
    if (!demand)
        return MS_OK;
    order->demand = ms_strdup(demand);
    return order->demand ? MS_OK : ms_error_memory(err);
}

ms_status ms_api_proof_order(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    static const char *const keys[] = {"demand", "most", NULL};
    ms_job_order order = {.kind = MS_JOB_PROOF};
    ms_held_job *plan = NULL;
    json_t *body = NULL;
    MS_TRY(ms_job_number(&order.plan, MS_JOB_PLAN, visit->parameters[0], err));
    MS_TRY(ms_desk_hold_job(&plan, visit->desk, MS_JOB_PLAN, order.plan, err)); /* is it done? */
    ms_desk_let_job(visit->desk, plan);
    MS_TRY(ms_body_read(&body, visit, "a proof", keys, err));
    ms_status status = read_members(&order, body, err);
    json_decref(body);
    return ms_reply_order_read(reply, visit, &order, status, err);
}
