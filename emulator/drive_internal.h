/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_DRIVE_INTERNAL_H
#define EMULATOR_DRIVE_INTERNAL_H

/*
 * The inside of a drive, shared by the files of emulator/ and nobody else.
 */

#include "emulator/agid_pool.h"
#include "emulator/drive.h"
#include "emulator/event_queue.h"
#include "emulator/mechanics.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mode_pages.h"
#include "emulator/sense.h"
#include "media/random.h"

#define NANOSECONDS_PER_MILLISECOND UINT64_C(1000000)

/* Power conditions, with the numbers of the power management event class. */
enum drive_power {
    DRIVE_POWER_ACTIVE = 1,
    DRIVE_POWER_IDLE = 2,
    DRIVE_POWER_STANDBY = 3,
    DRIVE_POWER_SLEEP = 4,
};

struct drive_nexus {
    struct drive *drive;
    unsigned number;
    struct drive_nexus *next;
    bool autosense;
    bool prevents_removal;

    /* Pending unit attentions, by priority; SENSE_NO_SENSE where there is none. */
    enum sense_code reset_attention;
    bool medium_attention;
    bool mode_attention;

    struct event_queue events;
    struct sense contingent; /* without autosense: of the last command, until the next one */
    uint8_t contingent_data[SENSE_SIZE]; /* and as it was encoded */
};

struct drive {
    struct drive_profile profile;
    struct drive_nonvolatile nonvolatile;
    struct drive_environment environment;
    struct drive_observer *observers;
    struct drive_nexus *nexuses;
    unsigned nexus_count; /* all that there ever were */
    uint64_t now;

    /* Tray and medium. */
    struct disc *disc;
    enum drive_medium_state medium;
    uint64_t ready_at;          /* while DRIVE_MEDIUM_BECOMING_READY */
    bool returns;               /* it was ready before, and hosts know the medium */
    uint32_t medium_generation; /* counts the times a medium left */
    uint32_t reset_generation;
    bool persistent_prevent;

    enum drive_power power;
    uint64_t last_access; /* when the medium was last used, for the power condition timers */

    struct mode_pages modes;
    /* How the disc turns, see mechanism_rotate(); the truth behind mode page 2Ah, GET PERFORMANCE
     * and the times of reads. */
    uint32_t read_speed; /* kB/s */
    uint8_t rotation_control;

    struct mechanics mechanics; /* with TIMING_REALISTIC */
    uint64_t starting_until;    /* after a START STOP UNIT with IMMED: 02/04/01 before that */

    struct agid_pool agids;
    bool asf;
    struct random random;

    struct fault_set *faults; /* NULL before the first rule */
};

/* dispatch.c */

/* From a CDB to its handler; every state change of the command happens here. */
struct sense command_dispatch(struct drive *drive, struct drive_command *command);

/* Answers of a command handler. */

/* Returns min(size, allocation_length) bytes of `data` and ends with GOOD. */
struct sense command_answer(struct drive_command *command, const void *data, size_t size,
                            uint32_t allocation_length);
/* Returns `sectors` sectors from `lba`.  `from_disc`: not from the drive's buffer. */
struct sense command_answer_from_medium(struct drive *drive, struct drive_command *command,
                                        uint32_t lba, uint32_t sectors, bool from_disc);
/* The `sectors` sectors from `lba` are read before the command ends, see drive_work(). */
void command_verify_medium(const struct drive *drive, struct drive_command *command, uint32_t lba,
                           uint32_t sectors);
/* The one place that sets status and sense. */
void command_complete(struct drive_command *command, struct sense sense);

/* commands_read.c: GOOD, or 05/21/00 with the first address that does not exist. */
struct sense command_check_range(const struct drive *drive, uint32_t lba, uint32_t sectors);

/* The CDB as one of the layouts of mmc_cdb.h. */
#define COMMAND_CDB(type, command) ((const struct type *)(const void *)(command)->cdb)

/* drive.c */
void drive_emit(struct drive *drive, const struct drive_event *event);
/* Whether anybody watches the commands.  A drive that nobody can watch is built only to measure
 * what the question costs. */
static inline bool drive_is_observed(const struct drive *drive)
{
#ifdef DRIVE_WITHOUT_OBSERVERS
    (void)drive;
    return false;
#else
    return drive->observers;
#endif
}
bool drive_is_prevented(const struct drive *drive);

/* attention.c */

/* Every nexus but `except` (which may be NULL). */
void attention_raise(struct drive *drive, enum sense_code code, const struct drive_nexus *except);
void attention_raise_for(struct drive_nexus *nexus, enum sense_code code);
/* The highest-priority pending attention, SENSE_NO_SENSE if none; takes it off the list. */
enum sense_code attention_take(struct drive_nexus *nexus);
bool attention_is_pending(const struct drive_nexus *nexus);

/* Queues an event for every nexus. */
void event_raise(struct drive *drive, enum event_class event_class, uint8_t code);

/* medium.c */

/* GOOD when a medium is ready, else the sense of the state; `unusable` is for a medium that cannot
 * be read. */
/* Tells observers why a read of the sector at `lba` ended, if the image is the reason. */
void medium_tell_unreadable(struct drive *drive, uint32_t lba, const struct disc_read *read);
struct sense medium_sense(const struct drive *drive, enum sense_code unusable);
static inline bool medium_is_ready(const struct drive *drive)
{
    return drive->medium == DRIVE_MEDIUM_READY;
}
static inline bool medium_is_css(const struct drive *drive)
{
    return medium_is_ready(drive) && disc_is_css(drive->disc);
}
void medium_open_tray(struct drive *drive);
void medium_close_tray(struct drive *drive);
/* Spins a medium up again after a reset. */
void medium_restart(struct drive *drive);
/* A medium that is ready is not for `time` nanoseconds; then it is, and nothing has changed. */
void medium_leave_ready(struct drive *drive, uint64_t time);
/* Becomes ready if it is time. */
void medium_advance(struct drive *drive);

/* power.c */
void power_change(struct drive *drive, enum drive_power power);
/* The medium is used now: the mechanism wakes and its timers start again. */
void power_access(struct drive *drive);
void power_advance(struct drive *drive);
uint64_t power_deadline(const struct drive *drive);

/*
 * mechanism.c: the mechanics, moved by what happens to the drive.  Times are of the drive's clock;
 * with TIMING_INSTANT everything is done now, but for the spin-up time.
 */
void mechanism_init(struct drive *drive);
void mechanism_reset(struct drive *drive);
/*
 * The one place that changes how the disc turns: `speed` in kB/s, SPEED_1X to the maximum of the
 * profile; `control` MMC_ROTATION_CAV or, as every other value, constant linear velocity.
 */
void mechanism_rotate(struct drive *drive, uint32_t speed, uint8_t control);
/* The mechanism follows the power condition. */
void mechanism_power(struct drive *drive);
void mechanism_open_tray(struct drive *drive);
/* When the tray is in. */
uint64_t mechanism_close_tray(struct drive *drive);
/* When the disc in the drive is identified. */
uint64_t mechanism_identify(struct drive *drive);
/* When the spindle turns and the pick-up follows its track. */
uint64_t mechanism_start(struct drive *drive);
void mechanism_stop(struct drive *drive);
/* When tray and spindle are what they were told to be; possibly in the past. */
uint64_t mechanism_busy_until(const struct drive *drive);
/* How long sectors that exist take, from now.  `from_disc`: not from the buffer. */
uint64_t mechanism_read(struct drive *drive, uint32_t lba, uint32_t sectors, bool from_disc);
void mechanism_seek(struct drive *drive, uint32_t lba);
void mechanism_set_trigger(struct drive *drive, uint32_t trigger, uint32_t lba);
/* How long KEY2 takes to be judged. */
uint64_t mechanism_authentication_time(const struct drive *drive);
/* How the spindle turns, whatever the timing. */
struct rotation mechanism_rotation(const struct drive *drive);

/* authentication.c: the drive's CSS state, with everything that observers hear of it. */
void authentication_init(struct drive *drive);
/* All AGIDs free, ASF 0. */
void authentication_clear(struct drive *drive);
void authentication_release(struct drive *drive, unsigned agid);
void authentication_set_asf(struct drive *drive, bool asf);
/* Tells the observers that the state of an AGID went from `from` to its present one. */
void authentication_moved(struct drive *drive, unsigned agid, enum css_auth_state from);
/* Whether the region of the drive lets the CSS disc play. */
bool authentication_region_plays(const struct drive *drive);
/*
 * The checks that a disc key and a title key have in common: GOOD, or the sense after doing what a
 * refusal does to the AGID.
 */
struct sense authentication_check_key(struct drive *drive, unsigned agid);
/* A key was refused in the authenticated state. */
void authentication_key_refused(struct drive *drive, unsigned agid);

#endif
