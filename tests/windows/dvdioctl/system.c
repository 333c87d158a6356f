/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/system.h"

#include <stdio.h>
#include <string.h>

#include <windows.h>
#include <winioctl.h>

#include "tests/windows/dvdioctl/device.h"
#include "tests/windows/dvdioctl/wine.h"

#define DRIVES_MAX 32

/* What IOCTL_STORAGE_QUERY_PROPERTY returns, with room for the strings. */
union descriptor {
    STORAGE_DEVICE_DESCRIPTOR header;
    char bytes[1024];
};

/* A string of the descriptor, without the blanks at its end. */
static void take_string(const union descriptor *descriptor, DWORD offset, char text[32])
{
    size_t length = 0;

    if (offset > 0 && offset < sizeof descriptor->bytes)
        while (length < 31 && offset + length < sizeof descriptor->bytes &&
               descriptor->bytes[offset + length] >= ' ' &&
               descriptor->bytes[offset + length] < 127)
            length++;
    memcpy(text, descriptor->bytes + (length ? offset : 0), length);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
}

static const char *bus_name(STORAGE_BUS_TYPE bus)
{
    static const char *const names[] = {"unknown", "SCSI", "ATAPI", "ATA",   "IEEE 1394", "SSA",
                                        "fibre",   "USB",  "RAID",  "iSCSI", "SAS",       "SATA"};

    return (size_t)bus < sizeof names / sizeof *names ? names[bus] : "other";
}

static void say_identity(struct transcript *transcript, struct device *device)
{
    static union descriptor descriptor;
    STORAGE_PROPERTY_QUERY query = {.PropertyId = StorageDeviceProperty,
                                    .QueryType = PropertyStandardQuery};
    char vendor[32], product[32], revision[32], serial[32];

    memset(&descriptor, 0, sizeof descriptor);
    if (!device_ioctl(device, IOCTL_STORAGE_QUERY_PROPERTY, "IOCTL_STORAGE_QUERY_PROPERTY", &query,
                      sizeof query, &descriptor, sizeof descriptor)) {
        transcript_say(transcript, "no identity: NTSTATUS %08X %s", (unsigned)device->last.status,
                       nt_status_name(device->last.status));
        return;
    }
    take_string(&descriptor, descriptor.header.VendorIdOffset, vendor);
    take_string(&descriptor, descriptor.header.ProductIdOffset, product);
    take_string(&descriptor, descriptor.header.ProductRevisionOffset, revision);
    take_string(&descriptor, descriptor.header.SerialNumberOffset, serial);
    transcript_say(transcript, "\"%s\" \"%s\" revision \"%s\", serial number \"%s\", bus %s",
                   vendor, product, revision, serial, bus_name(descriptor.header.BusType));
}

/* The name that a drive has with or without a letter. */
static void say_number(struct transcript *transcript, struct device *device)
{
    STORAGE_DEVICE_NUMBER number;

    if (device_ioctl(device, IOCTL_STORAGE_GET_DEVICE_NUMBER, "IOCTL_STORAGE_GET_DEVICE_NUMBER",
                     NULL, 0, &number, sizeof number))
        transcript_say(transcript, "CdRom%u", (unsigned)number.DeviceNumber);
}

static void say_drive(struct transcript *transcript, const char *name)
{
    struct device device;

    if (!transcript_check(transcript, device_open(&device, name, false), "%s can be opened",
                          name)) {
        transcript_say(transcript, "Win32 error %u, NTSTATUS %08X %s", device.last.win32,
                       (unsigned)device.last.status, nt_status_name(device.last.status));
        return;
    }
    say_number(transcript, &device);
    say_identity(transcript, &device);
    if (device_ioctl(&device, NT_IOCTL_STORAGE_CHECK_VERIFY, "IOCTL_STORAGE_CHECK_VERIFY", NULL, 0,
                     NULL, 0))
        transcript_say(transcript, "a disc is in the drive");
    else
        transcript_say(transcript, "%s (NTSTATUS %08X %s)",
                       status_meaning(device.last.status, device.last.code),
                       (unsigned)device.last.status, nt_status_name(device.last.status));
    device_close(&device);
}

/* Those with a letter; if none has one, those with a name of their own, CdRom0 and so on. */
static unsigned find_drives(char names[DRIVES_MAX][DEVICE_NAME_SIZE])
{
    unsigned count = 0;

    for (unsigned i = 0; i < 26; i++) {
        const char root[] = {(char)('A' + i), ':', '\\', '\0'};
        if (GetDriveTypeA(root) == DRIVE_CDROM)
            snprintf(names[count++], DEVICE_NAME_SIZE, "%.2s", root);
    }
    for (unsigned number = 0; count == 0 && number < DRIVES_MAX; number++) {
        struct device device;
        snprintf(names[count], DEVICE_NAME_SIZE, "CdRom%u", number);
        if (!device_open(&device, names[count], false))
            break;
        device_close(&device);
        count++;
    }
    return count;
}

void system_list_drives(struct transcript *transcript)
{
    char names[DRIVES_MAX][DEVICE_NAME_SIZE];
    const unsigned count = find_drives(names);

    transcript_heading(transcript, "Optical drives");
    transcript_check(transcript, count > 0, "Windows knows %u optical drive%s", count,
                     count == 1 ? "" : "s");
    for (unsigned i = 0; i < count; i++)
        say_drive(transcript, names[i]);
}

unsigned system_only_drive(char name[DEVICE_NAME_SIZE])
{
    char names[DRIVES_MAX][DEVICE_NAME_SIZE];
    const unsigned count = find_drives(names);

    if (count > 0)
        memcpy(name, names[0], DEVICE_NAME_SIZE);
    return count;
}

void system_say(struct transcript *transcript)
{
    OSVERSIONINFOA version = {.dwOSVersionInfoSize = sizeof version};
    const char *wine = wine_version();

    /* Says 6.2 from Windows 8 on, to programs without a manifest. */
    if (GetVersionExA(&version))
        transcript_say(transcript,
                       "dvdioctl " VODD_VERSION ", Windows %u.%u build %u, %u-bit program",
                       (unsigned)version.dwMajorVersion, (unsigned)version.dwMinorVersion,
                       (unsigned)version.dwBuildNumber, (unsigned)sizeof(void *) * 8);
    if (wine)
        transcript_say(transcript, "Wine %s: what it cannot do is skipped", wine);
}
