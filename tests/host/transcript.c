/* SPDX-License-Identifier: MIT */
#include "tests/host/transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_BYTES 10

static void show_message(struct host_listener *listener, const struct host_message *message,
                         bool accepted)
{
    struct transcript *transcript = (struct transcript *)listener;
    const size_t size = host_request_size(message->request);
    const size_t shown = size < SHOWN_BYTES ? size : SHOWN_BYTES;
    char hex[TRANSCRIPT_HEX_SIZE];

    if (accepted && transcript->brief)
        return;
    if (!accepted)
        transcript_say(transcript, "%-30s  refused", host_request_name(message->request));
    else if (size == 0)
        transcript_say(transcript, "%-30s     AGID %u", host_request_name(message->request),
                       message->agid);
    else
        transcript_say(transcript, "%-30s  %s %s%s", host_request_name(message->request),
                       host_request_sends(message->request) ? "->" : "<-",
                       transcript_hex(hex, message->data, shown), size > shown ? " ..." : "");
}

/* A line is seen at once, also through a pipe.  (The C library of Windows knows no line buffer.) */
static void end_line(void)
{
    putchar('\n');
    fflush(stdout);
}

void transcript_begin(struct transcript *transcript, bool tap)
{
    *transcript = (struct transcript){.listener.message = show_message, .tap = tap};
}

bool transcript_end(const struct transcript *transcript)
{
    if (transcript->tap)
        printf("1..%u\n", transcript->checks);
    else
        printf("\n%u of %u results are as they should be\n",
               transcript->checks - transcript->failures, transcript->checks);
    return transcript->failures == 0;
}

void transcript_heading(struct transcript *transcript, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    printf(transcript->tap ? "# == " : "\n");
    vprintf(format, arguments);
    end_line();
    va_end(arguments);
}

void transcript_say(struct transcript *transcript, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    printf(transcript->tap ? "#    " : "    ");
    vprintf(format, arguments);
    end_line();
    va_end(arguments);
}

bool transcript_check(struct transcript *transcript, bool right, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    transcript->checks++;
    transcript->failures += !right;
    if (transcript->tap)
        printf("%sok %u - ", right ? "" : "not ", transcript->checks);
    else
        printf(right ? "  ok    " : "  WRONG ");
    vprintf(format, arguments);
    end_line();
    va_end(arguments);
    return right;
}

bool transcript_skip(struct transcript *transcript, const char *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    transcript->checks++;
    if (transcript->tap)
        printf("ok %u - ", transcript->checks);
    else
        printf("  -     ");
    vprintf(format, arguments);
    printf(" # SKIP %s", reason);
    end_line();
    va_end(arguments);
    return false;
}

const char *transcript_hex(char text[TRANSCRIPT_HEX_SIZE], const uint8_t *bytes, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < size && 3 * i + 3 <= TRANSCRIPT_HEX_SIZE; i++)
        snprintf(text + (i ? 3 * i - 1 : 0), 4, i ? " %02X" : "%02X", bytes[i]);
    return text;
}

const char *transcript_refusal(char text[TRANSCRIPT_REFUSAL_SIZE],
                               const struct host_refusal *refusal)
{
    if (!refusal->has_sense)
        snprintf(text, TRANSCRIPT_REFUSAL_SIZE, "%s", strerror(refusal->error));
    else if (refusal->has_information)
        snprintf(text, TRANSCRIPT_REFUSAL_SIZE, "%02X/%02X/%02X, INFORMATION %u", refusal->key,
                 refusal->asc, refusal->ascq, refusal->information);
    else
        snprintf(text, TRANSCRIPT_REFUSAL_SIZE, "%02X/%02X/%02X", refusal->key, refusal->asc,
                 refusal->ascq);
    return text;
}
