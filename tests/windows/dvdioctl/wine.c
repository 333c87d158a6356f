/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/wine.h"

#include <string.h>

#include <windows.h>

#include "tests/windows/dvdioctl/requests.h"

typedef const char *(__cdecl *wine_get_version_function)(void);

const char *wine_version(void)
{
    wine_get_version_function get = NULL;
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    FARPROC found = ntdll ? GetProcAddress(ntdll, "wine_get_version") : NULL;

    memcpy(&get, &found, sizeof get);
    return get ? get() : NULL;
}

/* SUCCESS: it answers, with so many bytes, but otherwise. */
static const struct {
    const char *id;
    enum nt_status status;
    uint32_t information;
    const char *reason;
} excuses[] = {
    {"ST4",       NT_SUCCESS,            4,    "Wine leaves out the header of the copyright structure" },
    {"ST5",       NT_SUCCESS,            2048, "Wine leaves out the header of the disc key structure"  },
    {"ST1",       NT_SUCCESS,            17,   "Wine returns 17 bytes of a layer descriptor"           },
    {"ST2",       NT_SUCCESS,            17,   "Wine returns 17 bytes of a layer descriptor"           },
    {"ST8",       NT_SUCCESS,            2048, "Wine does not count the header"                        },
    {"RG1-drive", NT_SUCCESS,            4,    "Wine hands out the region mask without inverting it"   },
    {"RK5-flags", NT_SUCCESS,            32,   "Wine does not pass the flags of a title key on"        },
    {"RK19",      NT_DEVICE_NOT_READY,   0,    "Wine does not look at the length of the output buffer" },
    {"RK19",      NT_NO_MEDIA_IN_DEVICE, 0,    "Wine does not look at the length of the output buffer" },
    {"RK19-rpc",  NT_SUCCESS,            28,   "Wine does not look at the length of the output buffer" },
    {"RK20",      NT_DEVICE_NOT_READY,   0,    "Wine takes any KeyLength that is the buffer's"         },
    {"RK20",      NT_NO_MEDIA_IN_DEVICE, 0,    "Wine takes any KeyLength that is the buffer's"         },
    {"RK21",      NT_DEVICE_NOT_READY,   0,    "Wine does not look at the length of the output buffer" },
    {"RK21",      NT_NO_MEDIA_IN_DEVICE, 0,    "Wine does not look at the length of the output buffer" },
    {"SS11",      NT_SUCCESS,            4,    "Wine ends session 3 where all sessions are to be ended"},
    {"RK23",      NT_NOT_SUPPORTED,      0,    "Wine reads no key of type DvdBusKey2"                  },
    {"ES6",       NT_NOT_SUPPORTED,      0,    "Wine sends no key of type DvdInvalidateAGID"           },
    {"ES7",       NT_NOT_SUPPORTED,      0,    "Wine reads no key of type DvdInvalidateAGID"           },
    {"SK13-1",    NT_NOT_SUPPORTED,      0,    "Wine has another status for keys that cannot be sent"  },
    {"ES6-2",     NT_NOT_SUPPORTED,      0,    "Wine does not implement IOCTL_DVD_SEND_KEY2"           },
    {"SK6",       NT_NOT_SUPPORTED,      0,    "Wine does not implement IOCTL_DVD_SEND_KEY2"           },
    {"SK1-2",     NT_NOT_SUPPORTED,      0,    "Wine does not implement IOCTL_DVD_SEND_KEY2"           },
    {"SK12",      NT_NOT_SUPPORTED,      0,    "Wine does not implement IOCTL_DVD_SEND_KEY2"           },
    {"SK13",      NT_NOT_SUPPORTED,      0,    "Wine does not implement IOCTL_DVD_SEND_KEY2"           },
    {"RA1",       NT_NOT_SUPPORTED,      0,    "Wine does not implement IOCTL_STORAGE_SET_READ_AHEAD"  },
};

const char *wine_excuse(const char *id, const struct outcome *last)
{
    if (!wine_version())
        return NULL;
    for (size_t i = 0; i < sizeof excuses / sizeof *excuses; i++)
        if (strcmp(excuses[i].id, id) == 0 && excuses[i].status == last->status &&
            excuses[i].information == last->information)
            return excuses[i].reason;
    return NULL;
}

bool wine_is_refusal(const struct outcome *last)
{
    if (!wine_version())
        return false;
    if (last->code == NT_IOCTL_DVD_READ_STRUCTURE)
        return last->status == NT_INVALID_PARAMETER;
    return last->status == NT_DEVICE_NOT_READY;
}
