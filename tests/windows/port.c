/* SPDX-License-Identifier: MIT */
#include "tests/windows/port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 1000000000ull

enum {
    SAM_GOOD = 0x00,
    SAM_CHECK_CONDITION = 0x02,
    SAM_BUSY = 0x08,
    SAM_RESERVATION_CONFLICT = 0x18,
};

/* Written down for a command that nothing came back for. */
#define PORT_NO_STATUS 0xFF

static const struct port_kind kinds[] = {
    {"ahci",   PORT_SHORT_IS_REDUCED_LENGTH,            131072, NT_INVALID_DEVICE_REQUEST},
    {"usb",    PORT_SHORT_IS_OVERRUN,                   65536,  NT_NOT_SUPPORTED         },
    {"virtio", PORT_SHORT_IS_OVERRUN_BUT_EMPTY_IS_FULL, 131072, NT_INVALID_DEVICE_REQUEST},
    {"atapi",  PORT_SHORT_IS_OVERRUN,                   131072, NT_INVALID_DEVICE_REQUEST},
};

const struct port_kind *port_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

void port_init(struct port *port, struct transport *transport, const struct port_kind *kind)
{
    *port = (struct port){.transport = transport, .kind = kind, .waits = true};
}

void port_forget(struct port *port)
{
    for (size_t i = 0; i < port->count; i++) {
        free(port->exchanges[i].data_in);
        free(port->exchanges[i].data_out);
    }
    free(port->exchanges);
    port->exchanges = NULL;
    port->count = 0;
}

void port_release(struct port *port)
{
    port_forget(port);
}

static uint8_t *copy(const uint8_t *data, size_t length)
{
    uint8_t *result = malloc(length + 1);

    if (!result)
        abort();
    if (length > 0)
        memcpy(result, data, length);
    return result;
}

static void write_down(struct port *port, const struct transport_command *command,
                       const struct transport_answer *answer)
{
    struct port_exchange *grown =
        realloc(port->exchanges, (port->count + 1) * sizeof *port->exchanges);

    if (!grown)
        abort();
    port->exchanges = grown;
    grown += port->count++;
    *grown = (struct port_exchange){
        .at = port->clock,
        .cdb_length = command->cdb_length,
        .data_out = copy(command->data_out, command->data_out_length),
        .data_out_length = command->data_out_length,
        .data_in = copy(answer->data, answer->length),
        .data_in_length = answer->length,
        .status = answer->status,
    };
    memcpy(grown->cdb, command->cdb, sizeof grown->cdb);
    memcpy(grown->sense, answer->sense, sizeof grown->sense);
}

static enum port_outcome judge_length(const struct port *port, const struct port_request *request,
                                      struct port_result *result)
{
    if (request->direction != PORT_DATA_IN || result->transferred == request->length ||
        port->kind->short_transfer == PORT_SHORT_IS_REDUCED_LENGTH)
        return PORT_SUCCESS;
    if (result->transferred == 0 &&
        port->kind->short_transfer == PORT_SHORT_IS_OVERRUN_BUT_EMPTY_IS_FULL) {
        result->transferred = request->length;
        return PORT_SUCCESS;
    }
    return PORT_OVERRUN;
}

static enum port_outcome judge(const struct port *port, const struct port_request *request,
                               const struct transport_answer *answer, struct port_result *result)
{
    if (answer->length > request->length)
        return PORT_OVERRUN;
    switch (answer->status) {
    case SAM_GOOD:
        return judge_length(port, request, result);
    case SAM_BUSY:
        return PORT_BUSY;
    case SAM_RESERVATION_CONFLICT:
        return PORT_RESERVATION_CONFLICT;
    default:
        return PORT_CHECK_CONDITION;
    }
}

/* A command that takes too long, for ever perhaps, ends with a reset of the device. */
static bool runs_out(struct port *port, const struct port_request *request,
                     const struct transport_answer *answer)
{
    uint64_t limit = request->timeout * SECOND;
    bool late = answer->delay > limit || answer->delivery != DRIVE_DELIVERY_NORMAL;

    port->clock += late ? limit : answer->delay;
    if (late && port->transport->reset)
        port->transport->reset(port->transport, DRIVE_RESET_HARD);
    return late;
}

void port_execute(struct port *port, const struct port_request *request, struct port_result *result)
{
    static struct transport_answer answer;
    struct transport_command command = {.cdb_length = request->cdb_length};

    memcpy(command.cdb, request->cdb, sizeof command.cdb);
    if (request->direction == PORT_DATA_OUT) {
        command.data_out = request->data;
        command.data_out_length = request->length;
    }
    answer.delay = 0;
    port->transport->execute(port->transport, 1, &command, &answer);
    if (answer.delivery != DRIVE_DELIVERY_NORMAL) {
        answer.status = PORT_NO_STATUS;
        answer.length = 0;
    }
    if (*answer.fault && !*port->fault)
        snprintf(port->fault, sizeof port->fault, "%s", answer.fault);
    write_down(port, &command, &answer);

    memset(result, 0, sizeof *result);
    memcpy(result->sense, answer.sense, sizeof result->sense);
    if (request->direction == PORT_DATA_IN) {
        result->transferred = answer.length < request->length ? answer.length : request->length;
        memcpy(request->data, answer.data, result->transferred);
    } else if (answer.status == SAM_GOOD) {
        result->transferred = request->length;
    }
    if (answer.delivery == DRIVE_DELIVERY_UNPLUGGED)
        result->outcome = PORT_NO_DEVICE;
    else if (runs_out(port, request, &answer))
        result->outcome = PORT_TIMEOUT;
    else
        result->outcome = judge(port, request, &answer, result);
}

void port_wait(struct port *port, uint64_t nanoseconds)
{
    port->clock += nanoseconds;
    if (port->waits && port->transport->wait)
        port->transport->wait(port->transport, nanoseconds);
}
