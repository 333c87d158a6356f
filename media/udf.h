/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_UDF_H
#define MEDIA_UDF_H

/*
 * UDF (ECMA-167, OSTA UDF 1.02 to 2.60), as far as a DVD-Video needs it: the volume, the root, one
 * folder.  Partitions are physical, sparable (read in place) or of metadata; not virtual.
 */

#include "media/file_system.h"

/*
 * Looks for UDF in the image and for the folder.  Whatever is damaged ends what it is part of, and
 * what came before it stays found; which limit was reached is in the examination.  Memory that is
 * short ends the search with *out_of_memory set.
 */
struct file_system udf_search(struct examination *examination,
                              const struct file_system_visitor *visitor, bool *out_of_memory);

#endif
