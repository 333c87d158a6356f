/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_FAULTY_DRIVE_H
#define TESTS_SUPPORT_FAULTY_DRIVE_H

/*
 * A drive for tests of fault rules: with a CSS disc of made_disc.h in it, one host whose attentions
 * are taken, and a clock that moves when the test says so.
 */

#include <check.h>

#include "emulator/drive.h"
#include "emulator/fault.h"

#define FAULTY_DATA_MAX 65536

struct faulty_drive {
    struct drive *drive;
    struct drive_nexus *nexus;
    struct disc *disc;
    uint64_t now;
    struct drive_nonvolatile stored;
    unsigned stores;

    /* The last command. */
    struct drive_command command;
    uint8_t data[FAULTY_DATA_MAX];
    size_t length;
};
extern struct faulty_drive faulty;

/* Fixtures of Check: the disc once, the drive for each test. */
void faulty_drive_set_up(void);
void faulty_drive_tear_down(void);
void faulty_drive_make_disc(void);
void faulty_drive_release_disc(void);
static inline void faulty_drive_add_fixtures(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, faulty_drive_make_disc, faulty_drive_release_disc);
    tcase_add_checked_fixture(tests, faulty_drive_set_up, faulty_drive_tear_down);
}
/* Another drive with this profile in its place. */
void faulty_drive_renew(const struct drive_profile *profile);

/* A rule of settings separated by | , which must be accepted. */
void faulty_drive_rule(const char *name, const char *settings);

/* Begins the command of these hexadecimal bytes; bytes behind a '<' are data out. */
void faulty_drive_begin(const char *bytes);
/* The data and the end of it. */
void faulty_drive_finish(void);
/* Both. */
void faulty_drive_run(const char *bytes);

/* What the last command ended with. */
void faulty_drive_assert_good(void);
void faulty_drive_assert_sense(unsigned key, unsigned asc, unsigned ascq);
/* Its data, in hexadecimal. */
void faulty_drive_assert_data(const char *bytes);

/* A whole authentication; returns its AGID. */
unsigned faulty_drive_authenticate(void);
/* The same, which may fail. */
bool faulty_drive_try_authentication(unsigned *agid);

#endif
