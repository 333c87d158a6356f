/* SPDX-License-Identifier: MIT */

/* The AACS family, which this drive has nothing of. */

#include <stdio.h>

#include "tests/windows/rows.h"

static const struct code {
    const char *request;
    const char *command;
} codes[] = {
    {"AACS_READ_MEDIA_KEY_BLOCK out 32772 data 00",                        "AD 00 00000000 00 83 8004 00 00"},
    {"AACS_START_SESSION out 4",                                           "A4 00 00000000 00 02 0008 00 00"},
    {"AACS_END_SESSION session 1",                                         "A3 00 00000000 00 02 0000 7F 00"},
    {"AACS_SEND_CERTIFICATE data 01 00{115}",
     "A3 00 00000000 00 02 0074 41 00 < 00 72 .. .. 00{112}"                                                },
    {"AACS_GET_CERTIFICATE out 112 data 01 00{3}",                         "A4 00 00000000 00 02 0074 41 00"},
    {"AACS_GET_CHALLENGE_KEY out 80 data 01 00{3}",                        "A4 00 00000000 00 02 0054 42 00"},
    {"AACS_SEND_CHALLENGE_KEY data 01 00{83}",
     "A3 00 00000000 00 02 0054 42 00 < 00 52 .. .. 00{80}"                                                 },
    {"AACS_READ_VOLUME_ID out 32 data 01 00{3}",                           "AD 00 00000000 00 80 0024 40 00"},
    {"AACS_READ_SERIAL_NUMBER out 32 data 01 00{3}",                       "AD 00 00000000 00 81 0024 40 00"},
    {"AACS_READ_MEDIA_ID out 32 data 01 00{3}",                            "AD 00 00000000 00 82 0024 40 00"},
    {"AACS_READ_BINDING_NONCE out 32 data 01 00{3} 08 00{3} 00 80 00{14}",
     "A4 00 00000010 08 02 0024 61 00"                                                                      },
};
#define CODES (sizeof codes / sizeof codes[0])

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("AA3", "session above 4, wrong lengths", DRIVE("css"),
        "fault L command=0x46 nth=4 patch=16:010D times=1", "boot",
        "ioctl AACS_END_SESSION session 5", "= INVALID_PARAMETER",
        "ioctl AACS_GET_CERTIFICATE out 112 data 01 00{4}", "= INVALID_PARAMETER",
        "ioctl AACS_GET_CERTIFICATE out 111 data 01 00{3}", "= BUFFER_TOO_SMALL info 112"),
    ROW("AA5", "two codes that the driver does not handle as documented", DRIVE("css"),
        "fault L command=0x46 nth=4 patch=16:010D times=1", "boot",
        "ioctl AACS_READ_MEDIA_KEY_BLOCK_SIZE out 4 data 00", "= INVALID_DEVICE_REQUEST",
        "ioctl AACS_GENERATE_BINDING_NONCE out 32 data 00{24}", "| 00{12}", "= SUCCESS"),
    ROW("AA4", "refused requests leave the CSS authentication as it is", DRIVE("css"),
        "fault L command=0x46 nth=4 patch=16:010D times=1", "boot", AUTHENTICATE(0),
        "ioctl AACS_START_SESSION out 4", "| A4 00 00000000 00 02 0008 00 00 ! 05/24/00 cdb ?", "= INVALID_DEVICE_REQUEST",
        "ioctl AACS_END_SESSION session -1", "| A3 00 00000000 00 02 0000 3F 00 ! 05/24/00 cdb ?", "= INVALID_DEVICE_REQUEST",
        READ_DISC_KEY(0) DISC_KEY_ANSWER),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_aacs(struct suite *suite)
{
    suite_begin_row(suite, "AA1", "a drive without feature 010Dh hears of none of them");
    suite_step(suite, DRIVE("css"));
    suite_step(suite, "boot");
    for (size_t i = 0; i < CODES; i++) {
        suite_step(suite, "ioctl %s", codes[i].request);
        suite_step(suite, "= INVALID_DEVICE_REQUEST");
    }
    suite_begin_row(suite, "AA2", "a drive that lists the feature and refuses the commands");
    suite_step(suite, DRIVE("css"));
    suite_step(suite, "fault L command=0x46 nth=4 patch=16:010D times=1");
    suite_step(suite, "boot");
    for (size_t i = 0; i < CODES; i++) {
        suite_step(suite, "ioctl %s", codes[i].request);
        suite_step(suite, "| %s ! 05/24/00 cdb ?", codes[i].command);
        suite_step(suite, "= INVALID_DEVICE_REQUEST");
    }
    SUITE_ADD_ROWS(suite, rows);
}
