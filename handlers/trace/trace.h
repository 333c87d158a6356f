/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_H
#define HANDLERS_TRACE_TRACE_H

/*
 * What a trace holds, as the programs that write and read traces have it: the drive it is of, each
 * command with its data and the state of the drive around it, and what happened between commands.
 * The text form is documented in vodd.trace(5).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/drive.h"
#include "emulator/fault.h"

#define TRACE_FORMAT 1
/* The longest line of a trace, in bytes without its newline. */
#define TRACE_LINE_MAX 65536
/* Bytes that are kept of an answer (then it is whole) and of a parameter list. */
#define TRACE_DATA_MAX DRIVE_ANSWER_MAX
/* Bytes that are kept of sectors unless somebody wants more. */
#define TRACE_MEDIUM_BYTES_DEFAULT 64
/* Changes of AGIDs that one command can make: each AGID is dropped, one is granted. */
#define TRACE_STEPS_MAX 8
/* Ranges of an answer that a replay does not compare. */
#define TRACE_IGNORED_MAX 8
/* Times and durations, nanoseconds: 146 years, so that sums of three of them are no overflow. */
#define TRACE_TIME_MAX ((UINT64_C(1) << 62) - 1)
/* Seconds since 1970 whose nanoseconds are a 64-bit number with a time added: until 2262. */
#define TRACE_STARTED_MAX (INT64_MAX / 1000000000)
/* The most that one command can deliver: 2^32 - 1 sectors. */
#define TRACE_LENGTH_MAX (UINT32_MAX * UINT64_C(2048))

struct trace_state {
    enum drive_medium_state medium;
    unsigned agids; /* how many there are, 0..PROFILE_AGIDS_MAX */
    enum css_auth_state agid[PROFILE_AGIDS_MAX];
    bool asf;
    struct region_state region;
};

void trace_state_of(const struct drive *drive, struct trace_state *state);
bool trace_state_equal(const struct trace_state *a, const struct trace_state *b);

struct trace_data {
    uint64_t length; /* all that went over */
    size_t kept;     /* the first of them, in `bytes` */
    uint8_t bytes[TRACE_DATA_MAX];
};

/* One AGID that changed its state. */
struct trace_step {
    unsigned agid;
    enum css_auth_state from, to;
};

struct trace_sense {
    uint8_t key, asc, ascq;
    bool has_data; /* `data` is what was delivered; else only the three are known */
    uint8_t data[DRIVE_SENSE_SIZE];
};

struct trace_command {
    uint64_t number;         /* from 1 */
    uint64_t time, duration; /* nanoseconds: of the drive's clock, and until the status was there */
    unsigned nexus;          /* I_T nexus, from 1 */
    bool autosense;          /* of the nexus */
    uint8_t lun;
    uint8_t cdb[DRIVE_CDB_MAX], cdb_length;
    struct trace_data out, in;
    bool given_up; /* by the transport: then there is no status */
    enum drive_status status;
    struct trace_sense sense; /* with CHECK CONDITION */
    bool has_state;           /* `before` and `after` are known */
    struct trace_state before, after;
    unsigned steps;
    struct trace_step step[TRACE_STEPS_MAX];
    char fault[FAULT_NAME_MAX + 1];     /* the fault rule that was applied to it; empty: none */
    char fault_met[FAULT_NAME_MAX + 1]; /* the one that it met without effect; empty: none */

    /* For replays: what of the answer may differ. */
    bool knows_in; /* the answer is stated at all */
    bool ignores_in, ignores_status;
    unsigned ignored;
    struct {
        uint32_t first, last;
    } ignore[TRACE_IGNORED_MAX];
};

/* What happened between commands. */
struct trace_event {
    uint64_t time;
    enum drive_event_kind kind; /* MEDIUM, EJECT_REQUEST, PREVENT, AGID, ASF, REGION,
                                   UNIT_ATTENTION, RESET or FAULT */
    union {
        enum drive_medium_state medium;
        enum drive_reset reset;
        bool flag;
        struct trace_step agid;
        struct region_state region;
        struct {
            unsigned nexus;
            uint8_t asc, ascq;
        } attention;
        struct {
            char name[FAULT_NAME_MAX + 1];
            enum drive_fault_change change; /* ADDED or REMOVED */
        } fault;
    };
};

struct trace_header {
    char vendor[8 + 1], product[16 + 1], revision[4 + 1], serial[32 + 1];
    uint64_t time;   /* of the drive's clock, nanoseconds */
    int64_t started; /* seconds since 1970, 0: not known */
    bool has_state;
    struct trace_state state;
    /* Nanoseconds from `time` until a medium that becomes ready is; 0: not known, or none does. */
    uint64_t ready_in;
};

/* Lines that should stand here and were lost. */
struct trace_loss {
    uint64_t time; /* of the drive's clock, when that was noticed */
    uint64_t lines;
};

/* The last line of a trace whose writer ended as it should. */
struct trace_end {
    bool orderly;   /* false: as if it were not there */
    uint64_t time;  /* of the drive's clock */
    bool has_lines; /* `lines` is known: a trace written by hand need not count */
    uint64_t lines; /* commands and events that were written */
    uint64_t lost;  /* commands and events that were not */
};

enum trace_line_kind {
    TRACE_LINE_HEADER,
    TRACE_LINE_COMMAND,
    TRACE_LINE_EVENT,
    TRACE_LINE_LOSS,
    TRACE_LINE_END,
};

struct trace_line {
    enum trace_line_kind kind;
    union {
        struct trace_header header;
        struct trace_command command;
        struct trace_event event;
        struct trace_loss loss;
        struct trace_end end;
    };
};

/* The command table's name, "command FFh" for a code that it does not have; `room` holds the
 * latter. */
#define TRACE_NAME_MAX 16
const char *trace_command_name(const struct trace_command *command, char room[TRACE_NAME_MAX]);

/* The sense in the standard's words; NULL if the drive never reports it by itself. */
const struct sense_description *trace_sense_description(const struct trace_sense *sense);

#endif
