/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_QEMU_VERSION_H
#define HANDLERS_VODD_QEMU_VERSION_H

/*
 * Versions of QEMU, and what the options that `vodd serve` prints owe to them.
 */

#include <stdbool.h>

struct qemu_version {
    int major, minor; /* 0 to 999; 0.0: not known */
};

#define QEMU_VERSION_FORM "N.N or N.N.N, such as 7.2 or 10.0.2"

/*
 * The option that makes a -chardev socket connect again one second after its server has gone.
 * QEMU knows the first one from 9.2 on; the second one, deprecated since then, QEMU 11.1 refuses.
 */
#define QEMU_RECONNECT_MS       "reconnect-ms=1000"
#define QEMU_RECONNECT_MS_MAJOR 9
#define QEMU_RECONNECT_MS_MINOR 2
#define QEMU_RECONNECT          "reconnect=1"

/* Reads a text of QEMU_VERSION_FORM and nothing else.  False: it is none, `version` is not known.
 */
bool qemu_version_read(const char *text, struct qemu_version *version);

/*
 * Reads what `qemu-system-... --version` printed: the first line that begins with "QEMU emulator
 * version N.N", whatever follows the number after a dot or a blank.  False: there is none,
 * `version` is not known.
 */
bool qemu_version_read_output(const char *output, struct qemu_version *version);

bool qemu_version_is_known(const struct qemu_version *version);

/* The option for this version, without commas; QEMU_RECONNECT_MS for one that is not known. */
const char *qemu_version_reconnect(const struct qemu_version *version);

#endif
