/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_STATUS_H
#define TESTS_WINDOWS_DVDIOCTL_STATUS_H

/* The status values that the class driver of optical drives returns, in words. */

#include "tests/windows/nt.h"

/*
 * What it usually means for a DVD drive, from a request with this control code (0: opening or
 * reading); "" for a status that is none of nt.h.
 */
const char *status_meaning(enum nt_status status, uint32_t code);

#endif
