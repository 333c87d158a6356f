/* SPDX-License-Identifier: MIT */
#include "handlers/report/report_json.h"

#include "handlers/text/json_text.h"

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *traces_json(const struct report *report)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < report->traces; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:b, s:b}", "path", json_text(report->trace[i].path),
                            "commands", number(report->trace[i].commands), "damaged",
                            report->trace[i].damaged, "whole", report->trace[i].whole));
    return list;
}

static json_t *transitions_json(const struct report *report)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < REPORT_TRANSITIONS; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:o}", "name", report_transitions[i].name,
                                        "from", css_auth_state_names[report_transitions[i].from],
                                        "to", css_auth_state_names[report_transitions[i].to],
                                        "count", number(report->transition[i])));
    return list;
}

/* Counts by the state of an authentication. */
static json_t *by_state(const uint64_t *counts)
{
    json_t *object = json_object();

    for (unsigned state = 0; state < CSS_AUTH_STATES; state++)
        json_object_set_new(object, css_auth_state_names[state], number(counts[state]));
    return object;
}

static json_t *command_json(const struct report *report, uint8_t code)
{
    const struct trace_command command = {.cdb = {code}};
    const struct report_latency *latency = report->latency[code];
    char room[TRACE_NAME_MAX];
    json_t *states = json_object();

    for (unsigned state = 0; state < REPORT_STATES; state++)
        if (report->cell[code][state].count > 0)
            json_object_set_new(states, report_state_names[state],
                                json_pack("{s:o, s:o}", "count",
                                          number(report->cell[code][state].count), "failed",
                                          number(report->cell[code][state].failed)));
    return json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "operation-code", code, "name",
                     trace_command_name(&command, room), "count", number(latency->count), "states",
                     states, "median", number(report_latency_quantile(latency, 0.5)),
                     "percentile-95", number(report_latency_quantile(latency, 0.95)), "longest",
                     number(latency->maximum));
}

static json_t *commands_json(const struct report *report)
{
    json_t *list = json_array();

    for (unsigned code = 0; code < 256; code++)
        if (report->latency[code])
            json_array_append_new(list, command_json(report, (uint8_t)code));
    return list;
}

static json_t *reactions_json(const uint64_t *reaction)
{
    json_t *next = json_object();

    for (unsigned i = 0; i < REPORT_REACTIONS; i++)
        json_object_set_new(next, report_reaction_names[i], number(reaction[i]));
    return next;
}

static json_t *faults_json(const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->faults; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "name",
                                              json_text(report->fault[i].name), "count",
                                              number(report->fault[i].count), "met",
                                              number(report->fault[i].met), "next",
                                              reactions_json(report->fault[i].reaction)));
    return list;
}

static json_t *senses_json(const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->senses; i++) {
        const struct report_sense *sense = &report->sense[i];
        json_array_append_new(list, json_pack("{s:i, s:i, s:i, s:o, s:o}", "key", sense->sense.key,
                                              "asc", sense->sense.asc, "ascq", sense->sense.ascq,
                                              "count", number(sense->count), "next",
                                              reactions_json(sense->reaction)));
    }
    return list;
}

static json_t *leaks_json(const struct report *report)
{
    json_t *list = json_array();

    for (uint64_t i = 0; i < report->leaks && i < REPORT_LIST_MAX; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:i, s:s, s:s}", "trace",
                                              json_text(report->trace[report->leak[i].trace].path),
                                              "command", number(report->leak[i].command), "agid",
                                              (int)report->leak[i].agid, "reached",
                                              css_auth_state_names[report->leak[i].reached], "fate",
                                              report_fate_names[report->leak[i].fate]));
    return list;
}

static json_t *region_json(const struct region_state *region)
{
    return json_pack("{s:i, s:i, s:i}", "mask", region->mask, "user-changes", region->user_changes,
                     "vendor-resets", region->vendor_resets);
}

static json_t *regions_json(const struct report *report)
{
    json_t *list = json_array();

    for (uint64_t i = 0; i < report->region_changes && i < REPORT_LIST_MAX; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o}", "trace",
                            json_text(report->trace[report->region_change[i].trace].path),
                            "command", number(report->region_change[i].command), "from",
                            region_json(&report->region_change[i].from), "to",
                            region_json(&report->region_change[i].to)));
    return list;
}

static json_t *requirements_json(const struct report *report,
                                 const struct report_requirements *requirements)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < REPORT_REQUIREMENTS; i++)
        if (requirements->required[i])
            json_object_set_new(
                object, report_requirement_names[i],
                json_pack("{s:o, s:o, s:b}", "required", number(requirements->value[i]), "actual",
                          number(report_requirement_actual(report, (enum report_required)i)), "met",
                          report_requirement_met(report, requirements, (enum report_required)i)));
    return object;
}

json_t *report_json(const struct report *report, const struct report_requirements *requirements)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "traces", traces_json(report), "commands", number(report->commands), "failed",
        number(report->failed), "given-up", number(report->given_up), "events",
        number(report->events), "transitions-taken", number(report_transitions_taken(report)),
        "transitions", transitions_json(report), "sessions-ended-by-drive",
        by_state(report->dropped), "steps-refused", by_state(report->refused), "by-command",
        commands_json(report), "senses", senses_json(report), "faults", faults_json(report),
        "leaks", number(report->leaks), "leak-list", leaks_json(report), "region-changes",
        regions_json(report), "requirements", requirements_json(report, requirements));
}
