/* verb_serve.c: mainstay serve CASE|BOOK: the pages and the API, until it is stopped. */
#include <sys/resource.h>
#include <time.h>

#include "cmd/examples.h"
#include "cmd/findings.h"
#include "cmd/interrupt.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/passphrase.h"

static const char *text_or_null(const ms_call *call, const char *name)
{
    return ms_option_given(call, name) ? ms_option_text(call, name) : NULL;
}

static ms_status say_link(const ms_call *call, const ms_server *server, ms_error *err)
{
    ms_buf line = {0};
    ms_buf_printf(&line, "%s\n", ms_server_link(server));
    ms_status status = ms_output_answer(&line, err);
    ms_buf_free(&line);
    if (status == MS_OK && !ms_option_given(call, "quiet"))
        ms_say("open this link in a browser; Ctrl-C stops the server");
    return status;
}

static void wait_for_interrupt(void)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    while (!ms_interrupt_asked())
        nanosleep(&moment, NULL);
}

static ms_status start(ms_server **out, ms_call *call, ms_serve_options *options)
{
    char passphrase[MS_PASSPHRASE_MOST] = "";
    ms_findings findings = {0};
    ms_status status = MS_OK;
    if (options->path != NULL && !options->read_only && ms_book_is_one(options->path)) {
        status = ms_passphrase_of_book(passphrase, call, options->path);
        options->passphrase = passphrase[0] != '\0' ? passphrase : NULL;
    }
    if (status == MS_OK) {
        status = ms_server_start(out, options, &findings, &call->err);
        status = ms_tell_findings(call, options->path, &findings, status);
    }
    ms_passphrase_wipe(passphrase);
    options->passphrase = NULL;
    ms_findings_free(&findings);
    return status;
}

/* Many systems begin with 1024 files, fewer than the server has connections. */
static void allow_connections(void)
{
    const rlim_t enough = 4096;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= enough)
        return;
    files.rlim_cur = files.rlim_max < enough ? files.rlim_max : enough;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

ms_exit ms_verb_serve(ms_call *call)
{
    ms_server *server = NULL;
    ms_serve_options options = {
        .path = ms_operand_text(call, 0),
        .listen = text_or_null(call, "listen"),
        .port = ms_option_given(call, "port") ? (int)ms_option_count(call, "port") : 0,
        .certificate = text_or_null(call, "tls-cert"),
        .private_key = text_or_null(call, "tls-key"),
        .behind_proxy = ms_option_given(call, "behind-proxy"),
        .tokens = text_or_null(call, "tokens"),
        .examples = ms_example_files,
        .work = text_or_null(call, "work"),
        .read_only = ms_option_given(call, "read-only"),
        .exchange = text_or_null(call, "exchange"),
        .places = text_or_null(call, "places"),
        .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads") : 0,
    };
    ms_interrupt_begin(false, false);
    allow_connections();
    ms_status status = start(&server, call, &options);
    if (status == MS_OK)
        status = say_link(call, server, &call->err);
    if (status == MS_OK)
        wait_for_interrupt();
    ms_server_stop(server);
    ms_interrupt_end();
    return ms_exit_of(status);
}
