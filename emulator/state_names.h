/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_STATE_NAMES_H
#define EMULATOR_STATE_NAMES_H

/*
 * What the states of a drive are called wherever people and programs read of them: the control
 * protocol, traces, reports.
 */

#include "emulator/observer.h"

#define DRIVE_MEDIUM_STATES (DRIVE_MEDIUM_UNUSABLE + 1)
#define CSS_AUTH_STATES     (CSS_AUTH_AUTHENTICATED + 1)
#define DRIVE_RESETS        (DRIVE_RESET_LOGICAL_UNIT + 1)

extern const char *const drive_medium_state_names[DRIVE_MEDIUM_STATES];
extern const char *const css_auth_state_names[CSS_AUTH_STATES];
extern const char *const drive_reset_names[DRIVE_RESETS];

#endif
