/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPORT_REPORT_H
#define HANDLERS_REPORT_REPORT_H

/*
 * What a driver did with a drive, gathered from any number of traces, one line at a time, in memory
 * that grows with the number of traces and of the hosts in one, not with their length.
 */

#include "emulator/command_table.h"
#include "emulator/state_names.h"
#include "handlers/trace/trace.h"
#include "handlers/trace/trace_hosts.h"

/* What is listed of each kind in full; the rest is only counted. */
#define REPORT_LIST_MAX   100
#define REPORT_SENSES_MAX 200

/* The transitions of an authentication. */
enum report_transition {
    REPORT_GRANT,           /* free -> granted */
    REPORT_HOST_CHALLENGE,  /* granted -> host-challenge */
    REPORT_KEY1,            /* host-challenge -> key1 */
    REPORT_DRIVE_CHALLENGE, /* key1 -> drive-challenge */
    REPORT_KEY2_RIGHT,      /* drive-challenge -> authenticated */
    REPORT_KEY2_WRONG,      /* drive-challenge -> free */
    REPORT_DISC_KEY,        /* authenticated -> free */
    REPORT_TITLE_KEY,       /* authenticated -> free */
    REPORT_END_GRANTED,     /* the host ends the session: each state -> free */
    REPORT_END_HOST_CHALLENGE,
    REPORT_END_KEY1,
    REPORT_END_DRIVE_CHALLENGE,
    REPORT_END_AUTHENTICATED,
    REPORT_TRANSITIONS,
};

struct report_transition_row {
    const char *name;  /* for --json and --require */
    const char *label; /* for people */
    enum css_auth_state from, to;
};
extern const struct report_transition_row report_transitions[REPORT_TRANSITIONS];

/* The states of the drive that commands are told apart by. */
enum report_state {
    REPORT_STATE_TRAY_OPEN,
    REPORT_STATE_ABSENT,
    REPORT_STATE_BECOMING_READY,
    REPORT_STATE_UNUSABLE,
    REPORT_STATE_READY,
    REPORT_STATE_AUTHENTICATING, /* ready, an AGID is granted */
    REPORT_STATE_BUS_KEY,        /* ready, an AGID is authenticated */
    REPORT_STATE_ASF,            /* ready, no AGID granted, ASF set */
    REPORT_STATE_NOT_KNOWN,      /* the trace does not say */
    REPORT_STATES,
};
extern const char *const report_state_names[REPORT_STATES];

/* What a host does after a command failed. */
enum report_reaction {
    REPORT_RETRY,       /* the same CDB again */
    REPORT_POLL,        /* TEST UNIT READY or GET EVENT STATUS NOTIFICATION */
    REPORT_END_SESSION, /* gives the AGID back */
    REPORT_NEW_SESSION, /* asks for an AGID */
    REPORT_OTHER,       /* gives up: goes on with another command */
    REPORT_NOTHING,     /* nothing more of this host */
    REPORT_REACTIONS,
};
extern const char *const report_reaction_names[REPORT_REACTIONS];

struct report_cell {
    uint64_t count, failed;
};

struct report_sense {
    struct trace_sense sense; /* without its data */
    uint64_t count;
    uint64_t reaction[REPORT_REACTIONS];
    uint8_t command; /* the first that met it */
};

/* A fault rule that was met. */
struct report_fault {
    char name[FAULT_NAME_MAX + 1];
    uint8_t command; /* the first that met it */
    uint64_t count;  /* commands that it was applied to */
    uint64_t met;    /* commands that met it without effect */
    uint64_t reaction[REPORT_REACTIONS];
};

/* Why an AGID was free again that the host did not give back. */
enum report_fate {
    REPORT_HELD, /* it is not: the trace ends */
    REPORT_MEDIUM_REMOVED,
    REPORT_RESET,
    REPORT_REGION_SET,
    REPORT_RECYCLED, /* the drive needed it for another */
    REPORT_DROPPED,  /* for another reason */
    REPORT_FATES,
};
extern const char *const report_fate_names[REPORT_FATES];

struct report_leak {
    unsigned trace;
    uint64_t command; /* that was granted the AGID, 0: before the trace began */
    unsigned agid;
    enum css_auth_state reached;
    enum report_fate fate;
};

struct report_region_change {
    unsigned trace;
    uint64_t command; /* 0: a vendor reset */
    struct region_state from, to;
};

/* Eight buckets an octave of nanoseconds. */
#define REPORT_BUCKETS 520
struct report_latency {
    uint64_t count, maximum;
    uint64_t bucket[REPORT_BUCKETS];
};

/* A host whose next command is a reaction. */
struct report_host {
    bool waits, fault_waits;
    size_t sense, fault; /* indexes */
    uint8_t cdb[DRIVE_CDB_MAX];
};

struct report_trace {
    char *path;
    struct trace_header header;
    uint64_t commands;
    uint64_t first, last; /* times */
    bool damaged;
    bool whole; /* it had its end, and lost nothing */
};

struct report {
    unsigned traces;
    struct report_trace *trace;

    uint64_t commands, failed, given_up, events, without_state;
    struct report_cell cell[256][REPORT_STATES];
    struct report_latency *latency[256];

    uint64_t transition[REPORT_TRANSITIONS];
    uint64_t reached[CSS_AUTH_STATES]; /* times that a state was entered */
    uint64_t dropped[CSS_AUTH_STATES]; /* times that the drive ended a session in this state */
    /* Steps of an authentication that the drive refused, by the state they came in. */
    uint64_t refused[CSS_AUTH_STATES];

    size_t senses;
    uint64_t other_senses; /* that REPORT_SENSES_MAX left out */
    struct report_sense sense[REPORT_SENSES_MAX];

    size_t faults;
    uint64_t other_faults; /* commands that met those that REPORT_LIST_MAX left out */
    struct report_fault fault[REPORT_LIST_MAX];

    uint64_t leaks; /* all, of which the first are listed */
    struct report_leak leak[REPORT_LIST_MAX];
    uint64_t region_changes;
    struct report_region_change region_change[REPORT_LIST_MAX];

    /* The trace that is being read. */
    struct {
        bool in_use;
        uint64_t command;
        enum css_auth_state reached;
    } session[PROFILE_AGIDS_MAX];
    uint64_t leaks_without_reason; /* of those last ones the reason is yet to come */
    struct trace_hosts hosts;      /* struct report_host */
    struct region_state region;
    bool has_region;
};

/* NULL when memory is short. */
struct report *report_create(void);
void report_destroy(struct report *report);

/* A trace begins.  False when memory is short. */
bool report_begin(struct report *report, const char *path, const struct trace_header *header);
/* The next line of it.  False when memory is short. */
bool report_line(struct report *report, const struct trace_line *line);
/* It has been read; `damaged`: there was more; `whole`: it had its end, and lost nothing. */
void report_end(struct report *report, bool damaged, bool whole);

/* How many different ones were seen. */
unsigned report_transitions_taken(const struct report *report);
unsigned report_commands_used(const struct report *report);
/* Whether a driver can be asked for this command: not for those of READ CD, which only a drive with
 * that policy has. */
bool report_asks_for(const struct command_row *row);
unsigned report_commands_known(void);

/* All of one command, in every state. */
struct report_cell report_command_total(const struct report *report, uint8_t operation_code);
/* The latency that `fraction` of the commands did not exceed, nanoseconds, to 9 %. */
uint64_t report_latency_quantile(const struct report_latency *latency, double fraction);

#endif
