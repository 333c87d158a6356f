/* SPDX-License-Identifier: MIT */
#include "handlers/expectations/expectations.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "emulator/command_table.h"
#include "emulator/sense.h"
#include "media/nearest_word.h"

/*
 * The sentences: words separated by blanks, one sentence a line.
 */

#define WORDS_MAX  100
#define FAULTS_MAX 100

struct word {
    const char *text;
    unsigned column;
};

struct sentence {
    const char *name; /* of the file */
    unsigned line;
    struct diagnostics *diagnostics;
    unsigned end_column;
    unsigned count, next;
    struct word word[WORDS_MAX];
};

__attribute__((format(printf, 3, 4))) static bool refuse(struct sentence *sentence, unsigned column,
                                                         const char *format, ...)
{
    va_list arguments;
    char text[600];

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    diagnostics_error(sentence->diagnostics, "%s:%u:%u: %s", sentence->name, sentence->line, column,
                      text);
    return false;
}

/* Words --------------------------------------------------------------------- */

static const char *peek(const struct sentence *sentence)
{
    return sentence->next < sentence->count ? sentence->word[sentence->next].text : NULL;
}

static unsigned column_of(const struct sentence *sentence)
{
    return sentence->next < sentence->count ? sentence->word[sentence->next].column
                                            : sentence->end_column;
}

/* Takes the words of `phrase`, which are separated by one blank, if they are next. */
static bool take(struct sentence *sentence, const char *phrase)
{
    unsigned next = sentence->next;

    while (*phrase) {
        size_t length = strcspn(phrase, " ");
        if (next == sentence->count || strlen(sentence->word[next].text) != length ||
            strncasecmp(sentence->word[next].text, phrase, length) != 0)
            return false;
        next++;
        phrase += length + (phrase[length] == ' ');
    }
    sentence->next = next;
    return true;
}

static bool take_number(struct sentence *sentence, uint64_t maximum, uint64_t *number)
{
    const char *text = peek(sentence);
    char *end = NULL;

    errno = 0;
    if (text && isdigit((unsigned char)*text))
        *number = strtoull(text, &end, 10);
    if (!end || *end || errno || *number > maximum)
        return refuse(sentence, column_of(sentence), "%s: not a number; accepted: 0..%llu",
                      text ? text : "the end of the line", (unsigned long long)maximum);
    sentence->next++;
    return true;
}

/* Patterns ------------------------------------------------------------------ */

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
        return refuse(sentence, column,
                      "a command is missing; accepted: any, the name of a command or 0xNN");
    nearest_word_init(&nearest, upper);
    for (const struct command_row *row = command_table; row->name; row++)
        nearest_word_consider(&nearest, row->name);
    return refuse(sentence, column,
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
    unsigned column = column_of(sentence);
    char name[200] = "";

    pattern->operation_code = PATTERN_ANY_COMMAND;
    if (take(sentence, "any") || take(sentence, "command"))
        return true;
    while (peek(sentence) && !is_keyword(peek(sentence))) {
        size_t length = strlen(name);
        snprintf(name + length, sizeof(name) - length, "%s%s", length ? " " : "", peek(sentence));
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
    return refuse(sentence, column_of(sentence), "%s: no such condition; the nearest is \"%s\"",
                  name, nearest.word);
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
        return refuse(sentence, column, "%s: too many values; accepted: up to %d", key->name,
                      PATTERN_RANGES_MAX);
    bool right = key->read(value, &condition->range[i].first, &condition->range[i].last);
    if (!right && strcmp(key->name, "sense") == 0 && isalpha((unsigned char)*value))
        return refuse(sentence, column,
                      "sense = %s: no such sense, the nearest is %s; accepted: %s", value,
                      nearest_sense(value), key->form);
    if (!right)
        return refuse(sentence, column, "%s = %s: not one of its values; accepted: %s", key->name,
                      value, key->form);
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
            right = refuse(sentence, column, "%s: a value is missing; accepted: %s",
                           condition->key->name, condition->key->form);
    } while (*values && right);
    return right;
}

/* KEY=VALUE or KEY!=VALUE */
static bool take_condition(struct sentence *sentence, struct pattern_condition *condition)
{
    const char *word = peek(sentence), *equals = strchr(word, '=');
    bool negated = equals > word && equals[-1] == '!';
    size_t length = (size_t)(equals - word) - negated;
    unsigned column = column_of(sentence) + (unsigned)(equals - word) + 1;

    *condition = (struct pattern_condition){.key = find_key(word, length), .negated = negated};
    if (!condition->key)
        return refuse_key(sentence, word, length);
    if (!take_values(sentence, equals + 1, column, condition))
        return false;
    if (condition->same && condition->ranges > 0)
        return refuse(sentence, column, "%s: \"same\" stands alone", condition->key->name);
    sentence->next++;
    return true;
}

static struct pattern_condition *add_condition(struct sentence *sentence, struct pattern *pattern)
{
    if (pattern->conditions < PATTERN_CONDITIONS_MAX)
        return &pattern->condition[pattern->conditions++];
    refuse(sentence, column_of(sentence), "too many conditions; accepted: up to %d",
           PATTERN_CONDITIONS_MAX);
    return NULL;
}

/* "failed" and "good" are short for conditions on the status. */
static void add_status(struct pattern_condition *condition, bool failed)
{
    *condition = (struct pattern_condition){
        .key = find_key("status", 6), .negated = failed, .ranges = 1, .range = {{0, 0}}};
}

static bool take_conditions(struct sentence *sentence, struct pattern *pattern)
{
    const char *word;

    while ((word = peek(sentence))) {
        struct pattern_condition *condition;
        bool failed = take(sentence, "failed");
        if (!failed && !take(sentence, "good") && !strchr(word, '='))
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

static bool take_pattern(struct sentence *sentence, struct pattern *pattern)
{
    pattern->conditions = 0;
    return take_command(sentence, pattern) && take_conditions(sentence, pattern);
}

/* Sentences ----------------------------------------------------------------- */

static bool take_no(struct sentence *sentence, struct expectation *expectation)
{
    expectation->kind = EXPECTATION_NO;
    if (!take_pattern(sentence, &expectation->a))
        return false;
    if (take(sentence, "while")) {
        unsigned column = column_of(sentence), before = sentence->next;
        if (!take_conditions(sentence, &expectation->a))
            return false;
        if (sentence->next == before)
            return refuse(sentence, column,
                          "conditions are missing after \"while\"; accepted: "
                          "KEY=VALUE or KEY!=VALUE");
    }
    if (take(sentence, "after")) {
        expectation->has_b = true;
        if (!take_pattern(sentence, &expectation->b))
            return false;
    }
    if (expectation->has_b && take(sentence, "until")) {
        expectation->has_c = true;
        return take_pattern(sentence, &expectation->c);
    }
    return true;
}

static bool take_within(struct sentence *sentence, struct expectation *expectation)
{
    unsigned column = column_of(sentence);
    const char *text = peek(sentence);

    if (text && pattern_read_duration(text, &expectation->within_time) &&
        expectation->within_time > 0) {
        sentence->next++;
        return true;
    }
    if (!text || !isdigit((unsigned char)*text) ||
        !take_number(sentence, UINT32_MAX, &expectation->within_commands) ||
        expectation->within_commands == 0 ||
        (!take(sentence, "commands") && !take(sentence, "command")))
        return refuse(sentence, column, "%s: no limit; accepted: N commands or TIME such as 500ms",
                      text ? text : "the end of the line");
    return true;
}

static bool take_every(struct sentence *sentence, struct expectation *expectation)
{
    expectation->kind = EXPECTATION_EVERY;
    if (!take_pattern(sentence, &expectation->a))
        return false;
    take(sentence, "is");
    if (!take(sentence, "followed by"))
        return refuse(sentence, column_of(sentence), "%s: accepted: followed by",
                      peek(sentence) ? peek(sentence) : "the end of the line");
    if (!take_pattern(sentence, &expectation->b))
        return false;
    while (peek(sentence)) {
        if (take(sentence, "within")) {
            if (!take_within(sentence, expectation))
                return false;
        } else if (!expectation->has_c && take(sentence, "before")) {
            expectation->has_c = true;
            if (!take_pattern(sentence, &expectation->c))
                return false;
        } else {
            break;
        }
    }
    return true;
}

static bool take_count(struct sentence *sentence, struct expectation *expectation)
{
    if (!take_number(sentence, UINT32_MAX, &expectation->count) ||
        !take_pattern(sentence, &expectation->a))
        return false;
    expectation->in_a_row = expectation->kind == EXPECTATION_AT_MOST && take(sentence, "in a row");
    return true;
}

static bool take_sentence(struct sentence *sentence, struct expectation *expectation)
{
    bool right;

    if (take(sentence, "no")) {
        right = take_no(sentence, expectation);
    } else if (take(sentence, "every")) {
        right = take_every(sentence, expectation);
    } else if (take(sentence, "at most")) {
        expectation->kind = EXPECTATION_AT_MOST;
        right = take_count(sentence, expectation);
    } else if (take(sentence, "at least")) {
        expectation->kind = EXPECTATION_AT_LEAST;
        right = take_count(sentence, expectation);
    } else {
        return refuse(sentence, column_of(sentence),
                      "%s: no expectation begins so; accepted: no | every | at most | at least",
                      peek(sentence));
    }
    if (right && peek(sentence))
        return refuse(sentence, column_of(sentence),
                      "%s: the sentence should end here, or go on with a condition KEY=VALUE",
                      peek(sentence));
    return right;
}

/* Lines --------------------------------------------------------------------- */

/* Takes the line apart, in place; a # at the beginning of a word begins a comment. */
static bool split(struct sentence *sentence, char *line)
{
    char *c = line;

    sentence->count = sentence->next = 0;
    sentence->end_column = 1;
    while (*(c += strspn(c, " \t\r")) && *c != '#') {
        if (sentence->count == WORDS_MAX)
            return refuse(sentence, (unsigned)(c - line) + 1, "too many words; accepted: up to %d",
                          WORDS_MAX);
        sentence->word[sentence->count++] = (struct word){c, (unsigned)(c - line) + 1};
        c += strcspn(c, " \t\r");
        sentence->end_column = (unsigned)(c - line) + 1;
        if (*c)
            *c++ = 0;
    }
    return true;
}

static struct expectation *add(struct expectations *expectations, unsigned line, const char *text)
{
    struct expectation *grown =
        reallocarray(expectations->expectation, expectations->count + 1, sizeof(*grown));
    struct expectation *expectation;

    if (!grown)
        return NULL;
    expectations->expectation = grown;
    expectation = &grown[expectations->count];
    memset(expectation, 0, sizeof(*expectation));
    expectation->line = line;
    expectation->text = strdup(text + strspn(text, " \t"));
    if (!expectation->text)
        return NULL;
    expectation->text[strcspn(expectation->text, "\r")] = 0;
    expectations->count++;
    return expectation;
}

static void read_line(struct sentence *sentence, char *line, struct expectations *expectations)
{
    char *copy = strdup(line);
    struct expectation *expectation;

    if (!copy) {
        refuse(sentence, 1, "%s", strerror(ENOMEM));
        return;
    }
    if (split(sentence, copy) && sentence->count > 0) {
        expectation = add(expectations, sentence->line, line);
        if (expectation)
            take_sentence(sentence, expectation);
        else
            refuse(sentence, 1, "%s", strerror(ENOMEM));
    }
    free(copy);
}

bool expectations_read(const char *name, const char *text, struct expectations *expectations,
                       struct diagnostics *diagnostics)
{
    struct sentence sentence = {.name = name, .diagnostics = diagnostics};
    unsigned before = diagnostics->errors;
    char *copy = strdup(text), *rest = copy, *line;

    *expectations = (struct expectations){0};
    if (!copy)
        refuse(&sentence, 1, "%s", strerror(ENOMEM));
    while (rest && (line = strsep(&rest, "\n")) && diagnostics->errors - before < FAULTS_MAX) {
        sentence.line++;
        read_line(&sentence, line, expectations);
    }
    free(copy);
    if (diagnostics->errors == before && expectations->count == 0)
        diagnostics_error(diagnostics, "%s: there is no expectation in it", name);
    if (diagnostics->errors == before)
        return true;
    expectations_release(expectations);
    return false;
}
