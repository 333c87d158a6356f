/* SPDX-License-Identifier: MIT */
#include "media/fixture_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/dvd_video.h"
#include "media/extent_list.h"
#include "media/region_list.h"

#define KEY_FORM "5 hexadecimal bytes, not all zero"

static bool parse_image(const struct setting *setting, const char *key, const char *value,
                        void *target, char *fault, size_t fault_size)
{
    (void)setting;
    (void)key;
    struct fixture *fixture = target;
    if (*value == 0) {
        snprintf(fault, fault_size, "no path");
        return false;
    }
    const char *slash = strrchr(fixture->name, '/');
    int folder = slash && value[0] != '/' ? (int)(slash + 1 - fixture->name) : 0;
    char *path;
    if (asprintf(&path, "%.*s%s", folder, fixture->name, value) < 0) {
        snprintf(fault, fault_size, "out of memory");
        return false;
    }
    fixture->description->image = path;
    return true;
}

static bool parse_regions(const struct setting *setting, const char *key, const char *value,
                          void *target, char *fault, size_t fault_size)
{
    (void)setting;
    (void)key;
    struct fixture *fixture = target;
    return region_list_parse(value, &fixture->description->regions_forbidden, fault, fault_size);
}

static bool parse_key_bytes(const char *value, struct css_key *to, char *fault, size_t fault_size)
{
    struct css_key key;
    if (settings_hex_bytes(value, key.byte, CSS_KEY_SIZE) != CSS_KEY_SIZE) {
        snprintf(fault, fault_size, "not five bytes");
        return false;
    }
    if (css_key_is_zero(&key)) {
        snprintf(fault, fault_size, "a key of zeros means that nothing is scrambled");
        return false;
    }
    *to = key;
    return true;
}

static bool parse_disc_key(const struct setting *setting, const char *key, const char *value,
                           void *target, char *fault, size_t fault_size)
{
    (void)setting;
    (void)key;
    struct disc_description *description = ((struct fixture *)target)->description;
    description->has_disc_key = parse_key_bytes(value, &description->disc_key, fault, fault_size);
    return description->has_disc_key;
}

/* The number that is a key's name, without needless zeros, so that each has one spelling. */
static bool parse_number_key(const struct setting *setting, const char *key, size_t *number,
                             char *fault, size_t fault_size)
{
    size_t length = strlen(key);
    bool right = length >= 1 && length <= 3 && strspn(key, "0123456789") == length &&
                 (key[0] != '0' || length == 1);
    *number = right ? strtoul(key, NULL, 10) : 0;
    if (!right || (int64_t)*number < setting->minimum || (int64_t)*number > setting->maximum) {
        snprintf(fault, fault_size, "%s is not %d..%d", key, (int)setting->minimum,
                 (int)setting->maximum);
        return false;
    }
    return true;
}

static bool parse_player_key(const struct setting *setting, const char *key, const char *value,
                             void *target, char *fault, size_t fault_size)
{
    struct disc_description *description = ((struct fixture *)target)->description;
    size_t entry;
    if (!parse_number_key(setting, key, &entry, fault, fault_size) ||
        !parse_key_bytes(value, &description->player_key[entry - 1], fault, fault_size))
        return false;
    description->has_player_key[entry - 1] = true;
    return true;
}

static bool parse_title_key(const struct setting *setting, const char *key, const char *value,
                            void *target, char *fault, size_t fault_size)
{
    struct disc_description *description = ((struct fixture *)target)->description;
    size_t title_set;
    if (!parse_number_key(setting, key, &title_set, fault, fault_size) ||
        !parse_key_bytes(value, &description->title_key[title_set], fault, fault_size))
        return false;
    description->has_title_key[title_set] = true;
    return true;
}

static bool add_file(struct disc_description *description, const char *name, size_t length,
                     char *fault, size_t fault_size)
{
    char upper[DVD_VIDEO_NAME_SIZE] = "";
    if (length < sizeof upper)
        for (size_t i = 0; i < length; i++)
            upper[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    if (dvd_video_title_set(upper) < 0) {
        snprintf(fault, fault_size, "\"%.*s\" is not the name of a VOB", (int)length, name);
        return false;
    }
    size_t count = description->scramble_file_count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(description->scramble_files[i], upper) == 0) {
            snprintf(fault, fault_size, "%s is named twice", upper);
            return false;
        }
    char **files = reallocarray(description->scramble_files, count + 1, sizeof *files);
    if (files)
        description->scramble_files = files;
    if (!files || !(files[count] = strdup(upper))) {
        snprintf(fault, fault_size, "out of memory");
        return false;
    }
    description->scramble_file_count++;
    return true;
}

static bool parse_files(const struct setting *setting, const char *key, const char *value,
                        void *target, char *fault, size_t fault_size)
{
    (void)setting;
    (void)key;
    struct disc_description *description = ((struct fixture *)target)->description;
    static const char separators[] = ", \t";
    for (value += strspn(value, separators); *value; value += strspn(value, separators)) {
        size_t length = strcspn(value, separators);
        if (!add_file(description, value, length, fault, fault_size))
            return false;
        value += length;
    }
    if (description->scramble_file_count == 0)
        snprintf(fault, fault_size, "no file is named");
    return description->scramble_file_count > 0;
}

static bool parse_extents(const struct setting *setting, const char *key, const char *value,
                          void *target, char *fault, size_t fault_size)
{
    (void)setting;
    (void)key;
    struct fixture *fixture = target;
    return extent_list_parse(value, true, &fixture->description->scramble_extents, fault,
                             fault_size);
}

static bool parse_unreadable(const struct setting *setting, const char *key, const char *value,
                             void *target, char *fault, size_t fault_size)
{
    (void)setting;
    (void)key;
    struct fixture *fixture = target;
    return extent_list_parse(value, false, &fixture->description->defects, fault, fault_size);
}

static bool parse_bca(const struct setting *setting, const char *key, const char *value,
                      void *target, char *fault, size_t fault_size)
{
    (void)key;
    struct disc_description *description = ((struct fixture *)target)->description;
    uint8_t bytes[DISC_BCA_MAX];
    long size = settings_hex_bytes(value, bytes, sizeof bytes);
    if (size < setting->minimum) {
        snprintf(fault, fault_size, "not %d to %d bytes", DISC_BCA_MIN, DISC_BCA_MAX);
        return false;
    }
    memcpy(description->bca, bytes, (size_t)size);
    description->bca_size = (size_t)size;
    return true;
}

static bool parse_manufacturing(const struct setting *setting, const char *key, const char *value,
                                void *target, char *fault, size_t fault_size)
{
    (void)key;
    struct disc_description *description = ((struct fixture *)target)->description;
    uint8_t bytes[DISC_STRUCTURE_SIZE] = {0};
    if (settings_hex_bytes(value, bytes, sizeof bytes) < setting->minimum) {
        snprintf(fault, fault_size, "not 1 to %d bytes", DISC_STRUCTURE_SIZE);
        return false;
    }
    memcpy(description->manufacturing, bytes, sizeof bytes);
    return true;
}

static const char *const types[] = {"dvd-rom", "unreadable", NULL};
static const char *const track_paths[] = {"parallel", "opposite", NULL};
static const char *const sizes[] = {"120", "80", NULL};
static const char *const protections[] = {"none", "css", NULL};

/* clang-format off */
const struct setting fixture_table[FIXTURE_ROWS + 1] = {
    [FIXTURE_ROW_IMAGE] = {"disc", "image", parse_image, .form = "the path of an image file"},
    [FIXTURE_ROW_TYPE] = {"disc", "type", settings_parse_choice, offsetof(struct fixture, type),
                  .choices = types, .form = "dvd-rom | unreadable"},
    [FIXTURE_ROW_SEED] = {"disc", "seed", settings_parse_integer, offsetof(struct fixture, seed),
                  0, INT64_MAX, .form = "0..9223372036854775807"},
    [FIXTURE_ROW_LAYERS] = {"disc", "layers", settings_parse_integer, offsetof(struct fixture, layers),
                    1, 2, .form = "1 | 2"},
    [FIXTURE_ROW_TRACK_PATH] = {"disc", "track-path", settings_parse_choice,
                        offsetof(struct fixture, track_path),
                        .choices = track_paths, .form = "opposite | parallel"},
    [FIXTURE_ROW_LAYER_BREAK] = {"disc", "layer-break", settings_parse_integer,
                         offsetof(struct fixture, layer_break), 16, DISC_TWO_LAYER_SECTORS_MAX,
                         .form = "sectors on layer 0, a multiple of 16, at most "
                                 DISC_LIMIT_TEXT(DISC_TWO_LAYER_SECTORS_MAX)},
    [FIXTURE_ROW_BOOK_VERSION] = {"disc", "book-version", settings_parse_integer,
                          offsetof(struct fixture, book_version), 0, 15, .form = "0..15"},
    [FIXTURE_ROW_SIZE] = {"disc", "size", settings_parse_choice, offsetof(struct fixture, size),
                  .choices = sizes, .form = "120 | 80"},
    [FIXTURE_ROW_PROTECTION] = {"copyright", "protection", settings_parse_choice,
                        offsetof(struct fixture, protection),
                        .choices = protections, .form = "none | css"},
    [FIXTURE_ROW_REGIONS] = {"copyright", "regions", parse_regions,
                     .form = REGION_LIST_FORM},
    [FIXTURE_ROW_DISC_KEY] = {"css", "disc-key", parse_disc_key, .form = KEY_FORM},
    [FIXTURE_ROW_SCRAMBLE_EVERY] = {"css", "scramble-every", settings_parse_integer,
                            offsetof(struct fixture, scramble_every), 1, DISC_SECTORS_MAX,
                            .form = "1.." DISC_LIMIT_TEXT(DISC_SECTORS_MAX)},
    [FIXTURE_ROW_FILES] = {"css", "files", parse_files,
                   .form = "VIDEO_TS.VOB or VTS_nn_m.VOB, separated by commas"},
    [FIXTURE_ROW_EXTENTS] = {"css", "extents", parse_extents,
                     .form = "FIRST-LAST:TITLE-SET, separated by commas, title sets 0..99"},
    [FIXTURE_ROW_PLAYER_KEYS] = {"player-keys", NULL, parse_player_key, 0, 1, CSS_PLAYER_KEYS,
                         .form = "1..408 = " KEY_FORM},
    [FIXTURE_ROW_TITLE_KEYS] = {"title-keys", NULL, parse_title_key, 0, 0, DISC_TITLE_SETS - 1,
                        .form = "0..99 = " KEY_FORM},
    [FIXTURE_ROW_BCA] = {"lead-in", "bca", parse_bca, 0, DISC_BCA_MIN, DISC_BCA_MAX,
                 .form = "12 to 188 hexadecimal bytes"},
    [FIXTURE_ROW_MANUFACTURING] = {"lead-in", "manufacturing", parse_manufacturing, 0, 1,
                           DISC_STRUCTURE_SIZE, .form = "1 to 2048 hexadecimal bytes"},
    [FIXTURE_ROW_UNREADABLE] = {"defects", "unreadable", parse_unreadable,
                        .form = "FIRST or FIRST-LAST, separated by commas"},
    [FIXTURE_ROW_FAULTS] = {"fault *", .offset = offsetof(struct fixture, faults)},
};
/* clang-format on */
