/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_STATUS_TEXT_H
#define HANDLERS_VODD_STATUS_TEXT_H

/*
 * Answers of the control socket for people to read.
 */

#include <jansson.h>
#include <stdio.h>

/* The answer of "status". */
void status_text_print(const json_t *status, FILE *stream);
/* The answer of "region-show" and "region-reset". */
void region_text_print(const json_t *region, FILE *stream);
/* The answer of "press". */
void press_text_print(const json_t *answer, FILE *stream);

#endif
