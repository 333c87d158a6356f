/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_CLIENT_H
#define HANDLERS_CONTROL_CONTROL_CLIENT_H

/*
 * The client's side of the control socket, one command at a time.
 *
 * Whoever listens there may be anything: a line has an end, and a command that is not answered in
 * time is reported, whatever came meanwhile.
 */

#include <jansson.h>

#include "media/diagnostics.h"

/* The longest line of a server, in bytes with its newline; a longer one is an error. */
#define CONTROL_CLIENT_LINE_MAX (1024 * 1024)

struct control_client_connection;

/* Connects and reads the greeting, within `seconds`, which is also the time for each command from
 * then on.  NULL after reporting why not. */
struct control_client_connection *control_client_connect(const char *path, unsigned seconds,
                                                         struct diagnostics *diagnostics);
/* NULL is allowed. */
void control_client_close(struct control_client_connection *connection);

/*
 * Sends a command and waits for its answer; events on the way are dropped.  `arguments` is taken
 * over, NULL means none.  Returns a new reference to what the command answers, or NULL after
 * reporting what the server said against it, line by line.
 */
json_t *control_client_call(struct control_client_connection *connection, const char *command,
                            json_t *arguments, struct diagnostics *diagnostics);

/*
 * Waits, however long it takes, for the next event of the name `event` and returns its data, a new
 * reference.  Events that the server had to leave out are warned of.  NULL when the connection
 * ended, which is reported.
 */
json_t *control_client_wait(struct control_client_connection *connection, const char *event,
                            struct diagnostics *diagnostics);

#endif
