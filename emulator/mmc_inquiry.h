/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_INQUIRY_H
#define EMULATOR_MMC_INQUIRY_H

/* Layouts of INQUIRY data and vital product data pages (SPC-3 6.4, 7.6), REPORT LUNS (6.21). */

#include "emulator/mmc_types.h"

#define MMC_PERIPHERAL_CD_DVD        0x05
#define MMC_PERIPHERAL_NO_UNIT       0x7F /* qualifier 011b, type 1Fh */
#define MMC_INQUIRY_REMOVABLE        0x80
#define MMC_INQUIRY_VERSION_SPC_3    0x05
#define MMC_INQUIRY_FORMAT           0x02
#define MMC_INQUIRY_SHORT            36
#define MMC_VERSION_DESCRIPTOR_MMC_3 0x02A0

struct mmc_inquiry {
    uint8_t peripheral;
    uint8_t removable;
    uint8_t version;
    uint8_t response_format;
    uint8_t additional_length;
    uint8_t flags[3];
    char vendor[8];
    char product[16];
    char revision[4];
    uint8_t vendor_specific[20];
    uint8_t reserved[2];
    be16 version_descriptor[8];
    uint8_t reserved2[22];
};
MMC_LAYOUT(mmc_inquiry, 96);

enum mmc_vpd_page {
    MMC_VPD_SUPPORTED_PAGES = 0x00,
    MMC_VPD_UNIT_SERIAL_NUMBER = 0x80,
    MMC_VPD_DEVICE_IDENTIFICATION = 0x83,
};

struct mmc_vpd_header {
    uint8_t peripheral;
    uint8_t page_code;
    be16 page_length;
};
MMC_LAYOUT(mmc_vpd_header, 4);

struct mmc_designator {
    uint8_t code_set; /* bits 3-0 */
    uint8_t type;     /* bits 5-4 association, 3-0 type */
    uint8_t reserved;
    uint8_t length;
};
MMC_LAYOUT(mmc_designator, 4);
#define MMC_CODE_SET_BINARY       1
#define MMC_CODE_SET_ASCII        2
#define MMC_DESIGNATOR_T10_VENDOR 1
#define MMC_DESIGNATOR_NAA        3

enum mmc_select_report {
    MMC_LUNS_ADDRESSABLE = 0x00,
    MMC_LUNS_WELL_KNOWN = 0x01,
    MMC_LUNS_ALL = 0x02,
};

struct mmc_report_luns {
    be32 list_length;
    uint8_t reserved[4];
    be64 lun;
};
MMC_LAYOUT(mmc_report_luns, 16);

#endif
