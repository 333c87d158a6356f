/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_EXPECTATIONS_PATTERN_H
#define HANDLERS_EXPECTATIONS_PATTERN_H

/*
 * Which commands of a trace an expectation speaks of: a command and conditions on it, on what came
 * of it, and on the state of the drive before it.
 */

#include "handlers/trace/trace.h"

#define PATTERN_CONDITIONS_MAX 12
#define PATTERN_RANGES_MAX     16
#define PATTERN_ANY_COMMAND    (-1)
#define PATTERN_SAME           3

/* What a condition looks at. */
struct pattern_key {
    const char *name;
    const char *form; /* of its values, for messages */
    /* The value of a command, -1 when it has none. */
    int64_t (*value)(const struct trace_command *command);
    /* Reads one value; false when it is none. */
    bool (*read)(const char *text, int64_t *first, int64_t *last);
    /* 1..PATTERN_SAME: "same" is a value too, that of the command that the pattern follows; 0: it
     * is not. */
    unsigned same;
};

/* Ended by a row without a name. */
extern const struct pattern_key pattern_keys[];

struct pattern_condition {
    const struct pattern_key *key;
    bool negated; /* != */
    bool same;
    unsigned ranges;
    struct {
        int64_t first, last;
    } range[PATTERN_RANGES_MAX];
};

struct pattern {
    int operation_code; /* PATTERN_ANY_COMMAND: every command */
    unsigned conditions;
    struct pattern_condition condition[PATTERN_CONDITIONS_MAX];
};

/* What "same" refers to. */
struct pattern_origin {
    int64_t value[PATTERN_SAME];
};

struct pattern_origin pattern_origin_of(const struct trace_command *command);

/* Whether the command is one of them.  `origin` NULL: there is nothing that "same" could mean. */
bool pattern_matches(const struct pattern *pattern, const struct trace_command *command,
                     const struct pattern_origin *origin);

/* A length of time, "250ms", in nanoseconds; units us, ms, s. */
bool pattern_read_duration(const char *text, int64_t *nanoseconds);

#endif
