/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPLAY_REPLAY_H
#define HANDLERS_REPLAY_REPLAY_H

/*
 * Plays the host of a recorded conversation against a drive and compares what the drive answers
 * with what was recorded.  What the operator did between the commands is done again at its time.
 */

#include <stdbool.h>
#include <stdint.h>

#include "handlers/system/output_file.h"
#include "handlers/trace/trace_reader.h"
#include "media/disc.h"

struct replay_options {
    const struct drive_profile *profile;
    struct disc *disc; /* that lies in the drive whenever one did; NULL: none */
    /* Hosts were there before the trace began: they get no unit attention for their attachment. */
    bool without_attention;
    struct output_file *record; /* where a trace of the replay is written, taken over; NULL:
                                   nowhere */
    size_t medium_bytes;
};

enum replay_part {
    REPLAY_STATUS,  /* GOOD, CHECK CONDITION, or that there is none: `expected`, `got` as sense
                       KKAAQQ, 0 for GOOD, -1 for none, minus the code for other statuses */
    REPLAY_SENSE,   /* a byte of the sense data */
    REPLAY_LENGTH,  /* how many bytes were delivered */
    REPLAY_DATA_IN, /* a byte of the answer */
};

struct replay_difference {
    unsigned long line; /* of the trace */
    const struct trace_command *command;
    enum replay_part part;
    uint64_t offset; /* of the first byte that differs */
    int64_t expected, got;
};

struct replay_result {
    uint64_t commands, differences; /* commands that differ, the first difference of each counts */
    bool damaged;                   /* the trace, which was reported */
    bool at_end;                    /* the trace was read to its end */
    bool unrecorded;                /* part of `record` was lost, which was reported */
};

/*
 * Plays the trace to its end, or until `differs` returns false.  Returns false after reporting when
 * the replay could not be made at all.
 */
bool replay_run(struct trace_reader *reader, const struct replay_options *options,
                bool (*differs)(void *context, const struct replay_difference *difference),
                void *context, struct replay_result *result, struct diagnostics *diagnostics);

#endif
