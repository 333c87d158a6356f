/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/device.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>
#include <winioctl.h>

#include "media/css_sector.h"

#define PAGE_SIZE 4096

typedef LONG(NTAPI *rtl_get_last_nt_status)(void);

/* kernel32 keeps the NTSTATUS behind the last Win32 error, from Windows XP on. */
static enum nt_status last_nt_status(void)
{
    static rtl_get_last_nt_status get;
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");

    if (!get && ntdll) {
        FARPROC found = GetProcAddress(ntdll, "RtlGetLastNtStatus");
        memcpy(&get, &found, sizeof get);
    }
    return get ? (enum nt_status)get() : NT_UNSUCCESSFUL;
}

static bool conclude(struct device *device, uint32_t code, const char *name, bool success,
                     DWORD information)
{
    struct outcome *last = &device->last;

    /* Asking for one must not change the other. */
    const uint32_t win32 = success ? 0 : GetLastError();
    const enum nt_status status = success ? NT_SUCCESS : last_nt_status();
    *last = (struct outcome){.code = code, .win32 = win32, .status = status};
    last->information = success ? information : 0;
    snprintf(last->request, sizeof last->request, "%s", name);
    return success;
}

static bool make_path(char path[DEVICE_NAME_SIZE], const char *name)
{
    static const char prefix[] = "\\\\.\\";

    if (strncmp(name, prefix, 4) == 0)
        name += 4;
    const size_t length = strlen(name);
    const bool letter = (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z');
    if (letter && (length == 1 || (name[1] == ':' && strchr("\\/", name[2]) && length <= 3)))
        snprintf(path, DEVICE_NAME_SIZE, "%s%c:", prefix, name[0] & ~0x20);
    else if (_strnicmp(name, "CdRom", 5) == 0 && length > 5 && length < 9 &&
             strspn(name + 5, "0123456789") == length - 5)
        snprintf(path, DEVICE_NAME_SIZE, "%sCdRom%s", prefix, name + 5);
    else
        return false;
    return true;
}

static bool read_sectors(struct sector_source *source, uint32_t lba, uint32_t count,
                         uint8_t *sectors)
{
    struct device *device = (struct device *)((char *)source - offsetof(struct device, sectors));

    return device_read(device, lba, count, sectors);
}

bool device_open(struct device *device, const char *name, bool write)
{
    DWORD ignored;

    *device = (struct device){
        .handle = INVALID_HANDLE_VALUE, .may_write = write, .sectors.read = read_sectors};
    if (!make_path(device->path, name)) {
        device->last = (struct outcome){.request = "the name of a drive",
                                        .win32 = ERROR_INVALID_PARAMETER,
                                        .status = NT_INVALID_PARAMETER};
        return false;
    }
    device->handle = CreateFileA(device->path, write ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (!conclude(device, 0, write ? "opening to read and write" : "opening to read",
                  device->handle != INVALID_HANDLE_VALUE, 0))
        return false;
    /* A mounted file system else ends the medium where itself ends. */
    DeviceIoControl(device->handle, FSCTL_ALLOW_EXTENDED_DASD_IO, NULL, 0, NULL, 0, &ignored, NULL);
    return true;
}

void device_close(struct device *device)
{
    if (device->handle != INVALID_HANDLE_VALUE)
        CloseHandle(device->handle);
    device->handle = INVALID_HANDLE_VALUE;
}

bool device_ioctl(struct device *device, uint32_t code, const char *name, void *in, size_t in_size,
                  void *out, size_t out_size)
{
    DWORD information = 0;
    const BOOL success = DeviceIoControl(device->handle, code, in, (DWORD)in_size, out,
                                         (DWORD)out_size, &information, NULL);

    return conclude(device, code, name, success, information);
}

/* Drivers without a cache want aligned buffers. */
static bool read_piece(struct device *device, uint32_t lba, uint32_t count, uint8_t *sectors)
{
    _Alignas(PAGE_SIZE) static uint8_t aligned[DEVICE_READ_MAX * DVD_SECTOR_SIZE];
    LARGE_INTEGER offset = {.QuadPart = (LONGLONG)lba * DVD_SECTOR_SIZE};
    const DWORD size = count * DVD_SECTOR_SIZE;
    DWORD got = 0;

    BOOL success = SetFilePointerEx(device->handle, offset, NULL, FILE_BEGIN) &&
                   ReadFile(device->handle, aligned, size, &got, NULL);
    if (success && got != size) {
        SetLastError(ERROR_HANDLE_EOF);
        conclude(device, 0, "ReadFile", false, 0);
        device->last.status = NT_END_OF_FILE;
        return false;
    }
    memcpy(sectors, aligned, got);
    return conclude(device, 0, "ReadFile", success, got);
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
