/* SPDX-License-Identifier: MIT */
#include "handlers/replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/sense.h"
#include "handlers/replay/replay_compare.h"
#include "handlers/trace/trace_file.h"

#define NEXUSES_MAX 256
#define PIECE       65536
/* More attentions than a nexus can have pending: a fault rule may make them without end. */
#define ATTENTIONS_MAX 32

struct replay {
    const struct trace_reader *reader;
    const struct replay_options *options;
    struct diagnostics *diagnostics;
    struct drive *drive;
    struct trace_file *record;
    uint64_t origin; /* time of the trace's header */
    uint64_t begin;  /* the drive's time then */
    unsigned nexuses;
    struct {
        unsigned number;
        struct drive_nexus *nexus;
    } nexus[NEXUSES_MAX];
    struct trace_line line;
    struct replay_answer answer;
    uint8_t list[DRIVE_DATA_OUT_MAX]; /* the parameter list of the command */
    uint8_t piece[PIECE];
};

/* The drive's time for one of the trace.  Traces without times stand still. */
static uint64_t now_of(const struct replay *replay, uint64_t time)
{
    return replay->begin + (time > replay->origin ? time - replay->origin : 0);
}

/* Hosts --------------------------------------------------------------------- */

static void clear_attention(struct replay *replay, struct drive_nexus *nexus, uint64_t now)
{
    struct drive_command command = {.nexus = nexus, .cdb_length = 6}; /* TEST UNIT READY */
    struct sense_reading sense;

    for (unsigned i = 0; i < ATTENTIONS_MAX; i++) {
        drive_execute(replay->drive, &command, NULL, 0, now);
        sense_decode(command.sense, sizeof(command.sense), &sense);
        if (command.status == DRIVE_STATUS_GOOD || sense.key != 6)
            return;
    }
}

static struct drive_nexus *nexus_of(struct replay *replay, const struct trace_command *recorded)
{
    const struct trace_reader *reader = replay->reader;
    struct drive_nexus *nexus;

    for (unsigned i = 0; i < replay->nexuses; i++)
        if (replay->nexus[i].number == recorded->nexus)
            return replay->nexus[i].nexus;
    if (replay->nexuses == NEXUSES_MAX) {
        diagnostics_error(replay->diagnostics,
                          "%s:%lu: nexus: %u is one host too many for a replay; accepted: %d",
                          trace_reader_path(reader), trace_reader_line(reader), recorded->nexus,
                          NEXUSES_MAX);
        return NULL;
    }
    nexus = drive_nexus_attach(replay->drive, recorded->autosense);
    if (!nexus) {
        diagnostics_error(replay->diagnostics, "%s", strerror(ENOMEM));
        return NULL;
    }
    replay->nexus[replay->nexuses].number = recorded->nexus;
    replay->nexus[replay->nexuses++].nexus = nexus;
    if (replay->options->without_attention)
        clear_attention(replay, nexus, now_of(replay, recorded->time));
    return nexus;
}

/* Commands ------------------------------------------------------------------ */

static void keep(struct replay_answer *answer, const uint8_t *bytes, size_t length)
{
    if (answer->length < TRACE_DATA_MAX) {
        size_t room = TRACE_DATA_MAX - (size_t)answer->length;
        memcpy(answer->bytes + answer->length, bytes, length < room ? length : room);
    }
    answer->length += length;
}

/* As much as the recorded host took if it gave up, else everything. */
static void take_data(struct replay *replay, struct drive_command *command,
                      const struct trace_command *recorded)
{
    struct replay_answer *answer = &replay->answer;

    while (!command->done) {
        struct iovec iov = {replay->piece, PIECE};
        if (recorded->given_up && recorded->in.length - answer->length < PIECE)
            iov.iov_len = (size_t)(recorded->in.length - answer->length);
        if (iov.iov_len == 0)
            return;
        keep(answer, replay->piece, drive_data_in(replay->drive, command, &iov, 1));
    }
}

static void execute(struct replay *replay, struct drive_nexus *nexus,
                    const struct trace_command *recorded)
{
    uint64_t now = now_of(replay, recorded->time);
    struct replay_answer *answer = &replay->answer;
    struct drive_command command = {
        .nexus = nexus,
        .lun = recorded->lun,
        .cdb_length = recorded->cdb_length,
        .data_out = replay->list,
        .data_out_length = recorded->out.length < sizeof(replay->list)
                               ? (size_t)recorded->out.length
                               : sizeof(replay->list),
    };

    memcpy(command.cdb, recorded->cdb, sizeof(command.cdb));
    memset(replay->list, 0, command.data_out_length);
    memcpy(replay->list, recorded->out.bytes, recorded->out.kept);
    answer->length = 0;
    drive_begin(replay->drive, &command, now);
    take_data(replay, &command, recorded);
    drive_finish(replay->drive, &command, now + recorded->duration);
    answer->given_up = !command.done;
    answer->status = command.status;
    memcpy(answer->sense, command.sense, sizeof(answer->sense));
}

/* The operator -------------------------------------------------------------- */

static bool insert(struct replay *replay, uint64_t now)
{
    if (drive_insert(replay->drive, replay->options->disc, now))
        return true;
    diagnostics_error(replay->diagnostics, "%s", strerror(ENOMEM));
    return false;
}

static void change_medium(struct replay *replay, enum drive_medium_state medium, uint64_t now)
{
    struct drive_view view;

    drive_view(replay->drive, &view);
    if (view.medium == medium)
        return;
    if (medium == DRIVE_MEDIUM_TRAY_OPEN) {
        drive_eject(replay->drive, false, now);
    } else if (medium == DRIVE_MEDIUM_ABSENT) {
        drive_eject(replay->drive, true, now);
        drive_insert(replay->drive, NULL, now);
    } else if (view.medium == DRIVE_MEDIUM_TRAY_OPEN || view.medium == DRIVE_MEDIUM_ABSENT) {
        insert(replay, now);
    }
}

/*
 * Events that only follow from others come by themselves, and time goes on with the commands: one
 * that had begun before an event stands behind it in the trace if it ended later.
 */
static void repeat(struct replay *replay, const struct trace_event *event)
{
    uint64_t now = now_of(replay, event->time);

    if (event->kind == DRIVE_EVENT_MEDIUM)
        change_medium(replay, event->medium, now);
    else if (event->kind == DRIVE_EVENT_RESET)
        drive_reset(replay->drive, event->reset, now);
    else if (event->kind == DRIVE_EVENT_REGION)
        drive_vendor_reset(replay->drive);
    else if (event->kind == DRIVE_EVENT_EJECT_REQUEST)
        drive_press_eject_button(replay->drive, now);
}

/* From the beginning to the end --------------------------------------------- */

/* How long before the trace's header the drive was switched on with its disc. */
static uint64_t time_before(const struct replay *replay, const struct trace_header *header)
{
    struct drive_view view;
    uint64_t ready;

    drive_view(replay->drive, &view);
    if (view.medium != DRIVE_MEDIUM_BECOMING_READY)
        return 0;
    ready = drive_deadline(replay->drive);
    if (!header->has_state || header->state.medium == DRIVE_MEDIUM_READY)
        return ready;
    return header->ready_in > 0 && header->ready_in < ready ? ready - header->ready_in : 0;
}

static bool switch_on(struct replay *replay, const struct trace_header *header)
{
    const struct replay_options *options = replay->options;
    struct drive_nonvolatile state;

    drive_nonvolatile_factory(options->profile, &state);
    if (header->has_state)
        state.region = header->state.region;
    replay->drive = drive_create(options->profile, &state, NULL, 0);
    if (!replay->drive) {
        diagnostics_error(replay->diagnostics, "%s", strerror(ENOMEM));
        output_file_close(options->record);
        return false;
    }
    if (options->record) {
        replay->record = trace_file_open(options->record, replay->drive, options->medium_bytes,
                                         replay->diagnostics);
        if (!replay->record)
            return false;
    }
    if ((!header->has_state || header->state.medium != DRIVE_MEDIUM_ABSENT) && !insert(replay, 0))
        return false;
    if (header->has_state && header->state.medium == DRIVE_MEDIUM_TRAY_OPEN)
        drive_eject(replay->drive, false, 0);
    replay->origin = header->time;
    replay->begin = time_before(replay, header);
    drive_advance(replay->drive, replay->begin);
    return true;
}

/* False when part of the record was lost. */
static bool switch_off(struct replay *replay)
{
    bool recorded = trace_file_close(replay->record);

    for (unsigned i = 0; i < replay->nexuses; i++)
        drive_nexus_detach(replay->nexus[i].nexus);
    drive_destroy(replay->drive);
    free(replay);
    return recorded;
}

/* Whether to go on. */
static bool play_command(struct replay *replay, unsigned long line,
                         bool (*differs)(void *context, const struct replay_difference *difference),
                         void *context, struct replay_result *result)
{
    const struct trace_command *recorded = &replay->line.command;
    struct replay_difference difference = {.line = line};
    struct drive_nexus *nexus = nexus_of(replay, recorded);

    if (!nexus)
        return false;
    execute(replay, nexus, recorded);
    result->commands++;
    if (replay_compare(recorded, &replay->answer, &difference))
        return true;
    result->differences++;
    return differs(context, &difference);
}

bool replay_run(struct trace_reader *reader, const struct replay_options *options,
                bool (*differs)(void *context, const struct replay_difference *difference),
                void *context, struct replay_result *result, struct diagnostics *diagnostics)
{
    struct replay *replay = calloc(1, sizeof(*replay));
    unsigned before = diagnostics->errors;
    enum trace_read read = TRACE_READ_END;
    bool goes_on = true;

    *result = (struct replay_result){0};
    if (!replay) {
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
        output_file_close(options->record);
        return false;
    }
    replay->reader = reader;
    replay->options = options;
    replay->diagnostics = diagnostics;
    goes_on = switch_on(replay, trace_reader_header(reader));
    while (goes_on && (read = trace_reader_next(reader, &replay->line)) == TRACE_READ_LINE) {
        if (replay->line.kind == TRACE_LINE_EVENT)
            repeat(replay, &replay->line.event);
        else if (replay->line.kind == TRACE_LINE_COMMAND)
            goes_on = play_command(replay, trace_reader_line(reader), differs, context, result);
    }
    result->damaged =
        read == TRACE_READ_DAMAGED || (read == TRACE_READ_END && trace_reader_is_truncated(reader));
    result->at_end = goes_on && read == TRACE_READ_END && !result->damaged;
    result->unrecorded = !switch_off(replay);
    return result->damaged || diagnostics->errors == before;
}
