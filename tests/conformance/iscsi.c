/* SPDX-License-Identifier: MIT */

/*
 * A drive behind tcmu-runner and LIO, with libiscsi as initiator.  A new drive is a new
 * configuration string of the same LUN.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

#include "tests/conformance/iscsi_excuses.h"
#include "tests/conformance/target_link.h"
#include "tests/conformance/texts.h"
#include "tests/conformance/transport.h"

#define INITIATOR "iqn.2003-01.org.example:conformance"
#define TARGET    "iqn.2003-01.org.example:vodd"
#define ATTRIBUTE "/sys/kernel/config/target/core/user_0/conformance/attrib/dev_config"
#define PROFILE   "/run/conformance.drive"
#define CONTROL   "/run/conformance.control"

struct iscsi {
    struct transport transport;
    struct iscsi_context *context;
    struct target_link *link;
    const char *discs;
    unsigned drives; /* made so far that kept nothing of their predecessor */
};

static bool write_profile(struct iscsi *self, const struct drive_profile *profile)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return false;
    text_profile(stream, profile);
    bool good = fclose(stream) == 0 && target_link_write(self->link, PROFILE, text, size);
    free(text);
    return good;
}

static bool renew(struct transport *transport, const struct drive_profile *profile,
                  bool keep_nonvolatile)
{
    struct iscsi *self = (struct iscsi *)transport;
    char configuration[256];
    const char *answer;

    if (!keep_nonvolatile)
        self->drives++;
    snprintf(configuration, sizeof configuration,
             "vodd/;drive=" PROFILE ";state=/run/conformance.%u.state;control=" CONTROL,
             self->drives);
    if (!write_profile(self, profile) ||
        !target_link_write(self->link, ATTRIBUTE, configuration, strlen(configuration)))
        return false;
    answer = target_link_ask(self->link, "renew");
    return answer && !strcmp(answer, "ok");
}

/* The LUN has one nexus for everybody. */
static bool attach(struct transport *transport, unsigned nexus, bool autosense)
{
    (void)transport;
    return nexus == 1 && autosense;
}

static bool detach(struct transport *transport, unsigned nexus)
{
    (void)transport, (void)nexus;
    return false;
}

/* What an initiator has to know of a command that it sends. */
static struct scsi_task *make_task(const struct transport_command *request,
                                   struct transport_answer *answer, size_t *room)
{
    struct drive_data_phase phase = drive_data_phase(request->cdb, request->cdb_length);
    int direction = SCSI_XFER_NONE;
    /* libiscsi takes no pointers to constants. */
    static uint8_t data_out[TRANSPORT_DATA_MAX];
    uint8_t cdb[TRANSPORT_CDB_MAX];
    size_t length = 0;
    struct scsi_task *task;

    *room = 0;
    memcpy(cdb, request->cdb, sizeof cdb);
    if (request->data_out_length > 0) {
        direction = SCSI_XFER_WRITE;
        length = request->data_out_length;
        memcpy(data_out, request->data_out, length);
    } else if (phase.direction == DRIVE_DIRECTION_IN && phase.length > 0) {
        direction = SCSI_XFER_READ;
        length = phase.length < TRANSPORT_DATA_MAX ? phase.length : TRANSPORT_DATA_MAX;
        *room = length;
    }
    task = scsi_create_task(request->cdb_length, cdb, direction, (int)length);
    if (task && direction == SCSI_XFER_READ)
        scsi_task_add_data_in_buffer(task, (int)length, answer->data);
    if (task && direction == SCSI_XFER_WRITE)
        scsi_task_add_data_out_buffer(task, (int)length, data_out);
    return task;
}

static void take_sense(const struct scsi_task *task, struct transport_answer *answer)
{
    /* libiscsi leaves the sense data, behind their length, where data in would be. */
    int size = task->datain.size - 2;

    if (size > (int)sizeof answer->sense)
        size = (int)sizeof answer->sense;
    if (task->status == SCSI_STATUS_CHECK_CONDITION && size > 0)
        memcpy(answer->sense, task->datain.data + 2, (size_t)size);
}

static void execute(struct transport *transport, unsigned nexus,
                    const struct transport_command *request, struct transport_answer *answer)
{
    struct iscsi *self = (struct iscsi *)transport;
    size_t room;
    struct scsi_task *task = make_task(request, answer, &room);

    (void)nexus;
    memset(answer->sense, 0, sizeof answer->sense);
    answer->fault[0] = '\0';
    answer->length = 0;
    answer->delay = 0;
    answer->delivery = DRIVE_DELIVERY_NORMAL;
    answer->status = 0xFF;
    if (!task || !iscsi_scsi_command_sync(self->context, request->lun, task, NULL)) {
        snprintf(answer->fault, sizeof answer->fault, "%s", iscsi_get_error(self->context));
        return;
    }
    answer->status = (uint8_t)task->status;
    if (task->residual_status == SCSI_RESIDUAL_OVERFLOW)
        snprintf(answer->fault, sizeof answer->fault, "the target had more data than announced");
    if (task->residual_status == SCSI_RESIDUAL_UNDERFLOW && task->residual <= room)
        answer->length = room - task->residual;
    else if (task->status == SCSI_STATUS_GOOD)
        answer->length = room;
    take_sense(task, answer);
    scsi_free_scsi_task(task);
}

static bool wait_for(struct transport *transport, uint64_t nanoseconds)
{
    struct timespec time = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};

    (void)transport;
    return nanosleep(&time, NULL) == 0;
}

/* Returns the answer to a command of the control socket if it was executed. */
static const char *control(struct iscsi *self, const char *command, const char *arguments)
{
    const char *answer = target_link_ask(
        self->link, "control {\"execute\":\"%s\",\"arguments\":{%s}}", command, arguments);

    return answer && !strncmp(answer, "{\"return\"", 9) ? answer : NULL;
}

static bool insert(struct transport *transport, const char *disc)
{
    struct iscsi *self = (struct iscsi *)transport;
    char arguments[600] = "";

    if (disc)
        snprintf(arguments, sizeof arguments, "\"file\":\"%s/%s.disc\"", self->discs, disc);
    return control(self, "insert", arguments);
}

static bool eject(struct transport *transport, bool take_disc)
{
    return control((struct iscsi *)transport, "eject", take_disc ? "\"remove\":true" : "");
}

static bool press(struct transport *transport, bool *moved)
{
    const char *answer = control((struct iscsi *)transport, "press", "");

    *moved = answer && strstr(answer, "true");
    return answer;
}

static bool vendor_reset(struct transport *transport, bool *done)
{
    *done = control((struct iscsi *)transport, "region-reset", "");
    return true;
}

/* The settings become the members of a JSON object; they need no escapes. */
static bool fault_add(struct transport *transport, const char *name, const char *const *words,
                      size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return false;
    fprintf(stream, "\"name\":\"%s\",\"rule\":{", name);
    for (size_t i = 0; i < count; i++) {
        int key = (int)strcspn(words[i], "=");
        const char *value = words[i][key] ? words[i] + key + 1 : "";
        fprintf(stream, "%s\"%.*s\":\"%s\"", i > 0 ? "," : "", key, words[i], value);
    }
    fputc('}', stream);
    bool good = fclose(stream) == 0 && control((struct iscsi *)transport, "fault-add", text);
    free(text);
    return good;
}

static bool fault_clear(struct transport *transport)
{
    return control((struct iscsi *)transport, "fault-clear", "");
}

static void close_iscsi(struct transport *transport)
{
    struct iscsi *self = (struct iscsi *)transport;

    iscsi_logout_sync(self->context);
    iscsi_destroy_context(self->context);
    target_link_close(self->link);
    free(self);
}

/* Without libiscsi's own commands, which would take the unit attentions. */
static struct iscsi_context *log_in(const char *portal)
{
    struct iscsi_context *context = iscsi_create_context(INITIATOR);

    if (!context)
        return NULL;
    iscsi_set_targetname(context, TARGET);
    iscsi_set_session_type(context, ISCSI_SESSION_NORMAL);
    iscsi_set_header_digest(context, ISCSI_HEADER_DIGEST_NONE);
    iscsi_set_timeout(context, 60);
    if (iscsi_connect_sync(context, portal) == 0 && iscsi_login_sync(context) == 0)
        return context;
    fprintf(stderr, "%s: %s\n", portal, iscsi_get_error(context));
    iscsi_destroy_context(context);
    return NULL;
}

struct transport *transport_iscsi(const char *portal, const char *operator, const char * discs)
{
    struct iscsi *self = calloc(1, sizeof *self);

    if (!self)
        abort();
    self->transport = (struct transport){
        .real_time = true,
        .name = "iSCSI",
        .excuse = iscsi_excuse,
        .renew = renew,
        .attach = attach,
        .detach = detach,
        .execute = execute,
        .wait = wait_for,
        .insert = insert,
        .eject = eject,
        .press = press,
        .vendor_reset = vendor_reset,
        .fault_add = fault_add,
        .fault_clear = fault_clear,
        .close = close_iscsi,
    };
    self->discs = discs;
    self->link = target_link_open(operator);
    self->context = self->link ? log_in(portal) : NULL;
    if (self->context)
        return &self->transport;
    if (self->link)
        target_link_close(self->link);
    free(self);
    return NULL;
}
