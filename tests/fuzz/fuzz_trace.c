/* SPDX-License-Identifier: MIT */

/* Lines of a trace: any bytes; one that is read is written and read again as the same. */

#include <stdlib.h>
#include <string.h>

#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *write_line(const struct trace_line *line)
{
    json_t *object = trace_json_line(line);
    char *text = json_dumps(object, JSON_COMPACT);

    if (!text || strlen(text) > TRACE_LINE_MAX)
        abort();
    json_decref(object);
    return text;
}

static void check_line(const struct trace_line *line)
{
    static struct trace_line again;
    struct trace_fault fault;
    char *first = write_line(line), *second;

    if (!trace_json_parse(first, strlen(first), &again, &fault))
        abort();
    second = write_line(&again);
    if (strcmp(first, second) != 0)
        abort();
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct trace_header header;
    static struct trace_line line;
    static FILE *nowhere;
    struct trace_fault fault = {0};
    char *text = malloc(size + 1);

    if (!nowhere && !(nowhere = fopen("/dev/null", "w")))
        abort();
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = 0;
    if (trace_json_parse(text, size, &line, &fault)) {
        check_line(&line);
        trace_text_line(&header, &line, nowhere);
    } else if (fault.column < 1 || fault.column > size + 1 || !*fault.text) {
        abort();
    }
    free(text);
    return 0;
}
