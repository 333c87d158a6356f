/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_observer.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/sense.h"
#include "handlers/trace/trace_json.h"

/* A command that is under way, or room for one. */
struct record {
    struct record *next;
    const struct drive_command *origin; /* NULL: room */
    struct trace_command command;
};

struct trace_observer {
    struct drive_observer observer;
    struct drive *drive;
    struct trace_sink sink;
    size_t medium_bytes;
    struct record *records;
    struct record *executing; /* whose doing is what happens now */
    uint64_t commands, lost;
};

static struct record *find(struct trace_observer *self, const struct drive_command *origin)
{
    struct record *record = self->records;

    while (record && record->origin != origin)
        record = record->next;
    return record;
}

static struct record *take_room(struct trace_observer *self)
{
    struct record *record = find(self, NULL);

    if (record)
        return record;
    record = calloc(1, sizeof(*record));
    if (record) {
        record->next = self->records;
        self->records = record;
    }
    return record;
}

static void keep(struct trace_data *data, const uint8_t *bytes, size_t length, size_t most)
{
    size_t room = data->length < most ? most - (size_t)data->length : 0;
    size_t kept = length < room ? length : room;

    if (kept > 0)
        memcpy(data->bytes + data->kept, bytes, kept);
    data->kept += kept;
    data->length += length;
}

/* Everything but the bytes of the data, which need no clearing. */
static void clear(struct trace_command *command)
{
    command->out.length = command->out.kept = 0;
    command->in.length = command->in.kept = 0;
    command->steps = 0;
    command->fault[0] = 0;
    command->fault_met[0] = 0;
    command->ignored = 0;
    command->knows_in = command->has_state = true;
    command->ignores_in = command->ignores_status = false;
}

static void begin(struct trace_observer *self, const struct drive_event *event)
{
    const struct drive_command *origin = event->command.command;
    struct record *record = take_room(self);
    struct trace_command *command;

    /* Without memory for it the command is left out, and its number shows that. */
    self->commands++;
    if (!record) {
        self->lost++;
        return;
    }
    record->origin = origin;
    command = &record->command;
    clear(command);
    command->number = self->commands;
    command->time = event->command.began;
    command->nexus = drive_nexus_number(origin->nexus);
    command->autosense = drive_nexus_has_autosense(origin->nexus);
    command->lun = origin->lun;
    memcpy(command->cdb, origin->cdb, sizeof(command->cdb));
    command->cdb_length = origin->cdb_length;
    if (drive_data_phase(origin->cdb, origin->cdb_length).direction == DRIVE_DIRECTION_OUT)
        keep(&command->out, origin->data_out, origin->data_out_length, TRACE_DATA_MAX);
    trace_state_of(self->drive, &command->before);
    self->executing = record;
}

static void executed(struct trace_observer *self, const struct drive_event *event)
{
    struct record *record = find(self, event->command.command);

    self->executing = NULL;
    if (record)
        trace_state_of(self->drive, &record->command.after);
}

static void data_in(struct trace_observer *self, const struct drive_event *event)
{
    struct record *record = find(self, event->data.command);
    size_t left = event->data.length;

    if (!record)
        return;
    for (int i = 0; i < event->data.iov_count && left > 0; i++) {
        const struct iovec *iov = &event->data.iov[i];
        size_t length = iov->iov_len < left ? iov->iov_len : left;
        keep(&record->command.in, iov->iov_base, length,
             event->data.from_medium ? self->medium_bytes : TRACE_DATA_MAX);
        left -= length;
    }
}

static void take_sense(struct trace_command *command, const struct drive_command *origin)
{
    struct sense_reading is;

    sense_decode(origin->sense, sizeof(origin->sense), &is);
    command->sense =
        (struct trace_sense){.key = is.key, .asc = is.asc, .ascq = is.ascq, .has_data = true};
    memcpy(command->sense.data, origin->sense, sizeof(origin->sense));
}

static void finished(struct trace_observer *self, const struct drive_event *event)
{
    const struct drive_command *origin = event->command.command;
    struct record *record = find(self, origin);
    struct trace_command *command;

    if (!record)
        return;
    command = &record->command;
    command->duration = event->command.finished - event->command.began;
    command->given_up = event->command.given_up;
    command->status = origin->status;
    take_sense(command, origin);
    self->sink.command(self->sink.context, command);
    record->origin = NULL;
}

static void add_step(struct trace_command *command, const struct drive_event *event)
{
    if (command->steps < TRACE_STEPS_MAX)
        command->step[command->steps++] =
            (struct trace_step){event->agid.agid, event->agid.from, event->agid.to};
}

static void take_name(char name[FAULT_NAME_MAX + 1], const char *given)
{
    snprintf(name, FAULT_NAME_MAX + 1, "%s", given);
}

/* The rule of a command, whose effect may come with its data only. */
static void take_fault(struct trace_observer *self, const struct drive_event *event)
{
    struct record *record = find(self, event->fault.command);

    if (!record)
        return;
    take_name(event->fault.change == DRIVE_FAULT_APPLIED ? record->command.fault
                                                         : record->command.fault_met,
              event->fault.name);
}

/* What happened between commands; of what a command did its state tells. */
static void other(struct trace_observer *self, const struct drive_event *event)
{
    struct trace_event line = {.time = drive_now(self->drive), .kind = event->kind};

    if (event->kind == DRIVE_EVENT_FAULT && event->fault.command) {
        take_fault(self, event);
        return;
    }
    if (self->executing) {
        if (event->kind == DRIVE_EVENT_AGID)
            add_step(&self->executing->command, event);
        return;
    }
    if (!self->sink.event || !trace_event_name(event->kind))
        return;
    if (event->kind == DRIVE_EVENT_MEDIUM)
        line.medium = event->medium;
    else if (event->kind == DRIVE_EVENT_RESET)
        line.reset = event->reset;
    else if (event->kind == DRIVE_EVENT_AGID)
        line.agid = (struct trace_step){event->agid.agid, event->agid.from, event->agid.to};
    else if (event->kind == DRIVE_EVENT_REGION)
        line.region = event->region;
    else if (event->kind == DRIVE_EVENT_UNIT_ATTENTION) {
        line.attention.nexus = drive_nexus_number(event->attention.nexus);
        line.attention.asc = event->attention.asc;
        line.attention.ascq = event->attention.ascq;
    } else if (event->kind == DRIVE_EVENT_FAULT) {
        take_name(line.fault.name, event->fault.name);
        line.fault.change = event->fault.change;
    } else {
        line.flag = event->flag;
    }
    self->sink.event(self->sink.context, &line);
}

static void observe(struct drive_observer *observer, const struct drive_event *event)
{
    struct trace_observer *self =
        (struct trace_observer *)(void *)((char *)observer -
                                          offsetof(struct trace_observer, observer));

    switch (event->kind) {
    case DRIVE_EVENT_COMMAND_BEGINS:
        begin(self, event);
        break;
    case DRIVE_EVENT_COMMAND_EXECUTED:
        executed(self, event);
        break;
    case DRIVE_EVENT_DATA_IN:
        data_in(self, event);
        break;
    case DRIVE_EVENT_COMMAND:
        finished(self, event);
        break;
    default:
        other(self, event);
    }
}

struct trace_observer *trace_observer_create(struct drive *drive, const struct trace_sink *sink,
                                             size_t medium_bytes)
{
    struct trace_observer *self = calloc(1, sizeof(*self));

    if (!self)
        return NULL;
    self->drive = drive;
    self->sink = *sink;
    self->medium_bytes = medium_bytes < TRACE_DATA_MAX ? medium_bytes : TRACE_DATA_MAX;
    self->observer.event = observe;
    drive_observe(drive, &self->observer);
    return self;
}

uint64_t trace_observer_lost(const struct trace_observer *observer)
{
    return observer->lost;
}

void trace_observer_destroy(struct trace_observer *observer)
{
    if (!observer)
        return;
    drive_unobserve(observer->drive, &observer->observer);
    while (observer->records) {
        struct record *record = observer->records;
        observer->records = record->next;
        free(record);
    }
    free(observer);
}
