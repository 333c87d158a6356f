/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_TRACED_DRIVE_H
#define TESTS_SUPPORT_TRACED_DRIVE_H

/*
 * What the tests of traces have in common: a folder of their own with a CSS disc in it, and a drive
 * whose trace is written there.  The time is what the test says.
 */

#include "emulator/drive.h"
#include "tests/host/css_host.h"

struct traced_drive {
    struct drive *drive;
    struct drive_nexus *nexus; /* no autosense, as over USB */
    struct disc *disc;
    struct css_host host; /* plays on `nexus` */
    uint64_t now;         /* goes on by a millisecond with each command */
    uint8_t data[65536];  /* of the last command */
};
extern struct traced_drive traced;

/* The files in the working folder. */
#define TRACED_DRIVE_DISC  "movie.disc"
#define TRACED_DRIVE_TRACE "drive.trace"

/*
 * Fixtures of Check: the working folder becomes a new one that holds movie.iso and movie.disc (CSS,
 * regions 1 and 2), the disc is in the drive and the trace is being written.
 */
void traced_drive_set_up(void);
void traced_drive_tear_down(void);

/* Ends the trace, so that it can be read. */
void traced_drive_end(void);

/* Executes a CDB given as hexadecimal text, with `out` as its parameter list. */
struct drive_command traced_drive_execute(const char *cdb, const char *out);
/* Adds the fault rule `name` of one setting KEY=VALUE, for each command. */
void traced_drive_fault(const char *name, const char *command, const char *setting);
/* TEST UNIT READY with REQUEST SENSE behind it until it is ready. */
void traced_drive_be_ready(void);
/* Authenticates and fetches the title key of a sector: an AGID is used up. */
void traced_drive_play(void);

/* The whole of a small file, NUL-terminated, to be freed. */
char *traced_drive_read(const char *path);
void traced_drive_write(const char *path, const char *text);

#endif
