/* SPDX-License-Identifier: MIT */
#include "tests/conformance/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/settings.h"

void conformance_profile(struct drive_profile *profile)
{
    drive_profile_init(profile);
    snprintf(profile->vendor, sizeof profile->vendor, "%s", "VODD");
    snprintf(profile->product, sizeof profile->product, "%s", "DVD-ROM MODEL 16");
    snprintf(profile->revision, sizeof profile->revision, "%s", "1.00");
    snprintf(profile->serial, sizeof profile->serial, "%s", "123456789012");
    profile->firmware_date[0] = '\0';
    profile->wwn = 0;
    profile->interface = 1;
    profile->max_read_speed = 22160;
    profile->buffer_size = 524288;
    profile->spin_up_time = 0;
    profile->css_variant = 13;
    profile->has_css_challenge = true;
    for (unsigned i = 0; i < CSS_CHALLENGE_SIZE; i++)
        profile->css_challenge.byte[i] = (uint8_t)(0x10 + i);
    profile->factory_region = (struct region_state){REGION_MASK_NONE, 5, 4};
}

static const struct number {
    const char *name;
    size_t offset;
} numbers[] = {
    {"inquiry-length",      offsetof(struct drive_profile, inquiry_length)     },
    {"interface",           offsetof(struct drive_profile, interface)          },
    {"agids",               offsetof(struct drive_profile, agids)              },
    {"max-read-speed",      offsetof(struct drive_profile, max_read_speed)     },
    {"buffer-size",         offsetof(struct drive_profile, buffer_size)        },
    {"spin-up-time",        offsetof(struct drive_profile, spin_up_time)       },
    {"tray-time",           offsetof(struct drive_profile, tray_time)          },
    {"start-time",          offsetof(struct drive_profile, start_time)         },
    {"identification-time", offsetof(struct drive_profile, identification_time)},
    {"wake-time",           offsetof(struct drive_profile, wake_time)          },
    {"seek-time",           offsetof(struct drive_profile, seek_time)          },
    {"full-seek-time",      offsetof(struct drive_profile, full_seek_time)     },
    {"layer-change-time",   offsetof(struct drive_profile, layer_change_time)  },
    {"authentication-time", offsetof(struct drive_profile, authentication_time)},
    {"seed",                offsetof(struct drive_profile, seed)               },
    {"css-variant",         offsetof(struct drive_profile, css_variant)        },
};

static const struct choice {
    const char *text;
    size_t offset;
    int value;
} choices[] = {
    {"agid-exhausted=refuse",             offsetof(struct drive_profile, agid_exhausted),
     AGID_EXHAUSTED_REFUSE                                                                                            },
    {"agid-exhausted=recycle",            offsetof(struct drive_profile, agid_exhausted),
     AGID_EXHAUSTED_RECYCLE                                                                                           },
    {"agid-on-refused-key=release",       offsetof(struct drive_profile, agid_on_refused_key),
     AGID_ON_REFUSED_KEY_RELEASE                                                                                      },
    {"agid-on-refused-key=keep",          offsetof(struct drive_profile, agid_on_refused_key),
     AGID_ON_REFUSED_KEY_KEEP                                                                                         },
    {"unprotected-title-key=zero",        offsetof(struct drive_profile, unprotected_title_key),
     UNPROTECTED_TITLE_KEY_ZERO                                                                                       },
    {"unprotected-title-key=not-present", offsetof(struct drive_profile, unprotected_title_key),
     UNPROTECTED_TITLE_KEY_NOT_PRESENT                                                                                },
    {"region-gate=title-key",             offsetof(struct drive_profile, region_gate),           REGION_GATE_TITLE_KEY},
    {"region-gate=strict",                offsetof(struct drive_profile, region_gate),           REGION_GATE_STRICT   },
    {"region-set-medium=required",        offsetof(struct drive_profile, region_set_medium),
     REGION_SET_MEDIUM_REQUIRED                                                                                       },
    {"region-set-medium=any",             offsetof(struct drive_profile, region_set_medium),
     REGION_SET_MEDIUM_ANY                                                                                            },
    {"region-unset=plays-none",           offsetof(struct drive_profile, region_unset),
     REGION_UNSET_PLAYS_NONE                                                                                          },
    {"region-unset=plays-region-free",    offsetof(struct drive_profile, region_unset),
     REGION_UNSET_PLAYS_REGION_FREE                                                                                   },
    {"asf-medium=required",               offsetof(struct drive_profile, asf_medium),            ASF_MEDIUM_REQUIRED  },
    {"asf-medium=any",                    offsetof(struct drive_profile, asf_medium),            ASF_MEDIUM_ANY       },
    {"read-cd=refuse",                    offsetof(struct drive_profile, read_cd),               READ_CD_REFUSE       },
    {"read-cd=user-data",                 offsetof(struct drive_profile, read_cd),               READ_CD_USER_DATA    },
    {"performance-tolerance=strict",      offsetof(struct drive_profile, performance_tolerance),
     PERFORMANCE_TOLERANCE_STRICT                                                                                     },
    {"performance-tolerance=any",         offsetof(struct drive_profile, performance_tolerance),
     PERFORMANCE_TOLERANCE_ANY                                                                                        },
    {"timing=instant",                    offsetof(struct drive_profile, timing),                TIMING_INSTANT       },
    {"timing=realistic",                  offsetof(struct drive_profile, timing),                TIMING_REALISTIC     },
    {"rpc=phase-2",                       offsetof(struct drive_profile, rpc),                   REGION_SCHEME_PHASE_2},
    {"rpc=phase-1",                       offsetof(struct drive_profile, rpc),                   REGION_SCHEME_PHASE_1},
    {"rpc=none",                          offsetof(struct drive_profile, rpc),                   REGION_SCHEME_NONE   },
};

static bool set_number(struct drive_profile *profile, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char *end;
        long long number = strtoll(value, &end, 0);
        if (strcmp(numbers[i].name, name) != 0 || *end || end == value)
            continue;
        int64_t *target = (int64_t *)(void *)((char *)profile + numbers[i].offset);
        *target = number;
        return true;
    }
    return false;
}

/* region=FE/4/4: mask, user changes left, vendor resets left. */
static bool set_region(struct drive_profile *profile, const char *value)
{
    char *end;
    profile->factory_region.mask = (uint8_t)strtoul(value, &end, 16);
    if (*end != '/')
        return false;
    profile->factory_region.user_changes = (uint8_t)strtoul(end + 1, &end, 10);
    if (*end != '/')
        return false;
    profile->factory_region.vendor_resets = (uint8_t)strtoul(end + 1, &end, 10);
    return *end == '\0';
}

static bool set_text(char *target, size_t room, const char *value)
{
    if (strlen(value) >= room)
        return false;
    snprintf(target, room, "%s", value);
    return true;
}

static bool set_challenge(struct drive_profile *profile, const char *value)
{
    profile->has_css_challenge = strcmp(value, "drawn") != 0;
    if (!profile->has_css_challenge)
        return true;
    return settings_hex_bytes(value, profile->css_challenge.byte, CSS_CHALLENGE_SIZE) ==
           CSS_CHALLENGE_SIZE;
}

bool conformance_setting(struct drive_profile *profile, const char *setting)
{
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        if (strcmp(choices[i].text, setting) == 0) {
            *(int *)(void *)((char *)profile + choices[i].offset) = choices[i].value;
            return true;
        }
    }
    const char *equals = strchr(setting, '=');
    if (!equals)
        return false;
    const char *value = equals + 1;
    bool on = strcmp(value, "on") == 0;
    char name[32] = "";
    if ((size_t)(equals - setting) >= sizeof name)
        return false;
    memcpy(name, setting, (size_t)(equals - setting));

    if (!strcmp(name, "css") && (on || !strcmp(value, "off")))
        return profile->css = on, true;
    if (!strcmp(name, "scrambled-read-gate") && (on || !strcmp(value, "off")))
        return profile->scrambled_read_gate = on, true;
    if (!strcmp(name, "region"))
        return set_region(profile, value);
    if (!strcmp(name, "challenge"))
        return set_challenge(profile, value);
    if (!strcmp(name, "serial"))
        return set_text(profile->serial, sizeof profile->serial, value);
    if (!strcmp(name, "firmware-date"))
        return set_text(profile->firmware_date, sizeof profile->firmware_date, value);
    if (!strcmp(name, "wwn"))
        return profile->wwn = strtoull(value, NULL, 16), true;
    return set_number(profile, name, value);
}
