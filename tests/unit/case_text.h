/* case_text.h: cases written as one text, for tests and the fuzzer: "== sites.csv" begins the file
 * sites.csv, and so on. Text before the first section, sections of unknown names and a second section of
 * the same name are left out.
 */
#ifndef MS_TESTS_CASE_TEXT_H
#define MS_TESTS_CASE_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "case/format.h"

/* The name of the format that the section's heading gives, or NULL. */
static inline const char *case_text_name(const char *heading, size_t length)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int kind = 0; kind < count; kind++)
        if (strlen(files[kind].name) == length && memcmp(files[kind].name, heading, length) == 0)
            return files[kind].name;
    return NULL;
}

/* Finds the section that begins at *at or behind it; its body is [*body, *body + *size). False at the end. */
static inline bool case_text_next(const char **at, const char *end, const char **name, const char **body, size_t *size)
{
    while (*at < end) {
        const char *line_end = memchr(*at, '\n', (size_t)(end - *at));
        const char *line = *at;
        *at = line_end == NULL ? end : line_end + 1;
        if (line_end == NULL || line_end - line < 3 || memcmp(line, "== ", 3) != 0)
            continue;
        *name = case_text_name(line + 3, (size_t)(line_end - line - 3));
        *body = *at;
        while (*at < end && !(end - *at >= 3 && memcmp(*at, "== ", 3) == 0)) {
            line_end = memchr(*at, '\n', (size_t)(end - *at));
            *at = line_end == NULL ? end : line_end + 1;
        }
        *size = (size_t)(*at - *body);
        return true;
    }
    return false;
}

/* Adds the sections of text whose names are not in files yet. False when memory is short. */
static inline bool case_text_add(ms_case_file *files, int *count, const char *text, size_t length)
{
    const char *at = text, *name, *body;
    size_t size;
    while (case_text_next(&at, text + length, &name, &body, &size)) {
        bool known = name == NULL;
        for (int ix = 0; ix < *count && !known; ix++)
            known = strcmp(files[ix].name, name) == 0;
        if (known)
            continue;
        files[*count].bytes = ms_strndup(body, size);
        if (files[*count].bytes == NULL)
            return false;
        files[*count].name = name;
        files[*count].length = size;
        ++*count;
    }
    return true;
}

/* Reads the case that first, and behind it second (which may be NULL), spell: a section of first hides one
 * of second. */
static inline ms_status case_text_read(ms_case **out, const char *first, size_t length, const char *second,
                                       ms_findings *findings, ms_error *err)
{
    int count = 0;
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    if (files != NULL && case_text_add(files, &count, first, length) &&
        (second == NULL || case_text_add(files, &count, second, strlen(second))))
        return ms_case_read(out, files, count, findings, err);
    for (int ix = 0; ix < count; ix++)
        ms_free(files[ix].bytes);
    ms_free(files);
    return MS_NO_MEMORY;
}

/* Every finding as "file:line:column: error: message" on its own line. */
static inline void case_text_spell(ms_buf *out, const ms_findings *findings)
{
    ms_buf_text(out, "");
    for (size_t ix = 0; ix < findings->count; ix++) {
        const ms_finding *finding = &findings->items[ix];
        ms_buf_printf(out, "%s:%d:%d: %s: %s\n", finding->file, finding->line, finding->column,
                      finding->severity == MS_FINDING_ERROR ? "error" : "warning", finding->message);
    }
}

/* Two partners, four sites, three items: what most tests change a part of. Valid, without warnings. */
static const char plain_case[] =
    "== case.json\n"
    "{\"name\": \"plain\", \"start\": \"2030-06-01\", \"days\": 10}\n"
    "== partners.csv\n"
    "partner,name\nblue,Blue brigade\ngreen,Green brigade\n"
    "== sites.csv\n"
    "site,name,partner,kind,country\nport,Port,,port,PH\ndepot,Depot,blue,depot,PH\ncamp,Camp,green,unit,JP\n"
    "hill,Hill,blue,unit,PH\n"
    "== items.csv\n"
    "item,class,kg_per_unit\ndiesel,III,800\njet-fuel,III,750\nrations,I,10\n"
    "== fleets.csv\n"
    "fleet,partner,mode,vehicles,payload_t\ntrucks,blue,road,4,10\n"
    "== lanes.csv\n"
    "lane,from,to,mode,partner,transit_days,capacity_t_per_day,fleet,carries\n"
    "port-depot,port,depot,road,blue,1,100,trucks,\n"
    "depot-camp,depot,camp,road,blue,1.5,60,,III\n"
    "depot-hill,depot,hill,road,,0.5,,,I;diesel\n"
    "== stocks.csv\n"
    "site,item,partner,quantity\nport,diesel,blue,500\ndepot,rations,blue,1000\n"
    "== supplies.csv\n"
    "site,item,partner,from_day,to_day,per_day\nport,diesel,blue,0,,20\nport,jet-fuel,,2,8,5.5\n"
    "== demands.csv\n"
    "demand,site,item,partner,from_day,to_day,per_day,priority\n"
    "camp-diesel,camp,diesel,green,1,,10,1\nhill-diesel,hill,diesel,blue,0,10,5,3\n"
    "== factors.csv\n"
    "profile,item,per_person_per_day\ninfantry,rations,0.25\n"
    "== forces.csv\n"
    "force,site,partner,persons,profile,priority\nfirst,hill,blue,400,infantry,2\n"
    "== reserves.csv\n"
    "site,item,partner,quantity,days,priority\ndepot,rations,blue,200,,4\nhill,diesel,blue,,2,5\n"
    "== agreements.csv\n"
    "agreement,provider,receiver,kind,scope,limit_t\nfuel,blue,green,item,diesel camp,50\n"
    "== substitutes.csv\n"
    "item,substitute,ratio\ndiesel,jet-fuel,1.1\n"
    "== duties.csv\n"
    "from_country,to_country,class,rate\nPH,JP,III,0.1\n*,*,,0.2\n"
    "== commitments.csv\n"
    "lane,item,partner,depart_day,quantity\nport-depot,diesel,blue,-0.5,30\ndepot-camp,diesel,blue,2,10\n"
    "== contingencies.csv\n"
    "contingency,name,from_day,to_day,what,which,effect,amount,chance\n"
    "shut,Port shut,2,5,site,port,close,,0.1\n";

#endif
