/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/qemu_version.h"

#include <stddef.h>
#include <string.h>

#define ANNOUNCEMENT "QEMU emulator version "
#define DIGITS       "0123456789"
#define DIGITS_MAX   3

/* Reads a number of at most DIGITS_MAX digits and moves `text` behind it. */
static bool read_number(const char **text, int *number)
{
    size_t digits = strspn(*text, DIGITS);

    if (digits == 0 || digits > DIGITS_MAX)
        return false;
    *number = 0;
    for (; digits > 0; digits--)
        *number = *number * 10 + *(*text)++ - '0';
    return true;
}

/* Reads N.N and moves `text` behind it. */
static bool read_version(const char **text, struct qemu_version *version)
{
    struct qemu_version read;

    if (!read_number(text, &read.major) || **text != '.')
        return false;
    (*text)++;
    if (!read_number(text, &read.minor))
        return false;
    *version = read;
    return qemu_version_is_known(version);
}

bool qemu_version_read(const char *text, struct qemu_version *version)
{
    struct qemu_version read;
    int patch;

    *version = (struct qemu_version){0};
    if (!read_version(&text, &read))
        return false;
    if (*text == '.') {
        text++;
        if (!read_number(&text, &patch))
            return false;
    }
    if (*text)
        return false;
    *version = read;
    return true;
}

bool qemu_version_read_output(const char *output, struct qemu_version *version)
{
    const char *line = output;
    struct qemu_version read;

    *version = (struct qemu_version){0};
    while (strncmp(line, ANNOUNCEMENT, strlen(ANNOUNCEMENT)) != 0) {
        line = strchr(line, '\n');
        if (!line)
            return false;
        line++;
    }
    line += strlen(ANNOUNCEMENT);
    if (!read_version(&line, &read) || !*line || !strchr(". \n", *line))
        return false;
    *version = read;
    return true;
}

bool qemu_version_is_known(const struct qemu_version *version)
{
    return version->major > 0 || version->minor > 0;
}

const char *qemu_version_reconnect(const struct qemu_version *version)
{
    if (!qemu_version_is_known(version) || version->major > QEMU_RECONNECT_MS_MAJOR ||
        (version->major == QEMU_RECONNECT_MS_MAJOR && version->minor >= QEMU_RECONNECT_MS_MINOR))
        return QEMU_RECONNECT_MS;
    return QEMU_RECONNECT;
}
