/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_json.h"

#include <stdio.h>
#include <string.h>

#include "emulator/cdb_fields.h"
#include "emulator/command_table.h"
#include "emulator/sense.h"
#include "emulator/state_names.h"

/*
 * Lines that are written.  jansson gives NULL for a member that cannot be made, and an object
 * refuses that member: one check at the end is enough.
 */

struct line {
    json_t *object;
    bool failed;
};

static void set(struct line *line, const char *key, json_t *value)
{
    if (json_object_set_new_nocheck(line->object, key, value) < 0)
        line->failed = true;
}

static void set_integer(struct line *line, const char *key, uint64_t value)
{
    set(line, key, json_integer((json_int_t)value));
}

static json_t *finish(struct line *line)
{
    if (!line->failed)
        return line->object;
    json_decref(line->object);
    return NULL;
}

static json_t *hex(const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[2 * TRACE_DATA_MAX + 1];

    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return json_stringn_nocheck(text, 2 * count);
}

static json_t *region_json(const struct region_state *region)
{
    struct line line = {.object = json_object()};

    set(&line, "mask", hex(&region->mask, 1));
    set_integer(&line, "user-changes", region->user_changes);
    set_integer(&line, "vendor-resets", region->vendor_resets);
    return finish(&line);
}

static json_t *state_json(const struct trace_state *state)
{
    struct line line = {.object = json_object()};
    json_t *agids = json_array();

    for (unsigned i = 0; i < state->agids; i++)
        json_array_append_new(agids, json_string_nocheck(css_auth_state_names[state->agid[i]]));
    set(&line, "medium", json_string_nocheck(drive_medium_state_names[state->medium]));
    set(&line, "agids", agids);
    set(&line, "asf", json_boolean(state->asf));
    set(&line, "region", region_json(&state->region));
    return finish(&line);
}

static json_t *step_json(const struct trace_step *step)
{
    struct line line = {.object = json_object()};

    set_integer(&line, "agid", step->agid);
    set(&line, "from", json_string_nocheck(css_auth_state_names[step->from]));
    set(&line, "to", json_string_nocheck(css_auth_state_names[step->to]));
    return finish(&line);
}

json_t *trace_json_header(const struct trace_header *header)
{
    struct line line = {.object = json_object()};

    set_integer(&line, "vodd-trace", TRACE_FORMAT);
    set(&line, "version", json_string_nocheck(VODD_VERSION));
    set(&line, "drive",
        json_pack("{s:s, s:s, s:s, s:s}", "vendor", header->vendor, "product", header->product,
                  "revision", header->revision, "serial", header->serial));
    if (header->started > 0)
        set_integer(&line, "started", (uint64_t)header->started);
    set_integer(&line, "time", header->time);
    if (header->has_state)
        set(&line, "state", state_json(&header->state));
    return finish(&line);
}

/* CDB fields ---------------------------------------------------------------- */

static json_t *fields_json(const struct trace_command *command)
{
    struct line line = {.object = json_object()};

    for (const struct cdb_field *field = cdb_fields(command->cdb[0]); field->name; field++)
        set_integer(&line, field->name, cdb_field_value(field, command->cdb));
    return finish(&line);
}

static void set_sense(struct line *line, const struct trace_sense *sense)
{
    const struct sense_description *description = trace_sense_description(sense);
    struct line object = {.object = json_object()};

    set_integer(&object, "key", sense->key);
    set_integer(&object, "asc", sense->asc);
    set_integer(&object, "ascq", sense->ascq);
    if (description) {
        set(&object, "name", json_string_nocheck(description->name));
        set(&object, "text", json_string_nocheck(description->text));
    }
    if (sense->has_data)
        set(&object, "data", hex(sense->data, sizeof(sense->data)));
    set(line, "sense", finish(&object));
}

static void set_data(struct line *line, const char *bytes, const char *length,
                     const struct trace_data *data)
{
    set_integer(line, length, data->length);
    set(line, bytes, hex(data->bytes, data->kept));
}

static void set_ignored(struct line *line, const struct trace_command *command)
{
    json_t *list = json_array();
    char text[32];

    if (command->ignores_status)
        json_array_append_new(list, json_string_nocheck("status"));
    if (command->ignores_in)
        json_array_append_new(list, json_string_nocheck("in"));
    for (unsigned i = 0; i < command->ignored; i++) {
        snprintf(text, sizeof(text), "%u-%u", command->ignore[i].first, command->ignore[i].last);
        json_array_append_new(list, json_string_nocheck(text));
    }
    if (json_array_size(list) > 0)
        set(line, "ignore", list);
    else
        json_decref(list);
}

const char *trace_status_name(enum drive_status status)
{
    switch ((unsigned)status) {
    case DRIVE_STATUS_GOOD:
        return "good";
    case DRIVE_STATUS_CHECK_CONDITION:
        return "check-condition";
    case 0x08:
        return "busy";
    case 0x18:
        return "reservation-conflict";
    case 0x28:
        return "task-set-full";
    default:
        return NULL;
    }
}

static void set_outcome(struct line *line, const struct trace_command *command)
{
    if (command->given_up) {
        set(line, "given-up", json_true());
        return;
    }
    set(line, "status", json_string_nocheck(trace_status_name(command->status)));
    if (command->status == DRIVE_STATUS_CHECK_CONDITION)
        set_sense(line, &command->sense);
}

static void set_states(struct line *line, const struct trace_command *command)
{
    json_t *steps;

    if (!command->has_state)
        return;
    set(line, "before", state_json(&command->before));
    if (!trace_state_equal(&command->before, &command->after))
        set(line, "after", state_json(&command->after));
    if (command->steps == 0)
        return;
    steps = json_array();
    for (unsigned i = 0; i < command->steps; i++)
        json_array_append_new(steps, step_json(&command->step[i]));
    set(line, "steps", steps);
}

json_t *trace_json_command(const struct trace_command *command)
{
    struct line line = {.object = json_object()};
    const struct command_row *row = command_row(command->cdb[0]);

    set_integer(&line, "command", command->number);
    set_integer(&line, "time", command->time);
    set_integer(&line, "duration", command->duration);
    set_integer(&line, "nexus", command->nexus);
    if (command->autosense)
        set(&line, "autosense", json_true());
    if (command->lun != 0)
        set_integer(&line, "lun", command->lun);
    set(&line, "cdb", hex(command->cdb, command->cdb_length));
    if (row) {
        set(&line, "name", json_string_nocheck(row->name));
        if (command->cdb_length >= row->cdb_length)
            set(&line, "fields", fields_json(command));
    }
    if (command->out.length > 0)
        set_data(&line, "out", "out-length", &command->out);
    set_outcome(&line, command);
    if (command->knows_in && command->in.length > 0)
        set_data(&line, "in", "in-length", &command->in);
    if (*command->fault)
        set(&line, "fault", json_string(command->fault));
    set_states(&line, command);
    set_ignored(&line, command);
    return finish(&line);
}

/* Events -------------------------------------------------------------------- */

const char *trace_event_name(enum drive_event_kind kind)
{
    static const char *const names[] = {
        [DRIVE_EVENT_MEDIUM] = "medium",
        [DRIVE_EVENT_EJECT_REQUEST] = "eject-request",
        [DRIVE_EVENT_PREVENT] = "prevent",
        [DRIVE_EVENT_AGID] = "agid",
        [DRIVE_EVENT_ASF] = "asf",
        [DRIVE_EVENT_REGION] = "region",
        [DRIVE_EVENT_UNIT_ATTENTION] = "unit-attention",
        [DRIVE_EVENT_RESET] = "reset",
        [DRIVE_EVENT_FAULT] = "fault",
    };

    return kind < sizeof(names) / sizeof(*names) ? names[kind] : NULL;
}

const char *const trace_fault_changes[TRACE_FAULT_CHANGES] = {
    [DRIVE_FAULT_APPLIED] = "applied",
    [DRIVE_FAULT_ADDED] = "added",
    [DRIVE_FAULT_REMOVED] = "removed",
};

json_t *trace_json_event(const struct trace_event *event)
{
    struct line line = {.object = json_object()};

    set(&line, "event", json_string_nocheck(trace_event_name(event->kind)));
    set_integer(&line, "time", event->time);
    if (event->kind == DRIVE_EVENT_MEDIUM) {
        set(&line, "medium", json_string_nocheck(drive_medium_state_names[event->medium]));
    } else if (event->kind == DRIVE_EVENT_RESET) {
        set(&line, "reset", json_string_nocheck(drive_reset_names[event->reset]));
    } else if (event->kind == DRIVE_EVENT_AGID) {
        set(&line, "step", step_json(&event->agid));
    } else if (event->kind == DRIVE_EVENT_REGION) {
        set(&line, "region", region_json(&event->region));
    } else if (event->kind == DRIVE_EVENT_UNIT_ATTENTION) {
        set_integer(&line, "nexus", event->attention.nexus);
        set_integer(&line, "asc", event->attention.asc);
        set_integer(&line, "ascq", event->attention.ascq);
    } else if (event->kind == DRIVE_EVENT_FAULT) {
        set(&line, "name", json_string(event->fault.name));
        set(&line, "change", json_string_nocheck(trace_fault_changes[event->fault.change]));
    } else if (event->kind != DRIVE_EVENT_EJECT_REQUEST) {
        set(&line, "set", json_boolean(event->flag));
    }
    return finish(&line);
}

json_t *trace_json_line(const struct trace_line *line)
{
    if (line->kind == TRACE_LINE_HEADER)
        return trace_json_header(&line->header);
    if (line->kind == TRACE_LINE_EVENT)
        return trace_json_event(&line->event);
    return trace_json_command(&line->command);
}
