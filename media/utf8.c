/* SPDX-License-Identifier: MIT */
#include "media/utf8.h"

#include <string.h>

/* First bytes of more than one, with the range of the byte behind them (RFC 3629, section 4). */
static const struct lead {
    uint8_t first, last;
    uint8_t second_first, second_last;
    uint8_t length;
} leads[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3}, /* not overlong */
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, /* no surrogate */
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, /* not overlong */
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4}, /* up to 10FFFFh */
};

static const struct lead *lead_of(uint8_t byte)
{
    for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

size_t utf8_next(const char *text, size_t length, uint32_t *character)
{
    const uint8_t *byte = (const uint8_t *)text;
    const struct lead *lead = lead_of(byte[0]);
    uint32_t number;

    *character = byte[0] < 0x80 ? byte[0] : UTF8_INVALID;
    if (!lead)
        return 1;
    number = byte[0] & (0x7Fu >> lead->length);
    for (size_t i = 1; i < lead->length; i++) {
        uint8_t first = i == 1 ? lead->second_first : 0x80;
        uint8_t last = i == 1 ? lead->second_last : 0xBF;
        if (i == length || byte[i] < first || byte[i] > last)
            return i;
        number = number << 6 | (byte[i] & 0x3F);
    }
    *character = number;
    return lead->length;
}

bool utf8_is_valid(const char *text)
{
    size_t length = strlen(text);
    uint32_t character;

    while (length > 0) {
        size_t step = utf8_next(text, length, &character);
        if (character == UTF8_INVALID)
            return false;
        text += step;
        length -= step;
    }
    return true;
}
