/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_UNIX_SOCKET_H
#define HANDLERS_SYSTEM_UNIX_SOCKET_H

/*
 * UNIX stream sockets with a name in the file system, for this user alone.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "media/diagnostics.h"

struct unix_socket {
    int fd; /* not blocking; -1: none */
    char *path;
    dev_t device; /* of the name, so that only the own one is removed */
    ino_t inode;
};

/*
 * Listens on `path`, mode 0600.  A name that a former server left behind is taken over; one behind
 * which somebody listens, or that is not a socket, is not touched.  Returns false after reporting
 * why.
 */
bool unix_socket_listen(struct unix_socket *listener, const char *path,
                        struct diagnostics *diagnostics);

/* Closes it and removes the name.  Does nothing for one without `fd`. */
void unix_socket_close(struct unix_socket *listener);

/* A blocking connection to the server at `path`, or -1 after reporting why. */
int unix_socket_connect(const char *path, struct diagnostics *diagnostics);

#endif
