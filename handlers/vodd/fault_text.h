/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_FAULT_TEXT_H
#define HANDLERS_VODD_FAULT_TEXT_H

/*
 * Fault rules and scenarios for people, and scenarios for programs.
 */

#include <jansson.h>
#include <stdio.h>

/* What "fault-list" answers. */
/* The answer of "fault-add": a line for each rule that the drive has now. */
void fault_text_print_added(const json_t *answer, FILE *stream);
void fault_text_print(const json_t *answer, FILE *stream);

/* The scenario `name` of the catalog, which is there, or NULL: all of them. */
void fault_text_print_catalog(const char *name, FILE *stream);
void fault_text_print_catalog_json(const char *name, FILE *stream);

#endif
