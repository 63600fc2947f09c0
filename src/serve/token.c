/* token.c: tokens. See token.h. */
#include "serve/token.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/csv.h"
#include "base/file.h"

ms_status ms_tokens_make(ms_tokens *out, const char *name, ms_error *err)
{
    unsigned char bits[16];
    ms_token *token = ms_alloc(1, sizeof *token);
    if (!token)
        return ms_error_memory(err);
    if (getrandom(bits, sizeof bits, 0) != (ssize_t)sizeof bits) {
        ms_free(token);
        return ms_error_set(err, MS_INTERNAL, "the system gives no random numbers");
    }
    for (size_t i = 0; i < sizeof bits; i++)
        snprintf(token->text + 2 * i, 3, "%02x", bits[i]);
    snprintf(token->name, sizeof token->name, "%s", name);
    token->role = MS_ROLE_ADMINISTRATOR;
    *out = (ms_tokens){token, 1};
    return MS_OK;
}

void ms_tokens_free(ms_tokens *tokens)
{
    ms_free(tokens->tokens);
    *tokens = (ms_tokens){0};
}

/* ---- a file of them ---- */

static ms_status bad(const ms_csv_record *record, const char *path, const char *what, ms_error *err)
{
    return ms_error_at(err, MS_BAD_INPUT, path, record->line, 1, "%s", what);
}

static bool copy_field(char *out, size_t size, const ms_csv_field *field)
{
    if (field->length == 0 || field->length >= size)
        return false;
    memcpy(out, field->text, field->length);
    out[field->length] = '\0';
    return true;
}

static ms_status read_token(ms_token *token, const ms_csv_record *record, const char *path, ms_error *err)
{
    char role[16];
    if (record->field_count != 3)
        return bad(record, path, "a token has three cells: name, role, token", err);
    if (!copy_field(token->name, sizeof token->name, &record->fields[0]))
        return bad(record, path, "the name is empty or longer than 64 bytes", err);
    if (!copy_field(token->text, sizeof token->text, &record->fields[2]) || strlen(token->text) < MS_TOKEN_LEAST)
        return bad(record, path, "the token has fewer than 16 or more than 64 bytes", err);
    if (copy_field(role, sizeof role, &record->fields[1]))
        for (int r = MS_ROLE_VIEWER; r < MS_ROLES; r++)
            if (strcmp(role, ms_role_words[r]) == 0)
                token->role = (ms_role)r;
    if (token->role == MS_ROLE_NOBODY)
        return bad(record, path, "the role is none of viewer, planner, releaser, administrator, courier", err);
    return MS_OK;
}

static ms_status read_tokens(void *context, ms_csv_reader *reader, const char *path, ms_error *err)
{
    ms_tokens *out = context;
    ms_csv_record record;
    MS_TRY(ms_csv_next(reader, &record, err));
    if (record.field_count != 3 || strncmp(record.fields[0].text, "name", record.fields[0].length) != 0)
        return ms_error_at(err, MS_BAD_INPUT, path, 1, 1, "the first row must be name,role,token");
    for (;;) {
        MS_TRY(ms_csv_next(reader, &record, err));
        if (record.field_count == 0)
            break;
        if (out->count == MS_TOKENS_MOST)
            return bad(&record, path, "there are more than 1000 tokens", err);
        MS_TRY(read_token(&out->tokens[out->count], &record, path, err));
        out->count++;
    }
    return out->count > 0 ? MS_OK : ms_error_at(err, MS_BAD_INPUT, path, 2, 1, "there is no token");
}

ms_status ms_tokens_read(ms_tokens *out, const char *path, ms_error *err)
{
    const size_t cap = 1 << 20;
    ms_tokens read = {ms_alloc(MS_TOKENS_MOST, sizeof *read.tokens), 0};
    if (!read.tokens)
        return ms_error_memory(err);
    ms_status status = ms_file_check_private(path, err);
    if (status == MS_OK)
        status = ms_csv_read_file(path, cap, read_tokens, &read, err);
    if (status != MS_OK) {
        ms_tokens_free(&read);
        return status;
    }
    *out = read;
    return MS_OK;
}

/* ---- finding one ---- */

/* Looks at every byte of the longest token, whatever the texts are. */
static bool same(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);
    unsigned differs = length_a != length_b;
    for (size_t i = 0; i < MS_TOKEN_BYTES; i++)
        differs |= (unsigned)((unsigned char)(i < length_a ? a[i] : 0) ^ (unsigned char)(i < length_b ? b[i] : 0));
    return differs == 0;
}

const ms_token *ms_tokens_find(const ms_tokens *tokens, const char *authorization)
{
    static const char scheme[] = "Bearer ";
    const ms_token *found = NULL;
    if (!authorization || strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
        return NULL;
    for (size_t i = 0; i < tokens->count; i++)
        if (same(tokens->tokens[i].text, authorization + sizeof scheme - 1))
            found = &tokens->tokens[i];
    return found;
}
