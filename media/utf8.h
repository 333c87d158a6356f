/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_UTF8_H
#define MEDIA_UTF8_H

/*
 * Text from outside, which may be any bytes, read as UTF-8 (RFC 3629).  Overlong forms, surrogates
 * and numbers above 10FFFFh are no UTF-8.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the place of a character: bytes that are none. */
#define UTF8_INVALID UINT32_MAX
/* U+FFFD in UTF-8, what is shown in their place. */
#define UTF8_REPLACEMENT "\xEF\xBF\xBD"

/*
 * The character that `text` of `length` bytes, at least 1, begins with.  Returns how many bytes it
 * takes, 1..4.  Of bytes that are none it takes as many as could have begun a character, at least
 * one, so that each broken character is one UTF8_INVALID (Unicode, "maximal subpart").
 */
size_t utf8_next(const char *text, size_t length, uint32_t *character);

/* Whether all of a string is UTF-8. */
bool utf8_is_valid(const char *text);

#endif
