/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MECHANICS_H
#define EMULATOR_MECHANICS_H

/*
 * A model of what moves in a drive: tray, spindle, pick-up, and the buffer that is filled while the
 * pick-up stays on its track.  It says when things are done; it reads no sector and knows no
 * command.  docs/mechanics.md has the formulas.
 *
 * All times are nanoseconds.  `now` never goes back.  Calls that move something return when it will
 * be done, which is `now` when nothing has to move.  The mechanism does one thing after another: a
 * call that comes before an earlier one is done starts behind it.
 *
 * Sectors are read in ECC blocks, 16 at a time.
 */

#include <stdbool.h>
#include <stdint.h>

#include "emulator/geometry.h"

#define MECHANICS_BLOCK_SECTORS 16u
/* The longest move without the sledge, in tracks, and the time for each of them. */
#define MECHANICS_JUMP_TRACKS_MAX 10u
#define MECHANICS_JUMP_TIME       UINT64_C(1000000)

struct mechanics_figures {
    uint64_t tray;           /* the way out or in */
    uint64_t start;          /* the spindle from standstill to its speed */
    uint64_t identification; /* reading the lead-in, the spindle turning */
    uint64_t wake;           /* from idle until the pick-up follows a track again */
    uint64_t seek;           /* across a third of the data radius, the mean of random seeks */
    uint64_t full_seek;      /* across all of it; seek to 3 * seek */
    uint64_t layer_change;
    uint32_t buffer_blocks; /* ECC blocks that the buffer holds */
};

enum mechanics_spindle {
    MECHANICS_STOPPED,
    MECHANICS_IDLE, /* turning; the pick-up follows no track */
    MECHANICS_FOLLOWING,
};

struct mechanics {
    struct mechanics_figures figures;
    struct rotation rotation;
    struct geometry disc; /* no sectors: none is loaded */
    enum mechanics_spindle spindle;
    uint64_t turning_at; /* the spindle has its speed; of one that is not stopped */
    uint64_t ready_at;   /* tray still, spindle at speed, pick-up on a track */
    uint64_t free_at;    /* the last read or seek is done */

    /*
     * Blocks.  The buffer holds `buffered`..`position` - 1; the pick-up is at `at`, which tells the
     * layer.  While `ahead`, it began to read `position` at `since` and goes on up to `limit`.
     */
    uint32_t buffered, position, at, limit;
    uint64_t since;
    bool ahead;

    /* Where reading ahead goes on once the trigger has been read (SET READ AHEAD). */
    bool has_trigger;
    uint32_t trigger, trigger_target; /* blocks */
};

/* An empty drive that has just been switched on. */
void mechanics_init(struct mechanics *mechanics, const struct mechanics_figures *figures,
                    const struct rotation *rotation);

/* What is under way is given up; the buffer is lost. */
void mechanics_reset(struct mechanics *mechanics, uint64_t now);

/* The tray moves out, or in.  Moving out stops the spindle. */
uint64_t mechanics_open_tray(struct mechanics *mechanics, uint64_t now);
uint64_t mechanics_close_tray(struct mechanics *mechanics, uint64_t now);

/* A disc is identified; `disc` without sectors is one that turns out not to be readable. */
uint64_t mechanics_identify(struct mechanics *mechanics, const struct geometry *disc, uint64_t now);

/* The spindle comes up if it does not turn, the pick-up follows a track again if it does not. */
uint64_t mechanics_start(struct mechanics *mechanics, uint64_t now);
/* The pick-up rests; the buffer keeps what it has.  Nothing happens to a stopped spindle. */
void mechanics_idle(struct mechanics *mechanics, uint64_t now);
/* The spindle stops; the buffer keeps what it has. */
void mechanics_stop(struct mechanics *mechanics, uint64_t now);
/* Reading ahead ends, what the buffer holds is lost. */
void mechanics_forget(struct mechanics *mechanics, uint64_t now);

/* From `now` on. */
void mechanics_rotate(struct mechanics *mechanics, const struct rotation *rotation, uint64_t now);

/*
 * The `count` sectors from `lba` are there: from the buffer, or read.  `from_disc`: read in any
 * case.  All of them are on the disc; 0 sectors are there at once.
 */
uint64_t mechanics_read(struct mechanics *mechanics, uint32_t lba, uint32_t count, bool from_disc,
                        uint64_t now);
/* The pick-up goes to `lba` and begins to read ahead there.  Returns when it begins. */
uint64_t mechanics_seek(struct mechanics *mechanics, uint32_t lba, uint64_t now);
/* When `trigger` has been read, reading ahead goes on at `lba`.  Until the disc leaves or a reset.
 */
void mechanics_set_trigger(struct mechanics *mechanics, uint32_t trigger, uint32_t lba);

#endif
