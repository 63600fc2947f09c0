/* api.h: the functions behind the table of routes, and what they share. */
#ifndef MS_SERVE_API_H
#define MS_SERVE_API_H

#include "base/csv.h"
#include "base/json.h"
#include "serve/route.h"

/* ---- answers ---- */

/* JSON of so many bytes is for programs alone, and goes without blanks. */
enum { MS_REPLY_SQUEEZE_BYTES = 16 << 10 };

/* Makes a JSON answer of text, which is taken over. */
ms_status ms_reply_json(ms_reply *reply, ms_buf *text, ms_error *err);
/* The same in the format that the query "format" asked for. */
ms_status ms_reply_view(ms_reply *reply, ms_buf *text, ms_format format, ms_error *err);
/* The same where status says that text was made; else text is freed. */
ms_status ms_reply_made(ms_reply *reply, ms_buf *text, ms_format format, ms_status status, ms_error *err);
/* An answer in the form of RFC 9457, with the code and the text that the command line has. findings may be NULL. */
void ms_reply_problem(ms_reply *reply, int http_status, const ms_error *err, const ms_findings *findings);
/* The same with members of its own, which more writes into the object that is open. */
typedef void (*ms_problem_more)(ms_json *json, const void *context);
void ms_reply_problem_with(ms_reply *reply, int http_status, const ms_error *err, ms_problem_more more,
                           const void *context);
/* "findings": [...] in the object that is open. */
void ms_findings_put(ms_json *json, const ms_findings *findings);
/* The members of one, in the object that is open. */
void ms_finding_put(ms_json *json, const ms_finding *finding);
/* The HTTP status of a failure. */
int ms_problem_status(ms_status code);

/* ---- what addresses name ---- */

/* The case, held: give back with ms_desk_let_case. MS_USAGE when there is none. */
ms_status ms_visit_case(ms_held_case **out, const ms_visit *visit, ms_error *err);
ms_view ms_visit_view(const ms_visit *visit);
/* What `answer` appends about the case, which is held meanwhile. */
typedef ms_status (*ms_case_answer)(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                                    ms_error *err);
ms_status ms_reply_of_case(ms_reply *reply, const ms_visit *visit, ms_case_answer answer, ms_error *err);

/* ---- pages of long lists ---- */

enum { MS_PAGE_ROWS = 100, MS_PAGE_ROWS_MOST = 10000 };

/* Which rows of a list are asked for: those that match `search`, from `offset` on, at most `limit`. */
typedef struct {
    size_t offset, limit, matched; /* matched: so far */
    const char *search;            /* NULL: all */
} ms_page;
ms_page ms_page_asked(const ms_visit *visit);
/* Whether a row with these texts (NULL at the end) is shown; counts it when it matches. */
bool ms_page_takes(ms_page *page, const char *const *texts);

/* A record of a CSV file as a list of texts. */
ms_status ms_json_record(ms_json *json, const ms_csv_record *record, ms_error *err);

/* ---- answers from the book (api_book.c) ---- */

/* Appends the answer to out; view has what was asked of a list: format, search, offset, limit. */
typedef ms_status (*ms_book_answer)(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view,
                                    ms_error *err);
/* With the desk's book to read, and to write: MS_NOT_FOUND when no book is open. */
ms_status ms_reply_reading(ms_reply *reply, const ms_visit *visit, ms_book_answer answer, ms_error *err);
ms_status ms_reply_writing(ms_reply *reply, const ms_visit *visit, ms_book_answer answer, ms_error *err);

/* An address that names nobody whom the book trusts is not there: MS_NOT_FOUND. */
ms_status ms_check_partner(ms_book *book, const char *partner, ms_error *err);

/* api_case.c */
ms_status ms_api_about(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_case(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_findings(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_contingencies(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_case_posture(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_tables.c */
ms_status ms_api_tables(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_table(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_start.c */
ms_status ms_api_examples(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_start(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_edit.c */
ms_status ms_api_change(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_map.c */
ms_status ms_api_map(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_flows(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_jobs.c, for jobs of the route's kind */
ms_status ms_api_jobs(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_job(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_job_cancel(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_job_forget(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_job_result(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_plans.c */
ms_status ms_api_order(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_story(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_plan_posture(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_reasons(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_crossings(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_compare(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_proofs.c */
ms_status ms_api_proof_order(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_stress.c */
ms_status ms_api_stress_order(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_stress_result(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_stress_rows(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_lists.c */
ms_status ms_api_movements(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_shortfalls(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_orders(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_plan_file(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_briefing(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_book.c */
ms_status ms_api_book(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_book_log(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_book_entry(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_book_rows(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_exchange.c */
ms_status ms_api_exchange(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_key(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_trust(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_distrust(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_rhythm(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_rules(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_set_rules(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_preview(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_changes(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_read(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_refused(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_make(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_bundle(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_take(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_book_jobs.c */
ms_status ms_api_exchange_places(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_send(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_exchange_fetch(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_book_verify(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_ledger.c */
ms_status ms_api_ledger_orders(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_order(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_request(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_step(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_balance(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_overdue(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_statement(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_agreements(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_proposals(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_ledger_propose(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_events.c */
ms_status ms_api_events(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* api_courier.c */
ms_status ms_api_releases(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_get_release(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_release_progress(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_put_release(ms_reply *reply, const ms_visit *visit, ms_error *err);
ms_status ms_api_drop_release(ms_reply *reply, const ms_visit *visit, ms_error *err);
/* openapi.c */
ms_status ms_api_openapi(ms_reply *reply, const ms_visit *visit, ms_error *err);

#endif
