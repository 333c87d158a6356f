/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_STATUS_H
#define TESTS_WINDOWS_DVDIOCTL_STATUS_H

/* The status values that the class driver of optical drives returns, in words. */

#include <stdint.h>

/* windows.h and ntstatus.h define the same names unless told not to. */
#ifndef WIN32_NO_STATUS
#define WIN32_NO_STATUS
#endif
#include <windows.h>
#include <winternl.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>

/* "CSS_KEY_NOT_ESTABLISHED", without STATUS_; "not in this program's list" for an unknown one. */
const char *status_name(uint32_t ntstatus);

/* What it usually means for a DVD drive; "" for an unknown one. */
const char *status_meaning(uint32_t ntstatus);

#endif
