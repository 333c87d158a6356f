/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_FIXTURE_H
#define MEDIA_FIXTURE_H

/*
 * Disc fixtures: the `.disc` file format, documented in vodd.disc(5).
 */

#include "media/disc.h"

/* A fixture holds no more than this many bytes. */
#define FIXTURE_SIZE_MAX 1048576

/*
 * Reads fixture text into `description` (initialised by this function).  A relative image path is
 * taken from the folder of `name`.  Returns false after reporting every fault; `description` is
 * then released.  Opens no file.
 */
bool fixture_read(const char *name, const char *text, struct disc_description *description,
                  struct diagnostics *diagnostics);

/*
 * What `vodd serve`, `insert`, `check` and `disc` take as FILE: a path that ends in ".disc" is a
 * fixture, anything else an image, which becomes an unprotected disc.  Same result and ownership as
 * fixture_read().
 */
bool fixture_load(const char *path, struct disc_description *description,
                  struct diagnostics *diagnostics);

#endif
