/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_SYSTEM_H
#define TESTS_WINDOWS_DVDIOCTL_SYSTEM_H

/* The system that the program runs on, and its optical drives. */

#include "tests/host/transcript.h"
#include "tests/windows/dvdioctl/device.h"

/* Program, system and their versions, as comments. */
void system_say(struct transcript *transcript);

/* Every optical drive, its identity and whether it has a disc; a result for each. */
void system_list_drives(struct transcript *transcript);

/* The only optical drive's name into `name`.  Returns how many there are. */
unsigned system_only_drive(char name[DEVICE_NAME_SIZE]);

#endif
