/* door_ask.h: hands requests to a door (serve/door.h) as http.c would, without sockets; for tests and fuzzers. */
#ifndef MS_TESTS_DOOR_ASK_H
#define MS_TESTS_DOOR_ASK_H

#include "serve/door.h"

/* One token for each role, called as the role is. False: memory is short. */
bool door_tokens(ms_tokens *out);

/* The pattern of a route with this word in place of each {...}; good until the next call. */
const char *door_target(const char *pattern, const char *word);

/* What a caller who has that role's token gets. False when http.c refuses such a request before the door sees it: the
 * target is not clean, or the body is larger than the address takes. Give the reply back with door_let. */
bool door_ask(ms_reply *reply, ms_door *door, ms_role role, ms_method method, const char *target, const char *body,
              size_t body_length);
void door_let(ms_reply *reply);

/* What is wrong with an answer, whatever it says: a status that is none, JSON that does not parse, text that is not
 * UTF-8 or has control characters. NULL: nothing. */
const char *door_mistake(const ms_reply *reply);

#endif
