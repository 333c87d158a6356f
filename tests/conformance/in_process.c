/* SPDX-License-Identifier: MIT */

/*
 * The shortest way to a drive: calls.  Time is a number that only waiting and the delays of the
 * drive's own mechanism move.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/fault.h"
#include "tests/conformance/discs.h"
#include "tests/conformance/transport.h"

struct in_process {
    struct transport transport;
    bool in_pieces;
    struct drive *drive;
    struct drive_nexus *nexus[TRANSPORT_NEXUS_MAX + 1];
    uint64_t now;
    struct drive_nonvolatile stored;
    bool has_stored;
    bool storage_broken;
    struct {
        size_t bytes;
        void (*act)(void *context); /* NULL: no interruption */
        void *context;
    } interruption;
};

static bool store(void *context, const struct drive_nonvolatile *state)
{
    struct in_process *self = context;

    if (self->storage_broken)
        return false;
    self->stored = *state;
    self->has_stored = true;
    return true;
}

static void end_drive(struct in_process *self)
{
    for (unsigned i = 1; i <= TRANSPORT_NEXUS_MAX; i++) {
        if (self->nexus[i])
            drive_nexus_detach(self->nexus[i]);
        self->nexus[i] = NULL;
    }
    if (self->drive)
        drive_destroy(self->drive);
    self->drive = NULL;
}

static bool renew(struct transport *transport, const struct drive_profile *profile,
                  bool keep_nonvolatile)
{
    struct in_process *self = (struct in_process *)transport;
    struct drive_environment environment = {.store = store, .context = self};

    end_drive(self);
    self->storage_broken = false;
    self->interruption.act = NULL;
    if (!keep_nonvolatile)
        self->has_stored = false;
    /* A drive may be switched on at any time of its clock. */
    self->now += 1000000007;
    self->drive =
        drive_create(profile, self->has_stored ? &self->stored : NULL, &environment, self->now);
    return self->drive != NULL;
}

static bool attach(struct transport *transport, unsigned nexus, bool autosense)
{
    struct in_process *self = (struct in_process *)transport;

    self->nexus[nexus] = drive_nexus_attach(self->drive, autosense);
    return self->nexus[nexus] != NULL;
}

static bool detach(struct transport *transport, unsigned nexus)
{
    struct in_process *self = (struct in_process *)transport;

    drive_nexus_detach(self->nexus[nexus]);
    self->nexus[nexus] = NULL;
    return true;
}

/* The invalidation of an AGID by REPORT KEY, and MAINTENANCE IN, which has the code of SEND KEY. */
static bool never_has_data(const uint8_t *cdb)
{
    return (cdb[0] == 0xA4 && (cdb[10] & 0x3F) == 0x3F) || (cdb[0] == 0xA3 && (cdb[1] & 0x1F) != 0);
}

/* What the drive's header promises of every command, checked on the side. */
static void judge(const struct drive_command *command, struct transport_answer *answer)
{
    struct drive_data_phase phase = drive_data_phase(command->cdb, command->cdb_length);
    const char *fault = NULL;

    if (!command->done)
        fault = "the command is not done";
    else if (command->data_in_done != answer->length)
        fault = "data_in_done is not what was moved";
    else if (command->data_in_done > command->data_in_length)
        fault = "more data than data_in_length announced";
    else if (command->status == DRIVE_STATUS_GOOD &&
             command->data_in_done != command->data_in_length)
        fault = "GOOD with less data than data_in_length announced";
    else if (answer->length > 0 && phase.direction != DRIVE_DIRECTION_IN)
        fault = "data in, but drive_data_phase() denies it";
    else if (answer->length > phase.length)
        fault = "more data than drive_data_phase() allows";
    else if (command->status == DRIVE_STATUS_GOOD && command->data_out_length > 0 &&
             (phase.direction != DRIVE_DIRECTION_OUT || phase.length != command->data_out_length))
        fault = "a parameter list was taken that drive_data_phase() does not announce";
    else if (never_has_data(command->cdb) && phase.length != 0)
        fault = "drive_data_phase() announces data where none ever are";
    if (fault)
        snprintf(answer->fault, sizeof answer->fault, "%s", fault);
}

/* Takes the data in pieces, three to a call: mostly small ones, now and then several sectors. */
static void take_pieces(struct in_process *self, struct drive_command *command,
                        struct transport_answer *answer)
{
    unsigned turn = 0;

    while (!command->done) {
        size_t room = TRANSPORT_DATA_MAX - answer->length;
        bool large = turn % 4 == 3;
        size_t size[3] = {1 + turn % 3, large ? 4196 : 13 + turn * 89 % 499, large ? 5000 : 37};
        struct iovec iov[3];
        size_t wanted = 0;

        for (unsigned i = 0; i < 3; i++) {
            if (size[i] > room - wanted)
                size[i] = room - wanted;
            iov[i] = (struct iovec){answer->data + answer->length + wanted, size[i]};
            wanted += size[i];
        }
        size_t moved = drive_data_in(self->drive, command, iov, 3);
        answer->length += moved;
        if (!command->done && (moved != wanted || wanted == 0)) {
            snprintf(answer->fault, sizeof answer->fault,
                     "drive_data_in() moved %zu of %zu bytes but is not done", moved, wanted);
            return;
        }
        turn++;
    }
}

static bool interrupt(struct transport *transport, size_t bytes, void (*act)(void *context),
                      void *context)
{
    struct in_process *self = (struct in_process *)transport;

    self->interruption.bytes = bytes;
    self->interruption.act = act;
    self->interruption.context = context;
    return true;
}

/* The data up to the interruption, and what happens there. */
static void take_until_interruption(struct in_process *self, struct drive_command *command,
                                    struct transport_answer *answer)
{
    struct iovec iov = {answer->data, self->interruption.bytes};

    if (!command->done)
        answer->length = drive_data_in(self->drive, command, &iov, 1);
    self->interruption.act(self->interruption.context);
    self->interruption.act = NULL;
}

/*
 * What a fault rule leaves the host waiting for.  The host gives up; a drive that lost its power
 * comes back with what it had stored, and all its initiators with it.
 */
static void give_up(struct in_process *self, struct drive_command *command,
                    struct transport_answer *answer)
{
    struct drive_profile profile = *drive_profile(self->drive);
    bool attached[TRANSPORT_NEXUS_MAX + 1];

    answer->delivery = command->delivery;
    drive_finish(self->drive, command, self->now);
    if (command->delivery != DRIVE_DELIVERY_POWER_LOSS)
        return;
    for (unsigned i = 1; i <= TRANSPORT_NEXUS_MAX; i++)
        attached[i] = self->nexus[i] != NULL;
    if (!renew(&self->transport, &profile, true))
        abort();
    for (unsigned i = 1; i <= TRANSPORT_NEXUS_MAX; i++)
        if (attached[i] && !attach(&self->transport, i, true))
            abort();
}

static void execute(struct transport *transport, unsigned nexus,
                    const struct transport_command *request, struct transport_answer *answer)
{
    struct in_process *self = (struct in_process *)transport;
    static struct drive_command command;

    memset(&command, 0, sizeof command);
    command.nexus = self->nexus[nexus];
    command.lun = request->lun;
    memcpy(command.cdb, request->cdb, request->cdb_length);
    command.cdb_length = request->cdb_length;
    command.data_out = request->data_out;
    command.data_out_length = request->data_out_length;
    answer->fault[0] = '\0';
    answer->length = 0;
    answer->delivery = DRIVE_DELIVERY_NORMAL;

    drive_begin(self->drive, &command, self->now);
    self->now += command.delay;
    answer->delay = command.delay;
    if (command.delivery != DRIVE_DELIVERY_NORMAL) {
        give_up(self, &command, answer);
        return;
    }
    if (self->interruption.act)
        take_until_interruption(self, &command, answer);
    if (self->in_pieces) {
        take_pieces(self, &command, answer);
    } else if (!command.done) {
        struct iovec iov = {answer->data + answer->length, TRANSPORT_DATA_MAX - answer->length};
        answer->length += drive_data_in(self->drive, &command, &iov, 1);
    }
    /* A rule may have broken these promises. */
    if (!*answer->fault && !command.private_part.fault)
        judge(&command, answer);
    drive_finish(self->drive, &command, self->now);
    answer->status = (uint8_t)command.status;
    memcpy(answer->sense, command.sense, sizeof answer->sense);
}

static bool wait_for(struct transport *transport, uint64_t nanoseconds)
{
    struct in_process *self = (struct in_process *)transport;

    self->now += nanoseconds;
    /* Whoever uses the drive next brings the time along as well. */
    if (!self->in_pieces)
        drive_advance(self->drive, self->now);
    return true;
}

static bool insert(struct transport *transport, const char *name)
{
    struct in_process *self = (struct in_process *)transport;
    struct disc *disc = name ? discs_get(name) : NULL;

    if (name && !disc)
        return false;
    drive_insert(self->drive, disc, self->now);
    disc_release(disc);
    return true;
}

static bool eject(struct transport *transport, bool take_disc)
{
    struct in_process *self = (struct in_process *)transport;

    drive_eject(self->drive, take_disc, self->now);
    return true;
}

static bool press(struct transport *transport, bool *moved)
{
    struct in_process *self = (struct in_process *)transport;

    *moved = drive_press_eject_button(self->drive, self->now);
    return true;
}

static bool reset(struct transport *transport, enum drive_reset kind)
{
    struct in_process *self = (struct in_process *)transport;

    drive_reset(self->drive, kind, self->now);
    return true;
}

static bool vendor_reset(struct transport *transport, bool *done)
{
    struct in_process *self = (struct in_process *)transport;

    *done = drive_vendor_reset(self->drive);
    return true;
}

static bool storage_works(struct transport *transport, bool works)
{
    struct in_process *self = (struct in_process *)transport;

    self->storage_broken = !works;
    return true;
}

static bool fault_add(struct transport *transport, const char *name, const char *const *words,
                      size_t count)
{
    struct in_process *self = (struct in_process *)transport;
    static struct fault_rule rule;
    struct diagnostics diagnostics;

    diagnostics_to_stderr(&diagnostics);
    if (!fault_rule_parse(name, words, count, &rule, &diagnostics))
        return false;
    bool added = drive_fault_add(self->drive, &rule) == FAULT_ADDED;
    fault_rule_release(&rule);
    return added;
}

static bool fault_clear(struct transport *transport)
{
    drive_fault_clear(((struct in_process *)transport)->drive);
    return true;
}

static void close_in_process(struct transport *transport)
{
    struct in_process *self = (struct in_process *)transport;

    end_drive(self);
    free(self);
}

static struct transport *create(const char *name, bool in_pieces)
{
    struct in_process *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    self->transport = (struct transport){
        .name = name,
        .renew = renew,
        .attach = attach,
        .detach = detach,
        .execute = execute,
        .interrupt = interrupt,
        .wait = wait_for,
        .insert = insert,
        .eject = eject,
        .press = press,
        .reset = reset,
        .vendor_reset = vendor_reset,
        .storage_works = storage_works,
        .fault_add = fault_add,
        .fault_clear = fault_clear,
        .close = close_in_process,
    };
    self->in_pieces = in_pieces;
    return &self->transport;
}

struct transport *transport_in_process(void)
{
    return create("in process", false);
}

struct transport *transport_in_process_in_pieces(void)
{
    return create("in process, in pieces", true);
}
