/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_SERVE_REPORT_H
#define HANDLERS_VODD_SERVE_REPORT_H

/*
 * What `vodd serve` says when the drive is on.
 */

#include <stdio.h>

#include "handlers/vodd/server.h"

/* State of the drive, where its sockets are, and the QEMU options that attach it. */
void serve_report(const struct server *server, FILE *stream);

/*
 * The QEMU options that attach the device behind `socket`, ready to be pasted into a shell, to be
 * freed by the caller; NULL when memory is short.
 */
char *serve_qemu_options(const char *name, const char *socket, enum usb_speed speed);

#endif
