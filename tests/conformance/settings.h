/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_SETTINGS_H
#define TESTS_CONFORMANCE_SETTINGS_H

/* The drive that a row asks for: "start css agids=2 region-gate=strict". */

#include "emulator/profile.h"

/*
 * The drive of a row without settings: default policies, identity VODD / "DVD-ROM MODEL 16" / 1.00,
 * serial number 123456789012, SCSI, 4 AGIDs, 16x, 512 KiB, no spin-up time, instant, CSS variant 13
 * and challenge 10h..19h (internal order) in every session.
 */
void conformance_profile(struct drive_profile *profile);

/* Applies "NAME=VALUE"; false when there is no such setting or value. */
bool conformance_setting(struct drive_profile *profile, const char *setting);

#endif
