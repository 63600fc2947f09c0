/* case.c: the life of a case: files held in memory become tables, and the end of them.
 *
 * The files are kept as they came: the digest and what a plan carries are their bytes. Cost: linear in the
 * bytes. Memory: the bytes, and about as much again for the tables.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case/applied.h"
#include "case/reader.h"

enum {
    NEAR_MOST = 20 * 1000 * 1000,
    WORK_MOST = 200 * 1000 * 1000,
    SCOPE_BYTES_MOST = 256 << 20,
    PERIODS_MOST = 100000
};

/* ---- a case in memory ---- */

void ms_case_free(ms_case *kase)
{
    if (kase == NULL)
        return;
    ms_applied_free(kase->applied);
    if (kase->memory == NULL || atomic_fetch_sub(&kase->memory->users, 1) == 1) {
        void *const tables[] = {kase->partners,      kase->sites,     kase->items,
                                kase->stocks,        kase->supplies,  kase->demands,
                                kase->forces,        kase->factors,   kase->reserves,
                                kase->lanes,         kase->fleets,    kase->agreements,
                                kase->substitutes,   kase->duties,    kase->commitments,
                                kase->contingencies, kase->events,    kase->site_demand_start,
                                kase->site_demands,  kase->variations};
        ms_names *const names[] = {&kase->partner_names, &kase->site_names,       &kase->item_names,
                                   &kase->lane_names,    &kase->fleet_names,      &kase->agreement_names,
                                   &kase->demand_names,  &kase->contingency_names};
        for (size_t ix = 0; ix < sizeof tables / sizeof tables[0]; ix++)
            ms_free(tables[ix]);
        for (size_t ix = 0; ix < sizeof names / sizeof names[0]; ix++)
            ms_names_free(names[ix]);
        ms_case_files_free(kase->files, kase->file_count);
        if (kase->memory != NULL)
            ms_arena_free(kase->memory->arena);
        ms_free(kase->memory);
    }
    ms_free(kase);
}

const char *ms_case_name(const ms_case *kase)
{
    return kase->name;
}

static ms_case *case_new(void)
{
    ms_case *kase = ms_alloc(1, sizeof *kase);
    ms_case_memory *memory = ms_alloc(1, sizeof *memory);
    ms_arena *arena = ms_arena_new();
    if (kase == NULL || memory == NULL || arena == NULL) {
        ms_free(kase);
        ms_free(memory);
        ms_arena_free(arena);
        return NULL;
    }
    atomic_init(&memory->users, 1);
    memory->arena = arena;
    kase->memory = memory;
    kase->name = kase->currency = "";
    kase->days = kase->period_days = NAN; /* unknown until case.json says */
    kase->period_hours = 24;
    kase->priority_ratio = 10;
    return kase;
}

/* ---- reading ---- */

static int file_order(const void *left, const void *right)
{
    const ms_case_file *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void count_periods(ms_case *kase)
{
    kase->period_days = kase->period_hours / 24;
    double periods = ceil(kase->days / kase->period_days - 1e-9);
    kase->period_count = periods >= 1 && periods <= PERIODS_MOST ? (int)periods : 0;
}

static void read_case_file(ms_reader *reader)
{
    ms_case *kase = reader->kase;
    const ms_case_file *file = reader->tables[MS_FILE_CASE].source;
    if (file == NULL || !ms_read_case_json(reader, file))
        return;
    count_periods(kase);
    if (isfinite(kase->days) && kase->period_count == 0)
        ms_reader_complain_at(reader, MS_FINDING_ERROR, file->name, 1, 1,
                              "days x 24 / period_hours is more than %d periods; make them longer, or the case shorter",
                              PERIODS_MOST);
}

static void complain_missing(ms_reader *reader)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int kind = 0; kind < count; kind++)
        if (files[kind].required && reader->tables[kind].source == NULL)
            ms_reader_complain_at(reader, MS_FINDING_ERROR, files[kind].name, 0, 0,
                                  "the file is missing; a case needs case.json, partners.csv, sites.csv and items.csv");
}

static void read_all(ms_reader *reader)
{
    complain_missing(reader);
    read_case_file(reader);
    for (int kind = MS_FILE_CASE + 1; kind < MS_FILE_KINDS && reader->failure == MS_OK; kind++) {
        if (ms_reader_read(reader, (ms_file_kind)kind) && kind == MS_FILE_FORCES)
            ms_check_expand_forces(reader);
    }
    if (reader->failure == MS_OK)
        ms_check_case(reader);
    if (reader->failure == MS_OK && ms_reader_is_clean(reader))
        ms_odd_case(reader);
    if (reader->failure == MS_OK)
        ms_reader_place_notes(reader);
}

static void reader_free(ms_reader *reader)
{
    for (int kind = 0; kind < MS_FILE_KINDS; kind++) {
        ms_free(reader->tables[kind].lines);
        ms_free(reader->tables[kind].key_slots);
        ms_names_free(&reader->tables[kind].names);
    }
    for (size_t ix = 0; ix < reader->note_count; ix++)
        ms_free(reader->notes[ix].message);
    ms_free(reader->notes);
    ms_free(reader->events);
    ms_scope_free(reader);
}

/* MS_BAD_INPUT with the first error of the list. */
static ms_status first_error(const ms_findings *findings, ms_error *err)
{
    for (size_t ix = 0; ix < findings->count; ix++) {
        const ms_finding *finding = &findings->items[ix];
        if (finding->severity == MS_FINDING_ERROR)
            return ms_error_at(err, MS_BAD_INPUT, finding->file, finding->line, finding->column, "%s",
                               finding->message);
    }
    return ms_error_set(err, MS_BAD_INPUT, "the case has errors");
}

ms_status ms_case_read(ms_case **out, ms_case_file *files, int count, ms_findings *findings, ms_error *err)
{
    ms_case *kase = case_new();
    if (kase == NULL) {
        ms_case_files_free(files, count);
        return ms_error_memory(err);
    }
    ms_reader reader = {.kase = kase,
                        .arena = kase->memory->arena,
                        .findings = findings,
                        .near_left = NEAR_MOST,
                        .work_left = WORK_MOST,
                        .scope_left = SCOPE_BYTES_MOST,
                        .errors_before = findings->error_count};
    int kinds;
    const ms_format_file *format = ms_format_files(&kinds);
    if (count > 0)
        qsort(files, (size_t)count, sizeof *files, file_order);
    kase->files = files;
    kase->file_count = count;
    kase->digest = MS_HASH_START;
    for (int ix = 0; ix < count; ix++) {
        kase->digest = ms_hash_bytes(kase->digest, files[ix].name, strlen(files[ix].name) + 1);
        kase->digest = ms_hash_bytes(kase->digest, files[ix].bytes, files[ix].length);
        for (int kind = 0; kind < kinds; kind++)
            if (strcmp(format[kind].name, files[ix].name) == 0)
                reader.tables[kind].source = &files[ix];
    }
    read_all(&reader);
    ms_status status = reader.failure;
    bool clean = ms_reader_is_clean(&reader);
    reader_free(&reader);
    ms_findings_sort(findings);
    if (status != MS_OK)
        status = ms_error_memory(err);
    else if (!clean)
        status = first_error(findings, err);
    if (status == MS_OK)
        *out = kase;
    else
        ms_case_free(kase);
    return status;
}
