/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "handlers/trace/trace_parse.h"

/* Lines with a command. */

#define COMMAND ((struct trace_command *)target)

static bool take_number(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_integer(parse, key, value, INT64_MAX, &COMMAND->number);
}

static bool take_time(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_integer(parse, key, value, INT64_MAX, &COMMAND->time);
}

static bool take_duration(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_integer(parse, key, value, INT64_MAX, &COMMAND->duration);
}

static bool take_nexus(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t number;

    if (!trace_parse_integer(parse, key, value, UINT32_MAX, &number))
        return false;
    COMMAND->nexus = (unsigned)number;
    return true;
}

static bool take_autosense(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_flag(parse, key, value, &COMMAND->autosense);
}

static bool take_lun(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_byte(parse, key, value, UINT8_MAX, &COMMAND->lun);
}

static bool take_cdb(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    size_t count;

    if (!trace_parse_hex(parse, key, value, 6, DRIVE_CDB_MAX, COMMAND->cdb, &count))
        return false;
    COMMAND->cdb_length = (uint8_t)count;
    return true;
}

static bool take_data(struct trace_parse *parse, const char *key, json_t *value,
                      struct trace_data *data)
{
    if (!trace_parse_hex(parse, key, value, 0, TRACE_DATA_MAX, data->bytes, &data->kept))
        return false;
    if (data->length < data->kept)
        data->length = data->kept;
    return true;
}

static bool take_out(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return take_data(parse, key, value, &COMMAND->out);
}

static bool take_in(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    COMMAND->knows_in = true;
    return take_data(parse, key, value, &COMMAND->in);
}

static bool take_out_length(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_integer(parse, key, value, UINT32_MAX, &COMMAND->out.length);
}

static bool take_in_length(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    COMMAND->knows_in = true;
    return trace_parse_integer(parse, key, value, INT64_MAX, &COMMAND->in.length);
}

static bool take_given_up(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_flag(parse, key, value, &COMMAND->given_up);
}

static bool take_status(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    const char *text = json_string_value(value);

    for (unsigned status = 0; text && status <= UINT8_MAX; status++) {
        const char *name = trace_status_name((enum drive_status)status);
        if (name && strcmp(name, text) == 0) {
            COMMAND->status = (enum drive_status)status;
            return true;
        }
    }
    return trace_parse_refuse_value(
        parse, key, value, "good | check-condition | busy | reservation-conflict | task-set-full");
}

static bool take_sense_number(struct trace_parse *parse, const char *key, json_t *value,
                              void *target)
{
    struct trace_sense *sense = target;

    if (strcmp(key, "key") == 0)
        return trace_parse_byte(parse, key, value, 0x0F, &sense->key);
    return trace_parse_byte(parse, key, value, UINT8_MAX,
                            strcmp(key, "asc") == 0 ? &sense->asc : &sense->ascq);
}

static bool take_sense_data(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_sense *sense = target;
    size_t count;

    sense->has_data = true;
    return trace_parse_hex(parse, key, value, DRIVE_SENSE_SIZE, DRIVE_SENSE_SIZE, sense->data,
                           &count);
}

static const struct trace_member sense_members[] = {
    {"key",  take_sense_number, true },
    {"asc",  take_sense_number, true },
    {"ascq", take_sense_number, true },
    {"name", trace_parse_skip,  false},
    {"text", trace_parse_skip,  false},
    {"data", take_sense_data,   false},
    {NULL,   NULL,              false},
};

static bool take_sense(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_object(parse, key, value, sense_members, &COMMAND->sense);
}

static bool take_before(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    COMMAND->has_state = true;
    return trace_parse_object(parse, key, value, trace_state_members, &COMMAND->before);
}

static bool take_after(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_object(parse, key, value, trace_state_members, &COMMAND->after);
}

static bool take_steps(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_command *command = target;

    if (!json_is_array(value) || json_array_size(value) > TRACE_STEPS_MAX)
        return trace_parse_refuse_value(parse, key, value, "an array of up to 8 objects");
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!trace_parse_object(parse, key, json_array_get(value, i), trace_step_members,
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

static bool take_ignore(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    size_t i;
    json_t *item;

    if (!json_is_array(value))
        return trace_parse_refuse_value(parse, key, value, "an array");
    json_array_foreach(value, i, item) if (
        !json_is_string(item) ||
        !take_ignored(
            target, json_string_value(
                        item))) return trace_parse_refuse_value(parse, key, item,
                                                                "\"status\" | \"in\" | up to 8 "
                                                                "ranges of bytes such as \"8-35\"");
    return true;
}

static bool take_fault(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_rule(parse, key, value, COMMAND->fault);
}

static const struct trace_member command_members[] = {
    {"command",    take_number,      false},
    {"time",       take_time,        false},
    {"duration",   take_duration,    false},
    {"nexus",      take_nexus,       false},
    {"autosense",  take_autosense,   false},
    {"lun",        take_lun,         false},
    {"cdb",        take_cdb,         true },
    {"name",       trace_parse_skip, false},
    {"fields",     trace_parse_skip, false},
    {"out-length", take_out_length,  false},
    {"out",        take_out,         false},
    {"given-up",   take_given_up,    false},
    {"status",     take_status,      false},
    {"sense",      take_sense,       false},
    {"in-length",  take_in_length,   false},
    {"in",         take_in,          false},
    {"before",     take_before,      false},
    {"after",      take_after,       false},
    {"fault",      take_fault,       false},
    {"steps",      take_steps,       false},
    {"ignore",     take_ignore,      false},
    {NULL,         NULL,             false},
};

bool trace_parse_command(struct trace_parse *parse, json_t *object, struct trace_command *command)
{
    *command = (struct trace_command){.nexus = 1};
    if (!trace_parse_members(parse, object, command_members, command))
        return false;
    if (json_object_get(object, "after") && !command->has_state)
        return trace_parse_refuse(parse, "after", "after: there is no \"before\"");
    if (command->has_state && !json_object_get(object, "after"))
        command->after = command->before;
    if (command->status == DRIVE_STATUS_CHECK_CONDITION && !json_object_get(object, "sense"))
        return trace_parse_refuse(parse, "status",
                                  "status: check-condition needs a member \"sense\"");
    if (command->status == DRIVE_STATUS_GOOD && !command->given_up && !command->ignores_in)
        command->knows_in = true;
    if (command->in.length < command->in.kept || command->out.length < command->out.kept)
        return trace_parse_refuse(
            parse, command->in.length < command->in.kept ? "in-length" : "out-length",
            "there are more bytes than this length");
    return true;
}
