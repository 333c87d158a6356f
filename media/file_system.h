/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_FILE_SYSTEM_H
#define MEDIA_FILE_SYSTEM_H

/*
 * What the readers of file systems, udf.h and iso9660.h, have in common: each looks for one folder
 * of the root and tells where the files in it lie.
 */

#include <stdbool.h>
#include <stdint.h>

#include "media/examination.h"

/* Room for a name; longer ones are cut. */
#define FILE_SYSTEM_NAME_SIZE 256

/* Who wants to know the files of a folder. */
struct file_system_visitor {
    const char *folder; /* in the root; upper and lower case are the same */
    /* A file of the folder; returns whether its parts are wanted. */
    bool (*file)(void *context, const char *name);
    /*
     * `count` consecutive sectors from `first`, the next part of that file; more than none, not
     * necessarily inside the image.  Returns whether to go on.
     */
    bool (*part)(void *context, uint32_t first, uint32_t count);
    void *context;
};

struct file_system {
    bool present;     /* the image says that it has it */
    bool readable;    /* and its root could be found */
    bool has_folder;  /* and the folder in it */
    uint64_t sectors; /* as many as it says that the image has, 0 if it does not say */
};

#endif
