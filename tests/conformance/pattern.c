/* SPDX-License-Identifier: MIT */
#include "tests/conformance/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/discs.h"
#include "tests/conformance/transport.h"
#include "tests/conformance/vectors.h"

/* Room for `size` more bytes under one mask; returns where they go. */
static uint8_t *extend(struct pattern *pattern, uint8_t mask, size_t size)
{
    pattern->value = realloc(pattern->value, pattern->length + size + 1);
    pattern->mask = realloc(pattern->mask, pattern->length + size + 1);
    if (!pattern->value || !pattern->mask)
        abort();
    memset(pattern->mask + pattern->length, mask, size);
    pattern->length += size;
    return pattern->value + pattern->length - size;
}

static void append(struct pattern *pattern, const uint8_t *value, size_t size)
{
    memcpy(extend(pattern, 0xFF, size), value, size);
}

static bool is_nibble(char c)
{
    return isxdigit((unsigned char)c) || c == '.';
}

static unsigned nibble(char c)
{
    if (c == '.')
        return 0;
    return isdigit((unsigned char)c) ? (unsigned)(c - '0') : (unsigned)(toupper(c) - 'A' + 10);
}

/* XX or XX{n}; returns the characters used, 0 when it is neither. */
static size_t parse_byte(const char *text, size_t length, struct pattern *pattern)
{
    if (length < 2 || !is_nibble(text[0]) || !is_nibble(text[1]))
        return 0;
    uint8_t value = (uint8_t)(nibble(text[0]) << 4 | nibble(text[1]));
    uint8_t mask = (uint8_t)((text[0] == '.' ? 0 : 0xF0) | (text[1] == '.' ? 0 : 0x0F));
    unsigned long count = 1;
    size_t used = 2;

    if (length > 2 && text[2] == '{') {
        char *end;
        count = strtoul(text + 3, &end, 10);
        if (*end != '}' || count > TRANSPORT_DATA_MAX)
            return 0;
        used = (size_t)(end - text) + 1;
    }
    memset(extend(pattern, mask, count), value, count);
    return used;
}

static size_t parse_text(const char *text, size_t length, struct pattern *pattern)
{
    const char *end = memchr(text + 1, '\'', length - 1);
    if (!end)
        return 0;
    append(pattern, (const uint8_t *)text + 1, (size_t)(end - text) - 1);
    return (size_t)(end - text) + 1;
}

/* The disc key block as it crosses the bus under the bus key "FABF1373F3". */
static bool append_disc_key(const char *text, size_t length, struct pattern *pattern)
{
    uint8_t block[sizeof vector_disc_key_block];
    struct pattern key = {0};

    bool good = pattern_parse(text, length, &key) && key.length == 5;
    if (good) {
        for (size_t i = 0; i < sizeof block; i++)
            block[i] = vector_disc_key_block[i] ^ key.value[4 - i % 5];
        append(pattern, block, sizeof block);
    }
    pattern_release(&key);
    return good;
}

static size_t parse_vector(const char *text, size_t length, struct pattern *pattern)
{
    size_t used = 1;
    while (used < length && !isspace((unsigned char)text[used]))
        used++;
    if (used == 8 && !strncmp(text, "$title-1", 8)) {
        append(pattern, vector_sector_title_1, sizeof vector_sector_title_1);
    } else if (used == 8 && !strncmp(text, "$title-2", 8)) {
        append(pattern, vector_sector_title_2, sizeof vector_sector_title_2);
    } else if (used > 7 && !strncmp(text, "$plain:", 7)) {
        uint8_t sector[DVD_SECTOR_SIZE];
        discs_plain_sector((uint32_t)strtoul(text + 7, NULL, 16), sector);
        append(pattern, sector, sizeof sector);
    } else if (used <= 10 || strncmp(text, "$disc-key:", 10) != 0 ||
               !append_disc_key(text + 10, used - 10, pattern)) {
        return 0;
    }
    return used;
}

bool pattern_parse(const char *text, size_t length, struct pattern *pattern)
{
    size_t at = 0;

    memset(pattern, 0, sizeof *pattern);
    extend(pattern, 0, 0);
    while (at < length) {
        size_t used = 0;
        if (isspace((unsigned char)text[at]))
            used = 1;
        else if (text[at] == '\'')
            used = parse_text(text + at, length - at, pattern);
        else if (text[at] == '$')
            used = parse_vector(text + at, length - at, pattern);
        else if (text[at] == '*' && at + 1 == length)
            used = pattern->open = true;
        else
            used = parse_byte(text + at, length - at, pattern);
        if (!used) {
            pattern_release(pattern);
            return false;
        }
        at += used;
    }
    return true;
}

void pattern_release(struct pattern *pattern)
{
    free(pattern->value);
    free(pattern->mask);
    memset(pattern, 0, sizeof *pattern);
}

bool pattern_matches(const struct pattern *pattern, size_t limit, const uint8_t *data,
                     size_t length)
{
    size_t wanted = pattern->length < limit ? pattern->length : limit;

    if (length < wanted || length > limit || (length > wanted && !pattern->open))
        return false;
    /* An open pattern wants data, whatever they are; no data are told by no pattern. */
    if (pattern->open && length == 0 && limit > 0)
        return false;
    for (size_t i = 0; i < wanted; i++)
        if ((data[i] & pattern->mask[i]) != pattern->value[i])
            return false;
    return true;
}
