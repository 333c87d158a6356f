/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_EXTENT_LIST_H
#define MEDIA_EXTENT_LIST_H

/*
 * Lists of extents: as text ("100, 200-215" or "4096-8191:1") and sorted for look-up.
 */

#include "media/disc.h"

/*
 * Reads FIRST or FIRST-LAST, `with_title_set` always FIRST-LAST:TITLE_SET, separated by commas or
 * blanks. Numbers are decimal or 0x hexadecimal.  The extents come out sorted; those that overlap
 * are joined, with title sets they are a fault.  False with what is wrong in `fault`; *extents is
 * then as it was, otherwise what it had is freed.
 */
bool extent_list_parse(const char *text, bool with_title_set, struct disc_extents *extents,
                       char *fault, size_t fault_size);

/* Sorts by first sector. */
void extent_list_sort(struct disc_extents *extents);

/*
 * Joins what touches or overlaps and has the same title set, in a sorted list.  Returns false if
 * extents of different title sets overlap; *first then is where.
 */
bool extent_list_join(struct disc_extents *extents, uint32_t *first);

/* The first extent of a sorted list without overlaps that ends behind `lba`, NULL if there is none.
 * `lba` lies inside it or before it. */
const struct disc_extent *extent_list_find(const struct disc_extents *extents, uint32_t lba);

#endif
