/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_SETTINGS_QUOTES_H
#define MEDIA_SETTINGS_QUOTES_H

/*
 * How a value is written that would not be read as it is: one that begins or ends with a blank,
 * begins with a quote or a ;, has a ; behind a blank, or control characters.  It stands in quotes,
 * in which \" \\ \n \r \t and \xHH (any byte but 00) are escapes and everything else is itself.
 */

#include <stdbool.h>

#define SETTINGS_QUOTES_FORM "\"VALUE\" with \\\" \\\\ \\n \\r \\t \\xHH"

/* What surrounds keys and values and is no part of them. */
#define SETTINGS_BLANKS " \t\r\n\v\f"
bool settings_is_blank(char c);

/* Room for any value of so many bytes as it is written, with its NUL. */
#define SETTINGS_QUOTED_SIZE(length) (4 * (length) + 3)

/* The value as it is to be written behind "KEY = ", with quotes only where it needs them, into
 * `text`, which has SETTINGS_QUOTED_SIZE() bytes. */
void settings_quote(const char *value, char *text);

/*
 * The other way round: `text` begins with a quote.  The value takes its place and *end is what
 * follows the closing quote, in the same memory.  Returns NULL, or what is wrong, a clause that
 * lives for ever; `text` is spoilt then.
 */
const char *settings_unquote(char *text, char **end);

#endif
