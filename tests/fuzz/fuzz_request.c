/* fuzz_request.c: any request to a server with a folder or with a book, through the real table of routes. Whatever is
 * asked, the answer is sound (door_mistake), and the server goes on.
 *
 * The input is a line "f ROLE METHOD TARGET" (f: a folder, b: a book, neither: nothing is open; ROLE: 0 nobody to 4
 * administrator, 5 courier), then the body. Behind a change that succeeded the desk is set up anew, so that each input
 * finds the same; a plan or stress run that was ordered is forgotten again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit/door_ask.h"
#include "base/alloc.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { OPEN_FOLDER, OPEN_BOOK, OPEN_NOTHING, OPENINGS, FILES_MOST = 32, PATH_BYTES = 128 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* What the desks stand on, as it was made. */
typedef struct {
    char path[PATH_BYTES];
    char *bytes;
    size_t length;
} pristine;
static pristine files[FILES_MOST];
static int file_count;
static char place[] = "/tmp/mainstay-fuzz-XXXXXX";
static ms_door doors[OPENINGS];
static const char *const opened[OPENINGS] = {"case", "book", NULL};

/* The path of a name in that place; the place is not the working folder, from which inputs are read. */
static const char *in_place(char path[PATH_BYTES], const char *name)
{
    snprintf(path, PATH_BYTES, "%s/%s", place, name);
    return path;
}

static void keep_file(const char *name)
{
    pristine *file = &files[file_count++];
    must(file_count <= FILES_MOST);
    must(ms_file_read(&file->bytes, &file->length, in_place(file->path, name), 1 << 20, NULL) == MS_OK);
}

static void open_door(int opening)
{
    char path[PATH_BYTES];
    ms_findings findings = {0};
    ms_door *door = &doors[opening];
    must(door_tokens(&door->tokens));
    must(ms_desk_make(&door->desk, 1, NULL) == MS_OK);
    if (opened[opening])
        must(ms_desk_open(door->desk, in_place(path, opened[opening]), NULL, &findings, NULL) == MS_OK);
    ms_findings_free(&findings);
    if (opening == OPEN_BOOK) { /* it keeps releases too */
        static const char *const couriers[] = {"courier"};
        ms_postbox_options options = {.folder = in_place(path, "releases"), .couriers = couriers, .courier_count = 1};
        must(ms_postbox_open(&door->postbox, &options, NULL) == MS_OK);
    }
}

static void close_door(int opening)
{
    ms_desk_free(doors[opening].desk);
    ms_postbox_close(doors[opening].postbox);
    ms_tokens_free(&doors[opening].tokens);
}

static void empty_place(void)
{
    char command[PATH_BYTES + 64];
    snprintf(command, sizeof command, "rm -rf '%s'/*", place);
    must(system(command) == 0);
}

static void set_up_anew(void)
{
    char path[PATH_BYTES];
    for (int each = 0; each < OPENINGS; each++)
        close_door(each);
    empty_place();
    must(mkdir(in_place(path, "case"), 0700) == 0);
    for (int ix = 0; ix < file_count; ix++) {
        must(ms_file_write(files[ix].path, files[ix].bytes, files[ix].length, NULL) == MS_OK);
        must(chmod(files[ix].path, 0600) == 0);
    }
    for (int each = 0; each < OPENINGS; each++)
        open_door(each);
}

static void remove_place(void)
{
    for (int opening = 0; opening < OPENINGS; opening++)
        close_door(opening);
    for (int ix = 0; ix < file_count; ix++)
        ms_free(files[ix].bytes);
    empty_place();
    must(rmdir(place) == 0);
}

/* A folder with examples/tiny and a book of it, in a place of their own. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    ms_case *kase = NULL;
    ms_book *book = NULL;
    ms_findings findings = {0};
    ms_book_changes changes = {0};
    char name[PATH_BYTES], path[PATH_BYTES];
    must(ms_case_open(&kase, "examples/tiny", &findings, NULL) == MS_OK);
    must(mkdtemp(place) != NULL && mkdir(in_place(path, "case"), 0700) == 0);
    for (int ix = 0; ix < kase->file_count; ix++) {
        snprintf(name, sizeof name, "case/%s", kase->files[ix].name);
        must(ms_file_write(in_place(path, name), kase->files[ix].bytes, kase->files[ix].length, NULL) == MS_OK);
        keep_file(name);
    }
    must(ms_book_create(&book, in_place(path, "book"), kase->partners[0].id, NULL, NULL) == MS_OK);
    must(ms_book_import(&changes, book, kase, true, NULL) == MS_OK);
    ms_book_close(book);
    keep_file("book");
    keep_file("book.key");
    ms_findings_free(&findings);
    ms_case_free(kase);
    for (int opening = 0; opening < OPENINGS; opening++)
        open_door(opening);
    atexit(remove_place);
    return 0;
}

static bool know_method(ms_method *out, const char *word, size_t length)
{
    for (int method = 0; method < MS_METHODS; method++)
        if (strlen(ms_method_words[method]) == length && memcmp(ms_method_words[method], word, length) == 0) {
            *out = (ms_method)method;
            return true;
        }
    return false;
}

static void forget_job(ms_door *door, const char *location)
{
    ms_reply reply;
    must(door_ask(&reply, door, MS_ROLE_ADMINISTRATOR, MS_DELETE, location, NULL, 0));
    must(reply.status == 204);
    door_let(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes, *line_end = memchr(text, '\n', size);
    size_t length = line_end ? (size_t)(line_end - text) : size;
    const char *word = length > 4 ? memchr(text + 4, ' ', length - 4) : NULL;
    ms_method method;
    ms_reply reply;
    if (!word || !know_method(&method, text + 4, (size_t)(word - text - 4)))
        return 0;
    int opening = text[0] == 'f' ? OPEN_FOLDER : text[0] == 'b' ? OPEN_BOOK : OPEN_NOTHING;
    ms_role role = (ms_role)((unsigned char)(text[2] - '0') % MS_ROLES);
    char *target = ms_strndup(word + 1, length - (size_t)(word + 1 - text));
    size_t body = line_end ? length + 1 : size;
    must(target != NULL);
    if (door_ask(&reply, &doors[opening], role, method, target, text + body, size - body)) {
        const char *mistake = door_mistake(&reply);
        if (mistake)
            fprintf(stderr, "%s\n", mistake);
        must(mistake == NULL);
        bool job = reply.status == 202;
        bool changed = method != MS_GET && reply.status < 300 && !job;
        if (job)
            forget_job(&doors[opening], reply.location);
        door_let(&reply);
        if (changed)
            set_up_anew();
    }
    ms_free(target);
    return 0;
}
