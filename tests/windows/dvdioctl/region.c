/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/subjects.h"

#include "tests/windows/dvdioctl/words.h"

struct region_view {
    uint8_t copyright[4]; /* structure, without header */
    struct key rpc;
    struct nt_dvd_region region;
};

static bool see_copyright(struct examination *examination, struct region_view *view)
{
    uint8_t answer[8];

    request_read_structure(examination->device, STRUCTURE_COPYRIGHT, 0, 0, answer, sizeof answer);
    if (!examine_done(examination, "ST4", sizeof answer, "the copyright structure is read"))
        return false;
    const uint8_t *copyright =
        answer + request_structure_header_size(examination->device, sizeof view->copyright);
    for (unsigned i = 0; i < 4; i++)
        view->copyright[i] = copyright[i];
    words_copyright(examination->transcript, view->copyright);
    return true;
}

/* False for a drive without region control, which may refuse. */
static bool see_rpc_state(struct examination *examination, struct region_view *view)
{
    view->rpc = (struct key){.type = NT_DVD_GET_RPC_KEY};
    if (!request_read_key(examination->device, &view->rpc) &&
        examination->device->last.status == NT_INVALID_DEVICE_REQUEST) {
        examine_refusal(examination, "RK16", NT_INVALID_DEVICE_REQUEST, 0,
                        "a drive without region control refuses the RPC state");
        return false;
    }
    if (!examine_done(examination, "RK12", 28, "the RPC state is read"))
        return false;
    words_rpc_state(examination->transcript, view->rpc.data);
    return view->rpc.data[2] == 1;
}

static void compare(struct examination *examination, const struct region_view *view)
{
    const struct nt_dvd_region *region = &view->region;
    const uint8_t *rpc = view->rpc.data;
    const uint8_t plays = rpc[0] >> 6 ? (uint8_t)~rpc[1] : 0;

    examine(examination, "RG1-disc",
            region->copy_system == view->copyright[0] && region->region_data == view->copyright[1],
            "CopySystem and RegionData are those of the copyright structure");
    examine(examination, "RG1-drive", region->system_region == plays,
            "SystemRegion has a 1 for each region that the RPC state says the drive plays");
    examine(examination, "RG1-resets", region->reset_count == (rpc[0] & 7),
            "ResetCount is the number of changes that the RPC state says the user has left");
    if (view->copyright[0] != 1)
        transcript_say(examination->transcript, "without CSS the disc plays whatever its regions");
    else
        transcript_say(examination->transcript, "in this drive the disc %s",
                       plays & ~view->copyright[1] ? "may be played" : "may not be played");
}

static void see_lengths(struct examination *examination)
{
    struct key rpc = {.type = NT_DVD_GET_RPC_KEY};
    struct nt_dvd_region region;

    device_ioctl(examination->device, NT_IOCTL_DVD_GET_REGION, "IOCTL_DVD_GET_REGION, 3 bytes",
                 NULL, 0, &region, 3);
    examine_driver_refusal(examination, "RG7", NT_BUFFER_TOO_SMALL, 0,
                           "GET_REGION wants a buffer of 4 bytes");
    request_read_key_sized(examination->device, &rpc, 28, 27);
    examine_driver_refusal(examination, "RK19-rpc", NT_BUFFER_TOO_SMALL, 0,
                           "the RPC state wants a buffer of 28 bytes");
}

void examine_region(struct examination *examination)
{
    struct region_view view = {0};

    transcript_heading(examination->transcript, "Region");
    if (!examination->has_medium) {
        request_get_region(examination->device, &view.region);
        examine_driver_refusal(examination, "RG4", NT_NO_MEDIA_IN_DEVICE, 0,
                               "without a disc there is no region to get");
        see_rpc_state(examination, &view);
        see_lengths(examination);
        return;
    }
    const bool has_copyright = see_copyright(examination, &view);
    const bool phase_2 = see_rpc_state(examination, &view);
    const bool done = request_get_region(examination->device, &view.region);
    if (!phase_2) {
        examine_refusal(examination, "RG5", NT_INVALID_DEVICE_REQUEST, 0,
                        "GET_REGION needs a drive with RPC phase II");
    } else if (examine_done(examination, "RG1", sizeof view.region, "GET_REGION") && done) {
        words_region(examination->transcript, &view.region);
        if (has_copyright)
            compare(examination, &view);
    }
    see_lengths(examination);
}

/* Regions are numbers outside, and a mask with one 0 bit inside. */
static uint8_t mask_of(unsigned region)
{
    return (uint8_t) ~(1u << (region - 1));
}

void set_region(struct examination *examination, unsigned region)
{
    struct key before = {.type = NT_DVD_GET_RPC_KEY}, after = {.type = NT_DVD_GET_RPC_KEY};
    struct key key = {.type = NT_DVD_SET_RPC_KEY, .data = {mask_of(region)}};

    transcript_heading(examination->transcript, "Setting region %u", region);
    request_read_key(examination->device, &before);
    if (!examine_done(examination, "RK12", 28, "the RPC state before is read"))
        return;
    words_rpc_state(examination->transcript, before.data);
    request_send_key(examination->device, &key, true);
    const bool sent =
        examine_done(examination, "SK6", 0, "SEND_KEY2 with DvdSetRpcKey: region %u", region);
    request_read_key(examination->device, &after);
    if (!examine_done(examination, "RK12", 28, "the RPC state afterwards is read") || !sent)
        return;
    words_rpc_state(examination->transcript, after.data);
    const unsigned spent = before.data[1] == mask_of(region) ? 0 : 1;
    examine(examination, "SK6-state",
            after.data[1] == mask_of(region) &&
                (after.data[0] & 7u) + spent == (before.data[0] & 7u),
            "the drive plays region %u and has %s", region,
            spent ? "one change less" : "lost no change, for it was set already");
}
