/* SPDX-License-Identifier: MIT */
#include "handlers/system/drive_files.h"
#include "handlers/vodd/disc_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/region_list.h"

static bool read_seed(const char *text, uint64_t *seed, struct diagnostics *diagnostics)
{
    bool hexadecimal = strncmp(text, "0x", 2) == 0;
    const char *digits = hexadecimal ? text + 2 : text;
    size_t length = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    errno = 0;
    unsigned long long number = strtoull(digits, NULL, hexadecimal ? 16 : 10);
    if (length == 0 || digits[length] != 0 || errno == ERANGE || number > INT64_MAX) {
        diagnostics_error(diagnostics, "--seed %s: not a number; accepted: 0..9223372036854775807",
                          text);
        return false;
    }
    *seed = number;
    return true;
}

static bool read_regions(const char *text, uint8_t *forbidden, struct diagnostics *diagnostics)
{
    char fault[128];
    if (region_list_parse(text, forbidden, fault, sizeof fault))
        return true;
    diagnostics_error(diagnostics, "--regions %s: %s; accepted: %s", text, fault, REGION_LIST_FORM);
    return false;
}

bool disc_options_check(const struct disc_options *options, struct diagnostics *diagnostics)
{
    uint64_t seed;
    uint8_t forbidden;
    bool seed_right = !options->seed || read_seed(options->seed, &seed, diagnostics);
    bool regions_right =
        !options->regions || read_regions(options->regions, &forbidden, diagnostics);
    return seed_right && regions_right;
}

static bool apply(const struct disc_options *options, struct disc_description *description,
                  struct diagnostics *diagnostics)
{
    if (!disc_options_check(options, diagnostics))
        return false;
    if (options->css)
        description->protection = DISC_PROTECTION_CSS;
    if (options->seed)
        read_seed(options->seed, &description->seed, diagnostics);
    if (options->regions)
        read_regions(options->regions, &description->regions_forbidden, diagnostics);
    if (options->css && description->medium == DISC_MEDIUM_UNREADABLE) {
        diagnostics_error(diagnostics, "--css means nothing with type = unreadable");
        return false;
    }
    if (options->regions && description->protection != DISC_PROTECTION_CSS) {
        diagnostics_error(diagnostics,
                          "--regions %s means nothing without --css or a fixture with "
                          "protection = css",
                          options->regions);
        return false;
    }
    return true;
}

bool disc_options_load(const struct disc_options *options, const char *file,
                       struct disc_description *description, struct diagnostics *diagnostics)
{
    if (!drive_files_load_fixture(file, description, diagnostics))
        return false;
    if (apply(options, description, diagnostics))
        return true;
    disc_description_release(description);
    return false;
}

struct disc *disc_options_make(const struct disc_options *options, const char *file,
                               struct run_files *files, struct diagnostics *diagnostics)
{
    struct disc_description description;
    struct disc *disc = NULL;
    bool before = diagnostics->strict;
    diagnostics->strict = options->strict;
    if ((!files || run_files_note(files, RUN_FILE_NEXT_DISC, file, diagnostics)) &&
        disc_options_load(options, file, &description, diagnostics)) {
        if (!files || drive_files_note_image(files, &description, diagnostics))
            disc = disc_create(&description, diagnostics);
        disc_description_release(&description);
    }
    diagnostics->strict = before;
    return disc;
}

void disc_options_release(struct disc_options *options)
{
    free(options->regions);
    free(options->seed);
    *options = (struct disc_options){0};
}
