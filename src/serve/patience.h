/* patience.h: how long a connection may take over what it does. Somebody who sends a byte now and then, or reads one,
 * would keep a connection for ever, and with enough of them everybody else out: a library's limit on silence does not
 * see him. Each connection has a time by which it must be done; a thread looks every quarter of a second and shuts the
 * socket of whoever is late, which the daemon then ends as if the other side had.
 *
 * Order of calls: start, then add, give, drop for each connection from any thread, stop when all are dropped. drop
 * comes before the socket is closed, so that no other is ever shut in its place. */
#ifndef MS_SERVE_PATIENCE_H
#define MS_SERVE_PATIENCE_H

typedef struct ms_patience ms_patience;
typedef struct ms_patient ms_patient; /* one connection */

ms_patience *ms_patience_start(void);         /* NULL: memory or threads are short */
void ms_patience_stop(ms_patience *patience); /* NULL is allowed */

/* The socket has so many seconds from now; INFINITY: no limit. Then last_words, which outlive the connection, are
 * written to it and it is shut; NULL: nothing is written, as it must be while an answer is on its way or in TLS. NULL:
 * memory is short. */
ms_patient *ms_patience_add(ms_patience *patience, int socket, double seconds, const char *last_words);
void ms_patience_give(ms_patience *patience, ms_patient *patient, double seconds, const char *last_words);
void ms_patience_drop(ms_patience *patience, ms_patient *patient);

#endif
