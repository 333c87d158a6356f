/* SPDX-License-Identifier: MIT */
#include "handlers/expectations/sentence.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool sentence_refuse(struct sentence *sentence, unsigned column, const char *format, ...)
{
    va_list arguments;
    char text[600];

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    diagnostics_error(sentence->diagnostics, "%s:%u:%u: %s", sentence->name, sentence->line, column,
                      text);
    return false;
}

const char *sentence_peek(const struct sentence *sentence)
{
    return sentence->next < sentence->count ? sentence->word[sentence->next].text : NULL;
}

unsigned sentence_column(const struct sentence *sentence)
{
    return sentence->next < sentence->count ? sentence->word[sentence->next].column
                                            : sentence->end_column;
}

bool sentence_take(struct sentence *sentence, const char *phrase)
{
    unsigned next = sentence->next;

    while (*phrase) {
        size_t length = strcspn(phrase, " ");
        if (next == sentence->count || strlen(sentence->word[next].text) != length ||
            strncasecmp(sentence->word[next].text, phrase, length) != 0)
            return false;
        next++;
        phrase += length + (phrase[length] == ' ');
    }
    sentence->next = next;
    return true;
}

bool sentence_take_number(struct sentence *sentence, uint64_t maximum, uint64_t *number)
{
    const char *text = sentence_peek(sentence);
    char *end = NULL;

    errno = 0;
    if (text && isdigit((unsigned char)*text))
        *number = strtoull(text, &end, 10);
    if (!end || *end || errno || *number > maximum)
        return sentence_refuse(sentence, sentence_column(sentence),
                               "%s: not a number; accepted: 0..%llu",
                               text ? text : "the end of the line", (unsigned long long)maximum);
    sentence->next++;
    return true;
}

bool sentence_split(struct sentence *sentence, char *line)
{
    char *c = line;

    sentence->count = sentence->next = 0;
    sentence->end_column = 1;
    while (*(c += strspn(c, " \t\r")) && *c != '#') {
        if (sentence->count == SENTENCE_WORDS_MAX)
            return sentence_refuse(sentence, (unsigned)(c - line) + 1,
                                   "too many words; accepted: up to %d", SENTENCE_WORDS_MAX);
        sentence->word[sentence->count].text = c;
        sentence->word[sentence->count++].column = (unsigned)(c - line) + 1;
        c += strcspn(c, " \t\r");
        sentence->end_column = (unsigned)(c - line) + 1;
        if (*c)
            *c++ = 0;
    }
    return true;
}
