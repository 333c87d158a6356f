/* SPDX-License-Identifier: MIT */

/*
 * The whole catalog of faults loose on the model of the Windows driver: every request ends within
 * the time that its retries take, and when the rules are gone the drive works again.
 */

#include <string.h>

#include "emulator/fault_catalog.h"
#include "tests/conformance/discs.h"
#include "tests/conformance/settings.h"
#include "tests/tap.h"
#include "tests/windows/guest.h"

#define SECOND UINT64_C(1000000000)
/* A read is repeated for 160 seconds, a command that hangs six times. */
#define ACTION_SECONDS_MAX 400

static struct transport *transport;
static struct guest guest;

static const char *const ioctls[] = {
    "DVD_GET_REGION out 4",
    "DVD_READ_STRUCTURE format 1 out 8",
    "DVD_READ_STRUCTURE format 0 out 2052",
    "DVD_READ_STRUCTURE format 0 layer 1 out 2052",
    "DVD_START_SESSION out 4",
    "DVD_SEND_KEY type 01 session 0 data 00{12}",
    "DVD_READ_KEY type 02 session 0 out 32",
    "DVD_READ_KEY type 01 session 0 out 36",
    "DVD_SEND_KEY type 03 session 0 data 00{8}",
    "DVD_READ_KEY type 04 session 0 offset 8000 out 32",
    "DVD_READ_KEY type 80 session 0 out 2072",
    "DVD_READ_KEY type 05 session 0 out 28",
    "DVD_READ_KEY type 08 session 0 out 28",
    "DVD_SEND_KEY2 type 06 data FD 00 00 00",
    "DVD_READ_KEY type 08 session 0 out 28",
    "DVD_END_SESSION session 4294967295",
    "CDROM_READ_TOC_EX out 1364 data 00 00 00 00",
    "CDROM_GET_DRIVE_GEOMETRY out 24",
};
static const char *const reads[] = {"8000 10000", "80000 10000", "8000 800", "80000 800"};

static void plug(void)
{
    cdrom_init(&guest.device, &guest.port, &guest.registry);
    cdrom_start(&guest.device);
    for (unsigned i = 0; i < 3; i++)
        cdrom_tick(&guest.device);
    port_forget(&guest.port);
}

static enum nt_status control(const char *words)
{
    uint64_t began = guest.port.clock;

    ck_assert_msg(guest_request_parse(&guest, words), "%s", words);
    cdrom_device_control(&guest.device, &guest.request);
    ck_assert_msg(guest.port.clock - began < ACTION_SECONDS_MAX * SECOND, "%s", words);
    port_forget(&guest.port);
    return guest.request.status;
}

static enum nt_status read_file(const char *words)
{
    uint64_t began = guest.port.clock;

    ck_assert(guest_read_parse(&guest, words));
    cdrom_read(&guest.device, &guest.request);
    ck_assert_msg(guest.port.clock - began < ACTION_SECONDS_MAX * SECOND, "read %s", words);
    port_forget(&guest.port);
    return guest.request.status;
}

static void use_drive(void)
{
    for (size_t i = 0; i < sizeof ioctls / sizeof *ioctls; i++)
        control(ioctls[i]);
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        read_file(reads[i]);
}

static void add_rule(const char *name, const char *settings)
{
    const char *words[FAULT_SCENARIO_SETTINGS_MAX];
    char *text = strdup(settings), *rest = text;
    size_t count = 0;

    for (char *word; (word = strsep(&rest, "|")); words[count++] = word)
        ;
    ck_assert(transport->fault_add(transport, name, words, count));
    free(text);
}

START_TEST(windows_gets_through)
{
    static const char *const names[FAULT_SCENARIO_RULES_MAX] = {"a", "b", "c"};
    const struct fault_scenario *scenario = &fault_catalog[_i];
    struct drive_profile profile;

    conformance_profile(&profile);
    ck_assert(transport->renew(transport, &profile, false));
    ck_assert(transport->attach(transport, 1, true));
    ck_assert(transport->insert(transport, "css"));
    guest = (struct guest){.registry = CDROM_REGISTRY_FRESH};
    port_init(&guest.port, transport, port_kind("ahci"));
    for (unsigned i = 0; i < FAULT_SCENARIO_RULES_MAX && scenario->rules[i]; i++)
        add_rule(names[i], scenario->rules[i]);
    plug();
    use_drive();
    ck_assert(transport->insert(transport, "css"));
    use_drive();

    /* Another guest, so that nothing is remembered. */
    ck_assert(transport->fault_clear(transport));
    ck_assert(transport->insert(transport, "css"));
    guest.registry = (struct cdrom_registry)CDROM_REGISTRY_FRESH;
    plug();
    control("DVD_END_SESSION session 4294967295");
    ck_assert_str_eq(nt_status_name(control("DVD_START_SESSION out 4")), "SUCCESS");
    ck_assert_str_eq(nt_status_name(read_file("8000 800")), "SUCCESS");
    port_release(&guest.port);
    free(guest.request.buffer);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("Windows and the fault catalog");
    TCase *tests = tcase_create("all");
    int count = 0;

    while (fault_catalog[count].name)
        count++;
    tcase_add_loop_test(tests, windows_gets_through, 0, count);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    transport = transport_in_process();
    int status = tap_run(make_suite(), CK_FORK);
    transport->close(transport);
    discs_close();
    return status;
}
