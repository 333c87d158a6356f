/* SPDX-License-Identifier: MIT */
#include "media/extent_list.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes a number off the text.  False when there is none or it is above `maximum`. */
static bool take_number(const char **text, unsigned long maximum, unsigned long *number)
{
    bool hexadecimal = (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X');
    const char *digits = *text + (hexadecimal ? 2 : 0);
    if (!(hexadecimal ? isxdigit((unsigned char)*digits) : isdigit((unsigned char)*digits)))
        return false;
    char *end;
    *number = strtoul(digits, &end, hexadecimal ? 16 : 10); /* ULONG_MAX if it is out of range */
    *text = end;
    return *number <= maximum;
}

static bool take_extent(const char **text, bool with_title_set, struct disc_extent *extent)
{
    unsigned long first, last, title_set = 0;
    if (!take_number(text, DISC_SECTORS_MAX - 1, &first))
        return false;
    last = first;
    if (**text == '-') {
        ++*text;
        if (!take_number(text, DISC_SECTORS_MAX - 1, &last) || last < first)
            return false;
    } else if (with_title_set) {
        return false;
    }
    if (with_title_set) {
        if (**text != ':')
            return false;
        ++*text;
        if (!take_number(text, DISC_TITLE_SETS - 1, &title_set))
            return false;
    }
    *extent = (struct disc_extent){
        .first = (uint32_t)first,
        .count = (uint32_t)(last - first + 1),
        .title_set = (unsigned)title_set,
    };
    return true;
}

static const char *skip_separators(const char *text)
{
    return text + strspn(text, ", \t");
}

static bool is_separator(char c)
{
    return c == 0 || c == ',' || c == ' ' || c == '\t';
}

static bool append(struct disc_extents *list, size_t *room, const struct disc_extent *extent)
{
    if (list->count == *room) {
        size_t more = *room ? 2 * *room : 8;
        struct disc_extent *grown = reallocarray(list->extent, more, sizeof *grown);
        if (!grown)
            return false;
        list->extent = grown;
        *room = more;
    }
    list->extent[list->count++] = *extent;
    return true;
}

static bool parse_all(const char *text, bool with_title_set, struct disc_extents *list, char *fault,
                      size_t fault_size)
{
    size_t room = 0;
    for (text = skip_separators(text); *text; text = skip_separators(text)) {
        struct disc_extent extent;
        const char *word = text;
        if (!take_extent(&text, with_title_set, &extent) || !is_separator(*text)) {
            snprintf(fault, fault_size, "\"%.*s\" is not an extent of a disc",
                     (int)strcspn(word, ", \t"), word);
            return false;
        }
        if (!append(list, &room, &extent)) {
            snprintf(fault, fault_size, "out of memory");
            return false;
        }
    }
    if (list->count == 0)
        snprintf(fault, fault_size, "nothing is named");
    return list->count > 0;
}

bool extent_list_parse(const char *text, bool with_title_set, struct disc_extents *extents,
                       char *fault, size_t fault_size)
{
    struct disc_extents list = {0};
    bool right = parse_all(text, with_title_set, &list, fault, fault_size);
    if (right) {
        uint32_t where;
        extent_list_sort(&list);
        right = extent_list_join(&list, &where);
        if (!right)
            snprintf(fault, fault_size, "sector %u has two title sets", where);
    }
    if (!right) {
        free(list.extent);
        return false;
    }
    free(extents->extent);
    *extents = list;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct disc_extent *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return left->count < right->count ? -1 : left->count > right->count;
}

void extent_list_sort(struct disc_extents *extents)
{
    if (extents->count > 0)
        qsort(extents->extent, extents->count, sizeof *extents->extent, compare);
}

bool extent_list_join(struct disc_extents *extents, uint32_t *first)
{
    size_t kept = 0;
    for (size_t i = 0; i < extents->count; i++) {
        const struct disc_extent next = extents->extent[i];
        struct disc_extent *last = kept ? &extents->extent[kept - 1] : NULL;
        if (!last || next.first > last->first + last->count ||
            (next.first == last->first + last->count && next.title_set != last->title_set)) {
            extents->extent[kept++] = next;
            continue;
        }
        if (next.title_set != last->title_set) {
            *first = next.first;
            return false;
        }
        uint32_t end = next.first + next.count;
        if (end > last->first + last->count)
            last->count = end - last->first;
    }
    extents->count = kept;
    return true;
}

/* Where an extent begins or ends.  Ranks are title sets, those of found extents behind all others.
 */
enum { RANKS = 2 * DISC_TITLE_SETS };
struct edge {
    uint32_t at;
    unsigned rank;
    int step; /* 1: it begins, -1: it ends */
};

static int compare_edges(const void *a, const void *b)
{
    const struct edge *left = a, *right = b;
    return left->at < right->at ? -1 : left->at > right->at;
}

static struct edge *add_edges(struct edge *edge, const struct disc_extents *extents, unsigned rank)
{
    for (size_t i = 0; i < extents->count; i++) {
        const struct disc_extent *extent = &extents->extent[i];
        *edge++ = (struct edge){extent->first, rank + extent->title_set, 1};
        *edge++ = (struct edge){extent->first + extent->count, rank + extent->title_set, -1};
    }
    return edge;
}

/* The sectors first..end-1, which all have the same extents over them: `over` counts them by rank.
 */
static void give(const unsigned over[RANKS], uint32_t first, uint32_t end,
                 struct disc_extents *result, struct extent_sharing *sharing)
{
    unsigned rank = 0;
    while (rank < RANKS && over[rank] == 0)
        rank++;
    if (rank == RANKS)
        return;
    unsigned kept = rank % DISC_TITLE_SETS, other = rank + 1;
    while (other < RANKS && (over[other] == 0 || other % DISC_TITLE_SETS == kept))
        other++;
    if (other < RANKS) {
        if (sharing->sectors == 0)
            *sharing = (struct extent_sharing){0, first, kept, other % DISC_TITLE_SETS};
        sharing->sectors += end - first;
    }
    struct disc_extent *last = result->count ? &result->extent[result->count - 1] : NULL;
    if (last && last->first + last->count == first && last->title_set == kept)
        last->count += end - first;
    else
        result->extent[result->count++] = (struct disc_extent){first, end - first, kept};
}

bool extent_list_share_out(const struct disc_extents *stated, const struct disc_extents *found,
                           struct disc_extents *result, struct extent_sharing *sharing)
{
    size_t edges = 2 * (stated->count + found->count);
    struct edge *edge = reallocarray(NULL, edges + 1, sizeof *edge);
    *sharing = (struct extent_sharing){0};
    *result = (struct disc_extents){reallocarray(NULL, edges + 1, sizeof *result->extent), 0};
    if (!edge || !result->extent) {
        free(edge);
        free(result->extent);
        *result = (struct disc_extents){0};
        return false;
    }
    add_edges(add_edges(edge, stated, 0), found, DISC_TITLE_SETS);
    qsort(edge, edges, sizeof *edge, compare_edges);
    unsigned over[RANKS] = {0};
    for (size_t i = 0; i < edges; i++) {
        if (i > 0 && edge[i].at > edge[i - 1].at)
            give(over, edge[i - 1].at, edge[i].at, result, sharing);
        over[edge[i].rank] += (unsigned)edge[i].step;
    }
    free(edge);
    return true;
}

const struct disc_extent *extent_list_find(const struct disc_extents *extents, uint32_t lba)
{
    size_t low = 0, high = extents->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (extents->extent[middle].first + extents->extent[middle].count <= lba)
            low = middle + 1;
        else
            high = middle;
    }
    return low < extents->count ? &extents->extent[low] : NULL;
}
