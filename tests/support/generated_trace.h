/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_GENERATED_TRACE_H
#define TESTS_SUPPORT_GENERATED_TRACE_H

/*
 * Lines of traces made from the tables of their members (handlers/trace/trace_members.h), so that a
 * new kind of line or a new member is tested without a word here.
 */

#include <jansson.h>

#include "handlers/trace/trace_members.h"
#include "media/random.h"

/* How a value has to do with what its member accepts. */
enum generated_value {
    GENERATED_RIGHT,        /* any that is accepted, the ends of its range often */
    GENERATED_OUT_OF_RANGE, /* of the right type; WRONG_TYPE for types without a range or with one
                             * that a line cannot pass */
    GENERATED_WRONG_TYPE,   /* right of a member that accepts anything */
};

/* A new reference, never NULL. */
json_t *generated_trace_value(const struct trace_member *member, enum generated_value how,
                              struct random *random);

/* A line of the kind: every required member, others or not.  A new reference. */
json_t *generated_trace_line(const struct trace_kind *kind, struct random *random);

/* The same line with something about it changed, as likely as not to what is not accepted: a value,
 * a member that is missing, one that other kinds have.  `line` is an object of any members. */
void generated_trace_change(json_t *line, struct random *random);

/* One of trace_kinds, headers among them. */
const struct trace_kind *generated_trace_kind(struct random *random);

#endif
