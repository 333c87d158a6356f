/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_OBSERVER_H
#define EMULATOR_OBSERVER_H

/*
 * What a drive tells those who watch it.  Observers are called in the middle of the drive's own
 * calls: they must not call the drive, except drive_view(), drive_now() and drive_nexus_number().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "emulator/region_control.h"

struct drive_command;
struct drive_nexus;

/* The medium as a host can tell it (MMC reference, medium states). */
enum drive_medium_state {
    DRIVE_MEDIUM_TRAY_OPEN,      /* 02/3A/02 */
    DRIVE_MEDIUM_ABSENT,         /* tray closed, empty: 02/3A/01 */
    DRIVE_MEDIUM_BECOMING_READY, /* 02/04/01 */
    DRIVE_MEDIUM_READY,
    DRIVE_MEDIUM_UNUSABLE, /* 02/30/02 */
};

/* States of one authentication, one for each AGID. */
enum css_auth_state {
    CSS_AUTH_FREE,
    CSS_AUTH_GRANTED,
    CSS_AUTH_HOST_CHALLENGE,  /* the host's challenge was received */
    CSS_AUTH_KEY1,            /* KEY1 was delivered */
    CSS_AUTH_DRIVE_CHALLENGE, /* the drive's challenge was delivered */
    CSS_AUTH_AUTHENTICATED,   /* KEY2 was right: the bus key is valid */
};

enum drive_event_kind {
    DRIVE_EVENT_COMMAND,        /* a command is finished: `command` */
    DRIVE_EVENT_MEDIUM,         /* `medium` */
    DRIVE_EVENT_EJECT_REQUEST,  /* the button was pressed while removal is prevented */
    DRIVE_EVENT_PREVENT,        /* removal prevented or allowed: `flag` */
    DRIVE_EVENT_AGID,           /* one authentication changed: `agid` */
    DRIVE_EVENT_AUTHENTICATION, /* KEY2 was judged: `agid.agid`, `flag` = right */
    DRIVE_EVENT_ASF,            /* the authentication success flag changed: `flag` */
    DRIVE_EVENT_REGION,         /* the region state changed: `region` */
    DRIVE_EVENT_UNIT_ATTENTION, /* an attention was raised for `nexus`: `attention` */
    DRIVE_EVENT_RESET,          /* `reset` */
    /*
     * On the way of a command: before it is executed (`began`: its parameter list is still there),
     * when every change of state that it makes has been made, and after each piece of data.
     */
    DRIVE_EVENT_COMMAND_BEGINS,
    DRIVE_EVENT_COMMAND_EXECUTED,
    DRIVE_EVENT_DATA_IN, /* `data` */
    /* The image of the disc cannot be read where it should: `unreadable`.  Not for defects that the
     * disc is to have. */
    DRIVE_EVENT_UNREADABLE,
    DRIVE_EVENT_FAULT, /* a fault rule was applied, met, added or removed: `fault` */
};

enum drive_reset {
    DRIVE_RESET_POWER_ON, /* attention 29/01: also persistent prevent goes */
    DRIVE_RESET_HARD, /* 29/00: power on, reset or bus reset, cause not told apart (USB port reset)
                       */
    DRIVE_RESET_BUS,  /* 29/02 */
    DRIVE_RESET_LOGICAL_UNIT, /* 29/03 */
};

enum drive_fault_change {
    /* One of these two comes of each command that a rule is taken for. */
    DRIVE_FAULT_APPLIED, /* its effect takes place */
    DRIVE_FAULT_MET,     /* the command is over, and the effect did not take place */
    DRIVE_FAULT_ADDED,
    DRIVE_FAULT_REMOVED, /* commands that it held go on */
};

struct drive_event {
    enum drive_event_kind kind;
    union {
        struct {
            const struct drive_command *command;
            uint64_t began, finished; /* nanoseconds of the drive's clock; finished 0 before */
            bool given_up;            /* the transport abandoned it */
        } command;
        struct {
            const struct drive_command *command;
            const struct iovec *iov; /* where the data lie now, `length` bytes */
            int iov_count;
            size_t length;
            bool from_medium; /* sectors; otherwise an answer of at most DRIVE_ANSWER_MAX bytes */
        } data;
        enum drive_medium_state medium;
        enum drive_reset reset;
        bool flag;
        struct {
            unsigned agid;
            enum css_auth_state from, to;
            bool right; /* DRIVE_EVENT_AUTHENTICATION */
        } agid;
        struct region_state region;
        struct {
            uint32_t lba;
            int error; /* errno; 0: the image has become shorter */
        } unreadable;
        struct {
            const struct drive_nexus *nexus;
            uint8_t asc, ascq;
        } attention;
        struct {
            const char *name;                    /* of the rule, while the call lasts */
            const struct drive_command *command; /* APPLIED and MET: whose */
            enum drive_fault_change change;
        } fault;
    };
};

struct drive_observer {
    void (*event)(struct drive_observer *observer, const struct drive_event *event);
    struct drive_observer *next; /* the drive's own */
};

#endif
