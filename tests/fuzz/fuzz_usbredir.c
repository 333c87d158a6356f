/* SPDX-License-Identifier: MIT */

/*
 * The usbredir transport: any bytes of a host.  Bit 0 of the first byte: the host has introduced
 * itself and configured the device before; bit 1: high speed.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/usbredir/usbredir.h"

#define SECTORS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Hello with every capability, then set configuration 1. */
static const uint8_t introduction[] = {0,   0,   0,   0,   68,          0,        0, 0, 0, 0, 0, 0,
                                       'f', 'u', 'z', 'z', [76] = 0x7E, [80] = 6, 0, 0, 0, 1, 0, 0,
                                       0,   1,   0,   0,   0,           0,        0, 0, 0, 1};

static void connected(void *context, bool is_connected, const char *reason)
{
    (void)reason;
    *(bool *)context = is_connected;
}

static void refused(void *context, const char *reason)
{
    (void)context, (void)reason;
}

static struct disc *make_disc(void)
{
    struct disc_description description;
    int file = memfd_create("image", 0);
    struct disc *disc;
    char path[32];

    if (file < 0 || ftruncate(file, SECTORS * 2048) < 0)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    disc_description_init(&description);
    description.image = strdup(path);
    description.protection = DISC_PROTECTION_CSS;
    disc = disc_create(&description, NULL);
    if (!disc)
        abort();
    disc_description_release(&description);
    close(file);
    return disc;
}

static void drain(int fd)
{
    static uint8_t bytes[65536];

    while (recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
        ;
}

static void talk(struct event_base *base, int fd, const uint8_t *data, size_t size)
{
    size_t sent = 0;

    /* The server may have closed the connection, or stopped reading until it is read. */
    while (sent < size) {
        ssize_t step = send(fd, data + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (step < 0)
            break;
        sent += (size_t)step;
        event_base_loop(base, EVLOOP_NONBLOCK);
        drain(fd);
    }
    for (unsigned i = 0; i < 4; i++) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        drain(fd);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct event_base *base;
    static struct disc *disc;
    bool is_connected = false;
    const struct usbredir_events events = {
        .connected = connected, .refused = refused, .context = &is_connected};
    struct drive_profile profile;
    struct usbredir *usbredir;
    struct drive *drive;
    int pair[2];

    if (size < 1)
        return 0;
    if (!base) {
        base = event_base_new();
        disc = make_disc();
    }
    drive_profile_init(&profile);
    drive = drive_create(&profile, NULL, NULL, 0);
    drive_insert(drive, disc, 0);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
        abort();
    usbredir = usbredir_create(base, pair[0], drive, data[0] & 2 ? USB_SPEED_HIGH : USB_SPEED_SUPER,
                               &events);
    if (data[0] & 1)
        talk(base, pair[1], introduction, sizeof(introduction));
    talk(base, pair[1], data + 1, size - 1);
    close(pair[1]);
    for (unsigned i = 0; i < 100 && is_connected; i++)
        event_base_loop(base, EVLOOP_NONBLOCK);
    if (is_connected)
        abort();
    usbredir_destroy(usbredir);
    close(pair[0]);
    drive_destroy(drive);
    return 0;
}
