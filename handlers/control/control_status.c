/* SPDX-License-Identifier: MIT */
#include "emulator/fault.h"
#include "handlers/control/control_internal.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/state_names.h"
#include "handlers/text/json_text.h"

/*
 * The state of the drive as JSON.
 */

/* The regions of a mask in which a 0 allows one, as an array of numbers. */
static json_t *regions_allowed(uint8_t mask)
{
    json_t *regions = json_array();

    for (int region = 1; region <= 8 && regions; region++)
        if (!(mask & 1u << (region - 1)) &&
            json_array_append_new(regions, json_integer(region)) < 0) {
            json_decref(regions);
            regions = NULL;
        }
    return regions;
}

json_t *control_region(const struct drive *drive, const struct region_state *region)
{
    static const char *const schemes[] = {
        [REGION_SCHEME_PHASE_2] = "phase-2",
        [REGION_SCHEME_PHASE_1] = "phase-1",
        [REGION_SCHEME_NONE] = "none",
    };
    static const char *const types[] = {
        [REGION_TYPE_NONE] = "none",
        [REGION_TYPE_SET] = "set",
        [REGION_TYPE_LAST_CHANCE] = "last-chance",
        [REGION_TYPE_PERMANENT] = "permanent",
    };

    return json_pack("{s:s, s:s, s:o, s:i, s:i}", "rpc", schemes[drive_profile(drive)->rpc], "type",
                     types[region_type(region)], "regions", regions_allowed(region->mask),
                     "user-changes", (int)region->user_changes, "vendor-resets",
                     (int)region->vendor_resets);
}

static json_t *disc_status(const struct disc *disc)
{
    const struct disc_description *description;

    if (!disc)
        return json_null();
    description = disc_description(disc);
    return json_pack("{s:o, s:s, s:I, s:i, s:s, s:o}", "image",
                     description->image ? json_text(description->image) : json_null(), "medium",
                     disc_medium(disc) == DISC_MEDIUM_DVD_ROM ? "dvd-rom" : "unreadable", "sectors",
                     (json_int_t)disc_sectors(disc), "layers", (int)disc_layers(disc), "protection",
                     disc_is_css(disc) ? "css" : "none", "regions",
                     regions_allowed(disc_regions_forbidden(disc)));
}

static json_t *agid_status(const struct drive_view *view)
{
    json_t *agids = json_array();

    for (unsigned agid = 0; agid < view->agids && agids; agid++) {
        const char *state = view->agids_authenticated & 1u << agid ? "authenticated"
                            : view->agids_in_use & 1u << agid      ? "granted"
                                                                   : "free";
        if (json_array_append_new(agids, json_string(state)) < 0) {
            json_decref(agids);
            agids = NULL;
        }
    }
    return agids;
}

static json_t *identity_status(const struct drive_profile *profile)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "vendor", json_text(profile->vendor), "product",
                     json_text(profile->product), "revision", json_text(profile->revision),
                     "serial", json_text(profile->serial));
}

static int count_faults(const struct drive *drive)
{
    struct fault_status status;
    int count = 0;

    while (drive_fault_get(drive, (size_t)count, &status))
        count++;
    return count;
}

json_t *control_status(const struct control *control)
{
    const struct control_server *server = control->server;
    struct drive_view view;

    drive_view(control->drive, &view);
    return json_pack(
        "{s:o, s:o, s:s, s:o, s:b, s:b, s:o, s:b, s:o, s:i, s:b}", "name", json_text(server->name),
        "drive", identity_status(drive_profile(control->drive)), "medium",
        drive_medium_state_names[view.medium], "disc", disc_status(view.disc), "prevented",
        view.prevented, "persistent-prevented", view.persistent_prevented, "region",
        control_region(control->drive, &view.region), "asf", view.asf, "agids", agid_status(&view),
        "faults", count_faults(control->drive), "host", server->is_connected(server->context));
}
