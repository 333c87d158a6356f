/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_WORDS_H
#define TESTS_WINDOWS_DVDIOCTL_WORDS_H

/* Answers in words, as comments of the transcript. */

#include "tests/host/transcript.h"
#include "tests/windows/dvdioctl/requests.h"

/* The bits that are set as region numbers: "1,2", "none", "all"; into `text`, which it returns. */
#define REGIONS_SIZE 24
const char *words_regions(char text[REGIONS_SIZE], uint8_t bits);

/* The key data of DvdGetRpcKey. */
void words_rpc_state(struct transcript *transcript, const uint8_t rpc[4]);

void words_region(struct transcript *transcript, const struct nt_dvd_region *region);

/* The four bytes of the copyright structure, after the header. */
void words_copyright(struct transcript *transcript, const uint8_t copyright[4]);

/* The order of the bytes of a 32-bit field: a PC's, little-endian, or the wire's, big-endian. */
typedef uint32_t words_order(const uint8_t bytes[4]);
words_order words_host_order, words_drive_order;

/* The first 17 bytes of the physical format information, with its sector fields in `order`. */
void words_physical(struct transcript *transcript, const uint8_t physical[17], words_order *order);

/* The flags of a title key. */
void words_title_key_flags(struct transcript *transcript, uint32_t flags);

#endif
