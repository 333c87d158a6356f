/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/serve_report.h"

#include <stdlib.h>
#include <string.h>

#include "handlers/vodd/status_text.h"
#include "media/shown_text.h"
#include "media/utf8.h"

#define SHELL_PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_"

/* Whether each character can be shown as it is. */
static bool is_plain_text(const char *word)
{
    size_t length = strlen(word), step;
    uint32_t character;

    for (; length > 0; word += step, length -= step) {
        step = utf8_next(word, length, &character);
        if (shown_text_is_hidden(character))
            return false;
    }
    return true;
}

/* The quotes of POSIX.1-2024 and bash that have escapes. */
static void put_escaped_word(FILE *stream, const char *word)
{
    fputs("$'", stream);
    for (; *word; word++)
        if (*word == '\'' || *word == '\\')
            fprintf(stream, "\\%c", *word);
        else if (*word >= ' ' && *word <= '~')
            fputc(*word, stream);
        else
            fprintf(stream, "\\%03o", (uint8_t)*word);
    fputc('\'', stream);
}

/* Writes one word so that a shell reads it back as it is. */
static void put_shell_word(FILE *stream, const char *word)
{
    if (!is_plain_text(word)) {
        put_escaped_word(stream, word);
        return;
    }
    if (word[strspn(word, SHELL_PLAIN)] == 0) {
        fputs(word, stream);
        return;
    }
    fputc('\'', stream);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", stream);
        else
            fputc(*word, stream);
    fputc('\'', stream);
}

/* In the options of QEMU a comma within a value is written twice. */
static void put_qemu_value(FILE *stream, const char *value)
{
    for (; *value; value++) {
        fputc(*value, stream);
        if (*value == ',')
            fputc(',', stream);
    }
}

static char *chardev_option(const char *name, const char *socket,
                            const struct qemu_version *version)
{
    char *option = NULL;
    size_t size;
    FILE *stream = open_memstream(&option, &size);

    if (!stream)
        return NULL;
    fprintf(stream, "socket,id=%s-usb,path=", name);
    put_qemu_value(stream, socket);
    fprintf(stream, ",%s", qemu_version_reconnect(version));
    if (fclose(stream) == 0)
        return option;
    free(option);
    return NULL;
}

char *serve_qemu_options(const char *name, const char *socket, enum usb_speed speed,
                         const struct qemu_version *version)
{
    char *chardev = chardev_option(name, socket, version);
    char *options = NULL;
    size_t size;
    FILE *stream = chardev ? open_memstream(&options, &size) : NULL;

    if (!stream) {
        free(chardev);
        return NULL;
    }
    fprintf(stream, "-device %s,id=%s-bus -chardev ",
            speed == USB_SPEED_SUPER ? "qemu-xhci" : "usb-ehci", name);
    put_shell_word(stream, chardev);
    fprintf(stream, " -device usb-redir,id=%s,chardev=%s-usb,bus=%s-bus.0", name, name, name);
    free(chardev);
    if (fclose(stream) == 0)
        return options;
    free(options);
    return NULL;
}

void serve_report(const struct server *server, FILE *stream)
{
    const struct serve_options *options = server->options;
    const char *speed = options->speed == USB_SPEED_SUPER ? "super" : "high";
    json_t *status = control_status(server->control);

    status_text_print(status, stream);
    json_decref(status);
    shown_text_print(stream, "state    %s\n", options->state ? options->state : "kept nowhere");
    if (options->trace)
        shown_text_print(stream, "trace    %s\n", options->trace);
    if (options->capture)
        shown_text_print(stream, "capture  %s\n", options->capture);
    shown_text_print(stream, "control  %s\n", options->control);
    if (options->socket)
        shown_text_print(stream, "USB      %s speed on %s\n", speed, options->socket);
    else
        fprintf(stream, "USB      %s speed on descriptor %d\n", speed, options->fd);
}

/* "QEMU options for QEMU 7.2 (/usr/bin/qemu-system-x86_64):", with as much of that as is known. */
static void put_heading(const char *program, const struct qemu_version *version, FILE *stream)
{
    fputs("\nQEMU options", stream);
    if (qemu_version_is_known(version))
        fprintf(stream, " for QEMU %d.%d", version->major, version->minor);
    if (program && qemu_version_is_known(version)) {
        fputs(" (", stream);
        put_shell_word(stream, program);
        fputc(')', stream);
    }
    fputs(":\n", stream);
}

void serve_report_qemu(const struct server *server, const char *program,
                       const struct qemu_version *version, FILE *stream)
{
    const struct serve_options *options = server->options;
    char *absolute, *qemu;

    if (!options->socket)
        return;
    /* QEMU may start in another folder. */
    absolute = realpath(options->socket, NULL);
    qemu = serve_qemu_options(options->name, absolute ? absolute : options->socket, options->speed,
                              version);
    if (qemu) {
        put_heading(program, version, stream);
        fprintf(stream, "  %s\n", qemu);
        if (!qemu_version_is_known(version))
            fprintf(stream, "A QEMU before %d.%d takes %s in the place of %s.\n",
                    QEMU_RECONNECT_MS_MAJOR, QEMU_RECONNECT_MS_MINOR, QEMU_RECONNECT,
                    QEMU_RECONNECT_MS);
    }
    free(qemu);
    free(absolute);
}
