/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_ENDIAN_H
#define TESTS_WINDOWS_DVDIOCTL_ENDIAN_H

/* What media/css_*.c need of glibc's header of this name.  Windows is little-endian. */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a Windows compiler");

#define le64toh(value) (value)
#define htole64(value) (value)

#endif
