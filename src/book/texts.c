/* texts.c: a list of texts as one JSON array, and back. See texts.h. */
#include "book/texts.h"

#include <string.h>

#include "base/json.h"

void ms_texts_put(ms_buf *out, const char *const *texts, int count)
{
    ms_json json;
    ms_json_start_canonical(&json, out);
    ms_json_open_array(&json, NULL);
    for (int ix = 0; ix < count; ix++)
        ms_json_string(&json, NULL, texts[ix]);
    ms_json_close_array(&json);
}

/* \u00XX, the only form that is written: one character below U+00A0. Returns the bytes it takes, 0 when it is wrong. */
static size_t unescape_code(char *to, const char *from)
{
    unsigned code = 0;
    for (int ix = 0; ix < 4; ix++) {
        char c = from[ix];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return 0;
        code = code << 4 | (unsigned)digit;
    }
    if (code == 0 || code >= 0xA0)
        return 0;
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    to[0] = (char)0xC2;
    to[1] = (char)code;
    return 2;
}

/* Undoes the escapes of the text at `from`, behind its opening quote, in place. Returns what is behind the closing
 * quote, NULL when there is none. */
static char *unescape(char *from)
{
    char *to = from;
    while (*from != '"') {
        if (*from == '\0')
            return NULL;
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        switch (from[1]) {
        case '"':
        case '\\':
            *to++ = from[1];
            break;
        case 'n':
            *to++ = '\n';
            break;
        case 't':
            *to++ = '\t';
            break;
        case 'u': {
            size_t bytes = unescape_code(to, from + 2);
            if (bytes == 0)
                return NULL;
            to += bytes;
            from += 4;
            break;
        }
        default:
            return NULL;
        }
        from += 2;
    }
    *to = '\0';
    return from + 1;
}

int ms_texts_parse(const char *out[MS_COLUMNS_CAP], char *json)
{
    int count = 0;
    if (*json++ != '[')
        return -1;
    if (json[0] == ']')
        return json[1] == '\0' ? 0 : -1;
    for (;;) {
        if (*json != '"' || count == MS_COLUMNS_CAP)
            return -1;
        out[count++] = json + 1;
        json = unescape(json + 1);
        if (json == NULL)
            return -1;
        if (*json == ']')
            return json[1] == '\0' ? count : -1;
        if (*json++ != ',')
            return -1;
    }
}
