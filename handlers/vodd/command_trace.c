/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "handlers/capture/capture.h"
#include "handlers/control/control_client.h"
#include "handlers/text/json_text.h"
#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/trace/trace_text.h"
#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"

/* How often a file that is followed is looked at again. */
#define FOLLOW_NANOSECONDS 100000000

struct trace_options {
    struct client_options client;
    int follow, stop, force;
    char *start, *pcapng;
};

/* Writing ------------------------------------------------------------------- */

static bool put_line(const struct trace_options *options, const struct trace_header *header,
                     const struct trace_line *line)
{
    if (options->client.json)
        return json_text_write(trace_json_line(line), stdout, JSON_COMPACT);
    trace_text_line(header, line, stdout);
    return !ferror(stdout);
}

/* Captures ------------------------------------------------------------------ */

static struct output_file *open_capture(const struct trace_options *options,
                                        struct run_files *files, struct diagnostics *diagnostics)
{
    const struct output_terms terms = {
        .kind = OUTPUT_CAPTURE,
        .force = OUTPUT_FORCE(options->force),
        .pipes = OUTPUT_PIPES_WAITED_FOR,
        .files = files,
    };

    return strcmp(options->pcapng, "-") == 0
               ? output_file_standard(OUTPUT_CAPTURE, diagnostics)
               : output_file_open(options->pcapng, &terms, diagnostics);
}

static int convert_lines(struct output_file *output, struct trace_reader *reader,
                         struct trace_line *line, struct diagnostics *diagnostics)
{
    struct capture *capture = capture_open(output, trace_reader_header(reader), diagnostics);
    enum trace_read read = TRACE_READ_END;
    bool written = capture, damaged;

    while (written && (read = trace_reader_next(reader, line)) == TRACE_READ_LINE)
        if (line->kind == TRACE_LINE_COMMAND)
            written = capture_command(capture, &line->command);
    damaged = written && (read == TRACE_READ_DAMAGED || trace_reader_is_truncated(reader));
    written = capture_close(capture) && written;
    return !written ? EXIT_FAILURE : damaged ? EXIT_INPUT : EXIT_SUCCESS;
}

static int convert(const struct trace_options *options, const char *path,
                   struct trace_reader *reader, struct trace_line *line,
                   struct diagnostics *diagnostics)
{
    struct run_files files = {0};
    int status = EXIT_FAILURE;

    if (run_files_note(&files, RUN_FILE_READ_TRACE, path, diagnostics))
        status =
            convert_lines(open_capture(options, &files, diagnostics), reader, line, diagnostics);
    run_files_release(&files);
    return status;
}

/* Files --------------------------------------------------------------------- */

static int show_lines(const struct trace_options *options, struct trace_reader *reader,
                      struct trace_line *line)
{
    const struct timespec pause = {.tv_nsec = FOLLOW_NANOSECONDS};
    const struct trace_header *header = trace_reader_header(reader);
    enum trace_read read;
    bool ended = false;

    line->kind = TRACE_LINE_HEADER;
    line->header = *header;
    if (!put_line(options, header, line))
        return EXIT_FAILURE;
    while ((read = trace_reader_next(reader, line)) != TRACE_READ_DAMAGED) {
        if (read == TRACE_READ_LINE) {
            if (!put_line(options, header, line))
                return EXIT_FAILURE;
            ended = line->kind == TRACE_LINE_END;
            continue;
        }
        if (fflush(stdout) != 0)
            return EXIT_FAILURE;
        if (!options->follow || ended)
            return trace_reader_is_truncated(reader) ? EXIT_INPUT : EXIT_SUCCESS;
        nanosleep(&pause, NULL);
    }
    fflush(stdout);
    return EXIT_INPUT;
}

static int show_file(const struct trace_options *options, const char *path,
                     struct diagnostics *diagnostics)
{
    struct trace_reader *reader = trace_reader_open(path, diagnostics);
    struct trace_line *line = reader ? malloc(sizeof(*line)) : NULL;
    int status = EXIT_INPUT;

    if (line && options->pcapng)
        status = convert(options, path, reader, line, diagnostics);
    else if (line)
        status = show_lines(options, reader, line);
    free(line);
    trace_reader_close(reader);
    return status;
}

/* Running drives ------------------------------------------------------------ */

/* What came over the socket as a line; takes the object over. */
static bool take_line(json_t *object, struct trace_line *line, struct diagnostics *diagnostics)
{
    char *text = json_dumps(object, JSON_COMPACT);
    struct trace_fault fault = {.text = "memory is short"};
    bool right = text && trace_json_parse(text, strlen(text), line, &fault);

    if (!right)
        diagnostics_error(diagnostics, "the server's trace: %s", fault.text);
    json_decref(object);
    free(text);
    return right;
}

/* The server does not know how many lines this client got. */
static void count_line(struct trace_line *line, uint64_t *lines)
{
    if (line->kind == TRACE_LINE_END) {
        line->end.has_lines = true;
        line->end.lines = *lines;
    } else {
        ++*lines;
    }
}

static int watch(const struct trace_options *options, struct control_client_connection *connection,
                 struct trace_line *line, struct diagnostics *diagnostics)
{
    json_t *object = control_client_call(connection, "trace-watch", NULL, diagnostics);
    struct trace_header header;
    uint64_t lines = 0;

    if (!object || !take_line(object, line, diagnostics) || line->kind != TRACE_LINE_HEADER)
        return EXIT_FAILURE;
    header = line->header;
    while (put_line(options, &header, line) && fflush(stdout) == 0) {
        if (line->kind == TRACE_LINE_END)
            return EXIT_SUCCESS;
        object = control_client_wait(connection, "trace", diagnostics);
        if (!object || !take_line(object, line, diagnostics))
            break;
        count_line(line, &lines);
    }
    return EXIT_FAILURE;
}

static int show_drive(const struct trace_options *options, struct diagnostics *diagnostics)
{
    struct control_client_connection *connection;
    struct trace_line *line = malloc(sizeof(*line));
    int status = EXIT_FAILURE;

    connection = line ? client_connect(&options->client, diagnostics, &status) : NULL;
    if (connection)
        status = watch(options, connection, line, diagnostics);
    control_client_close(connection);
    free(line);
    return status;
}

/* The command --------------------------------------------------------------- */

static bool is_socket(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

/* The server may have another working folder. */
static json_t *start_arguments(const char *path, bool force, struct diagnostics *diagnostics)
{
    char *folder = path[0] == '/' ? NULL : realpath(".", NULL);
    char *absolute = NULL;
    json_t *arguments;

    if (folder && asprintf(&absolute, "%s/%s", folder, path) < 0)
        absolute = NULL;
    arguments = client_can_send(absolute ? absolute : path, diagnostics)
                    ? json_pack("{s:s, s:o*}", "file", absolute ? absolute : path, "force",
                                force ? json_true() : NULL)
                    : NULL;
    free(folder);
    free(absolute);
    return arguments;
}

static int execute(struct trace_options *trace, const char *argument)
{
    struct diagnostics diagnostics;
    json_t *arguments = NULL;

    diagnostics_to_stderr(&diagnostics);
    if (trace->start || trace->stop) {
        if (argument || (trace->start && trace->stop)) {
            diagnostics_error(&diagnostics, "--start and --stop stand alone");
            return EXIT_INPUT;
        }
        if (trace->start &&
            !(arguments = start_arguments(trace->start, trace->force, &diagnostics)))
            return EXIT_INPUT;
        return client_execute(&trace->client, trace->start ? "trace-start" : "trace-stop",
                              arguments, NULL);
    }
    if (argument && !is_socket(argument))
        return show_file(trace, argument, &diagnostics);
    if (trace->pcapng) {
        diagnostics_error(&diagnostics, "--pcapng needs a FILE; a running drive writes one with "
                                        "vodd serve --capture");
        return EXIT_INPUT;
    }
    if (argument) {
        free(trace->client.control);
        trace->client.control = strdup(argument);
        /* Without it another drive would be asked. */
        if (!trace->client.control) {
            diagnostics_error(&diagnostics, "%s: %s", argument, strerror(ENOMEM));
            return EXIT_FAILURE;
        }
    }
    return show_drive(trace, &diagnostics);
}

int command_trace(int argc, const char **argv)
{
    struct trace_options trace = {0};
    const struct poptOption table[] = {
        {"follow", 0, POPT_ARG_NONE,   &trace.follow, 0, "Wait for what a file gets later",    NULL        },
        {"start",  0, POPT_ARG_STRING, &trace.start,  0, "Have a running drive write a trace",
         "FILE"                                                                                            },
        {"pcapng", 0, POPT_ARG_STRING, &trace.pcapng, 0,
         "Write the file as a capture for Wireshark",                                          "OUT.pcapng"},
        {"force",  0, POPT_ARG_NONE,   &trace.force,  0, "Replace a file of another kind",     NULL        },
        {"stop",   0, POPT_ARG_NONE,   &trace.stop,   0, "End the trace that --start began",   NULL        },
        CLIENT_OPTIONS(trace.client) POPT_TABLEEND,
    };
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...] [FILE | SOCKET]", 0, 1))
        status = execute(&trace, options.count > 0 ? options.arguments[0] : NULL);
    options_release(&options);
    client_options_release(&trace.client);
    free(trace.start);
    free(trace.pcapng);
    return status;
}
