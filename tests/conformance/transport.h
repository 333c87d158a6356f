/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_TRANSPORT_H
#define TESTS_CONFORMANCE_TRANSPORT_H

/*
 * What a conformance row needs of the way to a drive: send a command, be a second initiator, be the
 * operator.  The same rows run over everything that implements this.  A function pointer may be
 * NULL where a transport has no such means (an operator who cannot make a bus reset, say); rows
 * that need it are then skipped with that reason.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/drive.h"

/* I_T nexuses are numbered from 1; a new drive has none. */
#define TRANSPORT_NEXUS_MAX 4
/* The longest CDB and the most data that a row moves in one command. */
#define TRANSPORT_CDB_MAX  16
#define TRANSPORT_DATA_MAX 262144u

struct transport_command {
    uint8_t lun;
    uint8_t cdb[TRANSPORT_CDB_MAX];
    uint8_t cdb_length;
    const uint8_t *data_out;
    size_t data_out_length;
};

struct transport_answer {
    uint8_t status;                  /* SAM status code */
    uint8_t sense[DRIVE_SENSE_SIZE]; /* zero with GOOD */
    uint8_t data[TRANSPORT_DATA_MAX];
    size_t length;  /* bytes of data that arrived */
    uint64_t delay; /* nanoseconds that the mechanism took, 0 where nobody can tell */
    /* Why no status arrived, after a fault rule; DRIVE_DELIVERY_NORMAL: it did. */
    enum drive_delivery delivery;
    /* What the transport itself found wrong with the exchange; empty if nothing. */
    char fault[200];
};

struct row;

struct transport {
    const char *name;
    /* Time passes by itself, between the steps too: on a busy machine more than a row reckons with.
     */
    bool real_time;

    /* Why a row cannot run over this transport, or NULL. */
    const char *(*excuse)(const struct row *row);

    /*
     * A new drive with this profile, switched on, tray closed and empty, no nexus.
     * `keep_nonvolatile`: it keeps what the drive before it had stored; otherwise it is as it left
     * the factory.  False when that failed, for this and all functions below that return bool.
     */
    bool (*renew)(struct transport *transport, const struct drive_profile *profile,
                  bool keep_nonvolatile);
    /* `autosense`: sense data come with the status; otherwise the host asks with REQUEST SENSE. */
    bool (*attach)(struct transport *transport, unsigned nexus, bool autosense);
    bool (*detach)(struct transport *transport, unsigned nexus);
    void (*execute)(struct transport *transport, unsigned nexus,
                    const struct transport_command *command, struct transport_answer *answer);

    /*
     * The next command is held after that many bytes of data while `act` is done, then goes on:
     * things that happen in the middle of a transfer.
     */
    bool (*interrupt)(struct transport *transport, size_t bytes, void (*act)(void *context),
                      void *context);

    /* Lets time pass. */
    bool (*wait)(struct transport *transport, uint64_t nanoseconds);

    /* The operator.  `disc` is a name of discs.h, or NULL to close the tray with what is on it. */
    bool (*insert)(struct transport *transport, const char *disc);
    /* Emergency eject. */
    bool (*eject)(struct transport *transport, bool take_disc);
    /* The eject button; *moved tells whether the tray did. */
    bool (*press)(struct transport *transport, bool *moved);
    bool (*reset)(struct transport *transport, enum drive_reset reset);
    bool (*vendor_reset)(struct transport *transport, bool *done);
    /* From now on the drive can (not) store its non-volatile state. */
    bool (*storage_works)(struct transport *transport, bool works);

    /* Adds a fault rule of `count` words KEY=VALUE, or takes all rules away. */
    bool (*fault_add)(struct transport *transport, const char *name, const char *const *words,
                      size_t count);
    bool (*fault_clear)(struct transport *transport);

    void (*close)(struct transport *transport);
};

/* The drive in this process, the data of each command in one piece. */
struct transport *transport_in_process(void);
/* The same with the data of each command taken in many small pieces. */
struct transport *transport_in_process_in_pieces(void);

/*
 * A LUN of an iSCSI target, made of a drive behind tcmu-runner, with libiscsi as initiator.  The
 * target is the target guest of tests/guest; `portal` and `operator` are the addresses (HOST:PORT)
 * of its iSCSI portal and of tests/guest/programs/target_operator.c, `discs` is the folder of
 * discs_write() as the target sees it.  NULL after a message on standard error.
 */
struct transport *transport_iscsi(const char *portal, const char *operator, const char * discs);

#endif
