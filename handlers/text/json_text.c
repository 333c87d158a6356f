/* SPDX-License-Identifier: MIT */
#include "handlers/text/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "media/utf8.h"

#define REPLACEMENT_SIZE (sizeof(UTF8_REPLACEMENT) - 1)

json_t *json_text_sized(const char *text, size_t length)
{
    char *copy = malloc(REPLACEMENT_SIZE * length + 1);
    size_t used = 0, step;
    json_t *string;

    if (!copy)
        return NULL;
    for (; length > 0; text += step, length -= step) {
        uint32_t character;
        step = utf8_next(text, length, &character);
        if (character == UTF8_INVALID || character == 0) {
            memcpy(copy + used, UTF8_REPLACEMENT, REPLACEMENT_SIZE);
            used += REPLACEMENT_SIZE;
        } else {
            memcpy(copy + used, text, step);
            used += step;
        }
    }
    string = json_stringn_nocheck(copy, used);
    free(copy);
    return string;
}

json_t *json_text(const char *text)
{
    return json_text_sized(text, strlen(text));
}

/* jansson leaves DEL as it is. */
static int write_piece(const char *text, size_t size, void *context)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == 0x7F ? fputs("\\u007F", context) == EOF : putc(text[i], context) == EOF)
            return -1;
    return 0;
}

bool json_text_write(json_t *value, FILE *stream, size_t flags)
{
    bool written =
        value && json_dump_callback(value, write_piece, stream, flags | JSON_ENSURE_ASCII) == 0;

    json_decref(value);
    return putc('\n', stream) != EOF && written;
}
