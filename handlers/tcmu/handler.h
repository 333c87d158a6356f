/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_HANDLER_H
#define HANDLERS_TCMU_HANDLER_H

/*
 * What tcmu-runner looks for in handler_vodd.so: registers the handler, 0 if that worked.
 */
int handler_init(void);

#endif
