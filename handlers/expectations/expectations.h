/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_EXPECTATIONS_EXPECTATIONS_H
#define HANDLERS_EXPECTATIONS_EXPECTATIONS_H

/*
 * What a test of a driver expects of a trace: a small file of sentences, documented in
 * vodd.expect(5), and the machine that holds a trace against them, one command at a time.
 */

#include "handlers/expectations/pattern.h"
#include "handlers/trace/trace_hosts.h"
#include "media/diagnostics.h"

/* A file of expectations holds no more than this many bytes. */
#define EXPECTATIONS_SIZE_MAX 1048576
/* Failures of one expectation that are kept in full; the others are counted. */
#define EXPECTATION_FAILURES_MAX 5
/* Commands that one expectation waits for at a time; one more fails it. */
#define EXPECTATION_PENDING_MAX 4096

enum expectation_kind {
    EXPECTATION_NO,       /* no A [after B [until C]] */
    EXPECTATION_EVERY,    /* every A followed by B [within N commands | within TIME] [before C] */
    EXPECTATION_AT_MOST,  /* at most N A [in a row] */
    EXPECTATION_AT_LEAST, /* at least N A */
};

/* A command that failed an expectation. */
struct expectation_failure {
    uint64_t command;   /* number, 0: the whole trace */
    unsigned long line; /* of the trace */
    int operation_code;
    char reason[120];
};

/* A command that an "every" waits for. */
struct expectation_pending {
    struct pattern_origin origin;
    uint64_t command, time;
    unsigned long line;
    uint64_t counted; /* commands when it came */
    uint8_t operation_code;
};

struct expectation {
    unsigned line; /* of the file */
    char *text;    /* as it stands there */
    enum expectation_kind kind;
    struct pattern a, b, c;
    bool has_b, has_c;
    uint64_t count; /* of AT_MOST and AT_LEAST */
    bool in_a_row;
    uint64_t within_commands; /* 0: any number */
    int64_t within_time;      /* nanoseconds; 0: any time */

    /* While a trace is held against it. */
    bool active;
    uint64_t matches;
    struct trace_hosts rows; /* uint64_t: commands in a row of each */
    struct expectation_pending *pending;
    size_t pendings, room;
    uint64_t failed;
    struct expectation_failure failure[EXPECTATION_FAILURES_MAX];
};

struct expectations {
    size_t count;
    struct expectation *expectation;
    uint64_t counted; /* commands of the trace so far, REQUEST SENSE aside */
};

/*
 * Reads the text of a file; `name` is its name for messages.  False after reporting every fault
 * with line, column, value and accepted form; `expectations` is then released.
 */
bool expectations_read(const char *name, const char *text, struct expectations *expectations,
                       struct diagnostics *diagnostics);
void expectations_release(struct expectations *expectations);

/* The next command, which stands in `line` of the trace.  False when memory is short. */
bool expectations_command(struct expectations *expectations, const struct trace_command *command,
                          unsigned long line);
/* The trace has ended. */
void expectations_end(struct expectations *expectations);

#endif
