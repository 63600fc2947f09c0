/* write.c: a case's files into a folder that is being written, byte for byte as they were read: a plan
 * carries its case, and whoever opens the plan sees what was planned, whatever has become of the folder
 * that it came from. */
#include <stdio.h>

#include "case/case.h"

enum { NAME_BYTES = 256 };

ms_status ms_case_write_files(const ms_case *kase, ms_folder_writer *folder, const char *prefix, ms_error *err)
{
    for (int ix = 0; ix < kase->file_count; ix++) {
        char name[NAME_BYTES];
        int wrote = snprintf(name, sizeof name, "%s%s", prefix, kase->files[ix].name);
        if (wrote < 0 || wrote >= NAME_BYTES)
            return ms_error_set(err, MS_INTERNAL, "the name of a case file is longer than %d bytes", NAME_BYTES - 1);
        MS_TRY(ms_folder_add(folder, name, kase->files[ix].bytes, kase->files[ix].length, err));
    }
    return MS_OK;
}
