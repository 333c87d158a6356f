/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/text/json_text.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/disc_export.h"
#include "handlers/vodd/disc_options.h"
#include "handlers/vodd/disc_show.h"
#include "handlers/vodd/options.h"

static int show(const struct disc *disc, bool json, bool keys)
{
    json_t *report = disc_report(disc, keys);
    if (!report) {
        fputs("vodd: memory is short\n", stderr);
        return EXIT_FAILURE;
    }
    if (!json)
        disc_report_print(report);
    else if (!json_text_write(json_incref(report), stdout, JSON_INDENT(2)))
        fputs("vodd: the report cannot be written as JSON\n", stderr);
    json_decref(report);
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int command_disc_show(int argc, const char **argv)
{
    struct disc_options disc_options = {0};
    int json = 0, keys = 0, status = EXIT_INPUT;
    const struct poptOption table[] = {
        DISC_OPTIONS(disc_options){"keys", 0, POPT_ARG_NONE, &keys, 0, "Show all 408 player keys",
                                   NULL                                                                },
        {"json", 0, POPT_ARG_NONE, &json, 0, "Write JSON",               NULL},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options options;
    struct diagnostics diagnostics;
    diagnostics_to_stderr(&diagnostics);
    if (options_read(&options, argc, argv, table, "[OPTION...] FILE", 1, 1)) {
        struct disc *disc =
            disc_options_make(&disc_options, options.arguments[0], NULL, &diagnostics);
        if (disc)
            status = show(disc, json, keys);
        disc_release(disc);
    }
    options_release(&options);
    disc_options_release(&disc_options);
    return status;
}

static int export(const struct disc *disc, const char *path, const struct output_terms *terms,
                  struct diagnostics *diagnostics)
{
    if (disc_sectors(disc) == 0) {
        diagnostics_error(diagnostics, "an unreadable disc has nothing to export");
        return EXIT_INPUT;
    }
    bool progress = isatty(STDERR_FILENO);
    enum disc_export_result result = disc_export(disc, path, terms, progress, diagnostics);
    return result == DISC_EXPORT_COMPLETE ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int command_disc_export(int argc, const char **argv)
{
    struct disc_options disc_options = {0};
    int force = 0, status = EXIT_INPUT;
    const struct poptOption table[] = {
        DISC_OPTIONS(disc_options){"force", 0, POPT_ARG_NONE, &force, 0, "Replace OUT if it exists",
                                   NULL},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options options;
    struct diagnostics diagnostics;
    diagnostics_to_stderr(&diagnostics);
    if (options_read(&options, argc, argv, table, "[OPTION...] FILE OUT", 2, 2)) {
        struct run_files files = {0};
        const struct output_terms terms = {
            .kind = OUTPUT_IMAGE, .force = OUTPUT_FORCE(force), .files = &files};
        struct disc *disc =
            disc_options_make(&disc_options, options.arguments[0], &files, &diagnostics);
        if (disc)
            status = export(disc, options.arguments[1], &terms, &diagnostics);
        disc_release(disc);
        run_files_release(&files);
    }
    options_release(&options);
    disc_options_release(&disc_options);
    return status;
}

static const struct {
    const char *verb;
    const char *name; /* as help and messages show it */
    int (*function)(int argc, const char **argv);
} verbs[] = {
    {"show",   "disc show",   command_disc_show  },
    {"export", "disc export", command_disc_export},
};

int command_disc(int argc, const char **argv)
{
    static const char usage[] = "Usage: vodd disc show [OPTION...] FILE\n"
                                "       vodd disc export [OPTION...] FILE OUT\n";
    const char *verb = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i].verb) == 0) {
            argv[1] = verbs[i].name;
            return verbs[i].function(argc - 1, argv + 1);
        }
    bool help = strcmp(verb, "--help") == 0;
    fputs(usage, help ? stdout : stderr);
    return help ? EXIT_SUCCESS : EXIT_INPUT;
}
