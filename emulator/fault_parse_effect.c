/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/nearest_word.h"

/* The settings of a rule that say what it does. */

#define WORD_MAX 64

static struct fault_effect *effect_of(void *target)
{
    return &((struct fault_rule *)target)->effect;
}

/* Names are those of the table of senses, in small letters and with hyphens. */
static void change_letters(char *word, const char *text, size_t size, int (*change)(int), char from,
                           char to)
{
    size_t i = 0;

    for (; text[i] && i < size - 1; i++)
        word[i] = text[i] == from ? to : (char)change((unsigned char)text[i]);
    word[i] = '\0';
}

static bool find_sense(const char *value, struct sense *sense, char *fault, size_t fault_size)
{
    char wanted[WORD_MAX], nearest_name[WORD_MAX];
    struct nearest_word nearest;

    change_letters(wanted, value, sizeof wanted, toupper, '-', '_');
    nearest_word_init(&nearest, wanted);
    for (unsigned code = SENSE_NO_SENSE + 1; code < SENSE_CODES; code++) {
        nearest_word_consider(&nearest, sense_descriptions[code].name);
        if (strcmp(sense_descriptions[code].name, wanted) == 0) {
            *sense = sense_of((enum sense_code)code);
            return true;
        }
    }
    change_letters(nearest_name, nearest.word, sizeof nearest_name, tolower, '_', '-');
    snprintf(fault, fault_size, "no such sense; the nearest is \"%s\"", nearest_name);
    return false;
}

/* One number of K/ASC/ASCQ, one or two hexadecimal digits. */
static bool take_hex(const char **text, char end, unsigned maximum, uint8_t *number)
{
    size_t length = strspn(*text, "0123456789abcdefABCDEF");

    if (length == 0 || length > 2 || (*text)[length] != end)
        return false;
    unsigned long value = strtoul(*text, NULL, 16);
    *number = (uint8_t)value;
    *text += length + (end != '\0');
    return value <= maximum;
}

bool fault_parse_sense(const struct setting *setting, const char *key, const char *value,
                       void *target, char *fault, size_t fault_size)
{
    struct fault_effect *effect = effect_of(target);
    struct sense sense = sense_good();
    const char *rest = value;
    uint8_t sense_key, asc, ascq;

    (void)setting, (void)key;
    if (strchr(value, '/')) {
        if (!take_hex(&rest, '/', 0xF, &sense_key) || !take_hex(&rest, '/', 0xFF, &asc) ||
            !take_hex(&rest, '\0', 0xFF, &ascq)) {
            snprintf(fault, fault_size, "not three hexadecimal numbers");
            return false;
        }
    } else if (find_sense(value, &sense, fault, fault_size)) {
        sense_key = sense_descriptions[sense.code].key;
        asc = sense_descriptions[sense.code].asc;
        ascq = sense_descriptions[sense.code].ascq;
    } else {
        return false;
    }
    effect->has_sense = true;
    sense_encode_codes(sense_key, asc, ascq, effect->sense);
    return true;
}

bool fault_parse_sense_data(const struct setting *setting, const char *key, const char *value,
                            void *target, char *fault, size_t fault_size)
{
    struct fault_effect *effect = effect_of(target);
    uint8_t data[FAULT_SENSE_MAX] = {0};
    long size = settings_hex_bytes(value, data, sizeof data);

    (void)setting, (void)key;
    if (size < 1) {
        snprintf(fault, fault_size, "not 1 to %d bytes", FAULT_SENSE_MAX);
        return false;
    }
    effect->has_sense = true;
    effect->information_kind = FAULT_INFORMATION_NONE;
    memcpy(effect->sense, data, sizeof data);
    return true;
}

bool fault_parse_information(const struct setting *setting, const char *key, const char *value,
                             void *target, char *fault, size_t fault_size)
{
    struct fault_effect *effect = effect_of(target);
    struct setting number = {.offset = 0, .minimum = 0, .maximum = UINT32_MAX};
    int64_t information;

    (void)setting;
    if (strcmp(value, "none") == 0) {
        effect->information_kind = FAULT_INFORMATION_NONE;
        return true;
    }
    if (!settings_parse_integer(&number, key, value, &information, fault, fault_size))
        return false;
    effect->information_kind = FAULT_INFORMATION_STATED;
    effect->information = (uint32_t)information;
    return true;
}

bool fault_parse_answer(const struct setting *setting, const char *key, const char *value,
                        void *target, char *fault, size_t fault_size)
{
    struct fault_effect *effect = effect_of(target);
    uint8_t bytes[FAULT_ANSWER_MAX];
    long size = settings_hex_bytes(value, bytes, sizeof bytes);

    (void)setting, (void)key;
    if (size < 0) {
        snprintf(fault, fault_size, "not up to %d bytes", FAULT_ANSWER_MAX);
        return false;
    }
    effect->has_answer = true;
    effect->answer_length = (uint16_t)size;
    memcpy(effect->answer, bytes, (size_t)size);
    return true;
}

/* OFFSET:BYTES behind the pieces that are in `patch` already. */
static bool add_patch(const char *word, uint32_t limit, struct fault_patch *patch)
{
    const char *colon = strchr(word, ':');
    uint8_t bytes[FAULT_PATCH_MAX];
    char *end;

    if (!colon || !isdigit((unsigned char)word[0]))
        return false;
    unsigned long long offset = strtoull(word, &end, 0);
    long size = settings_hex_bytes(colon + 1, bytes, sizeof bytes - patch->count);
    if (end != colon || size < 1 || offset + (unsigned long long)size > limit || offset > limit)
        return false;
    for (long i = 0; i < size; i++) {
        patch->offset[patch->count] = (uint32_t)offset + (uint32_t)i;
        patch->byte[patch->count++] = bytes[i];
    }
    return true;
}

bool fault_parse_patch(const struct setting *setting, const char *key, const char *value,
                       void *target, char *fault, size_t fault_size)
{
    struct fault_patch patch = {0};
    char word[3 * FAULT_PATCH_MAX + WORD_MAX];

    (void)key;
    while (fault_next_word(&value, word, sizeof word)) {
        if (!add_patch(word, (uint32_t)setting->maximum, &patch)) {
            snprintf(fault, fault_size, "\"%s\" is not OFFSET:BYTES", word);
            return false;
        }
    }
    if (patch.count == 0) {
        snprintf(fault, fault_size, "nothing is given");
        return false;
    }
    memcpy((char *)target + setting->offset, &patch, sizeof patch);
    return true;
}

/* A whole number and its unit, up to an hour; moves *text behind it. */
static bool take_duration(const char **text, uint64_t *nanoseconds)
{
    static const struct {
        const char *name;
        uint64_t nanoseconds;
    } units[] = {
        {"us", 1000      },
        {"ms", 1000000   },
        {"s",  1000000000},
    };
    size_t digits = strspn(*text, "0123456789");
    const char *unit = *text + digits;
    size_t length = strspn(unit, "mus");

    if (digits == 0 || digits > 10)
        return false;
    uint64_t number = strtoull(*text, NULL, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].name) != length || strncmp(units[i].name, unit, length) != 0)
            continue;
        *nanoseconds = number * units[i].nanoseconds;
        *text = unit + length;
        return *nanoseconds <= UINT64_C(3600000000000);
    }
    return false;
}

bool fault_parse_duration(const struct setting *setting, const char *key, const char *value,
                          void *target, char *fault, size_t fault_size)
{
    const char *rest = value;
    uint64_t time;

    (void)key;
    if (!take_duration(&rest, &time) || *rest || time == 0) {
        snprintf(fault, fault_size, "not a time up to an hour");
        return false;
    }
    memcpy((char *)target + setting->offset, &time, sizeof time);
    return true;
}

bool fault_parse_delay(const struct setting *setting, const char *key, const char *value,
                       void *target, char *fault, size_t fault_size)
{
    struct fault_effect *effect = effect_of(target);
    const char *rest = value;
    uint64_t minimum = 0, maximum = 0;

    (void)setting, (void)key;
    bool right = take_duration(&rest, &minimum);
    maximum = minimum;
    if (right && *rest == '-') {
        rest++;
        right = take_duration(&rest, &maximum);
    }
    if (!right || *rest || maximum == 0 || minimum > maximum) {
        snprintf(fault, fault_size, "not a time up to an hour or an ascending range of them");
        return false;
    }
    effect->delay_minimum = minimum;
    effect->delay_maximum = maximum;
    return true;
}
