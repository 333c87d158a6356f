/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_RUN_FILES_H
#define HANDLERS_SYSTEM_RUN_FILES_H

/*
 * The files of one run: what it reads, serves, keeps and writes, so that nothing it writes is one
 * of the others.  Files are compared by device and inode, through links of both kinds, as they were
 * when they were noted and as their names lead to them now: a state file is replaced under its
 * name, and a name may be noted before there is a file.
 *
 * Not for several threads at a time; a server has one for its drive, with the drive's lock.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "media/diagnostics.h"

enum run_file_role {
    RUN_FILE_DISC,      /* image or fixture of the disc in the drive */
    RUN_FILE_NEXT_DISC, /* of one that is about to be put in */
    RUN_FILE_PROFILE,
    RUN_FILE_STATE,      /* the state file and what lies beside it */
    RUN_FILE_READ_TRACE, /* the input of report, replay, trace */
    RUN_FILE_OUTPUT,     /* what is written */
    RUN_FILE_ROLES,
};

struct run_file;

/* All zero: none. */
struct run_files {
    struct run_file *first;
};

/*
 * Notes a file that is read, served or kept; `path` need not exist, "-" is standard input.  False
 * after reporting that this run writes it, or that memory is short.
 */
bool run_files_note(struct run_files *files, enum run_file_role role, const char *path,
                    struct diagnostics *diagnostics);

/*
 * Notes `path`, opened for writing, with `status` of its descriptor.  Returns what
 * run_files_forget() takes, or NULL after reporting which file of this run it is, or that memory
 * is short.
 */
struct run_file *run_files_note_output(struct run_files *files, const char *path,
                                       const struct stat *status, struct diagnostics *diagnostics);
/* NULL is allowed. */
void run_files_forget(struct run_files *files, struct run_file *file);

/*
 * Moves what was noted in `from` to `files`; `from` is empty then.  False after reporting that this
 * run writes one of them; they are moved in any case.
 */
bool run_files_join(struct run_files *files, struct run_files *from,
                    struct diagnostics *diagnostics);

/* What was noted as RUN_FILE_NEXT_DISC lies in the drive in place of RUN_FILE_DISC; or, not
 * `inserted`, is given up. */
void run_files_exchange_disc(struct run_files *files, bool inserted);

void run_files_release(struct run_files *files);

#endif
