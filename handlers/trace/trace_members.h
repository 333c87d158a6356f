/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_MEMBERS_H
#define HANDLERS_TRACE_TRACE_MEMBERS_H

/*
 * The members that each kind of line of a trace has: one row for each, with its type, its range and
 * its place.  Reading (trace_parse.c), writing (trace_json.c), the messages about what is wrong,
 * the check of vodd.trace(5) and the fuzz target of whole traces follow from these tables.
 */

#include <jansson.h>

#include "handlers/trace/trace.h"

enum trace_type {
    TRACE_NUMBER,  /* a whole number `minimum`..`maximum`; into an integer of `place.size` bytes */
    TRACE_FLAG,    /* true or false; into a bool */
    TRACE_WORD,    /* one of `words`; into an enumeration */
    TRACE_TEXT,    /* up to `maximum` bytes; into an array that has room for one more */
    TRACE_BYTES,   /* `minimum`..`maximum` bytes in hexadecimal; into an array */
    TRACE_OBJECT,  /* with the members of `object`; into a struct; without a table: any members */
    TRACE_WORDS,   /* an array of up to `maximum` of `words`; into an array of enumerations */
    TRACE_OBJECTS, /* an array of up to `maximum` times `object`; into an array of structs */
    TRACE_IGNORED, /* what a replay does not compare; into a struct trace_command */
    TRACE_REMARK,  /* anything */
};

/* Where something is in the struct of the object that the member belongs to; size 0: nowhere. */
struct trace_place {
    size_t offset, size;
};

struct trace_words {
    const char *const *word; /* by value; NULL for values that have none */
    unsigned count;
};

struct trace_object;

struct trace_member {
    const char *key; /* NULL ends the table */
    enum trace_type type;
    bool required;
    /* Nowhere: it is checked, and what is written is what `make` makes of the struct. */
    struct trace_place place;
    struct trace_place count; /* how many bytes or elements there are, an unsigned integer */
    struct trace_place known; /* a bool: whether the member is there */
    uint64_t minimum, maximum;
    const char *form; /* of accepted values; NULL: as type and range have it */
    const struct trace_words *words;
    const struct trace_object *object;
    bool (*is_written)(const void *object); /* NULL: always */
    json_t *(*make)(const void *object);    /* a new reference, NULL: memory is short */
};

struct trace_object {
    const char *what; /* for messages: "a command" */
    size_t size;      /* of the struct */
    const struct trace_member *members;
};

/* A kind of line. */
struct trace_kind {
    enum trace_line_kind kind;
    enum drive_event_kind event; /* of TRACE_LINE_EVENT */
    struct trace_object object;
};

/* Ended by a row whose object has no members. */
extern const struct trace_kind trace_kinds[];

/* The row of a header, of a command (`event` does not matter) or of an event; NULL: there is none,
 * since traces do not have this event. */
const struct trace_kind *trace_kind_of(enum trace_line_kind kind, enum drive_event_kind event);

extern const struct trace_words trace_event_words;
extern const struct trace_words trace_status_words;

#endif
