/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/lun_internal.h"

#include <signal.h>

#include <event2/thread.h>

#include "handlers/system/clock.h"

/* When the thread has something to do by itself. */
static uint64_t next_deadline(const struct lun *lun)
{
    uint64_t deadline = drive_deadline(lun->drive);

    return lun->first && lun_due(lun->first) < deadline ? lun_due(lun->first) : deadline;
}

static void arm(struct lun *lun)
{
    struct timeval wait;

    lun->armed = next_deadline(lun);
    if (lun->armed == CLOCK_NEVER) {
        event_del(lun->timer);
        return;
    }
    wait = clock_until(lun->armed, clock_now());
    event_add(lun->timer, &wait);
}

static void due(evutil_socket_t fd, short what, void *context)
{
    struct lun *lun = context;

    (void)fd, (void)what;
    pthread_mutex_lock(&lun->lock);
    if (lun->ending)
        event_base_loopbreak(lun->base);
    drive_advance(lun->drive, clock_now());
    lun_serve_queue(lun, false);
    arm(lun);
    pthread_mutex_unlock(&lun->lock);
}

void lun_thread_rearm(struct lun *lun)
{
    if (next_deadline(lun) < lun->armed)
        event_active(lun->wake, 0, 0);
}

bool lun_thread_prepare(struct lun *lun)
{
    struct event_config *config;

    if (evthread_use_pthreads() < 0)
        return false;
    config = event_config_new();
    /* Timers as fine as the mechanism's delays. */
    if (config) {
        event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
        lun->base = event_base_new_with_config(config);
        event_config_free(config);
    }
    if (!lun->base)
        return false;
    lun->timer = evtimer_new(lun->base, due, lun);
    lun->wake = event_new(lun->base, -1, 0, due, lun);
    return lun->timer && lun->wake;
}

static void *run(void *context)
{
    struct lun *lun = context;

    event_base_loop(lun->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

bool lun_thread_start(struct lun *lun)
{
    sigset_t all, before;

    lun->armed = CLOCK_NEVER;
    event_active(lun->wake, 0, 0);
    /* Signals are the process's own affair. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    lun->has_thread = pthread_create(&lun->thread, NULL, run, lun) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return lun->has_thread;
}

void lun_thread_stop(struct lun *lun)
{
    if (lun->has_thread) {
        pthread_mutex_lock(&lun->lock);
        lun->ending = true;
        event_active(lun->wake, 0, 0);
        pthread_mutex_unlock(&lun->lock);
        pthread_join(lun->thread, NULL);
        lun->has_thread = false;
    }
}
