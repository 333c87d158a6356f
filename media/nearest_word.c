/* SPDX-License-Identifier: MIT */
#include "media/nearest_word.h"

#include <stdint.h>
#include <string.h>

/* Longer words are compared by their beginnings. */
#define LENGTH_MAX 48

static size_t minimum(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be inserted, removed or changed (Levenshtein distance). */
static size_t distance(const char *a, const char *b)
{
    size_t a_length = strnlen(a, LENGTH_MAX), b_length = strnlen(b, LENGTH_MAX);
    size_t row[LENGTH_MAX + 1];
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = minimum(change, minimum(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_length];
}

void nearest_word_init(struct nearest_word *nearest, const char *wanted)
{
    *nearest = (struct nearest_word){.wanted = wanted, .distance = SIZE_MAX};
}

void nearest_word_consider(struct nearest_word *nearest, const char *word)
{
    size_t far = distance(nearest->wanted, word);
    if (far < nearest->distance) {
        nearest->distance = far;
        nearest->word = word;
    }
}
