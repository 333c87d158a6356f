/* SPDX-License-Identifier: MIT */

/* Every command of an authentication in every state of its AGID (MMC 2.4). */

#include <stddef.h>

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

enum state {
    FREE,
    GRANTED_STATE,
    CHALLENGED,
    KEY1_DELIVERED,
    DRIVE_CHALLENGED,
    AUTHENTICATED,
    STATES,
    SAME = STATES, /* the command leaves the state as it is */
};

/*
 * How AGID 0 gets there: as many of these steps as the number of the state.  The step after them is
 * also the proof of the state, since it is GOOD in no other.
 */
static const char *const path[] = {
    REPORT_AGID GRANTED(0),
    SEND_HOST_CHALLENGE(0),
    REPORT_KEY1(0) KEY1_ANSWER,
    REPORT_DRIVE_CHALLENGE(0) DRIVE_CHALLENGE_ANSWER,
    SEND_KEY2(0),
    REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
};

static const char *const names[STATES] = {
    "F (free)",
    "G (granted)",
    "C (host challenge received)",
    "K (KEY1 delivered)",
    "L (drive challenge delivered)",
    "A (authenticated)",
};

/* What a command does in one state, and the state after it. */
struct cell {
    const char *answer;
    enum state next;
};

#define SEQUENCE                                                                                   \
    {                                                                                              \
        " ! 05/2C/00", SAME                                                                        \
    }
#define NO_KEY                                                                                     \
    {                                                                                              \
        " ! 05/6F/02", SAME                                                                        \
    }
#define ASKED                                                                                      \
    {                                                                                              \
        ASF_0, SAME                                                                                \
    }

static const struct command {
    const char *name;
    const char *steps[2]; /* the first has the answer of the cell */
    struct cell cells[STATES];
} commands[] = {
    {"REPORT KEY 00h",
     {REPORT_AGID},
     {{GRANTED(0), GRANTED_STATE},
      {GRANTED(4), SAME},
      {GRANTED(4), SAME},
      {GRANTED(4), SAME},
      {GRANTED(4), SAME},
      {GRANTED(4), SAME}}                                                                                 },
    {"SEND KEY 01h, host challenge",
     {SEND_HOST_CHALLENGE(0)},
     {SEQUENCE, {"", CHALLENGED}, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE}                                 },
    {"REPORT KEY 02h, KEY1",
     {REPORT_KEY1(0)},
     {SEQUENCE, SEQUENCE, {KEY1_ANSWER, KEY1_DELIVERED}, SEQUENCE, SEQUENCE, SEQUENCE}                    },
    {"REPORT KEY 01h, drive challenge",
     {REPORT_DRIVE_CHALLENGE(0)},
     {SEQUENCE,
      SEQUENCE,
      SEQUENCE,
      {DRIVE_CHALLENGE_ANSWER, DRIVE_CHALLENGED},
      SEQUENCE,
      SEQUENCE}                                                                                           },
    {"SEND KEY 03h, right KEY2",
     {SEND_KEY2(0)},
     {SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, {"", AUTHENTICATED}, SEQUENCE}                              },
    {"SEND KEY 03h, wrong KEY2",
     {SEND_WRONG_KEY2(0)},
     {SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, {" ! 05/6F/00", FREE}, SEQUENCE}                            },
    {"READ DISC STRUCTURE 02h, disc key",
     {READ_DISC_KEY(0)},
     {NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY, {DISC_KEY_ANSWER, FREE}}                                    },
    {"REPORT KEY 04h, title key",
     {REPORT_TITLE_KEY_1(0)},
     {NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY, {TITLE_KEY_1_ANSWER, FREE}}                                 },
    {"REPORT KEY 3Fh, invalidate",
     {INVALIDATE(3F)},
     {{"", SAME}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}}                             },
    {"SEND KEY 3Fh, invalidate",
     {"A3 00 00000000 00 00 0000 3F 00"},
     {{"", SAME}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}}                             },
    {"REPORT KEY 05h, ASF",               {REPORT_ASF}, {ASKED, ASKED, ASKED, ASKED, ASKED, {ASF_1, SAME}}},
    {"REPORT KEY 08h, RPC state",
     {REPORT_RPC_STATE " > 00 06 00 00 64 FE 01 00"},
     {{"", SAME}, {"", SAME}, {"", SAME}, {"", SAME}, {"", SAME}, {"", SAME}}                             },
    {"medium removal",
     {"insert css", "clear 1"},
     {{"", SAME}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}}                             },
    {"reset",
     {"reset hard", "clear 1"},
     {{"", SAME}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}, {"", FREE}}                             },
};

static void add_cell(struct suite *suite, const struct command *command, enum state state)
{
    const struct cell *cell = &command->cells[state];
    enum state next = cell->next == SAME ? state : cell->next;

    suite_begin_row(suite, "MMC 2.4", "%s in state %s", command->name, names[state]);
    suite_step(suite, "start css" REGION_1);
    for (unsigned i = 0; i < state; i++)
        suite_step(suite, "%s", path[i]);
    suite_step(suite, "%s%s", command->steps[0], cell->answer);
    if (command->steps[1])
        suite_step(suite, "%s", command->steps[1]);
    suite_step(suite, "%s", path[next]);
    /* With a wrong KEY2 the flag goes, else it follows the state. */
    if (next == FREE && state == DRIVE_CHALLENGED)
        suite_step(suite, REPORT_ASF ASF_0);
}

/* Region wrong: the title key of state A. */
static const struct row rows[] = {
    ROW("MMC 2.4", "REPORT KEY 04h in state A, region wrong: 05/6F/04, state F, ASF 0",
        "start css-2" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04",
        REPORT_ASF ASF_0, REPORT_TITLE_KEY_1(0) " ! 05/6F/02", REPORT_AGID GRANTED(0)),
    ROW("MMC 2.4", "an AGID that was never granted while another is authenticated",
        "start css" REGION_1, AUTHENTICATE(0), SEND_HOST_CHALLENGE(4) " ! 05/2C/00",
        REPORT_KEY1(4) " ! 05/2C/00", REPORT_DRIVE_CHALLENGE(4) " ! 05/2C/00",
        SEND_KEY2(4) " ! 05/2C/00", READ_DISC_KEY(4) " ! 05/6F/02",
        REPORT_TITLE_KEY_1(4) " ! 05/6F/02", READ_DISC_KEY(0) DISC_KEY_ANSWER),
};

void rows_key_states(struct suite *suite)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        for (unsigned state = FREE; state < STATES; state++)
            add_cell(suite, &commands[i], state);
    SUITE_ADD_ROWS(suite, rows);
}
