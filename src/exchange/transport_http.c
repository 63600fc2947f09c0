/* transport_http.c: a server as a place for releases: list, get, put and drop, over connections that may be cut at any
 * byte. docs/exchange.md has the addresses; serve/api_courier.c is the other end.
 *
 * What got through is never sent again: a release that was half got goes on with Range, as long as its ETag is the
 * same; one that is being put goes on where the server says it stands, also in another run, because the same release is
 * sealed into the same bytes. Pieces get smaller on a bad line and larger on a good one.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "exchange/bundle.h"
#include "exchange/link.h"
#include "exchange/transport.h"

enum { PIECE_FIRST = 256 << 10, PIECE_LEAST = 16 << 10, PIECE_MOST = 1 << 20, ANSWER_BYTES = 32 << 20 };

/* ---- short requests: again until there is an answer ---- */

static ms_status ask_patiently(ms_link *link, ms_link_call *call, ms_error *err)
{
    ms_error wrong = {0};
    int tries = 0;
    for (;;) {
        ms_status status = ms_link_ask(link, call, &wrong);
        if (status != MS_OK && call->transient && ms_link_wait(link, &tries, &wrong)) {
            ms_buf_reset(call->body);
            continue;
        }
        if (status != MS_OK && err != NULL)
            *err = wrong;
        return status;
    }
}

static ms_status strange(const ms_link *link, ms_error *err)
{
    return ms_error_at(err, MS_IO, ms_link_address(link), 0, 0,
                       "the server's answer makes no sense: is that a Mainstay with --exchange?");
}

/* ---- listing ---- */

static ms_status visit_names(const ms_link *link, const json_t *root, ms_name_visit visit, void *context, ms_error *err)
{
    const json_t *releases = json_object_get(root, "releases"), *release;
    size_t ix;
    if (!json_is_array(releases) || json_array_size(releases) > MS_PLACE_NAMES_MOST)
        return strange(link, err);
    json_array_foreach(releases, ix, release)
    {
        const char *name = json_string_value(json_object_get(release, "name"));
        if (name == NULL)
            return strange(link, err);
        MS_TRY(visit(context, name, err));
    }
    return MS_OK;
}

static ms_status http_list(void *place, ms_name_visit visit, void *context, ms_error *err)
{
    ms_link *link = place;
    ms_buf body = {0};
    json_t *root = NULL;
    ms_link_call call = {.method = "GET", .rest = "", .body = &body, .most = ANSWER_BYTES};
    ms_status status = ask_patiently(link, &call, err);
    if (status == MS_OK && ms_json_parse(&root, body.text == NULL ? "" : body.text, body.length, "", NULL) != MS_OK)
        status = strange(link, err);
    if (status == MS_OK)
        status = visit_names(link, root, visit, context, err);
    json_decref(root);
    ms_buf_free(&body);
    return status;
}

/* ---- getting ---- */

static ms_status http_get(ms_buf *out, void *place, const char *name, ms_error *err)
{
    ms_link *link = place;
    ms_error wrong = {0};
    ms_link_call call = {.method = "GET", .name = name, .rest = "", .body = out, .most = MS_BUNDLE_BYTES};
    size_t begin = out->length;
    for (int tries = 0;;) {
        size_t before = out->length;
        ms_status status = ms_link_ask(link, &call, &wrong);
        if (status == MS_OK)
            return MS_OK;
        if (call.http == 416 && call.resume > 0) { /* it has become another file */
            out->length = begin;
            call.transient = true;
        }
        if (out->length > before)
            tries = 0;
        if (!call.transient || !ms_link_wait(link, &tries, &wrong)) {
            out->length = begin;
            if (err != NULL)
                *err = wrong;
            return status;
        }
        if (call.etag[0] != '"') /* no tag, or a weak one: what follows may not fit what is there */
            out->length = begin;
        call.resume = (int64_t)(out->length - begin);
    }
}

/* ---- putting ---- */

typedef struct {
    ms_link *link;
    const char *name;
    char query[16 + MS_HEX_BYTES], progress[32 + MS_HEX_BYTES];
    const ms_buf *bytes;
    int64_t have;
    bool whole;
} upload;

static ms_status read_progress(upload *up, const ms_buf *body, ms_error *err)
{
    json_t *root = NULL;
    if (ms_json_parse(&root, body->text == NULL ? "" : body->text, body->length, "", NULL) != MS_OK)
        return strange(up->link, err);
    const json_t *have = json_object_get(root, "have"), *whole = json_object_get(root, "whole");
    bool good = json_is_integer(have) && json_is_boolean(whole) && json_integer_value(have) >= 0 &&
                json_integer_value(have) <= (json_int_t)up->bytes->length;
    if (good) {
        up->have = json_integer_value(have);
        up->whole = json_is_true(whole);
    }
    good = good && (up->whole || up->have < (int64_t)up->bytes->length);
    json_decref(root);
    return good ? MS_OK : strange(up->link, err);
}

static ms_status ask_progress(upload *up, ms_error *err)
{
    ms_buf body = {0};
    ms_link_call call = {.method = "GET", .name = up->name, .rest = up->progress, .body = &body, .most = ANSWER_BYTES};
    ms_status status = ask_patiently(up->link, &call, err);
    if (status == MS_OK)
        status = read_progress(up, &body, err);
    ms_buf_free(&body);
    return status;
}

/* One piece; *again: the server should be asked how far it is. */
static ms_status put_piece(bool *again, upload *up, size_t length, ms_error *err)
{
    ms_buf body = {0};
    int64_t left = (int64_t)up->bytes->length - up->have;
    ms_link_call call = {.method = "PUT",
                         .name = up->name,
                         .rest = up->query,
                         .piece = up->bytes->text + up->have,
                         .piece_length = (int64_t)length < left ? length : (size_t)left,
                         .from = up->have,
                         .total = (int64_t)up->bytes->length,
                         .body = &body,
                         .most = ANSWER_BYTES};
    ms_status status = ms_link_ask(up->link, &call, err);
    if (status == MS_OK)
        status = read_progress(up, &body, err);
    else
        *again = call.transient || call.http == 409; /* another may be putting the same; or it is there by now */
    ms_buf_free(&body);
    return status;
}

static ms_status put_pieces(upload *up, ms_error *err)
{
    ms_error wrong = {0};
    size_t length = PIECE_FIRST;
    for (int tries = 0; !up->whole;) {
        bool again = false;
        int64_t before = up->have;
        ms_status status = put_piece(&again, up, length, &wrong);
        if (status == MS_OK && (up->whole || up->have > before)) {
            length = 2 * length < PIECE_MOST ? 2 * length : PIECE_MOST;
            tries = 0;
            continue;
        }
        if (status == MS_OK)
            status = strange(up->link, &wrong);
        if (!again || !ms_link_wait(up->link, &tries, &wrong)) {
            if (err != NULL)
                *err = wrong;
            return status;
        }
        length = length / 2 > PIECE_LEAST ? length / 2 : PIECE_LEAST;
        MS_TRY(ask_progress(up, err));
        if (up->have > before)
            tries = 0;
    }
    return MS_OK;
}

static ms_status http_put(void *place, const char *name, const ms_buf *bytes, ms_error *err)
{
    unsigned char hash[MS_HASH_BYTES];
    char hex[MS_HEX_BYTES];
    upload up = {.link = place, .name = name, .bytes = bytes};
    ms_hash(hash, bytes->text, bytes->length);
    ms_hex_put(hex, hash, MS_HASH_BYTES);
    snprintf(up.query, sizeof up.query, "?hash=%s", hex);
    snprintf(up.progress, sizeof up.progress, "/progress?hash=%s", hex);
    MS_TRY(ask_progress(&up, err));
    return put_pieces(&up, err);
}

/* ---- dropping ---- */

static ms_status http_drop(void *place, const char *name, ms_error *err)
{
    ms_buf body = {0};
    ms_link_call call = {.method = "DELETE", .name = name, .rest = "", .body = &body, .most = ANSWER_BYTES};
    ms_status status = ask_patiently(place, &call, err);
    ms_buf_free(&body);
    return call.http == 404 ? MS_OK : status;
}

const ms_transport ms_transport_http = {http_list, http_get, http_put, http_drop};
