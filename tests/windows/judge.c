/* SPDX-License-Identifier: MIT */

/* Compares what happened with what the lines of a row say. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/windows/guest.h"

#define MILLISECOND 1000000.0

/* Bytes in hexadecimal, only the first of many. */
static const char *hex(char *text, size_t size, const uint8_t *data, size_t length)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < length && used + 8 < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%02X ", data[i]);
    return text;
}

/* Words in front of a CDB. */
struct times {
    bool has_at, has_every;
    double at, every; /* milliseconds */
    bool open;        /* x*: any number but none */
    unsigned long count;
    bool has_status; /* only this of the answer counts */
    uint8_t status;
};

static const char *take_times(const char *line, struct times *times)
{
    char *end;

    *times = (struct times){.count = 1};
    for (;;) {
        if (!strncmp(line, "at ", 3)) {
            times->has_at = true;
            times->at = strtod(line + 3, &end);
        } else if (!strncmp(line, "every ", 6)) {
            times->has_every = true;
            times->every = strtod(line + 6, &end);
        } else if (!strncmp(line, "status ", 7)) {
            times->has_status = true;
            times->status = (uint8_t)strtoul(line + 7, &end, 16);
        } else if (!strncmp(line, "x*", 2)) {
            times->open = true;
            end = (char *)line + 2;
        } else if (*line == 'x') {
            times->count = strtoul(line + 1, &end, 10);
        } else {
            return line;
        }
        line = end + strspn(end, " ");
    }
}

static bool is_near(double a, double b)
{
    return a - b < 0.01 && b - a < 0.01;
}

static double since(const struct guest *guest, const struct port_exchange *exchange)
{
    return (double)(exchange->at - guest->began) / MILLISECOND;
}

static bool judge_time(struct guest *guest, const struct times *times, unsigned long number)
{
    const struct port_exchange *exchange = &guest->port.exchanges[guest->judged];
    double now = since(guest, exchange);

    if (number == 0 && times->has_at && !is_near(now, times->at))
        return run_fault(&guest->run, "it was sent at %g ms", now);
    if (number > 0 && times->has_every && !is_near(now - since(guest, exchange - 1), times->every))
        return run_fault(&guest->run, "%lu: sent %g ms after the one before", number,
                         now - since(guest, exchange - 1));
    return true;
}

static bool judge_one(struct guest *guest, const struct command_step *step,
                      const struct times *times)
{
    static struct transport_answer answer;
    const struct port_exchange *exchange = &guest->port.exchanges[guest->judged];
    char got[400];

    if (exchange->cdb_length != step->command.cdb_length ||
        memcmp(exchange->cdb, step->command.cdb, exchange->cdb_length) != 0)
        return run_fault(&guest->run, "the command is %s",
                         hex(got, sizeof got, exchange->cdb, exchange->cdb_length));
    if (!pattern_matches(&step->data_out, SIZE_MAX, exchange->data_out, exchange->data_out_length))
        return run_fault(&guest->run, "%zu bytes of data out are %s", exchange->data_out_length,
                         hex(got, sizeof got, exchange->data_out, exchange->data_out_length));
    if (times->has_status)
        return exchange->status == times->status
                   ? true
                   : run_fault(&guest->run, "the status is %02X", exchange->status);
    answer.status = exchange->status;
    memcpy(answer.sense, exchange->sense, sizeof answer.sense);
    memcpy(answer.data, exchange->data_in, exchange->data_in_length);
    answer.length = exchange->data_in_length;
    answer.fault[0] = '\0';
    return command_step_judge(&guest->run, step, SIZE_MAX, &answer);
}

bool guest_judge_exchange(struct guest *guest, const char *line)
{
    struct times times;
    struct command_step step;
    bool good = command_step_parse(&guest->run, take_times(line, &times), &step);

    for (unsigned long i = 0; good && (times.open || i < times.count); i++) {
        good = guest->judged < guest->port.count
                   ? judge_one(guest, &step, &times) && judge_time(guest, &times, i)
                   : run_fault(&guest->run, "the driver sent nothing more (%lu of them)", i);
        if (!good && times.open && i > 0) {
            good = true;
            break;
        }
        guest->judged += good;
    }
    command_step_release(&step);
    return good;
}

struct result_line {
    char status[40];
    bool has_win32, has_after;
    uint32_t win32;
    double after;
    size_t information;
    const char *bytes; /* NULL: none are asked for */
};

static bool parse_result(const char *line, struct result_line *result)
{
    size_t length = strcspn(line, " ");
    char *end;

    *result = (struct result_line){0};
    snprintf(result->status, sizeof result->status, "%.*s", (int)length, line);
    for (line += length; *line; line = end) {
        line += strspn(line, " ");
        if (!strncmp(line, "win32 ", 6)) {
            result->has_win32 = true;
            result->win32 = (uint32_t)strtoul(line + 6, &end, 0);
        } else if (!strncmp(line, "after ", 6)) {
            result->has_after = true;
            result->after = strtod(line + 6, &end);
        } else if (!strncmp(line, "info ", 5)) {
            result->information = strtoul(line + 5, &end, 10);
        } else if (!strncmp(line, ": ", 2)) {
            result->bytes = line + 2;
            return true;
        } else {
            return *line == '\0';
        }
    }
    return true;
}

static bool judge_bytes(struct guest *guest, const char *text)
{
    struct pattern pattern;
    char got[800];
    size_t length = guest->request.information;

    if (!pattern_parse(text, strlen(text), &pattern))
        return run_fault(&guest->run, "the row is not well-formed");
    bool good = length <= guest->buffer_size &&
                pattern_matches(&pattern, SIZE_MAX, guest->request.buffer, length);
    pattern_release(&pattern);
    return good ? true
                : run_fault(&guest->run, "the caller got %s",
                            hex(got, sizeof got, guest->request.buffer,
                                length <= guest->buffer_size ? length : guest->buffer_size));
}

bool guest_judge_result(struct guest *guest, const char *line)
{
    const struct cdrom_request *request = &guest->request;
    const struct nt_status_name *name = nt_status_names;
    struct result_line result;
    double after = (double)(guest->port.clock - guest->began) / MILLISECOND;

    if (!parse_result(line, &result))
        return run_fault(&guest->run, "the row is not well-formed");
    while (name->name && strcmp(name->name, result.status) != 0)
        name++;
    if (!name->name)
        return run_fault(&guest->run, "there is no status %s", result.status);
    guest->needs_result = false;
    if (request->status != name->status)
        return run_fault(&guest->run, "it ended with %s", nt_status_name(request->status));
    if (result.has_win32 && name->win32 != result.win32)
        return run_fault(&guest->run, "that is Win32 error %u", name->win32);
    if (result.has_after && !is_near(after, result.after))
        return run_fault(&guest->run, "it took %g ms", after);
    if (request->information != result.information)
        return run_fault(&guest->run, "information is %zu", request->information);
    return result.bytes ? judge_bytes(guest, result.bytes) : true;
}

bool guest_judge_end(struct guest *guest)
{
    char got[100];

    if (*guest->port.fault)
        return run_fault(&guest->run, "the transport complains: %s", guest->port.fault);
    if (!guest->acted)
        return true;
    guest->acted = false;
    if (guest->needs_result)
        return run_fault(&guest->run, "the row does not say how the request ends: %s",
                         nt_status_name(guest->request.status));
    if (guest->judged < guest->port.count)
        return run_fault(&guest->run, "the driver sent %zu commands more, first %s",
                         guest->port.count - guest->judged,
                         hex(got, sizeof got, guest->port.exchanges[guest->judged].cdb,
                             guest->port.exchanges[guest->judged].cdb_length));
    return true;
}
