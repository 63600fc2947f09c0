/* hostile_names.h: one name in the place of every text of a case that a view shows. A reader would refuse such names;
 * views must not rely on it. */
#ifndef MS_TESTS_HOSTILE_NAMES_H
#define MS_TESTS_HOSTILE_NAMES_H

#include "case/case.h"

/* name must outlive the case. */
static inline void spoil_names(ms_case *kase, const char *name)
{
    kase->name = kase->currency = name;
    for (int32_t i = 0; i < kase->partners_count; i++)
        kase->partners[i].id = kase->partners[i].name = name;
    for (int32_t i = 0; i < kase->sites_count; i++)
        kase->sites[i].id = kase->sites[i].name = name;
    for (int32_t i = 0; i < kase->items_count; i++)
        kase->items[i].id = kase->items[i].name = kase->items[i].unit = name;
    for (int32_t i = 0; i < kase->lanes_count; i++)
        kase->lanes[i].id = name;
    for (int32_t i = 0; i < kase->fleets_count; i++)
        kase->fleets[i].id = name;
    for (int32_t i = 0; i < kase->agreements_count; i++)
        kase->agreements[i].id = name;
    for (int32_t i = 0; i < kase->demands_count; i++)
        kase->demands[i].id = name;
    for (int32_t i = 0; i < kase->contingencies_count; i++)
        kase->contingencies[i].id = kase->contingencies[i].name = name;
}

#endif
