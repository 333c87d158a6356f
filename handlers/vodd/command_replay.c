/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/replay/replay.h"
#include "handlers/system/drive_files.h"
#include "handlers/text/json_text.h"
#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/disc_options.h"
#include "handlers/vodd/options.h"
#include "handlers/vodd/paths.h"
#include "media/shown_text.h"

struct replay_words {
    struct disc_options disc_options;
    char *disc, *drive, *record;
    int all, attached, force, incomplete, json;
};

struct output {
    const char *path;     /* of the trace */
    bool all, incomplete; /* as the options say */
    json_t *differences;  /* NULL: for people */
    bool whole;           /* the trace had its end */
};

/* Differences --------------------------------------------------------------- */

static const char *const parts[] = {
    [REPLAY_STATUS] = "status",
    [REPLAY_SENSE] = "sense",
    [REPLAY_LENGTH] = "in-length",
    [REPLAY_DATA_IN] = "in",
};

static void put_status(const char *label, int64_t code)
{
    if (code < -1)
        fprintf(stderr, "%s%s", label, trace_status_name((enum drive_status) - code));
    else if (code < 0)
        fprintf(stderr, "%sthe command given up", label);
    else if (code == 0)
        fprintf(stderr, "%sGOOD", label);
    else
        fprintf(stderr, "%s%02X/%02X/%02X", label, (unsigned)(code >> 16),
                (unsigned)(code >> 8 & 0xFF), (unsigned)(code & 0xFF));
}

static void put_difference(const struct output *output, const struct replay_difference *difference)
{
    char room[TRACE_NAME_MAX];

    shown_text_print(stderr, "vodd: %s:%lu: command %" PRIu64 ", %s: ", output->path,
                     difference->line, difference->command->number,
                     trace_command_name(difference->command, room));
    if (difference->part == REPLAY_STATUS) {
        put_status("status: expected ", difference->expected);
        put_status(", got ", difference->got);
        fputc('\n', stderr);
    } else if (difference->part == REPLAY_LENGTH) {
        fprintf(stderr, "expected %" PRId64 " bytes, got %" PRId64 "\n", difference->expected,
                difference->got);
    } else {
        fprintf(stderr, "byte %" PRIu64 " of the %s: expected %02X, got %02X\n", difference->offset,
                difference->part == REPLAY_SENSE ? "sense data" : "answer",
                (unsigned)difference->expected, (unsigned)difference->got);
    }
}

static bool differs(void *context, const struct replay_difference *difference)
{
    struct output *output = context;
    char room[TRACE_NAME_MAX];

    if (output->differences)
        json_array_append_new(
            output->differences,
            json_pack("{s:I, s:I, s:s, s:s, s:I, s:I, s:I}", "line", (json_int_t)difference->line,
                      "command", (json_int_t)difference->command->number, "name",
                      trace_command_name(difference->command, room), "part",
                      parts[difference->part], "offset", (json_int_t)difference->offset, "expected",
                      (json_int_t)difference->expected, "got", (json_int_t)difference->got));
    else
        put_difference(output, difference);
    return output->all;
}

/* The drive ----------------------------------------------------------------- */

static struct disc *make_disc(const struct replay_words *words, struct run_files *files,
                              struct diagnostics *diagnostics)
{
    return words->disc ? disc_options_make(&words->disc_options, words->disc, files, diagnostics)
                       : NULL;
}

static int put_result(const struct output *output, const struct replay_result *result)
{
    if (output->differences) {
        json_t *object = json_pack("{s:I, s:O, s:b, s:b}", "commands", (json_int_t)result->commands,
                                   "differences", output->differences, "damaged", result->damaged,
                                   "whole", output->whole);
        json_text_write(object, stdout, JSON_INDENT(2));
    } else if (result->differences == 0 && !result->damaged) {
        shown_text_print(stdout, "%s: %" PRIu64 " commands, each as recorded\n", output->path,
                         result->commands);
    } else if (output->all) {
        shown_text_print(stdout, "%s: %" PRIu64 " commands, %" PRIu64 " of them not as recorded\n",
                         output->path, result->commands, result->differences);
    }
    if (fflush(stdout) != 0)
        return EXIT_FAILURE;
    if (result->damaged || (result->at_end && !output->whole && !output->incomplete))
        return EXIT_INPUT;
    return result->unrecorded || result->differences > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Where the replay is recorded; false after reporting why not. */
static bool open_record(const struct replay_words *words, struct run_files *files,
                        struct output_file **record, struct diagnostics *diagnostics)
{
    const struct output_terms terms = {
        .kind = OUTPUT_TRACE,
        .force = OUTPUT_FORCE(words->force),
        .pipes = OUTPUT_PIPES_WAITED_FOR,
        .files = files,
    };

    *record = words->record ? output_file_open(words->record, &terms, diagnostics) : NULL;
    return *record || !words->record;
}

static int play(struct trace_reader *reader, const struct replay_words *words,
                const struct drive_profile *profile, struct disc *disc, struct output_file *record,
                struct diagnostics *diagnostics)
{
    const struct replay_options options = {
        .profile = profile,
        .disc = disc,
        .without_attention = words->attached,
        .record = record,
        .medium_bytes = TRACE_MEDIUM_BYTES_DEFAULT,
    };
    struct output output = {
        .path = trace_reader_path(reader),
        .all = words->all,
        .incomplete = words->incomplete,
        .differences = words->json ? json_array() : NULL,
    };
    struct replay_result result;
    int status = EXIT_FAILURE;

    if (replay_run(reader, &options, differs, &output, &result, diagnostics)) {
        output.whole = result.at_end && trace_reader_is_whole(reader, words->incomplete);
        status = put_result(&output, &result);
    }
    json_decref(output.differences);
    return status;
}

static int replay_file(const char *path, const struct replay_words *words)
{
    struct diagnostics diagnostics;
    struct drive_profile profile;
    struct trace_reader *reader = NULL;
    struct output_file *record;
    struct run_files files = {0};
    struct disc *disc = NULL;
    int status = EXIT_INPUT;

    diagnostics_to_stderr(&diagnostics);
    if (drive_files_load_profile(words->drive, PATHS_NAME_DEFAULT, &profile, &diagnostics) &&
        drive_files_note_profile(&files, words->drive, &diagnostics) &&
        run_files_note(&files, RUN_FILE_READ_TRACE, path, &diagnostics))
        disc = make_disc(words, &files, &diagnostics);
    if (diagnostics.errors == 0)
        reader = trace_reader_open(path, &diagnostics);
    if (reader && open_record(words, &files, &record, &diagnostics)) {
        const struct trace_header *header = trace_reader_header(reader);
        if (*header->serial)
            memcpy(profile.serial, header->serial, sizeof(profile.serial));
        status = play(reader, words, &profile, disc, record, &diagnostics);
    } else if (reader) {
        status = EXIT_FAILURE;
    }
    trace_reader_close(reader);
    disc_release(disc);
    run_files_release(&files);
    drive_profile_release(&profile);
    return status;
}

int command_replay(int argc, const char **argv)
{
    struct replay_words words = {0};
    const struct poptOption table[] = {
        {"disc",       0, POPT_ARG_STRING, &words.disc,       0, "What lies in the drive",           "FILE"      },
        DISC_OPTIONS(words.disc_options){"drive",      0, POPT_ARG_STRING, &words.drive,      0,
         "Which drive it is",                                                                        "FILE.drive"},
        {"record",     0, POPT_ARG_STRING, &words.record,     0, "Write a trace of the replay",      "FILE"      },
        {"force",      0, POPT_ARG_NONE,   &words.force,      0,
         "The trace of the replay replaces a file of another kind",                                  NULL        },
        {"incomplete", 0, POPT_ARG_NONE,   &words.incomplete, 0, "Accept a trace without its end",
         NULL                                                                                                    },
        {"attached",   0, POPT_ARG_NONE,   &words.attached,   0,
         "Hosts were there before the trace began: no unit attention",                               NULL        },
        {"all",        0, POPT_ARG_NONE,   &words.all,        0, "Go on after the first difference", NULL        },
        {"json",       0, POPT_ARG_NONE,   &words.json,       0, "Write the result as JSON",         NULL        },
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...] TRACE", 1, 1))
        status = replay_file(options.arguments[0], &words);
    options_release(&options);
    disc_options_release(&words.disc_options);
    free(words.disc);
    free(words.drive);
    free(words.record);
    return status;
}
