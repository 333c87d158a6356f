/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_json.h"

#include <stdio.h>
#include <string.h>

#include "handlers/text/json_text.h"
#include "handlers/trace/trace_members.h"

/* Lines that are written: the table of the members says what and where from. */

static json_t *object_json(const struct trace_object *table, const void *object);

/* The bytes of an integer, an enumeration or a boolean of whatever size. */
static uint64_t load(const void *object, const struct trace_place *place)
{
    const char *at = (const char *)object + place->offset;
    uint32_t small;
    uint64_t large;

    if (place->size == sizeof(uint8_t))
        return *(const uint8_t *)at;
    if (place->size == sizeof(small)) {
        memcpy(&small, at, sizeof(small));
        return small;
    }
    memcpy(&large, at, sizeof(large));
    return large;
}

static json_t *word_json(const struct trace_words *words, uint64_t value)
{
    return json_string_nocheck(value < words->count ? words->word[value] : NULL);
}

static json_t *bytes_json(const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[2 * TRACE_DATA_MAX + 1];

    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return json_stringn_nocheck(text, 2 * count);
}

/* Takes both over. */
static json_t *append(json_t *list, json_t *item)
{
    if (list && json_array_append_new(list, item) == 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *array_json(const struct trace_member *member, const void *object)
{
    uint64_t count = load(object, &member->count);
    bool is_words = member->type == TRACE_WORDS;
    struct trace_place place = member->place;
    json_t *list = json_array();

    place.size = is_words ? place.size / member->maximum : member->object->size;
    for (uint64_t i = 0; i < count && list; i++, place.offset += place.size)
        list = append(list, is_words
                                ? word_json(member->words, load(object, &place))
                                : object_json(member->object, (const char *)object + place.offset));
    return list;
}

static json_t *ignored_json(const struct trace_command *command)
{
    json_t *list = json_array();
    char text[32];

    if (command->ignores_status)
        list = append(list, json_string_nocheck("status"));
    if (command->ignores_in)
        list = append(list, json_string_nocheck("in"));
    for (unsigned i = 0; i < command->ignored; i++) {
        snprintf(text, sizeof(text), "%u-%u", command->ignore[i].first, command->ignore[i].last);
        list = append(list, json_string_nocheck(text));
    }
    return list;
}

static json_t *value_json(const struct trace_member *member, const void *object)
{
    const char *at = (const char *)object + member->place.offset;

    if (member->make)
        return member->make(object);
    switch (member->type) {
    case TRACE_NUMBER:
        return json_integer((json_int_t)load(object, &member->place));
    case TRACE_FLAG:
        return json_boolean(load(object, &member->place));
    case TRACE_WORD:
        return word_json(member->words, load(object, &member->place));
    case TRACE_TEXT:
        return json_text(at);
    case TRACE_BYTES:
        return bytes_json(
            (const uint8_t *)at,
            (size_t)(member->count.size > 0 ? load(object, &member->count) : member->maximum));
    case TRACE_OBJECT:
        return object_json(member->object, at);
    case TRACE_WORDS:
    case TRACE_OBJECTS:
        return array_json(member, object);
    case TRACE_IGNORED:
        return ignored_json(object);
    case TRACE_REMARK:
        break;
    }
    return NULL;
}

static json_t *object_json(const struct trace_object *table, const void *object)
{
    json_t *json = json_object();

    for (const struct trace_member *member = table->members; member->key && json; member++) {
        if (member->is_written && !member->is_written(object))
            continue;
        /* jansson refuses a value that could not be made. */
        if (json_object_set_new_nocheck(json, member->key, value_json(member, object)) < 0) {
            json_decref(json);
            json = NULL;
        }
    }
    return json;
}

json_t *trace_json_header(const struct trace_header *header)
{
    return object_json(&trace_kind_of(TRACE_LINE_HEADER, 0)->object, header);
}

json_t *trace_json_command(const struct trace_command *command)
{
    return object_json(&trace_kind_of(TRACE_LINE_COMMAND, 0)->object, command);
}

json_t *trace_json_event(const struct trace_event *event)
{
    return object_json(&trace_kind_of(TRACE_LINE_EVENT, event->kind)->object, event);
}

json_t *trace_json_loss(const struct trace_loss *loss)
{
    return object_json(&trace_kind_of(TRACE_LINE_LOSS, 0)->object, loss);
}

json_t *trace_json_end(const struct trace_end *end)
{
    return object_json(&trace_kind_of(TRACE_LINE_END, 0)->object, end);
}

json_t *trace_json_line(const struct trace_line *line)
{
    switch (line->kind) {
    case TRACE_LINE_HEADER:
        return trace_json_header(&line->header);
    case TRACE_LINE_EVENT:
        return trace_json_event(&line->event);
    case TRACE_LINE_LOSS:
        return trace_json_loss(&line->loss);
    case TRACE_LINE_END:
        return trace_json_end(&line->end);
    case TRACE_LINE_COMMAND:
        break;
    }
    return trace_json_command(&line->command);
}
