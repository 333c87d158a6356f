/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace.h"

#include <stdio.h>
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/sense.h"

void trace_state_of(const struct drive *drive, struct trace_state *state)
{
    struct drive_view view;

    drive_view(drive, &view);
    memset(state, 0, sizeof(*state));
    state->medium = view.medium;
    state->agids = view.agids;
    memcpy(state->agid, view.agid, sizeof(state->agid));
    state->asf = view.asf;
    state->region = view.region;
}

bool trace_state_equal(const struct trace_state *a, const struct trace_state *b)
{
    return a->medium == b->medium && a->agids == b->agids && a->asf == b->asf &&
           memcmp(a->agid, b->agid, sizeof(a->agid)) == 0 && a->region.mask == b->region.mask &&
           a->region.user_changes == b->region.user_changes &&
           a->region.vendor_resets == b->region.vendor_resets;
}

const char *trace_command_name(const struct trace_command *command, char room[TRACE_NAME_MAX])
{
    const struct command_row *row = command_row(command->cdb[0]);

    if (row)
        return row->name;
    snprintf(room, TRACE_NAME_MAX, "command %02Xh", command->cdb[0]);
    return room;
}

const struct sense_description *trace_sense_description(const struct trace_sense *sense)
{
    for (int code = 0; code < SENSE_CODES; code++) {
        const struct sense_description *description = &sense_descriptions[code];
        if (description->key == sense->key && description->asc == sense->asc &&
            description->ascq == sense->ascq)
            return description;
    }
    return NULL;
}
