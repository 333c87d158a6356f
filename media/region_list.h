/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_REGION_LIST_H
#define MEDIA_REGION_LIST_H

/*
 * Regions as people write them: "1,2", "all" or "none".
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGION_LIST_FORM "all | none | numbers 1..8 separated by commas"
#define REGION_LIST_SIZE 16

/*
 * Reads the regions that may play into region management information (bit n = 1: not playable in
 * region n+1).  False with what is wrong in `fault`; *forbidden is then unchanged.
 */
bool region_list_parse(const char *text, uint8_t *forbidden, char *fault, size_t fault_size);

/* Writes the regions that may play in the same form. */
void region_list_write(uint8_t forbidden, char text[REGION_LIST_SIZE]);

#endif
