/* format_doc.c: docs/case-format.md from the format table, the same bytes each time. */
#include <string.h>

#include "base/text.h"
#include "case/format.h"

static const char intro[] =
    "# The case format\n"
    "\n"
    "<!-- Written by `make docs` from the table in src/case/format.c; edit that. -->\n"
    "\n"
    "A case is a folder with `case.json` and CSV files. It opens in a spreadsheet and diffs in git.\n"
    "`mainstay check CASE` reads one and reports everything that is wrong with it at once, each as\n"
    "`file:line:column: what is wrong, and what would be right`. `mainstay init DIR --example tiny`\n"
    "writes one to start from.\n"
    "\n"
    "## What holds for every file\n"
    "\n"
    "- **CSV** is RFC 4180 in UTF-8 with a header row; columns come in any order. A byte order mark,\n"
    "  CRLF line ends, blank rows, quoted cells with line ends in them, and `;` or tab as the separator\n"
    "  are all understood.\n"
    "- **Empty cells** are the default. A missing optional file is an empty table. A required column\n"
    "  must be there, and its cells filled; where the table says *column*, the column must be there and\n"
    "  its cells may be empty.\n"
    "- **Unknown** columns, files and keys are warned about and not read.\n"
    "- **Ids** are 1 to 64 bytes: letters, digits and `_ - . : +`; letters may be of any alphabet. No\n"
    "  spaces, `/`, `*`, `;` or `,`. Capitals and small letters differ.\n"
    "- **Lists** in a cell are words separated by spaces or `;`.\n"
    "- **Numbers** are decimal with a point: `1200.5`, `1.2e3`. No thousands separators, no decimal\n"
    "  comma, nothing infinite, nothing over 1e12. Quantities are not negative.\n"
    "- **Spaces** around a cell do not count.\n"
    "- **Two rows** may not have the same key; the key columns are marked.\n"
    "\n"
    "What is odd but usable is a warning: a demand that nothing can reach, stock over a storage limit,\n"
    "a capacity a thousand times that of other lanes of its mode, a fleet that no lane draws on.\n"
    "\n";

static const char *type_text(const ms_column *column, bool json)
{
    switch (column->type) {
    case MS_COLUMN_ID:
        return "new id";
    case MS_COLUMN_GROUP:
        return "id, in one or more rows";
    case MS_COLUMN_MEMBER:
    case MS_COLUMN_REF:
        return "id of";
    case MS_COLUMN_NUMBER:
        return "number";
    case MS_COLUMN_WHOLE:
        return "whole number";
    case MS_COLUMN_DAY:
        return "day";
    case MS_COLUMN_WORD:
        return "word";
    case MS_COLUMN_YES_NO:
        return json ? "true or false" : "yes or no";
    case MS_COLUMN_COUNTRY:
        return column->flags & MS_COLUMN_ANY ? "country or *" : "country";
    case MS_COLUMN_TEXT:
        return "text";
    case MS_COLUMN_LIST:
        return "list";
    case MS_COLUMN_DATE:
        return "date";
    }
    return "";
}

static void put_type(ms_buf *out, const ms_format_file *file, const ms_column *column)
{
    int count;
    char low[MS_NUMBER_BYTES], high[MS_NUMBER_BYTES];
    const ms_format_file *files = ms_format_files(&count);
    bool numeric = column->type == MS_COLUMN_NUMBER || column->type == MS_COLUMN_WHOLE;
    ms_buf_text(out, type_text(column, file->kind == MS_FILE_CASE));
    if (column->type == MS_COLUMN_REF || column->type == MS_COLUMN_MEMBER)
        ms_buf_printf(out, " `%s`", files[column->ref].name);
    if (numeric)
        ms_buf_printf(out, "%s %s to %s", column->flags & MS_COLUMN_ABOVE ? " above" : "",
                      ms_format_limit(low, column->low), ms_format_limit(high, column->high));
    if (column->unit != NULL && *column->unit != '\0' && numeric)
        ms_buf_printf(out, ", %s", column->unit);
    for (int word = 0, listed = 0; column->words != NULL && column->words[word] != NULL; word++)
        if (*column->words[word] != '\0')
            ms_buf_printf(out, "%s`%s`", listed++ == 0 ? ": " : " ", column->words[word]);
}

static void put_column(ms_buf *out, const ms_format_file *file, const ms_column *column)
{
    bool required = column->flags & MS_COLUMN_REQUIRED;
    ms_buf_printf(out, required ? "| **%s**" : "| %s", column->name);
    ms_buf_text(out, column->flags & MS_COLUMN_KEY || column->type == MS_COLUMN_ID ? " (key) | " : " | ");
    put_type(out, file, column);
    ms_buf_printf(out, " | %s%s | %s |\n",
                  required                            ? "*required*"
                  : column->flags & MS_COLUMN_PRESENT ? "*column*: "
                                                      : "",
                  required || column->empty == NULL ? "" : column->empty, column->help);
}

/* The example in a fence, the header made from the columns. */
static void put_example(ms_buf *out, const ms_format_file *file)
{
    ms_buf_text(out, file->kind == MS_FILE_CASE ? "```json\n" : "```csv\n");
    for (int ix = 0; ix < file->column_count && file->kind != MS_FILE_CASE; ix++)
        ms_buf_printf(out, "%s%s", ix > 0 ? "," : "", file->columns[ix].name);
    ms_buf_printf(out, "%s%s```\n\n", file->kind == MS_FILE_CASE ? "" : "\n", file->example);
}

static void put_file(ms_buf *out, const ms_format_file *file)
{
    ms_buf_printf(out, "## %s\n\n%s%s\n\n", file->name, file->help, file->required ? " The file is required." : "");
    ms_buf_printf(out, "| %s | what it holds | when empty | meaning |\n| --- | --- | --- | --- |\n",
                  file->kind == MS_FILE_CASE ? "key" : "column");
    for (int ix = 0; ix < file->column_count; ix++)
        put_column(out, file, &file->columns[ix]);
    ms_buf_text(out, "\n");
    put_example(out, file);
    for (const char *const *note = file->notes; note != NULL && *note != NULL; note++)
        ms_buf_printf(out, "%s\n\n", *note);
}

ms_status ms_format_markdown(ms_buf *out, ms_error *err)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    ms_buf_text(out, intro);
    ms_buf_text(out, "| file | what it holds |\n| --- | --- |\n");
    for (int kind = 0; kind < count; kind++)
        ms_buf_printf(out, files[kind].required ? "| **%s** | %s |\n" : "| %s | %s |\n", files[kind].name,
                      files[kind].help);
    ms_buf_text(out, "\nThe examples below are, together, a valid case.\n\n");
    for (int kind = 0; kind < count; kind++)
        put_file(out, &files[kind]);
    while (out->length > 1 && out->text[out->length - 1] == '\n' && out->text[out->length - 2] == '\n')
        out->text[--out->length] = '\0';
    return out->failed ? ms_error_memory(err) : MS_OK;
}
