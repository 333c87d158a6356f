/* SPDX-License-Identifier: MIT */
#include "handlers/expectations/expectations.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/mmc_cdb.h"

/*
 * A trace held against the sentences.  REQUEST SENSE neither counts as a command nor breaks a row:
 * whether a host sends it depends on its transport alone.
 */

void expectations_release(struct expectations *expectations)
{
    for (size_t i = 0; i < expectations->count; i++) {
        struct expectation *expectation = &expectations->expectation[i];
        trace_hosts_release(&expectation->rows);
        free(expectation->pending);
        free(expectation->text);
    }
    free(expectations->expectation);
    *expectations = (struct expectations){0};
}

__attribute__((format(printf, 5, 6))) static void fail(struct expectation *expectation,
                                                       int operation_code, uint64_t command,
                                                       unsigned long line, const char *format, ...)
{
    struct expectation_failure *failure;
    va_list arguments;

    if (expectation->failed++ >= EXPECTATION_FAILURES_MAX)
        return;
    failure = &expectation->failure[expectation->failed - 1];
    failure->command = command;
    failure->operation_code = operation_code;
    failure->line = line;
    va_start(arguments, format);
    vsnprintf(failure->reason, sizeof(failure->reason), format, arguments);
    va_end(arguments);
}

/* no ------------------------------------------------------------------------ */

static void check_no(struct expectation *expectation, const struct trace_command *command,
                     unsigned long line)
{
    if ((expectation->active || !expectation->has_b) &&
        pattern_matches(&expectation->a, command, NULL))
        fail(expectation, command->cdb[0], command->number, line, "this is such a command");
    if (expectation->has_b && pattern_matches(&expectation->b, command, NULL))
        expectation->active = true;
    else if (expectation->has_c && pattern_matches(&expectation->c, command, NULL))
        expectation->active = false;
}

/* every --------------------------------------------------------------------- */

static void drop(struct expectation *expectation, size_t i)
{
    memmove(&expectation->pending[i], &expectation->pending[i + 1],
            (expectation->pendings - i - 1) * sizeof(*expectation->pending));
    expectation->pendings--;
}

static bool make_room(struct expectation *expectation)
{
    size_t room = expectation->room ? 2 * expectation->room : 8;
    struct expectation_pending *grown;

    if (expectation->pendings < expectation->room)
        return true;
    grown = reallocarray(expectation->pending, room, sizeof(*grown));
    if (!grown)
        return false;
    expectation->pending = grown;
    expectation->room = room;
    return true;
}

static bool add_pending(struct expectation *expectation, const struct trace_command *command,
                        unsigned long line, uint64_t counted)
{
    if (expectation->pendings == EXPECTATION_PENDING_MAX) {
        fail(expectation, command->cdb[0], command->number, line, "%d commands wait for it already",
             EXPECTATION_PENDING_MAX);
        return true;
    }
    if (!make_room(expectation))
        return false;
    expectation->pending[expectation->pendings++] = (struct expectation_pending){
        .origin = pattern_origin_of(command),
        .command = command->number,
        .time = command->time,
        .line = line,
        .counted = counted,
        .operation_code = command->cdb[0],
    };
    return true;
}

__attribute__((format(printf, 3, 4))) static bool give_up(struct expectation *expectation,
                                                          const struct expectation_pending *pending,
                                                          const char *format, ...)
{
    char reason[sizeof(expectation->failure->reason)];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    fail(expectation, pending->operation_code, pending->command, pending->line, "%s", reason);
    return true;
}

/* Whether the wait for this one is over, with a failure or without. */
static bool is_settled(struct expectation *expectation, const struct expectation_pending *pending,
                       const struct trace_command *command, uint64_t counted)
{
    uint64_t later = command->time > pending->time ? command->time - pending->time : 0;

    if (expectation->within_commands > 0 &&
        counted - pending->counted > expectation->within_commands)
        return give_up(expectation, pending, "nothing of that in the next %llu commands",
                       (unsigned long long)expectation->within_commands);
    if (expectation->within_time > 0 && later > (uint64_t)expectation->within_time)
        return give_up(expectation, pending, "nothing of that until command %llu, %llu ms later",
                       (unsigned long long)command->number, (unsigned long long)later / 1000000);
    if (pattern_matches(&expectation->b, command, &pending->origin))
        return true;
    if (expectation->has_c && pattern_matches(&expectation->c, command, &pending->origin))
        return give_up(expectation, pending, "nothing of that before command %llu",
                       (unsigned long long)command->number);
    return false;
}

static bool check_every(struct expectation *expectation, const struct trace_command *command,
                        unsigned long line, uint64_t counted)
{
    for (size_t i = 0; i < expectation->pendings;)
        if (is_settled(expectation, &expectation->pending[i], command, counted))
            drop(expectation, i);
        else
            i++;
    return !pattern_matches(&expectation->a, command, NULL) ||
           add_pending(expectation, command, line, counted);
}

/* at most, at least --------------------------------------------------------- */

/* The counter that the command belongs to, made with the first that matches; NULL: there is none.
 */
static uint64_t *counter_of(struct expectation *expectation, const struct trace_command *command,
                            bool matches)
{
    if (!expectation->in_a_row)
        return &expectation->matches;
    return matches ? trace_hosts_add(&expectation->rows, command->nexus, sizeof(uint64_t))
                   : trace_hosts_find(&expectation->rows, command->nexus);
}

static bool check_count(struct expectation *expectation, const struct trace_command *command,
                        unsigned long line)
{
    bool matches = pattern_matches(&expectation->a, command, NULL);
    uint64_t *count = counter_of(expectation, command, matches);

    if (!matches) {
        if (expectation->in_a_row && count && command->cdb[0] != MMC_REQUEST_SENSE)
            *count = 0;
        return true;
    }
    if (!count)
        return false;
    ++*count;
    if (expectation->kind == EXPECTATION_AT_MOST && *count == expectation->count + 1)
        fail(expectation, command->cdb[0], command->number, line, "number %llu%s",
             (unsigned long long)*count, expectation->in_a_row ? " in a row" : "");
    return true;
}

bool expectations_command(struct expectations *expectations, const struct trace_command *command,
                          unsigned long line)
{
    bool has_memory = true;

    if (command->cdb[0] != MMC_REQUEST_SENSE)
        expectations->counted++;
    for (size_t i = 0; i < expectations->count; i++) {
        struct expectation *expectation = &expectations->expectation[i];
        if (expectation->kind == EXPECTATION_NO)
            check_no(expectation, command, line);
        else if (expectation->kind == EXPECTATION_EVERY)
            has_memory &= check_every(expectation, command, line, expectations->counted);
        else
            has_memory &= check_count(expectation, command, line);
    }
    return has_memory;
}

void expectations_end(struct expectations *expectations)
{
    for (size_t i = 0; i < expectations->count; i++) {
        struct expectation *expectation = &expectations->expectation[i];
        for (size_t j = 0; j < expectation->pendings; j++)
            give_up(expectation, &expectation->pending[j], "nothing of that before the trace ends");
        if (expectation->kind == EXPECTATION_AT_LEAST && expectation->matches < expectation->count)
            fail(expectation, -1, 0, 0, "there are %llu of them",
                 (unsigned long long)expectation->matches);
    }
}
