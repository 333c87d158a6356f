/* SPDX-License-Identifier: MIT */
#include "emulator/state_names.h"

const char *const drive_medium_state_names[DRIVE_MEDIUM_STATES] = {
    [DRIVE_MEDIUM_TRAY_OPEN] = "tray-open",
    [DRIVE_MEDIUM_ABSENT] = "absent",
    [DRIVE_MEDIUM_BECOMING_READY] = "becoming-ready",
    [DRIVE_MEDIUM_READY] = "ready",
    [DRIVE_MEDIUM_UNUSABLE] = "unusable",
};

const char *const css_auth_state_names[CSS_AUTH_STATES] = {
    [CSS_AUTH_FREE] = "free",
    [CSS_AUTH_GRANTED] = "granted",
    [CSS_AUTH_HOST_CHALLENGE] = "host-challenge",
    [CSS_AUTH_KEY1] = "key1",
    [CSS_AUTH_DRIVE_CHALLENGE] = "drive-challenge",
    [CSS_AUTH_AUTHENTICATED] = "authenticated",
};

const char *const drive_reset_names[DRIVE_RESETS] = {
    [DRIVE_RESET_POWER_ON] = "power-on",
    [DRIVE_RESET_HARD] = "hard",
    [DRIVE_RESET_BUS] = "bus",
    [DRIVE_RESET_LOGICAL_UNIT] = "logical-unit",
};
