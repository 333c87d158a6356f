/* SPDX-License-Identifier: MIT */

/* Every command in every state of the medium (MMC 1.1, "answers by state"). */

#include <stddef.h>
#include <string.h>

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

enum need {
    BYPASSES, /* runs always, an attention neither blocks it nor is cleared */
    RUNS,     /* runs always, but after attentions */
    MEDIUM,   /* needs a ready medium: 02/3A, 02/04/01, 02/30/02 */
    DVD,      /* needs a DVD: 02/3A, 02/04/01, 05/30/02 */
    STARTS,   /* START STOP UNIT start: as MEDIUM, but waits for the medium to become ready */
};

/* `answer`: with a ready CSS disc; where a command runs without one it is the same, but for
 * `answers_without`. */
static const struct form {
    const char *name;
    enum need need;
    const char *cdb;
    const char *answer;
} forms[] = {
    {"INQUIRY",                       BYPASSES, "12 00 00 0024 00",                                       "> 05 80 05 02 1F *"       },
    {"REQUEST SENSE",                 BYPASSES, REQUEST_SENSE,                                            "> 70 *"                   },
    {"REPORT LUNS",                   BYPASSES, "A0 00 00 000000 00000010 00 00",                         "> 00 00 00 08 00{12}"     },
    {"GET CONFIGURATION",             BYPASSES, "46 00 0000 000000 FFFF 00",
     "> 00 00 .. .. 00 00 .. .. 00 00 *"                                                                                             },
    {"GET EVENT STATUS NOTIFICATION", BYPASSES, MEDIA_EVENT,                                              "> 00 06 04 56 0. 0. 00 00"},
    {"MODE SENSE(6)",                 RUNS,     "1A 00 3F 00 FF 00",                                      "> 45 00 00 00 " ALL_PAGES },
    {"MODE SENSE(10)",                RUNS,     "5A 00 3F 00 000000 FFFF 00",                             "> 00 48 00{6} " ALL_PAGES },
    {"MODE SELECT(6)",                RUNS,     "15 10 00 00 10 00 < 00{4} 01 0A 00 05 00{8}",            ""                         },
    {"MODE SELECT(10)",               RUNS,     "55 10 00 00 00 00 00 0014 00 < 00{8} 01 0A 00 05 00{8}", ""                         },
    {"MECHANISM STATUS",              RUNS,     "BD 00 00 00 00 00 00 00 0008 00 00",                     "> .. .. 00 00 00 .. 00 00"},
    {"PREVENT ALLOW MEDIUM REMOVAL",  RUNS,     ALLOW,                                                    ""                         },
    {"SET CD SPEED",                  RUNS,     "BB 00 FFFF FFFF 00 00 00 00 00 00",                      ""                         },
    {"SET STREAMING",                 RUNS,     "B6 00 00 00 00 00 00 00 00 001C 00 < 04 00{27}",         ""                         },
    {"GET PERFORMANCE",               RUNS,     "AC 10 00000000 0000 000A 00 00",
     "> 00000014 00 000000 00000000 000023.. 000007FF 000023.."                                                                      },
    {"READ BUFFER CAPACITY",          RUNS,     "5C 00 00 00 00 00 00 000C 00",
     "> 000A 00 00 00080000 ........"                                                                                                },
    {"READ FORMAT CAPACITIES",        RUNS,     "23 00 00 00 00 00 00 00FC 00",
     "> 00 00 00 08 00000800 02 000800"                                                                                              },
    {"SEND DIAGNOSTIC",               RUNS,     "1D 04 00 0000 00",                                       ""                         },
    {"SYNCHRONIZE CACHE",             RUNS,     "35 00 00000000 00 0000 00",                              ""                         },
    {"START STOP UNIT stop",          RUNS,     "1B 00 00 00 00 00",                                      ""                         },
    {"START STOP UNIT eject",         RUNS,     EJECT,                                                    ""                         },
    {"START STOP UNIT load",          RUNS,     LOAD,                                                     ""                         },
    {"START STOP UNIT active",        RUNS,     "1B 00 00 00 10 00",                                      ""                         },
    {"START STOP UNIT idle",          RUNS,     "1B 00 00 00 20 00",                                      ""                         },
    {"START STOP UNIT standby",       RUNS,     "1B 00 00 00 30 00",                                      ""                         },
    {"START STOP UNIT start",         STARTS,   "1B 00 00 00 01 00",                                      ""                         },
    {"TEST UNIT READY",               MEDIUM,   TEST_UNIT_READY,                                          ""                         },
    {"READ CAPACITY(10)",             MEDIUM,   "25 00 00000000 0000 00 00",                              "> 000007FF 00000800"      },
    {"READ TOC/PMA/ATIP",             MEDIUM,   "43 00 00 00 00 00 00 0324 00",
     "> 0012 01 01 00 14 01 00 00000000 00 14 AA 00 00000800"                                                                        },
    {"READ DISC INFORMATION",         MEDIUM,   "51 00 00 00 00 00 00 0022 00",
     "> 0020 0E 01 01 01 01 20 00{8} FF{8} 00{10}"                                                                                   },
    {"READ TRACK INFORMATION",        MEDIUM,   "52 01 00000001 00 0030 00",
     "> 00 .. 01 01 00 04 01 00 00{12} 000000.. 00000800 *"                                                                          },
    {"READ(10)",                      MEDIUM,   "28 00 00000010 00 0001 00",                              "> $plain:10"              },
    {"READ(12)",                      MEDIUM,   "A8 00 00000010 00000001 00 00",                          "> $plain:10"              },
    {"VERIFY(10)",                    MEDIUM,   "2F 00 00000010 00 0001 00",                              ""                         },
    {"SEEK(10)",                      MEDIUM,   "2B 00 00000010 00 0000 00",                              ""                         },
    {"SET READ AHEAD",                MEDIUM,   "A7 00 00000010 00000020 00 00",                          ""                         },
    {"READ DISC STRUCTURE 00h",       DVD,      "AD 00 00000000 00 00 0804 00 00",                        "> 08 02 00 00 01 02 *"    },
    {"READ DISC STRUCTURE 01h",       DVD,      "AD 00 00000000 00 01 0008 00 00",
     "> 00 06 00 00 01 00 00 00"                                                                                                     },
    {"READ DISC STRUCTURE 02h",       DVD,      "AD 00 00000000 00 02 0804 00 00",                        "! 05/6F/02"               },
    {"READ DISC STRUCTURE 03h",       DVD,      "AD 00 00000000 00 03 00C0 00 00",                        "! 05/24/00 cdb 7.-"       },
    {"READ DISC STRUCTURE 04h",       DVD,      "AD 00 00000000 00 04 0804 00 00",                        "> 08 02 00 00 00{2048}"   },
    {"READ DISC STRUCTURE 05h",       DVD,      "AD 00 00000000 00 05 0008 00 00",                        "> 0006 0000 00 00 00 00"  },
    {"READ DISC STRUCTURE FFh",       RUNS,     "AD 00 00000000 00 FF 0804 00 00",                        "> " STRUCTURE_LIST        },
    {"REPORT KEY 00h",                DVD,      REPORT_AGID,                                              "> 00 06 00 00 00 00 00 00"},
    {"REPORT KEY 01h",                DVD,      REPORT_DRIVE_CHALLENGE(0),                                "! 05/2C/00"               },
    {"REPORT KEY 02h",                DVD,      REPORT_KEY1(0),                                           "! 05/2C/00"               },
    {"REPORT KEY 04h",                DVD,      REPORT_TITLE_KEY_1(0),                                    "! 05/6F/02"               },
    {"REPORT KEY 05h",                DVD,      REPORT_ASF,                                               ASF_0                      },
    {"REPORT KEY 08h",                RUNS,     REPORT_RPC_STATE,                                         "> 00 06 00 00 25 FF 01 00"},
    {"REPORT KEY 3Fh",                RUNS,     INVALIDATE(3F),                                           ""                         },
    {"SEND KEY 01h",                  DVD,      SEND_HOST_CHALLENGE(0),                                   "! 05/2C/00"               },
    {"SEND KEY 03h",                  DVD,      SEND_KEY2(0),                                             "! 05/2C/00"               },
    {"SEND KEY 06h",                  DVD,      SET_REGION(FE),                                           ""                         },
    {"SEND KEY 3Fh",                  RUNS,     "A3 00 00000000 00 00 0000 3F 00",                        ""                         },
};

/* With no disc that is ready. */
static const struct {
    const char *name, *answer;
} answers_without[] = {
    {"GET PERFORMANCE",        "> 00000004 00 000000"            },
    {"READ FORMAT CAPACITIES", "> 00 00 00 08 ........ 03 000800"},
};

enum state {
    READY,
    EMPTY,
    OPEN,
    OPEN_WITH_DISC,
    BECOMING_READY,
    UNUSABLE,
    ATTENTION,
};

static const struct {
    const char *name;
    const char *steps[3];
} states[] = {
    [READY] = {"with a ready disc",            {"start css"}                                  },
    [EMPTY] = {"without medium, tray closed",  {"start empty"}                                },
    [OPEN] = {"with the tray open",           {"start empty", EJECT}                         },
    [OPEN_WITH_DISC] = {"with a disc on the open tray", {"start css", EJECT, "clear 1"}                },
    [BECOMING_READY] = {"while becoming ready",         {"start empty spin-up-time=5000", "insert css"}},
    [UNUSABLE] = {"with an unusable disc",        {"start unreadable"}                           },
    [ATTENTION] = {"with an attention pending",    {"start empty", "insert css"}                  },
};

/* Sense of the needs from MEDIUM on, by state. */
static const char *refusal(enum need need, enum state state)
{
    switch (state) {
    case EMPTY:
        return "! 02/3A/01";
    case OPEN:
    case OPEN_WITH_DISC:
        return "! 02/3A/02";
    case BECOMING_READY:
        return need == STARTS ? NULL : "! 02/04/01";
    case UNUSABLE:
        return need == DVD ? "! 05/30/02" : "! 02/30/02";
    default:
        return NULL;
    }
}

static const char *answer(const struct form *form, enum state state)
{
    const char *refused = form->need >= MEDIUM ? refusal(form->need, state) : NULL;

    if (refused)
        return refused;
    for (size_t i = 0; i < sizeof answers_without / sizeof answers_without[0]; i++)
        if (state != READY && state != ATTENTION &&
            strcmp(answers_without[i].name, form->name) == 0)
            return answers_without[i].answer;
    return form->answer;
}

static void add_row(struct suite *suite, const struct form *form, enum state state)
{
    suite_begin_row(suite, "MMC 1.1", "%s %s", form->name, states[state].name);
    for (size_t i = 0; i < 3 && states[state].steps[i]; i++)
        suite_step(suite, "%s", states[state].steps[i]);
    if (state == ATTENTION && form->need != BYPASSES) {
        suite_step(suite, "%s ! 06/28/00", form->cdb);
        suite_step(suite, TEST_UNIT_READY);
    } else {
        suite_step(suite, "%s %s", form->cdb, answer(form, state));
    }
    if (state == ATTENTION && form->need == BYPASSES)
        suite_step(suite, strcmp(form->name, "REQUEST SENSE") != 0 ? TEST_UNIT_READY " ! 06/28/00"
                                                                   : TEST_UNIT_READY);
    if (form->need == STARTS && state == BECOMING_READY)
        suite_step(suite, TEST_UNIT_READY " ! 06/28/00");
}

void rows_states(struct suite *suite)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        for (unsigned state = READY; state <= ATTENTION; state++)
            add_row(suite, &forms[i], state);
}
