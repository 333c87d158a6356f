/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_COMMAND_TABLE_H
#define EMULATOR_COMMAND_TABLE_H

/*
 * The commands of the drive, one row each.  The dispatcher enforces what a row says; the handler
 * has only what is special to its command.
 */

#include "emulator/drive.h"
#include "emulator/sense.h"

enum command_flags {
    /* Executes in spite of a pending unit attention and leaves it pending. */
    COMMAND_BYPASSES_ATTENTION = 1 << 0,
    /* Needs a ready medium: 02/3A/xx, 02/04/01, 02/30/02 otherwise. */
    COMMAND_NEEDS_MEDIUM = 1 << 1,
    /* Whether a medium is needed depends on a field; the handler checks it. */
    COMMAND_MAY_NEED_MEDIUM = 1 << 2,
    /* Belongs to the DVD CSS feature; a drive without it does not know the command. */
    COMMAND_OF_CSS = 1 << 3,
    /* READ CD and READ CD MSF; a drive whose policy refuses them does not know the command. */
    COMMAND_OF_CD = 1 << 4,
    /* Returns sectors of the medium, all of the same length, from the address in its CDB. */
    COMMAND_READS_SECTORS = 1 << 5,
};

struct command_row {
    uint8_t operation_code;
    const char *name; /* in the words of the standard */
    uint8_t cdb_length;
    enum drive_direction direction;
    unsigned flags;
    /* How many bytes the data phase may have at most, from the CDB; NULL: none. */
    uint32_t (*data_length)(const uint8_t *cdb);
    /* Executes; returns GOOD or what went wrong.  Answers with command_answer(). */
    struct sense (*execute)(struct drive *drive, struct drive_command *command);
};

/* Ascending by operation code, ended by a row without a name. */
extern const struct command_row command_table[];

/* NULL for an operation code that does not exist. */
const struct command_row *command_row(uint8_t operation_code);

/* Handlers, by subject. */
struct sense command_test_unit_ready(struct drive *, struct drive_command *);
struct sense command_request_sense(struct drive *, struct drive_command *);
struct sense command_inquiry(struct drive *, struct drive_command *);
struct sense command_report_luns(struct drive *, struct drive_command *);
struct sense command_send_diagnostic(struct drive *, struct drive_command *);

struct sense command_mode_select_6(struct drive *, struct drive_command *);
struct sense command_mode_select_10(struct drive *, struct drive_command *);
struct sense command_mode_sense_6(struct drive *, struct drive_command *);
struct sense command_mode_sense_10(struct drive *, struct drive_command *);

struct sense command_start_stop_unit(struct drive *, struct drive_command *);
struct sense command_prevent_allow(struct drive *, struct drive_command *);
struct sense command_mechanism_status(struct drive *, struct drive_command *);

struct sense command_read_capacity(struct drive *, struct drive_command *);
struct sense command_read_format_capacities(struct drive *, struct drive_command *);
struct sense command_read_10(struct drive *, struct drive_command *);
struct sense command_read_12(struct drive *, struct drive_command *);
struct sense command_read_cd(struct drive *, struct drive_command *);
struct sense command_read_cd_msf(struct drive *, struct drive_command *);
struct sense command_seek(struct drive *, struct drive_command *);
struct sense command_verify(struct drive *, struct drive_command *);
struct sense command_set_read_ahead(struct drive *, struct drive_command *);
struct sense command_synchronize_cache(struct drive *, struct drive_command *);

struct sense command_read_toc(struct drive *, struct drive_command *);
struct sense command_read_disc_information(struct drive *, struct drive_command *);
struct sense command_read_track_information(struct drive *, struct drive_command *);

struct sense command_get_configuration(struct drive *, struct drive_command *);
struct sense command_get_event_status(struct drive *, struct drive_command *);

struct sense command_read_disc_structure(struct drive *, struct drive_command *);
struct sense command_report_key(struct drive *, struct drive_command *);
struct sense command_send_key(struct drive *, struct drive_command *);

struct sense command_read_buffer_capacity(struct drive *, struct drive_command *);
struct sense command_get_performance(struct drive *, struct drive_command *);
struct sense command_set_streaming(struct drive *, struct drive_command *);
struct sense command_set_cd_speed(struct drive *, struct drive_command *);

#endif
