/* SPDX-License-Identifier: MIT */

/*
 * The drive of dvdioctl (device.h) as the model of cdrom.sys sees it, in this process.  The name of
 * a drive is BUS:FILE or BUS,PROFILE:FILE, BUS being ahci, usb, virtio or atapi; PROFILE is a
 * ready-made profile; FILE, a fixture or an image, is the disc in it, and may be missing.  The
 * registry is fresh and the drive as it left the factory.
 */

#include "tests/windows/dvdioctl/device.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/ready_profile.h"
#include "media/css_sector.h"
#include "tests/windows/cdrom.h"

#define NEXUS 1

static struct machine {
    struct transport *transport;
    struct port port;
    struct cdrom_registry registry;
    struct cdrom cdrom;
} machine;

static uint32_t win32_error(enum nt_status status)
{
    for (const struct nt_status_name *at = nt_status_names; at->name; at++)
        if (at->status == status)
            return at->win32;
    return 0;
}

static bool conclude(struct device *device, uint32_t code, const char *name,
                     const struct cdrom_request *request)
{
    const bool success = nt_success(request->status);

    device->last = (struct outcome){.code = code,
                                    .win32 = success ? 0 : win32_error(request->status),
                                    .status = success ? NT_SUCCESS : request->status,
                                    .information = success ? (uint32_t)request->information : 0};
    snprintf(device->last.request, sizeof device->last.request, "%s", name);
    return success;
}

static bool read_sectors(struct sector_source *source, uint32_t lba, uint32_t count,
                         uint8_t *sectors)
{
    struct device *device = (struct device *)((char *)source - offsetof(struct device, sectors));

    return device_read(device, lba, count, sectors);
}

static enum nt_status switch_on(const struct port_kind *bus, const char *name, const char *disc)
{
    struct drive_profile profile;

    drive_profile_init(&profile);
    if (*name && !ready_profile_read(name, &profile, NULL))
        return NT_NO_SUCH_DEVICE;
    machine.transport = transport_in_process();
    const bool made =
        machine.transport && machine.transport->renew(machine.transport, &profile, false);
    drive_profile_release(&profile);
    if (!made || (*disc && !machine.transport->insert(machine.transport, disc)) ||
        !machine.transport->attach(machine.transport, NEXUS, true))
        return NT_NO_SUCH_DEVICE;
    port_init(&machine.port, machine.transport, bus);
    machine.registry = (struct cdrom_registry)CDROM_REGISTRY_FRESH;
    cdrom_init(&machine.cdrom, &machine.port, &machine.registry);
    const enum nt_status status = cdrom_start(&machine.cdrom);
    cdrom_tick(&machine.cdrom);
    return status;
}

bool device_open(struct device *device, const char *name, bool write)
{
    struct cdrom_request request = {.status = NT_INVALID_PARAMETER};
    const char *colon = strchr(name, ':');
    char bus[40], *profile;

    *device = (struct device){.may_write = write, .sectors.read = read_sectors};
    snprintf(device->path, sizeof device->path, "%s", name);
    if (colon && (size_t)(colon - name) < sizeof bus) {
        snprintf(bus, sizeof bus, "%.*s", (int)(colon - name), name);
        profile = bus + strcspn(bus, ",");
        if (*profile)
            *profile++ = '\0';
        const struct port_kind *kind = port_kind(bus);
        if (kind)
            request.status = switch_on(kind, profile, colon + 1);
    }
    return conclude(device, 0, "opening", &request);
}

void device_close(struct device *device)
{
    (void)device;
    port_release(&machine.port);
    machine.transport->close(machine.transport);
}

bool device_ioctl(struct device *device, uint32_t code, const char *name, void *in, size_t in_size,
                  void *out, size_t out_size)
{
    const size_t size = in_size > out_size ? in_size : out_size;
    struct cdrom_request request = {
        .handle = 1, .code = code, .in_length = in_size, .out_length = out_size};

    request.buffer = calloc(size ? size : 1, 1);
    if (!request.buffer)
        abort();
    if (in_size)
        memcpy(request.buffer, in, in_size);
    cdrom_device_control(&machine.cdrom, &request);
    port_forget(&machine.port);
    const bool success = conclude(device, code, name, &request);
    if (success && request.information)
        memcpy(out, request.buffer, request.information);
    free(request.buffer);
    return success;
}

static bool read_piece(struct device *device, uint32_t lba, uint32_t count, uint8_t *sectors)
{
    struct cdrom_request request = {.handle = 1,
                                    .buffer = sectors,
                                    .out_length = (size_t)count * DVD_SECTOR_SIZE,
                                    .offset = (uint64_t)lba * DVD_SECTOR_SIZE};

    cdrom_read(&machine.cdrom, &request);
    port_forget(&machine.port);
    return conclude(device, 0, "ReadFile", &request);
}

bool device_read(struct device *device, uint32_t lba, uint32_t count, uint8_t *sectors)
{
    for (uint32_t done = 0; done < count;) {
        const uint32_t left = count - done;
        const uint32_t piece = left < DEVICE_READ_MAX ? left : DEVICE_READ_MAX;
        if (!read_piece(device, lba + done, piece, sectors + (size_t)done * DVD_SECTOR_SIZE))
            return false;
        done += piece;
    }
    return true;
}
