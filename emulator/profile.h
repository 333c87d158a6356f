/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_PROFILE_H
#define EMULATOR_PROFILE_H

/*
 * Which drive it is: identity, abilities and the policies where the standards leave a choice or
 * real drives differ. The `.drive` file format of vodd.drive(5) fills this structure; the first
 * choice of each enumeration is the default.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/fault.h"
#include "emulator/region_control.h"
#include "media/css_authentication.h"
#include "media/diagnostics.h"

#define PROFILE_AGIDS_MAX 4
/* A profile holds no more than this many bytes. */
#define PROFILE_SIZE_MAX 65536

enum profile_agid_exhausted {
    AGID_EXHAUSTED_REFUSE,  /* 05/55/00 */
    AGID_EXHAUSTED_RECYCLE, /* the least recently used, one that is not authenticated first */
};
enum profile_agid_on_refused_key {
    AGID_ON_REFUSED_KEY_RELEASE,
    AGID_ON_REFUSED_KEY_KEEP,
};
enum profile_unprotected_title_key {
    UNPROTECTED_TITLE_KEY_ZERO,        /* GOOD with flags 00h and a zero key */
    UNPROTECTED_TITLE_KEY_NOT_PRESENT, /* 05/6F/01 */
};
enum profile_region_gate {
    REGION_GATE_TITLE_KEY, /* only title keys are refused */
    REGION_GATE_STRICT,    /* reads of scrambled sectors too, and the disc key clears ASF */
};
enum profile_region_set_medium {
    REGION_SET_MEDIUM_REQUIRED, /* a CSS disc that allows the new region */
    REGION_SET_MEDIUM_ANY,      /* any disc or none */
};
enum profile_asf_medium {
    ASF_MEDIUM_REQUIRED, /* without a medium 02/3A/xx, as a measured drive says */
    ASF_MEDIUM_ANY,      /* without a medium GOOD, and no success */
};
enum profile_read_cd {
    READ_CD_REFUSE,    /* READ CD and READ CD MSF are unknown operation codes */
    READ_CD_USER_DATA, /* they deliver the user data of a DVD, and nothing else */
};
enum profile_performance_tolerance {
    PERFORMANCE_TOLERANCE_STRICT, /* 10b only, the only one that MMC defines */
    PERFORMANCE_TOLERANCE_ANY,
};
enum profile_timing {
    TIMING_INSTANT,   /* nothing takes time but spin_up_time */
    TIMING_REALISTIC, /* the model of mechanics.h */
};
enum profile_region_unset {
    REGION_UNSET_PLAYS_NONE,
    REGION_UNSET_PLAYS_REGION_FREE,
};

struct drive_profile {
    /* Identity, ASCII. */
    char vendor[8 + 1];
    char product[16 + 1];
    char revision[4 + 1];
    char serial[32 + 1];        /* may be empty: no VPD page 80h, no feature 0108h */
    char firmware_date[14 + 1]; /* CCYYMMDDhhmmss of feature 010Ch; empty: feature absent */
    uint64_t wwn;               /* NAA designator of VPD page 83h; 0: none */
    int64_t inquiry_length;     /* 36 or 96 bytes of standard INQUIRY data */
    int64_t interface; /* physical interface standard of feature 0001h: 1 SCSI family, 2 ATAPI, 7
                          serial ATAPI, 8 USB */

    /* Abilities. */
    bool css;      /* off: no feature 0106h, REPORT KEY and SEND KEY are unknown operation codes */
    int64_t agids; /* 1..4 */
    int64_t max_read_speed; /* kB/s (1000 bytes) */
    int64_t buffer_size;    /* bytes */
    int64_t spin_up_time;   /* milliseconds from the closing of the tray to ready */

    /* Mechanics, milliseconds; all but the first are of TIMING_REALISTIC, which does not use
     * spin_up_time. */
    int timing;                  /* enum profile_timing */
    int64_t tray_time;           /* the way out or in */
    int64_t start_time;          /* the spindle from standstill to its speed */
    int64_t identification_time; /* reading the lead-in */
    int64_t wake_time;           /* from idle until the pick-up follows a track again */
    int64_t seek_time;           /* mean of random seeks */
    int64_t full_seek_time;      /* from the inside to the outside, seek_time to 3 * seek_time */
    int64_t layer_change_time;
    int64_t authentication_time; /* judging KEY2 */

    /* Policies: enumerations above, stored as int for the settings table. */
    int agid_exhausted;
    int agid_on_refused_key;
    int unprotected_title_key;
    int region_gate;
    bool scrambled_read_gate; /* off: scrambled sectors are read without authentication */
    int region_set_medium;
    int region_unset;
    int asf_medium;
    int read_cd;
    int performance_tolerance;
    int rpc; /* enum region_scheme */

    /* Randomness. */
    int64_t seed;        /* of challenges and variants */
    int64_t css_variant; /* 0..31 for every session; -1: drawn */
    bool has_css_challenge;
    struct css_challenge css_challenge; /* internal order; the same for every session */

    /* The region state of a drive that has no state yet. */
    struct region_state factory_region;

    /* Rules that the drive has from the start. */
    struct fault_rule faults[FAULT_FILE_RULES_MAX];
    unsigned fault_count;
};

void drive_profile_init(struct drive_profile *profile);

/* Reads profile text into `profile` (initialised by this function), which the caller releases.
 * False after reporting every fault, and nothing to release. */
bool drive_profile_read(const char *name, const char *text, struct drive_profile *profile,
                        struct diagnostics *diagnostics);

/* Frees what the rules of the profile own, and takes them out of it. */
void drive_profile_release(struct drive_profile *profile);

#endif
