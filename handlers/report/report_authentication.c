/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/mmc_key.h"
#include "emulator/mmc_structure.h"
#include "handlers/report/report_internal.h"

#define FREE            CSS_AUTH_FREE
#define GRANTED         CSS_AUTH_GRANTED
#define HOST_CHALLENGE  CSS_AUTH_HOST_CHALLENGE
#define KEY1            CSS_AUTH_KEY1
#define DRIVE_CHALLENGE CSS_AUTH_DRIVE_CHALLENGE
#define AUTHENTICATED   CSS_AUTH_AUTHENTICATED

/* clang-format off */
const struct report_transition_row report_transitions[REPORT_TRANSITIONS] = {
    [REPORT_GRANT] = {"grant", "REPORT KEY 00h, AGID", FREE, GRANTED},
    [REPORT_HOST_CHALLENGE] = {"host-challenge", "SEND KEY 01h, challenge", GRANTED, HOST_CHALLENGE},
    [REPORT_KEY1] = {"key1", "REPORT KEY 02h, KEY1", HOST_CHALLENGE, KEY1},
    [REPORT_DRIVE_CHALLENGE] = {"drive-challenge", "REPORT KEY 01h, challenge", KEY1, DRIVE_CHALLENGE},
    [REPORT_KEY2_RIGHT] = {"key2-right", "SEND KEY 03h, right KEY2", DRIVE_CHALLENGE, AUTHENTICATED},
    [REPORT_KEY2_WRONG] = {"key2-wrong", "SEND KEY 03h, wrong KEY2", DRIVE_CHALLENGE, FREE},
    [REPORT_DISC_KEY] = {"disc-key", "READ DISC STRUCTURE 02h, disc key", AUTHENTICATED, FREE},
    [REPORT_TITLE_KEY] = {"title-key", "REPORT KEY 04h, title key", AUTHENTICATED, FREE},
    [REPORT_END_GRANTED] = {"end-granted", "3Fh, end of session", GRANTED, FREE},
    [REPORT_END_HOST_CHALLENGE] = {"end-host-challenge", "3Fh, end of session", HOST_CHALLENGE, FREE},
    [REPORT_END_KEY1] = {"end-key1", "3Fh, end of session", KEY1, FREE},
    [REPORT_END_DRIVE_CHALLENGE] = {"end-drive-challenge", "3Fh, end of session", DRIVE_CHALLENGE, FREE},
    [REPORT_END_AUTHENTICATED] = {"end-authenticated", "3Fh, end of session", AUTHENTICATED, FREE},
};
/* clang-format on */

const char *const report_fate_names[REPORT_FATES] = {
    [REPORT_HELD] = "still held when the trace ends",
    [REPORT_MEDIUM_REMOVED] = "dropped when the medium left",
    [REPORT_RESET] = "dropped by a reset",
    [REPORT_REGION_SET] = "dropped when the region was set",
    [REPORT_RECYCLED] = "taken back for another session",
    [REPORT_DROPPED] = "dropped by the drive",
};

/* The command --------------------------------------------------------------- */

#define CDB(type, cdb) ((const struct type *)(const void *)(cdb))

static bool is_key_command(const uint8_t *cdb)
{
    return (cdb[0] == MMC_REPORT_KEY || cdb[0] == MMC_SEND_KEY) &&
           CDB(mmc_cdb_key, cdb)->key_class == MMC_KEY_CLASS_CSS;
}

/* -1: not a key command. */
static int key_format(const uint8_t *cdb)
{
    return is_key_command(cdb) ? CDB(mmc_cdb_key, cdb)->key & MMC_KEY_FORMAT : -1;
}

static bool is_disc_key(const uint8_t *cdb)
{
    return cdb[0] == MMC_READ_DISC_STRUCTURE &&
           CDB(mmc_cdb_read_disc_structure, cdb)->format == MMC_STRUCTURE_DISC_KEY;
}

enum report_reaction report_reaction(const uint8_t *failed, const uint8_t *next)
{
    int format = key_format(next);

    if (memcmp(failed, next, DRIVE_CDB_MAX) == 0)
        return REPORT_RETRY;
    if (format == MMC_KEY_INVALIDATE)
        return REPORT_END_SESSION;
    if (next[0] == MMC_REPORT_KEY && format == MMC_KEY_AGID)
        return REPORT_NEW_SESSION;
    if (next[0] == MMC_TEST_UNIT_READY || next[0] == MMC_GET_EVENT_STATUS_NOTIFICATION)
        return REPORT_POLL;
    return REPORT_OTHER;
}

/* AGIDs left behind --------------------------------------------------------- */

static void add_leak(struct report *report, unsigned agid, enum report_fate fate)
{
    if (report->leaks < REPORT_LIST_MAX)
        report->leak[report->leaks] = (struct report_leak){
            .trace = report->traces - 1,
            .command = report->session[agid].command,
            .agid = agid,
            .reached = report->session[agid].reached,
            .fate = fate,
        };
    report->leaks++;
}

/* The reason of what the drive dropped a moment ago. */
static void give_reason(struct report *report, enum report_fate fate)
{
    for (uint64_t i = report->leaks - report->leaks_without_reason; i < report->leaks; i++)
        if (i < REPORT_LIST_MAX)
            report->leak[i].fate = fate;
    report->leaks_without_reason = 0;
}

static enum report_fate fate_by(const struct trace_command *command)
{
    if (command->cdb[0] == MMC_START_STOP_UNIT)
        return REPORT_MEDIUM_REMOVED;
    if (command->cdb[0] == MMC_SEND_KEY && key_format(command->cdb) == MMC_KEY_SET_RPC)
        return REPORT_REGION_SET;
    if (command->cdb[0] == MMC_REPORT_KEY && key_format(command->cdb) == MMC_KEY_AGID)
        return REPORT_RECYCLED;
    return REPORT_DROPPED;
}

/* Transitions --------------------------------------------------------------- */

/* Which one a command made; REPORT_TRANSITIONS: the drive ended the session. */
static enum report_transition transition_of(const struct trace_command *command,
                                            const struct trace_step *step)
{
    int format = key_format(command->cdb);
    bool good = command->status == DRIVE_STATUS_GOOD;

    if (step->to != CSS_AUTH_FREE)
        return (enum report_transition)(REPORT_GRANT + ((int)step->to - GRANTED));
    if (format == MMC_KEY_INVALIDATE && step->from != CSS_AUTH_FREE)
        return (enum report_transition)(REPORT_END_GRANTED + ((int)step->from - GRANTED));
    if (command->cdb[0] == MMC_SEND_KEY && format == MMC_KEY_KEY2)
        return REPORT_KEY2_WRONG;
    if (command->cdb[0] == MMC_REPORT_KEY && format == MMC_KEY_TITLE_KEY && good)
        return REPORT_TITLE_KEY;
    return is_disc_key(command->cdb) && good ? REPORT_DISC_KEY : REPORT_TRANSITIONS;
}

static bool is_refused_key(const struct trace_command *command)
{
    return command->status != DRIVE_STATUS_GOOD &&
           (key_format(command->cdb) == MMC_KEY_TITLE_KEY || is_disc_key(command->cdb));
}

static void add_step(struct report *report, const struct trace_command *command,
                     const struct trace_step *step)
{
    enum report_transition transition = transition_of(command, step);
    unsigned agid = step->agid;

    report->reached[step->to]++;
    if (transition < REPORT_TRANSITIONS) {
        report->transition[transition]++;
    } else {
        report->dropped[step->from]++;
        /* An AGID that goes with a key that is refused is not left behind. */
        if (!is_refused_key(command))
            add_leak(report, agid, fate_by(command));
    }
    report->session[agid].in_use = step->to != CSS_AUTH_FREE;
    if (step->to == CSS_AUTH_GRANTED)
        report->session[agid].command = command->number;
    report->session[agid].reached = step->to;
}

/* A step of an authentication that came in the wrong state. */
static void add_refused(struct report *report, const struct trace_command *command)
{
    int format = key_format(command->cdb);
    bool is_step = format == MMC_KEY_CHALLENGE || format == MMC_KEY_KEY1 ||
                   format == MMC_KEY_KEY2 || format == MMC_KEY_TITLE_KEY ||
                   is_disc_key(command->cdb);
    unsigned agid = command->cdb[0] == MMC_READ_DISC_STRUCTURE
                        ? CDB(mmc_cdb_read_disc_structure, command->cdb)->agid >> 6
                        : CDB(mmc_cdb_key, command->cdb)->key >> 6;

    if (is_step && command->has_state && !command->given_up && command->steps == 0 &&
        command->status != DRIVE_STATUS_GOOD && agid < command->before.agids)
        report->refused[command->before.agid[agid]]++;
}

/* Regions ------------------------------------------------------------------- */

static void note_region(struct report *report, const struct region_state *region, uint64_t command)
{
    if (report->has_region && memcmp(&report->region, region, sizeof(*region)) != 0) {
        if (report->region_changes < REPORT_LIST_MAX)
            report->region_change[report->region_changes] =
                (struct report_region_change){report->traces - 1, command, report->region, *region};
        report->region_changes++;
    }
    report->region = *region;
    report->has_region = true;
}

/* Lines --------------------------------------------------------------------- */

void report_authentication_begin(struct report *report, const struct trace_header *header)
{
    memset(report->session, 0, sizeof(report->session));
    report->leaks_without_reason = 0;
    report->has_region = header->has_state;
    report->region = header->state.region;
    for (unsigned i = 0; header->has_state && i < header->state.agids; i++) {
        report->session[i].in_use = header->state.agid[i] != CSS_AUTH_FREE;
        report->session[i].reached = header->state.agid[i];
    }
}

void report_authentication_command(struct report *report, const struct trace_command *command)
{
    report->leaks_without_reason = 0;
    for (unsigned i = 0; i < command->steps; i++)
        add_step(report, command, &command->step[i]);
    if (is_key_command(command->cdb) || is_disc_key(command->cdb))
        add_refused(report, command);
    if (command->has_state) {
        note_region(report, &command->before.region, command->number);
        note_region(report, &command->after.region, command->number);
    }
}

void report_authentication_event(struct report *report, const struct trace_event *event)
{
    if (event->kind == DRIVE_EVENT_AGID && event->agid.to == CSS_AUTH_FREE) {
        report->reached[CSS_AUTH_FREE]++;
        report->dropped[event->agid.from]++;
        add_leak(report, event->agid.agid, REPORT_DROPPED);
        report->leaks_without_reason++;
        report->session[event->agid.agid].in_use = false;
    } else if (event->kind == DRIVE_EVENT_MEDIUM && event->medium == DRIVE_MEDIUM_TRAY_OPEN) {
        give_reason(report, REPORT_MEDIUM_REMOVED);
    } else if (event->kind == DRIVE_EVENT_RESET) {
        give_reason(report, REPORT_RESET);
    } else if (event->kind == DRIVE_EVENT_REGION) {
        give_reason(report, REPORT_REGION_SET);
        note_region(report, &event->region, 0);
    }
}

void report_authentication_end(struct report *report)
{
    for (unsigned agid = 0; agid < PROFILE_AGIDS_MAX; agid++)
        if (report->session[agid].in_use)
            add_leak(report, agid, REPORT_HELD);
}
