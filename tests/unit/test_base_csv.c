/* test_base_csv.c: tables as spreadsheets really write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/random.h"
#include "faults.h"

/* Reads all of text into out as "line:column=field" with | between fields and / behind records, quoted fields
 * marked by a quote. Returns the status of the last call; on failure err says why. */
static ms_status spell(ms_buf *out, const char *text, size_t length, ms_error *err)
{
    ms_csv_reader *reader = NULL;
    MS_TRY(ms_csv_open(&reader, text, length, "x.csv", err));
    ms_status status;
    for (;;) {
        ms_csv_record record = {0};
        status = ms_csv_next(reader, &record, err);
        if (status != MS_OK || record.field_count == 0)
            break;
        assert_int_equal(record.line, record.fields[0].line);
        for (int i = 0; i < record.field_count; i++) {
            const ms_csv_field *field = &record.fields[i];
            ms_buf_printf(out, "%s%d:%d=%s", i > 0 ? "|" : "", field->line, field->column, field->quoted ? "\"" : "");
            ms_buf_put(out, field->text, field->length);
        }
        ms_buf_text(out, "/");
    }
    ms_csv_close(reader);
    return status;
}

static void reads_as(const char *text, const char *wanted)
{
    ms_buf out = {0};
    ms_error err = {0};
    ms_buf_text(&out, "");
    /* On the heap and without a zero byte behind it, so that the address sanitizer sees every byte too far.
     * */
    size_t length = strlen(text);
    char *exact = ms_alloc(length, 1);
    memcpy(exact, text, length);
    ms_status status = spell(&out, exact, length, &err);
    ms_free(exact);
    if (status != MS_OK)
        fail_msg("%s:%d:%d: %s", err.file, err.line, err.column, err.message);
    assert_string_equal(out.text, wanted);
    ms_buf_free(&out);
}

static void fails_at(const char *text, size_t length, int line, int column, const char *part)
{
    ms_buf out = {0};
    ms_error err = {0};
    char *exact = ms_alloc(length, 1);
    memcpy(exact, text, length);
    ms_status status = spell(&out, exact, length, &err);
    ms_free(exact);
    ms_buf_free(&out);
    assert_int_equal(status, MS_BAD_INPUT);
    assert_int_equal(err.code, MS_BAD_INPUT);
    assert_string_equal(err.file, "x.csv");
    if (err.line != line || err.column != column || strstr(err.message, part) == NULL)
        fail_msg("%d:%d: %s; wanted %d:%d: %s", err.line, err.column, err.message, line, column, part);
}

static void plain_tables(void **state)
{
    (void)state;
    reads_as("", "");
    reads_as("\n\r\n\r", "");
    reads_as("site", "1:1=site/");
    reads_as("site\n", "1:1=site/");
    reads_as("site,item\nA,b\n", "1:1=site|1:6=item/2:1=A|2:3=b/");
    reads_as("a,b\n,\nc,\n,d", "1:1=a|1:3=b/3:1=c|3:3=/4:1=|4:2=d/");
    reads_as("a,b\r\nc,d\re,f\n\ng,h", "1:1=a|1:3=b/2:1=c|2:3=d/3:1=e|3:3=f/5:1=g|5:3=h/");
    reads_as("a,b,", "1:1=a|1:3=b|1:5=/");
    reads_as("5\" pipe,x\n", "1:1=5\" pipe|1:9=x/");
    reads_as(" \"a\" ,b", "1:1= \"a\" |1:7=b/");
}

static void quoted_fields(void **state)
{
    (void)state;
    reads_as("\"a,b\",c", "1:1=\"a,b|1:7=c/");
    reads_as("\"say \"\"go\"\"\",\"\"\"\",c", "1:1=\"say \"go\"|1:14=\"\"|1:19=c/");
    reads_as("\"a\nb\",c\nd,e", "1:1=\"a\nb|2:4=c/3:1=d|3:3=e/");
    reads_as("\"a\r\nb\rc\",d\ne", "1:1=\"a\r\nb\rc|3:4=d/4:1=e/");
    reads_as("\"\",\"\"\n\"\",x", "2:1=\"|2:4=x/");
    reads_as("\"a\"", "1:1=\"a/");
    reads_as("\"a\"\r\n\"b\"\r", "1:1=\"a/2:1=\"b/");
    reads_as("\"a\r\"\nb", "1:1=\"a\r/3:1=b/");
}

static void columns_count_characters(void **state)
{
    (void)state;
    reads_as("\xC3\xA9\xC3\xA9,b\nx,\xE4\xB8\xAD\xE6\x96\x87"
             "0123456789,z\n",
             "1:1=\xC3\xA9\xC3\xA9|1:4=b/2:1=x|2:3=\xE4\xB8\xAD\xE6\x96\x87"
             "0123456789|2:16=z/");
    reads_as("\"\xC3\xA9\n\xC3\xA9\",b", "1:1=\"\xC3\xA9\n\xC3\xA9|2:4=b/");
    reads_as("\xEF\xBB\xBFsite,item\n", "1:1=site|1:6=item/");
    reads_as("\xEF\xBB\xBF\"site\",item\n", "1:1=\"site|1:8=item/");
    reads_as("\xEF\xBB\xBF", "");
}

static void separator_is_the_headers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
    } known[] = {{"a;b;c\n1,5;2,5;3,5", ';'}, {"a\tb\n", '\t'},       {"a,b;c\n", ','},       {"a,b;c;d\n", ';'},
                 {"a;b\tc\td", '\t'},         {"\"a;b;c\",d\n", ','}, {"name\n1;2;3\n", ','}, {"", ','},
                 {"\n\na;b\n", ';'},          {";;\na;b,c,d\n", ','}, {"\"a\n;;\",b\n", ','}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        ms_csv_reader *reader = NULL;
        assert_int_equal(ms_csv_open(&reader, known[i].text, strlen(known[i].text), "x.csv", NULL), MS_OK);
        assert_int_equal(ms_csv_separator(reader), known[i].separator);
        ms_csv_close(reader);
    }
    reads_as("a;b\n1,5;2\n", "1:1=a|1:3=b/2:1=1,5|2:5=2/");
    ms_csv_close(NULL);
}

static void bad_bytes_are_refused(void **state)
{
    (void)state;
    fails_at("a,b\nc,\0", 7, 2, 3, "zero byte");
    fails_at("\0", 1, 1, 1, "zero byte");
    fails_at("a,b\n\xC3\xA9\xC3\xA9\xFF", 9, 2, 3, "UTF-8");
    fails_at("a\r\nb\r\xC3", 6, 3, 1, "UTF-8");
    fails_at("M\xFCnchen", 7, 1, 2, "UTF-8");
    fails_at("\xFF\xFE"
             "a\0",
             4, 1, 1, "UTF-16");
}

static void bad_quotes_are_refused(void **state)
{
    (void)state;
    fails_at("a,\"b", 4, 1, 3, "never closes");
    fails_at("a\nb,\"c\nd\n", 9, 2, 3, "never closes");
    fails_at("\"", 1, 1, 1, "never closes");
    fails_at("\"a\"\"", 4, 1, 1, "never closes");
    fails_at("\"a\"b,c", 6, 1, 4, "behind a closing quote");
    fails_at("x,\"\xC3\xA9\n\xC3\xA9\" ,c", 11, 2, 3, "behind a closing quote");
}

static void limits_hold(void **state)
{
    (void)state;
    ms_buf text = {0};
    for (int i = 0; i < MS_CSV_FIELDS; i++)
        ms_csv_put(&text, "x", i == 0);
    ms_buf out = {0};
    assert_int_equal(spell(&out, text.text, text.length, NULL), MS_OK);
    ms_buf_free(&out);
    ms_csv_put(&text, "y", false);
    fails_at(text.text, text.length, 1, 2 * MS_CSV_FIELDS + 1, "more than 256 fields");

    ms_buf_reset(&text);
    ms_buf_text(&text, "a,b\nc,");
    for (int i = 0; i < MS_CSV_FIELD_BYTES; i++)
        ms_buf_put(&text, "z", 1);
    assert_int_equal(spell(&out, text.text, text.length, NULL), MS_OK);
    ms_buf_put(&text, "z", 1);
    fails_at(text.text, text.length, 2, 3, "1048577 bytes");
    ms_buf_free(&out);
    ms_buf_free(&text);
}

/* Field ends at every distance from every border of the blocks that the reader looks at. */
static void long_fields_cross_blocks(void **state)
{
    (void)state;
    ms_buf text = {0}, wanted = {0};
    char field[200];
    memset(field, 'q', sizeof field);
    for (int width = 0; width < 150; width++) {
        ms_buf_reset(&text);
        ms_buf_reset(&wanted);
        ms_buf_put(&text, field, (size_t)width);
        ms_buf_text(&text, ",b,\"c");
        ms_buf_put(&text, field, (size_t)width);
        ms_buf_text(&text, "\",d\n1,2");
        ms_buf_printf(&wanted, "1:1=%.*s|1:%d=b|1:%d=\"c%.*s|1:%d=d/2:1=1|2:3=2/", width, field, width + 2, width + 4,
                      width, field, 2 * width + 8);
        reads_as(text.text, wanted.text);
    }
    ms_buf_free(&text);
    ms_buf_free(&wanted);
}

static void writing_quotes_what_it_must(void **state)
{
    (void)state;
    ms_buf out = {0};
    static const char *const fields[] = {"plain", "",         "a,b",  "say \"go\"",        "a;b",
                                         "a\tb",  "a\nb",     "a\rb", "\xEF\xBB\xBF-mark", " x ",
                                         "=1+1",  "\xC3\xA9", "\""};
    for (int i = 0; i < 13; i++)
        ms_csv_put(&out, fields[i], i == 0);
    ms_csv_put_number(&out, 0.1, false);
    ms_csv_put_number(&out, -12.0, false);
    ms_csv_end(&out);
    ms_csv_put_number(&out, 1e-9, true);
    ms_csv_put(&out, "x", false);
    ms_csv_end(&out);
    assert_string_equal(out.text, "plain,,\"a,b\",\"say \"\"go\"\"\",\"a;b\",\"a\tb\",\"a\nb\",\"a\rb\",\"\xEF\xBB\xBF"
                                  "-mark\", x ,=1+1,\xC3\xA9,\"\"\"\",0.1,-12\n1e-9,x\n");
    ms_buf_free(&out);
}

/* What is written is read again, whatever the fields hold. */
static void random_tables_come_back(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",        "bc",           ",", ";",   "\t", "\"", "\n", "\r",
                                         "\xC3\xA9", "\xEF\xBB\xBF", " ", "12.5"};
    ms_random random = ms_random_start(5, 1);
    for (int round = 0; round < 3000; round++) {
        ms_buf file = {0}, field = {0}, wanted = {0}, got = {0};
        int rows = (int)ms_random_between(&random, 1, 4), columns = (int)ms_random_between(&random, 1, 5);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                ms_buf_reset(&field);
                ms_buf_text(&field, column == 0 ? "h" : ""); /* no row is blank */
                for (int64_t left = ms_random_between(&random, 0, 4); left > 0; left--)
                    ms_buf_text(&field, pieces[ms_random_between(&random, 0, 11)]);
                ms_csv_put(&file, field.text, column == 0);
                ms_buf_printf(&wanted, "%s\x01", field.text);
            }
            ms_csv_end(&file);
        }
        ms_csv_reader *reader = NULL;
        ms_csv_record record = {0};
        assert_int_equal(ms_csv_open(&reader, file.text, file.length, "x.csv", NULL), MS_OK);
        assert_int_equal(ms_csv_separator(reader), ',');
        while (ms_csv_next(reader, &record, NULL) == MS_OK && record.field_count > 0)
            for (int i = 0; i < record.field_count; i++) {
                ms_buf_put(&got, record.fields[i].text, record.fields[i].length);
                ms_buf_text(&got, "\x01");
            }
        ms_csv_close(reader);
        assert_string_equal(got.text, wanted.text);
        ms_buf_free(&file);
        ms_buf_free(&field);
        ms_buf_free(&wanted);
        ms_buf_free(&got);
    }
}

static ms_status read_one(void *context)
{
    ms_csv_reader *reader = NULL;
    MS_TRY(ms_csv_open(&reader, context, strlen(context), "x.csv", NULL));
    ms_csv_record record = {0};
    ms_status status;
    do
        status = ms_csv_next(reader, &record, NULL);
    while (status == MS_OK && record.field_count > 0);
    ms_csv_close(reader);
    return status;
}

static void survives_refused_memory(void **state)
{
    (void)state;
    char text[] = "a,b\n\"x \"\"y\"\"\",\"\"\"long, long, long, long, long, long, long, long, long\"\"\"\n";
    assert_true(each_refusal(read_one, text) >= 3);
}

/* A quarter of a second for 20 MB would be 80 MB/s: far below what it does, even under a sanitizer on a busy
 * machine it is the order of growth that this holds. */
static void a_million_rows_take_a_moment(void **state)
{
    (void)state;
    ms_buf text = {0};
    ms_buf_text(&text, "site,item,partner,quantity\n");
    for (int i = 0; i < 1000000; i++)
        ms_buf_text(&text, "north,water,US,12.5\n");
    double start = ms_clock_seconds();
    assert_int_equal(read_one(text.text), MS_OK);
    assert_true(ms_clock_seconds() - start < 10.0);
    ms_buf_free(&text);
}

/* The slices between offsets are the records, and together all of the file. */
static void offsets_cut_a_file_into_records(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF"
                               "a;b\r\n\r\n1;\"2\n3\"\n;\n4;5";
    static const size_t ends[] = {8, 18, 23, 23};
    ms_csv_reader *reader = NULL;
    ms_csv_record record;
    assert_int_equal(ms_csv_open(&reader, text, sizeof text - 1, "x.csv", NULL), MS_OK);
    for (int ix = 0; ix < 4; ix++) {
        assert_int_equal(ms_csv_next(reader, &record, NULL), MS_OK);
        assert_int_equal(record.field_count, ix < 3 ? 2 : 0);
        assert_int_equal(ms_csv_offset(reader), ends[ix]);
    }
    ms_csv_close(reader);
}

static void other_separators_are_written(void **state)
{
    (void)state;
    ms_buf out = {0};
    ms_csv_put_behind(&out, ';', "a", true);
    ms_csv_put_behind(&out, ';', "b;c", false);
    ms_csv_put_behind(&out, '\t', "d\te", false);
    assert_string_equal(out.text, "a;\"b;c\"\t\"d\te\"");
    ms_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_tables),
        cmocka_unit_test(quoted_fields),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(separator_is_the_headers),
        cmocka_unit_test(bad_bytes_are_refused),
        cmocka_unit_test(bad_quotes_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(long_fields_cross_blocks),
        cmocka_unit_test(writing_quotes_what_it_must),
        cmocka_unit_test(random_tables_come_back),
        cmocka_unit_test(survives_refused_memory),
        cmocka_unit_test(a_million_rows_take_a_moment),
        cmocka_unit_test(offsets_cut_a_file_into_records),
        cmocka_unit_test(other_separators_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
