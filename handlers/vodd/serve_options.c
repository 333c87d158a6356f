/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/serve_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "handlers/trace/trace.h"
#include "handlers/vodd/options.h"
#include "handlers/vodd/paths.h"

/* As they stand on the command line. */
struct words {
    char *profile, *state, *name, *socket, *control, *usb_speed, *qemu_version, *trace, *capture;
    int fd, trace_medium, force;
};

static void release_words(struct words *words)
{
    free(words->profile);
    free(words->state);
    free(words->name);
    free(words->socket);
    free(words->control);
    free(words->usb_speed);
    free(words->qemu_version);
    free(words->trace);
    free(words->capture);
}

static bool read_speed(const struct words *words, struct serve_options *options,
                       struct diagnostics *diagnostics)
{
    if (!words->usb_speed || strcmp(words->usb_speed, "super") == 0)
        options->speed = USB_SPEED_SUPER;
    else if (strcmp(words->usb_speed, "high") == 0)
        options->speed = USB_SPEED_HIGH;
    else
        diagnostics_error(diagnostics, "--usb-speed %s: no such speed; accepted: super | high",
                          words->usb_speed);
    return diagnostics->errors == 0;
}

static bool read_qemu_version(const struct words *words, struct serve_options *options,
                              struct diagnostics *diagnostics)
{
    if (words->qemu_version && !qemu_version_read(words->qemu_version, &options->qemu))
        diagnostics_error(diagnostics, "--qemu-version %s: not a version; accepted: %s",
                          words->qemu_version, QEMU_VERSION_FORM);
    return diagnostics->errors == 0;
}

static bool check_fd(const struct words *words, struct diagnostics *diagnostics)
{
    int type = 0;
    socklen_t size = sizeof(type);

    if (words->fd < 0)
        return true;
    if (words->socket)
        diagnostics_error(diagnostics, "--socket and --fd exclude each other");
    else if (getsockopt(words->fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_STREAM)
        diagnostics_error(diagnostics, "--fd %d: not an open stream socket", words->fd);
    return diagnostics->errors == 0;
}

static bool check_trace(const struct words *words, struct diagnostics *diagnostics)
{
    if (words->trace_medium < 0 || words->trace_medium > TRACE_DATA_MAX)
        diagnostics_error(diagnostics, "--trace-medium %d: too many bytes; accepted: 0..%d",
                          words->trace_medium, TRACE_DATA_MAX);
    return diagnostics->errors == 0;
}

/* Standard output tells what is served. */
static bool check_outputs(const struct words *words, struct diagnostics *diagnostics)
{
    if (words->trace && strcmp(words->trace, "-") == 0)
        diagnostics_error(diagnostics, "--trace -: accepted: the name of a file or a pipe");
    if (words->capture && strcmp(words->capture, "-") == 0)
        diagnostics_error(diagnostics, "--capture -: accepted: the name of a file or a pipe");
    return diagnostics->errors == 0;
}

static char *take(char **word)
{
    char *taken = *word;

    *word = NULL;
    return taken;
}

static bool fill(struct words *words, struct serve_options *options,
                 struct diagnostics *diagnostics)
{
    if (!check_outputs(words, diagnostics))
        return false;
    options->fd = words->fd;
    options->trace = take(&words->trace);
    options->capture = take(&words->capture);
    options->trace_medium = words->trace_medium;
    options->force = words->force;
    options->profile = take(&words->profile);
    options->name = words->name ? take(&words->name) : strdup(PATHS_NAME_DEFAULT);
    if (!options->name)
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
    if (!options->name || !paths_name_is_valid(options->name, diagnostics) ||
        !read_speed(words, options, diagnostics) ||
        !read_qemu_version(words, options, diagnostics) || !check_fd(words, diagnostics) ||
        !check_trace(words, diagnostics))
        return false;

    if (!words->state)
        options->state = paths_state(options->name, diagnostics);
    else if (strcmp(words->state, "none") != 0)
        options->state = take(&words->state);
    if (words->fd < 0)
        options->socket =
            words->socket ? take(&words->socket) : paths_socket(options->name, "usb", diagnostics);
    options->control = words->control ? take(&words->control)
                                      : paths_socket(options->name, "control", diagnostics);
    return diagnostics->errors == 0;
}

bool serve_options_read(struct serve_options *options, int argc, const char **argv)
{
    struct words words = {.fd = -1, .trace_medium = TRACE_MEDIUM_BYTES_DEFAULT};
    const struct poptOption table[] = {
        DISC_OPTIONS(options->disc){"profile",      0, POPT_ARG_STRING, &words.profile,      0,
                                    "Which drive it is",                                                                          "FILE.drive"},
        {"state",        0, POPT_ARG_STRING, &words.state,        0, "What it keeps without power",    "FILE|none" },
        {"name",         0, POPT_ARG_STRING, &words.name,         0, "Names its files (vodd)",         "NAME"      },
        {"socket",       0, POPT_ARG_STRING, &words.socket,       0, "Where QEMU connects",            "PATH"      },
        {"fd",           0, POPT_ARG_INT,    &words.fd,           0, "A socket that is open already",  "N"         },
        {"control",      0, POPT_ARG_STRING, &words.control,      0, "Where vodd status etc. connect",
                                    "PATH"                                                                                                    },
        {"usb-speed",    0, POPT_ARG_STRING, &words.usb_speed,    0, "Speed of the device (super)",
                                    "super|high"                                                                                              },
        {"qemu-version", 0, POPT_ARG_STRING, &words.qemu_version, 0,
                                    "Whose options are printed (the installed one)",                                              "N.N"       },
        {"trace",        0, POPT_ARG_STRING, &words.trace,        0, "Write a trace",                  "FILE"      },
        {"trace-medium", 0, POPT_ARG_INT,    &words.trace_medium, 0, "Bytes of sectors in it (64)",
                                    "N"                                                                                                       },
        {"capture",      0, POPT_ARG_STRING, &words.capture,      0, "Write a capture for Wireshark",
                                    "FILE.pcapng"                                                                                             },
        {"force",        0, POPT_ARG_NONE,   &words.force,        0,
                                    "Trace and capture replace files of another kind",                                            NULL        },
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct options line;
    struct diagnostics diagnostics;
    bool right;

    memset(options, 0, sizeof(*options));
    diagnostics_to_stderr(&diagnostics);
    right = options_read(&line, argc, argv, table, "[OPTION...] [FILE]", 0, 1);
    if (right && line.count > 0 && !(options->file = strdup(line.arguments[0]))) {
        diagnostics_error(&diagnostics, "%s: %s", line.arguments[0], strerror(ENOMEM));
        right = false;
    }
    right = right && fill(&words, options, &diagnostics);
    options_release(&line);
    release_words(&words);
    return right;
}

void serve_options_release(struct serve_options *options)
{
    disc_options_release(&options->disc);
    free(options->file);
    free(options->profile);
    free(options->state);
    free(options->name);
    free(options->socket);
    free(options->control);
    free(options->trace);
    free(options->capture);
    memset(options, 0, sizeof(*options));
}
