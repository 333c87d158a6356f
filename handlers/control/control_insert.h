/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_INSERT_H
#define HANDLERS_CONTROL_CONTROL_INSERT_H

#include "handlers/control/control_internal.h"

/*
 * The command "insert".  With a disc to make the answer comes later, when it has been made and put
 * in; until then a second one is refused.
 */
json_t *control_insert(struct control *control, json_t *arguments, struct control_error *error);

/* The client is gone: nobody is answered. */
void control_insert_forget(struct control *control, const struct control_client *client);

/* Gives up a disc that is being made.  May be called at any time. */
void control_insert_end(struct control *control);

#endif
