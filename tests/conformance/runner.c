/* SPDX-License-Identifier: MIT */
#include "tests/conformance/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/run.h"
#include "tests/conformance/settings.h"

#define MILLISECOND 1000000ull

static bool cannot(struct run *run, const char *what)
{
    run->skipped = true;
    return run_fault(run, "this transport cannot %s", what);
}

static bool unless(struct run *run, bool good, const char *what)
{
    return good ? true : run_fault(run, "%s", what);
}

/* Attentions first, then all events of all classes. */
static bool take_conditions(struct run *run, unsigned nexus)
{
    static const uint8_t test_unit_ready[6];
    static const uint8_t get_event[10] = {0x4A, 0x01, 0, 0, 0x56, 0, 0, 0, 8, 0};
    static struct transport_answer answer;

    for (unsigned i = 0; i < 10; i++) {
        run_quietly(run, nexus, test_unit_ready, sizeof test_unit_ready, &answer);
        if (answer.status == DRIVE_STATUS_GOOD || (answer.sense[2] & 0x0F) != 6)
            break;
    }
    for (unsigned i = 0; i < 40; i++) {
        run_quietly(run, nexus, get_event, sizeof get_event, &answer);
        if (answer.status != DRIVE_STATUS_GOOD || answer.length < 8)
            return run_fault(run, "GET EVENT STATUS NOTIFICATION gave no event descriptor");
        if ((answer.data[4] & 0x0F) == 0)
            return true;
    }
    return run_fault(run, "events do not end");
}

/* Reads the settings in `words` and switches on that drive. */
static bool power_on(struct run *run, char *words, bool keep, struct drive_profile *profile)
{
    char *save;

    conformance_profile(profile);
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
        if (!conformance_setting(profile, word))
            return run_fault(run, "there is no setting %s", word);
    if (!run->transport->renew)
        return cannot(run, "make a new drive");
    return unless(run, run->transport->renew(run->transport, profile, keep), "no drive") &&
           unless(run, run->transport->attach(run->transport, 1, true), "no nexus");
}

static bool step_power_on(struct run *run, char *arguments)
{
    struct drive_profile profile;
    return power_on(run, arguments, false, &profile);
}

static bool step_power_cycle(struct run *run, char *arguments)
{
    struct drive_profile profile;
    return power_on(run, arguments, true, &profile);
}

/* From the insertion of a disc into a closed drive until it is ready. */
static uint64_t time_to_ready(const struct drive_profile *profile)
{
    int64_t time = profile->spin_up_time;

    if (profile->timing == TIMING_REALISTIC)
        time = 2 * profile->tray_time + profile->start_time + profile->identification_time;
    return (uint64_t)time * MILLISECOND;
}

static bool step_start(struct run *run, char *arguments)
{
    struct drive_profile profile;
    char *settings = strchr(arguments, ' ');

    if (settings)
        *settings++ = '\0';
    if (!power_on(run, settings ? settings : arguments + strlen(arguments), false, &profile) ||
        !take_conditions(run, 1))
        return false;
    if (!strcmp(arguments, "empty"))
        return true;
    if (!run->transport->insert)
        return cannot(run, "insert a disc");
    if (!run->transport->insert(run->transport, arguments))
        return run_fault(run, "no disc %s", arguments);
    uint64_t time = time_to_ready(&profile);
    if (time > 0 && !run->transport->wait(run->transport, time))
        return run_fault(run, "no time passes");
    return take_conditions(run, 1);
}

static bool step_attach(struct run *run, char *arguments)
{
    char *end;
    unsigned nexus = (unsigned)strtoul(arguments, &end, 10);
    bool autosense = strcmp(end, " without-autosense") != 0;

    return unless(run, run->transport->attach(run->transport, nexus, autosense), "no nexus");
}

static bool step_detach(struct run *run, char *arguments)
{
    unsigned nexus = (unsigned)strtoul(arguments, NULL, 10);
    return unless(run, run->transport->detach(run->transport, nexus), "nexus stays");
}

static bool step_clear(struct run *run, char *arguments)
{
    return take_conditions(run, (unsigned)strtoul(arguments, NULL, 10));
}

static bool step_insert(struct run *run, char *arguments)
{
    if (!run->transport->insert)
        return cannot(run, "insert a disc");
    const char *disc = strcmp(arguments, "nothing") != 0 ? arguments : NULL;
    return unless(run, run->transport->insert(run->transport, disc), "not inserted");
}

static bool step_eject(struct run *run, char *arguments)
{
    if (!run->transport->eject)
        return cannot(run, "eject");
    bool take = strcmp(arguments, "keep") != 0;
    return unless(run, run->transport->eject(run->transport, take), "not ejected");
}

static bool step_press(struct run *run, char *arguments)
{
    bool moved = false;

    if (!run->transport->press)
        return cannot(run, "press the eject button");
    return unless(run, run->transport->press(run->transport, &moved), "not pressed") &&
           unless(run, moved == !strcmp(arguments, "moves"), moved ? "it moved" : "it stayed");
}

static bool step_reset(struct run *run, char *arguments)
{
    static const struct {
        const char *name;
        enum drive_reset kind;
    } kinds[] = {
        {"power-on",     DRIVE_RESET_POWER_ON    },
        {"hard",         DRIVE_RESET_HARD        },
        {"bus",          DRIVE_RESET_BUS         },
        {"logical-unit", DRIVE_RESET_LOGICAL_UNIT},
    };

    if (!run->transport->reset)
        return cannot(run, "reset the drive");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (!strcmp(kinds[i].name, arguments))
            return unless(run, run->transport->reset(run->transport, kinds[i].kind), "no reset");
    return run_fault(run, "there is no reset %s", arguments);
}

static bool step_wait(struct run *run, char *arguments)
{
    if (!run->transport->wait)
        return cannot(run, "let time pass");
    uint64_t time = strtoull(arguments, NULL, 10) * MILLISECOND;
    return unless(run, run->transport->wait(run->transport, time), "no time passes");
}

static bool step_vendor_reset(struct run *run, char *arguments)
{
    bool done = false;

    if (!run->transport->vendor_reset)
        return cannot(run, "make a vendor reset");
    return unless(run, run->transport->vendor_reset(run->transport, &done), "no vendor reset") &&
           unless(run, done == !strcmp(arguments, "done"), done ? "it was done" : "it was refused");
}

static bool step_store(struct run *run, char *arguments)
{
    if (!run->transport->storage_works)
        return cannot(run, "break the storage");
    bool works = !strcmp(arguments, "works");
    return unless(run, run->transport->storage_works(run->transport, works), "storage unchanged");
}

static bool step_handshake(struct run *run, char *arguments)
{
    return run_handshake(run, (unsigned)strtoul(arguments, NULL, 10));
}

static bool execute_line(struct run *run, const char *line)
{
    struct command_step step;

    bool good = command_step_parse(run, line, &step) && command_step_execute(run, &step, SIZE_MAX);
    command_step_release(&step);
    return good;
}

static void put_length(uint8_t *cdb, unsigned first, unsigned last, size_t length)
{
    for (unsigned i = last + 1; i-- > first; length >>= 8)
        cdb[i] = (uint8_t)length;
}

static bool sweep(struct run *run, size_t index, const char *arguments, bool anew)
{
    struct command_step step;
    char *end;
    unsigned first = (unsigned)strtoul(arguments, &end, 10);
    unsigned last = (unsigned)strtoul(end + 1, &end, 10);

    bool good = command_step_parse(run, end + strspn(end, " "), &step);
    size_t full = step.data_in.length;
    for (size_t length = 0; good && length <= full + 2; length++) {
        char inner[600];
        for (size_t i = 0; anew && length > 0 && good && i < index; i++)
            good = run_step(run, i);
        put_length(step.command.cdb, first, last, length);
        good = good && command_step_execute(run, &step, length);
        if (!good && !run->skipped) {
            snprintf(inner, sizeof inner, "%s", run->why);
            run_fault(run, "with allocation length %zu: %s", length, inner);
        }
    }
    command_step_release(&step);
    return good;
}

static const struct verb {
    const char *word;
    bool (*take)(struct run *run, char *arguments);
} verbs[] = {
    {"power-on",     step_power_on    },
    {"power-cycle",  step_power_cycle },
    {"start",        step_start       },
    {"attach",       step_attach      },
    {"detach",       step_detach      },
    {"clear",        step_clear       },
    {"insert",       step_insert      },
    {"eject",        step_eject       },
    {"press",        step_press       },
    {"reset",        step_reset       },
    {"wait",         step_wait        },
    {"vendor-reset", step_vendor_reset},
    {"store",        step_store       },
    {"handshake",    step_handshake   },
};

/* 1: taken and good, 0: taken and not, -1: the line is no such step. */
static int take_verb(struct run *run, const char *line, size_t length)
{
    char copy[300];
    size_t word = strcspn(line, " ");

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strlen(verbs[i].word) != word || strncmp(verbs[i].word, line, word) != 0)
            continue;
        if (length >= sizeof copy)
            return run_fault(run, "the row is not well-formed");
        snprintf(copy, sizeof copy, "%.*s", (int)length, line);
        char *arguments = copy + (word < length ? word : length);
        return verbs[i].take(run, arguments + strspn(arguments, " "));
    }
    return -1;
}

struct interruption {
    struct run *run;
    const char *line;
    size_t length;
    int result;
};

static void interruption_act(void *context)
{
    struct interruption *interruption = context;
    interruption->result = take_verb(interruption->run, interruption->line, interruption->length);
}

static bool midway(struct run *run, const char *arguments)
{
    char *line;
    size_t bytes = strtoul(arguments, &line, 10);
    const char *command = strstr(line, " / ");

    if (!command)
        return run_fault(run, "the row is not well-formed");
    line += strspn(line, " ");
    struct interruption interruption = {run, line, (size_t)(command - line), -1};
    if (!run->transport->interrupt)
        return cannot(run, "interrupt a command");
    run->transport->interrupt(run->transport, bytes, interruption_act, &interruption);
    if (!execute_line(run, command + 3))
        return false;
    return unless(run, interruption.result == 1, "the interruption did not happen");
}

bool run_step(struct run *run, size_t index)
{
    const char *line = run->row->steps[index];

    if (!strncmp(line, "sweep ", 6))
        return sweep(run, index, line + 6, false);
    if (!strncmp(line, "sweep-anew ", 11))
        return sweep(run, index, line + 11, true);
    if (!strncmp(line, "midway ", 7))
        return midway(run, line + 7);
    const char *comment = strstr(line, " ;");
    int taken = take_verb(run, line, comment ? (size_t)(comment - line) : strlen(line));
    return taken < 0 ? execute_line(run, line) : taken;
}

enum row_result row_run(struct transport *transport, const struct row *row, char *why, size_t size)
{
    struct run run = {transport, row, why, size, false};

    *why = '\0';
    for (size_t i = 0; row->steps[i]; i++) {
        char inner[900];
        if (run_step(&run, i))
            continue;
        if (run.skipped)
            return ROW_SKIPPED;
        snprintf(inner, sizeof inner, "%s", why);
        snprintf(why, size, "step %zu: %.300s\n%s", i + 1, row->steps[i], inner);
        return ROW_FAILED;
    }
    return ROW_PASSED;
}
