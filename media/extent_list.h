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

/* Sectors that were given to one of several title sets. */
struct extent_sharing {
    uint32_t sectors;     /* how many; 0: there are none */
    uint32_t first;       /* the first of them, */
    unsigned kept, other; /* the title set that has it, and the next that names it */
};

/*
 * Gives each sector that an extent names to one title set.  `stated` goes before `found`, and in
 * each of them the title set with the lowest number before the others; neither needs an order, and
 * their extents may overlap in any way.  *result, malloc'ed, is sorted, without overlaps, and what
 * touches and has the same title set is joined.  Returns false when memory is short.
 */
bool extent_list_share_out(const struct disc_extents *stated, const struct disc_extents *found,
                           struct disc_extents *result, struct extent_sharing *sharing);

/* The first extent of a sorted list without overlaps that ends behind `lba`, NULL if there is none.
 * `lba` lies inside it or before it. */
const struct disc_extent *extent_list_find(const struct disc_extents *extents, uint32_t lba);

#endif
