/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_INSTALLED_QEMU_H
#define HANDLERS_VODD_INSTALLED_QEMU_H

/*
 * Which QEMU is there: finds the one that a shell would start, and asks it for its version.
 *
 * The program is executed, without a shell, with the one argument --version, with nothing to read
 * and as the leader of a process group of its own; of what it prints the first 4095 bytes are
 * looked at.  All of that happens beside the event loop that it is given: nothing here waits.  A
 * program that has not ended in time is killed with its process group, and so
 * is one that prints more.
 *
 * For one thread; the events of the loop, SIGCHLD among them, belong to it as long as it asks.
 */

#include <event2/event.h>

#include "handlers/vodd/qemu_version.h"

struct installed_qemu;

/* How long a program may take.  It may lie on a disk that sleeps or beside a busy processor. */
#define INSTALLED_QEMU_MILLISECONDS 10000

/*
 * Hears the answer.  `program` is the path of the program, NULL if there is none.  `version` is not
 * known if there is none, or if it failed, was late, or printed something else.
 */
typedef void installed_qemu_answer(void *context, const char *program,
                                   const struct qemu_version *version);

/*
 * The path of the QEMU in the folders of `path`, written as PATH, to be freed by the caller; NULL
 * if there is none, or memory is short.  qemu-system-x86_64 comes before qemu-kvm, kvm, and then
 * the emulators of other machines (qemu-system-*), by name; of one name the first folder has it.
 * Only regular files that this user may execute count, and only folders with absolute names: what
 * lies in the current folder is never executed.
 */
char *installed_qemu_find(const char *path);

/*
 * Finds the QEMU of `path` and asks it.  `answer` is called once: from within this call if there is
 * nothing to wait for, else by the event loop of `base` after `milliseconds` at the latest; never
 * after installed_qemu_destroy().  NULL when memory is short: `answer` is not called.
 */
struct installed_qemu *installed_qemu_ask(struct event_base *base, const char *path,
                                          int milliseconds, installed_qemu_answer *answer,
                                          void *context);

/* Kills a program that is still running.  Before the end of `base`; NULL is nothing. */
void installed_qemu_destroy(struct installed_qemu *qemu);

#endif
