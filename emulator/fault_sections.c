/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rules of files: those of a profile, and those of the disc that lies in the drive. */

/* The line of the section before `index` that has the same name, 0 if there is none. */
static unsigned line_before(const struct settings_sections *sections, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(sections->section[i].name, sections->section[index].name) == 0)
            return sections->section[i].line;
    return 0;
}

/* What a section must be among the others. */
static bool check_place(const struct settings_sections *sections, size_t index,
                        struct diagnostics *diagnostics)
{
    const struct settings_section *section = &sections->section[index];
    unsigned before = line_before(sections, index);

    if (before)
        diagnostics_error(diagnostics, "%s:%u: [fault %s]: given twice, first at line %u",
                          sections->file, section->line, section->name, before);
    else if (index >= FAULT_FILE_RULES_MAX)
        diagnostics_error(diagnostics, "%s:%u: [fault %s]: accepted: at most %d rules",
                          sections->file, section->line, section->name, FAULT_FILE_RULES_MAX);
    return before == 0 && index < FAULT_FILE_RULES_MAX;
}

static bool read_section(const struct settings_sections *sections, size_t index,
                         struct fault_rule *rule, struct diagnostics *diagnostics)
{
    const struct settings_section *section = &sections->section[index];

    return check_place(sections, index, diagnostics) &&
           fault_rule_read(sections->file, true, section->line, section->name, section->pairs,
                           section->count, rule, diagnostics);
}

/* Those that are looked at: one more than there may be, to say so once. */
static size_t looked_at(const struct settings_sections *sections)
{
    return sections->count <= FAULT_FILE_RULES_MAX ? sections->count : FAULT_FILE_RULES_MAX + 1;
}

bool fault_sections_read(const struct settings_sections *sections, struct fault_rule *rules,
                         unsigned *count, struct diagnostics *diagnostics)
{
    bool right = true;

    *count = 0;
    for (size_t i = 0; i < looked_at(sections); i++) {
        struct fault_rule rule;
        if (!read_section(sections, i, &rule, diagnostics))
            right = false;
        else if (right)
            rules[(*count)++] = rule;
        else
            fault_rule_release(&rule);
    }
    while (!right && *count > 0)
        fault_rule_release(&rules[--*count]);
    return right;
}

bool fault_sections_check(const struct settings_sections *sections, struct diagnostics *diagnostics)
{
    bool right = true;

    for (size_t i = 0; i < looked_at(sections); i++) {
        struct fault_rule rule;
        if (read_section(sections, i, &rule, diagnostics))
            fault_rule_release(&rule);
        else
            right = false;
    }
    return right;
}

static struct fault_entry *make_entry(const struct settings_sections *sections, size_t index)
{
    struct fault_entry *entry = calloc(1, sizeof *entry);

    if (!entry)
        return NULL;
    if (!read_section(sections, index, &entry->rule, NULL)) {
        free(entry);
        return NULL;
    }
    snprintf(entry->rule.name, sizeof entry->rule.name, FAULT_DISC_PREFIX "%.*s",
             FAULT_NAME_GIVEN_MAX, sections->section[index].name);
    entry->references = 1;
    entry->is_of_disc = true;
    return entry;
}

bool fault_load_disc(struct drive *drive, const struct disc *disc, struct fault_entry **rules)
{
    const struct settings_sections *sections = &disc_description(disc)->faults;
    struct fault_entry **end = rules;

    *rules = NULL;
    if (sections->count > 0 && !fault_set_make(drive))
        return false;
    for (size_t i = 0; i < sections->count; i++) {
        *end = make_entry(sections, i);
        if (*end) {
            end = &(*end)->next;
            continue;
        }
        while (*rules)
            *rules = fault_entry_drop(*rules);
        return false;
    }
    return true;
}
