/* SPDX-License-Identifier: MIT */

/* Rows that are wrong in one point each: the runner has to find it, and say what it is. */

#include <string.h>

#include "tests/conformance/discs.h"
#include "tests/tap.h"
#include "tests/windows/guest.h"
#include "tests/windows/rows.h"

#define START "ioctl DVD_START_SESSION out 4"
#define WIRE  "| A4 00 00000000 00 00 0008 00 00"

struct wrong {
    struct row row;
    const char *complaint; /* a part of it */
};
#define WRONG(complaint, ...)                                                                      \
    {                                                                                              \
        ROW("wrong", "row", __VA_ARGS__), complaint                                                \
    }

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct wrong rows[] = {
    WRONG("the command is A4 00 00 00 00 00 00 00 00 08 00 00", DRIVE("css"), "boot", START,
          "| A4 00 00000000 00 00 0008 01 00", "= SUCCESS info 4 : 00 00 00 00"),
    WRONG("first difference at byte 7", DRIVE("css"), "boot", START,
          WIRE GRANTED(4), "= SUCCESS info 4 : 00 00 00 00"),
    WRONG("expected CHECK CONDITION", DRIVE("css"), "boot", START, WIRE " ! 05/55/00", "= INVALID_DEVICE_REQUEST"),
    WRONG("the driver sent 1 commands more", DRIVE("css"), "boot", START, "= SUCCESS info 4 : 00 00 00 00"),
    WRONG("the driver sent nothing more", DRIVE("css"), "boot", START, WIRE GRANTED(0), WIRE GRANTED(4),
          "= SUCCESS info 4 : 00 00 00 00"),
    WRONG("it ended with SUCCESS", DRIVE("css"), "boot", START, WIRE GRANTED(0), "= IO_DEVICE_ERROR"),
    WRONG("information is 4", DRIVE("css"), "boot", START, WIRE GRANTED(0), "= SUCCESS info 5"),
    WRONG("the caller got 00 00 00 00", DRIVE("css"), "boot", START, WIRE GRANTED(0), "= SUCCESS info 4 : 01 00 00 00"),
    WRONG("that is Win32 error 21", DRIVE("empty"), "boot", START, WIRE " ! 02/3A/01", "= NO_MEDIA_IN_DEVICE win32 22"),
    WRONG("there is no status NO_MEDIUM", DRIVE("empty"), "boot", START, WIRE " ! 02/3A/01", "= NO_MEDIUM"),
    WRONG("the row does not say how the request ends", DRIVE("css"), "boot", START, WIRE GRANTED(0)),
    WRONG("16 bytes of data out are 00 0E", DRIVE("css"), "boot", REPORT_AGID GRANTED(0),
          "ioctl DVD_SEND_KEY type 01 session 0 data " HOST_CHALLENGE " 00 00",
          "| A3 00 00000000 00 00 0010 01 00 < 00 0E .. .. 00{12}", "= SUCCESS"),
    WRONG("it was sent at 10000 ms", DRIVE("css"), "boot",
          "fault F command=0xA4 sense=2/04/01 times=1", START, WIRE " ! 02/04/01", "| at 9999 A4 00 00000000 00 00 0008 00 00" GRANTED(0),
          "= SUCCESS info 4 : 00 00 00 00"),
    WRONG("sent 10000 ms after the one before", DRIVE("css"), "boot",
          "fault F command=0xA4 sense=2/04/01 times=2", START, "| every 9999 x2 A4 00 00000000 00 00 0008 00 00 ! 02/04/01", WIRE GRANTED(0),
          "= SUCCESS info 4 : 00 00 00 00"),
    WRONG("it took 10000 ms", DRIVE("css"), "boot",
          "fault F command=0xA4 sense=2/04/01 times=1", START, WIRE " ! 02/04/01", WIRE GRANTED(0),
          "= SUCCESS after 9000 info 4 : 00 00 00 00"),
    WRONG("the status is 02", DRIVE("empty"), "boot", START, "| status 08 A4 00 00000000 00 00 0008 00 00", "= NO_MEDIA_IN_DEVICE"),
    WRONG("it is dvd", DRIVE("css"), "boot", "expect device cd-rom"),
    WRONG("told: none", DRIVE("css"), "boot", "expect notes arrival"),
    WRONG("there is no mood", DRIVE("css"), "boot", "expect mood good"),
    WRONG("it ended with NO_MEDIA_IN_DEVICE", DRIVE("empty"), "boot", "quietly " START),
    WRONG("takes no such fault rule", DRIVE("css"), "boot", "fault F command=0xA4 sense=none"),
    WRONG("the request is not well-formed", DRIVE("css"), "boot", "ioctl DVD_START_SESION out 4"),
    WRONG("the request is not well-formed", DRIVE("css"), "boot", "ioctl DVD_READ_KEY kind 01 out 36"),
    WRONG("there is no setting bus=scsi", DRIVE("css"), "boot bus=scsi"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

START_TEST(finds_fault)
{
    static char why[4096];
    const struct wrong *wrong = &rows[_i];
    struct transport *transport = transport_in_process();

    ck_assert_int_eq(guest_run(transport, &wrong->row, false, why, sizeof why), ROW_FAILED);
    ck_assert_msg(strstr(why, wrong->complaint), "\"%s\" is expected, but: %s", wrong->complaint,
                  why);
    transport->close(transport);
    discs_close();
}
END_TEST

static Suite *judge_suite(void)
{
    Suite *suite = suite_create("judge");
    TCase *tests = tcase_create("wrong rows");

    tcase_add_loop_test(tests, finds_fault, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(judge_suite)
