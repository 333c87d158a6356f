/* SPDX-License-Identifier: MIT */
/*
 * Which QEMU is there: versions as texts, the program that is found, and programs of every kind
 * that are asked: old and new ones, others, slow, failing and endless ones.
 */
#include "handlers/vodd/installed_qemu.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define EMULATOR "qemu-system-x86_64"
#define DEBIAN_7 "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright (c)\n"

/* Versions ----------------------------------------------------------------- */

static const struct {
    const char *text;
    int major, minor; /* 0.0: refused */
} versions[] = {
    {"7.2",                    7,   2  },
    {"9.2.0",                  9,   2  },
    {"10.0.2",                 10,  0  },
    {"0.15",                   0,   15 },
    {"999.999",                999, 999},
    {"",                       0,   0  },
    {"9",                      0,   0  },
    {"9.",                     0,   0  },
    {"9.2.",                   0,   0  },
    {"9.2.1.0",                0,   0  },
    {".2",                     0,   0  },
    {"v9.2",                   0,   0  },
    {"9.2 ",                   0,   0  },
    {" 9.2",                   0,   0  },
    {"9.2-rc1",                0,   0  },
    {"-9.2",                   0,   0  },
    {"+9.2",                   0,   0  },
    {"0.0",                    0,   0  },
    {"1000.0",                 0,   0  },
    {"9.99999999999999999999", 0,   0  },
};

START_TEST(stated_versions)
{
    struct qemu_version version = {1, 1};
    bool known = versions[_i].major + versions[_i].minor > 0;

    ck_assert_int_eq(qemu_version_read(versions[_i].text, &version), known);
    ck_assert_int_eq(version.major, versions[_i].major);
    ck_assert_int_eq(version.minor, versions[_i].minor);
    ck_assert_int_eq(qemu_version_is_known(&version), known);
}
END_TEST

static const struct {
    const char *output;
    int major, minor;
    const char *reconnect;
} outputs[] = {
    {DEBIAN_7,                                                   7,  2,  "reconnect=1"      },
    {"QEMU emulator version 9.1.0 (qemu-kvm-9.1.0-5.el9)\n",     9,  1,  "reconnect=1"      },
    {"QEMU emulator version 9.2.0\n",                            9,  2,  "reconnect-ms=1000"},
    {"QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)\n",    10, 0,  "reconnect-ms=1000"},
    {"QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1)\n",    11, 1,  "reconnect-ms=1000"},
    {"QEMU emulator version 10.0.50 (v10.0.0-12-g0123456789)\n", 10, 0,  "reconnect-ms=1000"},
    {"a warning\nQEMU emulator version 8.2.1\n",                 8,  2,  "reconnect=1"      },
    {"QEMU emulator version 2.12 \n",                            2,  12, "reconnect=1"      },
    {"qemu emulator version 7.2.22\n",                           0,  0,  "reconnect-ms=1000"},
    {"7.2.22\n",                                                 0,  0,  "reconnect-ms=1000"},
    {"QEMU emulator version 7\n",                                0,  0,  "reconnect-ms=1000"},
    {"QEMU emulator version 7.2",                                0,  0,  "reconnect-ms=1000"},
    {"QEMU emulator version 7.2x\n",                             0,  0,  "reconnect-ms=1000"},
    {"QEMU emulator version \n7.2\n",                            0,  0,  "reconnect-ms=1000"},
    {"",                                                         0,  0,  "reconnect-ms=1000"},
    {"\n\n\n",                                                   0,  0,  "reconnect-ms=1000"},
};

START_TEST(printed_versions)
{
    struct qemu_version version = {1, 1};

    ck_assert_int_eq(qemu_version_read_output(outputs[_i].output, &version), outputs[_i].major > 0);
    ck_assert_int_eq(version.major, outputs[_i].major);
    ck_assert_int_eq(version.minor, outputs[_i].minor);
    ck_assert_str_eq(qemu_version_reconnect(&version), outputs[_i].reconnect);
}
END_TEST

/* Folders of programs ------------------------------------------------------ */

static char folder[64], path[512];

/* FOLDER/first and FOLDER/second, which are `path`. */
static void setup(void)
{
    char name[128];

    strcpy(folder, "/tmp/vodd-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/first:%s/second", folder, folder);
    snprintf(name, sizeof(name), "%s/first", folder);
    ck_assert_int_eq(mkdir(name, 0700), 0);
    snprintf(name, sizeof(name), "%s/second", folder);
    ck_assert_int_eq(mkdir(name, 0700), 0);
}

static int delete_one(const char *name, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(name);
}

static void teardown(void)
{
    nftw(folder, delete_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A program FOLDER/NAME for a shell; the parts of its text in a row. */
static const char *program(const char *name, mode_t mode, const char *script)
{
    static char file[128];
    FILE *stream;

    snprintf(file, sizeof(file), "%s/%s", folder, name);
    stream = fopen(file, "w");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_ge(fprintf(stream, "#!/bin/sh\n%s\n", script), 0);
    ck_assert_int_eq(fclose(stream), 0);
    ck_assert_int_eq(chmod(file, mode), 0);
    return file;
}

static void expect_found(const char *name)
{
    char file[128];
    char *found = installed_qemu_find(path);

    snprintf(file, sizeof(file), "%s/%s", folder, name);
    if (name)
        ck_assert_pstr_eq(found, file);
    else
        ck_assert_ptr_null(found);
    free(found);
}

START_TEST(finds)
{
    expect_found(NULL);
    program("first/qemu-img", 0700, "");
    program("first/qemu-system", 0700, "");
    program("first/" EMULATOR, 0600, "");
    expect_found(NULL);
    program("second/qemu-system-riscv64", 0700, "");
    expect_found("second/qemu-system-riscv64");
    program("second/qemu-system-aarch64", 0700, "");
    expect_found("second/qemu-system-aarch64");
    program("second/kvm", 0700, "");
    expect_found("second/kvm");
    program("first/qemu-kvm", 0700, "");
    expect_found("first/qemu-kvm");
    program("second/" EMULATOR, 0700, "");
    expect_found("second/" EMULATOR);
    program("first/" EMULATOR, 0700, "");
    expect_found("first/" EMULATOR);
}
END_TEST

START_TEST(finds_only_programs)
{
    char name[128];

    snprintf(name, sizeof(name), "%s/first/" EMULATOR, folder);
    ck_assert_int_eq(mkdir(name, 0700), 0);
    snprintf(name, sizeof(name), "%s/first/kvm", folder);
    ck_assert_int_eq(mkfifo(name, 0700), 0);
    snprintf(name, sizeof(name), "%s/first/qemu-kvm", folder);
    ck_assert_int_eq(symlink("/nonexistent", name), 0);
    expect_found(NULL);
    program("second/qemu-system-arm", 0700, "");
    expect_found("second/qemu-system-arm");
}
END_TEST

START_TEST(looks_into_absolute_folders_only)
{
    program("first/" EMULATOR, 0700, "");
    snprintf(path, sizeof(path), "%s/first", folder);
    ck_assert_int_eq(chdir(path), 0);
    snprintf(path, sizeof(path), "%s", "");
    expect_found(NULL);
    snprintf(path, sizeof(path), ":.::../first:%s/none:", folder);
    expect_found(NULL);
    snprintf(path, sizeof(path), ":%s/first", folder);
    expect_found("first/" EMULATOR);
}
END_TEST

/* Asking ------------------------------------------------------------------- */

#define LONG_ENOUGH 300000

static struct event_base *base;
static int answers;
static char answered[128];
static struct qemu_version answer;

static void hear(void *context, const char *name, const struct qemu_version *version)
{
    ck_assert_ptr_eq(context, &answer);
    answers++;
    snprintf(answered, sizeof(answered), "%s", name ? name : "none");
    answer = *version;
}

static bool has_children(void)
{
    siginfo_t information;

    return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* Asks, lets the loop run until nothing is to be waited for, and looks at the answer. */
static void ask(int milliseconds, int major, int minor)
{
    struct installed_qemu *qemu;

    answers = 0;
    base = event_base_new();
    ck_assert_ptr_nonnull(base);
    qemu = installed_qemu_ask(base, path, milliseconds, hear, &answer);
    ck_assert_ptr_nonnull(qemu);
    ck_assert_int_ge(event_base_dispatch(base), 0);
    ck_assert_int_eq(answers, 1);
    ck_assert_int_eq(answer.major, major);
    ck_assert_int_eq(answer.minor, minor);
    ck_assert_msg(!has_children(), "the program has not been waited for");
    installed_qemu_destroy(qemu);
    event_base_free(base);
}

START_TEST(asks)
{
    const char *file =
        program("second/" EMULATOR, 0700, "[ \"$*\" = --version ] && cat && printf '" DEBIAN_7 "'");

    ask(LONG_ENOUGH, 7, 2);
    ck_assert_str_eq(answered, file);
}
END_TEST

START_TEST(asks_in_many_pieces)
{
    program(
        "first/" EMULATOR, 0700,
        "for c in Q E M U ' emul' 'ator ' version ' 1' 1 . 1; do printf %s \"$c\"; done; echo .3");
    ask(LONG_ENOUGH, 11, 1);
}
END_TEST

START_TEST(nobody_to_ask)
{
    ask(LONG_ENOUGH, 0, 0);
    ck_assert_str_eq(answered, "none");
}
END_TEST

static const struct {
    const char *script;
    int milliseconds;
} failing[] = {
    {"echo rubbish",                                                          LONG_ENOUGH},
    {"head -c 4000 /dev/urandom",                                             LONG_ENOUGH},
    {"exit 0",                                                                LONG_ENOUGH},
    {"printf '" DEBIAN_7 "'; exit 1",                                         LONG_ENOUGH},
    {"printf '" DEBIAN_7 "'; kill -9 $$",                                     LONG_ENOUGH},
    {"printf '" DEBIAN_7 "' >&2",                                             LONG_ENOUGH},
    {"printf '" DEBIAN_7 "'; while :; do echo aaaaaaaaaaaaaaaaaaaaaaa; done", LONG_ENOUGH},
    {"sleep 100000",                                                          200        },
    {"trap '' TERM INT HUP PIPE; while :; do sleep 100000; done",             200        },
    {"printf '" DEBIAN_7 "'; exec >&-; sleep 100000",                         200        },
};

START_TEST(asks_a_failing_one)
{
    program("first/" EMULATOR, 0700, failing[_i].script);
    /* Not the next best one: it is not the one that a shell would start. */
    program("second/" EMULATOR, 0700, "printf '" DEBIAN_7 "'");
    ask(failing[_i].milliseconds, 0, 0);
    ck_assert_msg(strstr(answered, "/first/") != NULL, "asked: %s", answered);
}
END_TEST

START_TEST(asks_what_cannot_be_executed)
{
    const char *file = program("first/" EMULATOR, 0700, "");
    FILE *stream = fopen(file, "w");

    ck_assert_ptr_nonnull(stream);
    ck_assert_int_ge(fputs("neither a script nor a program\n", stream), 0);
    ck_assert_int_eq(fclose(stream), 0);
    ask(LONG_ENOUGH, 0, 0);
    ck_assert_str_eq(answered, file);
}
END_TEST

/* What a program leaves behind holds its output open. */
START_TEST(asks_one_that_leaves_a_process)
{
    program("first/" EMULATOR, 0700, "sleep 20 & printf '" DEBIAN_7 "'");
    ask(LONG_ENOUGH, 7, 2);
}
END_TEST

/* An open descriptor of this process does not reach it. */
START_TEST(keeps_descriptors_to_itself)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    program("first/" EMULATOR, 0700,
            "for n in 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$n ] || exit 1; done\n"
            "printf '" DEBIAN_7 "'");
    ask(LONG_ENOUGH, 7, 2);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(ends_before_the_answer)
{
    struct installed_qemu *qemu;
    siginfo_t information;

    answers = 0;
    program("first/" EMULATOR, 0700, "while :; do sleep 100000; done");
    base = event_base_new();
    qemu = installed_qemu_ask(base, path, LONG_ENOUGH, hear, &answer);
    ck_assert_ptr_nonnull(qemu);
    ck_assert_int_ge(event_base_loop(base, EVLOOP_NONBLOCK), 0);
    ck_assert_int_eq(answers, 0);
    installed_qemu_destroy(qemu);
    event_base_free(base);
    if (waitid(P_ALL, 0, &information, WEXITED) == 0)
        ck_assert_int_eq(information.si_status, SIGKILL);
    ck_assert_int_eq(answers, 0);
}
END_TEST

static Suite *installed_qemu_suite(void)
{
    Suite *suite = suite_create("installed QEMU");
    TCase *texts = tcase_create("versions"), *programs = tcase_create("programs");

    tcase_add_loop_test(texts, stated_versions, 0, sizeof(versions) / sizeof(versions[0]));
    tcase_add_loop_test(texts, printed_versions, 0, sizeof(outputs) / sizeof(outputs[0]));
    suite_add_tcase(suite, texts);
    tcase_add_checked_fixture(programs, setup, teardown);
    tcase_set_timeout(programs, 600);
    tcase_add_test(programs, finds);
    tcase_add_test(programs, finds_only_programs);
    tcase_add_test(programs, looks_into_absolute_folders_only);
    tcase_add_test(programs, asks);
    tcase_add_test(programs, asks_in_many_pieces);
    tcase_add_test(programs, nobody_to_ask);
    tcase_add_loop_test(programs, asks_a_failing_one, 0, sizeof(failing) / sizeof(failing[0]));
    tcase_add_test(programs, asks_what_cannot_be_executed);
    tcase_add_test(programs, asks_one_that_leaves_a_process);
    tcase_add_test(programs, keeps_descriptors_to_itself);
    tcase_add_test(programs, ends_before_the_answer);
    suite_add_tcase(suite, programs);
    return suite;
}

TAP_MAIN(installed_qemu_suite)
