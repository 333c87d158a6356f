/* SPDX-License-Identifier: MIT */
#include "emulator/profile_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_inquiry_length(const struct setting *setting, const char *key, const char *value,
                                 void *target, char *fault, size_t fault_size)
{
    struct profile_file *file = target;

    (void)setting;
    (void)key;
    if (strcmp(value, "36") != 0 && strcmp(value, "96") != 0) {
        snprintf(fault, fault_size, "not a length of standard INQUIRY data");
        return false;
    }
    file->profile.inquiry_length = strtol(value, NULL, 10);
    return true;
}

static bool parse_wwn(const struct setting *setting, const char *key, const char *value,
                      void *target, char *fault, size_t fault_size)
{
    struct profile_file *file = target;
    uint8_t bytes[8];

    (void)setting;
    (void)key;
    if (settings_hex_bytes(value, bytes, sizeof bytes) != (long)sizeof bytes) {
        snprintf(fault, fault_size, "not 8 bytes");
        return false;
    }
    file->profile.wwn = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        file->profile.wwn = file->profile.wwn << 8 | bytes[i];
    return true;
}

static bool parse_firmware_date(const struct setting *setting, const char *key, const char *value,
                                void *target, char *fault, size_t fault_size)
{
    struct profile_file *file = target;
    size_t length = sizeof file->profile.firmware_date - 1;

    (void)setting;
    (void)key;
    if (strlen(value) != length || strspn(value, "0123456789") != length) {
        snprintf(fault, fault_size, "not %zu digits", length);
        return false;
    }
    memcpy(file->profile.firmware_date, value, length + 1);
    return true;
}

static bool parse_variant(const struct setting *setting, const char *key, const char *value,
                          void *target, char *fault, size_t fault_size)
{
    struct profile_file *file = target;

    if (strcmp(value, "random") == 0) {
        file->profile.css_variant = -1;
        return true;
    }
    return settings_parse_integer(setting, key, value, target, fault, fault_size);
}

static bool parse_challenge(const struct setting *setting, const char *key, const char *value,
                            void *target, char *fault, size_t fault_size)
{
    struct profile_file *file = target;
    uint8_t bytes[CSS_CHALLENGE_SIZE];

    (void)setting;
    (void)key;
    file->profile.has_css_challenge = false;
    if (strcmp(value, "random") == 0)
        return true;
    if (settings_hex_bytes(value, bytes, sizeof bytes) != (long)sizeof bytes) {
        snprintf(fault, fault_size, "not %d bytes", CSS_CHALLENGE_SIZE);
        return false;
    }
    file->profile.has_css_challenge = true;
    memcpy(file->profile.css_challenge.byte, bytes, sizeof bytes);
    return true;
}

static bool parse_region(const struct setting *setting, const char *key, const char *value,
                         void *target, char *fault, size_t fault_size)
{
    struct profile_file *file = target;

    (void)setting;
    (void)key;
    if (strcmp(value, "none") == 0) {
        file->region_mask = REGION_MASK_NONE;
        return true;
    }
    if (strlen(value) != 1 || value[0] < '1' || value[0] > '8') {
        snprintf(fault, fault_size, "not a region");
        return false;
    }
    file->region_mask = (uint8_t) ~(1u << (value[0] - '1'));
    return true;
}

static const char *const agid_exhausted[] = {"refuse", "recycle", NULL};
static const char *const agid_on_refused_key[] = {"release", "keep", NULL};
static const char *const unprotected_title_key[] = {"zero", "key-not-present", NULL};
static const char *const region_gate[] = {"title-key", "strict", NULL};
static const char *const region_set_medium[] = {"required", "any", NULL};
static const char *const region_unset[] = {"plays-none", "plays-region-free", NULL};
static const char *const asf_medium[] = {"required", "any", NULL};
static const char *const read_cd[] = {"refuse", "user-data", NULL};
static const char *const performance_tolerance[] = {"strict", "any", NULL};
static const char *const timing[] = {"instant", "realistic", NULL};
static const char *const rpc[] = {"phase-2", "phase-1", "none", NULL};

#define PROFILE(field) offsetof(struct profile_file, profile.field)
#define TEXT(section, key, field, minimum)                                                         \
    {                                                                                              \
        section, key, settings_parse_text, PROFILE(field), minimum,                                \
            sizeof(((struct drive_profile *)0)->field) - 1, NULL, "printable ASCII"                \
    }
#define INTEGER(section, key, offset, minimum, maximum, form)                                      \
    {                                                                                              \
        section, key, settings_parse_integer, offset, minimum, maximum, NULL, form                 \
    }
#define MILLISECONDS(key, field, minimum, maximum, form)                                           \
    INTEGER("mechanics", key, PROFILE(field), minimum, maximum, form)
#define SWITCH(section, key, field)                                                                \
    {                                                                                              \
        section, key, settings_parse_switch, PROFILE(field), 0, 0, NULL, "on | off"                \
    }
#define CHOICE(section, key, field, choices, form)                                                 \
    {                                                                                              \
        section, key, settings_parse_choice, PROFILE(field), 0, 0, choices, form                   \
    }
#define OWN(section, key, parse, form)                                                             \
    {                                                                                              \
        section, key, parse, 0, 0, 0, NULL, form                                                   \
    }

/* clang-format off */
const struct setting profile_table[] = {
    TEXT("identity", "vendor", vendor, 1),
    TEXT("identity", "product", product, 1),
    TEXT("identity", "revision", revision, 1),
    TEXT("identity", "serial", serial, 0),
    OWN("identity", "firmware-date", parse_firmware_date, "CCYYMMDDhhmmss"),
    OWN("identity", "wwn", parse_wwn, "8 bytes in hexadecimal"),
    OWN("identity", "inquiry-length", parse_inquiry_length, "36 | 96"),
    INTEGER("identity", "interface", PROFILE(interface), 0, 0xFFFF, "0..65535, the physical interface standard of the core feature"),

    SWITCH("abilities", "css", css),
    INTEGER("abilities", "agids", PROFILE(agids), 1, PROFILE_AGIDS_MAX, "1..4"),
    INTEGER("abilities", "max-read-speed", PROFILE(max_read_speed), 1385, 0xFFFE, "1385..65534 (kB/s)"),
    INTEGER("abilities", "buffer-size", PROFILE(buffer_size), 65536, 0xFFFF * INT64_C(1024), "65536..67107840 (bytes)"),
    INTEGER("abilities", "spin-up-time", PROFILE(spin_up_time), 0, 600000, "0..600000 (milliseconds)"),

    CHOICE("mechanics", "timing", timing, timing, "instant | realistic"),
    MILLISECONDS("tray-time", tray_time, 0, 60000, "0..60000 (milliseconds)"),
    MILLISECONDS("start-time", start_time, 0, 60000, "0..60000 (milliseconds)"),
    MILLISECONDS("identification-time", identification_time, 0, 600000, "0..600000 (milliseconds)"),
    MILLISECONDS("wake-time", wake_time, 0, 60000, "0..60000 (milliseconds)"),
    MILLISECONDS("seek-time", seek_time, 0, 10000, "0..10000 (milliseconds)"),
    MILLISECONDS("full-seek-time", full_seek_time, 0, 30000, "0..30000 (milliseconds), seek-time to three times seek-time"),
    MILLISECONDS("layer-change-time", layer_change_time, 0, 10000, "0..10000 (milliseconds)"),
    MILLISECONDS("authentication-time", authentication_time, 0, 10000, "0..10000 (milliseconds)"),

    CHOICE("policies", "agid-exhausted", agid_exhausted, agid_exhausted, "refuse | recycle"),
    CHOICE("policies", "agid-on-refused-key", agid_on_refused_key, agid_on_refused_key, "release | keep"),
    CHOICE("policies", "unprotected-title-key", unprotected_title_key, unprotected_title_key, "zero | key-not-present"),
    CHOICE("policies", "region-gate", region_gate, region_gate, "title-key | strict"),
    SWITCH("policies", "scrambled-read-gate", scrambled_read_gate),
    CHOICE("policies", "region-set-medium", region_set_medium, region_set_medium, "required | any"),
    CHOICE("policies", "region-unset", region_unset, region_unset, "plays-none | plays-region-free"),
    CHOICE("policies", "asf-medium", asf_medium, asf_medium, "required | any"),
    CHOICE("policies", "read-cd", read_cd, read_cd, "refuse | user-data"),
    CHOICE("policies", "performance-tolerance", performance_tolerance, performance_tolerance, "strict | any"),

    CHOICE("region", "rpc", rpc, rpc, "phase-2 | phase-1 | none"),
    OWN("region", "region", parse_region, "none | 1..8"),
    INTEGER("region", "user-changes", offsetof(struct profile_file, user_changes), 0, REGION_USER_CHANGES, "0..5"),
    INTEGER("region", "vendor-resets", offsetof(struct profile_file, vendor_resets), 0, REGION_VENDOR_RESETS, "0..4"),

    INTEGER("random", "seed", PROFILE(seed), 0, INT64_MAX, "0..9223372036854775807"),
    {"random", "css-variant", parse_variant, PROFILE(css_variant), 0, CSS_VARIANTS - 1, NULL, "random | 0..31"},
    OWN("random", "css-challenge", parse_challenge, "random | 10 bytes in hexadecimal, internal order"),

    {"fault *", .offset = offsetof(struct profile_file, faults)},
    {0},
};
/* clang-format on */
