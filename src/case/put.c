/* put.c: rows of a table of case.h as the CSV file that they would be read from, by the rows of format.c: what the
 * reader makes of it is the same again. For cases that the program makes itself (stress/residual.h). Cost: linear. */
#include "base/csv.h"
#include "case/format.h"

/* The id that a reference to a row of the file stands for; "" for none. */
static const char *id_of(const ms_case *kase, ms_file_kind file, int32_t ix)
{
    if (ix < 0)
        return "";
    switch (file) {
    case MS_FILE_PARTNERS:
        return kase->partners[ix].id;
    case MS_FILE_SITES:
        return kase->sites[ix].id;
    case MS_FILE_ITEMS:
        return kase->items[ix].id;
    case MS_FILE_FLEETS:
        return kase->fleets[ix].id;
    case MS_FILE_LANES:
        return kase->lanes[ix].id;
    default:
        return "";
    }
}

static void put_number(ms_buf *out, double value, bool first)
{
    if (isfinite(value))
        ms_csv_put_number(out, value, first);
    else
        ms_csv_put(out, "", first); /* unlimited, to the end, not stated */
}

/* A class that no item is of: what a lane may carry that carries nothing. */
static const char *empty_class(const ms_case *kase)
{
    bool used[MS_CLASSES] = {false};
    for (int32_t item = 0; item < kase->items_count; item++)
        used[kase->items[item].class_ix] = true;
    for (int class_ix = 0; class_ix < MS_CLASSES; class_ix++)
        if (!used[class_ix])
            return ms_class_words[class_ix];
    return "";
}

/* The items that a lane carries, each by its id. */
static void put_carried(ms_buf *out, const ms_case *kase, const uint8_t *carries, bool first)
{
    ms_buf list = {0};
    for (int32_t item = 0; carries != NULL && item < kase->items_count; item++)
        if (carries[item])
            ms_buf_printf(&list, "%s%s", list.length > 0 ? " " : "", kase->items[item].id);
    if (carries != NULL && list.length == 0)
        ms_buf_text(&list, empty_class(kase));
    out->failed |= list.failed;
    ms_csv_put(out, list.text != NULL ? list.text : "", first);
    ms_buf_free(&list);
}

static void put_cell(ms_buf *out, const ms_case *kase, const ms_format_file *file, const ms_column *column,
                     const void *cell, bool first)
{
    switch (column->type) {
    case MS_COLUMN_REF:
        ms_csv_put(out, id_of(kase, column->ref, *(const int32_t *)cell), first);
        break;
    case MS_COLUMN_NUMBER:
    case MS_COLUMN_DAY:
        put_number(out, *(const double *)cell, first);
        break;
    case MS_COLUMN_WHOLE:
        ms_csv_put_number(out, *(const int *)cell, first);
        break;
    case MS_COLUMN_WORD:
        ms_csv_put(out, *(const int *)cell >= 0 ? column->words[*(const int *)cell] : "", first);
        break;
    case MS_COLUMN_YES_NO:
        ms_csv_put(out, *(const bool *)cell ? "yes" : "no", first);
        break;
    case MS_COLUMN_COUNTRY:
        ms_csv_put(out, cell, first);
        break;
    case MS_COLUMN_LIST:
        if (file->kind == MS_FILE_LANES)
            put_carried(out, kase, *(const uint8_t *const *)cell, first);
        else
            ms_csv_put(out, *(const char *const *)cell, first);
        break;
    case MS_COLUMN_ID:
    case MS_COLUMN_GROUP:
    case MS_COLUMN_MEMBER:
    case MS_COLUMN_TEXT:
    case MS_COLUMN_DATE:
        ms_csv_put(out, *(const char *const *)cell, first);
        break;
    }
}

void ms_case_put_table(ms_buf *out, const ms_case *kase, ms_file_kind kind, const void *rows, size_t count)
{
    int kinds;
    const ms_format_file *file = &ms_format_files(&kinds)[kind];
    for (int c = 0; c < file->column_count; c++)
        ms_csv_put(out, file->columns[c].name, c == 0);
    ms_csv_end(out);
    for (size_t row = 0; row < count; row++) {
        const char *at = (const char *)rows + row * file->row_size;
        for (int c = 0; c < file->column_count; c++)
            put_cell(out, kase, file, &file->columns[c], at + file->columns[c].offset, c == 0);
        ms_csv_end(out);
    }
}
