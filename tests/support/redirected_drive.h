/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_REDIRECTED_DRIVE_H
#define TESTS_SUPPORT_REDIRECTED_DRIVE_H

/*
 * What the tests of the usbredir transport have in common: a drive with a disc, the transport in
 * front of it and a host at the other end of a socket, all in one process on one event loop.
 */

#include "handlers/usbredir/usbredir.h"
#include "tests/host/bulk_only_host.h"

#define REDIRECTED_DRIVE_SECTORS 1024u
#define REDIRECTED_DRIVE_SIZE    (REDIRECTED_DRIVE_SECTORS * DVD_SECTOR_SIZE)

struct redirected_drive {
    struct event_base *base;
    struct drive *drive;
    struct usbredir *usbredir;
    struct usbredir_guest guest;
    uint8_t *image;                        /* what the disc holds, REDIRECTED_DRIVE_SIZE bytes */
    uint8_t buffer[REDIRECTED_DRIVE_SIZE]; /* of the last command */

    /* What the transport told: hosts that came, went, were refused; why the last one went. */
    unsigned connects, disconnects, refusals;
    char reason[200];
};
extern struct redirected_drive redirected;
extern const struct usbredir_events redirected_drive_events;

/* Fixtures of Check: at super speed, ready at once or after longer than any test takes. */
void redirected_drive_set_up(void);
void redirected_drive_set_up_slow(void);
void redirected_drive_tear_down(void);

/* The two halves of setting up.  `spin_up_time`: milliseconds. */
void redirected_drive_start(int64_t spin_up_time);
void redirected_drive_attach(enum usb_speed speed);

/* A command whose data come into `buffer`, which is overwritten with EEh first. */
struct bulk_only_command redirected_drive_command_in(const char *cdb, uint8_t cdb_length,
                                                     uint32_t length);
enum bulk_only_host_result redirected_drive_test_unit_ready(void);
/* REQUEST SENSE must return this. */
void redirected_drive_expect_sense(uint8_t key, uint8_t asc, uint8_t ascq);
/* Enumerated, attention fetched, ready. */
void redirected_drive_be_ready(void);
/* READ(10) must return what the disc holds.  `piece`: bytes of each transfer. */
void redirected_drive_read(uint32_t lba, uint16_t count, uint32_t piece);

#endif
