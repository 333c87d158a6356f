/* SPDX-License-Identifier: MIT */
#include "media/settings_quotes.h"

#include <stdint.h>
#include <string.h>

static const char hexadecimal[] = "0123456789ABCDEF";

/* The letter behind the backslash and what it stands for. */
static const struct {
    char letter, byte;
} escapes[] = {
    {'"',  '"' },
    {'\\', '\\'},
    {'n',  '\n'},
    {'r',  '\r'},
    {'t',  '\t'},
};
#define ESCAPES (sizeof escapes / sizeof *escapes)

bool settings_is_blank(char c)
{
    return c != 0 && strchr(SETTINGS_BLANKS, c);
}

static bool is_control(char c)
{
    return (uint8_t)c < 0x20 || c == 0x7F;
}

static bool needs_quotes(const char *value)
{
    bool blank = true; /* there is one behind the equals sign */

    if (*value == '"' || settings_is_blank(*value))
        return true;
    for (; *value; value++) {
        if (is_control(*value) || (blank && *value == ';'))
            return true;
        blank = settings_is_blank(*value);
    }
    return blank && value[-1] == ' ';
}

/* Writes one byte, as at most four, and returns where the next one goes. */
static char *put(char *to, char byte)
{
    for (size_t i = 0; i < ESCAPES; i++)
        if (escapes[i].byte == byte) {
            *to++ = '\\';
            *to++ = escapes[i].letter;
            return to;
        }
    if (is_control(byte)) {
        *to++ = '\\';
        *to++ = 'x';
        *to++ = hexadecimal[(uint8_t)byte >> 4];
        *to++ = hexadecimal[(uint8_t)byte & 0xF];
        return to;
    }
    *to++ = byte;
    return to;
}

void settings_quote(const char *value, char *text)
{
    if (*value == 0 || !needs_quotes(value)) {
        memcpy(text, value, strlen(value) + 1);
        return;
    }
    *text++ = '"';
    for (; *value; value++)
        text = put(text, *value);
    *text++ = '"';
    *text = 0;
}

static int digit(char c)
{
    const char *found = c ? strchr(hexadecimal, c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c) : NULL;
    return found ? (int)(found - hexadecimal) : -1;
}

/* The byte for what follows a backslash, which *text is moved over; 0 if there is none. */
static char take_escape(const char **text)
{
    const char *from = *text;

    for (size_t i = 0; i < ESCAPES; i++)
        if (escapes[i].letter == *from) {
            *text = from + 1;
            return escapes[i].byte;
        }
    if (*from != 'x' || digit(from[1]) < 0 || digit(from[2]) < 0)
        return 0;
    *text = from + 3;
    return (char)(digit(from[1]) << 4 | digit(from[2]));
}

const char *settings_unquote(char *text, char **end)
{
    const char *from = text + 1;
    char *to = text;

    while (*from != '"') {
        if (*from == 0)
            return "the quotes are not closed";
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        from++;
        char byte = take_escape(&from);
        if (byte == 0)
            return "a backslash without an escape behind it";
        *to++ = byte;
    }
    *end = (char *)from + 1;
    *to = 0;
    return NULL;
}
