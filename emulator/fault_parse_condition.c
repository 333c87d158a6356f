/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "emulator/command_table.h"
#include "emulator/format_names.h"
#include "emulator/mmc_key.h"
#include "media/nearest_word.h"

/* The settings of a rule that say which commands it is for. */

#define WORD_MAX 64

static void *field(const struct setting *setting, void *target)
{
    return (char *)target + setting->offset;
}

bool fault_next_word(const char **list, char *word, size_t size)
{
    const char *start = *list + strspn(*list, ", \t");
    size_t length = strcspn(start, ",");

    if (*start == '\0')
        return false;
    *list = start + length;
    while (length > 0 && isspace((unsigned char)start[length - 1]))
        length--;
    snprintf(word, size, "%.*s", (int)length, start);
    return true;
}

/* A whole number, decimal or 0x hexadecimal, up to `maximum`. */
static bool parse_number(const char *text, uint32_t maximum, uint32_t *number)
{
    bool hexadecimal = strncasecmp(text, "0x", 2) == 0;
    const char *digits = hexadecimal ? text + 2 : text;
    size_t length = strlen(digits);

    if (length == 0 || length > 10 ||
        digits[strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789")] != '\0')
        return false;
    unsigned long long value = strtoull(digits, NULL, hexadecimal ? 16 : 10);
    *number = (uint32_t)value;
    return value <= maximum;
}

/* Numbers up to `maximum` and names, separated by commas, into `codes`. */
static bool parse_codes(const char *value, const struct named_code *names, uint32_t maximum,
                        const char *what, struct fault_codes *codes, char *fault, size_t fault_size)
{
    struct fault_codes found = {0};
    char word[WORD_MAX];

    while (fault_next_word(&value, word, sizeof word)) {
        struct nearest_word nearest;
        uint32_t code = UINT32_MAX;

        nearest_word_init(&nearest, word);
        for (const struct named_code *named = names; named->name; named++) {
            nearest_word_consider(&nearest, named->name);
            if (strcasecmp(named->name, word) == 0)
                code = named->code;
        }
        if (code == UINT32_MAX && !parse_number(word, maximum, &code)) {
            bool is_word = !isdigit((unsigned char)word[0]);
            snprintf(fault, fault_size, is_word ? "no %s %s; the nearest is \"%s\"" : "no %s %s",
                     what, word, nearest.word);
            return false;
        }
        found.bits[code / 64] |= UINT64_C(1) << code % 64;
    }
    if (!fault_codes_stated(&found)) {
        snprintf(fault, fault_size, "no %s is named", what);
        return false;
    }
    *codes = found;
    return true;
}

bool fault_parse_commands(const struct setting *setting, const char *key, const char *value,
                          void *target, char *fault, size_t fault_size)
{
    struct named_code names[256];
    size_t count = 0;

    (void)key;
    for (const struct command_row *row = command_table; row->name; row++)
        names[count++] = (struct named_code){row->name, row->operation_code};
    names[count].name = NULL;
    return parse_codes(value, names, 0xFF, "command", field(setting, target), fault, fault_size);
}

bool fault_parse_key_formats(const struct setting *setting, const char *key, const char *value,
                             void *target, char *fault, size_t fault_size)
{
    (void)key;
    return parse_codes(value, key_format_names, MMC_KEY_INVALIDATE, "key format",
                       field(setting, target), fault, fault_size);
}

bool fault_parse_structure_formats(const struct setting *setting, const char *key,
                                   const char *value, void *target, char *fault, size_t fault_size)
{
    (void)key;
    return parse_codes(value, structure_format_names, 0xFF, "structure format",
                       field(setting, target), fault, fault_size);
}

static bool parse_bits(const char *value, const struct named_code *names, uint32_t maximum,
                       const char *what, uint8_t *bits, char *fault, size_t fault_size)
{
    struct fault_codes codes;

    if (!parse_codes(value, names, maximum, what, &codes, fault, fault_size))
        return false;
    *bits = (uint8_t)codes.bits[0];
    return true;
}

bool fault_parse_agids(const struct setting *setting, const char *key, const char *value,
                       void *target, char *fault, size_t fault_size)
{
    static const struct named_code names[] = {
        {"0",  0},
        {"1",  1},
        {"2",  2},
        {"3",  3},
        {NULL, 0}
    };
    (void)key;
    return parse_bits(value, names, PROFILE_AGIDS_MAX - 1, "AGID", field(setting, target), fault,
                      fault_size);
}

bool fault_parse_authentications(const struct setting *setting, const char *key, const char *value,
                                 void *target, char *fault, size_t fault_size)
{
    static const struct named_code names[] = {
        {"free",            CSS_AUTH_FREE           },
        {"granted",         CSS_AUTH_GRANTED        },
        {"host-challenge",  CSS_AUTH_HOST_CHALLENGE },
        {"key1",            CSS_AUTH_KEY1           },
        {"drive-challenge", CSS_AUTH_DRIVE_CHALLENGE},
        {"authenticated",   CSS_AUTH_AUTHENTICATED  },
        {NULL,              0                       },
    };
    (void)key;
    return parse_bits(value, names, CSS_AUTH_AUTHENTICATED, "authentication state",
                      field(setting, target), fault, fault_size);
}

static int nibble(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return found ? (int)(found - digits) : -1;
}

bool fault_parse_cdb(const struct setting *setting, const char *key, const char *value,
                     void *target, char *fault, size_t fault_size)
{
    struct fault_condition condition = {0};
    size_t nibbles = 0;

    (void)setting, (void)key;
    for (; *value; value++) {
        int digit = nibble(*value);
        if (*value == ' ' || *value == '\t')
            continue;
        if ((digit < 0 && *value != '.') || nibbles == 2 * (size_t)FAULT_CDB_MAX) {
            snprintf(fault, fault_size, digit < 0 ? "'%c' is neither a digit nor ." : "too long",
                     *value);
            return false;
        }
        unsigned shift = nibbles % 2 == 0 ? 4 : 0;
        if (digit >= 0) {
            condition.cdb.byte[nibbles / 2] |= (uint8_t)(digit << shift);
            condition.cdb.mask[nibbles / 2] |= (uint8_t)(0xF << shift);
        }
        nibbles++;
    }
    if (nibbles == 0 || nibbles % 2 != 0) {
        snprintf(fault, fault_size, nibbles == 0 ? "no byte is given" : "half a byte is left");
        return false;
    }
    ((struct fault_rule *)target)->condition.cdb = condition.cdb;
    return true;
}

/* FIRST, FIRST-LAST or, if `open`, FIRST-. */
static bool parse_range(const char *value, bool open, uint32_t *first, uint32_t *last)
{
    const char *dash = strchr(value, '-');
    char word[WORD_MAX];

    if (!dash)
        return parse_number(value, UINT32_MAX, first) && parse_number(value, UINT32_MAX, last);
    snprintf(word, sizeof word, "%.*s", (int)(dash - value), value);
    if (!parse_number(word, UINT32_MAX, first))
        return false;
    if (open && dash[1] == '\0') {
        *last = UINT32_MAX;
        return true;
    }
    return parse_number(dash + 1, UINT32_MAX, last) && *first <= *last;
}

bool fault_parse_lba(const struct setting *setting, const char *key, const char *value,
                     void *target, char *fault, size_t fault_size)
{
    struct fault_condition *condition = &((struct fault_rule *)target)->condition;
    uint32_t first, last;

    (void)setting, (void)key;
    if (!parse_range(value, false, &first, &last)) {
        snprintf(fault, fault_size, "not an address or an ascending range");
        return false;
    }
    condition->has_lba = true;
    condition->lba_first = first;
    condition->lba_last = last;
    return true;
}

bool fault_parse_nth(const struct setting *setting, const char *key, const char *value,
                     void *target, char *fault, size_t fault_size)
{
    struct fault_condition *condition = &((struct fault_rule *)target)->condition;
    uint32_t first, last;

    (void)setting, (void)key;
    if (!parse_range(value, true, &first, &last) || first == 0) {
        snprintf(fault, fault_size, "not a count from 1 or an ascending range");
        return false;
    }
    condition->nth_first = first;
    condition->nth_last = last;
    return true;
}

/* Digits, then at most four decimals. */
bool fault_parse_probability(const struct setting *setting, const char *key, const char *value,
                             void *target, char *fault, size_t fault_size)
{
    struct fault_condition *condition = &((struct fault_rule *)target)->condition;
    size_t whole = strspn(value, "0123456789");
    const char *rest = value + whole;
    size_t decimals = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    uint32_t millionths = 0;

    (void)setting, (void)key;
    if (*rest == '.')
        rest += 1 + decimals;
    if (whole == 0 || whole > 3 || decimals > 4 || strcmp(rest, "%") != 0) {
        snprintf(fault, fault_size, "not a percentage");
        return false;
    }
    for (size_t i = 0; i < whole; i++)
        millionths = millionths * 10 + (uint32_t)(value[i] - '0');
    for (size_t i = 0; i < 4; i++)
        millionths = millionths * 10 + (i < decimals ? (uint32_t)(value[whole + 1 + i] - '0') : 0);
    if (millionths == 0 || millionths > FAULT_CERTAIN) {
        snprintf(fault, fault_size, "outside 0.0001%%..100%%");
        return false;
    }
    condition->probability = millionths;
    return true;
}

bool fault_parse_times(const struct setting *setting, const char *key, const char *value,
                       void *target, char *fault, size_t fault_size)
{
    struct fault_rule *rule = target;
    uint32_t times = 0;
    bool always = strcmp(value, "always") == 0;
    bool once = strcmp(value, "once-per-session") == 0;

    (void)setting, (void)key;
    if (!always && !once && (!parse_number(value, UINT32_MAX, &times) || times == 0)) {
        snprintf(fault, fault_size, "not a count from 1");
        return false;
    }
    rule->times = always || once ? -1 : (int64_t)times;
    rule->once_per_session = once;
    return true;
}
