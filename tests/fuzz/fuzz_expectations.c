/* SPDX-License-Identifier: MIT */

/* Files of expectations: any text; what is read is held against commands of every kind. */

#include <stdlib.h>
#include <string.h>

#include "emulator/command_table.h"
#include "handlers/expectations/expectations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *context, const char *text)
{
    (void)context, (void)text;
}

static void hold(struct expectations *expectations)
{
    static struct trace_command command;
    unsigned long line = 1;

    for (const struct command_row *row = command_table; row->name; row++)
        for (unsigned i = 0; i < 8; i++) {
            line++;
            command = (struct trace_command){
                .number = line,
                .time = line * 1000000,
                .nexus = i,
                .cdb_length = row->cdb_length,
                .has_state = i % 2,
                .status = i % 3 == 0 ? DRIVE_STATUS_CHECK_CONDITION : DRIVE_STATUS_GOOD,
                .before.agids = i % 5,
                .sense = {.key = 5, .asc = 0x6F, .ascq = (uint8_t)i}
            };
            command.cdb[0] = row->operation_code;
            command.cdb[7] = (uint8_t)i;
            command.cdb[10] = (uint8_t)(i << 6 | i);
            if (!expectations_command(expectations, &command, line))
                abort();
        }
    expectations_end(expectations);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnostics diagnostics = {.report = ignore};
    struct expectations expectations;
    char *text = malloc(size + 1);

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = 0;
    if (expectations_read("input", text, &expectations, &diagnostics)) {
        if (diagnostics.errors > 0 || expectations.count == 0)
            abort();
        hold(&expectations);
        expectations_release(&expectations);
    } else if (diagnostics.errors == 0 || expectations.count != 0) {
        abort();
    }
    free(text);
    return 0;
}
