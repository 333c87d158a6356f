/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUEST_DVD_HOST_SESSION_H
#define TESTS_GUEST_DVD_HOST_SESSION_H

/*
 * What a player does with a CSS disc, from the first look at the drive to the pictures, with a
 * result for each thing that the drive has to do right.
 */

#include "tests/guest/programs/dvd_host/device.h"
#include "tests/host/iso9660.h"
#include "tests/host/transcript.h"

struct session {
    struct device *device;
    struct transcript *transcript;
    struct css_key player_key;
    unsigned region;       /* to be set in a drive that has none; 0: leave the drive as it is */
    const char *checksums; /* file with lines of sha256sum; of the plain VOBs */

    struct css_host host; /* over the ioctls */
    struct vob *vobs;
    uint32_t *scrambled; /* of each VOB: a sector that the drive refused */
    struct css_host_title_key *title_keys;
    size_t vob_count;
    struct css_key disc_key;
};

/* Runs every step; results go to the transcript.  False when the rest was given up. */
bool session_run(struct session *session);

/* session_compare.c: descrambles every VOB and compares it with the plain one. */
void session_compare(struct session *session);

#endif
