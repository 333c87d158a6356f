/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/state_names.h"
#include "media/nearest_word.h"
#include "media/settings.h"

/*
 * Lines that are read.  Each kind of object is a table of its members; whatever is in none of them
 * is a fault.
 */

struct parse {
    const char *text;
    const char *at; /* where the object that is being read begins, for columns */
    struct trace_fault *fault;
};

struct member {
    const char *key;
    bool (*take)(struct parse *parse, const char *key, json_t *value, void *target);
    bool required;
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

__attribute__((format(printf, 3, 4))) static bool refuse(struct parse *parse, const char *key,
                                                         const char *format, ...)
{
    va_list arguments;

    parse->fault->column = (size_t)(find_key(parse, key) - parse->text) + 1;
    va_start(arguments, format);
    vsnprintf(parse->fault->text, sizeof(parse->fault->text), format, arguments);
    va_end(arguments);
    return false;
}

/* "KEY: VALUE: not accepted; accepted: FORM" */
static bool refuse_value(struct parse *parse, const char *key, const json_t *value,
                         const char *form)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    refuse(parse, key, "%s: %.60s is not right; accepted: %s", key, text ? text : "the value",
           form);
    free(text);
    return false;
}

static bool refuse_key(struct parse *parse, const char *key, const struct member *members)
{
    struct nearest_word nearest;

    nearest_word_init(&nearest, key);
    for (; members->key; members++)
        nearest_word_consider(&nearest, members->key);
    return refuse(parse, key, "no member \"%.60s\"; the nearest is \"%s\"", key, nearest.word);
}

static bool take_members(struct parse *parse, json_t *object, const struct member *members,
                         void *target)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        const struct member *member = members;
        while (member->key && strcmp(member->key, key) != 0)
            member++;
        if (!member->key)
            return refuse_key(parse, key, members);
        if (!member->take(parse, key, value, target))
            return false;
    }
    for (; members->key; members++)
        if (members->required && !json_object_get(object, members->key))
            return refuse(parse, "", "a member \"%s\" is missing", members->key);
    return true;
}

/* An object that is a member: columns count from its key on. */
static bool take_object(struct parse *parse, const char *key, json_t *value,
                        const struct member *members, void *target)
{
    struct parse inner = *parse;

    if (!json_is_object(value))
        return refuse_value(parse, key, value, "an object");
    inner.at = find_key(parse, key);
    return take_members(&inner, value, members, target);
}

/* Values -------------------------------------------------------------------- */

static bool take_integer(struct parse *parse, const char *key, const json_t *value,
                         uint64_t maximum, uint64_t *target)
{
    char form[60];

    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        (uint64_t)json_integer_value(value) <= maximum) {
        *target = (uint64_t)json_integer_value(value);
        return true;
    }
    snprintf(form, sizeof(form), "a whole number 0..%llu", (unsigned long long)maximum);
    return refuse_value(parse, key, value, form);
}

static bool take_byte(struct parse *parse, const char *key, const json_t *value, uint8_t maximum,
                      uint8_t *target)
{
    uint64_t number;

    if (!take_integer(parse, key, value, maximum, &number))
        return false;
    *target = (uint8_t)number;
    return true;
}

static bool take_flag(struct parse *parse, const char *key, const json_t *value, bool *target)
{
    *target = json_is_true(value);
    return json_is_boolean(value) || refuse_value(parse, key, value, "true | false");
}

/* One of `count` names; its index. */
static bool take_name(struct parse *parse, const char *key, const json_t *value,
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
    return refuse_value(parse, key, value, form);
}

/* Hexadecimal bytes, `minimum` to `maximum` of them. */
static bool take_hex(struct parse *parse, const char *key, const json_t *value, size_t minimum,
                     size_t maximum, uint8_t *bytes, size_t *count)
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
    return refuse_value(parse, key, value, form);
}

static bool skip(struct parse *parse, const char *key, json_t *value, void *target)
{
    (void)parse, (void)key, (void)value, (void)target;
    return true;
}

/* States -------------------------------------------------------------------- */

static bool take_mask(struct parse *parse, const char *key, json_t *value, void *target)
{
    size_t count;

    return take_hex(parse, key, value, 1, 1, &((struct region_state *)target)->mask, &count);
}

static bool take_changes(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_byte(parse, key, value, REGION_USER_CHANGES,
                     &((struct region_state *)target)->user_changes);
}

static bool take_resets(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_byte(parse, key, value, REGION_VENDOR_RESETS,
                     &((struct region_state *)target)->vendor_resets);
}

static const struct member region_members[] = {
    {"mask",          take_mask,    true },
    {"user-changes",  take_changes, true },
    {"vendor-resets", take_resets,  true },
    {NULL,            NULL,         false},
};

static bool take_medium(struct parse *parse, const char *key, json_t *value, void *target)
{
    unsigned name;

    if (!take_name(parse, key, value, drive_medium_state_names, DRIVE_MEDIUM_STATES, &name))
        return false;
    ((struct trace_state *)target)->medium = (enum drive_medium_state)name;
    return true;
}

static bool take_agids(struct parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_state *state = target;
    unsigned name;

    if (!json_is_array(value) || json_array_size(value) > PROFILE_AGIDS_MAX)
        return refuse_value(parse, key, value, "an array of up to 4 states");
    state->agids = (unsigned)json_array_size(value);
    for (unsigned i = 0; i < state->agids; i++) {
        if (!take_name(parse, key, json_array_get(value, i), css_auth_state_names, CSS_AUTH_STATES,
                       &name))
            return false;
        state->agid[i] = (enum css_auth_state)name;
    }
    return true;
}

static bool take_asf(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_flag(parse, key, value, &((struct trace_state *)target)->asf);
}

static bool take_region(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_object(parse, key, value, region_members, &((struct trace_state *)target)->region);
}

static const struct member state_members[] = {
    {"medium", take_medium, true },
    {"agids",  take_agids,  true },
    {"asf",    take_asf,    true },
    {"region", take_region, true },
    {NULL,     NULL,        false},
};

static bool take_step_agid(struct parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t agid;

    if (!take_integer(parse, key, value, PROFILE_AGIDS_MAX - 1, &agid))
        return false;
    ((struct trace_step *)target)->agid = (unsigned)agid;
    return true;
}

static bool take_step_state(struct parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_step *step = target;
    unsigned name;

    if (!take_name(parse, key, value, css_auth_state_names, CSS_AUTH_STATES, &name))
        return false;
    *(strcmp(key, "from") == 0 ? &step->from : &step->to) = (enum css_auth_state)name;
    return true;
}

static const struct member step_members[] = {
    {"agid", take_step_agid,  true },
    {"from", take_step_state, true },
    {"to",   take_step_state, true },
    {NULL,   NULL,            false},
};

/* Commands ------------------------------------------------------------------ */

#define COMMAND ((struct trace_command *)target)

static bool take_number(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_integer(parse, key, value, INT64_MAX, &COMMAND->number);
}

static bool take_time(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_integer(parse, key, value, INT64_MAX, &COMMAND->time);
}

static bool take_duration(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_integer(parse, key, value, INT64_MAX, &COMMAND->duration);
}

static bool take_nexus(struct parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t number;

    if (!take_integer(parse, key, value, UINT32_MAX, &number))
        return false;
    COMMAND->nexus = (unsigned)number;
    return true;
}

static bool take_autosense(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_flag(parse, key, value, &COMMAND->autosense);
}

static bool take_lun(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_byte(parse, key, value, UINT8_MAX, &COMMAND->lun);
}

static bool take_cdb(struct parse *parse, const char *key, json_t *value, void *target)
{
    size_t count;

    if (!take_hex(parse, key, value, 6, DRIVE_CDB_MAX, COMMAND->cdb, &count))
        return false;
    COMMAND->cdb_length = (uint8_t)count;
    return true;
}

static bool take_data(struct parse *parse, const char *key, json_t *value, struct trace_data *data)
{
    if (!take_hex(parse, key, value, 0, TRACE_DATA_MAX, data->bytes, &data->kept))
        return false;
    if (data->length < data->kept)
        data->length = data->kept;
    return true;
}

static bool take_out(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_data(parse, key, value, &COMMAND->out);
}

static bool take_in(struct parse *parse, const char *key, json_t *value, void *target)
{
    COMMAND->knows_in = true;
    return take_data(parse, key, value, &COMMAND->in);
}

static bool take_out_length(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_integer(parse, key, value, UINT32_MAX, &COMMAND->out.length);
}

static bool take_in_length(struct parse *parse, const char *key, json_t *value, void *target)
{
    COMMAND->knows_in = true;
    return take_integer(parse, key, value, INT64_MAX, &COMMAND->in.length);
}

static bool take_given_up(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_flag(parse, key, value, &COMMAND->given_up);
}

static bool take_status(struct parse *parse, const char *key, json_t *value, void *target)
{
    const char *text = json_string_value(value);

    for (unsigned status = 0; text && status <= UINT8_MAX; status++) {
        const char *name = trace_status_name((enum drive_status)status);
        if (name && strcmp(name, text) == 0) {
            COMMAND->status = (enum drive_status)status;
            return true;
        }
    }
    return refuse_value(parse, key, value,
                        "good | check-condition | busy | reservation-conflict | task-set-full");
}

static bool take_sense_number(struct parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_sense *sense = target;

    if (strcmp(key, "key") == 0)
        return take_byte(parse, key, value, 0x0F, &sense->key);
    return take_byte(parse, key, value, UINT8_MAX,
                     strcmp(key, "asc") == 0 ? &sense->asc : &sense->ascq);
}

static bool take_sense_data(struct parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_sense *sense = target;
    size_t count;

    sense->has_data = true;
    return take_hex(parse, key, value, DRIVE_SENSE_SIZE, DRIVE_SENSE_SIZE, sense->data, &count);
}

static const struct member sense_members[] = {
    {"key",  take_sense_number, true },
    {"asc",  take_sense_number, true },
    {"ascq", take_sense_number, true },
    {"name", skip,              false},
    {"text", skip,              false},
    {"data", take_sense_data,   false},
    {NULL,   NULL,              false},
};

static bool take_sense(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_object(parse, key, value, sense_members, &COMMAND->sense);
}

static bool take_before(struct parse *parse, const char *key, json_t *value, void *target)
{
    COMMAND->has_state = true;
    return take_object(parse, key, value, state_members, &COMMAND->before);
}

static bool take_after(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_object(parse, key, value, state_members, &COMMAND->after);
}

static bool take_steps(struct parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_command *command = target;

    if (!json_is_array(value) || json_array_size(value) > TRACE_STEPS_MAX)
        return refuse_value(parse, key, value, "an array of up to 8 objects");
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!take_object(parse, key, json_array_get(value, i), step_members,
                         &command->step[command->steps++]))
            return false;
    return true;
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

static bool take_ignore(struct parse *parse, const char *key, json_t *value, void *target)
{
    size_t i;
    json_t *item;

    if (!json_is_array(value))
        return refuse_value(parse, key, value, "an array");
    json_array_foreach(
        value, i,
        item) if (!json_is_string(item) ||
                  !take_ignored(target,
                                json_string_value(
                                    item))) return refuse_value(parse, key, item,
                                                                "\"status\" | \"in\" | up to 8 "
                                                                "ranges of bytes such as \"8-35\"");
    return true;
}

static const struct member command_members[] = {
    {"command",    take_number,     false},
    {"time",       take_time,       false},
    {"duration",   take_duration,   false},
    {"nexus",      take_nexus,      false},
    {"autosense",  take_autosense,  false},
    {"lun",        take_lun,        false},
    {"cdb",        take_cdb,        true },
    {"name",       skip,            false},
    {"fields",     skip,            false},
    {"out-length", take_out_length, false},
    {"out",        take_out,        false},
    {"given-up",   take_given_up,   false},
    {"status",     take_status,     false},
    {"sense",      take_sense,      false},
    {"in-length",  take_in_length,  false},
    {"in",         take_in,         false},
    {"before",     take_before,     false},
    {"after",      take_after,      false},
    {"steps",      take_steps,      false},
    {"ignore",     take_ignore,     false},
    {NULL,         NULL,            false},
};

static bool parse_command(struct parse *parse, json_t *object, struct trace_command *command)
{
    *command = (struct trace_command){.nexus = 1};
    if (!take_members(parse, object, command_members, command))
        return false;
    if (json_object_get(object, "after") && !command->has_state)
        return refuse(parse, "after", "after: there is no \"before\"");
    if (command->has_state && !json_object_get(object, "after"))
        command->after = command->before;
    if (command->status == DRIVE_STATUS_CHECK_CONDITION && !json_object_get(object, "sense"))
        return refuse(parse, "status", "status: check-condition needs a member \"sense\"");
    if (command->status == DRIVE_STATUS_GOOD && !command->given_up && !command->ignores_in)
        command->knows_in = true;
    if (command->in.length < command->in.kept || command->out.length < command->out.kept)
        return refuse(parse, command->in.length < command->in.kept ? "in-length" : "out-length",
                      "there are more bytes than this length");
    return true;
}

/* Events -------------------------------------------------------------------- */

struct event_target {
    struct trace_event event;
    struct trace_state state; /* room for members that states have too */
};

#define EVENT (&((struct event_target *)target)->event)

static bool take_event(struct parse *parse, const char *key, json_t *value, void *target)
{
    const char *text = json_string_value(value);

    for (unsigned kind = 0; text && kind <= DRIVE_EVENT_RESET; kind++) {
        const char *name = trace_event_name((enum drive_event_kind)kind);
        if (name && strcmp(name, text) == 0) {
            EVENT->kind = (enum drive_event_kind)kind;
            return true;
        }
    }
    return refuse_value(parse, key, value,
                        "medium | eject-request | prevent | agid | asf | region | unit-attention | "
                        "reset");
}

static bool take_event_time(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_integer(parse, key, value, INT64_MAX, &EVENT->time);
}

static bool take_event_medium(struct parse *parse, const char *key, json_t *value, void *target)
{
    if (!take_medium(parse, key, value, &((struct event_target *)target)->state))
        return false;
    EVENT->medium = ((struct event_target *)target)->state.medium;
    return true;
}

static bool take_event_reset(struct parse *parse, const char *key, json_t *value, void *target)
{
    unsigned name;

    if (!take_name(parse, key, value, drive_reset_names, DRIVE_RESETS, &name))
        return false;
    EVENT->reset = (enum drive_reset)name;
    return true;
}

static bool take_event_step(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_object(parse, key, value, step_members, &EVENT->agid);
}

static bool take_event_region(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_object(parse, key, value, region_members, &EVENT->region);
}

static bool take_event_flag(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_flag(parse, key, value, &EVENT->flag);
}

static bool take_attention(struct parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t number;

    if (strcmp(key, "asc") == 0)
        return take_byte(parse, key, value, UINT8_MAX, &EVENT->attention.asc);
    if (strcmp(key, "ascq") == 0)
        return take_byte(parse, key, value, UINT8_MAX, &EVENT->attention.ascq);
    if (!take_integer(parse, key, value, UINT32_MAX, &number))
        return false;
    EVENT->attention.nexus = (unsigned)number;
    return true;
}

static const struct member event_members[] = {
    {"event",  take_event,        true },
    {"time",   take_event_time,   false},
    {"medium", take_event_medium, false},
    {"reset",  take_event_reset,  false},
    {"step",   take_event_step,   false},
    {"region", take_event_region, false},
    {"set",    take_event_flag,   false},
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
    };

    return arguments[kind];
}

static bool parse_event(struct parse *parse, json_t *object, struct trace_event *event)
{
    struct event_target target = {0};
    const char *argument;

    /* First, since the others share their room. */
    if (!take_event(parse, "event", json_object_get(object, "event"), &target))
        return false;
    argument = event_argument(target.event.kind);
    if (argument && !json_object_get(object, argument))
        return refuse(parse, "event", "event: a member \"%s\" is missing", argument);
    if (!take_members(parse, object, event_members, &target))
        return false;
    *event = target.event;
    return true;
}

/* The header ---------------------------------------------------------------- */

#define HEADER ((struct trace_header *)target)

static bool take_format(struct parse *parse, const char *key, json_t *value, void *target)
{
    (void)target;
    if (json_is_integer(value) && json_integer_value(value) == TRACE_FORMAT)
        return true;
    return refuse_value(parse, key, value, "1, the format that this version reads");
}

static bool take_identity(struct parse *parse, const char *key, json_t *value, void *target)
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
            return refuse_value(parse, key, value, "a text as long as INQUIRY has it");
        memcpy(texts[i].room, json_string_value(value), json_string_length(value) + 1);
    }
    return true;
}

static const struct member drive_members[] = {
    {"vendor",   take_identity, false},
    {"product",  take_identity, false},
    {"revision", take_identity, false},
    {"serial",   take_identity, false},
    {NULL,       NULL,          false},
};

static bool take_drive(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_object(parse, key, value, drive_members, target);
}

static bool take_started(struct parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t seconds;

    if (!take_integer(parse, key, value, INT64_MAX, &seconds))
        return false;
    HEADER->started = (int64_t)seconds;
    return true;
}

static bool take_header_time(struct parse *parse, const char *key, json_t *value, void *target)
{
    return take_integer(parse, key, value, INT64_MAX, &HEADER->time);
}

static bool take_header_state(struct parse *parse, const char *key, json_t *value, void *target)
{
    HEADER->has_state = true;
    return take_object(parse, key, value, state_members, &HEADER->state);
}

static const struct member header_members[] = {
    {"vodd-trace", take_format,       true },
    {"version",    skip,              false},
    {"comment",    skip,              false},
    {"drive",      take_drive,        false},
    {"started",    take_started,      false},
    {"time",       take_header_time,  false},
    {"state",      take_header_state, false},
    {NULL,         NULL,              false},
};

/* Lines --------------------------------------------------------------------- */

static bool parse_object(struct parse *parse, json_t *object, struct trace_line *line)
{
    if (json_object_get(object, "vodd-trace")) {
        line->kind = TRACE_LINE_HEADER;
        line->header = (struct trace_header){0};
        return take_members(parse, object, header_members, &line->header);
    }
    if (json_object_get(object, "event")) {
        line->kind = TRACE_LINE_EVENT;
        return parse_event(parse, object, &line->event);
    }
    line->kind = TRACE_LINE_COMMAND;
    return parse_command(parse, object, &line->command);
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
        snprintf(fault->text, sizeof(fault->text), "not JSON: %s", error.text);
        return false;
    }
    if (json_is_object(object))
        right = parse_object(&parse, object, line);
    else
        right = refuse(&parse, "", "a line of a trace is an object");
    json_decref(object);
    return right;
}
