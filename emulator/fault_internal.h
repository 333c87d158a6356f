/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_FAULT_INTERNAL_H
#define EMULATOR_FAULT_INTERNAL_H

/*
 * The fault rules of a drive at work, shared by the files fault*.c and the few places that ask
 * them.
 */

#include "emulator/drive_internal.h"
#include "emulator/fault.h"

/* Sessions are counted for each AGID and for the drive as a whole. */
#define FAULT_SESSION_DRIVE PROFILE_AGIDS_MAX
#define FAULT_SESSIONS      (PROFILE_AGIDS_MAX + 1)

/* Data of a command that met the rule while it did not apply. */
struct fault_memory {
    bool is_filled, from_medium;
    uint32_t lba;
    uint32_t length;
    uint8_t data[DRIVE_ANSWER_MAX];
};

struct fault_entry {
    struct fault_rule rule;
    struct fault_entry *next;
    unsigned references; /* the list's and one of each command under way */
    bool removed;
    bool is_of_disc; /* goes with the disc in the drive */
    bool seen_after, seen_before;
    uint64_t met, applied;
    uint64_t taken; /* by commands under way on which no effect has taken place yet */
    uint64_t session[FAULT_SESSIONS]; /* in which it was taken last; 0: not */
    struct fault_memory memory;
};

struct fault_set {
    struct fault_entry *first;
    struct random random;
    uint64_t grants[FAULT_SESSIONS];
    int64_t region_lag; /* so many reports still say `region` */
    struct region_state region;
};

/* fault_sections.c */

/* The rules that the disc brings along, not yet in the drive's list.  False when memory is short
 * or one of them is none. */
bool fault_load_disc(struct drive *drive, const struct disc *disc, struct fault_entry **rules);

/* fault_set.c */

/* Sees to it that the drive has a list of rules; false when memory is short. */
bool fault_set_make(struct drive *drive);
/* Puts `rules`, which may be NULL, in the place of those of the disc. */
void fault_exchange_disc(struct drive *drive, struct fault_entry *rules);
/* Frees an entry that is in no list of a drive; returns the next one. */
struct fault_entry *fault_entry_drop(struct fault_entry *entry);
void fault_set_release(struct drive *drive);
void fault_entry_release(struct fault_entry *entry);
/* An event of the drive, for conditions and counts. */
void fault_notice(struct drive *drive, const struct drive_event *event);

/* fault_event.c */
extern const char *const fault_event_names[FAULT_EVENTS + 1]; /* ended by NULL */
bool fault_event_is(enum fault_event wanted, const struct drive_event *event);

/* fault_condition.c */

/* The sectors that a CDB addresses; false if it addresses none. */
bool fault_addresses(const uint8_t *cdb, uint32_t *first, uint32_t *last);
/* Whether the CDB meets the conditions that speak of it. */
bool fault_meets_cdb(const struct fault_condition *condition, const struct drive_command *command);
/* The rule that is due for a command, taken by it, or NULL.  `has_attention`: a unit attention
 * comes first, so that only rules that drop it are asked. */
struct fault_entry *fault_match(struct drive *drive, struct drive_command *command,
                                bool has_attention);

/* fault_effect.c */

/* In the place of command_dispatch() for a drive with rules. */
struct sense fault_dispatch(struct drive *drive, struct drive_command *command);
/* An effect of the command's rule takes place: the rule is applied, once for the command. */
void fault_take_place(struct drive *drive, struct drive_command *command);
/* The command is over; a rule without effect on it is due again. */
void fault_finish(struct drive *drive, struct drive_command *command);
/* A status that the rule states takes the place of the command's end and data; a loss of power
 * takes the place of everything. */
void fault_settle(struct drive *drive, struct drive_command *command);
/* The data have come to where the rule stops them. */
struct sense fault_stop(struct drive *drive, struct drive_command *command);
/* The region state as the drive reports it. */
const struct region_state *fault_region(struct drive *drive);

/* fault_data.c */

/* Where the data of a command say how long they are. */
struct fault_length_field {
    uint8_t operation_code;
    uint8_t offset, size;
};
/* NULL if they do not. */
const struct fault_length_field *fault_length_field(uint8_t operation_code);
/* What the rule does to an answer that is complete. */
void fault_alter_answer(struct drive *drive, struct fault_entry *entry,
                        struct drive_command *command);
/* What it does to data from the medium: `size` bytes in `iov` from `offset` of the command's. */
void fault_alter_medium_data(struct drive *drive, struct drive_command *command,
                             const struct iovec *iov, uint64_t offset, size_t size);
/* All data of the command have been returned. */
void fault_end_medium_data(struct drive *drive, struct drive_command *command);
/* Whether the command returns data as far as its CDB says; those that nobody knows may. */
bool fault_returns_data(const struct drive_command *command);
/* Keeps the data for rules that answer with old ones. */
void fault_remember(struct drive *drive, const struct drive_command *command);
/* Whether the answer to the CDB has a key in it. */
bool fault_has_key(const uint8_t *cdb);

/* fault_parse_condition.c and fault_parse_effect.c: parsers of the rule's settings. */
setting_parse fault_parse_commands, fault_parse_cdb, fault_parse_key_formats,
    fault_parse_structure_formats, fault_parse_agids, fault_parse_authentications, fault_parse_lba,
    fault_parse_nth, fault_parse_probability, fault_parse_times;
setting_parse fault_parse_sense, fault_parse_sense_data, fault_parse_information,
    fault_parse_answer, fault_parse_patch, fault_parse_duration, fault_parse_delay;

/* The next element of a list separated by commas, trimmed, into `word`; false at its end.  A word
 * that is too long is cut. */
bool fault_next_word(const char **list, char *word, size_t size);

static inline bool fault_codes_stated(const struct fault_codes *codes)
{
    return (codes->bits[0] | codes->bits[1] | codes->bits[2] | codes->bits[3]) != 0;
}
static inline bool fault_codes_have(const struct fault_codes *codes, unsigned code)
{
    return (codes->bits[code / 64] >> code % 64 & 1) != 0;
}

#endif
