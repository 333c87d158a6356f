/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/run.h"

/* Where the next part of a command line begins: '<', '>', '!' or ';' between spaces; or its end. */
static const char *next_mark(const char *text)
{
    bool quoted = false;

    for (; *text; text++) {
        if (*text == '\'')
            quoted = !quoted;
        if (!quoted && isspace((unsigned char)*text) && strchr("<>!;", text[1]) && text[1] &&
            (!text[2] || isspace((unsigned char)text[2])))
            return text + 1;
    }
    return text;
}

static const char *parse_address(const char *line, struct command_step *step)
{
    step->nexus = 1;
    if (isdigit((unsigned char)line[0]) && line[1] == ':') {
        step->nexus = (unsigned)(line[0] - '0');
        line += 2 + strspn(line + 2, " ");
    }
    if (!strncmp(line, "lun ", 4)) {
        char *end;
        step->command.lun = (uint8_t)strtoul(line + 4, &end, 10);
        line = end;
    }
    return line;
}

static bool parse_cdb(const char *text, size_t length, struct command_step *step)
{
    struct pattern cdb;

    if (!pattern_parse(text, length, &cdb))
        return false;
    bool good = cdb.length > 0 && cdb.length <= TRANSPORT_CDB_MAX && !cdb.open;
    if (good) {
        memcpy(step->command.cdb, cdb.value, cdb.length);
        step->command.cdb_length = (uint8_t)cdb.length;
    }
    pattern_release(&cdb);
    return good;
}

bool command_step_parse(struct run *run, const char *line, struct command_step *step)
{
    memset(step, 0, sizeof *step);
    const char *at = parse_address(line, step);
    const char *mark = next_mark(at);
    bool good = parse_cdb(at, (size_t)(mark - at), step);

    while (good && *mark && *mark != ';') {
        char kind = *mark;
        at = mark + 1;
        mark = next_mark(at);
        size_t length = (size_t)(mark - at);
        if (kind == '<') {
            good = pattern_parse(at, length, &step->data_out);
            step->command.data_out = step->data_out.value;
            step->command.data_out_length = step->data_out.length;
        } else if (kind == '>') {
            good = pattern_parse(at, length, &step->data_in);
        } else {
            step->refused = true;
            good = sense_parse(at + strspn(at, " "), length - strspn(at, " "), &step->sense);
        }
    }
    if (step->nexus < 1 || step->nexus > TRANSPORT_NEXUS_MAX)
        good = false;
    return good ? true : run_fault(run, "the row is not well-formed");
}

void command_step_release(struct command_step *step)
{
    pattern_release(&step->data_out);
    pattern_release(&step->data_in);
}

/* Bytes in hexadecimal, only the first of many. */
static const char *hex(char *text, size_t size, const uint8_t *data, size_t length)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < length && used + 8 < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%02X ", data[i]);
    return text;
}

static bool fault_data(struct run *run, const struct command_step *step, size_t limit,
                       const struct transport_answer *answer)
{
    const struct pattern *wanted = &step->data_in;
    size_t length = wanted->length < limit ? wanted->length : limit;
    size_t at = 0;
    char expected[400], got[400];

    while (at < length && at < answer->length &&
           (answer->data[at] & wanted->mask[at]) == wanted->value[at])
        at++;
    size_t from = at < 8 ? 0 : at - 8;
    return run_fault(run,
                     "expected %s%zu bytes, got %zu; first difference at byte %zu\n"
                     "expected from byte %zu: %s\n"
                     "got      from byte %zu: %s",
                     wanted->open ? "at least " : "", length, answer->length, at, from,
                     hex(expected, sizeof expected, wanted->value + from, length - from), from,
                     hex(got, sizeof got, answer->data + from,
                         answer->length > from ? answer->length - from : 0));
}

static bool fault_status(struct run *run, const struct command_step *step,
                         const struct transport_answer *answer, const char *what)
{
    char sense[80];

    return run_fault(run, "expected %s, got status %02X and sense %02X/%02X/%02X (%s)\nsense: %s",
                     step->refused ? "CHECK CONDITION as written" : "GOOD", answer->status,
                     answer->sense[2], answer->sense[12], answer->sense[13], what,
                     hex(sense, sizeof sense, answer->sense, DRIVE_SENSE_SIZE));
}

bool command_step_judge(struct run *run, const struct command_step *step, size_t limit,
                        const struct transport_answer *answer)
{
    static const uint8_t no_sense[DRIVE_SENSE_SIZE];
    char why[100] = "";

    if (*answer->fault)
        return run_fault(run, "the transport complains: %s", answer->fault);
    if (!step->refused) {
        if (answer->status != DRIVE_STATUS_GOOD)
            return fault_status(run, step, answer, "status");
        if (memcmp(answer->sense, no_sense, sizeof no_sense) != 0)
            return fault_status(run, step, answer, "sense with GOOD");
    } else {
        if (answer->status != DRIVE_STATUS_CHECK_CONDITION)
            return fault_status(run, step, answer, "status");
        if (!sense_matches(&step->sense, answer->sense, why, sizeof why))
            return fault_status(run, step, answer, why);
    }
    if (!pattern_matches(&step->data_in, limit, answer->data, answer->length))
        return fault_data(run, step, limit, answer);
    return true;
}

bool command_step_execute(struct run *run, const struct command_step *step, size_t limit)
{
    static struct transport_answer answer;

    run->transport->execute(run->transport, step->nexus, &step->command, &answer);
    return command_step_judge(run, step, limit, &answer);
}

void run_quietly(struct run *run, unsigned nexus, const uint8_t *cdb, uint8_t length,
                 struct transport_answer *answer)
{
    struct transport_command command = {.cdb_length = length};

    memcpy(command.cdb, cdb, length);
    run->transport->execute(run->transport, nexus, &command, answer);
}

bool run_fault(struct run *run, const char *text, ...)
{
    va_list arguments;

    va_start(arguments, text);
    vsnprintf(run->why, run->size, text, arguments);
    va_end(arguments);
    return false;
}
