/* SPDX-License-Identifier: MIT */
#include "emulator/fault_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/mmc_cdb.h"

/* Fault rules as settings: what one setting demands of another. */

/* A rule being read. */
struct reading {
    const char *source, *name;
    unsigned line;
    bool numbered;
    const unsigned *lines;
    const struct fault_rule *rule;
    struct diagnostics *diagnostics;
    bool broken;
};

__attribute__((format(printf, 2, 3))) static void refuse(struct reading *reading,
                                                         const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (reading->numbered)
        diagnostics_error(reading->diagnostics, "%s:%u: [fault %s]: %s", reading->source,
                          reading->line, reading->name, text);
    else
        diagnostics_error(reading->diagnostics, "%s: %s", reading->source, text);
    reading->broken = true;
}

static bool name_is_right(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= FAULT_NAME_GIVEN_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
               length;
}

/* The two settings are not to be given together. */
static void forbid_pair(struct reading *reading, enum fault_row a, enum fault_row b)
{
    if (reading->lines[a] && reading->lines[b])
        refuse(reading, "%s and %s exclude each other", fault_table[a].key, fault_table[b].key);
}

/* The commands that are named must all be among `allowed`, which speaks of `what`. */
static void demand_commands(struct reading *reading, enum fault_row row,
                            bool (*is_allowed)(unsigned operation_code), const char *what)
{
    const struct fault_codes *commands = &reading->rule->condition.commands;

    if (!reading->lines[row])
        return;
    for (unsigned code = 0; code < 256; code++) {
        const struct command_row *command = command_row((uint8_t)code);
        if (!fault_codes_have(commands, code) || is_allowed(code))
            continue;
        if (command)
            refuse(reading, "%s means nothing with %s; accepted with %s", fault_table[row].key,
                   command->name, what);
        else
            refuse(reading, "%s means nothing with command 0x%02X; accepted with %s",
                   fault_table[row].key, code, what);
    }
}

static bool has_key_format(unsigned code)
{
    return code == MMC_REPORT_KEY || code == MMC_SEND_KEY;
}
static bool has_structure_format(unsigned code)
{
    return code == MMC_READ_DISC_STRUCTURE;
}
static bool has_agid(unsigned code)
{
    return has_key_format(code) || has_structure_format(code);
}
static bool has_address(unsigned code)
{
    const uint8_t cdb[DRIVE_CDB_MAX] = {[0] = (uint8_t)code, [8] = 1, [9] = 1, [10] = 4};
    uint32_t first, last;
    return fault_addresses(cdb, &first, &last);
}
static bool has_data_in(unsigned code)
{
    const struct command_row *row = command_row((uint8_t)code);
    return !row || row->direction == DRIVE_DIRECTION_IN;
}
static bool has_length_field(unsigned code)
{
    return fault_length_field((uint8_t)code) != NULL;
}
static bool has_built_answer(unsigned code)
{
    const struct command_row *row = command_row((uint8_t)code);
    return has_data_in(code) && (!row || (row->flags & COMMAND_READS_SECTORS) == 0);
}
static bool sets_region(unsigned code)
{
    return code == MMC_SEND_KEY;
}
static bool has_key(unsigned code)
{
    return code == MMC_REPORT_KEY || code == MMC_READ_DISC_STRUCTURE;
}

static void check_commands(struct reading *reading)
{
    static const struct {
        enum fault_row row;
        bool (*is_allowed)(unsigned operation_code);
        const char *what;
    } demands[] = {
        {FAULT_ROW_KEY_FORMAT,       has_key_format,       "REPORT KEY and SEND KEY"                     },
        {FAULT_ROW_STRUCTURE_FORMAT, has_structure_format, "READ DISC STRUCTURE"                         },
        {FAULT_ROW_AGID,             has_agid,             "REPORT KEY, SEND KEY and READ DISC STRUCTURE"},
        {FAULT_ROW_AUTHENTICATION,   has_agid,             "REPORT KEY, SEND KEY and READ DISC STRUCTURE"},
        {FAULT_ROW_LBA,              has_address,          "commands that address sectors"               },
        {FAULT_ROW_ANSWER,           has_data_in,          "commands that return data"                   },
        {FAULT_ROW_TRUNCATE,         has_data_in,          "commands that return data"                   },
        {FAULT_ROW_PATCH,            has_data_in,          "commands that return data"                   },
        {FAULT_ROW_FLIP,             has_data_in,          "commands that return data"                   },
        {FAULT_ROW_STALE,            has_data_in,          "commands that return data"                   },
        {FAULT_ROW_OVERRUN,          has_built_answer,     "commands that return data not of the medium" },
        {FAULT_ROW_HEADER_LENGTH,    has_length_field,     "commands whose data begin with their length" },
        {FAULT_ROW_WRONG_KEY,        has_key,              "REPORT KEY and READ DISC STRUCTURE"          },
        {FAULT_ROW_REGION_LAG,       sets_region,          "SEND KEY"                                    },
    };
    for (size_t i = 0; i < sizeof demands / sizeof *demands; i++)
        demand_commands(reading, demands[i].row, demands[i].is_allowed, demands[i].what);
}

static void check_rule(struct reading *reading)
{
    bool has_effect = false;

    if (!name_is_right(reading->name))
        refuse(reading,
               "not the name of a rule; accepted: 1 to %d letters, digits, hyphens and underscores",
               FAULT_NAME_GIVEN_MAX);
    for (enum fault_row row = FAULT_ROW_SENSE; row < FAULT_ROW_INFORMATION; row++)
        has_effect |= reading->lines[row] != 0;
    if (!has_effect)
        refuse(reading, "it has no effect; accepted: at least one of sense, status, answer, "
                        "truncate, delay, delivery, ...");
    forbid_pair(reading, FAULT_ROW_SENSE, FAULT_ROW_SENSE_DATA);
    forbid_pair(reading, FAULT_ROW_SENSE, FAULT_ROW_STATUS);
    forbid_pair(reading, FAULT_ROW_SENSE_DATA, FAULT_ROW_STATUS);
    forbid_pair(reading, FAULT_ROW_SENSE_DATA, FAULT_ROW_INFORMATION);
    forbid_pair(reading, FAULT_ROW_SENSE, FAULT_ROW_VANISH);
    forbid_pair(reading, FAULT_ROW_SENSE_DATA, FAULT_ROW_VANISH);
    forbid_pair(reading, FAULT_ROW_ANSWER, FAULT_ROW_STALE);
    if (reading->lines[FAULT_ROW_INFORMATION] && !reading->lines[FAULT_ROW_SENSE])
        refuse(reading, "information means nothing without sense");
    check_commands(reading);
}

static bool needs_quotes(const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_,.:/+-%";
    return value[strspn(value, plain)] != '\0';
}

/* The settings as they can be given again.  No value that was accepted has a quote in it. */
static char *join(const struct settings_pair *settings, size_t count)
{
    size_t size = 1, length = 0;

    for (size_t i = 0; i < count; i++)
        size += strlen(settings[i].key) + strlen(settings[i].value) + sizeof " =''" - 1;
    char *text = calloc(size, 1);
    for (size_t i = 0; text && i < count; i++) {
        const char *quote = needs_quotes(settings[i].value) ? "'" : "";
        length += (size_t)snprintf(text + length, size - length, "%s%s=%s%s%s", i > 0 ? " " : "",
                                   settings[i].key, quote, settings[i].value, quote);
    }
    return text;
}

static bool keep_text(struct reading *reading, struct fault_rule *rule,
                      const struct settings_pair *settings, size_t count)
{
    rule->text = join(settings, count);
    if (!rule->text) {
        refuse(reading, "out of memory");
        return false;
    }
    size_t length = strlen(rule->text);
    if (length <= FAULT_TEXT_MAX)
        return true;
    refuse(reading, "its settings are %zu bytes; accepted: at most %d", length, FAULT_TEXT_MAX);
    fault_rule_release(rule);
    return false;
}

void fault_rule_release(struct fault_rule *rule)
{
    free(rule->text);
    rule->text = NULL;
}

static void init_rule(struct fault_rule *rule)
{
    *rule = (struct fault_rule){
        .condition.probability = FAULT_CERTAIN,
        .effect = {.header_length = -1, .truncate = -1, .reset = -1, .vanish_at = -1},
        .times = -1,
    };
}

bool fault_rule_read(const char *source, bool numbered, unsigned line, const char *name,
                     const struct settings_pair *settings, size_t count, struct fault_rule *rule,
                     struct diagnostics *diagnostics)
{
    unsigned lines[FAULT_ROWS];
    struct reading reading = {.source = source,
                              .name = name,
                              .line = line,
                              .numbered = numbered,
                              .lines = lines,
                              .rule = rule,
                              .diagnostics = diagnostics};

    init_rule(rule);
    if (!settings_read_pairs(source, numbered, settings, count, fault_table, rule, lines,
                             diagnostics))
        return false;
    check_rule(&reading);
    if (reading.broken)
        return false;
    snprintf(rule->name, sizeof rule->name, "%s", name);
    return keep_text(&reading, rule, settings, count);
}

/* "KEY=VALUE" as a pair in memory of its own. */
static bool split(const char *word, struct settings_pair *pair)
{
    const char *equals = strchr(word, '=');
    char *copy = strdup(word);

    if (copy)
        copy[equals - word] = '\0';
    pair->key = copy;
    pair->value = copy ? copy + (equals - word) + 1 : NULL;
    return copy != NULL;
}

static bool split_all(const char *source, const char *const *words, size_t count,
                      struct settings_pair *pairs, struct diagnostics *diagnostics)
{
    bool right = true;

    for (size_t i = 0; i < count; i++) {
        if (!strchr(words[i], '=')) {
            diagnostics_error(diagnostics, "%s: %s: not a setting; accepted: KEY=VALUE", source,
                              words[i]);
            right = false;
        } else if (!split(words[i], &pairs[i])) {
            diagnostics_error(diagnostics, "%s: out of memory", source);
            return false;
        }
    }
    return right;
}

bool fault_rule_parse(const char *name, const char *const *words, size_t count,
                      struct fault_rule *rule, struct diagnostics *diagnostics)
{
    struct settings_pair *pairs = calloc(count + 1, sizeof *pairs);
    char source[FAULT_NAME_MAX + sizeof "fault "];

    snprintf(source, sizeof source, "fault %s", name);
    if (!pairs) {
        diagnostics_error(diagnostics, "%s: out of memory", source);
        return false;
    }
    bool right = split_all(source, words, count, pairs, diagnostics) &&
                 fault_rule_read(source, false, 0, name, pairs, count, rule, diagnostics);
    for (size_t i = 0; i < count; i++)
        free((char *)pairs[i].key);
    free(pairs);
    return right;
}
