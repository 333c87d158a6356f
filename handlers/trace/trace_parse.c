/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_members.h"
#include "media/nearest_word.h"
#include "media/settings.h"

/* Lines that are read: each object is held against the table of its members. */

/* An object that is being read.  Every function that returns false has filled the fault. */
struct parse {
    const char *text; /* the line */
    const char *at;   /* where the object begins, for columns */
    const struct trace_object *object;
    struct trace_fault *fault;
};

/* Where "key" stands in the text, from the beginning of its object on; jansson forgets it. */
static const char *find_key(const struct parse *parse, const char *key)
{
    char quoted[80];
    const char *found;

    snprintf(quoted, sizeof(quoted), "\"%.70s\"", key);
    found = strstr(parse->at, quoted);
    return found ? found : parse->at;
}

/* Returns false.  The column is that of `key`. */
__attribute__((format(printf, 3, 4))) static bool refuse(const struct parse *parse, const char *key,
                                                         const char *format, ...)
{
    va_list arguments;

    parse->fault->column = (size_t)(find_key(parse, key) - parse->text) + 1;
    va_start(arguments, format);
    vsnprintf(parse->fault->text, sizeof(parse->fault->text), format, arguments);
    va_end(arguments);
    return false;
}

/* "KEY: VALUE is not right; accepted: FORM" */
static bool refuse_value(const struct parse *parse, const char *key, const json_t *value,
                         const char *form)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    refuse(parse, key, "%s: %.60s is not right; accepted: %s", key, text ? text : "the value",
           form);
    free(text);
    return false;
}

/* Values -------------------------------------------------------------------- */

/* Unsigned integers, enumerations and booleans of whatever size. */
static void store(void *target, const struct trace_place *place, uint64_t number)
{
    char *at = (char *)target + place->offset;

    if (place->size == sizeof(uint8_t))
        *(uint8_t *)at = (uint8_t)number;
    else if (place->size == sizeof(uint32_t))
        memcpy(at, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
    else if (place->size == sizeof(uint64_t))
        memcpy(at, &number, sizeof(number));
}

static bool take_number(const struct parse *parse, const struct trace_member *member, json_t *value,
                        void *target)
{
    json_int_t number = json_integer_value(value);
    char form[80];

    if (json_is_integer(value) && number >= 0 && (uint64_t)number >= member->minimum &&
        (uint64_t)number <= member->maximum) {
        store(target, &member->place, (uint64_t)number);
        return true;
    }
    snprintf(form, sizeof(form), "a whole number %llu..%llu", (unsigned long long)member->minimum,
             (unsigned long long)member->maximum);
    return refuse_value(parse, member->key, value, member->form ? member->form : form);
}

static bool take_flag(const struct parse *parse, const struct trace_member *member, json_t *value,
                      void *target)
{
    if (!json_is_boolean(value))
        return refuse_value(parse, member->key, value, "true | false");
    store(target, &member->place, json_is_true(value));
    return true;
}

static bool take_word(const struct parse *parse, const struct trace_member *member, json_t *value,
                      void *target)
{
    const struct trace_words *words = member->words;
    const char *text = json_string_value(value);
    char form[200] = "";

    for (unsigned i = 0; i < words->count; i++) {
        size_t length = strlen(form);
        if (!words->word[i])
            continue;
        if (text && strcmp(text, words->word[i]) == 0) {
            store(target, &member->place, i);
            return true;
        }
        snprintf(form + length, sizeof(form) - length, "%s%s", length ? " | " : "", words->word[i]);
    }
    return refuse_value(parse, member->key, value, form);
}

static bool take_text(const struct parse *parse, const struct trace_member *member, json_t *value,
                      void *target)
{
    char form[40];

    if (json_is_string(value) && json_string_length(value) <= member->maximum) {
        if (member->place.size > 0)
            memcpy((char *)target + member->place.offset, json_string_value(value),
                   json_string_length(value) + 1);
        return true;
    }
    snprintf(form, sizeof(form), "a text of up to %llu bytes", (unsigned long long)member->maximum);
    return refuse_value(parse, member->key, value, form);
}

static bool take_bytes(const struct parse *parse, const struct trace_member *member, json_t *value,
                       void *target)
{
    const char *text = json_string_value(value);
    uint8_t *bytes = (uint8_t *)target + member->place.offset;
    long found = text ? settings_hex_bytes(text, bytes, (size_t)member->maximum) : -1;
    char form[80];

    if (text && *text == 0)
        found = 0;
    if (found >= (long)member->minimum) {
        store(target, &member->count, (uint64_t)found);
        return true;
    }
    if (member->minimum == member->maximum)
        snprintf(form, sizeof(form), "%llu byte%s in hexadecimal",
                 (unsigned long long)member->maximum, member->maximum == 1 ? "" : "s");
    else
        snprintf(form, sizeof(form), "%llu to %llu bytes in hexadecimal",
                 (unsigned long long)member->minimum, (unsigned long long)member->maximum);
    return refuse_value(parse, member->key, value, form);
}

/* "status", "in" or a range of bytes, "8-35". */
static bool take_ignored(struct trace_command *command, const char *text)
{
    unsigned long first, last;
    char *end;

    if (strcmp(text, "status") == 0)
        return command->ignores_status = true;
    if (strcmp(text, "in") == 0)
        return command->ignores_in = true;
    if (*text < '0' || *text > '9' || command->ignored == TRACE_IGNORED_MAX)
        return false;
    first = strtoul(text, &end, 10);
    if (*end != '-' || end[1] < '0' || end[1] > '9')
        return false;
    last = strtoul(end + 1, &end, 10);
    if (*end || first > last || last > UINT32_MAX)
        return false;
    command->ignore[command->ignored].first = (uint32_t)first;
    command->ignore[command->ignored++].last = (uint32_t)last;
    return true;
}

static bool take_ignored_list(const struct parse *parse, const struct trace_member *member,
                              json_t *value, void *target)
{
    static const char form[] = "\"status\" | \"in\" | up to 8 ranges of bytes such as \"8-35\"";

    if (!json_is_array(value))
        return refuse_value(parse, member->key, value, "an array");
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *item = json_array_get(value, i);
        if (!json_is_string(item) || !take_ignored(target, json_string_value(item)))
            return refuse_value(parse, member->key, item, form);
    }
    return true;
}

static bool take_remark(const struct parse *parse, const struct trace_member *member, json_t *value,
                        void *target)
{
    (void)parse, (void)member, (void)value, (void)target;
    return true;
}

/* Objects ------------------------------------------------------------------- */

static bool take_members(const struct parse *parse, json_t *object, void *target);

static bool take_object(const struct parse *parse, const struct trace_member *member, json_t *value,
                        void *target)
{
    const struct parse inner = {parse->text, find_key(parse, member->key), member->object,
                                parse->fault};

    if (!json_is_object(value))
        return refuse_value(parse, member->key, value, "an object");
    return !member->object || take_members(&inner, value, (char *)target + member->place.offset);
}

/* Each element is read as a member of its own. */
static bool take_array(const struct parse *parse, const struct trace_member *member, json_t *value,
                       void *target)
{
    bool is_words = member->type == TRACE_WORDS;
    size_t count = json_array_size(value);
    struct trace_member element = *member;
    char form[60];

    if (!json_is_array(value) || count > member->maximum) {
        snprintf(form, sizeof(form), "an array of up to %llu %s",
                 (unsigned long long)member->maximum, is_words ? "words" : "objects");
        return refuse_value(parse, member->key, value, form);
    }
    element.place.size = is_words ? member->place.size / member->maximum : member->object->size;
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(value, i);
        if (!(is_words ? take_word : take_object)(parse, &element, item, target))
            return false;
        element.place.offset += element.place.size;
    }
    store(target, &member->count, count);
    return true;
}

static bool take_value(const struct parse *parse, const struct trace_member *member, json_t *value,
                       void *target)
{
    static bool (*const take[])(const struct parse *, const struct trace_member *, json_t *,
                                void *) = {
        [TRACE_NUMBER] = take_number, [TRACE_FLAG] = take_flag,
        [TRACE_WORD] = take_word,     [TRACE_TEXT] = take_text,
        [TRACE_BYTES] = take_bytes,   [TRACE_OBJECT] = take_object,
        [TRACE_WORDS] = take_array,   [TRACE_OBJECTS] = take_array,
        [TRACE_REMARK] = take_remark, [TRACE_IGNORED] = take_ignored_list,
    };

    if (!take[member->type](parse, member, value, target))
        return false;
    store(target, &member->known, true);
    return true;
}

static bool refuse_key(const struct parse *parse, const char *key)
{
    const struct trace_member *member = parse->object->members;
    struct nearest_word nearest;
    char form[300] = "";

    nearest_word_init(&nearest, key);
    for (; member->key; member++) {
        size_t length = strlen(form);
        nearest_word_consider(&nearest, member->key);
        snprintf(form + length, sizeof(form) - length, "%s%s", length ? ", " : "", member->key);
    }
    return refuse(parse, key, "no member \"%.60s\" in %s; the nearest is \"%s\"; accepted: %s", key,
                  parse->object->what, nearest.word, form);
}

static bool take_members(const struct parse *parse, json_t *object, void *target)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        const struct trace_member *member = parse->object->members;
        while (member->key && strcmp(member->key, key) != 0)
            member++;
        if (!member->key)
            return refuse_key(parse, key);
        if (!take_value(parse, member, value, target))
            return false;
    }
    for (const struct trace_member *member = parse->object->members; member->key; member++)
        if (member->required && !json_object_get(object, member->key))
            return refuse(parse, "", "a member \"%s\" is missing in %s", member->key,
                          parse->object->what);
    return true;
}

/* Lines --------------------------------------------------------------------- */

/* The whole length, which is that of the bytes if it is not given. */
static bool check_length(const struct parse *parse, const json_t *object, const char *key,
                         struct trace_data *data)
{
    if (!json_object_get(object, key))
        data->length = data->kept;
    return data->length >= data->kept ||
           refuse(parse, key, "%s: there are more bytes than this length", key);
}

/* What members of a command have to do with each other. */
static bool check_command(const struct parse *parse, const json_t *object,
                          struct trace_command *command)
{
    bool failed = command->status == DRIVE_STATUS_CHECK_CONDITION;

    if (command->nexus == 0)
        command->nexus = 1;
    if (json_object_get(object, "after") && !command->has_state)
        return refuse(parse, "after", "after: there is no \"before\"");
    if (!json_object_get(object, "after"))
        command->after = command->before;
    if (command->given_up && json_object_get(object, "status"))
        return refuse(parse, "status", "status: there is none of a command that was given up");
    if (failed != (json_object_get(object, "sense") != NULL))
        return refuse(parse, failed ? "status" : "sense",
                      failed ? "status: check-condition needs a member \"sense\""
                             : "sense: accepted with the status check-condition only");
    if (command->status == DRIVE_STATUS_GOOD && !command->given_up && !command->ignores_in)
        command->knows_in = true;
    return check_length(parse, object, "in-length", &command->in) &&
           check_length(parse, object, "out-length", &command->out);
}

/* The row of the line; NULL with the fault filled. */
static const struct trace_kind *find_kind(const struct parse *parse, const json_t *object)
{
    static const struct trace_member name = {
        .key = "event",
        .place = {.size = sizeof(enum drive_event_kind)},
        .words = &trace_event_words,
    };
    static const struct {
        const char *key;
        enum trace_line_kind kind;
    } marks[] = {
        {"vodd-trace", TRACE_LINE_HEADER},
        {"end",        TRACE_LINE_END   },
    };
    enum drive_event_kind event = 0;
    json_t *value = json_object_get(object, name.key);

    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (json_object_get(object, marks[i].key))
            return trace_kind_of(marks[i].kind, 0);
    if (!value)
        return trace_kind_of(json_object_get(object, "lost") ? TRACE_LINE_LOSS : TRACE_LINE_COMMAND,
                             0);
    return take_word(parse, &name, value, &event) ? trace_kind_of(TRACE_LINE_EVENT, event) : NULL;
}

static bool take_line(struct parse *parse, json_t *object, struct trace_line *line)
{
    const struct trace_kind *kind;
    void *const targets[] = {
        [TRACE_LINE_HEADER] = &line->header, [TRACE_LINE_COMMAND] = &line->command,
        [TRACE_LINE_EVENT] = &line->event,   [TRACE_LINE_LOSS] = &line->loss,
        [TRACE_LINE_END] = &line->end,
    };

    if (!json_is_object(object))
        return refuse(parse, "", "a line of a trace is an object");
    kind = find_kind(parse, object);
    if (!kind)
        return false;
    line->kind = kind->kind;
    parse->object = &kind->object;
    memset(targets[kind->kind], 0, kind->object.size);
    return take_members(parse, object, targets[kind->kind]) &&
           (kind->kind != TRACE_LINE_COMMAND || check_command(parse, object, &line->command));
}

bool trace_json_parse(const char *text, size_t length, struct trace_line *line,
                      struct trace_fault *fault)
{
    struct parse parse = {.text = text, .at = text, .fault = fault};
    json_error_t error;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    bool right;

    if (!object) {
        fault->column = (size_t)(error.position > 0 ? error.position : 1);
        snprintf(fault->text, sizeof(fault->text),
                 json_error_code(&error) == json_error_duplicate_key
                     ? "%s; accepted: each member once"
                     : "not JSON: %s",
                 error.text);
        return false;
    }
    right = take_line(&parse, object, line);
    json_decref(object);
    return right;
}
