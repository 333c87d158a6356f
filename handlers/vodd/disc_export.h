/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_DISC_EXPORT_H
#define HANDLERS_VODD_DISC_EXPORT_H

#include "handlers/system/output_file.h"
#include "media/disc.h"

enum disc_export_result {
    DISC_EXPORT_COMPLETE,
    DISC_EXPORT_UNREADABLE, /* written, with zeros for sectors that could not be read */
    DISC_EXPORT_FAILED,     /* nothing was written */
};

/*
 * Writes every sector of the disc, scrambled ones scrambled, as a drive delivers them to an
 * authenticated host, to the file `path`, which appears only when it is complete and on `terms` of
 * OUTPUT_IMAGE.  Reports what goes wrong and which sectors could not be read.  `progress`: shows on
 * standard error how far it is.
 */
enum disc_export_result disc_export(const struct disc *disc, const char *path,
                                    const struct output_terms *terms, bool progress,
                                    struct diagnostics *diagnostics);

#endif
