/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_PATHS_H
#define HANDLERS_VODD_PATHS_H

/*
 * Where the files of a drive lie if nobody says: its name decides.
 *
 *   sockets  $XDG_RUNTIME_DIR/vodd, else /run/vodd for root, else /tmp/vodd-UID
 *   state    $XDG_STATE_HOME/vodd, else /var/lib/vodd for root, else ~/.local/state/vodd
 */

#include <stdbool.h>

#include "media/diagnostics.h"

#define PATHS_NAME_DEFAULT "vodd"
#define PATHS_NAME_FORM    "1 to 64 letters, digits and . _ -, beginning with a letter"

/* Whether `name` can name a drive; if not this is reported. */
bool paths_name_is_valid(const char *name, struct diagnostics *diagnostics);

/*
 * The path of the socket NAME.SUFFIX or of the file NAME.state, to be freed by the caller.  The
 * folders above it are made, for this user alone; a folder in /tmp that somebody else made is
 * refused.  NULL after reporting why.
 */
char *paths_socket(const char *name, const char *suffix, struct diagnostics *diagnostics);
char *paths_state(const char *name, struct diagnostics *diagnostics);

#endif
