/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/profile.h"
#include "handlers/system/drive_files.h"
#include "handlers/text/json_text.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"
#include "media/disc.h"
#include "media/settings.h"
#include "media/shown_text.h"

static bool check_profile(const char *file, struct diagnostics *diagnostics)
{
    struct drive_profile profile;
    char *text = settings_load(file, PROFILE_SIZE_MAX, diagnostics);
    bool right = text && drive_profile_read(file, text, &profile, diagnostics);
    if (right)
        drive_profile_release(&profile);
    free(text);
    return right;
}

/* Makes the disc, since much can only be checked against its image. */
static bool check_disc(const char *file, struct diagnostics *diagnostics)
{
    struct disc_description description;
    if (!drive_files_load_fixture(file, &description, diagnostics))
        return false;
    struct disc *disc = disc_create(&description, diagnostics);
    disc_description_release(&description);
    disc_release(disc);
    return disc != NULL;
}

static bool check_file(const char *file, struct diagnostics *diagnostics)
{
    const char *suffix = strrchr(file, '.');
    if (suffix && strcmp(suffix, ".drive") == 0)
        return check_profile(file, diagnostics);
    return check_disc(file, diagnostics);
}

static bool check_in_words(const char *file, bool strict)
{
    struct diagnostics diagnostics;
    diagnostics_to_stderr(&diagnostics);
    diagnostics.strict = strict;
    bool right = check_file(file, &diagnostics) && diagnostics.errors == 0;
    if (right)
        shown_text_print(stdout, "%s: ok\n", file);
    return right;
}

static void add_message(void *context, const char *text)
{
    json_array_append_new(context, json_text(text));
}

/* One object for each file: its name, whether it is right, and what was said about it. */
static bool check_in_json(const char *file, bool strict, json_t *results)
{
    json_t *messages = json_array();
    struct diagnostics diagnostics = {.report = add_message, .context = messages, .strict = strict};
    bool right = check_file(file, &diagnostics) && diagnostics.errors == 0;
    json_array_append_new(results, json_pack("{s:o, s:b, s:o}", "file", json_text(file), "ok",
                                             right, "messages", messages));
    return right;
}

int command_check(int argc, const char **argv)
{
    int json = 0, strict = 0, status = EXIT_INPUT;
    const struct poptOption table[] = {
        {"json",   0, POPT_ARG_NONE, &json,   0, "Write the result as JSON", NULL},
        {"strict", 0, POPT_ARG_NONE, &strict, 0, "Warnings are errors",      NULL},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options options;
    if (options_read(&options, argc, argv, table, "[OPTION...] FILE...", 1, argc)) {
        json_t *results = json_array();
        bool right = true;
        for (int i = 0; i < options.count; i++)
            right &= json ? check_in_json(options.arguments[i], strict, results)
                          : check_in_words(options.arguments[i], strict);
        if (json)
            right &= json_text_write(results, stdout, JSON_INDENT(2));
        else
            json_decref(results);
        status = right ? EXIT_SUCCESS : EXIT_INPUT;
    }
    options_release(&options);
    return status;
}
