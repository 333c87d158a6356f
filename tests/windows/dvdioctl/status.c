/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/status.h"

static const struct {
    enum nt_status status;
    const char *meaning;
} table[] = {
    {NT_SUCCESS,                    "done"                                                                 },
    {NT_DEVICE_BUSY,                "the drive is busy, or another program has locked it"                  },
    {NT_VERIFY_REQUIRED,            "the medium was changed; try again"                                    },
    {NT_NO_DATA_DETECTED,           "blank medium"                                                         },
    {NT_UNSUCCESSFUL,               "failed"                                                               },
    {NT_INVALID_HANDLE,             "the handle is not that of a device"                                   },
    {NT_INVALID_PARAMETER,          "the driver refused lengths or fields before the drive was asked"      },
    {NT_NO_SUCH_DEVICE,             "no such drive"                                                        },
    {NT_INVALID_DEVICE_REQUEST,     "the drive refused the command, or the driver does not know it"        },
    {NT_END_OF_FILE,                "behind the end"                                                       },
    {NT_NO_MEDIA_IN_DEVICE,         "no disc in the drive"                                                 },
    {NT_UNRECOGNIZED_MEDIA,         "the disc is of another kind"                                          },
    {NT_NONEXISTENT_SECTOR,         "the disc has no such sector"                                          },
    {NT_ACCESS_DENIED,              "no access: the handle may not write, or another program has locked it"},
    {NT_BUFFER_TOO_SMALL,           "the driver wants a longer buffer"                                     },
    {NT_OBJECT_NAME_NOT_FOUND,      "no such drive"                                                        },
    {NT_DATA_OVERRUN,               "the drive sent another number of bytes than the port driver expected" },
    {NT_DEVICE_DATA_ERROR,          "unreadable sector"                                                    },
    {NT_DEVICE_NOT_CONNECTED,       "the drive is gone"                                                    },
    {NT_MEDIA_WRITE_PROTECTED,      "write protected"                                                      },
    {NT_DEVICE_NOT_READY,           "the drive is not ready"                                               },
    {NT_IO_TIMEOUT,                 "the drive did not answer in time"                                     },
    {NT_NOT_SUPPORTED,              "not implemented here"                                                 },
    {NT_DEVICE_DOES_NOT_EXIST,      "the drive is gone"                                                    },
    {NT_INTERNAL_ERROR,             "the driver had no room for the request"                               },
    {NT_INVALID_BLOCK_LENGTH,       "the drive reported another block length"                              },
    {NT_IO_DEVICE_ERROR,            "the drive or the way to it failed"                                    },
    {NT_DEVICE_PROTOCOL_ERROR,      "the drive's answer broke the protocol"                                },
    {NT_COPY_PROTECTION_FAILURE,    "copy protection refused it"                                           },
    {NT_CSS_AUTHENTICATION_FAILURE, "CSS: the drive does not accept the host's answer"                     },
    {NT_CSS_KEY_NOT_PRESENT,        "CSS: there is no key for this sector"                                 },
    {NT_CSS_KEY_NOT_ESTABLISHED,    "CSS: no authentication has taken place with this AGID"                },
    {NT_CSS_SCRAMBLED_SECTOR,       "CSS: scrambled sectors are not read before authentication"            },
    {NT_CSS_REGION_MISMATCH,        "CSS: the drive's region is not set or not one of the disc's"          },
    {NT_CSS_RESETS_EXHAUSTED,       "CSS: the region cannot be changed any more"                           },
};

/* Where a control code gives a status a meaning of its own. */
static const struct {
    enum nt_status status;
    uint32_t code;
    const char *meaning;
} own_meanings[] = {
    {NT_CSS_REGION_MISMATCH, NT_IOCTL_DVD_SEND_KEY2,
     "CSS: the disc in the drive does not allow this region, or is not protected; for the last "
     "change it has to be a disc of this region alone"},
};

const char *status_meaning(enum nt_status status, uint32_t code)
{
    for (size_t i = 0; i < sizeof own_meanings / sizeof *own_meanings; i++)
        if (own_meanings[i].status == status && own_meanings[i].code == code)
            return own_meanings[i].meaning;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].status == status)
            return table[i].meaning;
    return "";
}
