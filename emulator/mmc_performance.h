/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_PERFORMANCE_H
#define EMULATOR_MMC_PERFORMANCE_H

/* GET PERFORMANCE, SET STREAMING, READ BUFFER CAPACITY, MECHANISM STATUS
 * (MMC-6 6.8, 6.37, 6.17, 6.11). */

#include "emulator/mmc_types.h"

enum mmc_performance_type {
    MMC_PERFORMANCE_NOMINAL = 0x00,
    MMC_PERFORMANCE_WRITE_SPEED = 0x03,
};

struct mmc_performance_header {
    be32 data_length; /* of what follows these four bytes */
    uint8_t flags;    /* bit 1 write, bit 0 except */
#define MMC_PERFORMANCE_IS_WRITE  0x02
#define MMC_PERFORMANCE_IS_EXCEPT 0x01
    uint8_t reserved[3];
};
MMC_LAYOUT(mmc_performance_header, 8);

struct mmc_performance_descriptor {
    be32 start_lba;
    be32 start_speed; /* kB/s */
    be32 end_lba;
    be32 end_speed;
};
MMC_LAYOUT(mmc_performance_descriptor, 16);

enum mmc_streaming_type {
    MMC_STREAMING_PERFORMANCE = 0x00,
    MMC_STREAMING_CACHE_ZONE = 0x05,
};

struct mmc_streaming {
    uint8_t flags;
#define MMC_STREAMING_EXACT 0x02
#define MMC_STREAMING_RDD   0x04
    uint8_t reserved[3];
    be32 start_lba;
    be32 end_lba;
    be32 read_size; /* kB */
    be32 read_time; /* ms */
    be32 write_size;
    be32 write_time;
};
MMC_LAYOUT(mmc_streaming, 28);

struct mmc_buffer_capacity {
    be16 data_length;
    uint8_t reserved;
    uint8_t block; /* bit 0 */
    be32 length;   /* bytes; reserved with BLOCK */
    be32 blank_length;
};
MMC_LAYOUT(mmc_buffer_capacity, 12);

struct mmc_mechanism_status {
    uint8_t changer;
    uint8_t door;
#define MMC_MECHANISM_DOOR_OPEN 0x10
    be24 current_lba;
    uint8_t slots;
    be16 slot_table_length;
};
MMC_LAYOUT(mmc_mechanism_status, 8);

#endif
