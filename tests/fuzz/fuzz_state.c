/* SPDX-License-Identifier: MIT */

/* State files: a text that is accepted is exactly what would be written for the state read. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/state_file/state_text.h"

#define SERIAL "VODD00000001"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[STATE_TEXT_MAX], written[STATE_TEXT_MAX];
    struct drive_nonvolatile state;

    if (size >= sizeof(text))
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    if (!state_text_read("fuzz.state", text, SERIAL, &state, NULL))
        return 0;
    state_text_write(written, SERIAL, &state);
    if (strcmp(text, written) != 0 || !region_state_is_valid(&state.region))
        abort();
    return 0;
}
