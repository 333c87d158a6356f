/* SPDX-License-Identifier: MIT */
#include "handlers/report/report_html.h"

#include <inttypes.h>
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/sense.h"
#include "handlers/trace/trace_text.h"
#include "media/shown_text.h"
#include "media/utf8.h"

/* Words --------------------------------------------------------------------- */

void report_html_text(const char *text, FILE *stream)
{
    size_t length = strlen(text), step;
    uint32_t character;

    for (; length > 0; text += step, length -= step) {
        step = utf8_next(text, length, &character);
        if (character == UTF8_INVALID)
            fputs(UTF8_REPLACEMENT, stream);
        else if (shown_text_is_hidden(character))
            for (size_t i = 0; i < step; i++)
                fprintf(stream, "\\x%02X", (uint8_t)text[i]);
        else if (character == '&')
            fputs("&amp;", stream);
        else if (character == '<')
            fputs("&lt;", stream);
        else if (character == '>')
            fputs("&gt;", stream);
        else if (character == '"')
            fputs("&quot;", stream);
        else
            fwrite(text, 1, step, stream);
    }
}

void report_html_time(uint64_t nanoseconds, FILE *stream)
{
    if (nanoseconds < 1000)
        fprintf(stream, "%" PRIu64 " ns", nanoseconds);
    else if (nanoseconds < 1000000)
        fprintf(stream, "%.3g \u00b5s", (double)nanoseconds / 1e3);
    else if (nanoseconds < 1000000000)
        fprintf(stream, "%.3g ms", (double)nanoseconds / 1e6);
    else
        fprintf(stream, "%.1f s", (double)nanoseconds / 1e9);
}

static void put_command_name(uint8_t operation_code, FILE *stream)
{
    const struct trace_command command = {.cdb = {operation_code}};
    char room[TRACE_NAME_MAX];

    report_html_text(trace_command_name(&command, room), stream);
}

/* The head ------------------------------------------------------------------ */

static void put_head(const struct report *report, const char *title, FILE *stream)
{
    const struct trace_header *header = &report->trace[0].header;
    uint64_t time = 0;

    for (unsigned i = 0; i < report->traces; i++)
        time += report->trace[i].last - report->trace[i].first;
    fputs("<header><h1>", stream);
    report_html_text(title, stream);
    fputs("</h1>\n<p class=\"lead\">What a driver did with ", stream);
    report_html_text(*header->vendor ? header->vendor : "a drive", stream);
    fputc(' ', stream);
    report_html_text(header->product, stream);
    if (*header->serial) {
        fputs(", serial number ", stream);
        report_html_text(header->serial, stream);
    }
    fputs(", in ", stream);
    report_html_time(time, stream);
    fputs(report->traces == 1 ? " of " : " of these traces: ", stream);
    for (unsigned i = 0; i < report->traces && i < 8; i++) {
        fputs(i ? ", " : "", stream);
        report_html_text(report->trace[i].path, stream);
    }
    if (report->traces > 8)
        fprintf(stream, " and %u more", report->traces - 8);
    fputs("</p></header>\n", stream);
}

static void put_damage(const struct report *report, FILE *stream)
{
    for (unsigned i = 0; i < report->traces; i++) {
        if (report->trace[i].whole)
            continue;
        if (!report->trace[i].damaged) {
            fputs("<section class=\"banner warn\"><h2>A trace is not whole</h2><p>", stream);
            report_html_text(report->trace[i].path, stream);
            fputs(" has no end or has lost lines: what is missing there is missing "
                  "here.</p></section>\n",
                  stream);
            continue;
        }
        fputs("<section class=\"banner warn\"><h2>A trace is damaged</h2><p>", stream);
        report_html_text(report->trace[i].path, stream);
        fprintf(stream,
                " was read up to the damage, %" PRIu64 " commands; what comes behind it is missing "
                "here.</p></section>\n",
                report->trace[i].commands);
    }
}

static void put_requirement(const struct report *report,
                            const struct report_requirements *requirements,
                            enum report_required required, FILE *stream)
{
    bool met = report_requirement_met(report, requirements, required);

    fprintf(stream, "<li class=\"%s\">%s: %s %" PRIu64 " required, %" PRIu64 " found",
            met ? "good" : "bad", report_requirement_names[required],
            required == REPORT_REQUIRE_LEAKS ? "at most" : "at least",
            requirements->value[required], report_requirement_actual(report, required));
    if (!met && required <= REPORT_REQUIRE_COMMANDS) {
        fputs("; missing: ", stream);
        report_requirement_missing(report, required, stream);
    }
    fputs("</li>\n", stream);
}

static void put_requirements(const struct report *report,
                             const struct report_requirements *requirements, FILE *stream)
{
    bool met = report_requirements_met(report, requirements), any = false;

    for (unsigned i = 0; i < REPORT_REQUIREMENTS; i++)
        any |= requirements->required[i];
    if (!any)
        return;
    fprintf(stream, "<section id=\"requirements\" class=\"banner %s\"><h2>%s</h2><ul>\n",
            met ? "" : "bad", met ? "Every requirement is met" : "Requirements are not met");
    for (unsigned i = 0; i < REPORT_REQUIREMENTS; i++)
        if (requirements->required[i])
            put_requirement(report, requirements, (enum report_required)i, stream);
    fputs("</ul></section>\n", stream);
}

static void put_tile(const char *class, uint64_t value, unsigned of, const char *text, FILE *stream)
{
    fprintf(stream, "<div class=\"tile\"><b class=\"%s\">%" PRIu64, class, value);
    if (of > 0)
        fprintf(stream, "<small> of %u</small>", of);
    fprintf(stream, "</b><span>%s</span></div>\n", text);
}

static void put_tiles(const struct report *report, FILE *stream)
{
    uint64_t wrong = report->transition[REPORT_KEY2_WRONG];
    unsigned taken = report_transitions_taken(report);

    fputs("<div class=\"tiles\">\n", stream);
    put_tile("", report->commands, 0, "commands", stream);
    put_tile("", report->failed, 0, "ended with CHECK CONDITION", stream);
    put_tile("", report->transition[REPORT_KEY2_RIGHT], 0, "authentications that succeeded",
             stream);
    put_tile(wrong ? "warn" : "", wrong, 0, "wrong KEY2", stream);
    put_tile(taken == REPORT_TRANSITIONS ? "good" : "", taken, REPORT_TRANSITIONS,
             "transitions taken", stream);
    put_tile(report->leaks ? "bad" : "good", report->leaks, 0, "AGIDs left behind", stream);
    put_tile("", report->region_changes, 0, "region changes", stream);
    put_tile("", report_commands_used(report), report_commands_known(), "commands used", stream);
    fputs("</div>\n", stream);
}

/* Commands by state --------------------------------------------------------- */

/* From the number of digits: counts differ by powers of ten. */
static double heat(uint64_t count)
{
    double value = 0.10;

    for (; count > 1 && value < 0.55; count /= 3)
        value += 0.055;
    return value;
}

static bool state_is_used(const struct report *report, enum report_state state)
{
    if (state != REPORT_STATE_NOT_KNOWN)
        return true;
    for (unsigned code = 0; code < 256; code++)
        if (report->cell[code][state].count > 0)
            return true;
    return false;
}

static void put_cell(const struct report_cell *cell, FILE *stream)
{
    if (cell->count == 0) {
        fputs("<td class=\"zero\">\u00b7</td>", stream);
        return;
    }
    fprintf(stream, "<td class=\"heat\" style=\"--heat:%.2f\">%" PRIu64, heat(cell->count),
            cell->count);
    if (cell->failed > 0)
        fprintf(stream, "<i>%" PRIu64 " failed</i>", cell->failed);
    fputs("</td>", stream);
}

static void put_command_row(const struct report *report, uint8_t code, FILE *stream)
{
    fputs("<tr><td>", stream);
    put_command_name(code, stream);
    fputs("</td>", stream);
    for (unsigned state = 0; state < REPORT_STATES; state++)
        if (state_is_used(report, (enum report_state)state))
            put_cell(&report->cell[code][state], stream);
    fputs("</tr>\n", stream);
}

static void put_unused(const struct report *report, FILE *stream)
{
    if (report_commands_used(report) == report_commands_known())
        return;
    fputs("<p class=\"hint\" style=\"margin:14px 0 0\">Commands of the drive that the driver did "
          "not use:</p><ul class=\"chips\">",
          stream);
    for (const struct command_row *row = command_table; row->name; row++) {
        if (!report_asks_for(row) || report_command_total(report, row->operation_code).count > 0)
            continue;
        fputs("<li>", stream);
        report_html_text(row->name, stream);
        fputs("</li>", stream);
    }
    fputs("</ul>\n", stream);
}

static void put_matrix(const struct report *report, FILE *stream)
{
    fputs("<section id=\"commands\"><h2>Commands by the state of the drive</h2>\n<p class=\"hint\">"
          "How often each command came in each state, and how often it failed there.</p>\n"
          "<table><thead><tr><th>Command</th>",
          stream);
    for (unsigned state = 0; state < REPORT_STATES; state++)
        if (state_is_used(report, (enum report_state)state))
            fprintf(stream, "<th>%s</th>", report_state_names[state]);
    fputs("</tr></thead><tbody>\n", stream);
    for (unsigned code = 0; code < 256; code++)
        if (report_command_total(report, (uint8_t)code).count > 0)
            put_command_row(report, (uint8_t)code, stream);
    fputs("</tbody></table>\n", stream);
    put_unused(report, stream);
    fputs("</section>\n", stream);
}

/* Senses -------------------------------------------------------------------- */

static void put_reactions(const uint64_t *reaction, uint64_t times, FILE *stream)
{
    const char *separator = "";

    fputs("<td class=\"left\"><div class=\"bar\">", stream);
    for (unsigned i = 0; i < REPORT_REACTIONS; i++)
        if (reaction[i] > 0)
            fprintf(stream, "<i class=\"r%u\" style=\"width:%.1f%%\"></i>", i,
                    100.0 * (double)reaction[i] / (double)times);
    fputs("</div><span class=\"sub\">", stream);
    for (unsigned i = 0; i < REPORT_REACTIONS; i++) {
        if (reaction[i] == 0)
            continue;
        fprintf(stream, "%s%s %" PRIu64, separator, report_reaction_names[i], reaction[i]);
        separator = ", ";
    }
    fputs("</span></td>", stream);
}

static void put_sense(const struct report_sense *sense, FILE *stream)
{
    const struct sense_description *description = trace_sense_description(&sense->sense);

    fprintf(stream, "<tr><td><span class=\"code\">%02X/%02X/%02X</span> %s<span class=\"sub\">",
            sense->sense.key, sense->sense.asc, sense->sense.ascq,
            description ? description->name : "");
    report_html_text(description ? description->text : "not one of the drive's own", stream);
    fputs("</span></td><td class=\"left\">", stream);
    put_command_name(sense->command, stream);
    fprintf(stream, "</td><td>%" PRIu64 "</td>", sense->count);
    put_reactions(sense->reaction, sense->count, stream);
    fputs("</tr>\n", stream);
}

static void put_legend(FILE *stream)
{
    fputs("<p class=\"hint\">The next command of the same host, REQUEST SENSE aside.</p>\n"
          "<div class=\"legend\">",
          stream);
    for (unsigned i = 0; i < REPORT_REACTIONS; i++)
        fprintf(stream, "<span><i class=\"r%u\"></i>%s</span>", i, report_reaction_names[i]);
    fputs("</div>\n", stream);
}

static void put_senses(const struct report *report, FILE *stream)
{
    fputs("<section id=\"senses\"><h2>Senses delivered, and what the driver did next</h2>\n",
          stream);
    if (report->senses == 0) {
        fputs("<p class=\"hint\">No command failed.</p></section>\n", stream);
        return;
    }
    put_legend(stream);
    fputs("<table><thead><tr><th>Sense</th><th class=\"left\">First met by</th>"
          "<th>Times</th><th class=\"left\">Next</th></tr></thead><tbody>\n",
          stream);
    for (size_t i = 0; i < report->senses; i++)
        put_sense(&report->sense[i], stream);
    fputs("</tbody></table>\n", stream);
    if (report->other_senses > 0)
        fprintf(stream, "<p class=\"hint\">And %" PRIu64 " of still other senses.</p>\n",
                report->other_senses);
    fputs("</section>\n", stream);
}

/* Faults -------------------------------------------------------------------- */

static void put_faults(const struct report *report, FILE *stream)
{
    if (report->faults == 0)
        return;
    fputs("<section id=\"faults\"><h2>Fault rules, and what the driver did next</h2>\n", stream);
    put_legend(stream);
    fputs("<table><thead><tr><th>Rule</th><th class=\"left\">First met by</th><th>Applied</th>"
          "<th>Met only</th><th class=\"left\">Next</th></tr></thead><tbody>\n",
          stream);
    for (size_t i = 0; i < report->faults; i++) {
        const struct report_fault *fault = &report->fault[i];
        fputs("<tr><td>", stream);
        report_html_text(fault->name, stream);
        fputs("</td><td class=\"left\">", stream);
        put_command_name(fault->command, stream);
        fprintf(stream, "</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td>", fault->count, fault->met);
        put_reactions(fault->reaction, fault->count, stream);
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table>\n", stream);
    if (report->other_faults > 0)
        fprintf(stream, "<p class=\"hint\">And others, %" PRIu64 " times.</p>\n",
                report->other_faults);
    fputs("</section>\n", stream);
}

/* Latencies ----------------------------------------------------------------- */

static void put_latency(const struct report *report, uint8_t code, uint64_t longest, FILE *stream)
{
    const struct report_latency *latency = report->latency[code];
    static const double fractions[] = {0.5, 0.95};

    fputs("<tr><td>", stream);
    put_command_name(code, stream);
    fprintf(stream, "</td><td>%" PRIu64 "</td>", latency->count);
    for (unsigned i = 0; i < 2; i++) {
        fputs("<td>", stream);
        report_html_time(report_latency_quantile(latency, fractions[i]), stream);
        fputs("</td>", stream);
    }
    fputs("<td>", stream);
    report_html_time(latency->maximum, stream);
    fprintf(stream,
            "</td><td style=\"width:30%%\"><div class=\"bar\"><i class=\"r0\" "
            "style=\"width:%.1f%%\"></i></div></td></tr>\n",
            longest ? 100.0 * (double)latency->maximum / (double)longest : 0.0);
}

static void put_latencies(const struct report *report, FILE *stream)
{
    uint64_t longest = 0;

    for (unsigned code = 0; code < 256; code++)
        if (report->latency[code] && report->latency[code]->maximum > longest)
            longest = report->latency[code]->maximum;
    fputs("<section id=\"latencies\"><h2>Latencies</h2>\n<p class=\"hint\">From the command to its "
          "status, as the drive saw it; the bar shows the longest.</p>\n<table><thead><tr>"
          "<th>Command</th><th>Times</th><th>Median</th><th>95 %</th><th>Longest</th><th></th></tr>"
          "</thead><tbody>\n",
          stream);
    for (unsigned code = 0; code < 256; code++)
        if (report->latency[code])
            put_latency(report, (uint8_t)code, longest, stream);
    fputs("</tbody></table></section>\n", stream);
}

/* The page ------------------------------------------------------------------ */

bool report_html(const struct report *report, const char *title,
                 const struct report_requirements *requirements, FILE *stream)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta name=\"generator\" content=\"vodd " VODD_VERSION "\">\n<title>",
          stream);
    report_html_text(title, stream);
    fprintf(stream, "</title>\n<style>\n%s</style></head>\n<body><main>\n", report_style);
    put_head(report, title, stream);
    put_requirements(report, requirements, stream);
    put_damage(report, stream);
    put_tiles(report, stream);
    report_html_authentication(report, stream);
    put_matrix(report, stream);
    put_senses(report, stream);
    put_faults(report, stream);
    put_latencies(report, stream);
    fputs("<footer>Made by vodd " VODD_VERSION " from what the drive saw. Nothing on this page "
          "comes from anywhere else.</footer>\n</main></body></html>\n",
          stream);
    return !ferror(stream);
}
