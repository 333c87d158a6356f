/* SPDX-License-Identifier: MIT */
#include "emulator/mode_pages.h"

#include <string.h>

#define PAGE_CODE(byte)     ((byte)&0x3F)
#define PAGE_SUBPAGE_FORMAT 0x40
#define PAGE_HEADER         2

static const struct mode_error_recovery error_recovery_default = {
    .code = MODE_PAGE_ERROR_RECOVERY, .length = 10, .read_retry_count = 5};
static const struct mode_error_recovery error_recovery_mask = {
    .code = MODE_PAGE_ERROR_RECOVERY, .length = 10, .control = 0x37, .read_retry_count = 0xFF};

static const struct mode_power_condition power_condition_default = {
    .code = MODE_PAGE_POWER_CONDITION,
    .length = 10,
    .enabled = MODE_POWER_IDLE | MODE_POWER_STANDBY,
    .idle_timer = {{0x00, 0x00, 0x02, 0x58}},    /* 60 s */
    .standby_timer = {{0x00, 0x00, 0x12, 0xC0}}, /* 480 s */
};
static const struct mode_power_condition power_condition_mask = {
    .code = MODE_PAGE_POWER_CONDITION,
    .length = 10,
    .enabled = MODE_POWER_IDLE | MODE_POWER_STANDBY,
    .idle_timer = {{0xFF, 0xFF, 0xFF, 0xFF}},
    .standby_timer = {{0xFF, 0xFF, 0xFF, 0xFF}},
};

static const struct mode_timeout_and_protect timeout_and_protect_default = {
    .code = MODE_PAGE_TIMEOUT_AND_PROTECT,
    .length = 8,
    .group_1_minimum = {{0xFF, 0xFF}},
    .group_2_minimum = {{0xFF, 0xFF}},
};
static const struct mode_timeout_and_protect timeout_and_protect_mask = {
    .code = MODE_PAGE_TIMEOUT_AND_PROTECT,
    .length = 8,
    .control = MODE_TIMEOUT_TMOE,
    .group_1_minimum = {{0xFF, 0xFF}},
    .group_2_minimum = {{0xFF, 0xFF}},
};

static const struct mode_capabilities capabilities_mask = {.code = MODE_PAGE_CAPABILITIES,
                                                           .length = 30};

/* In ascending order of code. */
static const struct page {
    size_t offset, size;
    const void *initial; /* NULL: the default is the current value, which nobody can change */
    const void *mask;
} page_table[] = {
    {offsetof(struct mode_pages, error_recovery),      sizeof(struct mode_error_recovery),
     &error_recovery_default,                                                                         &error_recovery_mask     },
    {offsetof(struct mode_pages, power_condition),     sizeof(struct mode_power_condition),
     &power_condition_default,                                                                        &power_condition_mask    },
    {offsetof(struct mode_pages, timeout_and_protect), sizeof(struct mode_timeout_and_protect),
     &timeout_and_protect_default,                                                                    &timeout_and_protect_mask},
    {offsetof(struct mode_pages, capabilities),        sizeof(struct mode_capabilities),        NULL,
     &capabilities_mask                                                                                                        },
};
#define PAGES (sizeof page_table / sizeof *page_table)

static const struct page *find_page(uint8_t code)
{
    for (size_t i = 0; i < PAGES; i++)
        if (*(const uint8_t *)page_table[i].mask == code)
            return &page_table[i];
    return NULL;
}

void mode_pages_reset(struct mode_pages *pages)
{
    for (size_t i = 0; i < PAGES; i++)
        if (page_table[i].initial)
            memcpy((uint8_t *)pages + page_table[i].offset, page_table[i].initial,
                   page_table[i].size);
}

static const void *page_values(const struct mode_pages *pages, const struct page *page,
                               enum mode_page_control control)
{
    if (control == MODE_CHANGEABLE)
        return page->mask;
    if (control == MODE_DEFAULT && page->initial)
        return page->initial;
    return (const uint8_t *)pages + page->offset;
}

size_t mode_pages_read(const struct mode_pages *pages, uint8_t page_code,
                       enum mode_page_control control, uint8_t *data)
{
    size_t length = 0;

    for (size_t i = 0; i < PAGES; i++) {
        const struct page *page = &page_table[i];
        if (page_code != MODE_PAGE_ALL && page_code != *(const uint8_t *)page->mask)
            continue;
        memcpy(data + length, page_values(pages, page, control), page->size);
        length += page->size;
    }
    return length;
}

/* The first byte of `new_values` that differs from `current` where the mask forbids it, or 0. */
static size_t forbidden_change(const struct page *page, const uint8_t *current,
                               const uint8_t *new_values)
{
    const uint8_t *mask = page->mask;

    for (size_t i = PAGE_HEADER; i < page->size; i++)
        if (((current[i] ^ new_values[i]) & ~mask[i]) != 0)
            return i;
    return 0;
}

static struct sense judge_page(const struct mode_pages *pages, const struct page *page,
                               const uint8_t *new_values, size_t offset)
{
    size_t field = forbidden_change(page, (const uint8_t *)pages + page->offset, new_values);
    if (field != 0)
        return sense_in_list(offset + field, -1);

    if (*new_values == MODE_PAGE_ERROR_RECOVERY) {
        const struct mode_error_recovery *values = (const void *)new_values;
        /* Stopping on a recovered error makes no sense without reporting it. */
        if ((values->control & MODE_ERROR_DTE) != 0 && (values->control & MODE_ERROR_PER) == 0)
            return sense_in_list(offset + offsetof(struct mode_error_recovery, control), 1);
    }
    return sense_good();
}

/* The page at the start of `list`, or NULL with what is wrong with its frame in *fault. */
static const struct page *frame_page(const uint8_t *list, size_t size, size_t offset,
                                     struct sense *fault)
{
    *fault = sense_of(SENSE_PARAMETER_LIST_LENGTH);
    if (size < PAGE_HEADER)
        return NULL;

    const struct page *page = find_page(PAGE_CODE(list[0]));
    if (!page || (list[0] & PAGE_SUBPAGE_FORMAT) != 0) {
        *fault = sense_in_list(offset, -1);
        return NULL;
    }
    if (list[1] != page->size - PAGE_HEADER) {
        *fault = sense_in_list(offset + 1, -1);
        return NULL;
    }
    return size < page->size ? NULL : page;
}

struct sense mode_pages_write(struct mode_pages *pages, const uint8_t *list, size_t size,
                              size_t offset, bool *changed)
{
    struct mode_pages updated = *pages;

    for (size_t at = 0; at < size;) {
        struct sense sense;
        const struct page *page = frame_page(list + at, size - at, offset + at, &sense);
        if (!page)
            return sense;

        /* PS is reserved here, so the code comes from the table and not from the list. */
        uint8_t values[sizeof(struct mode_capabilities)];
        memcpy(values, list + at, page->size);
        values[0] = PAGE_CODE(values[0]);
        sense = judge_page(pages, page, values, offset + at);
        if (sense.code != SENSE_NO_SENSE)
            return sense;
        memcpy((uint8_t *)&updated + page->offset, values, page->size);
        at += page->size;
    }
    *changed = memcmp(&updated, pages, sizeof updated) != 0;
    *pages = updated;
    return sense_good();
}
