/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPLAY_REPLAY_COMPARE_H
#define HANDLERS_REPLAY_REPLAY_COMPARE_H

#include "handlers/replay/replay.h"

/* What a drive answered; `bytes` has the first ones, as many as the recorded command knows. */
struct replay_answer {
    bool given_up;
    enum drive_status status;
    uint8_t sense[DRIVE_SENSE_SIZE];
    uint64_t length;
    uint8_t bytes[TRACE_DATA_MAX];
};

/* Whether the answer is what was recorded; if not, `difference` says where it is not. */
bool replay_compare(const struct trace_command *recorded, const struct replay_answer *answer,
                    struct replay_difference *difference);

#endif
