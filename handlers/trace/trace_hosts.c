/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_hosts.h"

#include <search.h>
#include <stdlib.h>

/* A node of the C library's tree. */
struct host {
    unsigned nexus;
    max_align_t kept[];
};

static int compare(const void *a, const void *b)
{
    unsigned first = ((const struct host *)a)->nexus, second = ((const struct host *)b)->nexus;

    return (first > second) - (first < second);
}

void *trace_hosts_find(const struct trace_hosts *hosts, unsigned nexus)
{
    const struct host key = {.nexus = nexus};
    struct host **found = tfind(&key, &hosts->tree, compare);

    return found ? (*found)->kept : NULL;
}

void *trace_hosts_add(struct trace_hosts *hosts, unsigned nexus, size_t size)
{
    void *kept = trace_hosts_find(hosts, nexus);
    struct host *host = kept ? NULL : calloc(1, sizeof(*host) + size);

    if (!host)
        return kept;
    host->nexus = nexus;
    if (!tsearch(host, &hosts->tree, compare)) {
        free(host);
        return NULL;
    }
    hosts->count++;
    return host->kept;
}

struct visitor {
    void (*visit)(void *kept, void *context);
    void *context;
};

static void visit_node(const void *node, VISIT order, void *visitor)
{
    const struct visitor *given = visitor;

    if (order == postorder || order == leaf)
        given->visit((*(struct host *const *)node)->kept, given->context);
}

void trace_hosts_each(const struct trace_hosts *hosts, void (*visit)(void *kept, void *context),
                      void *context)
{
    struct visitor visitor = {visit, context};

    twalk_r(hosts->tree, visit_node, &visitor);
}

void trace_hosts_release(struct trace_hosts *hosts)
{
    tdestroy(hosts->tree, free);
    *hosts = (struct trace_hosts){0};
}
