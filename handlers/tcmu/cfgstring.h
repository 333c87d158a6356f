/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_CFGSTRING_H
#define HANDLERS_TCMU_CFGSTRING_H

/*
 * The configuration string of a LUN, documented in handler_vodd(8).
 */

#include <stdbool.h>

/* The kernel keeps no more than this many bytes, "vodd/" included. */
#define CFGSTRING_MAX 255

#define CFGSTRING_FORM "vodd/[FIXTURE][;drive=PROFILE][;state=FILE][;control=SOCKET][;trace=FILE]"

struct cfgstring {
    char *fixture; /* .disc file or image; NULL: the tray is empty */
    char *drive;   /* drive profile; NULL: the default drive */
    char *state;   /* state file; NULL: the drive forgets */
    char *control; /* control socket; NULL: none */
    char *trace;   /* where a trace is written; NULL: nowhere */
};

/*
 * Takes `text` apart.  Judges nothing but the string itself: opens no file and follows no path.
 * False with *reason set to what is wrong and what is accepted, to be freed by the caller (NULL
 * when memory is short); `cfgstring` is then empty.
 */
bool cfgstring_parse(const char *text, struct cfgstring *cfgstring, char **reason);
void cfgstring_release(struct cfgstring *cfgstring);

#endif
