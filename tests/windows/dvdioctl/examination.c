/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/examination.h"

#include <stdarg.h>
#include <stdio.h>

#include "tests/windows/dvdioctl/wine.h"

#define NAME_SIZE 160

#define VERIFY_ATTEMPTS 3

/* A disc that was changed has to be noticed first. */
static bool look_for_medium(struct device *device)
{
    bool found = false;

    for (unsigned i = 0; i < VERIFY_ATTEMPTS && !found; i++) {
        found = device_ioctl(device, NT_IOCTL_STORAGE_CHECK_VERIFY, "IOCTL_STORAGE_CHECK_VERIFY",
                             NULL, 0, NULL, 0);
        if (device->last.status != NT_VERIFY_REQUIRED)
            break;
    }
    return found;
}

/* The driver looks whether the drive is one for DVD before it looks at the length. */
static bool is_dvd_drive(struct device *device)
{
    struct nt_dvd_region region;

    device_ioctl(device, NT_IOCTL_DVD_GET_REGION, "IOCTL_DVD_GET_REGION, 3 bytes", NULL, 0, &region,
                 3);
    return device->last.status != NT_INVALID_DEVICE_REQUEST;
}

/* Every drive with CSS has the authentication success flag; without a disc it may be not ready. */
static bool is_css_drive(struct device *device)
{
    struct key key = {.type = NT_DVD_ASF};

    return request_read_key(device, &key) || device->last.status != NT_INVALID_DEVICE_REQUEST;
}

static void look_at_drive(struct examination *examination)
{
    examination->is_dvd_drive = is_dvd_drive(examination->device);
    examination->is_css_drive = examination->is_dvd_drive && is_css_drive(examination->device);
    transcript_say(examination->transcript, "Windows takes it for %s",
                   examination->is_css_drive   ? "a DVD drive with CSS"
                   : examination->is_dvd_drive ? "a DVD drive; it has no CSS"
                                               : "a CD drive");
}

void examination_begin(struct examination *examination)
{
    uint8_t system = 0, forbidden = 0;

    ioctl_transport_init(&examination->transport, examination->device);
    examination->has_medium = look_for_medium(examination->device);
    examine_say_outcome(examination);
    look_at_drive(examination);
    css_host_init(&examination->host, &examination->transport.transport, NULL);
    examination->is_css =
        examination->has_medium && examination->is_css_drive &&
        css_host_copyright(&examination->host, &system, &forbidden) == CSS_HOST_DONE && system == 1;
    examination->host.listener = &examination->transcript->listener;
}

void examine_say_outcome(struct examination *examination)
{
    const struct outcome *last = &examination->device->last;

    if (last->status == 0)
        transcript_say(examination->transcript, "%s: success, %u bytes returned", last->request,
                       last->information);
    else if (last->win32 & 0x80000000)
        transcript_say(examination->transcript, "%s: Win32 error 0x%08X, NTSTATUS %08X %s: %s",
                       last->request, last->win32, (unsigned)last->status,
                       nt_status_name(last->status), status_meaning(last->status, last->code));
    else
        transcript_say(examination->transcript, "%s: Win32 error %u, NTSTATUS %08X %s: %s",
                       last->request, last->win32, (unsigned)last->status,
                       nt_status_name(last->status), status_meaning(last->status, last->code));
}

/* One result, unless Wine is known for it. */
static bool conclude(struct examination *examination, const char *id, bool right, const char *name)
{
    const char *excuse = right ? NULL : wine_excuse(id, &examination->device->last);

    if (excuse)
        return transcript_skip(examination->transcript, excuse, "%s %s", id, name);
    return transcript_check(examination->transcript, right, "%s %s", id, name);
}

static void name_with(char name[NAME_SIZE], const char *format, va_list arguments)
{
    vsnprintf(name, NAME_SIZE, format, arguments);
}

bool examine(struct examination *examination, const char *id, bool right, const char *format, ...)
{
    char name[NAME_SIZE];
    va_list arguments;

    va_start(arguments, format);
    name_with(name, format, arguments);
    va_end(arguments);
    return conclude(examination, id, right, name);
}

bool examine_done(struct examination *examination, const char *id, uint32_t information,
                  const char *format, ...)
{
    const struct outcome *last = &examination->device->last;
    char name[NAME_SIZE];
    va_list arguments;

    va_start(arguments, format);
    name_with(name, format, arguments);
    va_end(arguments);
    bool done = conclude(examination, id,
                         last->status == 0 &&
                             (information == ANY_INFORMATION || last->information == information),
                         name);
    if (!done) {
        examine_say_outcome(examination);
        if (last->status == 0)
            transcript_say(examination->transcript, "Windows returns %u bytes", information);
    }
    return last->status == 0;
}

static bool conclude_refusal(struct examination *examination, const char *id, bool right,
                             enum nt_status status, const char *name)
{
    bool done = conclude(examination, id, right, name);

    examine_say_outcome(examination);
    if (!right)
        transcript_say(examination->transcript, "Windows ends it with NTSTATUS %08X %s",
                       (unsigned)status, nt_status_name(status));
    return done;
}

static bool is_one_of(const struct outcome *last, enum nt_status status, enum nt_status alternative)
{
    return last->status == status || (alternative != NT_SUCCESS && last->status == alternative);
}

bool examine_refusal(struct examination *examination, const char *id, enum nt_status status,
                     enum nt_status alternative, const char *format, ...)
{
    const struct outcome *last = &examination->device->last;
    char name[NAME_SIZE];
    va_list arguments;

    va_start(arguments, format);
    name_with(name, format, arguments);
    va_end(arguments);
    return conclude_refusal(examination, id,
                            is_one_of(last, status, alternative) || wine_is_refusal(last), status,
                            name);
}

bool examine_driver_refusal(struct examination *examination, const char *id, enum nt_status status,
                            enum nt_status alternative, const char *format, ...)
{
    char name[NAME_SIZE];
    va_list arguments;

    va_start(arguments, format);
    name_with(name, format, arguments);
    va_end(arguments);
    return conclude_refusal(
        examination, id, is_one_of(&examination->device->last, status, alternative), status, name);
}

void examine_skip(struct examination *examination, const char *id, const char *reason,
                  const char *format, ...)
{
    char name[NAME_SIZE];
    va_list arguments;

    va_start(arguments, format);
    name_with(name, format, arguments);
    va_end(arguments);
    transcript_skip(examination->transcript, reason, "%s %s", id, name);
}

bool examine_authentication(struct examination *examination, const char *id)
{
    const enum css_host_result result = css_host_authenticate(&examination->host);

    if (result == CSS_HOST_DONE)
        return true;
    examine(examination, id, false,
            result == CSS_HOST_NOT_GENUINE ? "KEY1 is the answer of a genuine drive"
                                           : "host and drive authenticate");
    if (result == CSS_HOST_REFUSED)
        examine_say_outcome(examination);
    return false;
}

void examine_end_sessions(struct examination *examination)
{
    for (uint32_t session = 0; session < 4; session++)
        request_end_session(examination->device, session);
}

bool examine_asf(struct examination *examination)
{
    struct key key = {.type = NT_DVD_ASF};

    return request_read_key(examination->device, &key) && (key.data[3] & 1);
}

bool examine_region_plays(struct examination *examination)
{
    struct key rpc = {.type = NT_DVD_GET_RPC_KEY};
    uint8_t system, forbidden;

    if (!request_read_key(examination->device, &rpc) || rpc.data[2] != 1)
        return true;
    struct host_listener *listener = examination->host.listener;
    examination->host.listener = NULL;
    enum css_host_result result = css_host_copyright(&examination->host, &system, &forbidden);
    examination->host.listener = listener;
    return result == CSS_HOST_DONE && (rpc.data[1] | forbidden) != 0xFF;
}
