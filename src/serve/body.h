/* body.h: what requests bring along as JSON, checked member by member: MS_USAGE says in a reader's words what is wrong.
 *
 * A member that is not there, or null, leaves what is in *out. */
#ifndef MS_SERVE_BODY_H
#define MS_SERVE_BODY_H

#include "base/json.h"
#include "base/text.h"
#include "serve/route.h"

/* The body as an object, {} where there is none; free with json_decref. It holds no keys but those known (NULL at the
 * end); `what` names it in messages ("an order"). */
ms_status ms_body_read(json_t **out, const ms_visit *visit, const char *what, const char *const *known, ms_error *err);
ms_status ms_body_keys(const json_t *object, const char *what, const char *const *known, ms_error *err);

ms_status ms_body_number(double *out, const json_t *body, const char *key, double least, double most, ms_error *err);
ms_status ms_body_count(long *out, const json_t *body, const char *key, long least, long most, ms_error *err);
ms_status ms_body_switch(bool *out, const json_t *body, const char *key, ms_error *err);
/* The index of the word among those known. */
ms_status ms_body_choice(int *out, const json_t *body, const char *key, const char *const *words, ms_error *err);
/* A text as it is, which belongs to the body; "" is as if it were not there. */
ms_status ms_body_say(const char **out, const json_t *body, const char *key, ms_error *err);
/* A text of less than `size` bytes. */
ms_status ms_body_text(char *out, size_t size, const json_t *body, const char *key, ms_error *err);
/* What a value would be as a cell of a CSV file; "" for what is neither text, number nor truth. */
const char *ms_body_cell(char number[MS_NUMBER_BYTES], const json_t *value);
/* A list of at most `most` texts, each of them and the list freed by the caller, also on failure. */
ms_status ms_body_texts(char ***out, size_t *count, const json_t *body, const char *key, size_t most, ms_error *err);

#endif
