/* SPDX-License-Identifier: MIT */
#include "tests/conformance/target_link.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct target_link {
    FILE *in, *out;
    char answer[8192];
};

static int connect_to(const char *address)
{
    char host[128];
    const char *port = strrchr(address, ':');
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int fd = -1, one = 1;

    if (!port)
        return -1;
    snprintf(host, sizeof host, "%.*s", (int)(port - address), address);
    if (getaddrinfo(host, port + 1, &hints, &found) != 0)
        return -1;
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) < 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

struct target_link *target_link_open(const char *address)
{
    struct target_link *link = calloc(1, sizeof *link);
    int fd = connect_to(address);

    if (link && fd >= 0) {
        link->in = fdopen(fd, "r");
        link->out = fdopen(dup(fd), "w");
        if (link->in && link->out)
            return link;
    }
    perror(address);
    free(link);
    return NULL;
}

void target_link_close(struct target_link *link)
{
    fclose(link->in);
    fclose(link->out);
    free(link);
}

static const char *take_answer(struct target_link *link)
{
    if (fflush(link->out) != 0 || !fgets(link->answer, sizeof link->answer, link->in))
        return NULL;
    link->answer[strcspn(link->answer, "\n")] = '\0';
    return link->answer;
}

const char *target_link_ask(struct target_link *link, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(link->out, format, arguments);
    va_end(arguments);
    putc('\n', link->out);
    return take_answer(link);
}

bool target_link_write(struct target_link *link, const char *path, const char *bytes, size_t size)
{
    const char *answer;

    fprintf(link->out, "write %zu %s\n", size, path);
    fwrite(bytes, 1, size, link->out);
    answer = take_answer(link);
    return answer && !strcmp(answer, "ok");
}
