/* SPDX-License-Identifier: MIT */

/* The start of the device. */

#include "tests/windows/rows.h"

#define INQUIRY         "| 12 00 00 0024 00 > 05 80 .. 02 1F ..{31}"
#define GESN_CLASSES    "| 4A 01 0000 00 0000 0008 00 > 00 02 80 56"
#define GESN_DRAINED    "| 4A 01 0000 52 0000 0008 00 > 00 06 01 56 00 00 00 00"
#define PROBE           "| 46 00 0000 00 00 00 0008 00 > 00 00 00 68 00 00 00 .."
#define SINGLE          "| 46 02 0000 00 00 00 000C 00 > 00 00 00 0C 00 00 00 .. 00 00 03 04"
#define ALL_FEATURES    "| 46 00 0000 00 00 00 006C 00 > 00 00 00 68 00 00 00 .. ..{100}"
#define FEATURES        PROBE, SINGLE, PROBE, ALL_FEATURES
#define CAPABILITIES    "| 5A 08 2A 00 00 00 00 0028 00"
#define CAPABILITY_PAGE " > 00 26 00{6} 2A 1E ..{30}"
#define CAPACITY        "| 25 00 00000000 0000 00 00"

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("IN1", "power-on attention pending", "power-on" REGION_1,
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, FEATURES,
        CAPABILITIES " ! 06/29/00", CAPABILITIES CAPABILITY_PAGE, CAPACITY " ! 02/3A/01",
        WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS",
        "expect device dvd", "expect polling events", "expect MMCDetectionState 2", "expect media-changes 1", "expect writer no"),
    ROW("IN2", "GESN reports the power-on attention: polling with TEST UNIT READY for ever", DRIVE("css"),
        "fault F command=0x4A sense=6/29/00 times=1",
        "plug", INQUIRY, "| 4A 01 0000 00 0000 0008 00 ! 06/29/00", FEATURES, CAPABILITIES CAPABILITY_PAGE,
        CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS",
        "expect MMCDetectionState 1", "expect polling unit",
        "tick", WIRE_UPDATE, "| " TEST_UNIT_READY,
        "replug", INQUIRY, FEATURES, CAPABILITIES CAPABILITY_PAGE,
        CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS",
        "expect polling unit"),
    ROW("IN3", "GET CONFIGURATION is unknown: no MMC drive, no DVD drive, for ever", DRIVE("css"),
        "fault F command=0x46 sense=5/20/00 times=1",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, "| 46 00 0000 00 00 00 0008 00 ! 05/20/00",
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00", "= SUCCESS",
        "expect NonMmc 1", "expect device cd-rom",
        "ioctl DVD_START_SESSION out 4", "= INVALID_DEVICE_REQUEST",
        "ioctl DVD_READ_KEY type 05 out 28", "= INVALID_DEVICE_REQUEST",
        "ioctl DVD_SEND_KEY2 type 06 data FE 00 00 00", "= INVALID_DEVICE_REQUEST",
        "ioctl DVD_GET_REGION out 4", "= INVALID_DEVICE_REQUEST",
        "ioctl DVD_READ_STRUCTURE format 1 out 8", "= INVALID_DEVICE_REQUEST",
        "replug", INQUIRY, GESN_CLASSES, GESN_DRAINED, CAPABILITIES CAPABILITY_PAGE,
        CAPACITY " > 00 00 07 FF 00 00 08 00", "= SUCCESS", "expect device cd-rom"),
    ROW("IN4", "empty drive", DRIVE("empty"),
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, PROBE, SINGLE, PROBE,
        "| 46 00 0000 00 00 00 006C 00 > 00 00 00 68 00 00 00 00 00 00 03 04 00 10 00 00 ..{40} 00 1F 08 04 00 00 00 00 ..{44}",
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " ! 02/3A/01", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS",
        "expect device dvd", "expect media absent", "expect NonMmc 0", "expect NoTypeOneGetConfig 0"),
    ROW("IN4", "drive with a disc", DRIVE("css"),
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, FEATURES, CAPABILITIES CAPABILITY_PAGE,
        CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS",
        "expect media present", "expect mmc-state stale",
        "tick", WIRE_UPDATE, "| 4A 01 0000 52 0000 0008 00 > 00 06 01 56 00 00 00 00",
        "| 4A 01 0000 50 0000 0008 00 > 00 06 04 56 00 02 00 00", "| 4A 01 0000 40 0000 0008 00 > 00 06 06 56 00 00 00 00",
        "expect mmc-state current"),
    ROW("IN4", "factory-fresh drive with a CSS disc: a region is picked", "start css-2",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, FEATURES, CAPABILITIES CAPABILITY_PAGE,
        CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 25 FF 01 00",
        WIRE_COPYRIGHT " > 00 06 00 00 01 FD 00 00", WIRE_RPC_STATE " > 00 06 00 00 25 FF 01 00", WIRE_SET_REGION(FD),
        "= SUCCESS", "expect region-pick off",
        REPORT_RPC_STATE " > 00 06 00 00 64 FD 01 00"),
    ROW("IN5", "a descriptor before the DVD feature has a length that is no multiple of four", DRIVE("css"),
        "fault F command=0x46 nth=4 patch=19:06 times=1",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, PROBE, SINGLE, PROBE,
        "| 46 00 0000 00 00 00 006C 00 > 00 00 00 68 00 00 00 .. ..{11} 06 ..{88}",
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00", "= SUCCESS",
        "expect device mmc",
        "ioctl DVD_START_SESSION out 4", "= INVALID_DEVICE_REQUEST"),
    ROW("IN5b", "an odd length: no MMC drive for ever", DRIVE("css"),
        "fault F command=0x46 header-length=107 times=always",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, "| 46 00 0000 00 00 00 0008 00 > 00 00 00 6B 00 00 00 ..",
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00", "= SUCCESS",
        "expect NonMmc 1", "expect device cd-rom"),
    ROW("IN6", "INQUIRY additional length 30: the device does not start", DRIVE("css"),
        "fault F command=0x12 patch=4:1E times=always",
        "plug", "| 12 00 00 0024 00 > 05 80 .. 02 1E ..{31}", "= DEVICE_PROTOCOL_ERROR win32 1117",
        "expect device none",
        "ioctl DVD_START_SESSION out 4", "= DEVICE_DOES_NOT_EXIST"),
    ROW("IN6", "INQUIRY additional length 0 counts as 31", DRIVE("css"),
        "fault F command=0x12 patch=4:00 times=always",
        "plug", "| x2 12 00 00 0024 00 > 05 80 .. 02 00 ..{31}", GESN_CLASSES, GESN_DRAINED, FEATURES,
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00",
        WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS", "expect device dvd"),
    ROW("IN6", "longer INQUIRY data are asked for again", DRIVE("css inquiry-length=96"),
        "plug", "| 12 00 00 0024 00 > 05 80 .. 02 5B ..{31}", "| 12 00 00 0060 00 > 05 80 .. 02 5B ..{91}",
        GESN_CLASSES, GESN_DRAINED, FEATURES, CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00",
        WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS"),
    ROW("IN7", "request type 2 answered with all features", DRIVE("css"),
        "fault F command=0x46 nth=2 header-length=104 times=1",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, PROBE,
        "| 46 02 0000 00 00 00 000C 00 > 00 00 00 68 00 00 00 .. 00 00 03 04", PROBE, ALL_FEATURES,
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00",
        "= SUCCESS", "expect NoTypeOneGetConfig 1", "expect device dvd"),
    ROW("IN7", "request type 2 refused: no DVD drive until the next start", DRIVE("css"),
        "fault F command=0x46 nth=2 sense=5/24/00 times=1",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, PROBE, "| 46 02 0000 00 00 00 000C 00 ! 05/24/00",
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00",
        "= SUCCESS", "expect NoTypeOneGetConfig 1", "expect NonMmc 0", "expect device cd-rom",
        "replug", INQUIRY, GESN_CLASSES, GESN_DRAINED, PROBE, PROBE, ALL_FEATURES,
        CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00",
        "= SUCCESS", "expect device dvd"),
    ROW("IN8", "a drive without the capabilities page", DRIVE("css"),
        "fault F command=0x5A,0x1A sense=5/24/00 times=always",
        "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED, FEATURES,
        "| x3 5A 08 2A 00 00 00 00 0028 00 ! 05/24/00", "| x3 1A 08 2A 00 24 00 ! 05/24/00",
        CAPACITY " > 00 00 07 FF 00 00 08 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS",
        "expect device dvd"),
    ROW("IN9", "the update fails: it comes before every request", DRIVE("css"), "boot", "insert css-1",
        "quietly ioctl STORAGE_CHECK_VERIFY", "expect mmc-state stale",
        "fault F command=0x46 sense=5/24/00 times=always",
        "ioctl DVD_END_SESSION session 0", "| 46 01 0000 00 00 00 006C 00 ! 05/24/00", WIRE_END_SESSION(3F), "= SUCCESS",
        "ioctl DVD_END_SESSION session 0", "| 46 01 0000 00 00 00 006C 00 ! 05/24/00", WIRE_END_SESSION(3F), "= SUCCESS",
        "unfault",
        "ioctl DVD_END_SESSION session 0", WIRE_UPDATE, WIRE_END_SESSION(3F), "= SUCCESS"),
    ROW("IN10", "a writer's feature makes the limits longer", DRIVE("css"),
        "fault F command=0x46 nth=4 patch=16:0021 times=1", "plug", INQUIRY, GESN_CLASSES, GESN_DRAINED,
        PROBE, SINGLE, PROBE, ALL_FEATURES, CAPABILITIES CAPABILITY_PAGE, CAPACITY " > 00 00 07 FF 00 00 08 00",
        WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00", "= SUCCESS", "expect writer yes",
        "quietly tick",
        "read 400000 800", "| 28 00 00000800 00 0001 00 ! 05/21/00 lba 800", "= NONEXISTENT_SECTOR"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_start(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
