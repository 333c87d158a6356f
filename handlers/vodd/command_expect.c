/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/command_table.h"
#include "handlers/expectations/expectations.h"
#include "handlers/text/json_text.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"
#include "media/settings.h"
#include "media/shown_text.h"

/* Output -------------------------------------------------------------------- */

static void put_failure(const struct expectation_failure *failure, const char *trace)
{
    struct trace_command command = {.cdb = {(uint8_t)failure->operation_code}};
    char room[TRACE_NAME_MAX];

    if (failure->command == 0)
        shown_text_print(stdout, "  %s: %s\n", trace, failure->reason);
    else
        shown_text_print(stdout, "  %s:%lu: command %" PRIu64 ", %s: %s\n", trace, failure->line,
                         failure->command, trace_command_name(&command, room), failure->reason);
}

static void put_text(const struct expectations *expectations, const char *file, const char *trace)
{
    size_t kept = 0;

    for (size_t i = 0; i < expectations->count; i++) {
        const struct expectation *expectation = &expectations->expectation[i];
        kept += expectation->failed == 0;
        if (expectation->failed == 0)
            continue;
        shown_text_print(stdout, "%s:%u: not kept: %s\n", file, expectation->line,
                         expectation->text);
        for (uint64_t j = 0; j < expectation->failed && j < EXPECTATION_FAILURES_MAX; j++)
            put_failure(&expectation->failure[j], trace);
        if (expectation->failed > EXPECTATION_FAILURES_MAX)
            printf("  and %" PRIu64 " more\n", expectation->failed - EXPECTATION_FAILURES_MAX);
    }
    shown_text_print(stdout, "%s: %zu of %zu expectations kept\n", trace, kept,
                     expectations->count);
}

static json_t *failures_json(const struct expectation *expectation)
{
    json_t *list = json_array();

    for (uint64_t i = 0; i < expectation->failed && i < EXPECTATION_FAILURES_MAX; i++)
        json_array_append_new(list, json_pack("{s:I, s:I, s:s}", "command",
                                              (json_int_t)expectation->failure[i].command, "line",
                                              (json_int_t)expectation->failure[i].line, "reason",
                                              expectation->failure[i].reason));
    return list;
}

static void put_json(const struct expectations *expectations)
{
    json_t *list = json_array();

    for (size_t i = 0; i < expectations->count; i++) {
        const struct expectation *expectation = &expectations->expectation[i];
        json_array_append_new(
            list,
            json_pack("{s:i, s:o, s:b, s:I, s:o}", "line", (int)expectation->line, "text",
                      json_text(expectation->text), "kept", expectation->failed == 0, "failed",
                      (json_int_t)expectation->failed, "failures", failures_json(expectation)));
    }
    json_text_write(list, stdout, JSON_INDENT(2));
}

/* Reading ------------------------------------------------------------------- */

static bool hold(struct trace_reader *reader, struct expectations *expectations, bool *damaged,
                 struct diagnostics *diagnostics)
{
    struct trace_line *line = malloc(sizeof(*line));
    enum trace_read read = TRACE_READ_END;
    bool has_memory = line;

    while (has_memory && (read = trace_reader_next(reader, line)) == TRACE_READ_LINE)
        if (line->kind == TRACE_LINE_COMMAND)
            has_memory =
                expectations_command(expectations, &line->command, trace_reader_line(reader));
    free(line);
    if (!has_memory)
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
    expectations_end(expectations);
    *damaged = read == TRACE_READ_DAMAGED || trace_reader_is_truncated(reader);
    return has_memory;
}

static bool all_kept(const struct expectations *expectations)
{
    for (size_t i = 0; i < expectations->count; i++)
        if (expectations->expectation[i].failed > 0)
            return false;
    return true;
}

static int expect(const char *file, const char *trace, bool incomplete, bool json)
{
    struct diagnostics diagnostics;
    struct expectations expectations = {0};
    struct trace_reader *reader = NULL;
    int status = EXIT_INPUT;
    bool damaged, right;
    char *text;

    diagnostics_to_stderr(&diagnostics);
    text = settings_load_patiently(file, EXPECTATIONS_SIZE_MAX, &diagnostics);
    if (text && expectations_read(file, text, &expectations, &diagnostics))
        reader = trace_reader_open(trace, &diagnostics);
    if (reader && hold(reader, &expectations, &damaged, &diagnostics)) {
        if (json)
            put_json(&expectations);
        else
            put_text(&expectations, file, trace);
        right = !damaged && (trace_reader_is_whole(reader, incomplete) || incomplete);
        status = !right ? EXIT_INPUT : all_kept(&expectations) ? EXIT_SUCCESS : EXIT_FAILURE;
        if (fflush(stdout) != 0)
            status = EXIT_FAILURE;
    }
    trace_reader_close(reader);
    expectations_release(&expectations);
    free(text);
    return status;
}

int command_expect(int argc, const char **argv)
{
    int json = 0, incomplete = 0, status = EXIT_INPUT;
    const struct poptOption table[] = {
        {"incomplete", 0, POPT_ARG_NONE, &incomplete, 0, "Accept a trace without its end", NULL},
        {"json",       0, POPT_ARG_NONE, &json,       0, "Write the result as JSON",       NULL},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options options;

    if (options_read(&options, argc, argv, table, "[OPTION...] EXPECTATIONS TRACE", 2, 2))
        status = expect(options.arguments[0], options.arguments[1], incomplete, json);
    options_release(&options);
    return status;
}
