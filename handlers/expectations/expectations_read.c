/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/expectations/expectations.h"
#include "handlers/expectations/sentence.h"

/* The sentences, one a line. */

#define FAULTS_MAX 100

static bool take_no(struct sentence *sentence, struct expectation *expectation)
{
    expectation->kind = EXPECTATION_NO;
    if (!sentence_take_pattern(sentence, &expectation->a))
        return false;
    if (sentence_take(sentence, "while")) {
        unsigned column = sentence_column(sentence), before = sentence->next;
        if (!sentence_take_conditions(sentence, &expectation->a))
            return false;
        if (sentence->next == before)
            return sentence_refuse(sentence, column,
                                   "conditions are missing after \"while\"; accepted: "
                                   "KEY=VALUE or KEY!=VALUE");
    }
    if (sentence_take(sentence, "after")) {
        expectation->has_b = true;
        if (!sentence_take_pattern(sentence, &expectation->b))
            return false;
    }
    if (expectation->has_b && sentence_take(sentence, "until")) {
        expectation->has_c = true;
        return sentence_take_pattern(sentence, &expectation->c);
    }
    return true;
}

static bool take_within(struct sentence *sentence, struct expectation *expectation)
{
    unsigned column = sentence_column(sentence);
    const char *text = sentence_peek(sentence);

    if (text && pattern_read_duration(text, &expectation->within_time) &&
        expectation->within_time > 0) {
        sentence->next++;
        return true;
    }
    if (!text || !isdigit((unsigned char)*text) ||
        !sentence_take_number(sentence, UINT32_MAX, &expectation->within_commands) ||
        expectation->within_commands == 0 ||
        (!sentence_take(sentence, "commands") && !sentence_take(sentence, "command")))
        return sentence_refuse(sentence, column,
                               "%s: no limit; accepted: N commands or TIME such as 500ms",
                               text ? text : "the end of the line");
    return true;
}

static bool take_every(struct sentence *sentence, struct expectation *expectation)
{
    expectation->kind = EXPECTATION_EVERY;
    if (!sentence_take_pattern(sentence, &expectation->a))
        return false;
    sentence_take(sentence, "is");
    if (!sentence_take(sentence, "followed by"))
        return sentence_refuse(sentence, sentence_column(sentence), "%s: accepted: followed by",
                               sentence_peek(sentence) ? sentence_peek(sentence)
                                                       : "the end of the line");
    if (!sentence_take_pattern(sentence, &expectation->b))
        return false;
    while (sentence_peek(sentence)) {
        if (sentence_take(sentence, "within")) {
            if (!take_within(sentence, expectation))
                return false;
        } else if (!expectation->has_c && sentence_take(sentence, "before")) {
            expectation->has_c = true;
            if (!sentence_take_pattern(sentence, &expectation->c))
                return false;
        } else {
            break;
        }
    }
    return true;
}

static bool take_count(struct sentence *sentence, struct expectation *expectation)
{
    if (!sentence_take_number(sentence, UINT32_MAX, &expectation->count) ||
        !sentence_take_pattern(sentence, &expectation->a))
        return false;
    expectation->in_a_row =
        expectation->kind == EXPECTATION_AT_MOST && sentence_take(sentence, "in a row");
    return true;
}

static bool take_sentence(struct sentence *sentence, struct expectation *expectation)
{
    bool right;

    if (sentence_take(sentence, "no")) {
        right = take_no(sentence, expectation);
    } else if (sentence_take(sentence, "every")) {
        right = take_every(sentence, expectation);
    } else if (sentence_take(sentence, "at most")) {
        expectation->kind = EXPECTATION_AT_MOST;
        right = take_count(sentence, expectation);
    } else if (sentence_take(sentence, "at least")) {
        expectation->kind = EXPECTATION_AT_LEAST;
        right = take_count(sentence, expectation);
    } else {
        return sentence_refuse(
            sentence, sentence_column(sentence),
            "%s: no expectation begins so; accepted: no | every | at most | at least",
            sentence_peek(sentence));
    }
    if (right && sentence_peek(sentence))
        return sentence_refuse(
            sentence, sentence_column(sentence),
            "%s: the sentence should end here, or go on with a condition KEY=VALUE",
            sentence_peek(sentence));
    return right;
}

/* Lines --------------------------------------------------------------------- */

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
        sentence_refuse(sentence, 1, "%s", strerror(ENOMEM));
        return;
    }
    if (sentence_split(sentence, copy) && sentence->count > 0) {
        expectation = add(expectations, sentence->line, line);
        if (expectation)
            take_sentence(sentence, expectation);
        else
            sentence_refuse(sentence, 1, "%s", strerror(ENOMEM));
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
        sentence_refuse(&sentence, 1, "%s", strerror(ENOMEM));
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
