/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_READ_STRUCTURE and the two kinds of read-ahead. */

#include "tests/windows/rows.h"

#define READ_STRUCTURE(words) "ioctl DVD_READ_STRUCTURE " words

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("ST1", "physical descriptor", DRIVE("css"), "boot",
        READ_STRUCTURE("format 0 out 2052"),
        "| AD 00 00000000 00 00 0804 00 00 > 08 02 00 00 01 02 01 00 00030000 000307FF 00000000 00{2032}",
        "= SUCCESS info 2052 : 02 08 00 00 01 02 01 00 00 00 03 00 FF 07 03 00 00 00 00 00 00{2032}"),
    ROW("ST1", "physical descriptor of two layers", DRIVE("otp"), "boot",
        READ_STRUCTURE("format 0 out 2052"),
        "| AD 00 00000000 00 00 0804 00 00 > 08 02 00 00 01 02 31 10 00030000 00FCFFDF 0003040F 00{2032}",
        "= SUCCESS info 2052 : 02 08 00 00 01 02 31 10 00 00 03 00 DF FF FC 00 0F 04 03 00 00{2032}"),
    ROW("ST2", "physical descriptor, 24 bytes", DRIVE("css"), "boot",
        READ_STRUCTURE("format 0 out 24"),
        "| AD 00 00000000 00 00 0018 00 00 > 08 02 00 00 01 02 01 00 00030000 000307FF 00000000 00{4}",
        "= SUCCESS info 24 : 02 08 00 00 01 02 01 00 00 00 03 00 FF 07 03 00 00 00 00 00 00{4}"),
    ROW("ST2", "physical descriptor, 18 bytes: the last sector field is not swapped", DRIVE("otp"), "boot",
        READ_STRUCTURE("format 0 out 18"),
        "| AD 00 00000000 00 00 0012 00 00 > 08 02 00 00 01 02 31 10 00030000 00FCFFDF 0003",
        "= SUCCESS info 18 : 02 08 00 00 01 02 31 10 00 00 03 00 DF FF FC 00 00 03"),
    ROW("ST3", "layer 1 of a single-layer disc", DRIVE("css"), "boot",
        READ_STRUCTURE("format 0 layer 1 out 2052"), "| AD 00 00000000 01 00 0804 00 00 ! 05/24/00 cdb 6.-",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("ST4", "copyright descriptor: no AGID goes out", DRIVE("css-1"), "boot",
        READ_STRUCTURE("format 1 session 3 out 8"), WIRE_COPYRIGHT " > 00 06 00 00 01 FE 00 00",
        "= SUCCESS info 8 : 06 00 00 00 01 FE 00 00"),
    ROW("ST5", "disk key descriptor", DRIVE("css"), "boot", REPORT_AGID GRANTED(0), REPORT_AGID GRANTED(4), EXCHANGE(4),
        READ_STRUCTURE("format 2 session 1 out 2052"), "| AD 00 00000000 00 02 0804 40 00" DISC_KEY_ANSWER,
        "= SUCCESS info 2052 : 02 08 00 00 $disc-key:" BUS_KEY),
    ROW("ST6", "disk key descriptor, not authenticated", DRIVE("css"), "boot",
        READ_STRUCTURE("format 2 session 1 out 2052"), "| AD 00 00000000 00 02 0804 40 00 ! 05/6F/02",
        "= CSS_KEY_NOT_ESTABLISHED win32 0x80030308"),
    ROW("ST7", "a disc without BCA", DRIVE("css"), "boot",
        READ_STRUCTURE("format 3 out 192"), "| AD 00 00000000 00 03 00C0 00 00 ! 05/24/00 cdb 7.-",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("ST7", "a disc with BCA", DRIVE("css-bca"), "boot",
        READ_STRUCTURE("format 3 out 192"),
        "| AD 00 00000000 00 03 00C0 00 00 > 00 12 00 00 A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE AF",
        "= SUCCESS info 20 : 12 00 00 00 A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE AF"),
    ROW("ST8", "manufacturer descriptor", DRIVE("css-marked"), "boot",
        READ_STRUCTURE("format 4 out 2052"), "| AD 00 00000000 00 04 0804 00 00 > 08 02 00 00 'vodd' 00{2044}",
        "= SUCCESS info 2052 : 02 08 00 00 'vodd' 00{2044}"),
    ROW("ST9", "21 bytes on an adapter that moves words of four", DRIVE("css"), "boot alignment=3",
        READ_STRUCTURE("format 0 out 21"), "= INVALID_PARAMETER win32 87"),
    ROW("ST10", "16 bytes of input", DRIVE("css"), "boot",
        READ_STRUCTURE("format 0 in 16 out 2052"), "= INVALID_PARAMETER win32 87"),
    ROW("ST11", "room for 65536 bytes", DRIVE("css"), "boot",
        READ_STRUCTURE("format 0 out 65536"), "= INVALID_PARAMETER win32 87"),
    ROW("ST12", "AACS volume identifier", DRIVE("css"), "boot",
        READ_STRUCTURE("format 80 out 36"), "| AD 00 00000000 00 80 0024 00 00 ! 05/24/00 cdb 7.-",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("ST13", "physical descriptor of what is no DVD", DRIVE("unreadable"), "boot",
        READ_STRUCTURE("format 0 out 2052"), "| AD 00 00000000 00 00 0804 00 00 ! 05/30/02",
        "= UNRECOGNIZED_MEDIA win32 1785"),
    ROW("ST14", "room for 3 bytes", DRIVE("css"), "boot",
        READ_STRUCTURE("format 0 out 3"), "= BUFFER_TOO_SMALL win32 122 info 4"),
    ROW("ST15", "an address becomes a sector", DRIVE("css"), "boot",
        READ_STRUCTURE("format 1 offset 8000 out 8"), "| AD 00 00000010 00 01 0008 00 00 > 00 06 00 00 01 00 00 00",
        "= SUCCESS info 8 : 06 00 00 00 01 00 00 00"),
    ROW("RA1", "read-ahead at 8000h and 10000h", DRIVE("css"), "boot",
        "ioctl STORAGE_SET_READ_AHEAD trigger 8000 target 10000", "| A7 00 00000010 00000020 00 00", "= SUCCESS"),
    ROW("RA1", "15 bytes of input", DRIVE("css"), "boot",
        "ioctl STORAGE_SET_READ_AHEAD in 15", "= INVALID_PARAMETER win32 87"),
    ROW("RA2", "the read-ahead of the DVD family is nobody's", DRIVE("css"), "boot",
        "ioctl DVD_SET_READ_AHEAD in 16", "= INVALID_DEVICE_REQUEST win32 1"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_structures(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
