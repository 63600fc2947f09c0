/* token.h: who may do what. A token is a secret text that a request carries (Authorization: Bearer ...); behind it
 * stand a name and a role. */
#ifndef MS_SERVE_TOKEN_H
#define MS_SERVE_TOKEN_H

#include "serve/route.h"

enum { MS_TOKEN_BYTES = 65, MS_TOKENS_MOST = 1000, MS_TOKEN_LEAST = 16 };

typedef struct {
    char name[MS_WHO_BYTES], text[MS_TOKEN_BYTES];
    ms_role role;
} ms_token;

typedef struct {
    ms_token *tokens;
    size_t count;
} ms_tokens;

/* One new token of 128 random bits: for an administrator called name. Free with ms_tokens_free. */
ms_status ms_tokens_make(ms_tokens *out, const char *name, ms_error *err);
/* Reads a CSV file with the columns name, role, token; refused when others than its owner may read it. */
ms_status ms_tokens_read(ms_tokens *out, const char *path, ms_error *err);
void ms_tokens_free(ms_tokens *tokens);

/* The token that the header Authorization carries, or NULL. Takes as long for a near miss as for a far one. */
const ms_token *ms_tokens_find(const ms_tokens *tokens, const char *authorization);

#endif
