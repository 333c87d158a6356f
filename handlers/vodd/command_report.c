/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/report/report_html.h"
#include "handlers/report/report_json.h"
#include "handlers/report/report_require.h"
#include "handlers/system/output_file.h"
#include "handlers/text/json_text.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"

struct report_words {
    char *output, *require, *title;
    int force, incomplete, json;
};

/* Reading ------------------------------------------------------------------- */

/* False when there is nothing to report on. */
static bool add_trace(struct report *report, const char *path, const struct report_words *words,
                      bool *right, struct diagnostics *diagnostics)
{
    struct trace_reader *reader = trace_reader_open(path, diagnostics);
    struct trace_line *line = reader ? malloc(sizeof(*line)) : NULL;
    enum trace_read read = TRACE_READ_END;
    bool has_memory, is_damaged, is_whole;

    has_memory =
        line && report_begin(report, trace_reader_path(reader), trace_reader_header(reader));
    while (has_memory && (read = trace_reader_next(reader, line)) == TRACE_READ_LINE)
        has_memory = report_line(report, line);
    if (has_memory) {
        is_damaged = read == TRACE_READ_DAMAGED || trace_reader_is_truncated(reader);
        /* Without requirements the numbers are only shown. */
        is_whole = trace_reader_is_whole(reader, words->incomplete || !words->require);
        report_end(report, is_damaged, is_whole);
        *right &= !is_damaged && (is_whole || words->incomplete || !words->require);
    } else if (reader) {
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
    }
    free(line);
    trace_reader_close(reader);
    return has_memory;
}

/* Writing ------------------------------------------------------------------- */

/* The page under another name first, so that there is never half of one. */
static bool write_page(const struct report *report, const struct report_words *words,
                       const struct report_requirements *requirements, struct run_files *files,
                       struct diagnostics *diagnostics)
{
    const struct output_terms terms = {
        .kind = OUTPUT_REPORT, .force = OUTPUT_FORCE(words->force), .files = files};
    struct output_file *output = output_file_open_beside(words->output, &terms, diagnostics);
    FILE *stream = output ? fdopen(dup(output_file_descriptor(output)), "w") : NULL;
    bool written = false;

    if (stream) {
        written = report_html(report, words->title ? words->title : "Driver report", requirements,
                              stream);
        written = fclose(stream) == 0 && written;
    }
    if (output && !written)
        diagnostics_error(diagnostics, "%s: %s", words->output, strerror(errno));
    written = written && output_file_publish(output);
    output_file_close(output);
    return written;
}

static void put_text(const struct report *report)
{
    printf("%" PRIu64 " commands in %u trace%s, %" PRIu64 " failed\n", report->commands,
           report->traces, report->traces == 1 ? "" : "s", report->failed);
    printf("%" PRIu64 " authentications, %" PRIu64 " wrong KEY2\n",
           report->transition[REPORT_KEY2_RIGHT], report->transition[REPORT_KEY2_WRONG]);
    printf("%u of %u transitions taken\n", report_transitions_taken(report), REPORT_TRANSITIONS);
    printf("%u of %u commands used\n", report_commands_used(report), report_commands_known());
    printf("%" PRIu64 " AGIDs left behind\n", report->leaks);
    printf("%" PRIu64 " region changes\n", report->region_changes);
}

static void put_unmet(const struct report *report, const struct report_requirements *requirements)
{
    for (unsigned i = 0; i < REPORT_REQUIREMENTS; i++) {
        enum report_required required = (enum report_required)i;
        if (report_requirement_met(report, requirements, required))
            continue;
        fprintf(stderr, "vodd: not met: %s: %s %" PRIu64 " required, %" PRIu64 " found",
                report_requirement_names[i],
                required == REPORT_REQUIRE_LEAKS ? "at most" : "at least", requirements->value[i],
                report_requirement_actual(report, required));
        if (required <= REPORT_REQUIRE_COMMANDS) {
            fputs("; missing: ", stderr);
            report_requirement_missing(report, required, stderr);
        }
        fputc('\n', stderr);
    }
}

static bool put(const struct report *report, const struct report_words *words,
                const struct report_requirements *requirements, struct run_files *files,
                struct diagnostics *diagnostics)
{
    if (words->output && !write_page(report, words, requirements, files, diagnostics))
        return false;
    if (words->json) {
        if (!json_text_write(report_json(report, requirements), stdout, JSON_INDENT(2)))
            diagnostics_error(diagnostics, "the report cannot be written as JSON");
    } else if (!words->output) {
        put_text(report);
    }
    put_unmet(report, requirements);
    return fflush(stdout) == 0 && diagnostics->errors == 0;
}

/* The command --------------------------------------------------------------- */

static int make_report(const struct options *options, const struct report_words *words)
{
    struct report_requirements requirements = {0};
    struct diagnostics diagnostics;
    struct report *report;
    struct run_files files = {0};
    bool whole = true, right;
    int status = EXIT_INPUT;

    diagnostics_to_stderr(&diagnostics);
    if (words->require && !report_requirements_read(words->require, &requirements, &diagnostics))
        return EXIT_INPUT;
    report = report_create();
    right = report;
    if (!report)
        diagnostics_error(&diagnostics, "%s", strerror(ENOMEM));
    for (int i = 0; right && i < options->count; i++)
        right = run_files_note(&files, RUN_FILE_READ_TRACE, options->arguments[i], &diagnostics) &&
                add_trace(report, options->arguments[i], words, &whole, &diagnostics);
    diagnostics.errors = 0;
    if (right && !put(report, words, &requirements, &files, &diagnostics))
        status = EXIT_FAILURE;
    else if (right && whole)
        status = report_requirements_met(report, &requirements) ? EXIT_SUCCESS : EXIT_FAILURE;
    report_destroy(report);
    run_files_release(&files);
    return status;
}

int command_report(int argc, const char **argv)
{
    struct report_words words = {0};
    const struct poptOption table[] = {
        {"output",     'o', POPT_ARG_STRING, &words.output,     0, "Write the report as a page",
         "FILE.html"                                                                                                 },
        {"title",      0,   POPT_ARG_STRING, &words.title,      0, "Title of the page",                        "TEXT"},
        {"force",      0,   POPT_ARG_NONE,   &words.force,      0, "The page replaces a file of another kind",
         NULL                                                                                                        },
        {"incomplete", 0,   POPT_ARG_NONE,   &words.incomplete, 0, "Accept traces without their end",
         NULL                                                                                                        },
        {"json",       0,   POPT_ARG_NONE,   &words.json,       0, "Write the report as JSON",                 NULL  },
        {"require",    0,   POPT_ARG_STRING, &words.require,    0,
         "What must be reached: transitions=all,commands=50%,authentications=1,leaks=0",                       "LIST"},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...] TRACE...", 1, argc))
        status = make_report(&options, &words);
    options_release(&options);
    free(words.output);
    free(words.require);
    free(words.title);
    return status;
}
