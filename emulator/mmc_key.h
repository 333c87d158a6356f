/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_KEY_H
#define EMULATOR_MMC_KEY_H

/* REPORT KEY and SEND KEY, key class 00h: formats and data (MMC-6 6.28, 6.34). */

#include "emulator/mmc_types.h"
#include "media/css_authentication.h"

#define MMC_KEY_CLASS_CSS 0x00

enum mmc_key_format {
    MMC_KEY_AGID = 0x00,      /* REPORT */
    MMC_KEY_CHALLENGE = 0x01, /* both: of the drive, of the host */
    MMC_KEY_KEY1 = 0x02,      /* REPORT */
    MMC_KEY_KEY2 = 0x03,      /* SEND */
    MMC_KEY_TITLE_KEY = 0x04, /* REPORT */
    MMC_KEY_ASF = 0x05,       /* REPORT */
    MMC_KEY_SET_RPC = 0x06,   /* SEND */
    MMC_KEY_RPC_STATE = 0x08, /* REPORT */
    MMC_KEY_INVALIDATE = 0x3F,
};

struct mmc_key_header {
    be16 data_length; /* of what follows these two bytes */
    uint8_t reserved[2];
};
MMC_LAYOUT(mmc_key_header, 4);

struct mmc_key_agid {
    struct mmc_key_header header;
    uint8_t reserved[3];
    uint8_t agid; /* bits 7-6 */
};
MMC_LAYOUT(mmc_key_agid, 8);

/* Challenges and bus keys: in the reverse of their internal order. */
struct mmc_key_challenge {
    struct mmc_key_header header;
    uint8_t challenge[CSS_CHALLENGE_SIZE];
    uint8_t reserved[2];
};
MMC_LAYOUT(mmc_key_challenge, 16);

struct mmc_key_bus_key {
    struct mmc_key_header header;
    uint8_t key[CSS_KEY_SIZE];
    uint8_t reserved[3];
};
MMC_LAYOUT(mmc_key_bus_key, 12);

struct mmc_key_title_key {
    struct mmc_key_header header;
    uint8_t copyright; /* CPM, CP_SEC, CGMS, CP_MOD of the sector */
    uint8_t key[CSS_KEY_SIZE];
    uint8_t reserved[2];
};
MMC_LAYOUT(mmc_key_title_key, 12);

struct mmc_key_asf {
    struct mmc_key_header header;
    uint8_t reserved[3];
    uint8_t asf; /* bit 0 */
};
MMC_LAYOUT(mmc_key_asf, 8);

struct mmc_key_rpc_state {
    struct mmc_key_header header;
    uint8_t type; /* bits 7-6 type, 5-3 vendor resets left, 2-0 user changes left */
    uint8_t region_mask;
    uint8_t scheme;
#define MMC_RPC_SCHEME_PHASE_2 1
    uint8_t reserved;
};
MMC_LAYOUT(mmc_key_rpc_state, 8);

struct mmc_key_set_rpc {
    struct mmc_key_header header;
    uint8_t region_mask;
    uint8_t reserved[3];
};
MMC_LAYOUT(mmc_key_set_rpc, 8);

#endif
