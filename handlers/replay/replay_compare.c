/* SPDX-License-Identifier: MIT */
#include "handlers/replay/replay_compare.h"

#include "emulator/sense.h"

static int64_t code_of(bool given_up, enum drive_status status, uint8_t key, uint8_t asc,
                       uint8_t ascq)
{
    if (given_up)
        return -1;
    if (status != DRIVE_STATUS_CHECK_CONDITION)
        return -(int64_t)status;
    return (int64_t)key << 16 | asc << 8 | ascq;
}

static bool differ(struct replay_difference *difference, enum replay_part part, uint64_t offset,
                   int64_t expected, int64_t got)
{
    difference->part = part;
    difference->offset = offset;
    difference->expected = expected;
    difference->got = got;
    return false;
}

static bool compare_status(const struct trace_command *recorded, const struct replay_answer *answer,
                           struct replay_difference *difference)
{
    const struct trace_sense *sense = &recorded->sense;
    int64_t expected =
        code_of(recorded->given_up, recorded->status, sense->key, sense->asc, sense->ascq);
    struct sense_reading is;
    int64_t got;

    sense_decode(answer->sense, sizeof(answer->sense), &is);
    got = code_of(answer->given_up, answer->status, is.key, is.asc, is.ascq);
    if (expected != got)
        return differ(difference, REPLAY_STATUS, 0, expected, got);
    for (unsigned i = 0; got > 0 && sense->has_data && i < sizeof(sense->data); i++)
        if (sense->data[i] != answer->sense[i])
            return differ(difference, REPLAY_SENSE, i, sense->data[i], answer->sense[i]);
    return true;
}

static bool is_ignored(const struct trace_command *recorded, size_t offset)
{
    for (unsigned i = 0; i < recorded->ignored; i++)
        if (offset >= recorded->ignore[i].first && offset <= recorded->ignore[i].last)
            return true;
    return false;
}

static bool compare_data(const struct trace_command *recorded, const struct replay_answer *answer,
                         struct replay_difference *difference)
{
    for (size_t i = 0; i < recorded->in.kept && i < answer->length; i++)
        if (recorded->in.bytes[i] != answer->bytes[i] && !is_ignored(recorded, i))
            return differ(difference, REPLAY_DATA_IN, i, recorded->in.bytes[i], answer->bytes[i]);
    if (recorded->in.length != answer->length)
        return differ(difference, REPLAY_LENGTH, 0, (int64_t)recorded->in.length,
                      (int64_t)answer->length);
    return true;
}

bool replay_compare(const struct trace_command *recorded, const struct replay_answer *answer,
                    struct replay_difference *difference)
{
    difference->command = recorded;
    if (!recorded->ignores_status && !compare_status(recorded, answer, difference))
        return false;
    return !recorded->knows_in || recorded->ignores_in ||
           compare_data(recorded, answer, difference);
}
