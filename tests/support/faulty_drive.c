/* SPDX-License-Identifier: MIT */
#include "tests/support/faulty_drive.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "media/settings.h"
#include "tests/host/cdb_transport.h"
#include "tests/host/css_host.h"
#include "tests/support/made_disc.h"

#define SETTINGS_MAX 16

struct faulty_drive faulty;

static bool store(void *context, const struct drive_nonvolatile *state)
{
    (void)context;
    faulty.stored = *state;
    faulty.stores++;
    return true;
}

static void end_drive(void)
{
    drive_nexus_detach(faulty.nexus);
    drive_destroy(faulty.drive);
}

static void make_drive(const struct drive_profile *profile)
{
    const struct drive_environment environment = {.store = store};

    faulty.drive = drive_create(profile, NULL, &environment, faulty.now);
    ck_assert_ptr_nonnull(faulty.drive);
    faulty.nexus = drive_nexus_attach(faulty.drive, true);
    ck_assert_ptr_nonnull(faulty.nexus);
    drive_insert(faulty.drive, faulty.disc, faulty.now);
    do
        faulty_drive_run("00 00 00 00 00 00");
    while (faulty.command.status != DRIVE_STATUS_GOOD);
    do
        faulty_drive_run("4A 01 00 00 5E 00 00 00 08 00");
    while (faulty.data[4] != 0);
}

void faulty_drive_make_disc(void)
{
    made_disc_set_up_css();
    faulty.disc = made_disc_create();
}

void faulty_drive_release_disc(void)
{
    disc_release(faulty.disc);
    made_disc_tear_down();
}

void faulty_drive_set_up(void)
{
    struct drive_profile profile;

    faulty.now = 1;
    faulty.stores = 0;
    drive_profile_init(&profile);
    profile.factory_region.mask = 0xFE;
    profile.factory_region.user_changes = 4;
    make_drive(&profile);
}

void faulty_drive_tear_down(void)
{
    end_drive();
}

void faulty_drive_renew(const struct drive_profile *profile)
{
    end_drive();
    make_drive(profile);
}

void faulty_drive_rule(const char *name, const char *settings)
{
    static struct fault_rule rule;
    char text[2048], *rest = text;
    const char *words[SETTINGS_MAX];
    size_t count = 0;
    struct fault_log log;

    ck_assert_uint_lt(strlen(settings), sizeof text);
    snprintf(text, sizeof text, "%s", settings);
    for (char *word; (word = strsep(&rest, "|")); words[count++] = word)
        ck_assert_uint_lt(count, SETTINGS_MAX);
    fault_log_init(&log);
    ck_assert_msg(fault_rule_parse(name, words, count, &rule, &log.diagnostics), "%s", log.text);
    ck_assert_int_eq(drive_fault_add(faulty.drive, &rule), FAULT_ADDED);
    fault_rule_release(&rule);
}

void faulty_drive_begin(const char *bytes)
{
    static uint8_t data_out[512];
    char cdb[128];
    const char *data = strchr(bytes, '<');
    long length;

    faulty.command = (struct drive_command){.nexus = faulty.nexus};
    snprintf(cdb, sizeof cdb, "%.*s", data ? (int)(data - bytes) : (int)strlen(bytes), bytes);
    length = settings_hex_bytes(cdb, faulty.command.cdb, DRIVE_CDB_MAX);
    ck_assert_int_ge(length, 6);
    faulty.command.cdb_length = (uint8_t)length;
    if (data) {
        length = settings_hex_bytes(data + 1, data_out, sizeof data_out);
        ck_assert_int_ge(length, 0);
        faulty.command.data_out = data_out;
        faulty.command.data_out_length = (size_t)length;
    }
    drive_begin(faulty.drive, &faulty.command, faulty.now);
}

void faulty_drive_finish(void)
{
    struct iovec iov = {faulty.data, sizeof faulty.data};

    faulty.length = 0;
    if (!faulty.command.done)
        faulty.length = drive_data_in(faulty.drive, &faulty.command, &iov, 1);
    drive_finish(faulty.drive, &faulty.command, faulty.now);
    ck_assert(faulty.command.done);
    ck_assert_uint_eq(faulty.length, faulty.command.data_in_done);
}

void faulty_drive_run(const char *bytes)
{
    faulty_drive_begin(bytes);
    faulty_drive_finish();
}

void faulty_drive_assert_good(void)
{
    static const uint8_t none[DRIVE_SENSE_SIZE];

    ck_assert_int_eq(faulty.command.status, DRIVE_STATUS_GOOD);
    ck_assert_mem_eq(faulty.command.sense, none, sizeof none);
}

void faulty_drive_assert_sense(unsigned key, unsigned asc, unsigned ascq)
{
    const uint8_t *sense = faulty.command.sense;

    ck_assert_int_eq(faulty.command.status, DRIVE_STATUS_CHECK_CONDITION);
    ck_assert_uint_eq(sense[0] & 0x7F, 0x70);
    ck_assert_uint_eq(sense[7], DRIVE_SENSE_SIZE - 8);
    ck_assert_msg(sense[2] == key && sense[12] == asc && sense[13] == ascq,
                  "sense %X/%02X/%02X instead of %X/%02X/%02X", sense[2], sense[12], sense[13], key,
                  asc, ascq);
}

void faulty_drive_assert_data(const char *bytes)
{
    uint8_t expected[512];
    long length = settings_hex_bytes(bytes, expected, sizeof expected);

    ck_assert_int_ge(length, 0);
    ck_assert_uint_eq(faulty.length, (size_t)length);
    ck_assert_mem_eq(faulty.data, expected, (size_t)length);
}

static bool perform(struct cdb_transport *transport, struct host_cdb *host)
{
    struct iovec iov = {host->data, host->data_length};

    faulty.command = (struct drive_command){.nexus = faulty.nexus, .cdb_length = HOST_CDB_SIZE};
    memcpy(faulty.command.cdb, host->cdb, HOST_CDB_SIZE);
    if (host->sends) {
        faulty.command.data_out = host->data;
        faulty.command.data_out_length = host->data_length;
    }
    drive_execute(faulty.drive, &faulty.command, &iov, host->sends ? 0 : 1, faulty.now);
    if (faulty.command.status == DRIVE_STATUS_GOOD)
        return true;
    transport->transport.refusal = host_refusal_of_sense(faulty.command.sense);
    return false;
}

bool faulty_drive_try_authentication(unsigned *agid)
{
    struct cdb_transport transport;
    struct css_host host;

    cdb_transport_init(&transport, perform, NULL);
    css_host_init(&host, &transport.transport, NULL);
    enum css_host_result result = css_host_authenticate(&host);
    *agid = host.agid;
    return result == CSS_HOST_DONE;
}

unsigned faulty_drive_authenticate(void)
{
    unsigned agid;

    ck_assert(faulty_drive_try_authentication(&agid));
    return agid;
}
