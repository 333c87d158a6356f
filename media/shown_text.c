/* SPDX-License-Identifier: MIT */
#include "media/shown_text.h"

#include <string.h>

#include "media/utf8.h"

/* The longest form of a character: four bytes of it. */
#define FORM_MAX (4 * 4)

#define PIECE_SIZE 4096

/* In their order (Unicode 15, general categories Cc, Zl, Zp and those of Cf that no script needs,
 * and noncharacters of the first plane). */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000,   0x001F    }, /* C0 */
    {0x007F,   0x009F    }, /* DEL, C1 */
    {0x061C,   0x061C    }, /* Arabic letter mark */
    {0x180E,   0x180E    },
    {0x200B,   0x200B    }, /* zero width space */
    {0x200E,   0x200F    }, /* marks of direction */
    {0x2028,   0x202E    }, /* line, paragraph; embeddings and overrides of direction */
    {0x2060,   0x206F    }, /* invisible operators, isolates, deprecated format characters */
    {0xFDD0,   0xFDEF    },
    {0xFEFF,   0xFEFF    }, /* byte order mark */
    {0xFFF9,   0xFFFB    }, /* interlinear annotations */
    {0xFFFE,   0xFFFF    },
    {0xE0000,  0xE007F   }, /* tags */
    {0x110000, UINT32_MAX}, /* no characters: UTF8_INVALID */
};

bool shown_text_is_hidden(uint32_t character)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
        if (character >= hidden[i].first && character <= hidden[i].last)
            return true;
    return false;
}

/* The form of the first character, up to FORM_MAX bytes and a NUL; returns its length, *step that
 * of the character. */
static size_t next_form(const char *text, size_t length, char *form, size_t *step)
{
    uint32_t character;
    size_t used = 0;

    *step = utf8_next(text, length, &character);
    if (!shown_text_is_hidden(character)) {
        memcpy(form, text, *step);
        return *step;
    }
    for (size_t i = 0; i < *step; i++, used += 4)
        snprintf(form + used, 5, "\\x%02X", (uint8_t)text[i]);
    return used;
}

/* With `end` behind it; in pieces, since standard error has no buffer. */
static void put_with_end(const char *text, const char *end, FILE *stream)
{
    size_t length = strlen(text), used = 0, step;
    char piece[PIECE_SIZE];

    for (; length > 0; text += step, length -= step) {
        if (used + FORM_MAX + 2 > sizeof(piece)) {
            fwrite(piece, 1, used, stream);
            used = 0;
        }
        used += next_form(text, length, piece + used, &step);
    }
    used += (size_t)sprintf(piece + used, "%s", end);
    fwrite(piece, 1, used, stream);
}

void shown_text_put(const char *text, FILE *stream)
{
    put_with_end(text, "", stream);
}

char *shown_text(const char *text, char *room, size_t size)
{
    size_t length = strlen(text), used = 0, step;
    char form[FORM_MAX + 1];

    for (; length > 0; text += step, length -= step) {
        size_t more = next_form(text, length, form, &step);
        if (used + more >= size)
            break;
        memcpy(room + used, form, more);
        used += more;
    }
    room[used] = 0;
    return room;
}

void shown_text_print_list(FILE *stream, const char *format, va_list arguments)
{
    size_t length = strlen(format);
    char text[SHOWN_TEXT_MAX];
    int size = vsnprintf(text, sizeof(text), format, arguments);
    bool is_line = length > 0 && format[length - 1] == '\n';

    if (is_line && size > 0 && (size_t)size < sizeof(text))
        text[size - 1] = 0;
    put_with_end(text, is_line ? "\n" : "", stream);
}

void shown_text_print(FILE *stream, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    shown_text_print_list(stream, format, arguments);
    va_end(arguments);
}
