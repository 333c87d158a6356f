/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_OUTPUT_KIND_H
#define HANDLERS_SYSTEM_OUTPUT_KIND_H

/*
 * What vodd writes, and how each kind is recognised by its beginning: a file that is there is
 * replaced only by one of its own kind.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum output_kind {
    OUTPUT_TRACE,   /* vodd.trace(5) */
    OUTPUT_CAPTURE, /* pcapng, whoever wrote it */
    OUTPUT_REPORT,  /* a page of `vodd report` */
    OUTPUT_STATE,   /* of a drive */
    OUTPUT_IMAGE,   /* of a disc */
    OUTPUT_KINDS,
};

struct output_kind_row {
    const char *article; /* "a trace" */
    const char *name;    /* "trace" */
    const char *records; /* what of it can be lost: "lines of the trace" */
    bool (*is)(const uint8_t *bytes, size_t length);
    /* Whether one that is there may be replaced: no program can tell an image that was exported
     * from one that is somebody's only copy. */
    bool replaces;
};
extern const struct output_kind_row output_kinds[OUTPUT_KINDS];

/* As many bytes from the beginning tell each kind: the volume recognition of ECMA-119 and ECMA-167
 * begins at byte 32768. */
#define OUTPUT_KIND_BYTES (32768 + 6)

/* What a file that begins with these bytes is: the article of its kind, "a file of another kind".
 */
const char *output_kind_guess(const uint8_t *bytes, size_t length);

#endif
