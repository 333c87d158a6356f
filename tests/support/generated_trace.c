/* SPDX-License-Identifier: MIT */
#include "tests/support/generated_trace.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/mmc_cdb.h"
#include "handlers/trace/trace_json.h"

static uint64_t below(struct random *random, uint64_t limit)
{
    return limit > 0 ? random_next(random) % limit : 0;
}

static json_t *whole(json_t *value)
{
    if (!value)
        abort();
    return value;
}

static uint64_t within(const struct trace_member *member, struct random *random)
{
    uint64_t span = member->maximum - member->minimum;

    switch (below(random, 6)) {
    case 0:
        return member->maximum;
    case 1:
        return member->minimum;
    case 2:
        return member->minimum + below(random, span < UINT64_MAX ? span + 1 : span);
    default:
        return member->minimum + below(random, span < 6 ? span + 1 : 6);
    }
}

static json_t *hexadecimal(const uint8_t *bytes, size_t count)
{
    char *text = calloc(2 * count + 1, 1);
    json_t *value;

    if (!text)
        abort();
    for (size_t i = 0; i < count; i++)
        snprintf(text + 2 * i, 3, "%02X", bytes[i]);
    value = whole(json_string(text));
    free(text);
    return value;
}

/* Any bytes; where they can be a command block, mostly one of the drive's commands, and often one
 * of those that authenticate. */
static json_t *bytes_of(uint64_t count, struct random *random)
{
    static const uint8_t formats[] = {0, 1, 2, 3, 4, 5, 6, 8, 0x3F};
    uint8_t bytes[TRACE_DATA_MAX + 1] = {0};
    unsigned rows = 0;

    while (command_table[rows].name)
        rows++;
    for (uint64_t i = 0; i < count; i++)
        bytes[i] = below(random, 2) ? (uint8_t)random_next(random) : 0;
    if (count >= 6 && count <= DRIVE_CDB_MAX && below(random, 8))
        bytes[0] = command_table[below(random, rows)].operation_code;
    if (count >= 12 && count <= DRIVE_CDB_MAX && below(random, 2)) {
        memset(bytes, 0, 12);
        bytes[0] = below(random, 2) ? MMC_REPORT_KEY : MMC_SEND_KEY;
        bytes[9] = 16;
        bytes[10] = (uint8_t)(below(random, 4) << 6 | formats[below(random, sizeof(formats))]);
    }
    return hexadecimal(bytes, count);
}

static json_t *word_of(const struct trace_words *words, struct random *random)
{
    unsigned i = (unsigned)below(random, words->count);

    while (!words->word[i])
        i = (i + 1) % words->count;
    return whole(json_string(words->word[i]));
}

static json_t *text_of(uint64_t length, struct random *random)
{
    static const char *const pieces[] = {"a", "VODD", "\x1B[2J", "\xC3\xA9", "\xE2\x80\xAE", "<b>"};
    char text[128] = "";
    size_t used = 0;

    if (length > sizeof(text) - 1)
        length = sizeof(text) - 1;
    for (;;) {
        const char *piece = pieces[below(random, sizeof(pieces) / sizeof(*pieces))];
        if (used + strlen(piece) > length || below(random, 6) == 0)
            return whole(json_string(text));
        memcpy(text + used, piece, strlen(piece) + 1);
        used += strlen(piece);
    }
}

static json_t *object_of(const struct trace_object *object, struct random *random)
{
    json_t *json = whole(json_object());

    for (const struct trace_member *member = object ? object->members : NULL; member && member->key;
         member++)
        if (member->required || below(random, 3) == 0)
            json_object_set_new(json, member->key,
                                generated_trace_value(member, GENERATED_RIGHT, random));
    return json;
}

static json_t *list_of(const struct trace_member *member, uint64_t count, struct random *random)
{
    static const char *const ignored[] = {"status", "in", "0-0", "8-35", "4294967295-4294967295"};
    json_t *list = whole(json_array());

    for (uint64_t i = 0; i < count; i++)
        json_array_append_new(list, member->type == TRACE_WORDS ? word_of(member->words, random)
                                    : member->type == TRACE_OBJECTS
                                        ? object_of(member->object, random)
                                        : json_string(ignored[below(random, 5)]));
    return list;
}

static json_t *right(const struct trace_member *member, struct random *random)
{
    switch (member->type) {
    case TRACE_NUMBER:
        return whole(json_integer((json_int_t)within(member, random)));
    case TRACE_FLAG:
        return json_boolean(below(random, 2));
    case TRACE_WORD:
        return word_of(member->words, random);
    case TRACE_TEXT:
        return text_of(member->maximum, random);
    case TRACE_BYTES:
        return bytes_of(within(member, random), random);
    case TRACE_OBJECT:
        return object_of(member->object, random);
    case TRACE_WORDS:
    case TRACE_OBJECTS:
    case TRACE_IGNORED:
        return list_of(member, within(member, random), random);
    case TRACE_REMARK:
        break;
    }
    return whole(json_integer((json_int_t)below(random, 10)));
}

static json_t *out_of_range(const struct trace_member *member, struct random *random)
{
    bool low = member->minimum > 0 && below(random, 2);
    char text[TRACE_DATA_MAX];

    switch (member->type) {
    case TRACE_NUMBER:
        if (low || member->maximum == INT64_MAX)
            return whole(json_integer((json_int_t)member->minimum - 1));
        return whole(json_integer(below(random, 2) ? (json_int_t)member->maximum + 1 : INT64_MAX));
    case TRACE_BYTES:
        return bytes_of(low ? member->minimum - 1 : member->maximum + 1, random);
    case TRACE_WORD:
        return whole(json_string("word"));
    case TRACE_TEXT:
        if (member->maximum >= sizeof(text))
            break;
        memset(text, 'x', member->maximum + 1);
        text[member->maximum + 1] = 0;
        return whole(json_string(text));
    case TRACE_WORDS:
    case TRACE_OBJECTS:
        return list_of(member, member->maximum + 1, random);
    case TRACE_IGNORED:
        return whole(json_pack("[s]", "9-8"));
    default:
        break;
    }
    return generated_trace_value(member, GENERATED_WRONG_TYPE, random);
}

json_t *generated_trace_value(const struct trace_member *member, enum generated_value how,
                              struct random *random)
{
    bool is_object = member->type == TRACE_OBJECT;

    if (how == GENERATED_OUT_OF_RANGE)
        return out_of_range(member, random);
    if (how == GENERATED_RIGHT)
        return right(member, random);
    switch (below(random, 3)) {
    case 0:
        return json_null();
    case 1:
        return whole(json_real(1.5));
    default:
        return whole(is_object ? json_array() : json_object());
    }
}

json_t *generated_trace_line(const struct trace_kind *kind, struct random *random)
{
    json_t *line = object_of(&kind->object, random);
    const char *status = json_string_value(json_object_get(line, "status"));

    if (kind->kind == TRACE_LINE_EVENT)
        json_object_set_new(line, "event", whole(json_string(trace_event_name(kind->event))));
    if (kind->kind != TRACE_LINE_COMMAND)
        return line;
    /* What the members of a command have to do with each other. */
    if (status && strcmp(status, "check-condition") == 0 && !json_object_get(line, "sense"))
        json_object_set_new(
            line, "sense",
            whole(json_pack("{s:i, s:i, s:i}", "key", (int)below(random, 16), "asc",
                            (int)below(random, 256), "ascq", (int)below(random, 256))));
    else if (!status || strcmp(status, "check-condition") != 0)
        json_object_del(line, "sense");
    if (!json_object_get(line, "before"))
        json_object_del(line, "after");
    if (json_is_true(json_object_get(line, "given-up"))) {
        json_object_del(line, "status");
        json_object_del(line, "sense");
    }
    json_object_del(line, below(random, 2) ? "in" : "in-length");
    json_object_del(line, below(random, 2) ? "out" : "out-length");
    return line;
}

const struct trace_kind *generated_trace_kind(struct random *random)
{
    unsigned kinds = 0;

    while (trace_kinds[kinds].object.members)
        kinds++;
    return &trace_kinds[below(random, kinds)];
}

static const struct trace_member *any_member(struct random *random)
{
    const struct trace_member *members = generated_trace_kind(random)->object.members;
    unsigned count = 0;

    while (members[count].key)
        count++;
    return &members[below(random, count)];
}

/* The name of one of the members that the line has, NULL if it has none. */
static const char *any_key(json_t *line, struct random *random)
{
    size_t count = json_object_size(line);
    void *place = json_object_iter(line);

    for (uint64_t i = count > 0 ? below(random, count) : 0; place && i > 0; i--)
        place = json_object_iter_next(line, place);
    return place ? json_object_iter_key(place) : NULL;
}

void generated_trace_change(json_t *line, struct random *random)
{
    const struct trace_member *member = any_member(random);
    const char *key = any_key(line, random);

    switch (below(random, 4)) {
    case 0:
        if (key)
            json_object_del(line, key);
        break;
    case 1:
        json_object_set_new(
            line, key ? key : "x",
            generated_trace_value(member, (enum generated_value)below(random, 3), random));
        break;
    default:
        json_object_set_new(
            line, member->key,
            generated_trace_value(
                member, below(random, 2) ? GENERATED_RIGHT : (enum generated_value)below(random, 3),
                random));
    }
}
