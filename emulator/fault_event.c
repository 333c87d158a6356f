/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

/* What happens to a drive, in the words of the rules. */

const char *const fault_event_names[FAULT_EVENTS + 1] = {
    [FAULT_EVENT_NONE] = "none",
    [FAULT_EVENT_MEDIUM_READY] = "medium-ready",
    [FAULT_EVENT_MEDIUM_UNUSABLE] = "medium-unusable",
    [FAULT_EVENT_MEDIUM_BECOMING_READY] = "medium-becoming-ready",
    [FAULT_EVENT_TRAY_OPENED] = "tray-opened",
    [FAULT_EVENT_TRAY_CLOSED_EMPTY] = "tray-closed-empty",
    [FAULT_EVENT_EJECT_REQUEST] = "eject-request",
    [FAULT_EVENT_PREVENTED] = "removal-prevented",
    [FAULT_EVENT_ALLOWED] = "removal-allowed",
    [FAULT_EVENT_AGID_GRANTED] = "agid-granted",
    [FAULT_EVENT_AGID_RELEASED] = "agid-released",
    [FAULT_EVENT_AUTHENTICATED] = "authenticated",
    [FAULT_EVENT_AUTHENTICATION_FAILED] = "authentication-failed",
    [FAULT_EVENT_ASF_SET] = "asf-set",
    [FAULT_EVENT_ASF_CLEARED] = "asf-cleared",
    [FAULT_EVENT_REGION_CHANGED] = "region-changed",
    [FAULT_EVENT_UNIT_ATTENTION] = "unit-attention",
    [FAULT_EVENT_RESET] = "reset",
};

/* What the drive reports of it: the kind, and where that is not all, one value of it. */
static const struct {
    enum drive_event_kind kind;
    int detail; /* -1: any */
} meanings[FAULT_EVENTS] = {
    [FAULT_EVENT_MEDIUM_READY] = {DRIVE_EVENT_MEDIUM,         DRIVE_MEDIUM_READY         },
    [FAULT_EVENT_MEDIUM_UNUSABLE] = {DRIVE_EVENT_MEDIUM,         DRIVE_MEDIUM_UNUSABLE      },
    [FAULT_EVENT_MEDIUM_BECOMING_READY] = {DRIVE_EVENT_MEDIUM,         DRIVE_MEDIUM_BECOMING_READY},
    [FAULT_EVENT_TRAY_OPENED] = {DRIVE_EVENT_MEDIUM,         DRIVE_MEDIUM_TRAY_OPEN     },
    [FAULT_EVENT_TRAY_CLOSED_EMPTY] = {DRIVE_EVENT_MEDIUM,         DRIVE_MEDIUM_ABSENT        },
    [FAULT_EVENT_EJECT_REQUEST] = {DRIVE_EVENT_EJECT_REQUEST,  -1                         },
    [FAULT_EVENT_PREVENTED] = {DRIVE_EVENT_PREVENT,        true                       },
    [FAULT_EVENT_ALLOWED] = {DRIVE_EVENT_PREVENT,        false                      },
    [FAULT_EVENT_AGID_GRANTED] = {DRIVE_EVENT_AGID,           true                       },
    [FAULT_EVENT_AGID_RELEASED] = {DRIVE_EVENT_AGID,           false                      },
    [FAULT_EVENT_AUTHENTICATED] = {DRIVE_EVENT_AUTHENTICATION, true                       },
    [FAULT_EVENT_AUTHENTICATION_FAILED] = {DRIVE_EVENT_AUTHENTICATION, false                      },
    [FAULT_EVENT_ASF_SET] = {DRIVE_EVENT_ASF,            true                       },
    [FAULT_EVENT_ASF_CLEARED] = {DRIVE_EVENT_ASF,            false                      },
    [FAULT_EVENT_REGION_CHANGED] = {DRIVE_EVENT_REGION,         -1                         },
    [FAULT_EVENT_UNIT_ATTENTION] = {DRIVE_EVENT_UNIT_ATTENTION, -1                         },
    [FAULT_EVENT_RESET] = {DRIVE_EVENT_RESET,          -1                         },
};

/* The value of an event that `detail` above speaks of; -2: none of those. */
static int detail_of(const struct drive_event *event)
{
    switch (event->kind) {
    case DRIVE_EVENT_MEDIUM:
        return (int)event->medium;
    case DRIVE_EVENT_PREVENT:
    case DRIVE_EVENT_ASF:
        return event->flag;
    case DRIVE_EVENT_AUTHENTICATION:
        return event->agid.right;
    case DRIVE_EVENT_AGID:
        if (event->agid.from == CSS_AUTH_FREE)
            return true;
        return event->agid.to == CSS_AUTH_FREE ? false : -2;
    default:
        return -2;
    }
}

bool fault_event_is(enum fault_event wanted, const struct drive_event *event)
{
    if (wanted == FAULT_EVENT_NONE || meanings[wanted].kind != event->kind)
        return false;
    return meanings[wanted].detail < 0 || meanings[wanted].detail == detail_of(event);
}
