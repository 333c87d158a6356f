/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/nearest_word.h"
#include "media/settings.h"

/* Where "key" stands in the text, from the beginning of its object on; jansson forgets it. */
static const char *find_key(const struct trace_parse *parse, const char *key)
{
    char quoted[80];
    const char *found;

    snprintf(quoted, sizeof(quoted), "\"%.70s\"", key);
    found = strstr(parse->at, quoted);
    return found ? found : parse->at;
}

bool trace_parse_refuse(struct trace_parse *parse, const char *key, const char *format, ...)
{
    va_list arguments;

    parse->fault->column = (size_t)(find_key(parse, key) - parse->text) + 1;
    va_start(arguments, format);
    vsnprintf(parse->fault->text, sizeof(parse->fault->text), format, arguments);
    va_end(arguments);
    return false;
}

/* "KEY: VALUE: not accepted; accepted: FORM" */
bool trace_parse_refuse_value(struct trace_parse *parse, const char *key, const json_t *value,
                              const char *form)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    trace_parse_refuse(parse, key, "%s: %.60s is not right; accepted: %s", key,
                       text ? text : "the value", form);
    free(text);
    return false;
}

static bool refuse_key(struct trace_parse *parse, const char *key,
                       const struct trace_member *members)
{
    struct nearest_word nearest;

    nearest_word_init(&nearest, key);
    for (; members->key; members++)
        nearest_word_consider(&nearest, members->key);
    return trace_parse_refuse(parse, key, "no member \"%.60s\"; the nearest is \"%s\"", key,
                              nearest.word);
}

bool trace_parse_members(struct trace_parse *parse, json_t *object,
                         const struct trace_member *members, void *target)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        const struct trace_member *member = members;
        while (member->key && strcmp(member->key, key) != 0)
            member++;
        if (!member->key)
            return refuse_key(parse, key, members);
        if (!member->take(parse, key, value, target))
            return false;
    }
    for (; members->key; members++)
        if (members->required && !json_object_get(object, members->key))
            return trace_parse_refuse(parse, "", "a member \"%s\" is missing", members->key);
    return true;
}

/* An object that is a member: columns count from its key on. */
bool trace_parse_object(struct trace_parse *parse, const char *key, json_t *value,
                        const struct trace_member *members, void *target)
{
    struct trace_parse inner = *parse;

    if (!json_is_object(value))
        return trace_parse_refuse_value(parse, key, value, "an object");
    inner.at = find_key(parse, key);
    return trace_parse_members(&inner, value, members, target);
}

/* Values -------------------------------------------------------------------- */

bool trace_parse_integer(struct trace_parse *parse, const char *key, const json_t *value,
                         uint64_t maximum, uint64_t *target)
{
    char form[60];

    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        (uint64_t)json_integer_value(value) <= maximum) {
        *target = (uint64_t)json_integer_value(value);
        return true;
    }
    snprintf(form, sizeof(form), "a whole number 0..%llu", (unsigned long long)maximum);
    return trace_parse_refuse_value(parse, key, value, form);
}

bool trace_parse_byte(struct trace_parse *parse, const char *key, const json_t *value,
                      uint8_t maximum, uint8_t *target)
{
    uint64_t number;

    if (!trace_parse_integer(parse, key, value, maximum, &number))
        return false;
    *target = (uint8_t)number;
    return true;
}

bool trace_parse_flag(struct trace_parse *parse, const char *key, const json_t *value, bool *target)
{
    *target = json_is_true(value);
    return json_is_boolean(value) || trace_parse_refuse_value(parse, key, value, "true | false");
}

/* One of `count` names; its index. */
bool trace_parse_name(struct trace_parse *parse, const char *key, const json_t *value,
                      const char *const *names, size_t count, unsigned *target)
{
    char form[200] = "";

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(form);
        if (json_is_string(value) && strcmp(json_string_value(value), names[i]) == 0) {
            *target = (unsigned)i;
            return true;
        }
        snprintf(form + length, sizeof(form) - length, "%s%s", i ? " | " : "", names[i]);
    }
    return trace_parse_refuse_value(parse, key, value, form);
}

/* Hexadecimal bytes, `minimum` to `maximum` of them. */
bool trace_parse_hex(struct trace_parse *parse, const char *key, const json_t *value,
                     size_t minimum, size_t maximum, uint8_t *bytes, size_t *count)
{
    const char *text = json_string_value(value);
    long found = text ? settings_hex_bytes(text, bytes, maximum) : -1;
    char form[60];

    if (text && *text == 0)
        found = 0;
    if (found >= (long)minimum) {
        *count = (size_t)found;
        return true;
    }
    snprintf(form, sizeof(form), "%zu to %zu bytes in hexadecimal", minimum, maximum);
    return trace_parse_refuse_value(parse, key, value, form);
}

bool trace_parse_rule(struct trace_parse *parse, const char *key, const json_t *value,
                      char name[FAULT_NAME_MAX + 1])
{
    if (!json_is_string(value) || json_string_length(value) > FAULT_NAME_MAX)
        return trace_parse_refuse_value(parse, key, value, "the name of a fault rule");
    memcpy(name, json_string_value(value), json_string_length(value) + 1);
    return true;
}

bool trace_parse_skip(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    (void)parse, (void)key, (void)value, (void)target;
    return true;
}
