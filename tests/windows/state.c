/* SPDX-License-Identifier: MIT */

/* What "expect KEY VALUE" can ask: the driver's knowledge, in words. */

#include <stdio.h>
#include <string.h>

#include "tests/windows/guest.h"

static const char *device_word(const struct guest *guest)
{
    if (!guest->device.started)
        return "none";
    return guest->device.dvd ? "dvd" : guest->device.mmc ? "mmc" : "cd-rom";
}

static const char *media_word(const struct guest *guest)
{
    static const char *const words[] = {"unknown", "absent", "present", "unavailable"};
    return words[guest->device.media];
}

static const char *polling_word(const struct guest *guest)
{
    static const char *const words[] = {"none", "events", "unit"};
    return words[guest->device.polling];
}

static const char *mmc_word(const struct guest *guest)
{
    return guest->device.mmc_state == CDROM_MMC_CURRENT ? "current" : "stale";
}

static const char *pick_word(const struct guest *guest)
{
    return guest->device.region_pick_armed ? "armed" : "off";
}

static const char *verify_word(const struct guest *guest)
{
    return guest->device.verify ? "set" : "clear";
}

static const char *writer_word(const struct guest *guest)
{
    return guest->device.writer ? "yes" : "no";
}

static const char *non_mmc_word(const struct guest *guest)
{
    return guest->registry.non_mmc ? "1" : "0";
}

static const char *no_type_one_word(const struct guest *guest)
{
    return guest->registry.no_type_one ? "1" : "0";
}

static const char *vendor_profile_word(const struct guest *guest)
{
    return guest->registry.vendor_profile ? "1" : "0";
}

static const char *detection_word(const struct guest *guest)
{
    static const char *const words[] = {"0", "1", "2"};
    return words[guest->registry.detection_state];
}

static const char *changes_word(const struct guest *guest)
{
    static char text[16];
    snprintf(text, sizeof text, "%u", guest->device.media_changes);
    return text;
}

static const struct {
    const char *key;
    const char *(*word)(const struct guest *guest);
} states[] = {
    {"device",                      device_word        },
    {"media",                       media_word         },
    {"polling",                     polling_word       },
    {"mmc-state",                   mmc_word           },
    {"region-pick",                 pick_word          },
    {"verify-flag",                 verify_word        },
    {"writer",                      writer_word        },
    {"media-changes",               changes_word       },
    {"NonMmc",                      non_mmc_word       },
    {"NoTypeOneGetConfig",          no_type_one_word   },
    {"MMCDetectionState",           detection_word     },
    {"NonMmcVendorSpecificProfile", vendor_profile_word},
};

/* All since the last time they were asked for. */
static bool judge_notes(struct guest *guest, const char *expected)
{
    static const char *const words[] = {
        "arrival",          "removal",    "eject-request", "becoming-ready",
        "external-request", "bus-rescan", "bug-check",
    };
    char got[400] = "";

    for (size_t i = 0; i < guest->device.note_count; i++) {
        size_t used = strlen(got);
        snprintf(got + used, sizeof got - used, "%s%s", i > 0 ? " " : "",
                 words[guest->device.notes[i]]);
    }
    guest->device.note_count = 0;
    if (!*got)
        snprintf(got, sizeof got, "none");
    return strcmp(got, expected) == 0 ? true : run_fault(&guest->run, "told: %s", got);
}

bool guest_judge_state(struct guest *guest, const char *line)
{
    size_t length = strcspn(line, " ");
    const char *expected = line + length + strspn(line + length, " ");

    if (length == 5 && !strncmp(line, "notes", 5))
        return judge_notes(guest, expected);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strlen(states[i].key) != length || strncmp(states[i].key, line, length) != 0)
            continue;
        const char *got = states[i].word(guest);
        return strcmp(got, expected) == 0 ? true : run_fault(&guest->run, "it is %s", got);
    }
    return run_fault(&guest->run, "there is no %.*s", (int)length, line);
}
