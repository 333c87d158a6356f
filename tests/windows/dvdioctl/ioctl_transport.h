/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_IOCTL_TRANSPORT_H
#define TESTS_WINDOWS_DVDIOCTL_IOCTL_TRANSPORT_H

/* The host's requests (tests/host/css_host.h) as IOCTL_DVD_*. */

#include "tests/host/transport.h"
#include "tests/windows/dvdioctl/requests.h"

struct ioctl_transport {
    struct host_transport transport; /* refusal.error is the Win32 error */
    struct device *device;
};

/* Fills everything; both stay in place while it is used. */
void ioctl_transport_init(struct ioctl_transport *transport, struct device *device);

#endif
