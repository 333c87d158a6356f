/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_PARSE_H
#define HANDLERS_TRACE_TRACE_PARSE_H

/*
 * The inside of trace_json_parse(): each kind of object is a table of its members, and whatever is
 * in none of them is a fault.  Every function that returns false has filled the fault.
 */

#include "handlers/trace/trace_json.h"

struct trace_parse {
    const char *text; /* the line */
    const char *at;   /* where the object that is being read begins, for columns */
    struct trace_fault *fault;
};

struct trace_member {
    const char *key; /* NULL ends the table */
    bool (*take)(struct trace_parse *parse, const char *key, json_t *value, void *target);
    bool required;
};

/* Each returns false.  The column is that of `key`. */
__attribute__((format(printf, 3, 4))) bool
trace_parse_refuse(struct trace_parse *parse, const char *key, const char *format, ...);
/* "KEY: VALUE is not right; accepted: FORM" */
bool trace_parse_refuse_value(struct trace_parse *parse, const char *key, const json_t *value,
                              const char *form);

/* Reads the members of an object into `target`. */
bool trace_parse_members(struct trace_parse *parse, json_t *object,
                         const struct trace_member *members, void *target);
/* The same for an object that is the member `key`. */
bool trace_parse_object(struct trace_parse *parse, const char *key, json_t *value,
                        const struct trace_member *members, void *target);

/* Values. */
bool trace_parse_integer(struct trace_parse *parse, const char *key, const json_t *value,
                         uint64_t maximum, uint64_t *target);
bool trace_parse_byte(struct trace_parse *parse, const char *key, const json_t *value,
                      uint8_t maximum, uint8_t *target);
bool trace_parse_flag(struct trace_parse *parse, const char *key, const json_t *value,
                      bool *target);
/* One of `count` names; its index. */
bool trace_parse_name(struct trace_parse *parse, const char *key, const json_t *value,
                      const char *const *names, size_t count, unsigned *target);
/* Hexadecimal bytes, `minimum` to `maximum` of them. */
bool trace_parse_hex(struct trace_parse *parse, const char *key, const json_t *value,
                     size_t minimum, size_t maximum, uint8_t *bytes, size_t *count);
/* The name of a fault rule. */
bool trace_parse_rule(struct trace_parse *parse, const char *key, const json_t *value,
                      char name[FAULT_NAME_MAX + 1]);
/* Anything. */
bool trace_parse_skip(struct trace_parse *parse, const char *key, json_t *value, void *target);
/* Into a struct trace_state. */
bool trace_parse_medium(struct trace_parse *parse, const char *key, json_t *value, void *target);

/* Of struct trace_state, struct region_state and struct trace_step. */
extern const struct trace_member trace_state_members[];
extern const struct trace_member trace_region_members[];
extern const struct trace_member trace_step_members[];

bool trace_parse_command(struct trace_parse *parse, json_t *object, struct trace_command *command);

#endif
