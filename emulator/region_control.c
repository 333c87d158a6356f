/* SPDX-License-Identifier: MIT */
#include "emulator/region_control.h"

static bool is_one_region(uint8_t mask)
{
    uint8_t regions = (uint8_t)~mask;
    return regions != 0 && (regions & (regions - 1)) == 0;
}

enum region_type region_type(const struct region_state *state)
{
    if (state->mask == REGION_MASK_NONE)
        return REGION_TYPE_NONE;
    if (state->user_changes == 0)
        return REGION_TYPE_PERMANENT;
    return state->user_changes == 1 ? REGION_TYPE_LAST_CHANCE : REGION_TYPE_SET;
}

void region_factory(struct region_state *state)
{
    *state = (struct region_state){
        .mask = REGION_MASK_NONE,
        .user_changes = REGION_USER_CHANGES,
        .vendor_resets = REGION_VENDOR_RESETS,
    };
}

bool region_state_is_valid(const struct region_state *state)
{
    if (state->vendor_resets > REGION_VENDOR_RESETS)
        return false;
    if (state->mask == REGION_MASK_NONE)
        return state->user_changes == REGION_USER_CHANGES;
    return is_one_region(state->mask) && state->user_changes < REGION_USER_CHANGES;
}

static enum region_result judge_medium(const struct region_state *state, uint8_t mask,
                                       const struct region_medium *medium)
{
    switch (medium->kind) {
    case REGION_MEDIUM_TRAY_OPEN:
        return REGION_TRAY_OPEN;
    case REGION_MEDIUM_ABSENT:
        return REGION_NO_MEDIUM;
    case REGION_MEDIUM_BECOMING_READY:
        return REGION_NOT_READY;
    case REGION_MEDIUM_OTHER:
        return REGION_WRONG_MEDIUM;
    case REGION_MEDIUM_CSS:
        break;
    }

    uint8_t forbidden = medium->regions_forbidden;
    if ((mask | forbidden) == 0xFF)
        return REGION_MISMATCH;
    /* The last change needs a disc of that one region. */
    if (region_type(state) == REGION_TYPE_LAST_CHANCE && forbidden != mask)
        return REGION_MISMATCH;
    return REGION_CHANGED;
}

enum region_result region_set(struct region_state *state, uint8_t mask,
                              const struct region_medium *medium)
{
    if (!is_one_region(mask))
        return REGION_BAD_MASK;
    if (mask == state->mask)
        return REGION_UNCHANGED;
    if (state->user_changes == 0)
        return REGION_EXHAUSTED;

    enum region_result result = medium ? judge_medium(state, mask, medium) : REGION_CHANGED;
    if (result == REGION_CHANGED) {
        state->mask = mask;
        state->user_changes--;
    }
    return result;
}

bool region_vendor_reset(struct region_state *state)
{
    if (state->vendor_resets == 0)
        return false;
    uint8_t left = (uint8_t)(state->vendor_resets - 1);
    region_factory(state);
    state->vendor_resets = left;
    return true;
}

bool region_plays(const struct region_state *state, uint8_t regions_forbidden,
                  bool unset_plays_region_free)
{
    if (state->mask == REGION_MASK_NONE)
        return unset_plays_region_free && regions_forbidden == 0;
    return (state->mask | regions_forbidden) != 0xFF;
}
