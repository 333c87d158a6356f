/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_EXPECTATIONS_SENTENCE_H
#define HANDLERS_EXPECTATIONS_SENTENCE_H

/*
 * A line of a file of expectations on its way into an expectation: words separated by blanks, taken
 * one after the other.  Every function that returns false after a fault has reported it.
 */

#include "handlers/expectations/pattern.h"
#include "media/diagnostics.h"

#define SENTENCE_WORDS_MAX 100

struct sentence {
    const char *name; /* of the file */
    unsigned line;
    struct diagnostics *diagnostics;
    unsigned end_column;
    unsigned count, next;
    struct {
        const char *text;
        unsigned column; /* from 1 */
    } word[SENTENCE_WORDS_MAX];
};

/* Takes the line apart, in place; a # at the beginning of a word begins a comment. */
bool sentence_split(struct sentence *sentence, char *line);

/* Reports "FILE:LINE:COLUMN: ..." and returns false. */
__attribute__((format(printf, 3, 4))) bool
sentence_refuse(struct sentence *sentence, unsigned column, const char *format, ...);

/* The next word, NULL at the end, and where it stands. */
const char *sentence_peek(const struct sentence *sentence);
unsigned sentence_column(const struct sentence *sentence);

/* Takes the words of `phrase`, which are separated by one blank, if they are next; no fault if
 * not. */
bool sentence_take(struct sentence *sentence, const char *phrase);
bool sentence_take_number(struct sentence *sentence, uint64_t maximum, uint64_t *number);

/* A command and its conditions. */
bool sentence_take_pattern(struct sentence *sentence, struct pattern *pattern);
/* Further conditions. */
bool sentence_take_conditions(struct sentence *sentence, struct pattern *pattern);

#endif
