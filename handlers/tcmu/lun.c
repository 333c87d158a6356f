/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/lun_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/system/clock.h"
#include "handlers/system/drive_files.h"

static bool make_trace(struct lun *lun, const char *path, struct diagnostics *diagnostics)
{
    /* A pipe would be written on the thread of tcmu-runner, which serves all LUNs. */
    const struct output_terms terms = {.kind = OUTPUT_TRACE, .files = &lun->files};

    if (!path)
        return true;
    lun->trace = trace_file_open(output_file_open(path, &terms, diagnostics), lun->drive,
                                 TRACE_MEDIUM_BYTES_DEFAULT, diagnostics);
    return lun->trace;
}

static bool make_drive(struct lun *lun, const struct cfgstring *cfgstring,
                       struct diagnostics *diagnostics)
{
    struct drive_environment environment = {0};
    struct drive_nonvolatile state;
    /* What identifies the drive, not what lies in it: a state file belongs to one serial number. */
    const char *identity = cfgstring->state ? cfgstring->state : lun->name;

    if (!drive_files_load_profile(cfgstring->drive, identity, &lun->profile, diagnostics) ||
        !drive_files_note_profile(&lun->files, cfgstring->drive, diagnostics) ||
        (cfgstring->state && !state_file_note(cfgstring->state, &lun->files, diagnostics)))
        return false;
    if (cfgstring->state) {
        lun->state_file = state_file_open(cfgstring->state, &lun->profile, &state, diagnostics);
        if (!lun->state_file)
            return false;
        environment.store = state_file_store;
        environment.context = lun->state_file;
    }
    lun->drive =
        drive_create(&lun->profile, cfgstring->state ? &state : NULL, &environment, clock_now());
    if (lun->drive)
        lun->nexus = drive_nexus_attach(lun->drive, true);
    if (lun->nexus)
        lun->medium_log = medium_log_create(lun->drive, diagnostics);
    if (!lun->medium_log)
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
    return lun->medium_log && make_trace(lun, cfgstring->trace, diagnostics);
}

static bool insert_disc(struct lun *lun, const char *fixture, struct diagnostics *diagnostics)
{
    struct disc_description description;
    struct disc *disc;

    if (!fixture)
        return true;
    if (!run_files_note(&lun->files, RUN_FILE_NEXT_DISC, fixture, diagnostics) ||
        !drive_files_load_fixture(fixture, &description, diagnostics))
        return false;
    disc = drive_files_note_image(&lun->files, &description, diagnostics)
               ? disc_create(&description, diagnostics)
               : NULL;
    disc_description_release(&description);
    run_files_exchange_disc(&lun->files, disc != NULL);
    if (!disc)
        return false;
    bool inserted = drive_insert(lun->drive, disc, clock_now());
    disc_release(disc);
    if (!inserted)
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
    return inserted;
}

/* Clients of the control socket get it as JSON, which takes no text of unknown coding. */
static void take_name(struct lun *lun, const char *name)
{
    snprintf(lun->name, sizeof(lun->name), "%s", name);
    for (char *c = lun->name; *c; c++)
        if (*c & 0x80)
            *c = '?';
}

static bool is_connected(void *context)
{
    (void)context;
    return true;
}

static void take_lock(void *context)
{
    pthread_mutex_lock(&((struct lun *)context)->lock);
}

static void give_lock(void *context)
{
    struct lun *lun = context;

    lun_thread_rearm(lun);
    pthread_mutex_unlock(&lun->lock);
}

static bool make_control(struct lun *lun, const char *path, struct diagnostics *diagnostics)
{
    if (!path)
        return true;
    if (!unix_socket_listen(&lun->control_socket, path, diagnostics))
        return false;
    lun->control_server = (struct control_server){
        .name = lun->name,
        .is_connected = is_connected,
        .lock = take_lock,
        .unlock = give_lock,
        .files = &lun->files,
        .context = lun,
    };
    lun->control =
        control_create(lun->base, lun->control_socket.fd, lun->drive, &lun->control_server);
    if (!lun->control)
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
    return lun->control;
}

struct lun *lun_open(const struct cfgstring *cfgstring, const char *name,
                     struct diagnostics *diagnostics)
{
    struct lun *lun = calloc(1, sizeof(*lun));

    if (!lun) {
        diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
        return NULL;
    }
    take_name(lun, name);
    lun->control_socket.fd = -1;
    lun->last = &lun->first;
    lun->has_lock = pthread_mutex_init(&lun->lock, NULL) == 0;
    if (lun->has_lock && make_drive(lun, cfgstring, diagnostics) &&
        insert_disc(lun, cfgstring->fixture, diagnostics)) {
        if (!lun_thread_prepare(lun))
            diagnostics_error(diagnostics, "the drive's event loop cannot be made");
        else if (!make_control(lun, cfgstring->control, diagnostics))
            ;
        else if (!lun_thread_start(lun))
            diagnostics_error(diagnostics, "the drive's thread cannot be made");
        else
            return lun;
    }
    lun_close(lun);
    return NULL;
}

void lun_close(struct lun *lun)
{
    if (!lun)
        return;
    lun_thread_stop(lun);
    if (lun->drive)
        lun_serve_queue(lun, true);
    control_destroy(lun->control);
    unix_socket_close(&lun->control_socket);
    trace_file_close(lun->trace);
    medium_log_destroy(lun->medium_log);
    if (lun->nexus)
        drive_nexus_detach(lun->nexus);
    if (lun->drive)
        drive_destroy(lun->drive);
    drive_profile_release(&lun->profile);
    state_file_close(lun->state_file);
    run_files_release(&lun->files);
    if (lun->timer)
        event_free(lun->timer);
    if (lun->wake)
        event_free(lun->wake);
    if (lun->base)
        event_base_free(lun->base);
    if (lun->has_lock)
        pthread_mutex_destroy(&lun->lock);
    free(lun);
}
