/* test_case_open.c: cases in folders: what is read, what is said where there is none, and what a plan
 * carries away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "case_text.h"
#include "faults.h"

static char folder[] = "/tmp/mainstay-test-case-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[2][512];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

/* Writes the plain case as folder/name. */
static void plain_folder(const char *name)
{
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    int count = 0;
    char file[512];
    ms_error err = {0};
    assert_int_equal(mkdir(in_folder(name), 0777), 0);
    assert_true(case_text_add(files, &count, plain_case, strlen(plain_case)));
    for (int ix = 0; ix < count; ix++) {
        snprintf(file, sizeof file, "%s/%s", in_folder(name), files[ix].name);
        assert_int_equal(ms_file_write(file, files[ix].bytes, files[ix].length, &err), MS_OK);
        ms_free(files[ix].bytes);
    }
    ms_free(files);
}

/* In wanted, @ stands for the folder of this test. */
static void says(const char *path, ms_status status, const char *wanted)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_buf text = {0};
    for (const char *at = wanted; *at != '\0'; at++)
        if (*at == '@')
            ms_buf_text(&text, folder);
        else
            ms_buf_put(&text, at, 1);
    assert_int_equal(ms_case_open(&kase, path, &findings, &err), status);
    assert_string_equal(err.message, text.text);
    assert_null(kase);
    assert_int_equal(findings.count, 0);
    ms_buf_free(&text);
}

static int start(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    plain_folder("alpha");
    plain_folder("beta");
    mkdir(in_folder("empty"), 0777);
    mkdir(in_folder("nest"), 0777);
    plain_folder("nest/case");
    return 0;
}

static int finish(void **state)
{
    (void)state;
    char command[600];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void no_case_there(void **state)
{
    (void)state;
    says(in_folder("alpa"), MS_NOT_FOUND, "there is no folder @/alpa; did you mean @/alpha?");
    says(in_folder("something"), MS_NOT_FOUND,
         "there is no folder @/something; `mainstay init` makes one from an example");
    says(in_folder("alpha/lanes.csv"), MS_USAGE,
         "@/alpha/lanes.csv is a file, and a case is a folder; did you mean @/alpha?");
    says(in_folder("empty"), MS_NOT_FOUND,
         "@/empty has no case.json, so it is no case; `mainstay init` makes one from an example");
    says(folder, MS_NOT_FOUND, "@ has no case.json; did you mean @/alpha?");
    ms_error err = {0};
    assert_int_equal(ms_file_write(in_folder("empty/note.txt"), "x", 1, &err), MS_OK);
    says(in_folder("empty/note.txt"), MS_USAGE, "@/empty/note.txt is a file; a case is a folder with case.json in it");
    assert_int_equal(ms_file_write(in_folder("nest/summary.json"), "{}", 2, &err), MS_OK);
    says(in_folder("nest"), MS_USAGE, "@/nest is a plan; its case is in @/nest/case");
    assert_int_equal(mkdir(in_folder("empty/case.json"), 0777), 0);
    ms_case *kase = NULL;
    ms_findings findings = {0};
    assert_int_equal(ms_case_open(&kase, in_folder("empty"), &findings, &err), MS_BAD_INPUT);
    assert_null(kase);
}

static void unknown_files(void **state)
{
    (void)state;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_buf spelled = {0};
    assert_int_equal(ms_file_write(in_folder("beta/lane.csv"), "x", 1, &err), MS_OK);
    assert_int_equal(ms_file_write(in_folder("beta/weather.CSV"), "x", 1, &err), MS_OK);
    assert_int_equal(ms_file_write(in_folder("beta/README.md"), "x", 1, &err), MS_OK);
    assert_int_equal(ms_case_open(&kase, in_folder("beta/"), &findings, &err), MS_OK);
    case_text_spell(&spelled, &findings);
    assert_string_equal(
        spelled.text,
        "lane.csv:0:0: warning: the file is not known and is not read; did you mean \"lanes.csv\"?\n"
        "weather.CSV:0:0: warning: the file is not known and is not read; the case format has no such table\n");
    ms_case_free(kase);
    ms_findings_free(&findings);
    ms_buf_free(&spelled);
}

/* What a plan carries is the case, byte for byte; what is in the folder by then does not matter. */
static void files_are_kept(void **state)
{
    (void)state;
    ms_case *kase = NULL, *again = NULL, *loose = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_folder_writer *writer = NULL;
    assert_int_equal(ms_case_open(&kase, in_folder("alpha"), &findings, &err), MS_OK);
    assert_int_equal(ms_file_write(in_folder("alpha/stocks.csv"), "spoilt", 6, &err), MS_OK);
    assert_int_equal(ms_folder_open(&writer, in_folder("copy"), false, NULL, &err), MS_OK);
    assert_int_equal(ms_case_write_files(kase, writer, "case/", &err), MS_OK);
    assert_int_equal(ms_case_write_files(kase, writer, "", &err), MS_OK);
    assert_int_equal(ms_folder_commit(writer, &err), MS_OK);
    assert_int_equal(ms_case_open(&again, in_folder("copy/case"), &findings, &err), MS_OK);
    assert_int_equal(ms_case_open(&loose, in_folder("copy"), &findings, &err), MS_OK);
    assert_true(again->digest == kase->digest && loose->digest == kase->digest);
    assert_int_equal(again->file_count, kase->file_count);
    for (int ix = 0; ix < kase->file_count; ix++) {
        assert_int_equal(again->files[ix].length, kase->files[ix].length);
        assert_memory_equal(again->files[ix].bytes, kase->files[ix].bytes, kase->files[ix].length);
    }
    ms_case_free(kase);
    ms_case_free(again);
    ms_case_free(loose);
    ms_findings_free(&findings);
}

static ms_status open_once(void *context)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_status status = ms_case_open(&kase, context, &findings, &err);
    ms_case_free(kase);
    ms_findings_free(&findings);
    return status;
}

/* Every request for memory refused in turn: nothing leaks, nothing is half there. */
static void memory_is_short(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s", in_folder("beta"));
    assert_true(each_refusal(open_once, path) > 50);
}

static ms_status read_broken(void *context)
{
    const char *text = context;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_status status = case_text_read(&kase, text, strlen(text), plain_case, &findings, &err);
    ms_findings_free(&findings);
    return status == MS_BAD_INPUT ? MS_OK : status;
}

static void memory_is_short_for_mistakes(void **state)
{
    (void)state;
    static char text[] =
        "== stocks.csv\nsite,item,partner,quantity,x\nprt,diesel,blue,\"1,000\",\nport,diesel,blue,-1,\n"
        "== substitutes.csv\nitem,substitute\ndiesel,jet-fuel\njet-fuel,diesel\n"
        "== agreements.csv\nagreement,provider,receiver,kind,scope\na,blue,green,item,dsel II\n"
        "== contingencies.csv\ncontingency,from_day,what,which,effect\na,0,site,x*,shut\n"
        "== case.json\n{\"name\": 1, \"nam\": 2}\n";
    each_refusal(read_broken, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_case_there),
        cmocka_unit_test(unknown_files),
        cmocka_unit_test(files_are_kept),
        cmocka_unit_test(memory_is_short),
        cmocka_unit_test(memory_is_short_for_mistakes),
    };
    return cmocka_run_group_tests(tests, start, finish);
}
