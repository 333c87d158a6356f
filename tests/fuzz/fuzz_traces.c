/* SPDX-License-Identifier: MIT */

/*
 * Whole traces through everything that reads one: text, report (counts, page, JSON), expectations,
 * capture, replay.  The input is the file.  Half of the mutations change lines instead of bytes,
 * with what the tables of members accept and do not, so that most traces are read to their end.
 */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "handlers/capture/capture.h"
#include "handlers/expectations/expectations.h"
#include "handlers/replay/replay.h"
#include "handlers/report/report_html.h"
#include "handlers/report/report_json.h"
#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/trace/trace_text.h"
#include "tests/support/generated_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

#define INVARIANT(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "broken: %s (line %d)\n", #condition, __LINE__);                       \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Files --------------------------------------------------------------------- */

struct file {
    int fd;
    char path[32];
};

static struct file trace, written, image;
static FILE *nowhere;
static struct disc *disc;
static struct drive_profile profile;
static struct diagnostics diagnostics;

static void make_file(struct file *file)
{
    file->fd = memfd_create("trace", 0);
    INVARIANT(file->fd >= 0);
    snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

/* Every message is about something. */
static void report_text(void *context, const char *text)
{
    (void)context;
    INVARIANT(*text && !strchr(text, '\n'));
}

static void set_up(void)
{
    struct disc_description description;

    make_file(&trace);
    make_file(&written);
    make_file(&image);
    INVARIANT(ftruncate(image.fd, 512 * 2048) == 0);
    nowhere = fopen("/dev/null", "w");
    INVARIANT(nowhere);
    diagnostics.report = report_text;
    disc_description_init(&description);
    description.image = strdup(image.path);
    disc = disc_create(&description, NULL);
    INVARIANT(disc);
    disc_description_release(&description);
    drive_profile_init(&profile);
}

/* Readers ------------------------------------------------------------------- */

/* Calls `take` with each line; returns whether the trace has a header. */
static bool read_lines(void (*take)(void *context, struct trace_reader *reader,
                                    const struct trace_line *line),
                       void *context, bool *whole)
{
    struct trace_reader *reader = trace_reader_open(trace.path, &diagnostics);
    static struct trace_line line;
    enum trace_read read;

    if (!reader)
        return false;
    line = (struct trace_line){.kind = TRACE_LINE_HEADER, .header = *trace_reader_header(reader)};
    take(context, reader, &line);
    while ((read = trace_reader_next(reader, &line)) == TRACE_READ_LINE)
        take(context, reader, &line);
    *whole = read == TRACE_READ_END && !trace_reader_is_truncated(reader);
    trace_reader_close(reader);
    return true;
}

static struct output_file *open_written(enum output_kind kind)
{
    const struct output_terms terms = {.kind = kind, .force = OUTPUT_FORCED};
    struct output_file *output = output_file_open(written.path, &terms, &diagnostics);

    INVARIANT(output);
    return output;
}

static void show(void *context, struct trace_reader *reader, const struct trace_line *line)
{
    (void)context;
    trace_text_line(trace_reader_header(reader), line, nowhere);
}

static void report(void *context, struct trace_reader *reader, const struct trace_line *line)
{
    struct report *all = context;

    if (line->kind == TRACE_LINE_HEADER)
        INVARIANT(report_begin(all, trace_reader_path(reader), &line->header));
    else
        INVARIANT(report_line(all, line));
}

static void make_report(void)
{
    const struct report_requirements requirements = {
        .required = {true, true, true, true},
          .value = {13,   30,   1,    0   }
    };
    struct report *all = report_create();
    bool whole;
    json_t *json;

    INVARIANT(all);
    if (read_lines(report, all, &whole)) {
        report_end(all, !whole, whole);
        INVARIANT(report_html(all, "fuzz", &requirements, nowhere));
        json = report_json(all, &requirements);
        INVARIANT(json && json_dumpf(json, nowhere, 0) == 0);
        INVARIANT(json_integer_value(json_object_get(json, "commands")) ==
                  (json_int_t)all->trace[0].commands);
        json_decref(json);
    }
    report_destroy(all);
}

static void expect(void *context, struct trace_reader *reader, const struct trace_line *line)
{
    if (line->kind == TRACE_LINE_COMMAND)
        INVARIANT(expectations_command(context, &line->command, trace_reader_line(reader)));
}

static void hold_expectations(void)
{
    static const char text[] =
        "every SEND KEY key-format=key2 failed is followed by any agid=same within 3 commands\n"
        "every REPORT KEY key-format=agid good is followed by any agid=same lba=same within 1s "
        "before INQUIRY\n"
        "every any is followed by any nexus=same before any failed\n"
        "at most 1 TEST UNIT READY in a row\n"
        "at most 2 any authentication=authenticated,free agids-in-use=0-4\n"
        "at least 1 any longer-than=1ms length=0-1000 medium=ready asf=set\n"
        "no READ(10) sense=SCRAMBLED_SECTOR,2 lba=0-100\n"
        "no any fault=busy after any structure-format=disc-key until any status=given-up,busy\n";
    struct expectations expectations;
    bool whole;

    INVARIANT(expectations_read("fuzz", text, &expectations, &diagnostics));
    if (read_lines(expect, &expectations, &whole))
        expectations_end(&expectations);
    expectations_release(&expectations);
}

static void capture(void *context, struct trace_reader *reader, const struct trace_line *line)
{
    struct capture **file = context;

    (void)reader;
    if (line->kind == TRACE_LINE_HEADER)
        *file = capture_open(open_written(OUTPUT_CAPTURE), &line->header, &diagnostics);
    INVARIANT(*file);
    if (line->kind == TRACE_LINE_COMMAND)
        INVARIANT(capture_command(*file, &line->command));
}

static bool go_on(void *context, const struct replay_difference *difference)
{
    (void)context, (void)difference;
    return true;
}

static void replay(bool realistic)
{
    struct trace_reader *reader = trace_reader_open(trace.path, &diagnostics);
    struct replay_options options = {
        .profile = &profile,
        .disc = disc,
        .without_attention = realistic,
    };
    struct replay_result result;

    if (!reader)
        return;
    options.record = open_written(OUTPUT_TRACE);
    profile.timing = realistic ? TIMING_REALISTIC : TIMING_INSTANT;
    replay_run(reader, &options, go_on, NULL, &result, &diagnostics);
    INVARIANT(result.differences <= result.commands);
    trace_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct capture *file = NULL;
    bool whole;

    if (!disc)
        set_up();
    INVARIANT(ftruncate(trace.fd, 0) == 0);
    INVARIANT(pwrite(trace.fd, data, size, 0) == (ssize_t)size);
    if (!read_lines(show, NULL, &whole))
        return 0;
    make_report();
    hold_expectations();
    read_lines(capture, &file, &whole);
    INVARIANT(capture_close(file));
    replay(size % 2);
    return 0;
}

/* Mutations ----------------------------------------------------------------- */

/* A piece of the input; the end of a line belongs to it. */
struct span {
    size_t first, size;
};

static struct span any_line(const uint8_t *data, size_t size, struct random *random)
{
    size_t middle = size > 0 ? (size_t)(random_next(random) % size) : 0;
    struct span line = {middle, 0};

    while (line.first > 0 && data[line.first - 1] != '\n')
        line.first--;
    while (line.first + line.size < size && data[line.first + line.size++] != '\n')
        ;
    return line;
}

/* Puts `text` in the place of the span, if there is room; returns the new size. */
static size_t put(uint8_t *data, size_t size, size_t room, struct span span, const char *text)
{
    size_t length = strlen(text);

    /* No text but a line of bytes: what ends it is a newline.
     * NOLINTBEGIN(bugprone-not-null-terminated-result) */
    if (size - span.size + length + 1 > room)
        return size;
    memmove(data + span.first + length + 1, data + span.first + span.size,
            size - span.first - span.size);
    memcpy(data + span.first, text, length);
    data[span.first + length] = '\n';
    /* NOLINTEND(bugprone-not-null-terminated-result) */
    return size - span.size + length + 1;
}

/* Changes a line that is JSON, else puts a new one in its place. */
static json_t *other_line(const uint8_t *data, struct span span, struct random *random)
{
    json_t *line = json_loadb((const char *)data + span.first, span.size, 0, NULL);

    if (!json_is_object(line) || random_next(random) % 4 == 0) {
        json_decref(line);
        line = generated_trace_line(generated_trace_kind(random), random);
    }
    if (random_next(random) % 4 != 0)
        generated_trace_change(line, random);
    return line;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    struct random random;
    struct span span;
    json_t *line = NULL;
    char *text;

    random_init(&random, seed, "mutation");
    span = any_line(data, size, &random);
    switch (random_next(&random) % 8) {
    case 0:
    case 1:
        return LLVMFuzzerMutate(data, size, room);
    case 2: /* the line goes */
        if (span.first == 0)
            return LLVMFuzzerMutate(data, size, room);
        memmove(data + span.first, data + span.first + span.size, size - span.first - span.size);
        return size - span.size;
    case 3: /* a new one comes behind it */
        line = generated_trace_line(generated_trace_kind(&random), &random);
        span.first += span.size;
        span.size = 0;
        break;
    case 4: /* it comes twice */
        line = json_loadb((const char *)data + span.first, span.size, 0, NULL);
        span.size = 0;
        break;
    default:
        line = other_line(data, span, &random);
    }
    if (!line)
        return LLVMFuzzerMutate(data, size, room);
    text = json_dumps(line, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(line);
    size = text ? put(data, size, room, span, text) : size;
    free(text);
    return size;
}
