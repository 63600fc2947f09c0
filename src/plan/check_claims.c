/* check_claims.c: what a plan claims of itself: reading summary.json.
 *
 * Only the claims that can be recomputed are kept. Anything missing or of the wrong type is a finding.
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "plan/check.h"

enum { CONTINGENCIES_MOST = 1000 };

/* The file while it is read. A memory failure sticks in `failed`. */
typedef struct {
    ms_check *check;
    const ms_check_file *file;
    ms_status failed;
} claims_reader;

__attribute__((format(printf, 3, 4))) static void fault(claims_reader *reader, const char *key, const char *format, ...)
{
    int line = 0, column = 0;
    if (key != NULL)
        ms_json_locate(reader->file->text, reader->file->length, key, &line, &column);
    va_list args;
    va_start(args, format);
    if (ms_check_vbreach(reader->check, MS_CHECK_FILE, MS_CHECK_SUMMARY, line, column, format, args) != MS_OK)
        reader->failed = MS_NO_MEMORY;
    va_end(args);
}

static double number_at(claims_reader *reader, const json_t *root, const char *key)
{
    const json_t *value = json_object_get(root, key);
    if (!json_is_number(value)) {
        fault(reader, key, "%s must be a number", key);
        return 0;
    }
    return json_number_value(value);
}

static void check_flag(claims_reader *reader, const json_t *root, const char *key, bool *out)
{
    const json_t *value = json_object_get(root, key);
    if (!json_is_boolean(value))
        fault(reader, key, "%s must be true or false", key);
    else if (out != NULL)
        *out = json_is_true(value);
}

/* ---- the case that the plan was made for ---- */

/* Sixteen hexadecimal digits; false when it is anything else. */
static bool parse_digest(uint64_t *out, const char *text)
{
    uint64_t digest = 0;
    if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return false;
    for (; *text != '\0'; text++)
        digest = digest << 4 | (uint64_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
    *out = digest;
    return true;
}

static void read_case(claims_reader *reader, const json_t *root)
{
    const ms_case *kase = reader->check->kase;
    const json_t *of = json_object_get(root, "case");
    const char *name = json_string_value(json_object_get(of, "name"));
    const char *digest = json_string_value(json_object_get(of, "digest"));
    if (name == NULL || digest == NULL) {
        fault(reader, "case", "case must have the name and the digest of the case, as text");
        return;
    }
    ms_check_claims *claims = &reader->check->claims;
    claims->same_name = strcmp(name, kase->name) == 0;
    claims->digest_told = parse_digest(&claims->digest, digest);
    if (!claims->digest_told)
        fault(reader, "case", "digest must be 16 hexadecimal digits");
    const char *currency = json_string_value(json_object_get(root, "currency"));
    if (strcmp(currency == NULL ? "" : currency, kase->currency == NULL ? "" : kase->currency) != 0)
        fault(reader, "currency", "currency is not the case's, %s", kase->currency == NULL ? "none" : kase->currency);
}

/* ---- contingencies ---- */

void ms_check_free_ids(char **ids, size_t count)
{
    for (size_t i = 0; ids != NULL && i < count; i++)
        ms_free(ids[i]);
    ms_free(ids);
}

static void read_contingencies(claims_reader *reader, const json_t *root, char ***ids, size_t *count)
{
    const json_t *list = json_object_get(root, "contingencies");
    if (!json_is_array(list) || json_array_size(list) > CONTINGENCIES_MOST) {
        fault(reader, "contingencies", "contingencies must be a list of at most %d ids", CONTINGENCIES_MOST);
        return;
    }
    *ids = ms_alloc(json_array_size(list), sizeof **ids);
    if (*ids == NULL)
        reader->failed = MS_NO_MEMORY;
    for (size_t i = 0; *ids != NULL && i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (id == NULL || ms_case_find_contingency(reader->check->kase, id) < 0) {
            fault(reader, "contingencies", "the case has no contingency '%.80s'", id == NULL ? "(not a text)" : id);
            continue;
        }
        (*ids)[*count] = ms_strdup(id);
        if ((*ids)[*count] == NULL)
            reader->failed = MS_NO_MEMORY;
        else
            ++*count;
    }
}

/* ---- coverage ---- */

static double cover_number(claims_reader *reader, const json_t *row, const char *key, bool may_be_null)
{
    const json_t *value = json_object_get(row, key);
    if (may_be_null && (value == NULL || json_is_null(value)))
        return 0;
    if (!json_is_number(value) || !(json_number_value(value) >= 0)) {
        fault(reader, "coverage", "%s in the coverage table must be a number from 0", key);
        return 0;
    }
    return json_number_value(value);
}

static void read_cover(claims_reader *reader, const json_t *row, ms_check_claimed_cover *cover)
{
    const ms_case *kase = reader->check->kase;
    const json_t *partner = json_object_get(row, "partner");
    const char *id = json_string_value(partner);
    cover->partner_ix = id == NULL ? -1 : ms_names_find(&kase->partner_names, id, strlen(id));
    if (!json_is_null(partner) && cover->partner_ix < 0)
        fault(reader, "coverage", "no partner of the case is called '%.80s'", id == NULL ? "" : id);
    const json_t *priority = json_object_get(row, "priority");
    json_int_t number = json_is_integer(priority) ? json_integer_value(priority) : 0;
    if (number < 1 || number > MS_PRIORITY_COUNT)
        fault(reader, "coverage", "priority in the coverage table must be 1 to %d", MS_PRIORITY_COUNT);
    else
        cover->priority = (int)number;
    cover->wanted_t = cover_number(reader, row, "wanted_t", false);
    cover->met_t = cover_number(reader, row, "met_t", false);
    cover->owed_t_days = cover_number(reader, row, "owed_t_days", false);
    double alone_t = cover_number(reader, row, "alone_met_t", true);
    cover_number(reader, row, "alone_owed_t_days", true);
    if (!(alone_t <= cover->wanted_t + ms_check_slack(cover->wanted_t)))
        fault(reader, "coverage", "alone_met_t %.9g is more than the %.9g t wanted", alone_t, cover->wanted_t);
}

static void read_coverage(claims_reader *reader, const json_t *root)
{
    ms_check_claims *claims = &reader->check->claims;
    const json_t *list = json_object_get(root, "coverage");
    size_t most = ((size_t)reader->check->kase->partners_count + 1) * MS_PRIORITY_COUNT;
    if (!json_is_array(list) || json_array_size(list) > most) {
        fault(reader, "coverage", "coverage must be a list of at most %zu rows", most);
        return;
    }
    claims->cover = ms_alloc(json_array_size(list), sizeof *claims->cover);
    if (claims->cover == NULL) {
        reader->failed = MS_NO_MEMORY;
        return;
    }
    claims->cover_count = json_array_size(list);
    for (size_t i = 0; i < claims->cover_count; i++)
        read_cover(reader, json_array_get(list, i), &claims->cover[i]);
}

/* ---- all of it ---- */

static void read_root(claims_reader *reader, const json_t *root, char ***ids, size_t *id_count)
{
    ms_check_claims *claims = &reader->check->claims;
    const json_t *format = json_object_get(root, "format");
    if (!json_is_integer(format) || json_integer_value(format) != 1) {
        fault(reader, "format", "format must be 1: this file is no summary of a plan that this version can read");
        return;
    }
    read_case(reader, root);
    read_contingencies(reader, root, ids, id_count);
    if (!json_is_string(json_object_get(root, "engine")))
        fault(reader, "engine", "engine must be a text");
    check_flag(reader, root, "stopped", &claims->stopped);
    check_flag(reader, root, "has_alone", NULL);
    claims->objective = number_at(reader, root, "objective");
    claims->bound = number_at(reader, root, "bound");
    claims->gap = number_at(reader, root, "gap");
    claims->shortfall_part = number_at(reader, root, "shortfall_part");
    claims->cost_part = number_at(reader, root, "cost_part");
    claims->cost = number_at(reader, root, "cost");
    claims->ratio_used = number_at(reader, root, "ratio_used");
    read_coverage(reader, root);
}

ms_status ms_check_read_claims(ms_check *check, const ms_check_file *file, char ***ids, size_t *id_count, ms_error *err)
{
    claims_reader reader = {.check = check, .file = file};
    if (file->text == NULL) {
        fault(&reader, NULL, "the plan has no such file; without it this is no plan");
        return reader.failed == MS_OK ? MS_OK : ms_error_memory(err);
    }
    json_t *root = NULL;
    ms_error wrong = {0};
    ms_status status = ms_json_parse(&root, file->text, file->length, ms_check_file_names[MS_CHECK_SUMMARY], &wrong);
    if (status == MS_NO_MEMORY)
        return ms_error_memory(err);
    if (status != MS_OK) {
        status = ms_check_breach(check, MS_CHECK_FILE, MS_CHECK_SUMMARY, wrong.line, wrong.column, "%s", wrong.message);
        return status == MS_OK ? MS_OK : ms_error_memory(err);
    }
    if (json_is_object(root))
        read_root(&reader, root, ids, id_count);
    else
        fault(&reader, NULL, "must be a JSON object");
    json_decref(root);
    return reader.failed == MS_OK ? MS_OK : ms_error_memory(err);
}
