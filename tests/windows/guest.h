/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_GUEST_H
#define TESTS_WINDOWS_GUEST_H

/*
 * A row of the Windows checklist: what the drive is like, what a program asks of Windows, which
 * commands reach the drive and how it answers each of them, what the program is told.  Rows are
 * those of tests/conformance/row.h, run by its runner, with these steps in addition:
 *
 *     boot [SETTING=VALUE]...     a guest with a fresh registry starts the device, ticks once and
 *                                 forgets what went over the wire
 *     plug [SETTING=VALUE]...     the start alone, which is an action (see below)
 *     replug                      the same with the registry as it is now
 *
 *         bus=ahci|usb|virtio|atapi    alignment=MASK    mounted=yes    autorun=off
 *         default-region=N
 *
 *     fault NAME KEY=VALUE...     a fault rule of the drive (vodd.fault(5))
 *     unfault                     takes all rules away
 *     set mounted | set verified  the volume is mounted; its file system has verified it
 *     quietly ACTION              an action that must succeed and whose commands do not matter
 *     expect KEY VALUE            what the driver knows (judge.c) or has told:
 *                                 "expect notes arrival eject-request" since the last such step
 *
 * An action is
 *
 *     plug..., replug             the start
 *     tick, shutdown              the timer; the end of the system
 *     ioctl NAME [WORD VALUE]...  DeviceIoControl() (request.c: words for the buffers)
 *     read OFFSET LENGTH          ReadFile(), both hexadecimal numbers of bytes
 *
 * and is followed by the commands that it must send, all of them in this order,
 *
 *     | [at MS] [every MS] [xN | x*] [status XX] CDB [< DATA OUT] [> DATA IN] [! SENSE]
 *
 * (xN: N times, x*: at least once; "at": milliseconds since the action began, "every": between two
 * of the repeated ones; "status": this SAM status, whatever comes with it), then, but for the
 * timer, by the result:
 *
 *     = STATUS [win32 N] [after MS] [info N] [: BYTES]
 *
 * INFO is 0 if absent; BYTES are those of the output buffer, as many as INFO says.
 */

#include "tests/conformance/run.h"
#include "tests/windows/cdrom.h"

struct guest {
    struct run run; /* of the row; its transport is the port's */
    struct port port;
    struct cdrom_registry registry;
    struct cdrom device;

    /* The last action. */
    bool acted;        /* there is one */
    bool needs_result; /* a "=" has to follow */
    uint64_t began;
    size_t judged; /* exchanges that "|" lines have taken */
    struct cdrom_request request;
    size_t buffer_size;
};

/*
 * Runs the row.  `real_time`: a drive whose time is real, which the driver's waits have to let pass
 * in rows with a spin-up time.
 */
enum row_result guest_run(struct transport *transport, const struct row *row, bool real_time,
                          char *why, size_t size);

/* Fills a request from the words behind "ioctl"; malloc'ed buffer.  False after run_fault(). */
bool guest_request_parse(struct guest *guest, const char *words);
/* "OFFSET LENGTH" of "read". */
bool guest_read_parse(struct guest *guest, const char *words);

/* A "|" line, a "=" line, an "expect" line without their first word. */
bool guest_judge_exchange(struct guest *guest, const char *line);
bool guest_judge_result(struct guest *guest, const char *line);
bool guest_judge_state(struct guest *guest, const char *line);
/* The action is over: nothing may be left that no line spoke of. */
bool guest_judge_end(struct guest *guest);

#endif
