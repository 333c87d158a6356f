/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CAPTURE_CAPTURE_H
#define HANDLERS_CAPTURE_CAPTURE_H

/*
 * Commands as packets of the USB mass storage class, bulk-only transport, for Wireshark: command
 * block wrapper, data, command status wrapper, preceded by the descriptors that tell it what device
 * this is.  The packets are made from the commands, whatever transport they came through; each host
 * (I_T nexus) is a device of its own.  The sense of a failed command and what happened to AGIDs
 * stand in the comment of its status.
 */

#include "handlers/system/output_file.h"
#include "handlers/trace/trace.h"
#include "media/diagnostics.h"

struct capture;

/*
 * Writes a capture to `output`, which is taken over, also when it fails; NULL, which has been
 * reported, is passed on.  The device is the drive of `header`, whose times say when the capture
 * begins.  NULL after reporting why not; `diagnostics` must outlive the capture.
 */
struct capture *capture_open(struct output_file *output, const struct trace_header *header,
                             struct diagnostics *diagnostics);

/* False when the command is lost, which is reported of the first one and at the end. */
bool capture_command(struct capture *capture, const struct trace_command *command);

/* Of the drive from now on: commands are captured as they are finished. */
struct capture *capture_drive(struct output_file *output, struct drive *drive,
                              struct diagnostics *diagnostics);

/* False when something was lost, which is reported.  NULL is allowed. */
bool capture_close(struct capture *capture);

#endif
