/* examples.h: the folders below examples/, inside the program. tools/embed-examples writes the table at build time. */
#ifndef MS_CMD_EXAMPLES_H
#define MS_CMD_EXAMPLES_H

#include "mainstay.h"

/* In the order of example and name; ends with a row without an example. */
extern const ms_example_file ms_example_files[];

#endif
