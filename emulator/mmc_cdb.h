/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_CDB_H
#define EMULATOR_MMC_CDB_H

/*
 * Command descriptor blocks (MMC-6, SPC-3): operation codes and layouts.  Fields that the drive
 * ignores are `reserved`.
 */

#include <stddef.h>

#include "emulator/mmc_types.h"

enum mmc_operation_code {
    MMC_TEST_UNIT_READY = 0x00,
    MMC_REQUEST_SENSE = 0x03,
    MMC_INQUIRY = 0x12,
    MMC_MODE_SELECT_6 = 0x15,
    MMC_MODE_SENSE_6 = 0x1A,
    MMC_START_STOP_UNIT = 0x1B,
    MMC_SEND_DIAGNOSTIC = 0x1D,
    MMC_PREVENT_ALLOW_MEDIUM_REMOVAL = 0x1E,
    MMC_READ_FORMAT_CAPACITIES = 0x23,
    MMC_READ_CAPACITY = 0x25,
    MMC_READ_10 = 0x28,
    MMC_SEEK_10 = 0x2B,
    MMC_VERIFY_10 = 0x2F,
    MMC_SYNCHRONIZE_CACHE = 0x35,
    MMC_READ_TOC = 0x43,
    MMC_GET_CONFIGURATION = 0x46,
    MMC_GET_EVENT_STATUS_NOTIFICATION = 0x4A,
    MMC_READ_DISC_INFORMATION = 0x51,
    MMC_READ_TRACK_INFORMATION = 0x52,
    MMC_MODE_SELECT_10 = 0x55,
    MMC_MODE_SENSE_10 = 0x5A,
    MMC_READ_BUFFER_CAPACITY = 0x5C,
    MMC_REPORT_LUNS = 0xA0,
    MMC_SEND_KEY = 0xA3,
    MMC_REPORT_KEY = 0xA4,
    MMC_SET_READ_AHEAD = 0xA7,
    MMC_READ_12 = 0xA8,
    MMC_GET_PERFORMANCE = 0xAC,
    MMC_READ_DISC_STRUCTURE = 0xAD,
    MMC_SET_STREAMING = 0xB6,
    MMC_READ_CD_MSF = 0xB9,
    MMC_SET_CD_SPEED = 0xBB,
    MMC_MECHANISM_STATUS = 0xBD,
    MMC_READ_CD = 0xBE,
};

/* Control byte. */
#define MMC_CONTROL_LINK 0x01
#define MMC_CONTROL_NACA 0x04

struct mmc_cdb_6 {
    uint8_t operation_code;
    uint8_t flags;
    uint8_t reserved[2];
    uint8_t length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_6, 6);

/* REQUEST SENSE */
#define MMC_REQUEST_SENSE_DESC 0x01

struct mmc_cdb_inquiry {
    uint8_t operation_code;
    uint8_t flags;
#define MMC_INQUIRY_EVPD  0x01
#define MMC_INQUIRY_CMDDT 0x02
    uint8_t page_code;
    be16 allocation_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_inquiry, 6);

struct mmc_cdb_mode_sense_6 {
    uint8_t operation_code;
    uint8_t flags;
    uint8_t page; /* bits 7-6 page control, bits 5-0 page code */
    uint8_t subpage;
    uint8_t allocation_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_mode_sense_6, 6);

struct mmc_cdb_mode_sense_10 {
    uint8_t operation_code;
    uint8_t flags;
    uint8_t page;
    uint8_t subpage;
    uint8_t reserved[3];
    be16 allocation_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_mode_sense_10, 10);

/* MODE SELECT, both lengths: byte 1. */
#define MMC_MODE_SELECT_SP 0x01
#define MMC_MODE_SELECT_PF 0x10

struct mmc_cdb_start_stop_unit {
    uint8_t operation_code;
    uint8_t flags;
#define MMC_START_STOP_IMMED 0x01
    uint8_t reserved;
    uint8_t format_layer;
    uint8_t action; /* bits 7-4 power condition */
#define MMC_START_STOP_START 0x01
#define MMC_START_STOP_LOEJ  0x02
#define MMC_START_STOP_FL    0x04
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_start_stop_unit, 6);

struct mmc_cdb_send_diagnostic {
    uint8_t operation_code;
    uint8_t flags; /* bit 4 PF, 2 SelfTest, 1 DevOffL, 0 UnitOffL: any self-test is passed */
#define MMC_SEND_DIAGNOSTIC_CODE 0xE0 /* a self-test other than the default one */
    uint8_t reserved;
    be16 parameter_list_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_send_diagnostic, 6);

/* PREVENT ALLOW MEDIUM REMOVAL: byte 4, the `length` of struct mmc_cdb_6. */
#define MMC_PREVENT            0x01
#define MMC_PREVENT_PERSISTENT 0x02

/* Ten-byte commands with an address in bytes 2-5 and a length in bytes 7-8: READ, SEEK, VERIFY,
 * READ CAPACITY, ... */
struct mmc_cdb_10 {
    uint8_t operation_code;
    uint8_t flags;
#define MMC_READ_RELADR        0x01
#define MMC_READ_FUA           0x08
#define MMC_READ_RDPROTECT     0xE0
#define MMC_VERIFY_BYTCHK      0x02
#define MMC_BUFFER_BLOCK       0x01
#define MMC_DISC_INFO_TYPE     0x07
#define MMC_TRACK_ADDRESS_TYPE 0x03
#define MMC_TRACK_OPEN         0x04
    be32 address;
    uint8_t reserved;
    be16 length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_10, 10);

struct mmc_cdb_read_toc {
    uint8_t operation_code;
    uint8_t flags;
#define MMC_READ_TOC_MSF 0x02
    uint8_t format; /* bits 3-0 */
    uint8_t reserved[3];
    uint8_t track;
    be16 allocation_length;
    uint8_t control; /* bits 7-6: the format of SFF 8020i hosts, when byte 2 has none */
};
MMC_LAYOUT(mmc_cdb_read_toc, 10);

struct mmc_cdb_get_configuration {
    uint8_t operation_code;
    uint8_t request_type; /* bits 1-0 */
    be16 starting_feature;
    uint8_t reserved[3];
    be16 allocation_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_get_configuration, 10);

struct mmc_cdb_get_event {
    uint8_t operation_code;
    uint8_t flags;
#define MMC_GET_EVENT_POLLED 0x01
    uint8_t reserved[2];
    uint8_t classes; /* bit n: class n */
    uint8_t reserved2[2];
    be16 allocation_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_get_event, 10);

struct mmc_cdb_report_luns {
    uint8_t operation_code;
    uint8_t reserved;
    uint8_t select_report;
    uint8_t reserved2[3];
    be32 allocation_length;
    uint8_t reserved3;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_report_luns, 12);

/* REPORT KEY and SEND KEY */
struct mmc_cdb_key {
    uint8_t operation_code;
    uint8_t service_action; /* bits 4-0: nonzero is MAINTENANCE IN or OUT, which this is not */
#define MMC_KEY_SERVICE_ACTION 0x1F
    be32 lba; /* REPORT KEY format 04h */
    uint8_t reserved;
    uint8_t key_class;
    be16 length; /* allocation or parameter list length */
    uint8_t key; /* bits 7-6 AGID, bits 5-0 key format */
#define MMC_KEY_FORMAT 0x3F
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_key, 12);

struct mmc_cdb_set_read_ahead {
    uint8_t operation_code;
    uint8_t reserved;
    be32 trigger_lba;
    be32 read_ahead_lba;
    uint8_t reserved2;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_set_read_ahead, 12);

struct mmc_cdb_read_12 {
    uint8_t operation_code;
    uint8_t flags; /* as READ(10) */
    be32 lba;
    be32 length;
    uint8_t streaming;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_read_12, 12);

struct mmc_cdb_get_performance {
    uint8_t operation_code;
    uint8_t data_type;
#define MMC_PERFORMANCE_EXCEPT          0x03
#define MMC_PERFORMANCE_WRITE           0x04
#define MMC_PERFORMANCE_TOLERANCE       0x18
#define MMC_PERFORMANCE_TOLERANCE_10_20 0x10 /* the only one defined */
    be32 starting_lba;
    uint8_t reserved[2];
    be16 maximum_descriptors;
    uint8_t type;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_get_performance, 12);

struct mmc_cdb_read_disc_structure {
    uint8_t operation_code;
    uint8_t media_type; /* bits 3-0 */
    be32 address;
    uint8_t layer;
    uint8_t format;
    be16 allocation_length;
    uint8_t agid; /* bits 7-6 */
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_read_disc_structure, 12);

struct mmc_cdb_set_streaming {
    uint8_t operation_code;
    uint8_t reserved[7];
    uint8_t type;
    be16 parameter_list_length;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_set_streaming, 12);

struct mmc_cdb_set_cd_speed {
    uint8_t operation_code;
    uint8_t rotation_control;
#define MMC_ROTATION_CONTROL 0x03
#define MMC_ROTATION_CLV     0
#define MMC_ROTATION_CAV     1
    be16 read_speed;
    be16 write_speed;
    uint8_t reserved[5];
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_set_cd_speed, 12);

/* What READ CD and READ CD MSF may ask for: byte 1, byte 9, byte 10 of both. */
#define MMC_READ_CD_SECTOR_TYPE 0x1C /* of `flags` */
#define MMC_READ_CD_ANY_TYPE    0x00
#define MMC_READ_CD_MODE_1      0x08
#define MMC_READ_CD_SYNC        0x80 /* of `main_channel` */
#define MMC_READ_CD_HEADERS     0x60
#define MMC_READ_CD_USER_DATA   0x10
#define MMC_READ_CD_EDC         0x08
#define MMC_READ_CD_C2          0x06
#define MMC_READ_CD_SUB_CHANNEL 0x07

struct mmc_cdb_read_cd {
    uint8_t operation_code;
    uint8_t flags; /* bit 1 DAP, which is of audio, bit 0 RelAdr */
    be32 lba;
    be24 length;
    uint8_t main_channel;
    uint8_t sub_channel; /* bits 2-0 */
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_read_cd, 12);

struct mmc_cdb_read_cd_msf {
    uint8_t operation_code;
    uint8_t flags;
    uint8_t reserved;
    struct mmc_msf start;
    struct mmc_msf end; /* of the first sector that is not read */
    uint8_t main_channel;
    uint8_t sub_channel;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_read_cd_msf, 12);

struct mmc_cdb_mechanism_status {
    uint8_t operation_code;
    uint8_t reserved[7];
    be16 allocation_length;
    uint8_t reserved2;
    uint8_t control;
};
MMC_LAYOUT(mmc_cdb_mechanism_status, 12);

#endif
