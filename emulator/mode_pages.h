/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MODE_PAGES_H
#define EMULATOR_MODE_PAGES_H

/*
 * The mode pages: their values, what of them a host may change, and how a parameter list is judged.
 * MODE SENSE and MODE SELECT (commands_mode.c) add the headers.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/mmc_types.h"
#include "emulator/sense.h"

enum mode_page_code {
    MODE_PAGE_ERROR_RECOVERY = 0x01,
    MODE_PAGE_POWER_CONDITION = 0x1A,
    MODE_PAGE_TIMEOUT_AND_PROTECT = 0x1D,
    MODE_PAGE_CAPABILITIES = 0x2A,
    MODE_PAGE_ALL = 0x3F,
};

struct mode_error_recovery {
    uint8_t code, length;
    uint8_t control;
#define MODE_ERROR_RC  0x10
#define MODE_ERROR_PER 0x04
#define MODE_ERROR_DTE 0x02
    uint8_t read_retry_count;
    uint8_t reserved[3];
    uint8_t emcdr;
    uint8_t write_retry_count;
    be24 recovery_time_limit;
};
MMC_LAYOUT(mode_error_recovery, 12);

struct mode_power_condition {
    uint8_t code, length;
    uint8_t reserved;
    uint8_t enabled;
#define MODE_POWER_STANDBY 0x01
#define MODE_POWER_IDLE    0x02
    be32 idle_timer;    /* 100 ms */
    be32 standby_timer; /* 100 ms */
};
MMC_LAYOUT(mode_power_condition, 12);

struct mode_timeout_and_protect {
    uint8_t code, length;
    uint8_t reserved[2];
    uint8_t control;
#define MODE_TIMEOUT_TMOE 0x04
    uint8_t reserved2;
    be16 group_1_minimum; /* seconds */
    be16 group_2_minimum; /* seconds */
};
MMC_LAYOUT(mode_timeout_and_protect, 10);

struct mode_capabilities {
    uint8_t code, length;
    uint8_t reads;
#define MODE_READS_DVD_ROM 0x08
    uint8_t writes;
    uint8_t features[2];
    uint8_t mechanism; /* bits 7-5 loading mechanism */
#define MODE_MECHANISM_LOCK   0x01
#define MODE_MECHANISM_LOCKED 0x02
#define MODE_MECHANISM_EJECT  0x08
#define MODE_MECHANISM_TRAY   0x20
    uint8_t features2;
    be16 maximum_read_speed; /* kB/s */
    be16 volume_levels;
    be16 buffer_size; /* KiB */
    be16 current_read_speed;
    uint8_t reserved;
    uint8_t digital_output;
    be16 maximum_write_speed;
    be16 current_write_speed;
    be16 copy_management;
#define MODE_COPY_MANAGEMENT_CSS 1
    uint8_t reserved2[3];
    uint8_t rotation_control;
    be16 selected_write_speed;
    be16 write_speed_descriptors;
};
MMC_LAYOUT(mode_capabilities, 32);

#define MODE_PAGES_SIZE (12 + 12 + 10 + 32)

/* The values in force. */
struct mode_pages {
    struct mode_error_recovery error_recovery;
    struct mode_power_condition power_condition;
    struct mode_timeout_and_protect timeout_and_protect;
    struct mode_capabilities
        capabilities; /* filled by the drive before every use: it mirrors other state */
};

void mode_pages_reset(struct mode_pages *pages);

/* Page control of MODE SENSE, bits 7-6 of CDB byte 2. */
enum mode_page_control {
    MODE_CURRENT,
    MODE_CHANGEABLE,
    MODE_DEFAULT,
    MODE_SAVED,
};

/*
 * Appends one page, or all in ascending order for MODE_PAGE_ALL, to `data`, which has room for
 * MODE_PAGES_SIZE bytes. Returns the number of bytes, 0 for a page that does not exist.
 */
size_t mode_pages_read(const struct mode_pages *pages, uint8_t page_code,
                       enum mode_page_control control, uint8_t *data);

/*
 * Judges all pages of a parameter list before changing any.  `list` starts with the first page;
 * `offset` is where that stands in the whole parameter list, for field pointers.  `changed` tells
 * whether a value is now another.
 */
struct sense mode_pages_write(struct mode_pages *pages, const uint8_t *list, size_t size,
                              size_t offset, bool *changed);

#endif
