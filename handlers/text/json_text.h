/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TEXT_JSON_TEXT_H
#define HANDLERS_TEXT_JSON_TEXT_H

/*
 * Text from outside as JSON.  jansson makes no string of bytes that are not UTF-8, and whatever
 * should have held the string is gone with it: every string that is not the program's own goes
 * through here.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * A string of `text`, U+FFFD in place of what is not UTF-8 (media/utf8.h).  A new reference, NULL
 * when memory is short.  Who needs the exact bytes, as of a path that is to be opened, asks
 * utf8_is_valid() first.
 */
json_t *json_text(const char *text);
/* The same of `length` bytes; U+FFFD also in place of a NUL, which most readers of JSON refuse. */
json_t *json_text_sized(const char *text, size_t length);

/*
 * Writes a JSON value and a newline for programs; `flags` as json_dumpf() has them.  It is ASCII
 * without control characters, so that a terminal shows it too.  Takes the value over; false when
 * there is none (NULL), it could not be written or memory is short.
 */
bool json_text_write(json_t *value, FILE *stream, size_t flags);

#endif
