/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "handlers/report/report_html.h"
#include "handlers/trace/trace_text.h"

/* The parts of the page that are about authentication: drawing, AGIDs left behind, regions. */

static void put_untaken(const struct report *report, FILE *stream)
{
    if (report_transitions_taken(report) == REPORT_TRANSITIONS) {
        fputs("<p class=\"hint good\">Every transition was taken.</p>\n", stream);
        return;
    }
    fputs("<p class=\"hint\" style=\"margin:10px 0 0\">Not taken:</p><ul class=\"chips\" "
          "id=\"untaken\">",
          stream);
    for (unsigned i = 0; i < REPORT_TRANSITIONS; i++)
        if (report->transition[i] == 0)
            fprintf(stream, "<li>%s, %s</li>", css_auth_state_names[report_transitions[i].from],
                    report_transitions[i].label);
    fputs("</ul>\n", stream);
}

static void put_drive_ends(const struct report *report, FILE *stream)
{
    uint64_t dropped = 0, refused = 0;

    for (unsigned state = 0; state < CSS_AUTH_STATES; state++) {
        dropped += report->dropped[state];
        refused += report->refused[state];
    }
    if (dropped + refused == 0)
        return;
    fputs("<table style=\"margin-top:16px;width:auto\"><thead><tr><th>State</th>"
          "<th>Sessions that the drive ended in it</th><th>Steps refused in it</th></tr></thead>"
          "<tbody>\n",
          stream);
    for (unsigned state = 0; state < CSS_AUTH_STATES; state++)
        if (report->dropped[state] + report->refused[state] > 0)
            fprintf(stream, "<tr><td>%s</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td></tr>\n",
                    css_auth_state_names[state], report->dropped[state], report->refused[state]);
    fputs("</tbody></table>\n", stream);
}

static void put_place(const struct report *report, unsigned trace, uint64_t command, FILE *stream)
{
    if (report->traces > 1) {
        report_html_text(report->trace[trace].path, stream);
        fputs(", ", stream);
    }
    if (command > 0)
        fprintf(stream, "command %" PRIu64, command);
}

static void put_leaks(const struct report *report, FILE *stream)
{
    fputs("<section id=\"leaks\"><h2>AGIDs left behind</h2>\n", stream);
    if (report->leaks == 0) {
        fputs("<p class=\"hint\">None: each session ended with a key, a wrong KEY2 or REPORT KEY "
              "3Fh.</p></section>\n",
              stream);
        return;
    }
    fputs("<p class=\"hint\">Sessions that the driver neither finished nor ended.</p>\n<table>"
          "<thead><tr><th>Granted by</th><th class=\"left\">AGID</th><th class=\"left\">State"
          "</th><th class=\"left\">What became of it</th></tr></thead><tbody>\n",
          stream);
    for (uint64_t i = 0; i < report->leaks && i < REPORT_LIST_MAX; i++) {
        const struct report_leak *leak = &report->leak[i];
        fputs("<tr><td>", stream);
        put_place(report, leak->trace, leak->command, stream);
        if (leak->command == 0)
            fputs("a command before the trace", stream);
        fprintf(stream,
                "</td><td class=\"left\">%u</td><td class=\"left\">%s</td><td class=\"left\">%s"
                "</td></tr>\n",
                leak->agid, css_auth_state_names[leak->reached], report_fate_names[leak->fate]);
    }
    fputs("</tbody></table>\n", stream);
    if (report->leaks > REPORT_LIST_MAX)
        fprintf(stream, "<p class=\"hint\">And %" PRIu64 " more.</p>\n",
                report->leaks - REPORT_LIST_MAX);
    fputs("</section>\n", stream);
}

static void put_region_change(const struct report *report,
                              const struct report_region_change *change, FILE *stream)
{
    fputs("<tr><td>", stream);
    put_place(report, change->trace, change->command, stream);
    if (change->command == 0)
        fputs("vendor reset", stream);
    fputs("</td><td class=\"left\">", stream);
    trace_text_region(&change->from, stream);
    fputs("</td><td class=\"left\">", stream);
    trace_text_region(&change->to, stream);
    fputs("</td></tr>\n", stream);
}

static void put_regions(const struct report *report, FILE *stream)
{
    fputs("<section id=\"regions\"><h2>Region changes</h2>\n", stream);
    if (report->region_changes == 0) {
        fputs("<p class=\"hint\">None", stream);
        if (report->has_region) {
            fputs(": ", stream);
            trace_text_region(&report->region, stream);
        }
        fputs(".</p></section>\n", stream);
        return;
    }
    fputs("<table><thead><tr><th>By</th><th class=\"left\">From</th><th class=\"left\">To</th></tr>"
          "</thead><tbody>\n",
          stream);
    for (uint64_t i = 0; i < report->region_changes && i < REPORT_LIST_MAX; i++)
        put_region_change(report, &report->region_change[i], stream);
    fputs("</tbody></table>\n", stream);
    if (report->region_changes > REPORT_LIST_MAX)
        fprintf(stream, "<p class=\"hint\">And %" PRIu64 " more.</p>\n",
                report->region_changes - REPORT_LIST_MAX);
    fputs("</section>\n", stream);
}

void report_html_authentication(const struct report *report, FILE *stream)
{
    fputs("<section><h2>Authentication</h2>\n<p class=\"hint\">The states of an AGID and what the "
          "driver did in them. Solid lines were taken, with how often; dashed ones were not.</p>\n",
          stream);
    report_svg_authentication(report, stream);
    put_untaken(report, stream);
    put_drive_ends(report, stream);
    if (report->without_state > 0)
        fprintf(stream,
                "<p class=\"hint\">Of %" PRIu64 " commands the trace does not say in which state "
                "they came: they are not in this drawing.</p>\n",
                report->without_state);
    fputs("</section>\n", stream);
    put_leaks(report, stream);
    put_regions(report, stream);
}
