/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_UNIX_SOCKET_H
#define HANDLERS_SYSTEM_UNIX_SOCKET_H

/*
 * UNIX stream sockets with a name in the file system, for this user alone.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "handlers/system/lock_file.h"
#include "media/diagnostics.h"

struct unix_socket {
    int fd; /* not blocking; -1: none */
    char *path;
    struct lock_file lock; /* on the name */
    dev_t device;          /* of the name, so that only the own one is removed */
    ino_t inode;
};

/*
 * Listens on `path`, mode 0600 or what the umask leaves of it.  A name that a former server left
 * behind is taken over; one behind which somebody listens, or that is not a socket, is not touched.
 * To take over, bind and listen are several steps, so servers of one name are kept apart by a lock
 * beside it (lock_file.h) for as long as they listen.  For a process with threads: nothing of the
 * whole process is changed.  Returns false after reporting why.
 */
bool unix_socket_listen(struct unix_socket *listener, const char *path,
                        struct diagnostics *diagnostics);

/* Closes it, removes the name if it is still this socket's, and gives up the lock.  Does nothing
 * for one without `fd`. */
void unix_socket_close(struct unix_socket *listener);

/* A blocking connection to the server at `path`, or -1 after reporting why.  Waits no longer than
 * `seconds`, 0: for ever, for a server that has too many others to accept. */
int unix_socket_connect(const char *path, unsigned seconds, struct diagnostics *diagnostics);

#endif
