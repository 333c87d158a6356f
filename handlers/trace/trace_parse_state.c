/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/state_names.h"
#include "handlers/trace/trace_parse.h"

/* States of the drive, and steps between states. */

static bool take_mask(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    size_t count;

    return trace_parse_hex(parse, key, value, 1, 1, &((struct region_state *)target)->mask, &count);
}

static bool take_changes(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_byte(parse, key, value, REGION_USER_CHANGES,
                            &((struct region_state *)target)->user_changes);
}

static bool take_resets(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_byte(parse, key, value, REGION_VENDOR_RESETS,
                            &((struct region_state *)target)->vendor_resets);
}

const struct trace_member trace_region_members[] = {
    {"mask",          take_mask,    true },
    {"user-changes",  take_changes, true },
    {"vendor-resets", take_resets,  true },
    {NULL,            NULL,         false},
};

bool trace_parse_medium(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    unsigned name;

    if (!trace_parse_name(parse, key, value, drive_medium_state_names, DRIVE_MEDIUM_STATES, &name))
        return false;
    ((struct trace_state *)target)->medium = (enum drive_medium_state)name;
    return true;
}

static bool take_agids(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_state *state = target;
    unsigned name;

    if (!json_is_array(value) || json_array_size(value) > PROFILE_AGIDS_MAX)
        return trace_parse_refuse_value(parse, key, value, "an array of up to 4 states");
    state->agids = (unsigned)json_array_size(value);
    for (unsigned i = 0; i < state->agids; i++) {
        if (!trace_parse_name(parse, key, json_array_get(value, i), css_auth_state_names,
                              CSS_AUTH_STATES, &name))
            return false;
        state->agid[i] = (enum css_auth_state)name;
    }
    return true;
}

static bool take_asf(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_flag(parse, key, value, &((struct trace_state *)target)->asf);
}

static bool take_region(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    return trace_parse_object(parse, key, value, trace_region_members,
                              &((struct trace_state *)target)->region);
}

const struct trace_member trace_state_members[] = {
    {"medium", trace_parse_medium, true },
    {"agids",  take_agids,         true },
    {"asf",    take_asf,           true },
    {"region", take_region,        true },
    {NULL,     NULL,               false},
};

static bool take_step_agid(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    uint64_t agid;

    if (!trace_parse_integer(parse, key, value, PROFILE_AGIDS_MAX - 1, &agid))
        return false;
    ((struct trace_step *)target)->agid = (unsigned)agid;
    return true;
}

static bool take_step_state(struct trace_parse *parse, const char *key, json_t *value, void *target)
{
    struct trace_step *step = target;
    unsigned name;

    if (!trace_parse_name(parse, key, value, css_auth_state_names, CSS_AUTH_STATES, &name))
        return false;
    *(strcmp(key, "from") == 0 ? &step->from : &step->to) = (enum css_auth_state)name;
    return true;
}

const struct trace_member trace_step_members[] = {
    {"agid", take_step_agid,  true },
    {"from", take_step_state, true },
    {"to",   take_step_state, true },
    {NULL,   NULL,            false},
};
