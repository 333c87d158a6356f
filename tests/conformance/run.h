/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_RUN_H
#define TESTS_CONFORMANCE_RUN_H

/* The inside of the runner: one row under way. */

#include "tests/conformance/pattern.h"
#include "tests/conformance/runner.h"
#include "tests/conformance/sense.h"

struct run {
    struct transport *transport;
    const struct row *row;
    char *why;
    size_t size;
    bool skipped;
};

/* Says why the step failed; always returns false. */
__attribute__((format(printf, 2, 3))) bool run_fault(struct run *run, const char *text, ...);

/* A line that is a command. */
struct command_step {
    unsigned nexus;
    struct transport_command command;
    struct pattern data_out;
    struct pattern data_in;
    bool refused; /* CHECK CONDITION with `sense` */
    struct sense_expectation sense;
};

bool command_step_parse(struct run *run, const char *line, struct command_step *step);
void command_step_release(struct command_step *step);

/* Compares an answer, the data-in cut to `limit` bytes, with what the line says. */
bool command_step_judge(struct run *run, const struct command_step *step, size_t limit,
                        const struct transport_answer *answer);

/* Sends it with the data-in cut to `limit` bytes and compares everything. */
bool command_step_execute(struct run *run, const struct command_step *step, size_t limit);

/* One line of any kind; `index` is its place in the row. */
bool run_step(struct run *run, size_t index);

/* The host's side of an authentication with this AGID, and the disc key. */
bool run_handshake(struct run *run, unsigned agid);

/* Sends a command whose failure matters to nobody (clearing attentions and events). */
void run_quietly(struct run *run, unsigned nexus, const uint8_t *cdb, uint8_t length,
                 struct transport_answer *answer);

#endif
