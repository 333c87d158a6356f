/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_DRIVE_H
#define EMULATOR_DRIVE_H

/*
 * The drive: an MMC logical unit of peripheral device type 05h.
 *
 * A drive is a state machine.  It has no thread, no file, no socket and no clock: every call brings
 * the time with it, and a command comes back with the time the mechanism would have needed, which
 * the transport waits before it delivers the answer.  Calls on one drive must not overlap;
 * different drives are independent.
 *
 * Times are nanoseconds of a clock that never goes back (for a server CLOCK_MONOTONIC, for a test
 * any number).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "emulator/observer.h"
#include "emulator/profile.h"
#include "emulator/region_control.h"
#include "media/disc.h"

struct drive;
struct drive_nexus;
struct fault_entry;

/* What a drive keeps without power. */
struct drive_nonvolatile {
    struct region_state region;
};

/* A drive as it left the factory with this profile. */
void drive_nonvolatile_factory(const struct drive_profile *profile,
                               struct drive_nonvolatile *state);

/* What the drive asks of the world around it. */
struct drive_environment {
    /*
     * Keeps `state` for good; called before the command that changes it completes and before the
     * change shows.  Returns true when whoever reads the state from now on reads the new one, and
     * false when they read the old one: the command then ends with 04/44/00 and nothing has
     * changed.  NULL for a drive that forgets.
     */
    bool (*store)(void *context, const struct drive_nonvolatile *state);
    void *context;
    /*
     * A fault rule lets the drive lose its power: everything that the command was to store is
     * stored, nothing will be answered.  Called at the end of drive_begin(); a process that is the
     * drive ends here.  NULL, or if it returns: the transport goes by the command's `delivery`.
     */
    void (*lose_power)(void *context);
};

/*
 * A drive that has just been switched on, tray closed and empty.  Everything is copied.  `state`
 * NULL means as it left the factory.  Returns NULL when memory is short.
 */
struct drive *drive_create(const struct drive_profile *profile,
                           const struct drive_nonvolatile *state,
                           const struct drive_environment *environment, uint64_t now);
/* All nexuses must be detached. */
void drive_destroy(struct drive *drive);

const struct drive_profile *drive_profile(const struct drive *drive);

/* The observer stays the caller's and must outlive its registration. */
void drive_observe(struct drive *drive, struct drive_observer *observer);
void drive_unobserve(struct drive *drive, struct drive_observer *observer);

/* I_T nexuses -------------------------------------------------------------- */

/*
 * A new I_T nexus, with unit attention 29/00 pending and, when a medium is ready, its NewMedia
 * event. `autosense`: the transport delivers sense data with the status.  Without it (USB
 * bulk-only) the drive keeps the sense of a failed command for the REQUEST SENSE that follows.
 * Returns NULL when memory is short.
 */
struct drive_nexus *drive_nexus_attach(struct drive *drive, bool autosense);
/* The nexus is lost: its prevent state, attentions and events go; AGIDs and ASF stay.  Commands of
 * it must be finished. */
void drive_nexus_detach(struct drive_nexus *nexus);

/* Which one it is: nexuses of a drive are counted from 1 as they are attached. */
unsigned drive_nexus_number(const struct drive_nexus *nexus);
bool drive_nexus_has_autosense(const struct drive_nexus *nexus);

/* Commands ----------------------------------------------------------------- */

#define DRIVE_CDB_MAX    16
#define DRIVE_SENSE_SIZE 18
/* The longest parameter list that any command takes; a transport may drop data-out beyond it. */
#define DRIVE_DATA_OUT_MAX 65535
/* The longest answer that does not come from the medium. */
#define DRIVE_ANSWER_MAX 2112

enum drive_direction {
    DRIVE_DIRECTION_NONE,
    DRIVE_DIRECTION_IN,  /* drive to host */
    DRIVE_DIRECTION_OUT, /* host to drive */
};

/* What the CDB of a command asks the data phase to be, before it is executed. */
struct drive_data_phase {
    enum drive_direction direction;
    /* OUT: the parameter list length.  IN: the most bytes that the command can return.  Saturates
     * at UINT32_MAX. */
    uint32_t length;
};

/* For transports that must know (USB bulk-only's thirteen cases).  Unknown operation codes have no
 * data phase. */
struct drive_data_phase drive_data_phase(const uint8_t *cdb, size_t cdb_length);

enum drive_status {
    DRIVE_STATUS_GOOD = 0x00,
    DRIVE_STATUS_CHECK_CONDITION = 0x02,
    /* Only fault rules make these; sense data do not come with them. */
    DRIVE_STATUS_BUSY = 0x08,
    DRIVE_STATUS_RESERVATION_CONFLICT = 0x18,
    DRIVE_STATUS_TASK_SET_FULL = 0x28,
};

/* What the transport is to do with a command that has begun; all but the first come of fault
 * rules. */
enum drive_delivery {
    DRIVE_DELIVERY_NORMAL,
    /* Nothing is delivered while drive_is_withheld(); the host may give up meanwhile. */
    DRIVE_DELIVERY_HELD,
    /* The response is lost: the same, and if the host can give up, nothing is delivered ever. */
    DRIVE_DELIVERY_LOST,
    /* The device leaves its bus; nothing is delivered. */
    DRIVE_DELIVERY_UNPLUGGED,
    /* The drive loses its power: the non-volatile state is stored, everything else is gone. */
    DRIVE_DELIVERY_POWER_LOSS,
};

/*
 * One command.  The transport owns it, fills the first part and keeps it in place from
 * drive_begin() to drive_finish(). Any number may be under way at once.
 */
struct drive_command {
    /* Filled by the transport. */
    struct drive_nexus *nexus;
    uint8_t lun;                /* only 0 exists */
    uint8_t cdb[DRIVE_CDB_MAX]; /* zero beyond cdb_length */
    uint8_t
        cdb_length; /* 6..16; a CDB shorter than its operation code's group ends with 05/24/00 */
    const uint8_t
        *data_out; /* the parameter list as received; must live until drive_begin() returns */
    size_t data_out_length;

    /* Set by drive_begin(). */
    uint64_t delay; /* nanoseconds that the mechanism takes before anything is delivered */
    enum drive_delivery delivery;
    uint64_t
        data_in_length; /* bytes that the command will return if nothing goes wrong on the way */

    /* Valid once `done`: after drive_begin() or a drive_data_in(). */
    bool done;
    enum drive_status status;
    uint8_t sense[DRIVE_SENSE_SIZE]; /* fixed format; all zero with GOOD */
    uint64_t data_in_done;           /* bytes returned so far */

    /* The drive's own. */
    struct drive_command_private {
        uint8_t answer[DRIVE_ANSWER_MAX];
        uint32_t answer_length;
        bool from_medium;
        uint32_t lba;
        uint32_t unverified; /* sectors from `lba` on that are still to be read, without data */
        uint32_t medium_generation;
        uint32_t reset_generation;
        uint64_t began;
        struct fault_entry *fault;        /* the rule that it meets, held until drive_finish() */
        bool fault_applied;               /* its effect has taken place */
        bool fault_in_data, fault_at_end; /* it does with the first sector, with the good end */
        unsigned fault_session;           /* which of the rule's sessions it is in */
        uint64_t fault_seed;              /* of what is drawn for it */
        uint8_t fault_sense[DRIVE_SENSE_SIZE];
        uint64_t stop_at; /* data after which the rule ends it; UINT64_MAX: it does not */
    } private_part;
};

/*
 * Executes a command up to its data: every state change happens here.  Afterwards either `done` is
 * set, or data_in_length - data_in_done bytes wait for drive_data_in(), or the command has no data
 * but works on the medium (VERIFY), which drive_work() does.
 *
 * No call reads more of the disc than its caller has room for, or DRIVE_WORK_SECTORS: READ is as
 * long as the buffer given to drive_data_in(), VERIFY has its pieces, and no other command reads
 * the disc at all.  What else a command does is bounded by DRIVE_ANSWER_MAX and DRIVE_DATA_OUT_MAX.
 */
void drive_begin(struct drive *drive, struct drive_command *command, uint64_t now);

/*
 * Moves the next bytes of the answer into `iov` and returns how many.  Fewer than fit only when the
 * command is then `done`: everything was returned, or a sector could not be (medium error,
 * scrambled without authentication, medium gone, reset), which `status` and `sense` tell.  Sets
 * `done` with the last byte.  A command that works without data is brought to its end.
 */
size_t drive_data_in(struct drive *drive, struct drive_command *command, const struct iovec *iov,
                     int iov_count);

/* The most sectors that one drive_work() reads. */
#define DRIVE_WORK_SECTORS 64u

/* Whether a command that has begun has no data but works on the medium. */
static inline bool drive_is_working(const struct drive_command *command)
{
    return !command->done && command->private_part.unverified > 0;
}

/*
 * Does the next piece of the work of a command that drive_is_working(); returns whether it still
 * is.  Otherwise `done` is set, with the status that a reset or the end of the medium between two
 * pieces makes of it as it does for data.  A transport with other things to do calls it between
 * them; one without may leave it to drive_data_in().  The command may be given up at any time.
 */
bool drive_work(struct drive *drive, struct drive_command *command);

/* Whether the command is held or lost and the rule that does it is still there. */
bool drive_is_withheld(const struct drive_command *command);

/*
 * The transport has delivered the status, or gave the command up (`done` is not set then).  Tells
 * the observers. Must be called once for every drive_begin().
 */
void drive_finish(struct drive *drive, struct drive_command *command, uint64_t now);

/* drive_begin(), all data into `iov`, drive_finish(): for transports with the whole buffer at hand.
 * Returns bytes moved. */
size_t drive_execute(struct drive *drive, struct drive_command *command, const struct iovec *iov,
                     int iov_count, uint64_t now);

/* Resets ------------------------------------------------------------------- */

/* Commands under way end with 06/29/xx at their next drive_data_in(). */
void drive_reset(struct drive *drive, enum drive_reset reset, uint64_t now);

/* Time --------------------------------------------------------------------- */

/* When the drive next changes by itself (medium becomes ready, idle and standby timers); UINT64_MAX
 * if never. */
uint64_t drive_deadline(const struct drive *drive);
/* Lets the changes that are due happen.  Every other call that has a time does this first. */
void drive_advance(struct drive *drive, uint64_t now);

/* The operator ------------------------------------------------------------- */

/*
 * Puts a disc in.  Takes its own reference.  Tray open: the disc (in place of one that lies there)
 * goes onto the tray, which closes.  Tray closed: the tray opens, whatever the prevent state, the
 * disc is exchanged, the tray closes. `disc` NULL closes the tray with what lies on it.  The fault
 * rules of a disc, checked before with fault_sections_check(), are there as long as it lies in the
 * drive.  False when memory is short for them: then nothing has happened.
 */
bool drive_insert(struct drive *drive, struct disc *disc, uint64_t now);
/* Emergency eject: opens the tray whatever the prevent state.  `take_disc`: and takes the disc
 * away. */
void drive_eject(struct drive *drive, bool take_disc, uint64_t now);
/*
 * The eject button: opens a closed tray, closes an open one.  While removal is prevented the tray
 * stays and the hosts get the media event EjectRequest.  Returns whether the tray moved.
 */
bool drive_press_eject_button(struct drive *drive, uint64_t now);
/*
 * Vendor reset of the region (no MMC command exists): never set, user changes 5, vendor resets one
 * less. Returns false when none is left, the drive has no RPC phase II, or the state could not be
 * stored.
 */
bool drive_vendor_reset(struct drive *drive);

/* What the operator sees. */
struct drive_view {
    enum drive_medium_state medium;
    struct disc *disc; /* what lies in the drive, or NULL; no reference is given */
    bool prevented, persistent_prevented;
    struct region_state region;
    bool asf;
    unsigned agids;       /* how many there are */
    uint8_t agids_in_use; /* bit n: AGID n is granted */
    uint8_t agids_authenticated;
    enum css_auth_state agid[PROFILE_AGIDS_MAX];
};
void drive_view(const struct drive *drive, struct drive_view *view);

/* The time that the drive was last told. */
uint64_t drive_now(const struct drive *drive);

#endif
