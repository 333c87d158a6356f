/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_CONFIGURATION_H
#define EMULATOR_MMC_CONFIGURATION_H

/* Layouts of GET CONFIGURATION: feature header, feature and profile descriptors
 * (MMC-6 5.2, 5.3, 6.6). */

#include "emulator/mmc_types.h"

enum mmc_request_type {
    MMC_RT_ALL = 0,
    MMC_RT_CURRENT = 1,
    MMC_RT_ONE = 2,
};
#define MMC_RT_MASK 0x03

enum mmc_profile {
    MMC_PROFILE_NONE = 0x0000,
    MMC_PROFILE_DVD_ROM = 0x0010,
};

enum mmc_feature {
    MMC_FEATURE_PROFILE_LIST = 0x0000,
    MMC_FEATURE_CORE = 0x0001,
    MMC_FEATURE_MORPHING = 0x0002,
    MMC_FEATURE_REMOVABLE_MEDIUM = 0x0003,
    MMC_FEATURE_RANDOM_READABLE = 0x0010,
    MMC_FEATURE_DVD_READ = 0x001F,
    MMC_FEATURE_POWER_MANAGEMENT = 0x0100,
    MMC_FEATURE_TIMEOUT = 0x0105,
    MMC_FEATURE_DVD_CSS = 0x0106,
    MMC_FEATURE_REAL_TIME_STREAMING = 0x0107,
    MMC_FEATURE_SERIAL_NUMBER = 0x0108,
    MMC_FEATURE_FIRMWARE_INFORMATION = 0x010C,
};

struct mmc_feature_header {
    be32 data_length;
    uint8_t reserved[2];
    be16 current_profile;
};
MMC_LAYOUT(mmc_feature_header, 8);

struct mmc_feature_descriptor {
    be16 code;
    uint8_t version; /* bits 5-2 version */
#define MMC_FEATURE_VERSION(version) ((version) << 2)
#define MMC_FEATURE_PERSISTENT       0x02
#define MMC_FEATURE_CURRENT          0x01
    uint8_t additional_length; /* a multiple of 4 */
};
MMC_LAYOUT(mmc_feature_descriptor, 4);

struct mmc_profile_descriptor {
    be16 profile;
    uint8_t current; /* bit 0 */
    uint8_t reserved;
};
MMC_LAYOUT(mmc_profile_descriptor, 4);

struct mmc_feature_core {
    be32 physical_interface;
    uint8_t flags;
#define MMC_CORE_DBE  0x01
#define MMC_CORE_INQ2 0x02
    uint8_t reserved[3];
};
MMC_LAYOUT(mmc_feature_core, 8);

/* Features whose data are one byte of flags and three reserved bytes. */
struct mmc_feature_flags {
    uint8_t flags;
#define MMC_MORPHING_OCEVENT 0x02
#define MMC_REMOVABLE_TRAY   0x20
#define MMC_REMOVABLE_LOAD   0x10
#define MMC_REMOVABLE_EJECT  0x08
#define MMC_REMOVABLE_LOCK   0x01
#define MMC_STREAMING_RBCB   0x10
#define MMC_STREAMING_SCS    0x08
    uint8_t reserved[3];
};
MMC_LAYOUT(mmc_feature_flags, 4);

struct mmc_feature_random_readable {
    be32 block_size;
    be16 blocking;
    uint8_t page_present; /* bit 0 PP */
    uint8_t reserved;
};
MMC_LAYOUT(mmc_feature_random_readable, 8);

struct mmc_feature_dvd_css {
    uint8_t reserved[3];
    uint8_t css_version;
};
MMC_LAYOUT(mmc_feature_dvd_css, 4);

#endif
