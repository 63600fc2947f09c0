/* terminal.h: what the program's three streams can show: width, colours, drawing characters. */
#ifndef MS_CMD_TERMINAL_H
#define MS_CMD_TERMINAL_H

#include <stdbool.h>

typedef struct {
    bool out_terminal, err_terminal; /* the stream is a terminal that understands escape sequences */
    bool out_colour, err_colour;     /* ... and NO_COLOR is not set */
    bool ascii;                      /* the locale has no UTF-8 */
    int width;                       /* columns for what goes to standard output */
    int err_width;                   /* columns of the terminal behind standard error, 0 when it is none */
} ms_terminal;

enum { MS_WIDTH_LEAST = 40, MS_WIDTH_USUAL = 80, MS_WIDTH_MOST = 1000 };

/* Looks at the streams and the environment: TERM, NO_COLOR, COLUMNS, LC_ALL, LC_CTYPE, LANG. */
ms_terminal ms_terminal_look(void);

#endif
