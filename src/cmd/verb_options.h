/* verb_options.h: the options that the rows of verbs.c name; each list ends with a row without a name. Options that
 * many verbs share are in options.c. */
#ifndef MS_CMD_VERB_OPTIONS_H
#define MS_CMD_VERB_OPTIONS_H

#include "cmd/dispatch.h"

extern const ms_option ms_options_init[];
extern const ms_option ms_options_plan[];
extern const ms_option ms_options_stress[];
extern const ms_option ms_options_rehearse[];
extern const ms_option ms_options_replan[];
extern const ms_option ms_options_posture[];
extern const ms_option ms_options_explain[];
extern const ms_option ms_options_merge[];
extern const ms_option ms_options_map[];
extern const ms_option ms_options_report[];
extern const ms_option ms_options_serve[];
extern const ms_option ms_options_gen[];
extern const ms_option ms_options_book_init[];
extern const ms_option ms_options_book_import[];
extern const ms_option ms_options_book_export[];
extern const ms_option ms_options_book_rebuild[];
extern const ms_option ms_options_book_key[];
extern const ms_option ms_options_book_log[];
extern const ms_option ms_options_ledger_request[];
extern const ms_option ms_options_ledger_offer[];
extern const ms_option ms_options_ledger_step[];
extern const ms_option ms_options_ledger_word[];
extern const ms_option ms_options_ledger_status[];
extern const ms_option ms_options_ledger_view[];
extern const ms_option ms_options_ledger_statement[];
extern const ms_option ms_options_ledger_propose[];
extern const ms_option ms_options_exchange_init[];
extern const ms_option ms_options_exchange_trust[];
extern const ms_option ms_options_exchange_make[];
extern const ms_option ms_options_exchange_place[];
extern const ms_option ms_options_exchange_diff[];
extern const ms_option ms_options_help[];

#endif
