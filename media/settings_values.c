/* SPDX-License-Identifier: MIT */
#include "media/settings.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The parsers that every table can use.
 */

static void *field(const struct setting *setting, void *target)
{
    return (char *)target + setting->offset;
}

bool settings_parse_choice(const struct setting *setting, const char *key, const char *value,
                           void *target, char *fault, size_t fault_size)
{
    (void)key;
    for (int i = 0; setting->choices[i]; i++)
        if (strcmp(value, setting->choices[i]) == 0) {
            memcpy(field(setting, target), &i, sizeof i);
            return true;
        }
    snprintf(fault, fault_size, "not one of the words");
    return false;
}

bool settings_parse_integer(const struct setting *setting, const char *key, const char *value,
                            void *target, char *fault, size_t fault_size)
{
    (void)key;
    const char *digits = value[0] == '-' ? value + 1 : value;
    bool hexadecimal = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    if (hexadecimal)
        digits += 2;
    if (*digits == 0 ||
        digits[strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789")] != 0) {
        snprintf(fault, fault_size, "not a whole number");
        return false;
    }
    errno = 0;
    int64_t number = strtoll(value, NULL, hexadecimal ? 16 : 10);
    if (errno == ERANGE || number < setting->minimum || number > setting->maximum) {
        snprintf(fault, fault_size, "outside %" PRId64 "..%" PRId64, setting->minimum,
                 setting->maximum);
        return false;
    }
    memcpy(field(setting, target), &number, sizeof number);
    return true;
}

bool settings_parse_switch(const struct setting *setting, const char *key, const char *value,
                           void *target, char *fault, size_t fault_size)
{
    (void)key;
    bool on = strcmp(value, "on") == 0;
    if (!on && strcmp(value, "off") != 0) {
        snprintf(fault, fault_size, "neither on nor off");
        return false;
    }
    memcpy(field(setting, target), &on, sizeof on);
    return true;
}

bool settings_parse_text(const struct setting *setting, const char *key, const char *value,
                         void *target, char *fault, size_t fault_size)
{
    (void)key;
    size_t length = strlen(value);
    for (size_t i = 0; i < length; i++)
        if (value[i] < 0x20 || value[i] > 0x7E) {
            snprintf(fault, fault_size, "byte %02Xh is not printable ASCII",
                     (unsigned char)value[i]);
            return false;
        }
    if ((int64_t)length < setting->minimum || (int64_t)length > setting->maximum) {
        snprintf(fault, fault_size, "%zu characters are not %" PRId64 "..%" PRId64, length,
                 setting->minimum, setting->maximum);
        return false;
    }
    memcpy(field(setting, target), value, length + 1);
    return true;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return found ? (int)(found - digits) : -1;
}

long settings_hex_bytes(const char *text, uint8_t *bytes, size_t room)
{
    size_t count = 0;
    for (;;) {
        text += strspn(text, " \t");
        if (*text == 0)
            return (long)count;
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0 || count == room)
            return -1;
        bytes[count++] = (uint8_t)(high << 4 | low);
        text += 2;
    }
}
