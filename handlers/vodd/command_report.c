/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/report/report_html.h"
#include "handlers/report/report_json.h"
#include "handlers/report/report_require.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"

struct report_words {
    char *output, *require, *title;
    int json;
};

/* Reading ------------------------------------------------------------------- */

/* False when there is nothing to report on. */
static bool add_trace(struct report *report, const char *path, bool *damaged,
                      struct diagnostics *diagnostics)
{
    struct trace_reader *reader = trace_reader_open(path, diagnostics);
    struct trace_line *line = reader ? malloc(sizeof(*line)) : NULL;
    enum trace_read read = TRACE_READ_END;
    bool has_memory, is_damaged;

    has_memory =
        line && report_begin(report, trace_reader_path(reader), trace_reader_header(reader));
    while (has_memory && (read = trace_reader_next(reader, line)) == TRACE_READ_LINE)
        has_memory = report_line(report, line);
    if (has_memory) {
        is_damaged = read == TRACE_READ_DAMAGED || trace_reader_is_truncated(reader);
        report_end(report, is_damaged);
        *damaged |= is_damaged;
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
                       const struct report_requirements *requirements,
                       struct diagnostics *diagnostics)
{
    char *temporary = NULL;
    FILE *stream = NULL;
    bool written = false;
    int fd = -1;

    errno = ENOMEM;
    if (asprintf(&temporary, "%s.XXXXXX", words->output) < 0)
        temporary = NULL;
    if (temporary)
        fd = mkstemp(temporary);
    if (fd >= 0 && (stream = fdopen(fd, "w"))) {
        mode_t mask = umask(0);
        umask(mask);
        written = report_html(report, words->title ? words->title : "Driver report", requirements,
                              stream);
        written = fchmod(fd, 0666 & ~mask) == 0 && written;
        written = fclose(stream) == 0 && written;
        written = written && rename(temporary, words->output) == 0;
        if (!written)
            unlink(temporary);
    }
    if (!written)
        diagnostics_error(diagnostics, "%s: %s", words->output, strerror(errno));
    free(temporary);
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
                const struct report_requirements *requirements, struct diagnostics *diagnostics)
{
    json_t *object;

    if (words->output && !write_page(report, words, requirements, diagnostics))
        return false;
    if (words->json) {
        object = report_json(report, requirements);
        if (!object || json_dumpf(object, stdout, JSON_INDENT(2)) != 0)
            diagnostics_error(diagnostics, "the report cannot be written as JSON");
        putchar('\n');
        json_decref(object);
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
    bool damaged = false, right;
    int status = EXIT_INPUT;

    diagnostics_to_stderr(&diagnostics);
    if (words->require && !report_requirements_read(words->require, &requirements, &diagnostics))
        return EXIT_INPUT;
    report = report_create();
    right = report;
    if (!report)
        diagnostics_error(&diagnostics, "%s", strerror(ENOMEM));
    for (int i = 0; right && i < options->count; i++)
        right = add_trace(report, options->arguments[i], &damaged, &diagnostics);
    diagnostics.errors = 0;
    if (right && !put(report, words, &requirements, &diagnostics))
        status = EXIT_FAILURE;
    else if (right && !damaged)
        status = report_requirements_met(report, &requirements) ? EXIT_SUCCESS : EXIT_FAILURE;
    report_destroy(report);
    return status;
}

int command_report(int argc, const char **argv)
{
    struct report_words words = {0};
    const struct poptOption table[] = {
        {"output",  'o', POPT_ARG_STRING, &words.output,  0, "Write the report as a page",
         "FILE.html"                                                                             },
        {"title",   0,   POPT_ARG_STRING, &words.title,   0, "Title of the page",          "TEXT"},
        {"json",    0,   POPT_ARG_NONE,   &words.json,    0, "Write the report as JSON",   NULL  },
        {"require", 0,   POPT_ARG_STRING, &words.require, 0,
         "What must be reached: transitions=all,commands=50%,authentications=1,leaks=0",   "LIST"},
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
