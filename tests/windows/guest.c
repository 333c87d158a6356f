/* SPDX-License-Identifier: MIT */
#include "tests/windows/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MILLISECOND 1000000ull

/* Settings of boot and plug. */
static bool apply_setting(struct guest *guest, const char *word)
{
    const char *value = strchr(word, '=');

    if (!value++)
        return false;
    if (!strncmp(word, "bus=", 4))
        return (guest->port.kind = port_kind(value)) != NULL;
    if (!strncmp(word, "alignment=", 10))
        guest->port.alignment_mask = (uint32_t)strtoul(value, NULL, 0);
    else if (!strncmp(word, "default-region=", 15))
        guest->registry.default_dvd_region = (unsigned)strtoul(value, NULL, 10);
    else if (!strcmp(word, "autorun=off"))
        guest->registry.autorun = false;
    else if (!strcmp(word, "mounted=yes"))
        guest->device.mounted = true;
    else
        return false;
    return true;
}

static void forget_exchanges(struct guest *guest)
{
    port_forget(&guest->port);
    guest->judged = 0;
    guest->began = guest->port.clock;
}

static void begin_action(struct guest *guest)
{
    forget_exchanges(guest);
    guest->acted = true;
    guest->needs_result = true;
}

static bool take_settings(struct guest *guest, const char *arguments)
{
    char copy[200];
    char *save;

    snprintf(copy, sizeof copy, "%s", arguments);
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
        if (!apply_setting(guest, word))
            return run_fault(&guest->run, "there is no setting %s", word);
    return true;
}

static bool step_plug(struct guest *guest, const char *arguments)
{
    guest->registry = (struct cdrom_registry)CDROM_REGISTRY_FRESH;
    cdrom_init(&guest->device, &guest->port, &guest->registry);
    if (!take_settings(guest, arguments))
        return false;
    begin_action(guest);
    guest->request.status = cdrom_start(&guest->device);
    guest->request.information = 0;
    return true;
}

static bool step_replug(struct guest *guest, const char *arguments)
{
    (void)arguments;
    cdrom_init(&guest->device, &guest->port, &guest->registry);
    begin_action(guest);
    guest->request.status = cdrom_start(&guest->device);
    guest->request.information = 0;
    return true;
}

static bool step_tick(struct guest *guest, const char *arguments)
{
    (void)arguments;
    begin_action(guest);
    guest->needs_result = false;
    guest->request.status = NT_SUCCESS;
    cdrom_tick(&guest->device);
    return true;
}

static bool step_shutdown(struct guest *guest, const char *arguments)
{
    (void)arguments;
    begin_action(guest);
    guest->needs_result = false;
    guest->request.status = NT_SUCCESS;
    cdrom_shutdown(&guest->device);
    return true;
}

static bool step_ioctl(struct guest *guest, const char *arguments)
{
    if (!guest_request_parse(guest, arguments))
        return false;
    begin_action(guest);
    cdrom_device_control(&guest->device, &guest->request);
    return true;
}

static bool step_read(struct guest *guest, const char *arguments)
{
    if (!guest_read_parse(guest, arguments))
        return false;
    begin_action(guest);
    cdrom_read(&guest->device, &guest->request);
    return true;
}

static bool step_boot(struct guest *guest, const char *arguments)
{
    if (!step_plug(guest, arguments))
        return false;
    if (!nt_success(guest->request.status))
        return run_fault(&guest->run, "the device does not start: %s",
                         nt_status_name(guest->request.status));
    step_tick(guest, "");
    forget_exchanges(guest);
    guest->device.note_count = 0;
    guest->acted = false;
    return true;
}

#define FAULT_WORDS_MAX 12

static bool step_fault(struct guest *guest, const char *arguments)
{
    struct transport *transport = guest->run.transport;
    char copy[600];
    char *words[FAULT_WORDS_MAX];
    size_t count = 0;
    char *save;

    snprintf(copy, sizeof copy, "%s", arguments);
    char *name = strtok_r(copy, " ", &save);
    while (count < FAULT_WORDS_MAX && (words[count] = strtok_r(NULL, " ", &save)))
        count++;
    if (transport->fault_add(transport, name, (const char *const *)words, count))
        return true;
    return run_fault(&guest->run, "the drive takes no such fault rule");
}

static bool step_unfault(struct guest *guest, const char *arguments)
{
    struct transport *transport = guest->run.transport;

    (void)arguments;
    return transport->fault_clear(transport)
               ? true
               : run_fault(&guest->run, "the rules cannot be cleared");
}

static bool step_set(struct guest *guest, const char *arguments)
{
    if (!strcmp(arguments, "mounted"))
        guest->device.mounted = true;
    else if (!strcmp(arguments, "verified"))
        guest->device.verify = false;
    else
        return run_fault(&guest->run, "the row is not well-formed");
    return true;
}

static const struct verb {
    const char *word;
    bool (*take)(struct guest *guest, const char *arguments);
    bool follows; /* belongs to the action before it */
} verbs[] = {
    {"boot",     step_boot,            false},
    {"plug",     step_plug,            false},
    {"replug",   step_replug,          false},
    {"tick",     step_tick,            false},
    {"shutdown", step_shutdown,        false},
    {"ioctl",    step_ioctl,           false},
    {"read",     step_read,            false},
    {"fault",    step_fault,           false},
    {"unfault",  step_unfault,         false},
    {"set",      step_set,             false},
    {"|",        guest_judge_exchange, true },
    {"=",        guest_judge_result,   true },
    {"expect",   guest_judge_state,    true },
};

static const struct verb *find_verb(const char *line, size_t length)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strlen(verbs[i].word) == length && !strncmp(verbs[i].word, line, length))
            return &verbs[i];
    return NULL;
}

static bool take_quietly(struct guest *guest, const char *line)
{
    size_t length = strcspn(line, " ");
    const struct verb *verb = find_verb(line, length);

    if (!verb || verb->follows)
        return run_fault(&guest->run, "the row is not well-formed");
    if (!verb->take(guest, line + length + strspn(line + length, " ")))
        return false;
    guest->acted = false;
    forget_exchanges(guest);
    if (!nt_success(guest->request.status))
        return run_fault(&guest->run, "it ended with %s", nt_status_name(guest->request.status));
    return true;
}

static bool take_step(struct guest *guest, size_t index)
{
    const char *line = guest->run.row->steps[index];
    size_t length = strcspn(line, " ");
    const struct verb *verb = find_verb(line, length);

    if (!(verb && verb->follows) && !guest_judge_end(guest))
        return false;
    if (!strncmp(line, "quietly ", 8))
        return take_quietly(guest, line + 8);
    return verb ? verb->take(guest, line + length + strspn(line + length, " "))
                : run_step(&guest->run, index);
}

static bool has_spin_up_time(const struct row *row)
{
    for (const char *const *step = row->steps; *step; step++)
        if (strstr(*step, "spin-up-time="))
            return true;
    return false;
}

static enum row_result guest_end(struct guest *guest, enum row_result result)
{
    port_release(&guest->port);
    free(guest->request.buffer);
    return result;
}

static enum row_result explain(const struct guest *guest, size_t index)
{
    const struct run *run = &guest->run;
    char inner[2000];

    if (run->skipped)
        return ROW_SKIPPED;
    snprintf(inner, sizeof inner, "%s", run->why);
    snprintf(run->why, run->size, "step %zu: %.300s\n%s", index + 1,
             run->row->steps[index] ? run->row->steps[index] : "(end)", inner);
    return ROW_FAILED;
}

enum row_result guest_run(struct transport *transport, const struct row *row, bool real_time,
                          char *why, size_t size)
{
    static struct guest guest;
    size_t index = 0;

    memset(&guest, 0, sizeof guest);
    guest.run = (struct run){transport, row, why, size, false};
    port_init(&guest.port, transport, port_kind("ahci"));
    guest.port.waits = !real_time || has_spin_up_time(row);
    *why = '\0';
    while (row->steps[index]) {
        if (!take_step(&guest, index))
            return guest_end(&guest, explain(&guest, index));
        index++;
    }
    if (!guest_judge_end(&guest))
        return guest_end(&guest, explain(&guest, index));
    return guest_end(&guest, ROW_PASSED);
}
