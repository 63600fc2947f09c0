/* note.h: what a release holds, or what came of taking one, as JSON. */
#ifndef MS_SERVE_NOTE_H
#define MS_SERVE_NOTE_H

#include "base/json.h"
#include "mainstay.h"

/* The members of the object that is open; from and to are the release's partners. */
void ms_note_put(ms_json *json, const ms_release_note *note, const char *from, const char *to);

#endif
