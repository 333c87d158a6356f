/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/text/json_text.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"
#include "handlers/vodd/paths.h"
#include "media/utf8.h"

void client_options_release(struct client_options *options)
{
    free(options->name);
    free(options->control);
    free(options->timeout);
    memset(options, 0, sizeof(*options));
}

static char *control_path(const struct client_options *options, struct diagnostics *diagnostics)
{
    const char *name = options->name ? options->name : PATHS_NAME_DEFAULT;

    if (options->control) {
        char *path = strdup(options->control);
        if (!path)
            diagnostics_error(diagnostics, "%s: %s", options->control, strerror(ENOMEM));
        return path;
    }
    return paths_name_is_valid(name, diagnostics) ? paths_socket(name, "control", diagnostics)
                                                  : NULL;
}

/* 0 after reporting what is wrong. */
static unsigned timeout(const struct client_options *options, struct diagnostics *diagnostics)
{
    const char *text = options->timeout;
    unsigned long seconds;

    if (!text)
        return CLIENT_TIMEOUT_SECONDS;
    errno = 0;
    seconds = strtoul(text, NULL, 10);
    if (text[strspn(text, "0123456789")] == 0 && errno == 0 && seconds > 0 &&
        seconds <= CLIENT_TIMEOUT_SECONDS_MAX)
        return (unsigned)seconds;
    diagnostics_error(diagnostics, "--timeout %s: no such time; accepted: 1..%d seconds", text,
                      CLIENT_TIMEOUT_SECONDS_MAX);
    return 0;
}

static int show(const struct client_options *options, json_t *answer,
                void (*print)(const json_t *answer, FILE *stream))
{
    if (options->json) {
        json_text_write(json_incref(answer), stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    } else if (print) {
        print(answer, stdout);
    }
    json_decref(answer);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool client_can_send(const char *text, struct diagnostics *diagnostics)
{
    if (utf8_is_valid(text))
        return true;
    diagnostics_error(diagnostics,
                      "%s: not UTF-8, which the control socket cannot carry; accepted: a name in "
                      "UTF-8, as of a link to it",
                      text);
    return false;
}

struct control_client_connection *client_connect(const struct client_options *options,
                                                 struct diagnostics *diagnostics, int *status)
{
    unsigned seconds = timeout(options, diagnostics);
    char *path = seconds ? control_path(options, diagnostics) : NULL;
    struct control_client_connection *connection =
        path ? control_client_connect(path, seconds, diagnostics) : NULL;

    *status = path ? EXIT_FAILURE : EXIT_INPUT;
    free(path);
    return connection;
}

int client_execute(const struct client_options *options, const char *command, json_t *arguments,
                   void (*print)(const json_t *answer, FILE *stream))
{
    struct control_client_connection *connection;
    struct diagnostics diagnostics;
    json_t *answer;
    int status;

    diagnostics_to_stderr(&diagnostics);
    connection = client_connect(options, &diagnostics, &status);
    if (!connection) {
        json_decref(arguments);
        return status;
    }
    answer = control_client_call(connection, command, arguments, &diagnostics);
    control_client_close(connection);
    return answer ? show(options, answer, print) : EXIT_FAILURE;
}

int client_run(int argc, const char **argv, const char *command,
               void (*print)(const json_t *answer, FILE *stream))
{
    struct client_options client = {0};
    const struct poptOption table[] = {CLIENT_OPTIONS(client) POPT_TABLEEND};
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...]", 0, 0))
        status = client_execute(&client, command, NULL, print);
    options_release(&options);
    client_options_release(&client);
    return status;
}
