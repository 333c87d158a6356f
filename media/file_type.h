/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_FILE_TYPE_H
#define MEDIA_FILE_TYPE_H

/*
 * What stands under a name that should be a file.  Opening and reading some of it waits for
 * somebody else, so everything that vodd opens is asked first.
 */

#include <sys/types.h>

/* "a folder", "a pipe", ... for st_mode of struct stat. */
const char *file_type_name(mode_t mode);

#endif
