/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_INSERT_H
#define HANDLERS_CONTROL_CONTROL_INSERT_H

#include "handlers/control/control_internal.h"
#include "media/disc.h"

/*
 * The disc that the arguments of "insert" describe.  Returns NULL with `error` filled; its text
 * then has every fault, separated by newlines.
 */
struct disc *control_make_disc(json_t *arguments, struct control_error *error);

#endif
