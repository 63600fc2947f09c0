/* csv.c: reading and writing CSV. See csv.h for what is accepted.
 *
 * Zero bytes and broken UTF-8 are looked for once, over the whole input, when it is opened. After that the
 * bytes that end a field (separator, CR, LF) are found 64 at a time as bits of a mask, which the fields of a
 * record use up one by one; a quoted field is walked from quote to quote by memchr, and copied only when it
 * has doubled quotes. Columns count characters: bytes, as long as the input is ASCII; else the continuation
 * bytes of each field are counted as it is cut. Cost: about a nanosecond a byte for short fields. Memory: the
 * reader, and the copied fields of one record.
 */
#include "base/csv.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"

enum { BLOCK_BYTES = 64 };

struct ms_csv_reader {
    const char *text, *file;
    size_t length, mark_length; /* of the byte order mark before text */
    size_t at;                  /* of the next record */
    size_t start;               /* of the newest one */
    int line;                   /* of at */
    char separator;
    bool ascii;

    /* The mask: bit i is set when text[block + i] ends a field and was not used up. */
    size_t block;
    uint64_t mask;

    /* Within the record being read. */
    size_t line_start;    /* of the line that the next field is on */
    size_t continuations; /* continuation bytes from line_start up to counted */
    size_t counted;
    char *copies; /* fields with doubled quotes, undoubled, one behind the other */
    size_t copies_length, copies_capacity;

    ms_csv_field fields[MS_CSV_FIELDS];
    size_t copy_at[MS_CSV_FIELDS]; /* offset in copies, SIZE_MAX when the field is a slice of the input */
};

/* ---- opening ---- */

static size_t continuation_bytes(const char *text, size_t length)
{
    size_t count = 0, i = 0;
    for (; length - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, sizeof word);
        /* 10xxxxxx: the top bit set, the next one clear. The product sums the eight bytes in its top one. */
        uint64_t marks = word & ~(word << 1) & UINT64_C(0x8080808080808080);
        count += (size_t)((marks >> 7) * UINT64_C(0x0101010101010101) >> 56);
    }
    for (; i < length; i++)
        count += ((unsigned char)text[i] & 0xC0) == 0x80;
    return count;
}

/* Line and column of a byte of the input, counted from the start: for errors only. */
static void locate(const char *text, size_t offset, int *line, int *column)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < offset && text[i + 1] == '\n'))) {
            ++*line;
            start = i + 1;
        }
    }
    *column = (int)(offset - start - continuation_bytes(text + start, offset - start)) + 1;
}

static ms_status error_bytes(const char *text, size_t offset, const char *file, const char *what, ms_error *err)
{
    int line, column;
    locate(text, offset, &line, &column);
    return ms_error_at(err, MS_BAD_INPUT, file, line, column, "%s", what);
}

static ms_status check_bytes(const char *text, size_t length, const char *file, ms_error *err)
{
    if (length > INT_MAX)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the file is over 2 GiB");
    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return ms_error_at(err, MS_BAD_INPUT, file, 1, 1, "the file is UTF-16; save it as CSV in UTF-8");
    const char *zero = length == 0 ? NULL : memchr(text, '\0', length);
    size_t valid = ms_utf8_valid_prefix(text, length);
    if (zero != NULL && (size_t)(zero - text) <= valid)
        return error_bytes(text, (size_t)(zero - text), file, "a zero byte: this is not a CSV file", err);
    if (valid < length)
        return error_bytes(text, valid, file, "not UTF-8 from here on; save the file as CSV in UTF-8", err);
    return MS_OK;
}

/* The one of , ; and tab that the first record with any text has most often outside quotes; on a tie the
 * first of them. */
static char find_separator(const char *text, size_t length)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false, any = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '"')
            quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r')) {
            if (any)
                break;
            commas = semicolons = tabs = 0;
            continue;
        }
        any = any || (c != '"' && (quoted || (c != ',' && c != ';' && c != '\t')));
        commas += !quoted && c == ',';
        semicolons += !quoted && c == ';';
        tabs += !quoted && c == '\t';
    }
    if (commas >= semicolons && commas >= tabs)
        return ',';
    return semicolons >= tabs ? ';' : '\t';
}

ms_status ms_csv_open(ms_csv_reader **out, const char *text, size_t length, const char *file, ms_error *err)
{
    MS_TRY(check_bytes(text, length, file, err));
    size_t mark_length = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    text += mark_length;
    length -= mark_length;
    ms_csv_reader *reader = ms_alloc(1, sizeof *reader);
    if (reader == NULL)
        return ms_error_memory(err);
    reader->mark_length = mark_length;
    reader->text = text;
    reader->length = length;
    reader->file = file;
    reader->line = 1;
    reader->separator = find_separator(text, length);
    reader->ascii = continuation_bytes(text, length) == 0;
    reader->block = SIZE_MAX - BLOCK_BYTES; /* no block yet: the first look-up makes one */
    *out = reader;
    return MS_OK;
}

char ms_csv_separator(const ms_csv_reader *reader)
{
    return reader->separator;
}

size_t ms_csv_offset(const ms_csv_reader *reader)
{
    return reader->mark_length + reader->at;
}

size_t ms_csv_start(const ms_csv_reader *reader)
{
    return reader->mark_length + reader->start;
}

void ms_csv_close(ms_csv_reader *reader)
{
    if (reader == NULL)
        return;
    ms_free(reader->copies);
    ms_free(reader);
}

ms_status ms_csv_read_file(const char *path, size_t cap, ms_csv_take take, void *context, ms_error *err)
{
    char *text;
    size_t length;
    ms_csv_reader *reader = NULL;
    MS_TRY(ms_file_read(&text, &length, path, cap, err));
    ms_status status = ms_csv_open(&reader, text, length, path, err);
    if (status == MS_OK) {
        status = take(context, reader, path, err);
        ms_csv_close(reader);
    }
    ms_free(text);
    return status;
}

/* ---- finding the ends of fields ---- */

static uint64_t ends_in(const char *bytes, char separator)
{
#ifdef __SSE2__
    const __m128i sep = _mm_set1_epi8(separator), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(part, sep),
                                   _mm_or_si128(_mm_cmpeq_epi8(part, lf), _mm_cmpeq_epi8(part, cr)));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
    }
    return mask;
#else
    uint64_t mask = 0;
    for (int i = 0; i < BLOCK_BYTES; i++)
        mask |= (uint64_t)(bytes[i] == separator || bytes[i] == '\n' || bytes[i] == '\r') << i;
    return mask;
#endif
}

static void block_load(ms_csv_reader *reader, size_t block)
{
    reader->block = block;
    size_t left = reader->length - block;
    if (left >= BLOCK_BYTES) {
        reader->mask = ends_in(reader->text + block, reader->separator);
        return;
    }
    char tail[BLOCK_BYTES] = {0};
    memcpy(tail, reader->text + block, left);
    reader->mask = ends_in(tail, reader->separator);
}

/* First separator, CR or LF at or behind from; the length of the input when there is none. */
static size_t find_end(ms_csv_reader *reader, size_t from)
{
    if (from < reader->block || from - reader->block >= BLOCK_BYTES) {
        if (from >= reader->length)
            return reader->length;
        block_load(reader, from & ~(size_t)(BLOCK_BYTES - 1));
    }
    reader->mask &= ~UINT64_C(0) << (from - reader->block);
    while (reader->mask == 0) {
        if (reader->length - reader->block <= BLOCK_BYTES)
            return reader->length;
        block_load(reader, reader->block + BLOCK_BYTES);
    }
    return reader->block + (size_t)__builtin_ctzll(reader->mask);
}

/* ---- fields and records ---- */

static int column_of(ms_csv_reader *reader, size_t offset)
{
    if (!reader->ascii) {
        reader->continuations += continuation_bytes(reader->text + reader->counted, offset - reader->counted);
        reader->counted = offset;
    }
    return (int)(offset - reader->line_start - reader->continuations) + 1;
}

static void start_line(ms_csv_reader *reader, size_t offset)
{
    reader->line++;
    reader->line_start = reader->counted = offset;
    reader->continuations = 0;
}

/* Counts the lines that begin within the quoted text [from, to). */
static void count_lines(ms_csv_reader *reader, size_t from, size_t to)
{
    const char *text = reader->text;
    for (size_t i = from; i < to; i++)
        if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < reader->length && text[i + 1] == '\n')))
            start_line(reader, i + 1);
}

static ms_status copy_part(ms_csv_reader *reader, size_t from, size_t to, ms_error *err)
{
    void *block = reader->copies;
    if (!ms_grow(&block, &reader->copies_capacity, reader->copies_length + (to - from), 1))
        return ms_error_memory(err);
    reader->copies = block;
    memcpy(reader->copies + reader->copies_length, reader->text + from, to - from);
    reader->copies_length += to - from;
    return MS_OK;
}

/* Reads the field whose opening quote is at open; *end gets what is behind its closing quote. */
static ms_status read_quoted(ms_csv_reader *reader, size_t open, ms_csv_field *field, size_t *copy_at, size_t *end,
                             ms_error *err)
{
    const char *text = reader->text;
    size_t from = open + 1, first_copy = reader->copies_length;
    bool copied = false;
    for (;;) {
        const char *quote = from < reader->length ? memchr(text + from, '"', reader->length - from) : NULL;
        if (quote == NULL)
            return ms_error_at(err, MS_BAD_INPUT, reader->file, field->line, field->column,
                               "the quote that opens here never closes");
        size_t at = (size_t)(quote - text);
        count_lines(reader, from, at);
        bool doubled = at + 1 < reader->length && text[at + 1] == '"';
        if (!doubled && !copied) {
            field->text = text + from;
            field->length = at - from;
            *copy_at = SIZE_MAX;
            *end = at + 1;
            return MS_OK;
        }
        MS_TRY(copy_part(reader, from, at + doubled, err)); /* of two quotes, one */
        copied = true;
        if (!doubled) {
            field->length = reader->copies_length - first_copy;
            *copy_at = first_copy;
            *end = at + 1;
            return MS_OK;
        }
        from = at + 2;
    }
}

static ms_status read_field(ms_csv_reader *reader, size_t at, int ix, size_t *end, ms_error *err)
{
    ms_csv_field *field = &reader->fields[ix];
    field->line = reader->line;
    field->column = column_of(reader, at);
    field->quoted = at < reader->length && reader->text[at] == '"';
    if (!field->quoted) {
        *end = find_end(reader, at);
        field->text = reader->text + at;
        field->length = *end - at;
        reader->copy_at[ix] = SIZE_MAX;
    } else {
        MS_TRY(read_quoted(reader, at, field, &reader->copy_at[ix], end, err));
        if (*end < reader->length && find_end(reader, *end) != *end)
            return ms_error_at(err, MS_BAD_INPUT, reader->file, reader->line, column_of(reader, *end),
                               "text behind a closing quote; write a quote inside quotes twice");
    }
    if (field->length > MS_CSV_FIELD_BYTES)
        return ms_error_at(err, MS_BAD_INPUT, reader->file, field->line, field->column,
                           "a field of %zu bytes; at most %d are allowed", field->length, MS_CSV_FIELD_BYTES);
    return MS_OK;
}

/* Reads the record at reader->at, which is not the end of the input. *blank: it has no text at all. */
static ms_status read_record(ms_csv_reader *reader, int *count, bool *blank, ms_error *err)
{
    size_t at = reader->at;
    reader->line_start = reader->counted = at;
    reader->continuations = 0;
    reader->copies_length = 0;
    *blank = true;
    for (int ix = 0;; ix++) {
        if (ix == MS_CSV_FIELDS)
            return ms_error_at(err, MS_BAD_INPUT, reader->file, reader->line, column_of(reader, at),
                               "more than %d fields in a record", MS_CSV_FIELDS);
        size_t end = at;
        MS_TRY(read_field(reader, at, ix, &end, err));
        *blank = *blank && reader->fields[ix].length == 0;
        *count = ix + 1;
        if (end < reader->length && reader->text[end] == reader->separator) {
            at = end + 1;
            continue;
        }
        if (end < reader->length) {
            end++;
            if (reader->text[end - 1] == '\r' && end < reader->length && reader->text[end] == '\n')
                end++;
            reader->line++;
        }
        reader->at = end;
        return MS_OK;
    }
}

ms_status ms_csv_next(ms_csv_reader *reader, ms_csv_record *record, ms_error *err)
{
    int count = 0, line = reader->line;
    bool blank = true;
    while (blank && reader->at < reader->length) {
        line = reader->line;
        reader->start = reader->at;
        MS_TRY(read_record(reader, &count, &blank, err));
    }
    if (blank)
        count = 0;
    for (int i = 0; reader->copies_length > 0 && i < count; i++)
        if (reader->copy_at[i] != SIZE_MAX)
            reader->fields[i].text = reader->copies + reader->copy_at[i];
    record->fields = reader->fields;
    record->field_count = count;
    record->line = line;
    return MS_OK;
}

/* ---- writing ---- */

/* Quoted is what would end or change the field: any of the separators that a reader might choose, quotes,
 * line ends, and a byte order mark, which a reader would drop at the start of a file. */
static bool needs_quotes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',' || text[i] == ';' || text[i] == '"' || (text[i] >= '\t' && text[i] <= '\r'))
            return true;
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

void ms_csv_put(ms_buf *out, const char *text, bool first)
{
    ms_csv_put_behind(out, ',', text, first);
}

void ms_csv_put_behind(ms_buf *out, char separator, const char *text, bool first)
{
    size_t length = strlen(text);
    if (!first)
        ms_buf_put(out, &separator, 1);
    if (!needs_quotes(text, length)) {
        ms_buf_put(out, text, length);
        return;
    }
    ms_buf_put(out, "\"", 1);
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        ms_buf_put(out, text, (size_t)(quote - text) + 1);
        ms_buf_put(out, "\"", 1);
    }
    ms_buf_text(out, text);
    ms_buf_put(out, "\"", 1);
}

void ms_csv_put_number(ms_buf *out, double value, bool first)
{
    char line[MS_NUMBER_BYTES + 1];
    line[0] = ',';
    ms_number_text(line + 1, value);
    ms_buf_text(out, first ? line + 1 : line);
}

void ms_csv_end(ms_buf *out)
{
    ms_buf_put(out, "\n", 1);
}
