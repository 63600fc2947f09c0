/* examples.h: the folders below examples/, inside the program. tools/embed-examples writes the table at build time. */
#ifndef MS_CMD_EXAMPLES_H
#define MS_CMD_EXAMPLES_H

#include <stddef.h>

typedef struct {
    const char *example, *name; /* "tiny", "lanes.csv" */
    const char *bytes;
    size_t length;
} ms_example_file;

/* In the order of example and name; ends with a row without an example. */
extern const ms_example_file ms_example_files[];

#endif
