/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_NEAREST_WORD_H
#define MEDIA_NEAREST_WORD_H

/*
 * Which of the known words is most like one that nobody knows: for messages about misspelt input.
 */

#include <stddef.h>

struct nearest_word {
    const char *word; /* the nearest so far, NULL if none was considered */
    const char *wanted;
    size_t distance;
};

/* `wanted` must live as long as the search. */
void nearest_word_init(struct nearest_word *nearest, const char *wanted);
/* Of words that are equally near the first one is kept.  `word` is kept, not copied. */
void nearest_word_consider(struct nearest_word *nearest, const char *word);

#endif
