/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_HOSTS_H
#define HANDLERS_TRACE_TRACE_HOSTS_H

/*
 * What an instrument keeps of each host of a trace, by the number of its I_T nexus.  The numbers
 * are any: a drive counts on with each host that comes, and a file may say what it likes.  The
 * memory grows with the hosts.
 */

#include <stddef.h>

/* All zero: none. */
struct trace_hosts {
    void *tree;
    unsigned count; /* hosts that are kept */
};

/* What is kept of this host; NULL: nothing. */
void *trace_hosts_find(const struct trace_hosts *hosts, unsigned nexus);
/*
 * The same; of a host that is new, `size` bytes of zeros, which live until the release.  `size` is
 * the same in all calls.  NULL when memory is short.
 */
void *trace_hosts_add(struct trace_hosts *hosts, unsigned nexus, size_t size);
/* Calls `visit` with what is kept of each, by their numbers. */
void trace_hosts_each(const struct trace_hosts *hosts, void (*visit)(void *kept, void *context),
                      void *context);
void trace_hosts_release(struct trace_hosts *hosts);

#endif
