/* SPDX-License-Identifier: MIT */
#include "handlers/control/disc_making.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "handlers/text/json_text.h"

struct disc_making {
    atomic_uint references; /* of who asked for it, and of the thread */
    int fd;                 /* an eventfd */
    char *file;
    struct disc_options options;
    /* The thread's until it is done. */
    struct disc *disc;
    struct run_files files; /* what the disc is made of */
    json_t *messages;
};

static void gather(void *context, const char *text)
{
    struct disc_making *making = context;

    json_array_append_new(making->messages, json_text(text));
}

static void *make(void *context)
{
    struct disc_making *making = context;
    struct diagnostics diagnostics = {.report = gather, .context = making};

    making->disc = disc_options_make(&making->options, making->file, &making->files, &diagnostics);
    eventfd_write(making->fd, 1);
    disc_making_release(making);
    return NULL;
}

/* Signals are for the thread that has the event loop. */
static bool start_thread(struct disc_making *making)
{
    sigset_t all, before;
    pthread_t thread;
    int fault;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    fault = pthread_create(&thread, NULL, make, making);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (fault == 0)
        pthread_detach(thread);
    errno = fault;
    return fault == 0;
}

struct disc_making *disc_making_start(const char *file, struct disc_options *options)
{
    struct disc_making *making = calloc(1, sizeof(*making));

    if (!making) {
        disc_options_release(options);
        return NULL;
    }
    atomic_init(&making->references, 2);
    making->options = *options;
    *options = (struct disc_options){0};
    making->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    making->file = strdup(file);
    making->messages = json_array();
    if (making->fd >= 0 && making->file && making->messages && start_thread(making))
        return making;
    int fault = errno ? errno : ENOMEM;
    atomic_store(&making->references, 1);
    disc_making_release(making);
    errno = fault;
    return NULL;
}

int disc_making_fd(const struct disc_making *making)
{
    return making->fd;
}

struct disc *disc_making_take(struct disc_making *making, struct run_files *files,
                              json_t **messages)
{
    struct disc *disc = making->disc;

    *files = making->files;
    making->files = (struct run_files){0};
    *messages = making->messages;
    making->disc = NULL;
    making->messages = NULL;
    return disc;
}

void disc_making_release(struct disc_making *making)
{
    if (!making || atomic_fetch_sub(&making->references, 1) > 1)
        return;
    if (making->fd >= 0)
        close(making->fd);
    disc_options_release(&making->options);
    disc_release(making->disc);
    run_files_release(&making->files);
    json_decref(making->messages);
    free(making->file);
    free(making);
}
