/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_FAULT_CATALOG_H
#define EMULATOR_FAULT_CATALOG_H

/*
 * Ready-made fault rules: situations that a driver should get through, each with what a correct
 * one does.
 */

#include "emulator/fault.h"

/* A scenario is made of no more rules than this. */
#define FAULT_SCENARIO_RULES_MAX 3
/* Settings that one rule of a scenario has, with those that are given on top. */
#define FAULT_SCENARIO_SETTINGS_MAX 32

struct fault_scenario {
    const char *name;
    const char *subject;                         /* scenarios of one subject stand together */
    const char *rules[FAULT_SCENARIO_RULES_MAX]; /* settings separated by | */
    const char *what;                            /* what the drive does */
    const char *correct;                         /* what a correct driver does */
};

/* Ended by one without a name. */
extern const struct fault_scenario fault_catalog[];

/* NULL if there is none of the name. */
const struct fault_scenario *fault_scenario_find(const char *name);

/*
 * The rules of the scenario `name`: `*count` in `rules`, which has room for
 * FAULT_SCENARIO_RULES_MAX.  The first has the scenario's name, the others NAME-2 and so on.  The
 * `extra` settings, `extra_count` words KEY=VALUE, are added to each, in place of one with the same
 * key.  False after reporting every fault, and no rule; otherwise the caller releases them.
 */
bool fault_scenario_read(const char *name, const char *const *extra, size_t extra_count,
                         struct fault_rule *rules, unsigned *count,
                         struct diagnostics *diagnostics);

#endif
