/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_FAULTS_H
#define HANDLERS_CONTROL_CONTROL_FAULTS_H

/*
 * The commands of the control socket that add, list and take away fault rules.
 */

#include "handlers/control/control_internal.h"

json_t *control_fault_add(struct control *control, json_t *arguments, struct control_error *error);
json_t *control_fault_list(struct control *control, json_t *arguments, struct control_error *error);
json_t *control_fault_clear(struct control *control, json_t *arguments,
                            struct control_error *error);

#endif
