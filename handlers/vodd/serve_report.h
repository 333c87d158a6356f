/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_SERVE_REPORT_H
#define HANDLERS_VODD_SERVE_REPORT_H

/*
 * What `vodd serve` says when the drive is on.
 */

#include <stdio.h>

#include "handlers/vodd/server.h"

/* State of the drive and where its files and sockets are. */
void serve_report(const struct server *server, FILE *stream);

/*
 * The QEMU options that attach the drive, for `version` of QEMU, which is that of `program`; NULL:
 * it was stated, or no program was found.  If the version is not known, what an older QEMU takes
 * follows.  Nothing for a drive without a socket.
 */
void serve_report_qemu(const struct server *server, const char *program,
                       const struct qemu_version *version, FILE *stream);

/*
 * The QEMU options that attach the device behind `socket`, ready to be pasted into a shell, to be
 * freed by the caller; NULL when memory is short.
 */
char *serve_qemu_options(const char *name, const char *socket, enum usb_speed speed,
                         const struct qemu_version *version);

#endif
