/* fuzz_rules.c: any bytes as releases.csv and as aliases.csv: refused with a finding, or read and of use. */
#include <stdlib.h>
#include <string.h>

#include "exchange/items.h"
#include "exchange/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ms_rules rules = {0};
    ms_aliases aliases = {0};
    ms_findings findings = {0};
    ms_error err = {0};
    const ms_subject subject = {"port-a", "port-b", "diesel", "III"};
    if (ms_rules_read(&rules, (const char *)bytes, size, "releases.csv", &findings, &err) == MS_OK)
        for (int table = 0; table < MS_RELEASE_TABLES; table++)
            (void)ms_rules_decide(&rules, "JP", (ms_release_table)table, &subject);
    else
        must(err.message[0] != '\0' && rules.count == 0);
    err = (ms_error){0};
    if (ms_aliases_read(&aliases, (const char *)bytes, size, "aliases.csv", &findings, &err) != MS_OK)
        must(err.message[0] != '\0' && aliases.count == 0);
    ms_rules_free(&rules);
    ms_aliases_free(&aliases);
    ms_findings_free(&findings);
    return 0;
}
