/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_STRUCTURE_H
#define EMULATOR_MMC_STRUCTURE_H

/* READ DISC STRUCTURE: formats and header (MMC-6 6.22). */

#include "emulator/mmc_types.h"

enum mmc_structure_format {
    MMC_STRUCTURE_PHYSICAL = 0x00,
    MMC_STRUCTURE_COPYRIGHT = 0x01,
    MMC_STRUCTURE_DISC_KEY = 0x02,
    MMC_STRUCTURE_BCA = 0x03,
    MMC_STRUCTURE_MANUFACTURING = 0x04,
    MMC_STRUCTURE_COPYRIGHT_OF_SECTOR = 0x05,
    MMC_STRUCTURE_LIST = 0xFF,
};

struct mmc_structure_header {
    be16 data_length; /* of what follows these two bytes */
    uint8_t reserved[2];
};
MMC_LAYOUT(mmc_structure_header, 4);

/* One row of the structure list. */
struct mmc_structure_entry {
    uint8_t format;
    uint8_t access;
#define MMC_STRUCTURE_READABLE 0x40
    be16 length; /* with the header */
};
MMC_LAYOUT(mmc_structure_entry, 4);

#endif
