/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/subjects.h"

/* Drives for which part of the family is not there: each request of that part is refused, by name.
 */

void examine_cd_drive(struct examination *examination)
{
    struct device *device = examination->device;
    struct key key = {.type = NT_DVD_GET_RPC_KEY};
    struct nt_dvd_region region;
    uint8_t structure[8];
    uint32_t session;

    transcript_heading(examination->transcript, "A CD drive");
    request_start_session(device, &session);
    examine_driver_refusal(examination, "SS10", NT_INVALID_DEVICE_REQUEST, 0,
                           "START_SESSION is for DVD drives");
    request_read_key(device, &key);
    examine_driver_refusal(examination, "SS10-key", NT_INVALID_DEVICE_REQUEST, 0,
                           "READ_KEY is for DVD drives");
    request_get_region(device, &region);
    examine_driver_refusal(examination, "SS10-region", NT_INVALID_DEVICE_REQUEST, 0,
                           "GET_REGION is for DVD drives");
    request_read_structure(device, STRUCTURE_COPYRIGHT, 0, 0, structure, sizeof structure);
    examine_driver_refusal(examination, "SS10-structure", NT_INVALID_DEVICE_REQUEST, 0,
                           "READ_STRUCTURE is for DVD drives");
}

void examine_drive_without_css(struct examination *examination)
{
    static const unsigned types[] = {NT_DVD_CHALLENGE_KEY, NT_DVD_BUS_KEY1, NT_DVD_TITLE_KEY,
                                     NT_DVD_ASF, NT_DVD_GET_RPC_KEY};
    struct device *device = examination->device;
    struct nt_dvd_region region;
    uint32_t session;

    transcript_heading(examination->transcript, "A drive without CSS");
    request_start_session(device, &session);
    examine_refusal(examination, "SS5-drive", NT_INVALID_DEVICE_REQUEST, 0, "it starts no session");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct key key = {.type = types[i]};
        request_read_key(device, &key);
        examine_refusal(examination, "RK16-drive", NT_INVALID_DEVICE_REQUEST, 0, "it has no %s",
                        key_type_name(types[i]));
    }
    request_get_region(device, &region);
    if (examination->has_medium)
        examine_refusal(examination, "RG6", NT_INVALID_DEVICE_REQUEST, 0, "it has no region");
    else
        examine_refusal(examination, "RG4", NT_NO_MEDIA_IN_DEVICE, 0,
                        "GET_REGION looks at the disc first");
}
