/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_text.h"

#include <inttypes.h>
#include <time.h>

#include "emulator/cdb_fields.h"
#include "emulator/command_table.h"
#include "emulator/sense.h"
#include "emulator/state_names.h"
#include "handlers/trace/trace_json.h"
#include "media/shown_text.h"

#define BYTES_A_ROW 16
/* Bytes that are shown of each direction: the keys and structures that a person reads. */
#define BYTES_SHOWN 64
#define INDENT      "         "

void trace_text_cdb(const struct trace_command *command, FILE *stream)
{
    char room[TRACE_NAME_MAX];
    const struct command_row *row = command_row(command->cdb[0]);

    fputs(trace_command_name(command, room), stream);
    if (!row || command->cdb_length < row->cdb_length)
        return;
    for (const struct cdb_field *field = cdb_fields(command->cdb[0]); field->name; field++) {
        uint32_t value = cdb_field_value(field, command->cdb);
        const char *name = cdb_value_name(field, value);
        /* Flags and options are named when they are there. */
        if (value == 0 && !name && field->bits > 0 && field->bits < 8 &&
            !(field->bits == 2 && field->shift == 6))
            continue;
        if (name)
            fprintf(stream, ", %s %02Xh (%s)", field->name, value, name);
        else if (field->bits == 1)
            fprintf(stream, ", %s", field->name);
        else
            fprintf(stream, ", %s %" PRIu32, field->name, value);
    }
}

void trace_text_sense(const struct trace_sense *sense, FILE *stream)
{
    const struct sense_description *description = trace_sense_description(sense);

    fprintf(stream, "%02X/%02X/%02X", sense->key, sense->asc, sense->ascq);
    if (description)
        fprintf(stream, " %s, %s", description->name, description->text);
}

void trace_text_region(const struct region_state *region, FILE *stream)
{
    if (region->mask == REGION_MASK_NONE)
        fputs("never set", stream);
    for (unsigned i = 0; i < 8 && region->mask != REGION_MASK_NONE; i++)
        if (!(region->mask & 1u << i))
            fprintf(stream, "region %u", i + 1);
    fprintf(stream, ", %u changes and %u vendor resets left", region->user_changes,
            region->vendor_resets);
}

static void print_time(const struct trace_header *header, uint64_t time, FILE *stream)
{
    uint64_t since = time > header->time ? time - header->time : 0;

    fprintf(stream, "%6" PRIu64 ".%06" PRIu64, since / 1000000000, since / 1000 % 1000000);
}

static void print_duration(uint64_t nanoseconds, FILE *stream)
{
    if (nanoseconds < 1000000)
        fprintf(stream, "%" PRIu64 " us", nanoseconds / 1000);
    else if (nanoseconds < 1000000000)
        fprintf(stream, "%" PRIu64 ".%" PRIu64 " ms", nanoseconds / 1000000,
                nanoseconds / 100000 % 10);
    else
        fprintf(stream, "%" PRIu64 ".%02" PRIu64 " s", nanoseconds / 1000000000,
                nanoseconds / 10000000 % 100);
}

static void print_data(const char *direction, const struct trace_data *data, FILE *stream)
{
    size_t shown = data->kept < BYTES_SHOWN ? data->kept : BYTES_SHOWN;

    for (size_t i = 0; i < shown; i++) {
        if (i % BYTES_A_ROW == 0)
            fprintf(stream, "%s" INDENT "%-3s %04zX ", i ? "\n" : "", i ? "" : direction, i);
        fprintf(stream, " %02X", data->bytes[i]);
    }
    if (data->length > shown)
        fprintf(stream, "\n" INDENT "         ... %" PRIu64 " bytes", data->length);
    if (data->length > 0)
        fputc('\n', stream);
}

static void print_step(const struct trace_step *step, FILE *stream)
{
    fprintf(stream, "AGID %u: %s -> %s", step->agid, css_auth_state_names[step->from],
            css_auth_state_names[step->to]);
}

static void print_changes(const struct trace_command *command, FILE *stream)
{
    if (*command->fault)
        shown_text_print(stream, INDENT "fault rule %s was applied\n", command->fault);
    if (*command->fault_met)
        shown_text_print(stream, INDENT "fault rule %s was met, and had no effect\n",
                         command->fault_met);
    for (unsigned i = 0; i < command->steps; i++) {
        fputs(INDENT, stream);
        print_step(&command->step[i], stream);
        fputc('\n', stream);
    }
    if (!command->has_state)
        return;
    if (command->before.asf != command->after.asf)
        fprintf(stream, INDENT "ASF: %d -> %d\n", command->before.asf, command->after.asf);
    if (command->before.medium != command->after.medium)
        fprintf(stream, INDENT "medium: %s -> %s\n",
                drive_medium_state_names[command->before.medium],
                drive_medium_state_names[command->after.medium]);
    if (command->before.region.mask != command->after.region.mask ||
        command->before.region.user_changes != command->after.region.user_changes) {
        fputs(INDENT "region: ", stream);
        trace_text_region(&command->after.region, stream);
        fputc('\n', stream);
    }
}

static void print_command(const struct trace_header *header, const struct trace_command *command,
                          FILE *stream)
{
    fprintf(stream, "%7" PRIu64 "  ", command->number);
    print_time(header, command->time, stream);
    fputs("  ", stream);
    if (command->nexus > 1)
        fprintf(stream, "[nexus %u] ", command->nexus);
    if (command->lun > 0)
        fprintf(stream, "[LUN %u] ", command->lun);
    trace_text_cdb(command, stream);
    fputs(" : ", stream);
    if (command->given_up)
        fputs("given up by the transport", stream);
    else if (command->status == DRIVE_STATUS_GOOD)
        fputs("GOOD", stream);
    else if (command->status == DRIVE_STATUS_CHECK_CONDITION)
        trace_text_sense(&command->sense, stream);
    else
        fputs(trace_status_name(command->status), stream);
    fputs(", ", stream);
    print_duration(command->duration, stream);
    fputc('\n', stream);
    print_data("out", &command->out, stream);
    print_data("in", &command->in, stream);
    print_changes(command, stream);
}

static void print_event(const struct trace_header *header, const struct trace_event *event,
                        FILE *stream)
{
    fputs("      -  ", stream);
    print_time(header, event->time, stream);
    fprintf(stream, "  %s", trace_event_name(event->kind));
    if (event->kind == DRIVE_EVENT_MEDIUM) {
        fprintf(stream, " %s", drive_medium_state_names[event->medium]);
    } else if (event->kind == DRIVE_EVENT_RESET) {
        fprintf(stream, " %s", drive_reset_names[event->reset]);
    } else if (event->kind == DRIVE_EVENT_AGID) {
        fputs(" ", stream);
        print_step(&event->agid, stream);
    } else if (event->kind == DRIVE_EVENT_REGION) {
        fputs(" ", stream);
        trace_text_region(&event->region, stream);
    } else if (event->kind == DRIVE_EVENT_UNIT_ATTENTION) {
        fprintf(stream, " 06/%02X/%02X for nexus %u", event->attention.asc, event->attention.ascq,
                event->attention.nexus);
    } else if (event->kind == DRIVE_EVENT_FAULT) {
        shown_text_print(stream, " rule %s %s", event->fault.name,
                         trace_fault_changes[event->fault.change]);
    } else if (event->kind != DRIVE_EVENT_EJECT_REQUEST) {
        fprintf(stream, " %s", event->flag ? "on" : "off");
    }
    fputc('\n', stream);
}

void trace_text_header(const struct trace_header *header, FILE *stream)
{
    char date[32] = "";
    time_t started = (time_t)header->started;
    struct tm broken;

    if (header->started > 0 && gmtime_r(&started, &broken))
        strftime(date, sizeof(date), ", %Y-%m-%d %H:%M:%S UTC", &broken);
    shown_text_print(stream, "trace of %s %s%s%s%s\n", header->vendor, header->product,
                     *header->serial ? ", serial number " : "", header->serial, date);
    if (!header->has_state)
        return;
    fprintf(stream, "medium %s, %u AGIDs, ", drive_medium_state_names[header->state.medium],
            header->state.agids);
    trace_text_region(&header->state.region, stream);
    fputc('\n', stream);
}

static void print_loss(const struct trace_header *header, const struct trace_loss *loss,
                       FILE *stream)
{
    fputs("      -  ", stream);
    print_time(header, loss->time, stream);
    fprintf(stream, "  lost: %" PRIu64 " lines that should stand here\n", loss->lines);
}

static void print_end(const struct trace_header *header, const struct trace_end *end, FILE *stream)
{
    fputs("      -  ", stream);
    print_time(header, end->time, stream);
    fputs("  end of the trace", stream);
    if (end->has_lines)
        fprintf(stream, ", %" PRIu64 " lines", end->lines);
    if (end->lost > 0)
        fprintf(stream, ", %" PRIu64 " lost", end->lost);
    fputc('\n', stream);
}

void trace_text_line(const struct trace_header *header, const struct trace_line *line, FILE *stream)
{
    switch (line->kind) {
    case TRACE_LINE_HEADER:
        trace_text_header(&line->header, stream);
        break;
    case TRACE_LINE_COMMAND:
        print_command(header, &line->command, stream);
        break;
    case TRACE_LINE_EVENT:
        print_event(header, &line->event, stream);
        break;
    case TRACE_LINE_LOSS:
        print_loss(header, &line->loss, stream);
        break;
    case TRACE_LINE_END:
        print_end(header, &line->end, stream);
        break;
    }
}
