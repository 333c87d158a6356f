/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_FAULT_H
#define EMULATOR_FAULT_H

/*
 * Fault rules: what a drive does differently from what it should, for those who test how a host
 * takes it. A rule is conditions, effects and a count; vodd.fault(5) documents every setting.
 *
 * A rule is asked after the checks for the logical unit and for a pending unit attention, so an
 * attention comes first as it always does, unless the rule drops it.  Of several rules the first
 * that is due is taken, in the order in which they were added; it alone has its effects.  It is
 * applied, and counts, when one of them takes place: a rule that changes data is not spent on a
 * command that is refused or has no such data.  A drive without rules pays one comparison a
 * command.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/diagnostics.h"
#include "media/settings.h"

struct drive;

/* With the "disc." that the drive puts before the names of a disc's rules. */
#define FAULT_NAME_MAX       47
#define FAULT_NAME_GIVEN_MAX 40
#define FAULT_DISC_PREFIX    "disc."
/* The settings of a rule as text, without the NUL; every rule can be said shorter.  The rules that
 * a drive can have are one line of the control socket. */
#define FAULT_TEXT_MAX 12000
/* The longest answer that a rule can give. */
#define FAULT_ANSWER_MAX 2112
/* Bytes that one rule can change in the data, and in the CDB. */
#define FAULT_PATCH_MAX 32
/* Rules of one drive at a time, without those of its disc. */
#define FAULT_RULES_MAX 64
/* Rules of one fixture or profile. */
#define FAULT_FILE_RULES_MAX 16
#define FAULT_CDB_MAX        16
#define FAULT_SENSE_MAX      18
/* Probabilities are millionths. */
#define FAULT_CERTAIN 1000000u

/* Any numbers of 0 to 255; none stands for "whatever it is". */
struct fault_codes {
    uint64_t bits[4];
};

/* What can happen to a drive, as `after` and `before` name it. */
enum fault_event {
    FAULT_EVENT_NONE,
    FAULT_EVENT_MEDIUM_READY,
    FAULT_EVENT_MEDIUM_UNUSABLE,
    FAULT_EVENT_MEDIUM_BECOMING_READY,
    FAULT_EVENT_TRAY_OPENED,
    FAULT_EVENT_TRAY_CLOSED_EMPTY,
    FAULT_EVENT_EJECT_REQUEST,
    FAULT_EVENT_PREVENTED,
    FAULT_EVENT_ALLOWED,
    FAULT_EVENT_AGID_GRANTED,
    FAULT_EVENT_AGID_RELEASED,
    FAULT_EVENT_AUTHENTICATED,
    FAULT_EVENT_AUTHENTICATION_FAILED,
    FAULT_EVENT_ASF_SET,
    FAULT_EVENT_ASF_CLEARED,
    FAULT_EVENT_REGION_CHANGED,
    FAULT_EVENT_UNIT_ATTENTION,
    FAULT_EVENT_RESET,
    FAULT_EVENTS,
};

enum fault_asf {
    FAULT_ASF_ANY,
    FAULT_ASF_CLEAR,
    FAULT_ASF_SET,
};

/* Which commands.  All that are stated must hold. */
struct fault_condition {
    struct fault_codes commands; /* operation codes */
    struct {
        uint8_t byte[FAULT_CDB_MAX], mask[FAULT_CDB_MAX]; /* mask 0: any */
    } cdb;
    struct fault_codes key_formats;       /* of REPORT KEY and SEND KEY */
    struct fault_codes structure_formats; /* of READ DISC STRUCTURE */
    uint8_t agids;                        /* bit n: AGID field n; 0: any */
    uint8_t authentications; /* bit n: enum css_auth_state n of the AGID in the CDB; 0: any */
    int asf;                 /* enum fault_asf */
    bool has_lba;            /* the sectors that the CDB addresses meet these */
    uint32_t lba_first, lba_last;
    int after, before;            /* enum fault_event, since the rule was added */
    uint32_t nth_first, nth_last; /* of the commands that meet everything above; 0: any */
    uint32_t probability;         /* millionths */
};

/* Bytes to be put in place of those at some offsets. */
struct fault_patch {
    uint32_t offset[FAULT_PATCH_MAX];
    uint8_t byte[FAULT_PATCH_MAX];
    unsigned count;
};

/* A status that comes without sense data. */
enum fault_status_code {
    FAULT_STATUS_AS_IS,
    FAULT_STATUS_BUSY,
    FAULT_STATUS_RESERVATION_CONFLICT,
    FAULT_STATUS_TASK_SET_FULL,
};

/* Whether the drive does what the command says. */
enum fault_execute {
    /* Not with a sense or status of the rule; but a read that meets the rule's lba goes there. */
    FAULT_EXECUTE_AS_IS,
    FAULT_EXECUTE_ON,
    FAULT_EXECUTE_OFF,
};

enum fault_information {
    FAULT_INFORMATION_AS_IS, /* the address that meets the rule's lba, if it states one */
    FAULT_INFORMATION_NONE,
    FAULT_INFORMATION_STATED,
};

struct fault_effect {
    /* The end of the command. */
    bool has_sense;
    uint8_t sense[FAULT_SENSE_MAX];
    enum fault_information information_kind;
    uint32_t information;
    int status;  /* enum fault_status_code */
    int execute; /* enum fault_execute */

    /* The data. */
    bool has_answer;
    uint8_t answer[FAULT_ANSWER_MAX];
    uint16_t answer_length;
    int64_t header_length; /* -1: the right one */
    int64_t truncate;      /* no more than this many bytes; -1: all */
    int64_t overrun;       /* zero bytes behind the allocation length */
    struct fault_patch patch;
    int64_t flips; /* bits, drawn under the seed */
    bool wrong_key, stale;

    /* What the drive takes the CDB for. */
    struct fault_patch misread;

    /* Time and delivery. */
    uint64_t delay_minimum, delay_maximum; /* nanoseconds */
    int delivery;                          /* enum drive_delivery */

    /* What happens to the drive when the command comes. */
    int reset;               /* enum drive_reset; -1: none */
    uint64_t becoming_ready; /* nanoseconds; 0: stays ready */
    int64_t vanish_at;       /* the tray opens behind this many bytes of data; -1: it stays */
    bool exhausts_agids, drops_agids, drops_asf;
    bool drops_attention; /* the rule is asked in spite of an attention, and takes it away */
    int64_t region_lag;   /* so many RPC states that are reported are of before the change */
};

struct fault_rule {
    char name[FAULT_NAME_MAX + 1];
    char *text; /* KEY=VALUE as they were given, words of a shell; owned */
    struct fault_condition condition;
    struct fault_effect effect;
    int64_t times; /* -1: always */
    bool once_per_session;
};

/*
 * Makes the rule `name` of settings.  `source` and `numbered` are for the messages, as in
 * settings_read_pairs(); faults of the rule as a whole are reported at `line`.  False after
 * reporting every fault; otherwise the caller releases the rule.
 */
bool fault_rule_read(const char *source, bool numbered, unsigned line, const char *name,
                     const struct settings_pair *settings, size_t count, struct fault_rule *rule,
                     struct diagnostics *diagnostics);

/* The same of `count` words KEY=VALUE; messages begin with "fault NAME". */
bool fault_rule_parse(const char *name, const char *const *words, size_t count,
                      struct fault_rule *rule, struct diagnostics *diagnostics);

/* Frees what the rule owns; not the structure. */
void fault_rule_release(struct fault_rule *rule);

/*
 * The sections [fault NAME] of a file: `*count` rules in `rules`, which has room for
 * FAULT_FILE_RULES_MAX, for the caller to release.  False after reporting every fault, and no rule.
 */
bool fault_sections_read(const struct settings_sections *sections, struct fault_rule *rules,
                         unsigned *count, struct diagnostics *diagnostics);

/* Whether they can be read; for the fixture of a disc before it is put in. */
bool fault_sections_check(const struct settings_sections *sections,
                          struct diagnostics *diagnostics);

enum fault_add_result {
    FAULT_ADDED,
    FAULT_NAME_TAKEN,
    FAULT_TOO_MANY,
    FAULT_NO_MEMORY,
};

/* The rule is copied and counts from now on. */
enum fault_add_result drive_fault_add(struct drive *drive, const struct fault_rule *rule);
/* Commands that the rule holds go on.  False if there is none of the name. */
bool drive_fault_remove(struct drive *drive, const char *name);
/* All rules. */
void drive_fault_clear(struct drive *drive);

struct fault_status {
    const struct fault_rule *rule; /* until the rule is removed */
    uint64_t met;     /* commands that met its conditions, but for nth and what follows */
    uint64_t applied; /* commands that one of its effects took place on */
    bool spent;       /* its count is used up */
};

/* The rule at `index`, in the order of their addition; false if there are no more. */
bool drive_fault_get(const struct drive *drive, size_t index, struct fault_status *status);

#endif
