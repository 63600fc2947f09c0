/* note.c: see note.h. */
#include "serve/note.h"

void ms_note_put(ms_json *json, const ms_release_note *note, const char *from, const char *to)
{
    ms_buf name = {0};
    ms_exchange_name(&name, from, to, note->number);
    ms_json_string(json, "partner", note->partner);
    ms_json_integer(json, "number", note->number);
    ms_json_string(json, "file", name.text);
    ms_json_bool(json, "whole", note->whole);
    ms_json_bool(json, "again", note->again);
    ms_json_bool(json, "recovered", note->recovered);
    ms_json_integer(json, "records", (long long)note->records);
    ms_json_integer(json, "documents", (long long)note->documents);
    ms_json_integer(json, "refused", (long long)note->refused);
    ms_json_integer(json, "rows", (long long)note->rows);
    ms_json_string(json, "remark", note->remark);
    ms_buf_free(&name);
}
