/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "emulator/command_table.h"
#include "emulator/sense.h"
#include "handlers/expectations/sentence.h"
#include "media/nearest_word.h"

/* Commands and conditions of a sentence. */

/* Words that end the name of a command. */
static bool is_keyword(const char *word)
{
    static const char *const keywords[] = {"is",     "followed", "within",  "before",
                                           "after",  "until",    "while",   "in",
                                           "failed", "good",     "commands"};

    for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
        if (strcmp(keywords[i], word) == 0)
            return true;
    return strchr(word, '=') != NULL;
}

static bool refuse_command(struct sentence *sentence, unsigned column, const char *name)
{
    struct nearest_word nearest;
    char upper[200];
    size_t i = 0;

    for (; name[i] && i < sizeof(upper) - 1; i++)
        upper[i] = (char)toupper((unsigned char)name[i]);
    upper[i] = 0;
    if (!*name)
        return sentence_refuse(
            sentence, column, "a command is missing; accepted: any, the name of a command or 0xNN");
    nearest_word_init(&nearest, upper);
    for (const struct command_row *row = command_table; row->name; row++)
        nearest_word_consider(&nearest, row->name);
    return sentence_refuse(
        sentence, column,
        "%s: no such command, the nearest is \"%s\"; accepted: any, the name of a "
        "command or 0xNN",
        name, nearest.word);
}

static bool find_command(const char *name, int *operation_code)
{
    char *end;

    for (const struct command_row *row = command_table; row->name; row++)
        if (strcasecmp(row->name, name) == 0) {
            *operation_code = row->operation_code;
            return true;
        }
    if (name[0] != '0' || (name[1] | 32) != 'x' || strlen(name) != 4)
        return false;
    *operation_code = (int)strtol(name + 2, &end, 16);
    return *end == 0;
}

static bool take_command(struct sentence *sentence, struct pattern *pattern)
{
    unsigned column = sentence_column(sentence);
    char name[200] = "";

    pattern->operation_code = PATTERN_ANY_COMMAND;
    if (sentence_take(sentence, "any") || sentence_take(sentence, "command"))
        return true;
    while (sentence_peek(sentence) && !is_keyword(sentence_peek(sentence))) {
        size_t length = strlen(name);
        snprintf(name + length, sizeof(name) - length, "%s%s", length ? " " : "",
                 sentence_peek(sentence));
        sentence->next++;
    }
    return find_command(name, &pattern->operation_code) || refuse_command(sentence, column, name);
}

/* The nearest name of a sense, for one that is misspelt. */
static const char *nearest_sense(const char *value)
{
    struct nearest_word nearest;

    nearest_word_init(&nearest, value);
    for (int code = SENSE_NO_SENSE + 1; code < SENSE_CODES; code++)
        nearest_word_consider(&nearest, sense_descriptions[code].name);
    return nearest.word;
}

static const struct pattern_key *find_key(const char *name, size_t length)
{
    for (const struct pattern_key *key = pattern_keys; key->name; key++)
        if (strlen(key->name) == length && strncmp(key->name, name, length) == 0)
            return key;
    return NULL;
}

static bool refuse_key(struct sentence *sentence, const char *word, size_t length)
{
    struct nearest_word nearest;
    char name[60];

    snprintf(name, sizeof(name), "%.*s", (int)length, word);
    nearest_word_init(&nearest, name);
    for (const struct pattern_key *key = pattern_keys; key->name; key++)
        nearest_word_consider(&nearest, key->name);
    return sentence_refuse(sentence, sentence_column(sentence),
                           "%s: no such condition; the nearest is \"%s\"", name, nearest.word);
}

/* One of the values of a condition, which are separated by commas. */
static bool take_value(struct sentence *sentence, const char *value, unsigned column,
                       struct pattern_condition *condition)
{
    const struct pattern_key *key = condition->key;
    unsigned i = condition->ranges;

    if (key->same > 0 && strcmp(value, "same") == 0) {
        condition->same = true;
        return true;
    }
    if (i == PATTERN_RANGES_MAX)
        return sentence_refuse(sentence, column, "%s: too many values; accepted: up to %d",
                               key->name, PATTERN_RANGES_MAX);
    bool right = key->read(value, &condition->range[i].first, &condition->range[i].last);
    if (!right && strcmp(key->name, "sense") == 0 && isalpha((unsigned char)*value))
        return sentence_refuse(sentence, column,
                               "sense = %s: no such sense, the nearest is %s; accepted: %s", value,
                               nearest_sense(value), key->form);
    if (!right)
        return sentence_refuse(sentence, column, "%s = %s: not one of its values; accepted: %s",
                               key->name, value, key->form);
    condition->ranges++;
    return true;
}

static bool take_values(struct sentence *sentence, const char *values, unsigned column,
                        struct pattern_condition *condition)
{
    char value[200];
    bool right = true;

    do {
        size_t length = strcspn(values, ",");
        snprintf(value, sizeof(value), "%.*s", (int)length, values);
        right &= take_value(sentence, value, column, condition);
        column += (unsigned)length + 1;
        values += length + (values[length] == ',');
        if (values[-1] == ',' && !*values)
            right = sentence_refuse(sentence, column, "%s: a value is missing; accepted: %s",
                                    condition->key->name, condition->key->form);
    } while (*values && right);
    return right;
}

/* KEY=VALUE or KEY!=VALUE */
static bool take_condition(struct sentence *sentence, struct pattern_condition *condition)
{
    const char *word = sentence_peek(sentence), *equals = strchr(word, '=');
    bool negated = equals > word && equals[-1] == '!';
    size_t length = (size_t)(equals - word) - negated;
    unsigned column = sentence_column(sentence) + (unsigned)(equals - word) + 1;

    *condition = (struct pattern_condition){.key = find_key(word, length), .negated = negated};
    if (!condition->key)
        return refuse_key(sentence, word, length);
    if (!take_values(sentence, equals + 1, column, condition))
        return false;
    if (condition->same && condition->ranges > 0)
        return sentence_refuse(sentence, column, "%s: \"same\" stands alone", condition->key->name);
    sentence->next++;
    return true;
}

static struct pattern_condition *add_condition(struct sentence *sentence, struct pattern *pattern)
{
    if (pattern->conditions < PATTERN_CONDITIONS_MAX)
        return &pattern->condition[pattern->conditions++];
    sentence_refuse(sentence, sentence_column(sentence), "too many conditions; accepted: up to %d",
                    PATTERN_CONDITIONS_MAX);
    return NULL;
}

/* "failed" and "good" are short for conditions on the status. */
static void add_status(struct pattern_condition *condition, bool failed)
{
    *condition = (struct pattern_condition){
        .key = find_key("status", 6), .negated = failed, .ranges = 1, .range = {{0, 0}}};
}

bool sentence_take_conditions(struct sentence *sentence, struct pattern *pattern)
{
    const char *word;

    while ((word = sentence_peek(sentence))) {
        struct pattern_condition *condition;
        bool failed = sentence_take(sentence, "failed");
        if (!failed && !sentence_take(sentence, "good") && !strchr(word, '='))
            return true;
        condition = add_condition(sentence, pattern);
        if (!condition)
            return false;
        if (!strchr(word, '='))
            add_status(condition, failed);
        else if (!take_condition(sentence, condition))
            return false;
    }
    return true;
}

bool sentence_take_pattern(struct sentence *sentence, struct pattern *pattern)
{
    pattern->conditions = 0;
    return take_command(sentence, pattern) && sentence_take_conditions(sentence, pattern);
}
