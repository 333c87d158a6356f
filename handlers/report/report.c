/* SPDX-License-Identifier: MIT */
#include "handlers/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/command_table.h"
#include "handlers/report/report_internal.h"

const char *const report_state_names[REPORT_STATES] = {
    [REPORT_STATE_TRAY_OPEN] = "tray open",
    [REPORT_STATE_ABSENT] = "no medium",
    [REPORT_STATE_BECOMING_READY] = "becoming ready",
    [REPORT_STATE_UNUSABLE] = "unusable medium",
    [REPORT_STATE_READY] = "ready",
    [REPORT_STATE_AUTHENTICATING] = "authenticating",
    [REPORT_STATE_BUS_KEY] = "bus key valid",
    [REPORT_STATE_ASF] = "ASF set",
    [REPORT_STATE_NOT_KNOWN] = "not known",
};

const char *const report_reaction_names[REPORT_REACTIONS] = {
    [REPORT_RETRY] = "retry",
    [REPORT_POLL] = "poll",
    [REPORT_END_SESSION] = "end session",
    [REPORT_NEW_SESSION] = "new session",
    [REPORT_OTHER] = "give up, go on",
    [REPORT_NOTHING] = "nothing more",
};

struct report *report_create(void)
{
    return calloc(1, sizeof(struct report));
}

void report_destroy(struct report *report)
{
    if (!report)
        return;
    for (unsigned i = 0; i < report->traces; i++)
        free(report->trace[i].path);
    for (unsigned i = 0; i < 256; i++)
        free(report->latency[i]);
    trace_hosts_release(&report->hosts);
    free(report->trace);
    free(report);
}

bool report_begin(struct report *report, const char *path, const struct trace_header *header)
{
    struct report_trace *grown =
        reallocarray(report->trace, report->traces + 1, sizeof(*report->trace));
    struct report_trace *trace;

    if (!grown)
        return false;
    report->trace = grown;
    trace = &grown[report->traces];
    *trace = (struct report_trace){
        .path = strdup(path), .header = *header, .first = header->time, .last = header->time};
    if (!trace->path)
        return false;
    report->traces++;
    trace_hosts_release(&report->hosts);
    report_authentication_begin(report, header);
    return true;
}

/* States -------------------------------------------------------------------- */

static enum report_state state_of(const struct trace_command *command)
{
    static const enum report_state media[] = {
        [DRIVE_MEDIUM_TRAY_OPEN] = REPORT_STATE_TRAY_OPEN,
        [DRIVE_MEDIUM_ABSENT] = REPORT_STATE_ABSENT,
        [DRIVE_MEDIUM_BECOMING_READY] = REPORT_STATE_BECOMING_READY,
        [DRIVE_MEDIUM_READY] = REPORT_STATE_READY,
        [DRIVE_MEDIUM_UNUSABLE] = REPORT_STATE_UNUSABLE,
    };
    enum report_state state = REPORT_STATE_NOT_KNOWN;

    if (!command->has_state)
        return state;
    state = media[command->before.medium];
    if (state != REPORT_STATE_READY)
        return state;
    for (unsigned i = 0; i < command->before.agids; i++) {
        if (command->before.agid[i] == CSS_AUTH_AUTHENTICATED)
            return REPORT_STATE_BUS_KEY;
        if (command->before.agid[i] != CSS_AUTH_FREE)
            state = REPORT_STATE_AUTHENTICATING;
    }
    if (state == REPORT_STATE_READY && command->before.asf)
        state = REPORT_STATE_ASF;
    return state;
}

/* Reactions ----------------------------------------------------------------- */

static size_t sense_of_command(struct report *report, const struct trace_command *command)
{
    const struct trace_sense *sense = &command->sense;
    size_t i = 0;

    while (i < report->senses &&
           (report->sense[i].sense.key != sense->key || report->sense[i].sense.asc != sense->asc ||
            report->sense[i].sense.ascq != sense->ascq))
        i++;
    if (i < report->senses || i == REPORT_SENSES_MAX)
        return i;
    report->sense[i].sense.key = sense->key;
    report->sense[i].sense.asc = sense->asc;
    report->sense[i].sense.ascq = sense->ascq;
    report->sense[i].command = command->cdb[0];
    return report->senses++;
}

static void add_reaction(struct report *report, struct report_host *host,
                         const struct trace_command *command)
{
    enum report_reaction reaction;

    if (command->cdb[0] == MMC_REQUEST_SENSE)
        return;
    reaction = report_reaction(host->cdb, command->cdb);
    if (host->waits)
        report->sense[host->sense].reaction[reaction]++;
    if (host->fault_waits)
        report->fault[host->fault].reaction[reaction]++;
    host->waits = host->fault_waits = false;
}

static size_t fault_of_command(struct report *report, const char *name,
                               const struct trace_command *command)
{
    size_t i = 0;

    while (i < report->faults && strcmp(report->fault[i].name, name) != 0)
        i++;
    if (i < report->faults || i == REPORT_LIST_MAX)
        return i;
    snprintf(report->fault[i].name, sizeof(report->fault[i].name), "%s", name);
    report->fault[i].command = command->cdb[0];
    return report->faults++;
}

static void add_fault(struct report *report, struct report_host *host,
                      const struct trace_command *command)
{
    const char *name = *command->fault ? command->fault : command->fault_met;
    size_t fault;

    if (!*name)
        return;
    fault = fault_of_command(report, name, command);
    if (fault == REPORT_LIST_MAX) {
        report->other_faults++;
        return;
    }
    if (!*command->fault) {
        report->fault[fault].met++;
        return;
    }
    report->fault[fault].count++;
    host->fault_waits = true;
    host->fault = fault;
    memcpy(host->cdb, command->cdb, sizeof(command->cdb));
}

static void add_sense(struct report *report, struct report_host *host,
                      const struct trace_command *command)
{
    size_t sense;

    if (command->given_up || command->status != DRIVE_STATUS_CHECK_CONDITION)
        return;
    sense = sense_of_command(report, command);
    if (sense == REPORT_SENSES_MAX) {
        report->other_senses++;
        return;
    }
    report->sense[sense].count++;
    host->waits = true;
    host->sense = sense;
    memcpy(host->cdb, command->cdb, sizeof(command->cdb));
}

/* Latencies ----------------------------------------------------------------- */

static unsigned bucket_of(uint64_t nanoseconds)
{
    unsigned octave;

    if (nanoseconds < 8)
        return (unsigned)nanoseconds;
    octave = 63 - (unsigned)__builtin_clzll(nanoseconds);
    return 8 * (octave - 2) + (unsigned)(nanoseconds >> (octave - 3) & 7);
}

static uint64_t bucket_end(unsigned bucket)
{
    unsigned octave = bucket / 8 + 2;

    return bucket < 8 ? bucket : (((uint64_t)(8 + bucket % 8) + 1) << (octave - 3)) - 1;
}

static bool add_latency(struct report *report, const struct trace_command *command)
{
    struct report_latency **latency = &report->latency[command->cdb[0]];

    if (!*latency && !(*latency = calloc(1, sizeof(**latency))))
        return false;
    (*latency)->count++;
    (*latency)->bucket[bucket_of(command->duration)]++;
    if (command->duration > (*latency)->maximum)
        (*latency)->maximum = command->duration;
    return true;
}

uint64_t report_latency_quantile(const struct report_latency *latency, double fraction)
{
    uint64_t wanted = (uint64_t)((double)latency->count * fraction), seen = 0;

    for (unsigned i = 0; i < REPORT_BUCKETS; i++) {
        seen += latency->bucket[i];
        if (seen > wanted || seen == latency->count)
            return bucket_end(i) < latency->maximum ? bucket_end(i) : latency->maximum;
    }
    return latency->maximum;
}

/* Lines --------------------------------------------------------------------- */

static bool add_command(struct report *report, const struct trace_command *command)
{
    struct report_trace *trace = &report->trace[report->traces - 1];
    struct report_cell *cell = &report->cell[command->cdb[0]][state_of(command)];
    bool failed = !command->given_up && command->status != DRIVE_STATUS_GOOD;
    struct report_host *host = trace_hosts_add(&report->hosts, command->nexus, sizeof(*host));

    if (!host)
        return false;
    trace->commands++;
    if (command->time + command->duration > trace->last)
        trace->last = command->time + command->duration;
    report->commands++;
    report->failed += failed;
    report->given_up += command->given_up;
    report->without_state += !command->has_state;
    cell->count++;
    cell->failed += failed;
    add_reaction(report, host, command);
    add_sense(report, host, command);
    add_fault(report, host, command);
    report_authentication_command(report, command);
    return add_latency(report, command);
}

bool report_line(struct report *report, const struct trace_line *line)
{
    if (line->kind == TRACE_LINE_COMMAND)
        return add_command(report, &line->command);
    if (line->kind == TRACE_LINE_EVENT) {
        report->events++;
        report_authentication_event(report, &line->event);
    }
    return true;
}

static void end_host(void *kept, void *context)
{
    const struct report_host *host = kept;
    struct report *report = context;

    if (host->waits)
        report->sense[host->sense].reaction[REPORT_NOTHING]++;
    if (host->fault_waits)
        report->fault[host->fault].reaction[REPORT_NOTHING]++;
}

void report_end(struct report *report, bool damaged, bool whole)
{
    trace_hosts_each(&report->hosts, end_host, report);
    report_authentication_end(report);
    report->trace[report->traces - 1].damaged = damaged;
    report->trace[report->traces - 1].whole = whole && !damaged;
}

/* Totals -------------------------------------------------------------------- */

struct report_cell report_command_total(const struct report *report, uint8_t operation_code)
{
    struct report_cell total = {0};

    for (unsigned state = 0; state < REPORT_STATES; state++) {
        total.count += report->cell[operation_code][state].count;
        total.failed += report->cell[operation_code][state].failed;
    }
    return total;
}

unsigned report_transitions_taken(const struct report *report)
{
    unsigned taken = 0;

    for (unsigned i = 0; i < REPORT_TRANSITIONS; i++)
        taken += report->transition[i] > 0;
    return taken;
}

bool report_asks_for(const struct command_row *row)
{
    return (row->flags & COMMAND_OF_CD) == 0;
}

unsigned report_commands_used(const struct report *report)
{
    unsigned used = 0;

    for (const struct command_row *row = command_table; row->name; row++)
        used += report_asks_for(row) && report_command_total(report, row->operation_code).count > 0;
    return used;
}

unsigned report_commands_known(void)
{
    unsigned known = 0;

    for (const struct command_row *row = command_table; row->name; row++)
        known += report_asks_for(row);
    return known;
}
