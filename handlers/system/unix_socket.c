/* SPDX-License-Identifier: MIT */
#include "handlers/system/unix_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* As many as come at once, while the event loop is busy with others. */
#define BACKLOG 128
#define TAKEN   "another server listens on this socket"

static bool make_address(struct sockaddr_un *address, const char *path,
                         struct diagnostics *diagnostics)
{
    size_t length = strlen(path);

    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    if (length == 0 || length >= sizeof(address->sun_path)) {
        diagnostics_error(diagnostics, "%s: the name of a socket has 1 to %zu bytes, this one %zu",
                          path, sizeof(address->sun_path) - 1, length);
        return false;
    }
    memcpy(address->sun_path, path, length);
    return true;
}

/* A socket of the type flags `type` connected to the server, or -1 with errno set: EAGAIN when more
 * connections wait there than the server lets, for `patience` if the socket blocks. */
static int connect_to(const struct sockaddr_un *address, int type, const struct timeval *patience)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | type, 0);

    if (fd < 0)
        return -1;
    if ((patience && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, patience, sizeof(*patience)) < 0) ||
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* Removes the name if it is a socket that nobody serves any more. */
static bool remove_stale(const struct sockaddr_un *address, struct diagnostics *diagnostics)
{
    struct stat status;
    int fd;

    if (lstat(address->sun_path, &status) < 0) {
        if (errno == ENOENT)
            return true;
        diagnostics_error(diagnostics, "%s: %s", address->sun_path, strerror(errno));
        return false;
    }
    if (!S_ISSOCK(status.st_mode)) {
        diagnostics_error(diagnostics, "%s: exists and is not a socket", address->sun_path);
        return false;
    }
    fd = connect_to(address, SOCK_NONBLOCK, NULL);
    if (fd >= 0 || errno == EAGAIN) {
        if (fd >= 0)
            close(fd);
        diagnostics_error(diagnostics, "%s: " TAKEN, address->sun_path);
        return false;
    }
    if (errno != ECONNREFUSED || unlink(address->sun_path) < 0) {
        diagnostics_error(diagnostics, "%s: cannot take over this socket: %s", address->sun_path,
                          strerror(errno));
        return false;
    }
    return true;
}

/* Linux gives the name the mode of the socket, so it never has another one, and the umask, which
 * belongs to all threads, stays. */
static bool bind_for_this_user(int fd, const struct sockaddr_un *address)
{
    return fchmod(fd, 0600) == 0 &&
           bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
}

bool unix_socket_listen(struct unix_socket *listener, const char *path,
                        struct diagnostics *diagnostics)
{
    struct sockaddr_un address;
    struct stat status;

    memset(listener, 0, sizeof(*listener));
    listener->fd = -1;
    if (!make_address(&address, path, diagnostics) ||
        !lock_file_take(&listener->lock, path, TAKEN, diagnostics))
        return false;
    if (!remove_stale(&address, diagnostics)) {
        unix_socket_close(listener);
        return false;
    }
    listener->path = strdup(path);
    listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (!listener->path || listener->fd < 0)
        goto failed;
    if (!bind_for_this_user(listener->fd, &address) || lstat(path, &status) < 0)
        goto failed;
    listener->device = status.st_dev;
    listener->inode = status.st_ino;
    if (listen(listener->fd, BACKLOG) < 0)
        goto failed;
    return true;

failed:
    diagnostics_error(diagnostics, "%s: cannot listen: %s", path, strerror(errno));
    unix_socket_close(listener);
    return false;
}

void unix_socket_close(struct unix_socket *listener)
{
    struct stat status;

    if (listener->fd >= 0) {
        if (listener->path && listener->inode && lstat(listener->path, &status) == 0 &&
            status.st_dev == listener->device && status.st_ino == listener->inode)
            unlink(listener->path);
        close(listener->fd);
    }
    lock_file_release(&listener->lock);
    free(listener->path);
    memset(listener, 0, sizeof(*listener));
    listener->fd = -1;
}

int unix_socket_connect(const char *path, unsigned seconds, struct diagnostics *diagnostics)
{
    const struct timeval patience = {.tv_sec = seconds};
    struct sockaddr_un address;
    int fd;

    if (!make_address(&address, path, diagnostics))
        return -1;
    fd = connect_to(&address, 0, &patience);
    if (fd < 0 && errno == EAGAIN)
        diagnostics_error(diagnostics, "%s: the server does not answer", path);
    else if (fd < 0)
        diagnostics_error(diagnostics,
                          errno == ENOENT || errno == ECONNREFUSED
                              ? "%s: no drive is served there: %s"
                              : "%s: %s",
                          path, strerror(errno));
    return fd;
}
