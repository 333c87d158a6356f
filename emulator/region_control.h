/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_REGION_CONTROL_H
#define EMULATOR_REGION_CONTROL_H

/*
 * Region playback control, phase II: which regions the drive plays and how often that may still be
 * changed. A pure machine: the caller keeps the state and stores it.
 */

#include <stdbool.h>
#include <stdint.h>

#define REGION_USER_CHANGES  5
#define REGION_VENDOR_RESETS 4
#define REGION_MASK_NONE     0xFF

enum region_scheme {
    REGION_SCHEME_PHASE_2,
    REGION_SCHEME_PHASE_1, /* answers, but enforces nothing */
    REGION_SCHEME_NONE,    /* does not know the key formats at all */
};

/* RPC type code, as bits 7-6 of the RPC state have it. */
enum region_type {
    REGION_TYPE_NONE = 0,
    REGION_TYPE_SET = 1,
    REGION_TYPE_LAST_CHANCE = 2,
    REGION_TYPE_PERMANENT = 3,
};

struct region_state {
    uint8_t mask; /* bit n = 0: plays region n+1; FFh: never set, else exactly one bit is 0 */
    uint8_t user_changes;  /* left, 0..5 */
    uint8_t vendor_resets; /* left, 0..4 */
};

/* The type follows from the counters: NONE if never set, SET with 2 or more changes left, LAST
 * CHANCE, PERMANENT. */
enum region_type region_type(const struct region_state *state);

void region_factory(struct region_state *state);

/* Whether a stored state can have come about: mask and counters fit together. */
bool region_state_is_valid(const struct region_state *state);

/* What the drive holds when a host asks for a region. */
struct region_medium {
    enum {
        REGION_MEDIUM_TRAY_OPEN,
        REGION_MEDIUM_ABSENT,
        REGION_MEDIUM_BECOMING_READY,
        REGION_MEDIUM_OTHER, /* no region information: not a CSS disc */
        REGION_MEDIUM_CSS,
    } kind;
    uint8_t regions_forbidden; /* RMI of a CSS disc */
};

/* What came of a request, in the order of the checks (MMC reference 2.9). */
enum region_result {
    REGION_UNCHANGED,    /* the same region: GOOD, nothing counted */
    REGION_CHANGED,      /* GOOD; *state is the new state */
    REGION_BAD_MASK,     /* not exactly one bit 0: 05/26/00, pointer 4 */
    REGION_EXHAUSTED,    /* 05/6F/05 */
    REGION_TRAY_OPEN,    /* 02/3A/02 */
    REGION_NO_MEDIUM,    /* 02/3A/01 */
    REGION_NOT_READY,    /* 02/04/01 */
    REGION_WRONG_MEDIUM, /* 05/30/02 */
    REGION_MISMATCH,     /* 05/6F/04 */
};

/*
 * SEND KEY format 06h with byte 4 = `mask`.  `medium` NULL: the policy that any medium or none will
 * do. Changes *state only with REGION_CHANGED.
 */
enum region_result region_set(struct region_state *state, uint8_t mask,
                              const struct region_medium *medium);

/* The maker's reset.  False when none is left. */
bool region_vendor_reset(struct region_state *state);

/*
 * Whether a CSS disc with these forbidden regions plays.  A drive whose region was never set plays
 * none; `unset_plays_region_free`: except one that all regions may play.
 */
bool region_plays(const struct region_state *state, uint8_t regions_forbidden,
                  bool unset_plays_region_free);

#endif
