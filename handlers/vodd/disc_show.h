/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_DISC_SHOW_H
#define HANDLERS_VODD_DISC_SHOW_H

#include <jansson.h>

#include "media/disc.h"

/*
 * Everything that a host can find out about a disc, and the keys behind it, as one JSON object
 * (vodd(1) names its members).  `all_player_keys`: all 408 of them, else the first.  NULL when
 * memory is short.
 */
json_t *disc_report(const struct disc *disc, bool all_player_keys);

/* The same for people, to standard output. */
void disc_report_print(const json_t *report);

#endif
