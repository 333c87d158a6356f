/* SPDX-License-Identifier: MIT */
#include "media/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "media/fixture_table.h"

struct rules {
    const char *name;
    const unsigned *lines; /* by row; 0 = not stated */
    struct diagnostics *diagnostics;
    bool broken;
};

static void forbid_row(struct rules *rules, enum fixture_row row, const char *circumstance)
{
    if (rules->lines[row] == 0)
        return;
    const struct setting *setting = &fixture_table[row];
    if (setting->key)
        diagnostics_error(rules->diagnostics, "%s:%u: %s means nothing with %s", rules->name,
                          rules->lines[row], setting->key, circumstance);
    else
        diagnostics_error(rules->diagnostics, "%s:%u: keys in [%s] mean nothing with %s",
                          rules->name, rules->lines[row], setting->section, circumstance);
    rules->broken = true;
}

static void forbid_rows(struct rules *rules, enum fixture_row first, enum fixture_row last,
                        const char *circumstance)
{
    for (enum fixture_row row = first; row <= last; row++)
        forbid_row(rules, row, circumstance);
}

/* What one key demands of another. */
static bool check_rules(const char *name, const struct fixture *fixture, const unsigned *lines,
                        struct diagnostics *diagnostics)
{
    struct rules rules = {.name = name, .lines = lines, .diagnostics = diagnostics};
    if (fixture->type == DISC_MEDIUM_UNREADABLE) {
        forbid_row(&rules, FIXTURE_ROW_IMAGE, "type = unreadable");
        forbid_rows(&rules, FIXTURE_ROW_TYPE + 1, FIXTURE_ROWS - 1, "type = unreadable");
        return !rules.broken;
    }
    if (lines[FIXTURE_ROW_IMAGE] == 0) {
        diagnostics_error(diagnostics, "%s: image is missing in [disc]; accepted: %s", name,
                          fixture_table[FIXTURE_ROW_IMAGE].form);
        rules.broken = true;
    }
    if (fixture->layers == 1)
        forbid_rows(&rules, FIXTURE_ROW_TRACK_PATH, FIXTURE_ROW_LAYER_BREAK, "layers = 1");
    if (fixture->layer_break % 16 != 0) {
        diagnostics_error(diagnostics,
                          "%s:%u: layer-break = %lld: not a multiple of 16; accepted: %s", name,
                          lines[FIXTURE_ROW_LAYER_BREAK], (long long)fixture->layer_break,
                          fixture_table[FIXTURE_ROW_LAYER_BREAK].form);
        rules.broken = true;
    }
    if (fixture->protection == DISC_PROTECTION_NONE)
        forbid_rows(&rules, FIXTURE_ROW_REGIONS, FIXTURE_ROW_TITLE_KEYS, "protection = none");
    return !rules.broken;
}

/* Remembers where settings are that may turn out to be wrong later.  False when memory is short. */
static bool fill_origin(struct disc_origin *origin, const char *name, const unsigned *lines)
{
    static const enum fixture_row rows[DISC_SETTINGS] = {
        [DISC_SETTING_IMAGE] = FIXTURE_ROW_IMAGE,
        [DISC_SETTING_LAYERS] = FIXTURE_ROW_LAYERS,
        [DISC_SETTING_LAYER_BREAK] = FIXTURE_ROW_LAYER_BREAK,
        [DISC_SETTING_FILES] = FIXTURE_ROW_FILES,
        [DISC_SETTING_EXTENTS] = FIXTURE_ROW_EXTENTS,
        [DISC_SETTING_UNREADABLE] = FIXTURE_ROW_UNREADABLE,
    };
    for (unsigned i = 0; i < DISC_SETTINGS; i++)
        origin->line[i] = lines[rows[i]];
    origin->fixture = strdup(name);
    return origin->fixture != NULL;
}

static void fill_description(const struct fixture *fixture)
{
    struct disc_description *description = fixture->description;
    description->medium = (enum disc_medium)fixture->type;
    description->seed = (uint64_t)fixture->seed;
    description->layer_break = (uint32_t)fixture->layer_break;
    /* Whoever says where the second layer begins has said that there is one. */
    description->layers = fixture->layer_break ? 2 : (unsigned)fixture->layers;
    description->track_path = (enum disc_track_path)fixture->track_path;
    description->book_version = (unsigned)fixture->book_version;
    description->disc_80mm = fixture->size == 1;
    description->protection = (enum disc_protection)fixture->protection;
    description->scramble_every = (unsigned)fixture->scramble_every;
    description->faults = fixture->faults;
}

bool fixture_read(const char *name, const char *text, struct disc_description *description,
                  struct diagnostics *diagnostics)
{
    disc_description_init(description);
    struct fixture fixture = {
        .name = name,
        .description = description,
        .type = DISC_MEDIUM_DVD_ROM,
        .track_path = (int)description->track_path,
        .protection = (int)description->protection,
        .seed = (int64_t)description->seed,
        .book_version = description->book_version,
        .scramble_every = description->scramble_every,
    };
    unsigned lines[FIXTURE_ROWS];
    if (!settings_read_lines(name, text, fixture_table, &fixture, lines, diagnostics) ||
        !check_rules(name, &fixture, lines, diagnostics)) {
        settings_sections_release(&fixture.faults);
        disc_description_release(description);
        return false;
    }
    fill_description(&fixture);
    if (fill_origin(&description->origin, name, lines))
        return true;
    diagnostics_error(diagnostics, "%s: out of memory", name);
    disc_description_release(description);
    return false;
}

static bool is_fixture_name(const char *path)
{
    static const char suffix[] = ".disc";
    size_t length = strlen(path);
    return length >= sizeof suffix - 1 && strcmp(path + length - (sizeof suffix - 1), suffix) == 0;
}

bool fixture_load(const char *path, struct disc_description *description,
                  struct diagnostics *diagnostics)
{
    disc_description_init(description);
    if (!is_fixture_name(path)) {
        description->image = strdup(path);
        if (!description->image)
            diagnostics_error(diagnostics, "%s: out of memory", path);
        return description->image != NULL;
    }
    char *text = settings_load(path, FIXTURE_SIZE_MAX, diagnostics);
    if (!text)
        return false;
    bool right = fixture_read(path, text, description, diagnostics);
    free(text);
    return right;
}
