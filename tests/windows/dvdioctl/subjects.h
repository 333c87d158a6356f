/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_SUBJECTS_H
#define TESTS_WINDOWS_DVDIOCTL_SUBJECTS_H

/*
 * What can be examined, a file each.  None of them changes the region; each may take and free AGIDs
 * and so disturb a player that uses the drive at the same time.
 */

#include "tests/windows/dvdioctl/examination.h"

/* region.c: GET_REGION, the RPC state, the copyright structure; that they agree. */
void examine_region(struct examination *examination);
/* region.c: SEND_KEY2 with DvdSetRpcKey.  Spends a change, if `region` (1 to 8) is another one. */
void set_region(struct examination *examination, unsigned region);

/* other_drives.c: what Windows refuses of a drive that it takes for a CD drive. */
void examine_cd_drive(struct examination *examination);
/* other_drives.c: what a DVD drive without CSS refuses. */
void examine_drive_without_css(struct examination *examination);

/* session.c: START_SESSION until none is left, every way to end one. */
void examine_sessions(struct examination *examination);

/* structure.c: READ_STRUCTURE, all formats. */
void examine_structures(struct examination *examination);

/* authentication.c: the handshake, disc key and title keys; what is refused without it. */
void examine_keys(struct examination *examination);

/* authentication.c: authenticates with a wrong KEY2, which must fail and clear the flag. */
void examine_wrong_key2(struct examination *examination);
/*
 * authentication.c: authenticates and reads the disc key block.  True when the disc key is known,
 * by a player key or from the fixture.
 */
bool examine_disc_key(struct examination *examination, struct css_key *key);

/* read.c: plain and scrambled sectors, before and after authentication, and unscrambled. */
void examine_reads(struct examination *examination);

#endif
