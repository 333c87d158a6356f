/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_EXAMINATION_H
#define TESTS_WINDOWS_DVDIOCTL_EXAMINATION_H

/*
 * What the subjects share: the drive, the TAP that is written, and the forms of a result.  A result
 * has an id (docs/windows.md) and a name; what a request ended with follows as a comment.
 */

#include "tests/host/css_host.h"
#include "tests/host/transcript.h"
#include "tests/windows/dvdioctl/fixture_keys.h"
#include "tests/windows/dvdioctl/ioctl_transport.h"

struct examination {
    struct device *device;
    struct transcript *transcript;
    const struct fixture_keys *keys;
    uint32_t sectors; /* to read of each VOB at the most */

    bool is_dvd_drive; /* Windows takes it for one: there is IOCTL_DVD_* */
    bool is_css_drive; /* it knows copy protection: there are sessions, keys and a region */
    bool has_medium;
    bool is_css; /* the copyright structure says so, and the drive has CSS */
    struct ioctl_transport transport;
    struct css_host host; /* over `transport`; its messages become comments */
};

/*
 * Looks what Windows takes the drive for, says it, and whether a disc is in the drive and
 * protected. The rest is filled before.
 */
void examination_begin(struct examination *examination);

#define ANY_INFORMATION UINT32_MAX

/* The last request succeeded and returned `information` bytes.  Returns whether it did. */
__attribute__((format(printf, 4, 5))) bool examine_done(struct examination *examination,
                                                        const char *id, uint32_t information,
                                                        const char *format, ...);

/*
 * The drive refused the last request with this NTSTATUS or, where drives differ, the alternative
 * (0: none).  On Wine every refusal will do.
 */
__attribute__((format(printf, 5, 6))) bool examine_refusal(struct examination *examination,
                                                           const char *id, enum nt_status status,
                                                           enum nt_status alternative,
                                                           const char *format, ...);

/* The same for what the driver refuses without asking the drive. */
__attribute__((format(printf, 5, 6))) bool
examine_driver_refusal(struct examination *examination, const char *id, enum nt_status status,
                       enum nt_status alternative, const char *format, ...);

/* Something about an answer is right. */
__attribute__((format(printf, 4, 5))) bool examine(struct examination *examination, const char *id,
                                                   bool right, const char *format, ...);

/* Nobody could look, and why. */
__attribute__((format(printf, 4, 5))) void examine_skip(struct examination *examination,
                                                        const char *id, const char *reason,
                                                        const char *format, ...);

/* The last request's Win32 error and NTSTATUS, as a comment. */
void examine_say_outcome(struct examination *examination);

/* Authenticates; a failure becomes a result of this id. */
bool examine_authentication(struct examination *examination, const char *id);

/* Frees all AGIDs, one by one. */
void examine_end_sessions(struct examination *examination);

/* The authentication success flag; false as well if it cannot be read. */
bool examine_asf(struct examination *examination);

/*
 * Whether the drive's region allows the disc: the drive then delivers title keys.  True for a drive
 * without region playback control.
 */
bool examine_region_plays(struct examination *examination);

#endif
