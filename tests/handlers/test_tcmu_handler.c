/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/handler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/system/unix_socket.h"
#include "tests/support/dvd_image.h"
#include "tests/support/tcmu_runner_host.h"
#include "tests/tap.h"

/* The handler in a tcmu-runner of the test's own: what it answers, and in which way. */

#define INQUIRY_LENGTH 96

static char folder[] = "/tmp/vodd-tcmu.XXXXXX";
static char path[64];
static uint8_t area[4096];
#define SECTORS 700
static struct tcmu_device *device;

static const char *path_of(const char *name)
{
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* `format` with each % replaced by the folder; lives until the next call. */
static char *expand(const char *format)
{
    static char text[256];

    text[0] = '\0';
    for (const char *c = format; *c; c++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.*s",
                 *c == '%' ? (int)strlen(folder) : 1, *c == '%' ? folder : c);
    return text;
}

static struct tcmu_device *add(const char *format, bool takes_lengths)
{
    return runner_host_add(expand(format), takes_lengths);
}

static struct runner_host_command make(const char *cdb, size_t length)
{
    struct runner_host_command command = {
        .iov[0] = {area, length},
          .iov_count = length > 0
    };

    for (size_t i = 0; i < sizeof(command.cdb) && *cdb; i++) {
        char *end;
        command.cdb[i] = (uint8_t)strtoul(cdb, &end, 16);
        cdb = end;
    }
    return command;
}

static struct runner_host_command execute(const char *cdb, size_t length)
{
    struct runner_host_command command = make(cdb, length);

    runner_host_execute(device, &command);
    return command;
}

static void assert_sense(const struct runner_host_command *command, unsigned key, unsigned asc,
                         unsigned ascq)
{
    ck_assert_int_eq(command->status, TCMU_STS_PASSTHROUGH_ERR);
    ck_assert_uint_eq(command->sense[0] & 0x7f, 0x70);
    ck_assert_uint_eq(command->sense[2] & 0x0f, key);
    ck_assert_uint_eq(command->sense[12], asc);
    ck_assert_uint_eq(command->sense[13], ascq);
}

static void set_up(void)
{
    uint8_t *image =
        dvd_image_build(SECTORS, "VIDEO_TS", (struct dvd_image_file[]){{.name = NULL}});
    FILE *file;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (unsigned lba = 400; lba < SECTORS; lba++)
        memset(image + (size_t)lba * 2048, (int)(lba % 251), 2048);
    file = fopen(path_of("disc.iso"), "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(image, 2048, SECTORS, file), SECTORS);
    fclose(file);
    free(image);
    write_file("slow.drive", "[abilities]\nspin-up-time = 300\n");
    write_file("free.drive", "[policies]\nregion-set-medium = any\n");
    ck_assert_int_eq(handler_init(), 0);
    device = add("vodd/%/disc.iso", true);
    ck_assert_ptr_nonnull(device);
    execute("00 00 00 00 00 00", 0);
    execute("00 00 00 00 00 00", 0);
}

static void tear_down(void)
{
    char command[128];

    if (device)
        runner_host_remove(device);
    device = NULL;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(it_registers_as_a_handler_of_every_command)
{
    const struct tcmur_handler *handler = runner_host_handler();
    char *reason;

    ck_assert_str_eq(handler->subtype, "vodd");
    ck_assert_ptr_nonnull(strstr(handler->cfg_desc, "vodd/[FIXTURE]"));
    ck_assert_int_eq(handler->nr_threads, 0);
    for (size_t i = 0; i < 4; i++)
        ck_assert(!handler->block_device_operations[i]);
    ck_assert(handler->check_config("vodd//there/is/no/such.disc", &reason));
    ck_assert(!handler->check_config("vodd/such.disc", &reason));
    ck_assert_ptr_nonnull(strstr(reason, "not an absolute path"));
    free(reason);
}
END_TEST

START_TEST(a_lun_that_cannot_be_opened_says_why)
{
    runner_host_log();
    ck_assert_ptr_null(add("vodd/%/none.disc", true));
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "/none.disc: No such file or directory\n"));
    ck_assert_ptr_null(add("vodd/%/disc.iso;drive=%/none.drive", true));
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "/none.drive: No such file or directory\n"));
    ck_assert_ptr_null(add("vodd/%/disc.iso;control=%/none/socket", true));
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "/none/socket"));
    ck_assert_ptr_null(add("vodd/disc.iso", true));
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "is not an absolute path; accepted: vodd/"));
}
END_TEST

START_TEST(a_new_lun_has_unit_attentions)
{
    struct runner_host_command command;

    runner_host_remove(device);
    device = add("vodd/%/disc.iso", true);
    command = execute("00 00 00 00 00 00", 0);
    assert_sense(&command, 6, 0x29, 0);
    command = execute("00 00 00 00 00 00", 0);
    assert_sense(&command, 6, 0x28, 0);
    command = execute("00 00 00 00 00 00", 0);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
}
END_TEST

START_TEST(short_answers_have_their_length)
{
    struct runner_host_command command = execute("12 00 00 00 FF 00", 255);

    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert(command.has_length);
    ck_assert_uint_eq(command.length, 5u + area[4]);
    ck_assert_uint_eq(area[0], 5);
    ck_assert(!command.was_late);
    command = execute("12 00 00 00 24 00", 36);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert_msg(!command.has_length, "an answer that fills the area");
    command = execute("A4 00 00 00 00 00 00 00 00 10 08 00", 16);
    ck_assert(command.has_length);
    ck_assert_uint_eq(command.length, 8);
}
END_TEST

START_TEST(data_go_into_the_pieces_of_the_area)
{
    struct runner_host_command command = make("28 00 00 00 01 00 00 00 02 00", 0);
    uint8_t whole[4096];

    execute("28 00 00 00 01 00 00 00 02 00", 4096);
    memcpy(whole, area, sizeof(whole));
    memset(area, 0xee, sizeof(area));
    command.iov[0] = (struct iovec){area, 1};
    command.iov[1] = (struct iovec){area + 1, 2047};
    command.iov[2] = (struct iovec){area + 2048, 1000};
    command.iov[3] = (struct iovec){area + 3048, 1048};
    command.iov_count = 4;
    runner_host_execute(device, &command);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert_mem_eq(area, whole, sizeof(whole));

    /* Bytes that are no sectors, and a piece of none. */
    execute("12 00 00 00 24 00", 36);
    memcpy(whole, area, 36);
    memset(area, 0xee, 36);
    command = make("12 00 00 00 24 00", 0);
    command.iov[0] = (struct iovec){area, 5};
    command.iov[1] = (struct iovec){NULL, 0};
    command.iov[2] = (struct iovec){area + 5, 31};
    command.iov_count = 3;
    runner_host_execute(device, &command);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert_mem_eq(area, whole, 36);
}
END_TEST

START_TEST(an_area_that_is_too_short_gets_what_fits)
{
    struct runner_host_command command;

    memset(area, 0xee, sizeof(area));
    command = execute("28 00 00 00 00 00 00 00 02 00", 2048);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert(!command.has_length);
    ck_assert_uint_eq(area[2048], 0xee);
    command = execute("00 00 00 00 00 00", 0);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
}
END_TEST

START_TEST(a_parameter_list_may_come_in_pieces)
{
    static uint8_t list[8] = {0, 6, 0, 0, 0xFD, 0, 0, 0};
    struct runner_host_command command = make("A3 00 00 00 00 00 00 00 00 08 06 00", 0);

    runner_host_remove(device);
    device = add("vodd/;drive=%/free.drive", true);
    execute("00 00 00 00 00 00", 0);
    command.iov[0] = (struct iovec){list, 3};
    command.iov[1] = (struct iovec){NULL, 0};
    command.iov[2] = (struct iovec){list + 3, 5};
    command.iov_count = 3;
    runner_host_execute(device, &command);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    execute("A4 00 00 00 00 00 00 00 00 08 08 00", 8);
    ck_assert_uint_eq(area[4], 0x64);
    ck_assert_uint_eq(area[5], 0xFD);
}
END_TEST

START_TEST(a_parameter_list_that_is_cut_is_refused)
{
    struct runner_host_command command = execute("A3 00 00 00 00 00 00 00 00 10 01 00", 4);

    assert_sense(&command, 5, 0x1A, 0);
    command = execute("A3 00 00 00 00 00 00 00 00 10 01 00", 0);
    assert_sense(&command, 5, 0x1A, 0);
}
END_TEST

START_TEST(a_refusal_has_sense_data)
{
    struct runner_host_command command = execute("28 00 00 01 00 00 00 00 01 00", 2048);

    assert_sense(&command, 5, 0x21, 0);
    ck_assert(!command.has_length);
}
END_TEST

START_TEST(old_data_do_not_show_where_the_length_cannot_be_told)
{
    struct runner_host_command command;

    memset(area, 0xee, sizeof(area));
    command = execute("00 00 00 00 00 00", 64);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert_msg(!command.has_length, "no kernel takes a length of zero");
    for (size_t i = 0; i < 64; i++)
        ck_assert_uint_eq(area[i], 0);

    runner_host_remove(device);
    device = add("vodd/%/disc.iso", false);
    memset(area, 0xee, sizeof(area));
    command = execute("12 00 00 00 FF 00", 255);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    ck_assert(!command.has_length);
    for (size_t i = 5u + area[4]; i < 255; i++)
        ck_assert_uint_eq(area[i], 0);
    ck_assert_uint_eq(area[255], 0xee);
}
END_TEST

START_TEST(commands_of_unknown_length_are_not_handled)
{
    ck_assert_int_eq(execute("60 00", 0).status, TCMU_STS_NOT_HANDLED);
    ck_assert_int_eq(execute("7F 00", 0).status, TCMU_STS_NOT_HANDLED);
    ck_assert_int_eq(execute("C0 00", 0).status, TCMU_STS_NOT_HANDLED);
    struct runner_host_command command = execute("9F 00", 0);
    assert_sense(&command, 5, 0x20, 0);
}
END_TEST

START_TEST(a_dropped_command_costs_no_length)
{
    runner_host_drop(device);
    for (int i = 0; i < 30; i++) {
        struct runner_host_command command = execute("12 00 00 00 FF 00", 255);
        ck_assert(command.has_length);
        ck_assert_uint_eq(command.length, 5u + area[4]);
    }
}
END_TEST

START_TEST(another_tcmu_runner_gets_nothing)
{
    struct runner_host_command command = make("12 00 00 00 24 00", 36);

    runner_host_log();
    command.is_alien = true;
    runner_host_execute(device, &command);
    ck_assert_int_eq(command.status, TCMU_STS_NOT_HANDLED);
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "no command is executed\n"));
    runner_host_execute(device, &command);
    ck_assert_str_eq(runner_host_log(), "");
}
END_TEST

/* The tray of a drive that takes its time, open. */
static struct tcmu_device *add_slow(void)
{
    struct tcmu_device *fast = device;
    struct tcmu_device *slow = add("vodd/%/disc.iso;drive=%/slow.drive", true);
    struct runner_host_command command;

    ck_assert_ptr_nonnull(slow);
    device = slow;
    do
        command = execute("00 00 00 00 00 00", 0);
    while (command.status != TCMU_STS_OK);
    command = execute("1B 00 00 00 02 00", 0);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
    device = fast;
    return slow;
}

START_TEST(a_delay_holds_up_nobody_else)
{
    struct tcmu_device *slow = add_slow();
    struct runner_host_command load = make("1B 00 00 00 03 00", 0);
    struct runner_host_command inquiry = make("12 00 00 00 FF 00", 255);
    struct runner_host_command read = make("28 00 00 00 00 00 00 00 01 00", 2048);
    uint8_t sector[2048];

    read.iov[0].iov_base = sector;
    runner_host_submit(slow, &load);
    runner_host_submit(slow, &inquiry);
    ck_assert(!load.done && !inquiry.done);
    runner_host_execute(device, &read);
    ck_assert_int_eq(read.status, TCMU_STS_OK);
    ck_assert(!read.was_late);
    runner_host_wait(slow, &inquiry);
    ck_assert_int_eq(load.status, TCMU_STS_OK);
    ck_assert_uint_lt(load.order, inquiry.order);
    ck_assert(load.was_late && inquiry.was_late);
    ck_assert(inquiry.has_length);
    ck_assert_uint_eq(inquiry.length, 5u + area[4]);
    runner_host_execute(slow, &read);
    runner_host_execute(slow, &read);
    ck_assert_int_eq(read.status, TCMU_STS_OK);
    runner_host_remove(slow);
}
END_TEST

/* Much work and many data are pieces of the LUN's own thread, and commands stay in their order. */
START_TEST(long_commands_are_done_in_pieces)
{
    static uint8_t sectors[600 * 2048], sector[2048];
    struct runner_host_command verify = make("2F 00 00 00 00 00 00 02 58 00", 0);
    struct runner_host_command read = make("28 00 00 00 00 00 00 02 58 00", 0);
    struct runner_host_command ready = make("00 00 00 00 00 00", 0);
    struct runner_host_command one = make("28 00 00 00 00 00 00 00 01 00", 2048);

    runner_host_submit(device, &verify);
    read.iov[0] = (struct iovec){sectors, 1000001};
    read.iov[1] = (struct iovec){sectors + 1000001, sizeof(sectors) - 1000001};
    read.iov_count = 2;
    runner_host_submit(device, &read);
    runner_host_submit(device, &ready);
    runner_host_wait(device, &ready);
    ck_assert(verify.was_late && read.was_late);
    ck_assert_uint_lt(verify.order, read.order);
    ck_assert_uint_lt(read.order, ready.order);
    ck_assert_int_eq(verify.status, TCMU_STS_OK);
    ck_assert_int_eq(read.status, TCMU_STS_OK);
    ck_assert_int_eq(ready.status, TCMU_STS_OK);
    one.iov[0].iov_base = sector;
    for (unsigned lba = 0; lba < 600; lba++) {
        one.cdb[4] = (uint8_t)(lba >> 8);
        one.cdb[5] = (uint8_t)lba;
        runner_host_execute(device, &one);
        ck_assert(!one.was_late);
        ck_assert_mem_eq(sectors + (size_t)lba * 2048, sector, sizeof(sector));
    }
}
END_TEST

START_TEST(closing_completes_what_waits)
{
    struct tcmu_device *slow = add_slow();
    struct runner_host_command load = make("1B 00 00 00 03 00", 0);
    struct runner_host_command ready[3];

    runner_host_submit(slow, &load);
    for (size_t i = 0; i < 3; i++) {
        ready[i] = make("12 00 00 00 24 00", 36);
        runner_host_submit(slow, &ready[i]);
    }
    runner_host_remove(slow);
    ck_assert(load.done);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(ready[i].done);
        ck_assert_int_eq(ready[i].status, TCMU_STS_OK);
    }
}
END_TEST

START_TEST(the_region_outlives_the_process)
{
    const uint8_t list[8] = {0, 6, 0, 0, 0xFE, 0, 0, 0};

    runner_host_remove(device);
    for (int round = 0; round < 2; round++) {
        device = add("vodd/;drive=%/free.drive;state=%/drive.state", true);
        ck_assert_ptr_nonnull(device);
        execute("00 00 00 00 00 00", 0);
        execute("A4 00 00 00 00 00 00 00 00 08 08 00", 8);
        ck_assert_uint_eq(area[5], round == 0 ? 0xFF : 0xFE);
        if (round == 0) {
            memcpy(area, list, sizeof(list));
            ck_assert_int_eq(execute("A3 00 00 00 00 00 00 00 00 08 06 00", 8).status, TCMU_STS_OK);
            runner_host_remove(device);
        }
    }
    ck_assert_ptr_null(add("vodd/;drive=%/free.drive;state=%/drive.state", true));
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "drive.state"));
}
END_TEST

static int reconfigure(const char *format)
{
    struct tcmulib_cfg_info info = {.type = TCMULIB_CFG_DEV_CFGSTR,
                                    .data.dev_cfgstring = expand(format)};

    return runner_host_handler()->reconfig(device, &info);
}

START_TEST(another_configuration_is_another_drive)
{
    struct runner_host_command command;

    ck_assert_int_eq(reconfigure("vodd/;control=%/control"), 0);
    command = execute("00 00 00 00 00 00", 0);
    assert_sense(&command, 6, 0x29, 0);
    command = execute("00 00 00 00 00 00", 0);
    assert_sense(&command, 2, 0x3A, 1);
    ck_assert_int_eq(reconfigure("vodd/%/disc.iso;control=%/control"), 0);
    command = execute("00 00 00 00 00 00", 0);
    assert_sense(&command, 6, 0x29, 0);
}
END_TEST

START_TEST(a_bad_configuration_leaves_the_drive_as_it_was_configured)
{
    struct tcmulib_cfg_info size = {.type = TCMULIB_CFG_DEV_SIZE, .data.dev_size = 1};
    struct runner_host_command command;

    runner_host_log();
    ck_assert_int_lt(reconfigure("vodd/%/none.disc"), 0);
    ck_assert_ptr_nonnull(strstr(runner_host_log(), "/none.disc: No such file or directory"));
    ck_assert_int_lt(reconfigure("vodd/none.disc"), 0);
    ck_assert_int_lt(runner_host_handler()->reconfig(device, &size), 0);
    command = execute("00 00 00 00 00 00", 0);
    assert_sense(&command, 6, 0x29, 0);
    execute("00 00 00 00 00 00", 0);
    command = execute("28 00 00 00 00 00 00 00 01 00", 2048);
    ck_assert_int_eq(command.status, TCMU_STS_OK);
}
END_TEST

START_TEST(a_drive_that_cannot_come_back_is_not_ready)
{
    struct runner_host_command command;

    ck_assert_int_eq(unlink(path_of("disc.iso")), 0);
    ck_assert_int_lt(reconfigure("vodd/%/none.disc"), 0);
    command = execute("12 00 00 00 24 00", 36);
    assert_sense(&command, 2, 0x04, 0x03);
    ck_assert_int_eq(reconfigure("vodd/"), 0);
    ck_assert_int_eq(execute("12 00 00 00 24 00", 36).status, TCMU_STS_OK);
}
END_TEST

/* Past the stream: it cannot be written to while lines that were not read yet lie in it. */
static void say(FILE *socket, const char *line)
{
    ck_assert_int_eq(dprintf(fileno(socket), "%s", line), (int)strlen(line));
}

/* Lines from the control socket until one contains `text`. */
static void expect_line(FILE *socket, const char *text)
{
    char line[4096];

    do
        ck_assert_msg(fgets(line, sizeof(line), socket), "no line with %s", text);
    while (!strstr(line, text));
}

START_TEST(the_control_socket_sees_what_the_commands_do)
{
    FILE *socket;

    runner_host_remove(device);
    device = add("vodd/%/disc.iso;control=%/control", true);
    ck_assert_ptr_nonnull(device);
    socket = fdopen(unix_socket_connect(path_of("control"), 0, NULL), "r");
    ck_assert_ptr_nonnull(socket);
    expect_line(socket, "\"name\":\"vodd//tmp/vodd-tcmu.");
    execute("00 00 00 00 00 00", 0);
    execute("00 00 00 00 00 00", 0);
    for (int i = 0; i < 500; i++) {
        char cdb[64];
        execute("A4 00 00 00 00 00 00 00 00 08 00 00", 8);
        snprintf(cdb, sizeof(cdb), "A4 00 00 00 00 00 00 00 00 00 %02X 00",
                 (area[7] & 0xC0) | 0x3F);
        ck_assert_int_eq(execute(cdb, 0).status, TCMU_STS_OK);
        expect_line(socket, "\"to\":\"granted\"");
        expect_line(socket, "\"to\":\"free\"");
    }
    say(socket, "{\"execute\":\"quit\"}\n");
    expect_line(socket, "the drive ends when its target removes it");
    say(socket, "{\"execute\":\"eject\"}\n");
    expect_line(socket, "\"return\"");
    expect_line(socket, "\"open\":true");
    struct runner_host_command command = execute("28 00 00 00 00 00 00 00 01 00", 2048);
    ck_assert_int_eq(command.status, TCMU_STS_PASSTHROUGH_ERR);
    fclose(socket);
}
END_TEST

START_TEST(clients_come_and_go_while_commands_run)
{
    runner_host_remove(device);
    device = add("vodd/%/disc.iso;control=%/control", true);
    for (int i = 0; i < 200; i++) {
        int fd = unix_socket_connect(path_of("control"), 0, NULL);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_gt(write(fd, "{\"execute\":\"eject\"}\n{\"execute\":\"press\"}\n", 40), 0);
        for (int j = 0; j < 20; j++) {
            execute("A4 00 00 00 00 00 00 00 00 08 00 00", 8);
            execute("28 00 00 00 00 00 00 00 01 00", 2048);
            execute("A4 00 00 00 00 00 00 00 00 00 3F 00", 0);
        }
        close(fd);
    }
    ck_assert_int_eq(execute("12 00 00 00 24 00", 36).status, TCMU_STS_OK);
}
END_TEST

/* Traces ------------------------------------------------------------------- */

START_TEST(a_trace_is_written_and_watched_from_another_thread)
{
    char line[4096] = "";
    FILE *socket, *file;

    runner_host_remove(device);
    device = add("vodd/%/disc.iso;control=%/control;trace=%/trace", true);
    ck_assert_ptr_nonnull(device);
    socket = fdopen(unix_socket_connect(path_of("control"), 0, NULL), "r");
    ck_assert_ptr_nonnull(socket);
    expect_line(socket, "\"name\":");
    say(socket, "{\"execute\":\"trace-watch\"}\n");
    expect_line(socket, "\"vodd-trace\":1");
    for (int i = 0; i < 200; i++) {
        execute("12 00 00 00 24 00", 36);
        expect_line(socket, "\"autosense\":true,\"cdb\":\"120000002400\",\"name\":\"INQUIRY\"");
    }
    fclose(socket);
    execute("12 00 00 00 05 00", 5);
    runner_host_remove(device);
    file = fopen(path_of("trace"), "r");
    ck_assert_ptr_nonnull(file);
    unsigned commands = 0, short_ones = 0;
    while (fgets(line, sizeof(line), file)) {
        commands += strncmp(line, "{\"command\":", 11) == 0;
        short_ones += strstr(line, "\"in-length\":5,") != NULL;
    }
    fclose(file);
    ck_assert_uint_eq(commands, 201);
    ck_assert_uint_eq(short_ones, 1);
    ck_assert_int_eq(strncmp(line, "{\"end\":true,", 12), 0);
    unlink(path_of("trace"));
    ck_assert_ptr_null(add("vodd/;trace=%/none/trace", true));
    device = add("vodd/%/disc.iso", true);
}
END_TEST

/* The other outputs are in tests/handlers/test_outputs. */
START_TEST(a_trace_is_written_over_nothing_else)
{
    static const char *const wrong[] = {
        "vodd/%/disc.iso;trace=%/disc.iso",
        "vodd/%/disc.iso;trace=%/link",
        "vodd/%/disc.iso;trace=%/letter",
        "vodd/%/disc.iso;trace=%/fifo",
        "vodd/;drive=%/slow.drive;trace=%/slow.drive",
        "vodd/;state=%/s;trace=%/s",
        "vodd/;state=%/s;trace=%/s.new",
        "vodd/;state=%/fifo",
        "vodd/%/fifo",
        "vodd/;drive=%/fifo",
    };
    struct stat before, after;
    char link[80];

    write_file("letter", "a letter\n");
    ck_assert_int_eq(mkfifo(path_of("fifo"), 0600), 0);
    snprintf(link, sizeof(link), "%s", path_of("link"));
    ck_assert_int_eq(symlink("disc.iso", link), 0);
    ck_assert_int_eq(stat(path_of("disc.iso"), &before), 0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        ck_assert_msg(add(wrong[i], true) == NULL, "%s", wrong[i]);
    ck_assert_int_eq(stat(path_of("disc.iso"), &after), 0);
    ck_assert_int_eq(after.st_size, before.st_size);
    ck_assert_int_eq(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
    ck_assert_int_eq(stat(path_of("letter"), &after), 0);
    ck_assert_int_eq(after.st_size, 9);
    ck_assert_int_eq(stat(path_of("slow.drive"), &after), 0);
    ck_assert_int_gt(after.st_size, 0);
    ck_assert_int_eq(execute("12 00 00 00 24 00", 36).status, TCMU_STS_OK);
}
END_TEST

/* Fault rules -------------------------------------------------------------- */

static FILE *add_with_control(void)
{
    FILE *socket;

    runner_host_remove(device);
    device = add("vodd/%/disc.iso;control=%/control", true);
    ck_assert_ptr_nonnull(device);
    execute("00 00 00 00 00 00", 0);
    execute("00 00 00 00 00 00", 0);
    socket = fdopen(unix_socket_connect(path_of("control"), 0, NULL), "r");
    ck_assert_ptr_nonnull(socket);
    expect_line(socket, "\"name\":");
    return socket;
}

static void add_rule(FILE *socket, const char *settings)
{
    dprintf(fileno(socket),
            "{\"execute\":\"fault-add\",\"arguments\":{\"name\":\"r\",\"rule\":{%s}}}\n", settings);
    expect_line(socket, "\"return\"");
}

static void clear_rules(FILE *socket)
{
    say(socket, "{\"execute\":\"fault-clear\"}\n");
    expect_line(socket, "\"return\"");
}

static const char *const withholding[] = {"hang", "lost"};

START_TEST(a_rule_withholds_a_command_and_those_behind_it)
{
    struct runner_host_command held = make("12 00 00 00 24 00", 36);
    struct runner_host_command next = make("00 00 00 00 00 00", 0);
    FILE *socket = add_with_control();
    char rule[64];

    snprintf(rule, sizeof(rule), "\"command\":\"INQUIRY\",\"delivery\":\"%s\"", withholding[_i]);
    add_rule(socket, rule);
    runner_host_submit(device, &held);
    runner_host_submit(device, &next);
    ck_assert(!held.done && !next.done);
    clear_rules(socket);
    runner_host_wait(device, &next);
    ck_assert_int_eq(held.status, TCMU_STS_OK);
    ck_assert_int_eq(next.status, TCMU_STS_OK);
    ck_assert_uint_lt(held.order, next.order);
    fclose(socket);
}
END_TEST

START_TEST(a_rule_ends_a_command_as_if_the_lun_had_gone)
{
    FILE *socket = add_with_control();
    struct runner_host_command command;

    add_rule(socket, "\"command\":\"READ(10)\",\"delivery\":\"unplug\"");
    command = execute("28 00 00 00 00 00 00 00 01 00", 2048);
    assert_sense(&command, 0x5, 0x25, 0x00);
    fclose(socket);
}
END_TEST

START_TEST(a_rule_takes_the_power)
{
    FILE *socket = add_with_control();
    struct runner_host_command command;

    add_rule(socket, "\"command\":\"READ(10)\",\"delivery\":\"power-loss\",\"times\":1");
    command = execute("28 00 00 00 00 00 00 00 01 00", 2048);
    ck_assert_int_eq(command.status, TCMU_STS_BUSY);
    command = execute("28 00 00 00 00 00 00 00 01 00", 2048);
    assert_sense(&command, 0x6, 0x29, 0x01);
    ck_assert_int_eq(execute("28 00 00 00 00 00 00 00 01 00", 2048).status, TCMU_STS_OK);
    fclose(socket);
}
END_TEST

static const struct {
    const char *word;
    int status;
} statuses[] = {
    {"busy",                 TCMU_STS_BUSY       },
    {"reservation-conflict", TCMU_STS_BUSY       },
    {"task-set-full",        TCMU_STS_NO_RESOURCE},
};

START_TEST(a_rule_states_a_status)
{
    FILE *socket = add_with_control();
    char rule[64];

    snprintf(rule, sizeof(rule), "\"command\":\"INQUIRY\",\"status\":\"%s\"", statuses[_i].word);
    add_rule(socket, rule);
    ck_assert_int_eq(execute("12 00 00 00 24 00", 36).status, statuses[_i].status);
    fclose(socket);
}
END_TEST

static Suite *handler_suite(void)
{
    Suite *suite = suite_create("tcmu_handler");
    TCase *tcase = tcase_create("handler");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, it_registers_as_a_handler_of_every_command);
    tcase_add_test(tcase, a_lun_that_cannot_be_opened_says_why);
    tcase_add_test(tcase, a_new_lun_has_unit_attentions);
    tcase_add_test(tcase, short_answers_have_their_length);
    tcase_add_test(tcase, data_go_into_the_pieces_of_the_area);
    tcase_add_test(tcase, an_area_that_is_too_short_gets_what_fits);
    tcase_add_test(tcase, a_parameter_list_may_come_in_pieces);
    tcase_add_test(tcase, a_parameter_list_that_is_cut_is_refused);
    tcase_add_test(tcase, a_refusal_has_sense_data);
    tcase_add_test(tcase, old_data_do_not_show_where_the_length_cannot_be_told);
    tcase_add_test(tcase, commands_of_unknown_length_are_not_handled);
    tcase_add_test(tcase, a_dropped_command_costs_no_length);
    tcase_add_test(tcase, another_tcmu_runner_gets_nothing);
    tcase_add_test(tcase, a_delay_holds_up_nobody_else);
    tcase_add_test(tcase, long_commands_are_done_in_pieces);
    tcase_add_test(tcase, closing_completes_what_waits);
    tcase_add_test(tcase, the_region_outlives_the_process);
    tcase_add_test(tcase, another_configuration_is_another_drive);
    tcase_add_test(tcase, a_bad_configuration_leaves_the_drive_as_it_was_configured);
    tcase_add_test(tcase, a_drive_that_cannot_come_back_is_not_ready);
    tcase_add_test(tcase, the_control_socket_sees_what_the_commands_do);
    tcase_add_test(tcase, a_trace_is_written_and_watched_from_another_thread);
    tcase_add_test(tcase, a_trace_is_written_over_nothing_else);
    tcase_add_loop_test(tcase, a_rule_withholds_a_command_and_those_behind_it, 0, 2);
    tcase_add_test(tcase, a_rule_ends_a_command_as_if_the_lun_had_gone);
    tcase_add_test(tcase, a_rule_takes_the_power);
    tcase_add_loop_test(tcase, a_rule_states_a_status, 0, 3);
    tcase_add_test(tcase, clients_come_and_go_while_commands_run);
    suite_add_tcase(suite, tcase);
    return suite;
}

TAP_MAIN(handler_suite)
