/* SPDX-License-Identifier: MIT */
#include "handlers/system/drive_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/ready_profile.h"
#include "media/fixture.h"
#include "media/random.h"
#include "media/settings.h"

static void derive_serial(struct drive_profile *profile, const char *name)
{
    struct drive_profile untouched;
    struct random random;

    drive_profile_init(&untouched);
    if (strcmp(profile->serial, untouched.serial) != 0)
        return;
    random_init(&random, 0, name);
    snprintf(profile->serial, sizeof(profile->serial), "VODD%08X", (unsigned)random_next(&random));
}

bool drive_files_load_profile(const char *path, const char *name, struct drive_profile *profile,
                              struct diagnostics *diagnostics)
{
    char *text;
    bool right = true;

    drive_profile_init(profile);
    if (path && ready_profile_is_name(path)) {
        right = ready_profile_read(path, profile, diagnostics);
    } else if (path) {
        text = settings_load(path, PROFILE_SIZE_MAX, diagnostics);
        right = text && drive_profile_read(path, text, profile, diagnostics);
        free(text);
    }
    derive_serial(profile, name);
    return right;
}

bool drive_files_load_fixture(const char *path, struct disc_description *description,
                              struct diagnostics *diagnostics)
{
    if (!fixture_load(path, description, diagnostics))
        return false;
    if (fault_sections_check(&description->faults, diagnostics))
        return true;
    disc_description_release(description);
    return false;
}

bool drive_files_note_profile(struct run_files *files, const char *path,
                              struct diagnostics *diagnostics)
{
    return !path || ready_profile_is_name(path) ||
           run_files_note(files, RUN_FILE_PROFILE, path, diagnostics);
}

bool drive_files_note_image(struct run_files *files, const struct disc_description *description,
                            struct diagnostics *diagnostics)
{
    return !description->image ||
           run_files_note(files, RUN_FILE_NEXT_DISC, description->image, diagnostics);
}
