/* SPDX-License-Identifier: MIT */

/* The control socket: any bytes of a client; each answer is a line of JSON. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/control/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_connected(void *context)
{
    (void)context;
    return true;
}

static void quit(void *context)
{
    (void)context;
}

static const struct control_server server = {
    .name = "fuzz", .is_connected = is_connected, .quit = quit};

/* The one image that there is; no other name of the input leads out of this folder. */
static char image[32];

static void make_image(void)
{
    int file = memfd_create("image", 0);

    if (file < 0 || ftruncate(file, 16 * 2048) < 0)
        abort();
    snprintf(image, sizeof(image), "/proc/self/fd/%d", file);
}

/* The input with the image in place of each "@". */
static size_t make_lines(const uint8_t *data, size_t size, char *lines)
{
    size_t length = 0;

    for (size_t i = 0; i < size; i++) {
        if (data[i] == '@') {
            for (const char *c = image; *c; c++)
                lines[length++] = *c;
        } else {
            lines[length++] = data[i] == '/' ? '_' : (char)data[i];
        }
    }
    lines[length++] = '\n';
    return length;
}

static void check_lines(char *text)
{
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, 0, NULL);
        if (!json_is_object(object))
            abort();
        json_decref(object);
    }
}

static void drain(int fd)
{
    static char text[4 * 1024 * 1024];
    size_t length = 0;
    ssize_t step;

    while ((step = recv(fd, text + length, sizeof(text) - 1 - length, MSG_DONTWAIT)) > 0)
        length += (size_t)step;
    text[length] = 0;
    check_lines(text);
}

static void talk(struct event_base *base, struct control *control, const uint8_t *data, size_t size)
{
    char *lines = malloc(size * sizeof(image) + 1);
    size_t length;
    int pair[2];

    if (!lines || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || !control_adopt(control, pair[0]))
        abort();
    length = make_lines(data, size, lines);
    if (send(pair[1], lines, length, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
        for (size_t done = 0; done <= length; done += 4096)
            event_base_loop(base, EVLOOP_NONBLOCK);
    drain(pair[1]);
    close(pair[1]);
    event_base_loop(base, EVLOOP_NONBLOCK);
    free(lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct event_base *base;
    struct drive_profile profile;
    struct control *control;
    struct drive *drive;

    if (!base) {
        base = event_base_new();
        make_image();
    }
    drive_profile_init(&profile);
    drive = drive_create(&profile, NULL, NULL, 0);
    control = control_create(base, -1, drive, &server);
    talk(base, control, data, size);
    control_destroy(control);
    drive_destroy(drive);
    return 0;
}
