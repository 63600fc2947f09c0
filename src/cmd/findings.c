/* findings.c: see findings.h. */
#include "cmd/findings.h"

#include <string.h>

#include "cmd/output.h"

/* Appends the finding's file with its folder before it, a slash between. */
static void place(ms_buf *out, const ms_finding_list *list, const ms_finding *finding)
{
    size_t length = strlen(list->folder);
    while (length > 1 && list->folder[length - 1] == '/')
        length--;
    ms_buf_put(out, list->folder, length);
    if (finding->file != NULL && finding->file[0] != '\0')
        ms_buf_printf(out, "%s%s", list->folder[length - 1] == '/' ? "" : "/", finding->file);
}

static const char *severity_word(const ms_finding *finding)
{
    return finding->severity == MS_FINDING_ERROR ? "error" : "warning";
}

static void text_line(ms_buf *out, const ms_finding_list *list, const ms_finding *finding, bool colour)
{
    ms_buf name = {0};
    place(&name, list, finding);
    ms_buf_safe(out, name.text != NULL ? name.text : "");
    if (finding->line > 0)
        ms_buf_printf(out, ":%d", finding->line);
    if (finding->line > 0 && finding->column > 0)
        ms_buf_printf(out, ":%d", finding->column);
    const char *paint = !colour ? "" : finding->severity == MS_FINDING_ERROR ? "\033[1;31m" : "\033[1;33m";
    ms_buf_printf(out, ": %s%s:%s ", paint, severity_word(finding), colour ? "\033[0m" : "");
    ms_buf_safe(out, finding->message);
    ms_buf_text(out, "\n");
    ms_buf_free(&name);
}

void ms_findings_text(ms_buf *out, const ms_finding_list *list, bool errors_only, size_t most, bool colour)
{
    const ms_findings *findings = list->findings;
    size_t shown = 0, all = findings->error_count + (errors_only ? 0 : findings->warning_count);
    for (size_t ix = 0; ix < findings->count && (most == 0 || shown < most); ix++) {
        if (errors_only && findings->items[ix].severity != MS_FINDING_ERROR)
            continue;
        text_line(out, list, &findings->items[ix], colour);
        shown++;
    }
    if (shown < all)
        ms_buf_printf(out, "... and %zu more\n", all - shown);
}

static void csv_field(ms_buf *out, const char *text)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        ms_buf_text(out, text);
        return;
    }
    ms_buf_text(out, "\"");
    for (; *text != '\0'; text++)
        ms_buf_put(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    ms_buf_text(out, "\"");
}

void ms_findings_csv(ms_buf *out, const ms_finding_list *list, bool header)
{
    if (header)
        ms_buf_text(out, "severity,file,line,column,message\n");
    for (size_t ix = 0; ix < list->findings->count; ix++) {
        const ms_finding *finding = &list->findings->items[ix];
        ms_buf name = {0};
        place(&name, list, finding);
        ms_buf_printf(out, "%s,", severity_word(finding));
        csv_field(out, name.text != NULL ? name.text : "");
        ms_buf_printf(out, ",%d,%d,", finding->line, finding->column);
        csv_field(out, finding->message);
        ms_buf_text(out, "\n");
        ms_buf_free(&name);
    }
}

/* Bytes of the UTF-8 character at text, 0 when it is none. */
static size_t character_bytes(const unsigned char *text)
{
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    for (size_t ix = 1; ix < length; ix++) {
        if ((text[ix] & 0xc0) != 0x80)
            return 0;
    }
    bool overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
    bool outside = (text[0] == 0xed && text[1] > 0x9f) || (text[0] == 0xf4 && text[1] > 0x8f);
    return overlong || outside ? 0 : length;
}

void ms_json_quote(ms_buf *out, const char *text)
{
    ms_buf_text(out, "\"");
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        size_t length = character_bytes(at);
        if (length == 0)
            ms_buf_text(out, "\\ufffd");
        else if (*at == '"' || *at == '\\')
            ms_buf_printf(out, "\\%c", *at);
        else if (*at < 0x20 || *at == 0x7f)
            ms_buf_printf(out, "\\u%04x", *at);
        else
            ms_buf_put(out, (const char *)at, length);
        at += length == 0 ? 1 : length;
    }
    ms_buf_text(out, "\"");
}

void ms_findings_json(ms_buf *out, const ms_finding_list *list, size_t *count)
{
    for (size_t ix = 0; ix < list->findings->count; ix++, (*count)++) {
        const ms_finding *finding = &list->findings->items[ix];
        ms_buf name = {0};
        place(&name, list, finding);
        ms_buf_printf(out, "%s\n    {\"severity\": \"%s\", \"file\": ", *count > 0 ? "," : "", severity_word(finding));
        ms_json_quote(out, name.text != NULL ? name.text : "");
        ms_buf_printf(out, ", \"line\": %d, \"column\": %d, \"message\": ", finding->line, finding->column);
        ms_json_quote(out, finding->message);
        ms_buf_text(out, "}");
        ms_buf_free(&name);
    }
}

void ms_findings_count(ms_buf *out, size_t errors, size_t warnings)
{
    if (errors == 0)
        ms_buf_text(out, "no errors");
    else
        ms_buf_printf(out, "%zu error%s", errors, errors == 1 ? "" : "s");
    if (warnings > 0)
        ms_buf_printf(out, "%s%zu warning%s", errors == 0 ? ", " : " and ", warnings, warnings == 1 ? "" : "s");
}
