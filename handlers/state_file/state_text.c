/* SPDX-License-Identifier: MIT */
#include "handlers/state_file/state_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "media/settings.h"
#include "media/settings_quotes.h"

#define FIRST_LINE     "# State of a vodd drive.  Written by vodd; do not edit.\n"
#define CHECKSUM_LINE  "checksum = "
#define FORMAT_VERSION 1

struct state_text {
    int64_t version;
    char serial[32 + 1];
    int64_t mask, user_changes, vendor_resets;
    char checksum[16 + 1];
};

#define FIELD(name) offsetof(struct state_text, name)
static const struct setting settings[] = {
    {"drive",                 "version", settings_parse_integer, FIELD(version), 0, INT64_MAX, NULL, "a number"},
    {"drive", "serial", settings_parse_text, FIELD(serial), 0, 32, NULL, "printable ASCII"},
    {"region",                      "mask", settings_parse_integer, FIELD(mask), 0, REGION_MASK_NONE, NULL,
     "0x00..0xFF"},
    {"region",                   "user-changes", settings_parse_integer, FIELD(user_changes), 0, REGION_USER_CHANGES,
     NULL, "0..5"},
    {"region",                       "vendor-resets", settings_parse_integer, FIELD(vendor_resets), 0,
     REGION_VENDOR_RESETS, NULL, "0..4"},
    {"end",               "checksum", settings_parse_text, FIELD(checksum), 16, 16, NULL,
     "16 hexadecimal digits"},
    {0         },
};

/* FNV-1a: every step is one-to-one, so no single damaged byte goes unnoticed. */
static uint64_t checksum(const char *text, size_t length)
{
    uint64_t sum = 0xCBF29CE484222325u;

    for (size_t i = 0; i < length; i++)
        sum = (sum ^ (uint8_t)text[i]) * 0x100000001B3u;
    return sum;
}

size_t state_text_write(char text[STATE_TEXT_MAX], const char *serial,
                        const struct drive_nonvolatile *state)
{
    char quoted[SETTINGS_QUOTED_SIZE(sizeof(((struct state_text *)0)->serial))];
    int length;

    settings_quote(serial, quoted);
    length = snprintf(text, STATE_TEXT_MAX,
                      FIRST_LINE "[drive]\n"
                                 "version = %d\n"
                                 "serial = %s\n"
                                 "[region]\n"
                                 "mask = 0x%02X\n"
                                 "user-changes = %u\n"
                                 "vendor-resets = %u\n"
                                 "[end]\n",
                      FORMAT_VERSION, quoted, state->region.mask, state->region.user_changes,
                      state->region.vendor_resets);
    size_t covered = (size_t)length;

    return covered + (size_t)snprintf(text + covered, STATE_TEXT_MAX - covered,
                                      CHECKSUM_LINE "%016" PRIx64 "\n", checksum(text, covered));
}

static bool parse(const char *name, const char *text, struct state_text *values,
                  struct diagnostics *diagnostics)
{
    *values = (struct state_text){.version = -1};
    if (strncmp(text, FIRST_LINE, strlen(FIRST_LINE)) != 0) {
        diagnostics_error(diagnostics, "%s: not a state file of vodd", name);
        return false;
    }
    return settings_read(name, text, settings, values, diagnostics);
}

bool state_text_read(const char *name, const char *text, const char *serial,
                     struct drive_nonvolatile *state, struct diagnostics *diagnostics)
{
    struct state_text values;
    struct drive_nonvolatile found;
    char canonical[STATE_TEXT_MAX];

    if (!parse(name, text, &values, diagnostics))
        return false;
    if (values.version != FORMAT_VERSION) {
        diagnostics_error(diagnostics, "%s: state of version %" PRId64 "; accepted: %d", name,
                          values.version, FORMAT_VERSION);
        return false;
    }
    found = (struct drive_nonvolatile){
        .region = {.mask = (uint8_t)values.mask,
                   .user_changes = (uint8_t)values.user_changes,
                   .vendor_resets = (uint8_t)values.vendor_resets},
    };
    state_text_write(canonical, values.serial, &found);
    if (strcmp(text, canonical) != 0 || !region_state_is_valid(&found.region)) {
        diagnostics_error(diagnostics,
                          "%s: the state is damaged: restore it from a copy, or remove it to give "
                          "the drive the state it had when it left the factory",
                          name);
        return false;
    }
    if (strcmp(values.serial, serial) != 0) {
        diagnostics_error(diagnostics,
                          "%s: the state of the drive with serial number \"%s\"; this one has "
                          "\"%s\"",
                          name, values.serial, serial);
        return false;
    }
    *state = found;
    return true;
}
