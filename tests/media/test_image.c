/* SPDX-License-Identifier: MIT */
#include "media/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "media/css_sector.h"
#include "tests/support/dvd_image.h"
#include "tests/support/fault_log.h"
#include "tests/tap.h"

enum { SECTORS = 12 };

#define SECTOR ((size_t)DVD_SECTOR_SIZE)

static uint8_t content[SECTORS * SECTOR];
static char *path;
static struct image image;
static int error; /* of the last read */

static void set_up(void)
{
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)(i * 7 + i / 2048 * 13);
    path = dvd_image_save(content, sizeof content);
    ck_assert(image_open(&image, path, path, NULL));
    ck_assert_uint_eq(image.sectors, SECTORS);
}

static void tear_down(void)
{
    image_close(&image);
    unlink(path);
    free(path);
}

/* Buffers of odd sizes, empty ones among them, more than one system call takes. */
START_TEST(a_read_may_be_scattered_in_any_way)
{
    static const size_t sizes[] = {0, 1, 3, 2048, 2047, 0, 0, 5, 2049, 4096, 100};
    uint8_t bytes[sizeof content];
    struct iovec iov[3000];
    for (unsigned start = 0; start < sizeof sizes / sizeof *sizes; start++) {
        int count = 0;
        size_t used = 0, next = start;
        while (used < sizeof bytes && count < 3000) {
            size_t size = start == 0 ? 11 : sizes[next++ % (sizeof sizes / sizeof *sizes)];
            if (size > sizeof bytes - used)
                size = sizeof bytes - used;
            iov[count++] = (struct iovec){bytes + used, size};
            used += size;
        }
        memset(bytes, 0, sizeof bytes);
        struct iov_cursor cursor = iov_cursor_begin(iov, count);
        ck_assert_uint_eq(image_read(&image, 0, SECTORS, &cursor, &error), SECTORS);
        ck_assert_mem_eq(bytes, content, sizeof bytes);
        ck_assert_int_eq(cursor.count, 0);
    }
}
END_TEST

START_TEST(a_read_starts_and_ends_where_it_is_told)
{
    uint8_t bytes[3 * SECTOR + 1];
    memset(bytes, 0xEE, sizeof bytes);
    struct iovec iov = {bytes, sizeof bytes};
    struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
    ck_assert_uint_eq(image_read(&image, 5, 3, &cursor, &error), 3);
    ck_assert_mem_eq(bytes, content + 5 * SECTOR, 3 * SECTOR);
    ck_assert_uint_eq(bytes[sizeof bytes - 1], 0xEE);
    ck_assert_uint_eq(cursor.offset, 3 * SECTOR);
}
END_TEST

START_TEST(a_read_ends_at_the_end_of_the_image)
{
    uint8_t bytes[4 * SECTOR];
    struct iovec iov = {bytes, sizeof bytes};
    struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
    ck_assert_uint_eq(image_read(&image, SECTORS - 2, 4, &cursor, &error), 2);
    ck_assert_mem_eq(bytes, content + (SECTORS - 2) * SECTOR, 2 * SECTOR);
    ck_assert_uint_eq(image_read(&image, SECTORS, 1, &cursor, &error), 0);
    ck_assert_uint_eq(image_read(&image, UINT32_MAX, UINT32_MAX, &cursor, &error), 0);
}
END_TEST

START_TEST(a_file_that_becomes_shorter_ends_the_read)
{
    uint8_t bytes[sizeof content];
    struct iovec iov = {bytes, sizeof bytes};
    for (long size = (long)sizeof content - 1; size >= 0; size -= 1000) {
        ck_assert_int_eq(truncate(path, size), 0);
        struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
        ck_assert_uint_eq(image_read(&image, 0, SECTORS, &cursor, &error), (uint32_t)(size / 2048));
        ck_assert_int_eq(error, 0);
    }
}
END_TEST

START_TEST(a_descriptor_that_fails_ends_the_read)
{
    uint8_t bytes[DVD_SECTOR_SIZE];
    struct iovec iov = {bytes, sizeof bytes};
    struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
    struct image closed = {.descriptor = -1, .sectors = SECTORS};
    ck_assert_uint_eq(image_read(&closed, 0, 1, &cursor, &error), 0);
    ck_assert_int_eq(error, EBADF);
}
END_TEST

static bool try_to_open(const char *name, struct fault_log *log)
{
    struct image other;
    fault_log_init(log);
    bool opened = image_open(&other, name, name, &log->diagnostics);
    if (opened)
        image_close(&other);
    else
        ck_assert_int_eq(other.descriptor, -1);
    return opened;
}

START_TEST(what_is_no_image_is_refused)
{
    struct fault_log log;
    char message[512];
    ck_assert(!try_to_open("/nonexistent.iso", &log));
    ck_assert_str_eq(log.text, "/nonexistent.iso: No such file or directory\n");
    ck_assert(!try_to_open("/", &log));
    ck_assert_str_eq(log.text, "/: is a folder; accepted: a file or a block device\n");
    ck_assert(!try_to_open("/dev/null", &log));
    ck_assert_str_eq(log.text,
                     "/dev/null: is a character device; accepted: a file or a block device\n");

    static const long long sizes[] = {0, 2047, 4173825ll * 2048};
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(truncate(path, sizes[i]), 0);
        snprintf(message, sizeof message,
                 "%s: %lld bytes do not make a DVD; accepted: 1 to 4173824 sectors of 2048 bytes\n",
                 path, sizes[i]);
        ck_assert(!try_to_open(path, &log));
        ck_assert_str_eq(log.text, message);
    }
    ck_assert_int_eq(truncate(path, 4173824ll * 2048), 0);
    ck_assert(try_to_open(path, &log));
    ck_assert_str_eq(log.text, "");
}
END_TEST

/* Whatever would wait or do something when it is opened; a name may lead to it. */
START_TEST(what_is_no_file_is_not_opened)
{
    struct fault_log log;
    char message[512], name[300], link[310];
    snprintf(name, sizeof name, "%s.other", path);
    snprintf(link, sizeof link, "%s.link", name);
    ck_assert_int_eq(symlink(name, link), 0);
    for (unsigned kind = 0; kind < 2; kind++) {
        int descriptor = -1;
        if (kind == 0) {
            ck_assert_int_eq(mkfifo(name, 0600), 0);
        } else {
            struct sockaddr_un address = {.sun_family = AF_UNIX};
            ck_assert_uint_lt(strlen(name), sizeof address.sun_path);
            memcpy(address.sun_path, name, strlen(name) + 1);
            descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
            ck_assert_int_eq(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
        }
        ck_assert(!try_to_open(link, &log));
        snprintf(message, sizeof message, "%s: is %s; accepted: a file or a block device\n", link,
                 kind == 0 ? "a pipe" : "a socket");
        ck_assert_str_eq(log.text, message);
        if (descriptor >= 0)
            close(descriptor);
        unlink(name);
    }
    unlink(link);
}
END_TEST

START_TEST(bytes_are_gathered_and_scattered_over_buffers)
{
    char a[3], b[1], c[8];
    struct iovec iov[] = {
        {a,    3},
        {NULL, 0},
        {b,    1},
        {c,    8}
    };
    struct iov_cursor cursor = iov_cursor_begin(iov, 4);
    iov_cursor_scatter(cursor, (const uint8_t *)"abcdefghijkl", 12);
    ck_assert_mem_eq(a, "abc", 3);
    ck_assert_mem_eq(b, "d", 1);
    ck_assert_mem_eq(c, "efghijkl", 8);
    uint8_t gathered[6];
    iov_cursor_advance(&cursor, 2);
    ck_assert_ptr_eq(iov_cursor_contiguous(&cursor, 1), (uint8_t *)a + 2);
    ck_assert_ptr_null(iov_cursor_contiguous(&cursor, 2));
    iov_cursor_gather(cursor, gathered, sizeof gathered);
    ck_assert_mem_eq(gathered, "cdefgh", 6);
    iov_cursor_advance(&cursor, 2);
    ck_assert_ptr_eq(iov_cursor_contiguous(&cursor, 8), (uint8_t *)c);
    ck_assert_ptr_null(iov_cursor_contiguous(&cursor, 9));
    struct iovec slice[4];
    ck_assert_int_eq(iov_cursor_slice(&cursor, 5, slice, 4), 1);
    ck_assert_uint_eq(slice[0].iov_len, 5);
    iov_cursor_advance(&cursor, 8);
    ck_assert_int_eq(iov_cursor_slice(&cursor, 5, slice, 4), 0);
    ck_assert_ptr_null(iov_cursor_contiguous(&cursor, 1));
}
END_TEST

static Suite *image_suite(void)
{
    Suite *suite = suite_create("image");
    TCase *tests = tcase_create("image");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_read_may_be_scattered_in_any_way);
    tcase_add_test(tests, a_read_starts_and_ends_where_it_is_told);
    tcase_add_test(tests, a_read_ends_at_the_end_of_the_image);
    tcase_add_test(tests, a_file_that_becomes_shorter_ends_the_read);
    tcase_add_test(tests, a_descriptor_that_fails_ends_the_read);
    tcase_add_test(tests, what_is_no_image_is_refused);
    tcase_add_test(tests, what_is_no_file_is_not_opened);
    tcase_add_test(tests, bytes_are_gathered_and_scattered_over_buffers);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(image_suite)
