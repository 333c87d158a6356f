/* SPDX-License-Identifier: MIT */
#include "media/shown_text.h"

#include <string.h>

#include "media/utf8.h"

/* The longest form of a character: four bytes of it. */
#define FORM_MAX (4 * 4)

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

/* The form of the first character; returns its length, *step that of the character. */
static size_t next_form(const char *text, size_t length, char form[FORM_MAX + 1], size_t *step)
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

void shown_text_put(const char *text, FILE *stream)
{
    size_t length = strlen(text), step;
    char form[FORM_MAX + 1];

    for (; length > 0; text += step, length -= step)
        fwrite(form, 1, next_form(text, length, form, &step), stream);
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
