/* SPDX-License-Identifier: MIT */
#include "emulator/profile_table.h"

void drive_profile_init(struct drive_profile *profile)
{
    *profile = (struct drive_profile){
        .vendor = "VODD",
        .product = "DVD-ROM",
        .revision = "1.00",
        .serial = "VODD00000001",
        .inquiry_length = 36,
        .interface = 1,
        .css = true,
        .agids = PROFILE_AGIDS_MAX,
        .max_read_speed = 22160,
        .buffer_size = 512 * INT64_C(1024),
        .tray_time = 1500,
        .start_time = 2000,
        .identification_time = 5000,
        .wake_time = 300,
        .seek_time = 125,
        .full_seek_time = 250,
        .layer_change_time = 50,
        .authentication_time = 100,
        .scrambled_read_gate = true,
        .rpc = REGION_SCHEME_PHASE_2,
        .seed = 1,
        .css_variant = -1,
    };
    region_factory(&profile->factory_region);
}

/* The region of the file as a state that can have come about. */
static bool settle_region(const char *name, struct profile_file *file,
                          struct diagnostics *diagnostics)
{
    bool is_set = file->region_mask != REGION_MASK_NONE;

    if (file->user_changes < 0)
        file->user_changes = is_set ? REGION_USER_CHANGES - 1 : REGION_USER_CHANGES;
    file->profile.factory_region = (struct region_state){
        .mask = file->region_mask,
        .user_changes = (uint8_t)file->user_changes,
        .vendor_resets = (uint8_t)file->vendor_resets,
    };
    if (region_state_is_valid(&file->profile.factory_region))
        return true;
    diagnostics_error(
        diagnostics, "%s: [region] user-changes = %d does not go with region = %s; accepted: %s",
        name, (int)file->user_changes, is_set ? "1..8" : "none", is_set ? "0..4" : "5");
    return false;
}

/* The times of the mechanics as ones that go together. */
static bool settle_mechanics(const char *name, struct drive_profile *profile,
                             struct diagnostics *diagnostics)
{
    bool right = true;

    if (profile->full_seek_time < 0)
        profile->full_seek_time = 2 * profile->seek_time;
    if (profile->full_seek_time < profile->seek_time ||
        profile->full_seek_time > 3 * profile->seek_time) {
        diagnostics_error(diagnostics,
                          "%s: [mechanics] full-seek-time = %d does not go with seek-time = %d; "
                          "accepted: %d..%d",
                          name, (int)profile->full_seek_time, (int)profile->seek_time,
                          (int)profile->seek_time, 3 * (int)profile->seek_time);
        right = false;
    }
    if (profile->timing == TIMING_REALISTIC && profile->spin_up_time != 0) {
        diagnostics_error(diagnostics,
                          "%s: [abilities] spin-up-time = %d does not go with [mechanics] timing = "
                          "realistic; accepted: 0, and the times of [mechanics]",
                          name, (int)profile->spin_up_time);
        right = false;
    }
    return right;
}

bool drive_profile_read(const char *name, const char *text, struct drive_profile *profile,
                        struct diagnostics *diagnostics)
{
    struct profile_file file = {
        .region_mask = REGION_MASK_NONE, .user_changes = -1, .vendor_resets = REGION_VENDOR_RESETS};

    drive_profile_init(&file.profile);
    file.profile.full_seek_time = -1; /* not said */
    bool right = settings_read(name, text, profile_table, &file, diagnostics);
    right = settle_region(name, &file, diagnostics) && right;
    right = fault_sections_read(&file.faults, file.profile.faults, &file.profile.fault_count,
                                diagnostics) &&
            right;
    settings_sections_release(&file.faults);
    right = settle_mechanics(name, &file.profile, diagnostics) && right;
    drive_profile_init(profile);
    if (right)
        *profile = file.profile;
    else
        drive_profile_release(&file.profile);
    return right;
}

void drive_profile_release(struct drive_profile *profile)
{
    while (profile->fault_count > 0)
        fault_rule_release(&profile->faults[--profile->fault_count]);
}
