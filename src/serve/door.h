/* door.h: who comes in, and where to: tokens, the table of routes, the pages, and the desk behind them. Knows no
 * sockets: http.c hands in requests, and so do tests. */
#ifndef MS_SERVE_DOOR_H
#define MS_SERVE_DOOR_H

#include "exchange/postbox.h"
#include "serve/desk.h"
#include "serve/places.h"
#include "serve/token.h"

typedef struct {
    ms_desk *desk;
    ms_tokens tokens;
    ms_postbox *postbox; /* NULL: it keeps no releases */
    ms_places places;
} ms_door;

/* The functions of a site (ms_http_site) whose context is a door. */
size_t ms_door_body_most(void *door, ms_reply *refusal, const ms_request *request);
void ms_door_answer(void *door, ms_reply *reply, const ms_request *request);
void ms_door_refuse(void *door, ms_reply *reply, int status, const char *detail);

#endif
