/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

/* Layers begin with an ECC block of 16 sectors. */
#define ECC_BLOCK_SECTORS 16u

static uint32_t default_layer_break(uint32_t sectors)
{
    uint32_t half = (sectors + 1) / 2;
    return (half + ECC_BLOCK_SECTORS - 1) / ECC_BLOCK_SECTORS * ECC_BLOCK_SECTORS;
}

static bool check_layer_break(const struct disc_description *description, uint32_t sectors,
                              const char *name, struct diagnostics *diagnostics)
{
    uint32_t first = description->layer_break;
    uint32_t most = DISC_TWO_LAYER_SECTORS_MAX;
    if (first % ECC_BLOCK_SECTORS != 0) {
        diagnostics_error(diagnostics, "%s: layer break %u is not a multiple of %u", name, first,
                          ECC_BLOCK_SECTORS);
        return false;
    }
    if (first >= sectors) {
        diagnostics_error(diagnostics,
                          "%s: layer break %u leaves nothing of %u sectors for layer 1", name,
                          first, sectors);
        return false;
    }
    uint32_t second = sectors - first;
    if (first > most || second > most) {
        diagnostics_error(diagnostics,
                          "%s: layers of %u and %u sectors; accepted: at most %u sectors a layer",
                          name, first, second, most);
        return false;
    }
    if (description->track_path == DISC_TRACK_PATH_OPPOSITE && second > first) {
        diagnostics_error(
            diagnostics,
            "%s: layer break %u makes layer 1 (%u sectors) longer than layer 0, which "
            "an opposite track path does not allow",
            name, first, second);
        return false;
    }
    return true;
}

bool disc_settle_layers(struct disc_description *description, uint32_t sectors,
                        const struct disc_names *names, struct diagnostics *diagnostics)
{
    if (description->layers == 0)
        description->layers =
            description->layer_break != 0 || sectors > DISC_LAYER_SECTORS_MAX ? 2 : 1;
    if (description->layers == 1) {
        description->layer_break = 0;
        if (sectors <= DISC_LAYER_SECTORS_MAX)
            return true;
        diagnostics_error(diagnostics, "%s: %u sectors do not fit on one layer of %u",
                          names->name[DISC_SETTING_LAYERS], sectors, DISC_LAYER_SECTORS_MAX);
        return false;
    }
    if (description->layer_break == 0)
        description->layer_break = default_layer_break(sectors);
    return check_layer_break(description, sectors, names->name[DISC_SETTING_LAYER_BREAK],
                             diagnostics);
}
