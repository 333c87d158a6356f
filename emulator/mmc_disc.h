/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_DISC_H
#define EMULATOR_MMC_DISC_H

/* Layouts of capacities, table of contents, disc and track information (MMC-6 6.23 to 6.27, 6.38).
 */

#include "emulator/mmc_types.h"

struct mmc_capacity {
    be32 last_lba;
    be32 block_length;
};
MMC_LAYOUT(mmc_capacity, 8);

struct mmc_format_capacities {
    uint8_t reserved[3];
    uint8_t list_length;
    be32 blocks;
    uint8_t descriptor_type;
#define MMC_CAPACITY_FORMATTED 2
#define MMC_CAPACITY_NO_MEDIUM 3
    be24 block_length;
};
MMC_LAYOUT(mmc_format_capacities, 12);

enum mmc_toc_format {
    MMC_TOC_FORMAT_TOC = 0,
    MMC_TOC_FORMAT_SESSION = 1,
};
#define MMC_TOC_LEAD_OUT 0xAA
/* ADR 1 (position), control 4 (data track). */
#define MMC_TOC_DATA_TRACK 0x14

struct mmc_toc_header {
    be16 data_length;
    uint8_t first; /* track or session */
    uint8_t last;
};
MMC_LAYOUT(mmc_toc_header, 4);

struct mmc_toc_descriptor {
    uint8_t reserved;
    uint8_t adr_control;
    uint8_t track;
    uint8_t reserved2;
    be32 start; /* LBA, or 00 M S F */
};
MMC_LAYOUT(mmc_toc_descriptor, 8);

struct mmc_disc_information {
    be16 length;
    uint8_t status;
#define MMC_DISC_COMPLETE 0x0E /* last session complete, disc complete */
    uint8_t first_track;
    uint8_t sessions;
    uint8_t first_track_of_last_session;
    uint8_t last_track_of_last_session;
    uint8_t flags;
#define MMC_DISC_UNRESTRICTED_USE 0x20
    uint8_t disc_type;
    uint8_t high_bytes[3];
    be32 disc_identification;
    be32 last_session_lead_in;
    be32 last_possible_lead_out;
    be64 bar_code;
    uint8_t application_code;
    uint8_t opc_tables;
};
MMC_LAYOUT(mmc_disc_information, 34);

enum mmc_track_address {
    MMC_TRACK_BY_LBA = 0,
    MMC_TRACK_BY_TRACK = 1,
    MMC_TRACK_BY_SESSION = 2,
};

struct mmc_track_information {
    be16 length;
    uint8_t track;
    uint8_t session;
    uint8_t reserved;
    uint8_t track_mode;
#define MMC_TRACK_MODE_DATA 0x04
    uint8_t data_mode;
#define MMC_DATA_MODE_1 0x01
    uint8_t valid;
    be32 start;
    be32 next_writable;
    be32 free_blocks;
    be32 blocking_factor;
    be32 size;
    be32 last_recorded;
    uint8_t track_high;
    uint8_t session_high;
    uint8_t reserved2[2];
};
MMC_LAYOUT(mmc_track_information, 36);

#endif
