/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/disc_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "handlers/text/json_text.h"
#include "media/region_list.h"

static json_t *hex(const uint8_t *bytes, size_t size)
{
    char *text = malloc(3 * size + 1);
    if (!text)
        return NULL;
    text[0] = 0;
    for (size_t i = 0; i < size; i++)
        sprintf(text + 3 * i, i + 1 < size ? "%02X " : "%02X", bytes[i]);
    json_t *string = json_string(text);
    free(text);
    return string;
}

static json_t *key_hex(const struct css_key *key)
{
    return hex(key->byte, CSS_KEY_SIZE);
}

static uint32_t get_24bit(const uint8_t *from)
{
    return (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
}

/* Read back from the structures, so that it is what a host is told. */
static json_t *report_layers(const struct disc *disc)
{
    json_t *layers = json_array();
    for (unsigned layer = 0; layer < disc_layers(disc); layer++) {
        uint8_t data[DISC_STRUCTURE_SIZE];
        disc_physical_format(disc, layer, data);
        json_array_append_new(
            layers, json_pack("{s:i, s:i, s:i, s:o}", "first-psn", (int)get_24bit(data + 5),
                              "last-psn", (int)get_24bit(data + 9), "layer-0-end-psn",
                              (int)get_24bit(data + 13), "structure", hex(data, 17)));
    }
    return layers;
}

static json_t *report_lead_in(const struct disc *disc)
{
    uint8_t manufacturing[DISC_STRUCTURE_SIZE], bca[DISC_BCA_MAX];
    size_t bca_size = disc_burst_cutting_area(disc, bca), size = DISC_STRUCTURE_SIZE;
    disc_manufacturing_information(disc, manufacturing);
    while (size > 0 && manufacturing[size - 1] == 0)
        size--;
    return json_pack("{s:o, s:o}", "bca", hex(bca, bca_size), "manufacturing",
                     hex(manufacturing, size));
}

static json_t *report_copyright(const struct disc *disc)
{
    char regions[REGION_LIST_SIZE];
    uint8_t data[4];
    region_list_write(disc_regions_forbidden(disc), regions);
    disc_copyright_information(disc, data);
    return json_pack("{s:s, s:s, s:i, s:o}", "protection", disc_is_css(disc) ? "css" : "none",
                     "regions", regions, "regions-forbidden", (int)disc_regions_forbidden(disc),
                     "structure", hex(data, sizeof data));
}

static json_t *report_extents(const struct disc_extents *extents, bool with_title_set)
{
    json_t *list = json_array();
    for (size_t i = 0; i < extents->count; i++) {
        const struct disc_extent *extent = &extents->extent[i];
        json_t *item = json_pack("{s:I, s:I}", "first", (json_int_t)extent->first, "last",
                                 (json_int_t)extent->first + extent->count - 1);
        if (with_title_set)
            json_object_set_new(item, "title-set", json_integer(extent->title_set));
        json_array_append_new(list, item);
    }
    return list;
}

/* Those that scramble something. */
static json_t *report_title_keys(const struct disc *disc)
{
    const struct disc_description *description = disc_description(disc);
    const struct disc_extents *extents = disc_scrambled_extents(disc);
    const struct disc_extent *of_set[DISC_TITLE_SETS] = {0};
    json_t *keys = json_array();
    for (size_t i = extents->count; i-- > 0;)
        of_set[extents->extent[i].title_set] = &extents->extent[i];
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++) {
        if (!of_set[i])
            continue;
        struct disc_sector_header header = disc_sector_header(disc, of_set[i]->first);
        json_array_append_new(keys, json_pack("{s:i, s:o, s:o}", "title-set", (int)i, "key",
                                              key_hex(&description->title_key[i]), "stored",
                                              key_hex(&header.encrypted_title_key)));
    }
    return keys;
}

static json_t *report_player_keys(const struct disc *disc, bool all)
{
    const struct disc_description *description = disc_description(disc);
    json_t *keys = json_array();
    for (unsigned entry = 1; entry <= (all ? CSS_PLAYER_KEYS : 1); entry++)
        json_array_append_new(
            keys,
            json_pack("{s:i, s:o, s:o}", "entry", (int)entry, "key",
                      key_hex(&description->player_key[entry - 1]), "stored",
                      hex(disc_key_block(disc) + (size_t)CSS_KEY_SIZE * entry, CSS_KEY_SIZE)));
    return keys;
}

static json_t *report_css(const struct disc *disc, bool all_player_keys)
{
    const struct disc_description *description = disc_description(disc);
    return json_pack("{s:I, s:o, s:o, s:i, s:o, s:o, s:o}", "seed", (json_int_t)description->seed,
                     "disc-key", key_hex(&description->disc_key), "hash",
                     hex(disc_key_block(disc), CSS_KEY_SIZE), "scramble-every",
                     (int)description->scramble_every, "title-keys", report_title_keys(disc),
                     "player-keys", report_player_keys(disc, all_player_keys), "scrambled",
                     report_extents(disc_scrambled_extents(disc), true));
}

json_t *disc_report(const struct disc *disc, bool all_player_keys)
{
    const struct disc_description *description = disc_description(disc);
    if (disc_medium(disc) == DISC_MEDIUM_UNREADABLE)
        return json_pack("{s:s}", "type", "unreadable");
    bool two = disc_layers(disc) == 2;
    bool opposite = description->track_path == DISC_TRACK_PATH_OPPOSITE;
    json_t *report = json_pack(
        "{s:s, s:o, s:I, s:i, s:i, s:s*, s:o*, s:o, s:o, s:o, s:o}", "type", "dvd-rom", "image",
        json_text(description->image), "sectors", (json_int_t)disc_sectors(disc), "size",
        description->disc_80mm ? 80 : 120, "book-version", (int)description->book_version,
        "track-path", two ? (opposite ? "opposite" : "parallel") : NULL, "layer-break",
        two ? json_integer(disc_layer_break(disc)) : NULL, "layers", report_layers(disc), "lead-in",
        report_lead_in(disc), "copyright", report_copyright(disc), "unreadable",
        report_extents(&description->defects, false));
    if (report && disc_is_css(disc) &&
        json_object_set_new(report, "css", report_css(disc, all_player_keys)) != 0) {
        json_decref(report);
        return NULL;
    }
    return report;
}
