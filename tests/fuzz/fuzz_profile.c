/* SPDX-License-Identifier: MIT */

/* Drive profiles: any text is read or refused, and a drive of what was read is in range. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct drive_profile profile;
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (drive_profile_read("fuzz.drive", text, &profile, NULL)) {
        struct drive *drive = drive_create(&profile, NULL, NULL, 0);
        struct drive_view view;

        if (!drive)
            abort();
        drive_view(drive, &view);
        if (view.agids < 1 || view.agids > PROFILE_AGIDS_MAX ||
            !region_state_is_valid(&view.region))
            abort();
        drive_destroy(drive);
        drive_profile_release(&profile);
    }
    free(text);
    return 0;
}
