/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_EVENT_H
#define EMULATOR_MMC_EVENT_H

/* GET EVENT STATUS NOTIFICATION (MMC-6 6.7). */

#include "emulator/mmc_types.h"

struct mmc_event_header {
    be16 data_length; /* of what follows these two bytes */
    uint8_t event_class;
#define MMC_EVENT_NEA 0x80 /* no event available: none of the requested classes is supported */
    uint8_t supported_classes;
};
MMC_LAYOUT(mmc_event_header, 4);

struct mmc_event {
    struct mmc_event_header header;
    uint8_t code;
    uint8_t status;
#define MMC_EVENT_PERSISTENT_PREVENTED 0x80 /* operational change */
#define MMC_EVENT_MEDIA_PRESENT        0x02
#define MMC_EVENT_TRAY_OPEN            0x01
#define MMC_EVENT_BUSY_IMMEDIATE       2
    be16 detail; /* operational change: the change; device busy: time left in 100 ms */
#define MMC_EVENT_FEATURE_CHANGE 1
};
MMC_LAYOUT(mmc_event, 8);

#endif
