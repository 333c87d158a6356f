/* SPDX-License-Identifier: MIT */
#include "tests/conformance/sense.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two digits, '.' for any. */
static bool parse_code(const char *text, uint8_t *code, uint8_t *mask)
{
    *code = *mask = 0;
    for (unsigned i = 0; i < 2; i++) {
        unsigned shift = i ? 0 : 4;
        if (text[i] == '.')
            continue;
        if (!isxdigit((unsigned char)text[i]))
            return false;
        char digit[2] = {text[i], '\0'};
        *code |= (uint8_t)(strtoul(digit, NULL, 16) << shift);
        *mask |= (uint8_t)(0xFu << shift);
    }
    return true;
}

/* "4", "4.2", "2-5" or "?". */
static bool parse_pointer(const char *word, bool to_cdb, struct sense_expectation *expectation)
{
    char *end;

    expectation->pointer = true;
    expectation->pointer_to_cdb = to_cdb;
    if (!strcmp(word, "?"))
        return expectation->any_pointer = true;
    expectation->pointer_first = expectation->pointer_last = (unsigned)strtoul(word, &end, 10);
    if (end == word)
        return false;
    if (*end == '-')
        expectation->pointer_last = (unsigned)strtoul(end + 1, &end, 10);
    if (!strcmp(end, ".-")) {
        expectation->bit_pointer = SENSE_BIT_NONE;
        return true;
    }
    if (*end == '.') {
        expectation->bit_pointer = SENSE_BIT_EXACT;
        expectation->bit = (unsigned)strtoul(end + 1, &end, 10);
    }
    return *end == '\0';
}

bool sense_parse(const char *text, size_t length, struct sense_expectation *expectation)
{
    char copy[200];
    char *save;

    memset(expectation, 0, sizeof *expectation);
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    const char *word = strtok_r(copy, " ", &save);
    if (!word || strlen(word) != 8 || word[2] != '/' || word[5] != '/')
        return false;
    for (unsigned i = 0; i < 3; i++)
        if (!parse_code(word + 3 * (size_t)i, &expectation->code[i], &expectation->mask[i]))
            return false;
    while ((word = strtok_r(NULL, " ", &save))) {
        const char *value = strtok_r(NULL, " ", &save);
        if (!value)
            return false;
        if (!strncmp(word, "lba", 3)) {
            expectation->information =
                word[3] == '?' ? SENSE_INFORMATION_OPTIONAL : SENSE_INFORMATION_VALID;
            expectation->lba = (uint32_t)strtoul(value, NULL, 16);
        } else if (!strcmp(word, "cdb") || !strcmp(word, "list")) {
            if (!parse_pointer(value, *word == 'c', expectation))
                return false;
        } else {
            return false;
        }
    }
    return true;
}

static bool information_matches(const struct sense_expectation *expectation, const uint8_t *sense)
{
    uint32_t lba = (uint32_t)sense[3] << 24 | (uint32_t)sense[4] << 16 | (uint32_t)sense[5] << 8 |
                   (uint32_t)sense[6];
    bool valid = sense[0] & 0x80;

    if (!valid)
        return lba == 0 && expectation->information != SENSE_INFORMATION_VALID;
    return expectation->information != SENSE_INFORMATION_INVALID && lba == expectation->lba;
}

static bool pointer_matches(const struct sense_expectation *expectation, const uint8_t *sense)
{
    unsigned field = (unsigned)sense[16] << 8 | sense[17];

    if (!expectation->pointer) {
        /* Becoming ready may show its progress. */
        bool progress = expectation->code[0] == 2 && sense[12] == 0x04 && sense[13] == 0x01;
        return (progress && sense[15] == 0x80) || (sense[15] == 0 && field == 0);
    }
    if ((sense[15] & 0xF0) != (expectation->pointer_to_cdb ? 0xC0 : 0x80))
        return false;
    if (!expectation->any_pointer &&
        (field < expectation->pointer_first || field > expectation->pointer_last))
        return false;
    if (!(sense[15] & 0x08))
        return (sense[15] & 0x07) == 0 && expectation->bit_pointer != SENSE_BIT_EXACT;
    return expectation->bit_pointer == SENSE_BIT_ANY ||
           (expectation->bit_pointer == SENSE_BIT_EXACT && (sense[15] & 0x07) == expectation->bit);
}

bool sense_matches(const struct sense_expectation *expectation, const uint8_t sense[18], char *why,
                   size_t size)
{
    const uint8_t code[3] = {sense[2], sense[12], sense[13]};
    static const uint8_t zero[4];

    *why = '\0';
    for (unsigned i = 0; i < 3; i++)
        if ((code[i] & expectation->mask[i]) != expectation->code[i])
            snprintf(why, size, "sense code");
    if (*why)
        return false;
    if ((sense[0] & 0x7F) != 0x70 || sense[1] != 0 || sense[7] != 10 ||
        memcmp(sense + 8, zero, 4) != 0 || sense[14] != 0)
        snprintf(why, size, "not fixed format with additional length 0Ah and zeros elsewhere");
    else if (!information_matches(expectation, sense))
        snprintf(why, size, "INFORMATION (bytes 0 and 3-6)");
    else if (!pointer_matches(expectation, sense))
        snprintf(why, size, "sense-key specific (bytes 15-17)");
    return !*why;
}
