/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_SERVE_OPTIONS_H
#define HANDLERS_VODD_SERVE_OPTIONS_H

/*
 * What `vodd serve` was asked to do.
 */

#include <stdbool.h>

#include "handlers/usbredir/usb_descriptors.h"
#include "handlers/vodd/disc_options.h"
#include "handlers/vodd/qemu_version.h"

struct serve_options {
    char *file; /* image or fixture; NULL: an empty drive */
    struct disc_options disc;
    char *profile; /* path; NULL: the default drive */
    char *state;   /* path; NULL: a drive that forgets */
    char *name;
    char *socket;  /* path; NULL: `fd` */
    int fd;        /* -1: `socket` */
    char *control; /* path */
    enum usb_speed speed;
    char *trace;              /* path; NULL: none is written */
    char *capture;            /* path; NULL: none is written */
    int trace_medium;         /* bytes of sectors in it */
    struct qemu_version qemu; /* not known: of the one that is there */
    bool force;               /* trace and capture replace files of another kind */
};

/*
 * Reads the command line and fills in the defaults, for which folders may be made.  Returns false
 * after reporting what is wrong.  --help ends the program.
 */
bool serve_options_read(struct serve_options *options, int argc, const char **argv);
void serve_options_release(struct serve_options *options);

#endif
