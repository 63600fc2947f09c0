/* json.h: JSON out through our own buffer, JSON in through jansson with caps and positions. */
#ifndef MS_BASE_JSON_H
#define MS_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "status.h"

/* Parses text[0..length): UTF-8, no duplicate keys, at most 64 levels deep, 64 MiB long and a million values.
 * file names it in the error (line, column). The caller owns *out (json_decref). */
MS_MUST_USE ms_status ms_json_parse(json_t **out, const char *text, size_t length, const char *file, ms_error *err);
/* Line and column (from 1) of the value of a top-level key in text that ms_json_parse accepted; 1,1 when the
 * key is absent. */
void ms_json_locate(const char *text, size_t length, const char *key, int *line, int *column);

/* A writer: commas, indentation by two spaces and escapes are its business. `key` is NULL inside an array. */
typedef struct {
    ms_buf *out;
    int depth;
    bool empty;   /* nothing written yet at this depth */
    bool compact; /* no blanks, no line ends */
} ms_json;
void ms_json_start(ms_json *json, ms_buf *out);
/* As what is hashed and signed has it: no blanks, no line ends, not even at the end. Writing the keys of each object in
 * byte order is the caller's part. */
void ms_json_start_canonical(ms_json *json, ms_buf *out);
void ms_json_open_object(ms_json *json, const char *key);
void ms_json_open_array(ms_json *json, const char *key);
void ms_json_close_object(ms_json *json);
void ms_json_close_array(ms_json *json);
void ms_json_string(ms_json *json, const char *key, const char *value); /* NULL value writes null */
void ms_json_number(ms_json *json, const char *key, double value);      /* not finite writes null */
void ms_json_integer(ms_json *json, const char *key, long long value);
void ms_json_bool(ms_json *json, const char *key, bool value);
/* A value that ms_json_parse gave, with all that is in it. */
void ms_json_value(ms_json *json, const char *key, const json_t *value);
void ms_json_finish(ms_json *json); /* closing newline, unless compact */
/* Takes the blanks and line ends between values out of JSON text, in place, and gives the memory back. */
void ms_json_squeeze(ms_buf *text);
/* Text in quotes, with escapes: for those who write a line of their own. */
void ms_json_put_string(ms_buf *out, const char *text);

#endif
