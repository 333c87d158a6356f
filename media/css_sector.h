/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_CSS_SECTOR_H
#define MEDIA_CSS_SECTOR_H

/*
 * Content scrambling of one 2048-byte user sector: bytes 80h..7FFh under the title key and the
 * sector's own seed (bytes 54h..58h), flagged in bits 5-4 of byte 14h.  Sectors do not depend on
 * each other. All functions are pure and may be called from any thread.
 */

#include "media/css_key.h"

#define DVD_SECTOR_SIZE 2048

/*
 * The flag of a scrambled sector: an MPEG-2 pack (00 00 01 BAh) with a nonzero PES scrambling
 * control (byte 14h, mask 30h) whose first PES is not a system header, padding or private stream 2
 * (byte 11h: BBh, BEh, BFh).
 */
bool css_sector_is_scrambled(const uint8_t sector[DVD_SECTOR_SIZE]);

/*
 * Whether an author may scramble this sector: a clear pack of a content stream (video E0h..EFh,
 * MPEG audio C0h..DFh, private stream 1 BDh) without pack stuffing and with an MPEG-2 PES header.
 */
bool css_sector_has_content(const uint8_t sector[DVD_SECTOR_SIZE]);

/* Scrambles in place and sets bit 4 of byte 14h. */
void css_sector_scramble(uint8_t sector[DVD_SECTOR_SIZE], const struct css_key *title_key);

/* Unscrambles in place and clears bits 5-4 of byte 14h. */
void css_sector_unscramble(uint8_t sector[DVD_SECTOR_SIZE], const struct css_key *title_key);

#endif
