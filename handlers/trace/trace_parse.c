/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_parse.h"

#include <stdio.h>
#include <string.h>

#include "emulator/state_names.h"

/* Lines that are read: which kind each one is, events, the header. */

/* Events -------------------------------------------------------------------- */

struct event_target {
    struct trace_event event;
    struct trace_state state; /* room for members that states have too */
};

#define EVENT (&((struct event_target *)target)->event)

static bool take_event(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    const char *text = json_string_value(value);

    for (unsigned kind = 0; text && kind <= DRIVE_EVENT_FAULT; kind++) {
        const char *name = trace_event_name((enum drive_event_kind)kind);
        if (name && strcmp(name, text) == 0) {
            EVENT->kind = (enum drive_event_kind)kind;
            return true;
        }
    }
    return trace_parse_refuse_value(
        parse, key, value,
        "medium | eject-request | prevent | agid | asf | region | unit-attention | "
        "reset | fault");
}

static bool take_event_time(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_integer(parse, key, value, INT64_MAX, &EVENT->time);
}

static bool take_event_medium(struct trace_parse *parse, const char *key, json_t *value,
                              void *target)
{
    if (!trace_parse_medium(parse, key, value, &((struct event_target *)target)->state))
        return false;
    EVENT->medium = ((struct event_target *)target)->state.medium;
    return true;
}

static bool take_event_reset(struct trace_parse *parse, const char *key, json_t *value,
                             void *target)
{
    unsigned name;

    if (!trace_parse_name(parse, key, value, drive_reset_names, DRIVE_RESETS, &name))
        return false;
    EVENT->reset = (enum drive_reset)name;
    return true;
}

static bool take_event_step(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_object(parse, key, value, trace_step_members, &EVENT->agid);
}

static bool take_event_region(struct trace_parse *parse, const char *key, json_t *value,
                              void *target)
{
    return trace_parse_object(parse, key, value, trace_region_members, &EVENT->region);
}

static bool take_event_flag(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_flag(parse, key, value, &EVENT->flag);
}

static bool take_attention(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t number;

    if (strcmp(key, "asc") == 0)
        return trace_parse_byte(parse, key, value, UINT8_MAX, &EVENT->attention.asc);
    if (strcmp(key, "ascq") == 0)
        return trace_parse_byte(parse, key, value, UINT8_MAX, &EVENT->attention.ascq);
    if (!trace_parse_integer(parse, key, value, UINT32_MAX, &number))
        return false;
    EVENT->attention.nexus = (unsigned)number;
    return true;
}

static bool take_event_rule(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_rule(parse, key, value, EVENT->fault.name);
}

static bool take_event_change(struct trace_parse *parse, const char *key, json_t *value,
                              void *target)
{
    unsigned name;

    if (!trace_parse_name(parse, key, value, trace_fault_changes, TRACE_FAULT_CHANGES, &name))
        return false;
    EVENT->fault.change = (enum drive_fault_change)name;
    return true;
}

static const struct trace_member event_members[] = {
    {"event",  take_event,        true },
    {"time",   take_event_time,   false},
    {"medium", take_event_medium, false},
    {"reset",  take_event_reset,  false},
    {"step",   take_event_step,   false},
    {"region", take_event_region, false},
    {"set",    take_event_flag,   false},
    {"name",   take_event_rule,   false},
    {"change", take_event_change, false},
    {"nexus",  take_attention,    false},
    {"asc",    take_attention,    false},
    {"ascq",   take_attention,    false},
    {NULL,     NULL,              false},
};

/* The one member that says what happened. */
static const char *event_argument(enum drive_event_kind kind)
{
    static const char *const arguments[] = {
        [DRIVE_EVENT_MEDIUM] = "medium",
        [DRIVE_EVENT_PREVENT] = "set",
        [DRIVE_EVENT_AGID] = "step",
        [DRIVE_EVENT_ASF] = "set",
        [DRIVE_EVENT_REGION] = "region",
        [DRIVE_EVENT_RESET] = "reset",
        [DRIVE_EVENT_UNIT_ATTENTION] = "nexus",
        [DRIVE_EVENT_FAULT] = "name",
    };

    return arguments[kind];
}

static bool parse_event(struct trace_parse *parse, json_t *object, struct trace_event *event)
{
    struct event_target target = {0};
    const char *argument;

    /* First, since the others share their room. */
    if (!take_event(parse, "event", json_object_get(object, "event"), &target))
        return false;
    argument = event_argument(target.event.kind);
    if (argument && !json_object_get(object, argument))
        return trace_parse_refuse(parse, "event", "event: a member \"%s\" is missing", argument);
    if (!trace_parse_members(parse, object, event_members, &target))
        return false;
    *event = target.event;
    return true;
}

/* The header ---------------------------------------------------------------- */

#define HEADER ((struct trace_header *)target)

static bool take_format(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    (void)target;
    if (json_is_integer(value) && json_integer_value(value) == TRACE_FORMAT)
        return true;
    return trace_parse_refuse_value(parse, key, value, "1, the format that this version reads");
}

static bool take_identity(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    const struct {
        const char *key;
        char *room;
        size_t size;
    } texts[] = {
        {"vendor",   HEADER->vendor,   sizeof(HEADER->vendor)  },
        {"product",  HEADER->product,  sizeof(HEADER->product) },
        {"revision", HEADER->revision, sizeof(HEADER->revision)},
        {"serial",   HEADER->serial,   sizeof(HEADER->serial)  },
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        if (strcmp(key, texts[i].key) != 0)
            continue;
        if (!json_is_string(value) || json_string_length(value) >= texts[i].size)
            return trace_parse_refuse_value(parse, key, value, "a text as long as INQUIRY has it");
        memcpy(texts[i].room, json_string_value(value), json_string_length(value) + 1);
    }
    return true;
}

static const struct trace_member drive_members[] = {
    {"vendor",   take_identity, false},
    {"product",  take_identity, false},
    {"revision", take_identity, false},
    {"serial",   take_identity, false},
    {NULL,       NULL,          false},
};

static bool take_drive(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_object(parse, key, value, drive_members, target);
}

static bool take_started(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t seconds;

    if (!trace_parse_integer(parse, key, value, INT64_MAX, &seconds))
        return false;
    HEADER->started = (int64_t)seconds;
    return true;
}

static bool take_header_time(struct trace_parse *parse, const char *key, json_t *value,
                             void *target)
{
    return trace_parse_integer(parse, key, value, INT64_MAX, &HEADER->time);
}

static bool take_header_state(struct trace_parse *parse, const char *key, json_t *value,
                              void *target)
{
    HEADER->has_state = true;
    return trace_parse_object(parse, key, value, trace_state_members, &HEADER->state);
}

static const struct trace_member header_members[] = {
    {"vodd-trace", take_format,       true },
    {"version",    trace_parse_skip,  false},
    {"comment",    trace_parse_skip,  false},
    {"drive",      take_drive,        false},
    {"started",    take_started,      false},
    {"time",       take_header_time,  false},
    {"state",      take_header_state, false},
    {NULL,         NULL,              false},
};

/* Lines --------------------------------------------------------------------- */

static bool parse_object(struct trace_parse *parse, json_t *object, struct trace_line *line)
{
    if (json_object_get(object, "vodd-trace")) {
        line->kind = TRACE_LINE_HEADER;
        line->header = (struct trace_header){0};
        return trace_parse_members(parse, object, header_members, &line->header);
    }
    if (json_object_get(object, "event")) {
        line->kind = TRACE_LINE_EVENT;
        return parse_event(parse, object, &line->event);
    }
    line->kind = TRACE_LINE_COMMAND;
    return trace_parse_command(parse, object, &line->command);
}

bool trace_json_parse(const char *text, size_t length, struct trace_line *line,
                      struct trace_fault *fault)
{
    struct trace_parse parse = {.text = text, .at = text, .fault = fault};
    json_error_t error;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    bool right;

    if (!object) {
        fault->column = (size_t)(error.position > 0 ? error.position : 1);
        snprintf(fault->text, sizeof(fault->text), "not JSON: %s", error.text);
        return false;
    }
    if (json_is_object(object))
        right = parse_object(&parse, object, line);
    else
        right = trace_parse_refuse(&parse, "", "a line of a trace is an object");
    json_decref(object);
    return right;
}
