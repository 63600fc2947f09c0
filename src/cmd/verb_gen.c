/* verb_gen.c: mainstay gen DIR --size S: a made-up case. */
#include "cmd/options.h"
#include "cmd/output.h"

static void override(int *field, const ms_call *call, const char *name)
{
    if (ms_option_given(call, name))
        *field = (int)ms_option_count(call, name);
}

ms_exit ms_verb_gen(ms_call *call)
{
    const char *path = ms_operand_text(call, 0);
    ms_gen_options options;
    ms_status status = ms_gen_size(&options, ms_option_text(call, "size"), &call->err);
    if (status != MS_OK)
        return ms_exit_of(status);
    override(&options.sites, call, "sites");
    override(&options.lanes, call, "lanes");
    override(&options.items, call, "items");
    override(&options.days, call, "days");
    override(&options.partners, call, "partners");
    if (ms_option_given(call, "seed"))
        options.seed = (uint64_t)ms_option_count(call, "seed");
    status = ms_gen_write(path, &options, &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet"))
        ms_buf_printf(&call->out, "%s: %d sites, %d lanes, %d items, %d partners, %d days\n", path, options.sites,
                      options.lanes, options.items, options.partners, options.days);
    return ms_exit_of(status);
}
