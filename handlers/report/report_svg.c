/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "handlers/report/report_html.h"

/*
 * The authentication as a row of states from left to right.  What leads on runs between them, keys
 * and a wrong KEY2 lead back to the first one above, the end of a session below.
 */

#define BOX_WIDTH  126
#define BOX_HEIGHT 58
#define BOX_STEP   200
#define BOX_LEFT   16
#define ROW_TOP    168
#define ROW_BOTTOM (ROW_TOP + BOX_HEIGHT)
#define WIDTH      (2 * BOX_LEFT + 5 * BOX_STEP + BOX_WIDTH)
#define HEIGHT     466
#define LANE       40
#define RADIUS     10

static const char *const names[CSS_AUTH_STATES][2] = {
    [CSS_AUTH_FREE] = {"free",            "no session"   },
    [CSS_AUTH_GRANTED] = {"granted",         "AGID given"   },
    [CSS_AUTH_HOST_CHALLENGE] = {"host challenge",  "received"     },
    [CSS_AUTH_KEY1] = {"KEY1",            "delivered"    },
    [CSS_AUTH_DRIVE_CHALLENGE] = {"drive challenge", "delivered"    },
    [CSS_AUTH_AUTHENTICATED] = {"authenticated",   "bus key valid"},
};

static int left_of(enum css_auth_state state)
{
    return BOX_LEFT + BOX_STEP * (int)state;
}

/* Thicker the more often it was taken. */
static double thickness(uint64_t count)
{
    double width = 1.6;

    for (; count > 1 && width < 5; count /= 4)
        width += 0.6;
    return width;
}

static void put_arrow(const struct report *report, enum report_transition transition,
                      const char *path, FILE *stream)
{
    uint64_t count = report->transition[transition];
    const char *class = count == 0                        ? "untaken"
                        : transition == REPORT_KEY2_WRONG ? "wrong"
                                                          : "taken";

    fprintf(stream,
            "<path id=\"transition-%s\" class=\"arrow %s\" d=\"%s\" stroke-width=\"%.1f\" "
            "marker-end=\"url(#head-%s)\"><title>%s: %" PRIu64 "</title></path>\n",
            report_transitions[transition].name, class, path, count ? thickness(count) : 1.4, class,
            report_transitions[transition].label, count);
}

static void put_label(const struct report *report, enum report_transition transition, int x, int y,
                      const char *anchor, const char *text, FILE *stream)
{
    uint64_t count = report->transition[transition];

    fprintf(stream,
            "<text class=\"label %s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s "
            "<tspan class=\"count\">%s%" PRIu64 "</tspan></text>\n",
            count ? "" : "faint", x, y, anchor, text, count ? "\u00d7" : "", count);
}

/* From a box to the next one. */
static void put_step(const struct report *report, enum report_transition transition,
                     const char *first_line, const char *second_line, FILE *stream)
{
    const struct report_transition_row *row = &report_transitions[transition];
    int from = left_of(row->from) + BOX_WIDTH, to = left_of(row->to);
    int y = ROW_TOP + BOX_HEIGHT / 2, middle = (from + to) / 2;
    char path[80];

    snprintf(path, sizeof(path), "M%d %dH%d", from + 1, y, to - 8);
    put_arrow(report, transition, path, stream);
    fprintf(stream, "<text class=\"label %s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
            report->transition[transition] ? "" : "faint", middle, y - 24, first_line);
    put_label(report, transition, middle, y - 9, "middle", second_line, stream);
}

/* From a box back to the first one, above (`lane` < 0) or below; `shift` tells lines at one box
 * apart. */
static void put_return(const struct report *report, enum report_transition transition, int lane,
                       int shift, const char *text, FILE *stream)
{
    const struct report_transition_row *row = &report_transitions[transition];
    int x = left_of(row->from) + BOX_WIDTH / 2 + shift;
    int end = left_of(CSS_AUTH_FREE) + BOX_WIDTH / 2 + 11 * (lane < 0 ? -lane - 2 : lane - 3);
    int start = lane < 0 ? ROW_TOP - 1 : ROW_BOTTOM + 1;
    int level = lane < 0 ? ROW_TOP + LANE * lane : ROW_BOTTOM + LANE * lane;
    int turn = lane < 0 ? RADIUS : -RADIUS, tip = lane < 0 ? ROW_TOP - 8 : ROW_BOTTOM + 8;
    char path[160];

    snprintf(path, sizeof(path), "M%d %dV%dQ%d %d %d %dH%dQ%d %d %d %dV%d", x, start, level + turn,
             x, level, x - RADIUS, level, end + RADIUS, end, level, end, level + turn, tip);
    put_arrow(report, transition, path, stream);
    put_label(report, transition, x - 14, level - 6, "end", text, stream);
}

static void put_box(const struct report *report, enum css_auth_state state, FILE *stream)
{
    bool reached = state == CSS_AUTH_FREE || report->reached[state] > 0;
    int x = left_of(state), middle = x + BOX_WIDTH / 2;

    fprintf(stream,
            "<g class=\"state %s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\"/>"
            "<text class=\"name\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
            "<text class=\"note\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text></g>\n",
            reached ? (state == CSS_AUTH_AUTHENTICATED ? "reached final" : "reached") : "unreached",
            x, ROW_TOP, BOX_WIDTH, BOX_HEIGHT, middle, ROW_TOP + 25, names[state][0], middle,
            ROW_TOP + 43, names[state][1]);
}

static void put_markers(FILE *stream)
{
    static const char *const classes[] = {"taken", "untaken", "wrong"};

    fputs("<defs>", stream);
    for (unsigned i = 0; i < 3; i++)
        fprintf(stream,
                "<marker id=\"head-%s\" class=\"head %s\" viewBox=\"0 0 10 10\" refX=\"4\" "
                "refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" markerUnits=\"userSpaceOnUse\" "
                "orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"/></marker>",
                classes[i], classes[i]);
    fputs("</defs>\n", stream);
}

void report_svg_authentication(const struct report *report, FILE *stream)
{
    fprintf(stream,
            "<svg id=\"authentication\" viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-label=\"Authentication states and the transitions between them\">\n",
            WIDTH, HEIGHT);
    put_markers(stream);
    put_return(report, REPORT_KEY2_WRONG, -1, 0, "wrong KEY2, SEND KEY 03h", stream);
    put_return(report, REPORT_DISC_KEY, -2, -14, "disc key, READ DISC STRUCTURE 02h", stream);
    put_return(report, REPORT_TITLE_KEY, -3, 14, "title key, REPORT KEY 04h", stream);
    put_return(report, REPORT_END_GRANTED, 1, 0, "3Fh", stream);
    put_return(report, REPORT_END_HOST_CHALLENGE, 2, 0, "3Fh", stream);
    put_return(report, REPORT_END_KEY1, 3, 0, "3Fh", stream);
    put_return(report, REPORT_END_DRIVE_CHALLENGE, 4, 0, "3Fh", stream);
    put_return(report, REPORT_END_AUTHENTICATED, 5, 0, "end of session, REPORT KEY 3Fh", stream);
    put_step(report, REPORT_GRANT, "REPORT", "00h", stream);
    put_step(report, REPORT_HOST_CHALLENGE, "SEND", "01h", stream);
    put_step(report, REPORT_KEY1, "REPORT", "02h", stream);
    put_step(report, REPORT_DRIVE_CHALLENGE, "REPORT", "01h", stream);
    put_step(report, REPORT_KEY2_RIGHT, "SEND", "03h", stream);
    for (unsigned state = 0; state < CSS_AUTH_STATES; state++)
        put_box(report, (enum css_auth_state)state, stream);
    fputs("</svg>\n", stream);
}
