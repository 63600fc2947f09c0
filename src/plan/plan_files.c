/* plan_files.c: the tables behind plan_files.h, and docs/plan-format.md from them, the same bytes each time. */
#include "plan/plan_files.h"

const char *const ms_short_kind_words[] = {"demand", "reserve", "commitment", NULL};

const ms_plan_table ms_plan_tables[MS_PLAN_TABLES] = {
    [MS_PLAN_MOVEMENTS] = {"movements.csv",
                           "what leaves where, on which lane, on which day; commitments too",
                           {{"lane", "the lane"},
                            {"from", "where the lane begins"},
                            {"to", "where it leads"},
                            {"mode", "its mode"},
                            {"item", "what is moved"},
                            {"owner", "whose it is; empty: nobody's"},
                            {"depart_day", "day of departure, from the case's start; negative: already under way"},
                            {"arrive_day", "day of arrival"},
                            {"depart_date", "the departure as a date"},
                            {"quantity", "in units of the item"},
                            {"unit", "the unit"},
                            {"tonnes", "the same in tonnes"},
                            {"lift_agreement", "the agreement with the lane's partner, where one is needed"},
                            {"fleet_agreement", "the agreement with the fleet's partner, where one is needed"},
                            {"site_agreement",
                             "the agreement with the partner of the site it arrives at, where one is needed"},
                            {"commitment", "row of commitments.csv, from 1, where it is a commitment"}}},
    [MS_PLAN_ISSUES] = {"issues.csv",
                        "what is handed to the consumers",
                        {{"demand", "the demand line"},
                         {"site", "where"},
                         {"item", "what is issued, perhaps a substitute"},
                         {"owner", "whose it was; empty: nobody's"},
                         {"receiver", "the partner who gets it; empty: nobody's consumers"},
                         {"for_item", "what was asked for"},
                         {"day", "first day of the period"},
                         {"date", "the same as a date"},
                         {"quantity", "in units of the issued item"},
                         {"unit", "that unit"},
                         {"meets", "how much of the demand this meets, in units of the item asked for"},
                         {"meets_unit", "that unit"},
                         {"tonnes", "tonnes issued"},
                         {"agreement", "the item agreement, where one is needed"}}},
    [MS_PLAN_STOCK] = {"stock.csv",
                       "stock at the end of each period, a row only where it changes",
                       {{"site", "where"},
                        {"item", "what"},
                        {"owner", "whose; empty: nobody's"},
                        {"day", "first day of the period at whose end this is there; empty: at the start"},
                        {"date", "the same as a date"},
                        {"quantity", "in units of the item"},
                        {"unit", "the unit"},
                        {"tonnes", "the same in tonnes"}}},
    [MS_PLAN_SHORTFALLS] = {"shortfalls.csv",
                            "what is not met, by line and period",
                            {{"kind", "demand, reserve or commitment"},
                             {"demand",
                              "the demand line; for a commitment its row in commitments.csv; empty for a reserve"},
                             {"site", "where"},
                             {"item", "what"},
                             {"partner", "whose need"},
                             {"priority", "its priority; empty for a commitment"},
                             {"day", "first day of the period"},
                             {"date", "the same as a date"},
                             {"quantity", "short in the period; for an item with backorder what is owed at its end"},
                             {"unit", "the unit"},
                             {"wanted", "wanted in the period; for a reserve its level"},
                             {"tonnes", "tonnes short"}}},
    [MS_PLAN_ORDERS] = {"orders.csv",
                        "cross-servicing: who gives, carries or lets through what for whom",
                        {{"order", "number within the plan"},
                         {"agreement", "the agreement"},
                         {"provider", "who provides"},
                         {"receiver", "who receives"},
                         {"kind", "item, lift or site"},
                         {"item", "what"},
                         {"site", "where it is issued or arrives; empty for lift"},
                         {"lane", "the lane; empty otherwise"},
                         {"from_day", "first day"},
                         {"to_day", "up to, not including"},
                         {"from_date", "the first day as a date"},
                         {"quantity", "in units of the item, over the whole span"},
                         {"unit", "the unit"},
                         {"tonnes", "the same in tonnes"},
                         {"value", "value of the goods; for item agreements only"},
                         {"currency", "of the case"},
                         {"settlement", "how it is repaid"},
                         {"due_date", "last day of the span plus the agreement's due_days"}}},
    [MS_PLAN_PRICES] =
        {"prices.csv",
         "the proof: what one more tonne would be worth at each limit and need, where it is worth anything",
         {{"label", "C2 to C8, C10 of docs/model.md"},
          {"demand", "for C2; for C10 the row of commitments.csv, from 1"},
          {"lane", "for C3"},
          {"site", "for C4, C5, C8"},
          {"fleet", "for C6"},
          {"agreement", "for C7"},
          {"item", "for C8"},
          {"partner", "for C8"},
          {"day", "first day of the period; empty for C7 and C10"},
          {"price", "weighted tonnes a tonne"}}},
};

const ms_plan_key ms_plan_summary_keys[] = {
    {"format", "number", "1, the format of this page; a reader refuses another"},
    {"case", "object", "the case that the plan is for"},
    {"case.name", "text", "its name"},
    {"case.digest", "text", "16 hexadecimal digits over the case's files: a plan whose `case/` was changed is refused"},
    {"contingencies", "list of texts", "ids of the contingencies in force, as they were given"},
    {"engine", "text",
     "what solved it: `primal-dual`, `lp (...)` with the LP code's name, the one and then the other, or `greedy`"},
    {"engine_reason", "text", "why that engine"},
    {"stopped", "true or false", "true: a limit or an interrupt came before `gap_asked` was proven"},
    {"gap_asked", "number", "the share of the objective that `--gap` asked for"},
    {"objective", "number", "weighted tonnes of shortfall and cost, as docs/model.md defines them"},
    {"bound", "number", "no plan has a lower objective; `prices.csv` proves it"},
    {"gap", "number", "(objective - bound) / objective; never below 0"},
    {"shortfall_part", "number", "the part of the objective that is shortfall"},
    {"cost_part", "number", "the rest of it: transport, duty and small charges"},
    {"cost", "number", "transport and duty in currency"},
    {"currency", "text or null", "the case's"},
    {"ratio_used", "number", "`priority_ratio` after the cap of docs/model.md"},
    {"columns", "number", "columns of the LP; 0 when none was built"},
    {"rows", "number", "its rows"},
    {"has_alone", "true or false", "true: each partner was planned alone too"},
    {"coverage", "list of objects", "one for each partner and priority in use, and for nobody's needs at the end"},
    {"coverage[].partner", "text or null", "the partner whose needs these are; null: nobody's"},
    {"coverage[].priority", "number", "their priority, 1 to 15"},
    {"coverage[].wanted_t", "number", "tonnes wanted"},
    {"coverage[].met_t", "number", "tonnes met by the combined plan"},
    {"coverage[].alone_met_t", "number or null", "tonnes that the partner meets alone; null: not planned"},
    {"coverage[].owed_t_days", "number", "backlog, tonnes x days"},
    {"coverage[].alone_owed_t_days", "number or null", "the same alone"},
    {0},
};

/* ---- the page ---- */

static const char page_head[] =
    "# The plan format\n"
    "\n"
    "<!-- Written by `make docs` from the tables in src/plan/plan_files.c; edit those. -->\n"
    "\n"
    "A plan is a folder. `mainstay plan CASE -o PLAN` writes one under another name and renames it at the\n"
    "end, so a plan is whole or absent. It holds tables, `summary.json`, a copy of its case, and what the\n"
    "engine needs to go on from here. A folder is a plan when it has a `summary.json`.\n"
    "\n"
    "`mainstay check CASE PLAN` verifies a plan from these files alone, whoever wrote them.\n"
    "\n"
    "## What holds for every file\n"
    "\n"
    "- **Bytes**: the same case and options give the same bytes. No time of day, no duration and no path\n"
    "  is in them.\n"
    "- **CSV** is UTF-8 with a header row, `,` as the separator and LF line ends, columns in the order\n"
    "  below. Readers find columns by name. An empty cell means none.\n"
    "- **Ids** are those of the case.\n"
    "- **Days** are decimal days from the case's start, the first of their period, to nine decimals.\n"
    "  Dates repeat them for people; readers leave dates alone.\n"
    "- **Quantities** are in units of the item; what moves, is issued or is in stock comes in whole\n"
    "  quanta (docs/model.md, Rounding). Columns in tonnes repeat them, rounded to a gram.\n"
    "- **Numbers** are the shortest decimals that read back as the same double.\n"
    "- **Rows** are sorted, so that two plans can be compared with `diff`.\n"
    "\n";

static const char page_tail[] =
    "\n"
    "## case/\n"
    "\n"
    "The files of the case, byte for byte as they were read. `mainstay posture PLAN`, `explain` and `compare`\n"
    "read the case from here, so a plan can be sent on its own.\n"
    "\n"
    "## basis\n"
    "\n"
    "One byte for each column and then each row of the LP: where the LP engine ended. `mainstay explain`\n"
    "starts from it when it solves again. It proves nothing, and it may be absent: the other engines write\n"
    "none. Nobody but the engine that wrote it can read anything into it.\n";

static void put_table(ms_buf *out, const ms_plan_table *table)
{
    ms_buf_printf(out, "## %s\n\n%c%s.\n\n| column | meaning |\n| --- | --- |\n", table->file,
                  table->help[0] - 'a' + 'A', table->help + 1);
    for (const ms_plan_column *column = table->columns; column->name; column++)
        ms_buf_printf(out, "| %s | %s |\n", column->name, column->help);
    ms_buf_text(out, "\n");
}

ms_status ms_plan_format_markdown(ms_buf *out, ms_error *err)
{
    ms_buf_text(out, page_head);
    ms_buf_text(out, "| file | what it holds |\n| --- | --- |\n");
    for (int kind = 0; kind < MS_PLAN_TABLES; kind++)
        ms_buf_printf(out, "| %s | %s |\n", ms_plan_tables[kind].file, ms_plan_tables[kind].help);
    ms_buf_text(out, "| " MS_PLAN_SUMMARY " | how good the plan is, and what it meets |\n"
                     "| case/ | the case that it was made from |\n"
                     "| " MS_PLAN_BASIS " | where the engine ended; may be absent |\n\n");
    for (int kind = 0; kind < MS_PLAN_TABLES; kind++)
        put_table(out, &ms_plan_tables[kind]);
    ms_buf_text(out, "## " MS_PLAN_SUMMARY "\n\nA dot leads into an object, `[]` into each object of a list.\n\n"
                     "| key | what it holds | meaning |\n| --- | --- | --- |\n");
    for (const ms_plan_key *key = ms_plan_summary_keys; key->path; key++)
        ms_buf_printf(out, "| %s | %s | %s |\n", key->path, key->holds, key->help);
    ms_buf_text(out, page_tail);
    return out->failed ? ms_error_memory(err) : MS_OK;
}
