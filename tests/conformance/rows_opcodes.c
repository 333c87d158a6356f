/* SPDX-License-Identifier: MIT */

/* Operation codes that this drive does not have (MMC 1.1, 1.13, 1.30, 1.32). */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/conformance/row.h"

static const unsigned char implemented[] = {
    0x00, 0x03, 0x12, 0x15, 0x1A, 0x1B, 0x1D, 0x1E, 0x23, 0x25, 0x28, 0x2B, 0x2F, 0x35, 0x43, 0x46,
    0x4A, 0x51, 0x52, 0x55, 0x5A, 0x5C, 0xA0, 0xA3, 0xA4, 0xA7, 0xA8, 0xAC, 0xAD, 0xB6, 0xBB, 0xBD,
};

/* Commands that hosts may send all the same, by the section that refuses them. */
static const struct refused {
    unsigned char code;
    const char *section;
    const char *name;
} refused[] = {
    {0x01, "MMC 1.1",  "REZERO UNIT"             },
    {0x04, "MMC 1.32", "FORMAT UNIT"             },
    {0x0B, "MMC 1.1",  "SEEK(6)"                 },
    {0x16, "MMC 1.30", "RESERVE(6)"              },
    {0x17, "MMC 1.30", "RELEASE(6)"              },
    {0x2A, "MMC 1.32", "WRITE(10)"               },
    {0x2C, "MMC 1.32", "ERASE"                   },
    {0x2E, "MMC 1.32", "WRITE AND VERIFY"        },
    {0x3B, "MMC 1.32", "WRITE BUFFER"            },
    {0x3C, "MMC 1.32", "READ BUFFER"             },
    {0x42, "MMC 1.1",  "READ SUB-CHANNEL"        },
    {0x45, "MMC 1.32", "PLAY AUDIO(10)"          },
    {0x47, "MMC 1.32", "PLAY AUDIO MSF"          },
    {0x48, "MMC 1.32", "PLAY AUDIO TRACK INDEX"  },
    {0x4B, "MMC 1.32", "PAUSE RESUME"            },
    {0x4D, "MMC 1.30", "LOG SENSE"               },
    {0x4E, "MMC 1.32", "STOP PLAY SCAN"          },
    {0x53, "MMC 1.32", "RESERVE TRACK"           },
    {0x54, "MMC 1.32", "SEND OPC INFORMATION"    },
    {0x56, "MMC 1.30", "RESERVE(10)"             },
    {0x57, "MMC 1.30", "RELEASE(10)"             },
    {0x58, "MMC 1.32", "REPAIR TRACK"            },
    {0x5B, "MMC 1.32", "CLOSE TRACK SESSION"     },
    {0x5D, "MMC 1.32", "SEND CUE SHEET"          },
    {0x5E, "MMC 1.30", "PERSISTENT RESERVE IN"   },
    {0x5F, "MMC 1.30", "PERSISTENT RESERVE OUT"  },
    {0x9E, "MMC 1.9",  "READ CAPACITY(16)"       },
    {0xA1, "MMC 1.32", "BLANK"                   },
    {0xA2, "MMC 1.32", "SEND EVENT"              },
    {0xA5, "MMC 1.32", "PLAY AUDIO(12)"          },
    {0xA6, "MMC 1.32", "LOAD/UNLOAD MEDIUM"      },
    {0xAA, "MMC 1.32", "WRITE(12)"               },
    {0xAB, "MMC 1.30", "READ MEDIA SERIAL NUMBER"},
    {0xB9, "MMC 1.13", "READ CD MSF"             },
    {0xBA, "MMC 1.32", "SCAN"                    },
    {0xBE, "MMC 1.13", "READ CD"                 },
    {0xBF, "MMC 1.32", "SEND DISC STRUCTURE"     },
};

/* What the group of the operation code makes the length; vendor groups as their neighbours. */
static unsigned cdb_length(unsigned code)
{
    if (code < 0x20)
        return 6;
    if (code < 0x80)
        return 10;
    return code < 0xA0 ? 16 : 12;
}

static void add_refused(struct suite *suite, unsigned code)
{
    const char *section = "MMC 1.1", *name = "no command";

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (refused[i].code == code) {
            section = refused[i].section;
            name = refused[i].name;
        }
    }
    suite_begin_row(suite, section, "operation code %02Xh (%s) is invalid", code, name);
    suite_step(suite, "start css");
    suite_step(suite, "%02X 00{%u} ! 05/20/00", code, cdb_length(code) - 1);
    suite_step(suite, "start empty");
    suite_step(suite, "%02X 00{%u} ! 05/20/00", code, cdb_length(code) - 1);
}

static const struct row rows[] = {
    ROW("MMC 1.32", "WRITE(10) with its data is refused as an operation code", "start plain",
        "2A 00 00000000 00 0001 00 < 00{2048} ! 05/20/00"),
    ROW("MMC 1.9", "READ CAPACITY(16) as libraries send it is an invalid operation code",
        "start plain", "9E 10 00{8} 00000020 00 00 ! 05/20/00"),
    ROW("MMC 1.1", "without CSS the key commands are invalid operation codes",
        "start plain css=off", "A4 00 00000000 00 00 0008 08 00 ! 05/20/00",
        "A4 00 00000000 00 00 0008 00 00 ! 05/20/00", "A3 00 00000000 00 00 0000 3F 00 ! 05/20/00"),
};

void rows_opcodes(struct suite *suite)
{
    for (unsigned code = 0; code < 0x100; code++)
        if (!memchr(implemented, (int)code, sizeof implemented))
            add_refused(suite, code);
    SUITE_ADD_ROWS(suite, rows);
}
