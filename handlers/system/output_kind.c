/* SPDX-License-Identifier: MIT */
#include "handlers/system/output_kind.h"

#include <string.h>

static bool begins(const uint8_t *bytes, size_t length, const char *text)
{
    return length >= strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

static bool contains(const uint8_t *bytes, size_t length, const char *text)
{
    return memmem(bytes, length, text, strlen(text));
}

static bool is_trace(const uint8_t *bytes, size_t length)
{
    return begins(bytes, length, "{\"vodd-trace\"");
}

/* The section header, whose byte order is that of the machine that wrote it. */
static bool is_capture(const uint8_t *bytes, size_t length)
{
    return begins(bytes, length, "\n\r\r\n") && length >= 12 &&
           (memcmp(bytes + 8, "\x1A\x2B\x3C\x4D", 4) == 0 ||
            memcmp(bytes + 8, "\x4D\x3C\x2B\x1A", 4) == 0);
}

static bool is_report(const uint8_t *bytes, size_t length)
{
    return begins(bytes, length, "<!DOCTYPE html>") &&
           contains(bytes, length < 512 ? length : 512, "<meta name=\"generator\" content=\"vodd ");
}

/* Or as much of one as was written before the power went. */
static bool is_state(const uint8_t *bytes, size_t length)
{
    static const char text[] = "# State of a vodd drive.";

    return memcmp(bytes, text, length < sizeof(text) - 1 ? length : sizeof(text) - 1) == 0;
}

static bool is_image(const uint8_t *bytes, size_t length)
{
    return length >= OUTPUT_KIND_BYTES &&
           (memcmp(bytes + 32769, "CD001", 5) == 0 || memcmp(bytes + 32769, "BEA01", 5) == 0);
}

const struct output_kind_row output_kinds[OUTPUT_KINDS] = {
    [OUTPUT_TRACE] = {"a trace",              "trace",   "lines of the trace",      is_trace,   true },
    [OUTPUT_CAPTURE] = {"a capture (pcapng)",   "capture", "commands of the capture", is_capture,
                      true                                                                           },
    [OUTPUT_REPORT] = {"a report of vodd",     "report",  "parts of the report",     is_report,  true },
    [OUTPUT_STATE] = {"the state of a drive", "state",   "parts of the state",      is_state,   true },
    [OUTPUT_IMAGE] = {"an image of a disc",   "image",   "parts of the image",      is_image,   false},
};

const char *output_kind_guess(const uint8_t *bytes, size_t length)
{
    for (int kind = 0; kind < OUTPUT_KINDS; kind++)
        if (output_kinds[kind].is(bytes, length))
            return output_kinds[kind].article;
    return "a file of another kind";
}
