/* SPDX-License-Identifier: MIT */
#include "tests/conformance/texts.h"

#include <inttypes.h>
#include <limits.h>

#include "media/settings_quotes.h"

static void text_hex(FILE *stream, const char *key, const uint8_t *bytes, size_t count)
{
    fprintf(stream, "%s =", key);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s%02X", i > 0 && i % 32 == 0 ? "\n  " : " ", bytes[i]);
    fprintf(stream, "\n");
}

static const char *on_off(bool on)
{
    return on ? "on" : "off";
}

static void text_identity(FILE *stream, const struct drive_profile *profile)
{
    uint8_t wwn[8];

    fprintf(stream, "[identity]\nvendor = %s\nproduct = %s\nrevision = %s\nserial = %s\n",
            profile->vendor, profile->product, profile->revision, profile->serial);
    if (profile->firmware_date[0])
        fprintf(stream, "firmware-date = %s\n", profile->firmware_date);
    for (unsigned i = 0; i < 8; i++)
        wwn[i] = (uint8_t)(profile->wwn >> (56 - 8 * i));
    if (profile->wwn)
        text_hex(stream, "wwn", wwn, sizeof wwn);
    fprintf(stream, "inquiry-length = %" PRId64 "\ninterface = %" PRId64 "\n",
            profile->inquiry_length, profile->interface);
}

static void text_mechanics(FILE *stream, const struct drive_profile *profile)
{
    static const char *const timing[] = {"instant", "realistic"};

    fprintf(stream, "[mechanics]\ntiming = %s\n", timing[profile->timing]);
    fprintf(stream, "tray-time = %" PRId64 "\nstart-time = %" PRId64 "\n", profile->tray_time,
            profile->start_time);
    fprintf(stream, "identification-time = %" PRId64 "\nwake-time = %" PRId64 "\n",
            profile->identification_time, profile->wake_time);
    fprintf(stream, "seek-time = %" PRId64 "\nfull-seek-time = %" PRId64 "\n", profile->seek_time,
            profile->full_seek_time);
    fprintf(stream, "layer-change-time = %" PRId64 "\nauthentication-time = %" PRId64 "\n",
            profile->layer_change_time, profile->authentication_time);
}

static void text_policies(FILE *stream, const struct drive_profile *profile)
{
    static const char *const exhausted[] = {"refuse", "recycle"};
    static const char *const refused[] = {"release", "keep"};
    static const char *const unprotected[] = {"zero", "key-not-present"};
    static const char *const gate[] = {"title-key", "strict"};
    static const char *const medium[] = {"required", "any"};
    static const char *const unset[] = {"plays-none", "plays-region-free"};
    static const char *const asf[] = {"required", "any"};
    static const char *const read_cd[] = {"refuse", "user-data"};
    static const char *const tolerance[] = {"strict", "any"};

    fprintf(stream, "[policies]\nagid-exhausted = %s\nagid-on-refused-key = %s\n",
            exhausted[profile->agid_exhausted], refused[profile->agid_on_refused_key]);
    fprintf(stream, "unprotected-title-key = %s\nregion-gate = %s\nscrambled-read-gate = %s\n",
            unprotected[profile->unprotected_title_key], gate[profile->region_gate],
            on_off(profile->scrambled_read_gate));
    fprintf(stream, "region-set-medium = %s\nregion-unset = %s\n",
            medium[profile->region_set_medium], unset[profile->region_unset]);
    fprintf(stream, "asf-medium = %s\nread-cd = %s\nperformance-tolerance = %s\n",
            asf[profile->asf_medium], read_cd[profile->read_cd],
            tolerance[profile->performance_tolerance]);
}

static void text_region(FILE *stream, const struct drive_profile *profile)
{
    static const char *const rpc[] = {"phase-2", "phase-1", "none"};
    const struct region_state *state = &profile->factory_region;

    fprintf(stream, "[region]\nrpc = %s\n", rpc[profile->rpc]);
    for (unsigned region = 1; region <= 8; region++)
        if (!(state->mask >> (region - 1) & 1))
            fprintf(stream, "region = %u\n", region);
    fprintf(stream, "user-changes = %u\nvendor-resets = %u\n", state->user_changes,
            state->vendor_resets);
}

void text_profile(FILE *stream, const struct drive_profile *profile)
{
    text_identity(stream, profile);
    fprintf(stream, "[abilities]\ncss = %s\nagids = %" PRId64 "\nmax-read-speed = %" PRId64 "\n",
            on_off(profile->css), profile->agids, profile->max_read_speed);
    fprintf(stream, "buffer-size = %" PRId64 "\nspin-up-time = %" PRId64 "\n", profile->buffer_size,
            profile->spin_up_time);
    text_mechanics(stream, profile);
    text_policies(stream, profile);
    text_region(stream, profile);
    fprintf(stream, "[random]\nseed = %" PRId64 "\n", profile->seed);
    if (profile->css_variant >= 0)
        fprintf(stream, "css-variant = %" PRId64 "\n", profile->css_variant);
    if (profile->has_css_challenge)
        text_hex(stream, "css-challenge", profile->css_challenge.byte, CSS_CHALLENGE_SIZE);
}

static void text_extents(FILE *stream, const char *key, const struct disc_extents *extents,
                         bool title_sets)
{
    if (extents->count == 0)
        return;
    fprintf(stream, "%s = ", key);
    for (size_t i = 0; i < extents->count; i++) {
        const struct disc_extent *extent = &extents->extent[i];
        fprintf(stream, "%s%" PRIu32 "-%" PRIu32, i > 0 ? ", " : "", extent->first,
                extent->first + extent->count - 1);
        if (title_sets)
            fprintf(stream, ":%u", extent->title_set);
    }
    fprintf(stream, "\n");
}

static void text_css(FILE *stream, const struct disc_description *description)
{
    char key[8];

    fprintf(stream, "[copyright]\nprotection = css\nregions = ");
    for (unsigned region = 1, written = 0; region <= 8; region++)
        if (!(description->regions_forbidden >> (region - 1) & 1))
            fprintf(stream, "%s%u", written++ ? "," : "", region);
    fprintf(stream, "\n[css]\n");
    if (description->has_disc_key)
        text_hex(stream, "disc-key", description->disc_key.byte, 5);
    text_extents(stream, "extents", &description->scramble_extents, true);
    fprintf(stream, "[player-keys]\n");
    for (unsigned i = 0; i < CSS_PLAYER_KEYS; i++) {
        snprintf(key, sizeof key, "%u", i + 1);
        if (description->has_player_key[i])
            text_hex(stream, key, description->player_key[i].byte, 5);
    }
    fprintf(stream, "[title-keys]\n");
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++) {
        snprintf(key, sizeof key, "%u", i);
        if (description->has_title_key[i])
            text_hex(stream, key, description->title_key[i].byte, 5);
    }
}

void text_disc(FILE *stream, const struct disc_description *description)
{
    fprintf(stream, "[disc]\n");
    if (description->medium == DISC_MEDIUM_UNREADABLE) {
        fprintf(stream, "type = unreadable\n");
        return;
    }
    char image[SETTINGS_QUOTED_SIZE(PATH_MAX)];
    settings_quote(description->image, image);
    fprintf(stream, "image = %s\n", image);
    if (description->layers)
        fprintf(stream, "layers = %u\n", description->layers);
    if (description->layers == 2)
        fprintf(stream, "track-path = %s\n",
                description->track_path == DISC_TRACK_PATH_OPPOSITE ? "opposite" : "parallel");
    if (description->layer_break)
        fprintf(stream, "layer-break = %" PRIu32 "\n", description->layer_break);
    fprintf(stream, "book-version = %u\nsize = %s\n", description->book_version,
            description->disc_80mm ? "80" : "120");
    if (description->protection == DISC_PROTECTION_CSS)
        text_css(stream, description);
    fprintf(stream, "[lead-in]\n");
    if (description->bca_size)
        text_hex(stream, "bca", description->bca, description->bca_size);
    /* Only the beginning is not zero. */
    text_hex(stream, "manufacturing", description->manufacturing, 32);
    fprintf(stream, "[defects]\n");
    text_extents(stream, "unreadable", &description->defects, false);
}
