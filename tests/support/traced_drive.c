/* SPDX-License-Identifier: MIT */
#include "tests/support/traced_drive.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emulator/fault.h"
#include "handlers/trace/trace_file.h"
#include "media/fixture.h"
#include "media/settings.h"
#include "tests/host/cdb_transport.h"
#include "tests/support/dvd_image.h"

#define SECTORS     700
#define MILLISECOND 1000000

static const struct dvd_image_file files[] = {
    {"VIDEO_TS.VOB", {{320, 20}}},
    {"VTS_01_1.VOB",              {{356, 100}}},
    {.name = NULL},
};

struct traced_drive traced;

static char folder[64];
static struct diagnostics diagnostics;
static struct trace_file *trace;
static struct cdb_transport transport;

/* Executes, and fetches the sense as a host without autosense does. */
static bool run(struct cdb_transport *self, struct host_cdb *host)
{
    struct drive_command command = {
        .nexus = traced.nexus,
        .cdb_length = HOST_CDB_SIZE,
        .data_out = host->data,
        .data_out_length = host->sends ? host->data_length : 0,
    };
    struct iovec iov = {host->data, host->data_length};

    memcpy(command.cdb, host->cdb, HOST_CDB_SIZE);
    traced.now += MILLISECOND;
    drive_execute(traced.drive, &command, &iov, host->sends ? 0 : 1, traced.now);
    if (command.status == DRIVE_STATUS_GOOD)
        return true;
    self->transport.refusal = host_refusal_of_sense(command.sense);
    traced_drive_execute("03 00 00 00 12 00", "");
    return false;
}

void traced_drive_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

char *traced_drive_read(const char *path)
{
    char *text = settings_load(path, 64 << 20, &diagnostics);

    ck_assert_ptr_nonnull(text);
    return text;
}

static void make_disc(void)
{
    struct disc_description description;
    uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", files);
    FILE *file = fopen("movie.iso", "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(image, DVD_SECTOR_SIZE, SECTORS, file), SECTORS);
    ck_assert_int_eq(fclose(file), 0);
    free(image);
    traced_drive_write(TRACED_DRIVE_DISC,
                       "[disc]\nimage = movie.iso\n[copyright]\nprotection = css\n"
                       "regions = 1,2\n[css]\ndisc-key = FC C2 32 3B 8A\n");
    ck_assert(fixture_load(TRACED_DRIVE_DISC, &description, &diagnostics));
    traced.disc = disc_create(&description, &diagnostics);
    disc_description_release(&description);
    ck_assert_ptr_nonnull(traced.disc);
}

void traced_drive_set_up(void)
{
    const struct output_terms terms = {.kind = OUTPUT_TRACE};
    struct drive_profile profile;

    snprintf(folder, sizeof(folder), "/tmp/vodd-trace-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    diagnostics_to_stderr(&diagnostics);
    make_disc();
    drive_profile_init(&profile);
    profile.factory_region = (struct region_state){0xFE, 4, 4};
    traced.now = 1000 * (uint64_t)MILLISECOND;
    traced.drive = drive_create(&profile, NULL, NULL, traced.now);
    trace = trace_file_open(output_file_open(TRACED_DRIVE_TRACE, &terms, &diagnostics),
                            traced.drive, TRACE_MEDIUM_BYTES_DEFAULT, &diagnostics);
    ck_assert_ptr_nonnull(trace);
    drive_insert(traced.drive, traced.disc, traced.now);
    traced.nexus = drive_nexus_attach(traced.drive, false);
    cdb_transport_init(&transport, run, NULL);
    css_host_init(&traced.host, &transport.transport, NULL);
}

void traced_drive_end(void)
{
    ck_assert(trace_file_close(trace));
    trace = NULL;
}

void traced_drive_tear_down(void)
{
    DIR *directory = opendir(folder);

    trace_file_close(trace);
    drive_nexus_detach(traced.nexus);
    drive_destroy(traced.drive);
    disc_release(traced.disc);
    for (struct dirent *entry; (entry = readdir(directory));)
        unlink(entry->d_name);
    closedir(directory);
    rmdir(folder);
}

struct drive_command traced_drive_execute(const char *cdb, const char *out)
{
    uint8_t list[256];
    struct iovec iov = {traced.data, sizeof(traced.data)};
    struct drive_command command = {.nexus = traced.nexus, .data_out = list};
    long length = settings_hex_bytes(cdb, command.cdb, sizeof(command.cdb));
    long out_length = *out ? settings_hex_bytes(out, list, sizeof(list)) : 0;

    ck_assert_int_ge(length, 6);
    ck_assert_int_ge(out_length, 0);
    command.cdb_length = (uint8_t)length;
    command.data_out_length = (size_t)out_length;
    traced.now += MILLISECOND;
    drive_execute(traced.drive, &command, &iov, 1, traced.now);
    return command;
}

void traced_drive_fault(const char *name, const char *command, const char *setting)
{
    const char *const words[] = {command, setting, "times=always"};
    struct fault_rule rule;

    ck_assert(fault_rule_parse(name, words, 3, &rule, &diagnostics));
    ck_assert_int_eq(drive_fault_add(traced.drive, &rule), FAULT_ADDED);
    fault_rule_release(&rule);
}

void traced_drive_be_ready(void)
{
    while (traced_drive_execute("00 00 00 00 00 00", "").status != DRIVE_STATUS_GOOD)
        traced_drive_execute("03 00 00 00 12 00", "");
}

void traced_drive_play(void)
{
    const struct css_key disc_key = {
        {0xFC, 0xC2, 0x32, 0x3B, 0x8A}
    };
    struct css_host_title_key key;

    ck_assert_int_eq(css_host_authenticate(&traced.host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_title_key(&traced.host, 356, &disc_key, &key), CSS_HOST_DONE);
}
