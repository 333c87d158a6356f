/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_DISCS_H
#define TESTS_CONFORMANCE_DISCS_H

/*
 * The discs of the conformance suite.  All but the sparse ones share one synthetic image of
 * DISCS_SECTORS sectors:
 *
 *     LBA 100h-11Fh   title set 1: a navigation pack, video packs, a padding pack at 108h
 *     LBA 180h        a video pack that belongs to no title set
 *     LBA 200h-20Fh   title set 2: video packs
 *     elsewhere       data that is no MPEG pack, different in every sector
 *
 * Discs by name:
 *
 *     plain           unprotected
 *     css             CSS, every region; disc key, player keys and title keys of the CSS vectors
 *     css-1, css-2    CSS, playable in region 1 (2) only;   css-12: in regions 1 and 2
 *     css-but-7       CSS, playable in every region but 7
 *     css-bca         as css, with a burst cutting area of 16 bytes A0h..AFh, version 2, 80 mm
 *     css-marked      as css, with manufacturing information "vodd" and zeros
 *     otp, ptp        unprotected, two layers, layer break at 410h, parallel or opposite track path
 *     defects         unprotected, sectors 300h and 3F0h-3FFh cannot be read
 *     css-defects     CSS with unreadable sectors 103h and 300h
 *     unreadable      no known disc
 *     dvd-5, dvd-9    sparse: full single layer, full dual layer (OTP)
 *     otp-short-1     sparse: OTP, 2086912 sectors on layer 0 and 1000000 on layer 1
 *     msf-last        sparse: the largest disc whose lead-out has an MSF address, FF:3B:4A
 *     msf-minute      sparse: 75 sectors less
 *     msf-beyond      sparse: one sector more than msf-last
 */

#include <stdbool.h>

#include "media/disc.h"

#define DISCS_SECTORS 0x800u

/*
 * The disc of that name, with a reference that the caller gives back; made when it is first asked
 * for.  A name with a slash is the path of a fixture or image instead.  NULL after a message on
 * standard error when there is no such disc or it cannot be made.
 */
struct disc *discs_get(const char *name);

/*
 * Writes NAME.disc for every disc into an existing folder, with the images, for a drive in another
 * process.  False after a message on standard error.
 */
bool discs_write(const char *folder);

/* What the image holds at `lba`, that is, the sector before it is scrambled. */
void discs_plain_sector(uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE]);

/* Releases the discs and removes the temporary images. */
void discs_close(void);

#endif
