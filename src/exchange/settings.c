/* settings.c: keys to show, rules, aliases and rhythms to keep: what is agreed before anything goes out. See
 * mainstay.h. */
#include <string.h>

#include "base/json.h"
#include "exchange/exchange.h"

static ms_status put_fingerprint(ms_buf *out, const ms_public_key *key, ms_error *err)
{
    char text[MS_FINGERPRINT_BYTES];
    ms_buf_text(out, ms_public_key_fingerprint(text, key));
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_exchange_key(ms_buf *text, ms_buf *fingerprint, ms_book *book, ms_error *err)
{
    MS_TRY(ms_public_key_put(text, ms_book_key(book), err));
    return put_fingerprint(fingerprint, ms_book_public(book), err);
}

ms_status ms_exchange_read_key(ms_buf *partner, ms_buf *fingerprint, const char *text, size_t length, const char *file,
                               ms_error *err)
{
    ms_public_key key;
    MS_TRY(ms_public_key_parse(&key, text, length, file, err));
    ms_buf_text(partner, key.partner);
    return partner->failed ? ms_error_memory(err) : put_fingerprint(fingerprint, &key, err);
}

/* True when the digits of both texts are the same; spaces and dashes do not count. */
static bool same_digits(const char *one, const char *other)
{
    static const char digits[] = "0123456789";
    for (;;) {
        one += strcspn(one, digits);
        other += strcspn(other, digits);
        if (*one != *other)
            return false;
        if (*one == '\0')
            return true;
        one++;
        other++;
    }
}

ms_status ms_exchange_check_key(ms_buf *partner, const char *text, size_t length, const char *file, const char *said,
                                ms_error *err)
{
    ms_buf shown = {0};
    ms_status status = ms_exchange_read_key(partner, &shown, text, length, file, err);
    if (status == MS_OK && !same_digits(said, shown.text))
        status = ms_error_set(err, MS_BAD_INPUT,
                              "%s has another fingerprint, %s: do not trust it, and ask your partner", file,
                              shown.text);
    ms_buf_free(&shown);
    return status;
}

/* One entry with one text in its body. */
static ms_status put_text(ms_book *book, const char *kind, const char *key, const char *name, const char *text,
                          ms_error *err)
{
    ms_buf body = {0};
    ms_json json;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, name, text);
    ms_json_close_object(&json);
    ms_status status = ms_channel_append(book, kind, key, &body, err);
    ms_buf_free(&body);
    return status;
}

ms_status ms_exchange_set_rhythm(ms_book *book, const char *partner, const char *rhythm, ms_error *err)
{
    ms_trust trust;
    if (!ms_rhythm_is_good(rhythm))
        return ms_error_set(err, MS_USAGE,
                            "\"%.60s\" is no rhythm; write hourly, \"daily 06:00Z\" or \"weekly mon 06:00Z\"", rhythm);
    MS_TRY(ms_trust_find(&trust, book, partner, err));
    return put_text(book, "rhythm", partner, "rhythm", rhythm, err);
}

ms_status ms_exchange_set_rules(ms_book *book, const char *file, const char *text, size_t length, ms_findings *findings,
                                ms_error *err)
{
    ms_rules rules = {0};
    ms_aliases aliases = {0};
    ms_buf copy = {0};
    bool is_rules = strcmp(file, "releases.csv") == 0;
    ms_status status = is_rules ? ms_rules_read(&rules, text, length, file, findings, err)
                                : ms_aliases_read(&aliases, text, length, file, findings, err);
    ms_rules_free(&rules);
    ms_aliases_free(&aliases);
    MS_TRY(status);
    ms_buf_put(&copy, text, length);
    status = copy.failed ? ms_error_memory(err)
                         : put_text(book, "rule", is_rules ? "releases.csv" : "aliases.csv", "text",
                                    copy.text == NULL ? "" : copy.text, err);
    ms_buf_free(&copy);
    return status;
}

ms_status ms_exchange_rules(ms_buf *out, ms_book *book, const char *file, ms_error *err)
{
    return ms_channel_rule_text(out, book, file, err);
}
