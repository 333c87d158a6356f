/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_WINE_H
#define TESTS_WINDOWS_DVDIOCTL_WINE_H

/*
 * Wine has no class driver: it turns the IOCTLs into ioctls of its host's kernel.  What it does not
 * implement, or answers in another way than Windows, is listed here by the id of the result; such a
 * result is skipped, by name, if Wine really does what the list says.
 */

#include <stdbool.h>

#include "tests/windows/dvdioctl/device.h"

/* "8.0", or NULL on Windows. */
const char *wine_version(void);

/*
 * Why a result that is wrong on Windows is no finding on Wine, NULL if it is one.  `id`: of the
 * result; `last`: how its request ended.
 */
const char *wine_excuse(const char *id, const struct outcome *last);

/*
 * Whether this is how Wine reports a refusal of the drive, whichever it was: the kernel's ioctl
 * tells it no sense data.
 */
bool wine_is_refusal(const struct outcome *last);

#endif
