/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_ISO9660_H
#define MEDIA_ISO9660_H

/*
 * ISO 9660 (ECMA-119), as far as a DVD-Video needs it: the primary volume, the root, one folder.
 */

#include "media/file_system.h"

/*
 * Looks for ISO 9660 in the image and, unless `visitor` is NULL, for the folder.  Names lose their
 * version and the dot of an empty extension.  Whatever is damaged ends what it is part of, and what
 * came before it stays found; which limit was reached is in the examination.
 */
struct file_system iso9660_search(struct examination *examination,
                                  const struct file_system_visitor *visitor);

#endif
