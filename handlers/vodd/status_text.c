/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/status_text.h"

#include <stdbool.h>
#include <string.h>

#include "media/shown_text.h"

/* A server may say any number, so it is not multiplied. */
#define SECTORS_IN_A_MIB 512

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

static long long number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool is_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static void print_regions(const json_t *regions, FILE *stream)
{
    size_t index;
    json_t *region;

    if (json_array_size(regions) == 0)
        fputs("none", stream);
    json_array_foreach(regions, index, region)
        shown_text_print(stream, "%s%lld", index ? "," : "", (long long)json_integer_value(region));
}

static void print_disc(const json_t *disc, FILE *stream)
{
    long long sectors = number(disc, "sectors");

    if (!json_is_object(disc)) {
        fputs("disc     none\n", stream);
        return;
    }
    if (strcmp(text(disc, "medium"), "dvd-rom") != 0) {
        fputs("disc     one that no drive can read\n", stream);
        return;
    }
    shown_text_print(stream, "disc     %s: DVD-ROM, %lld layer%s, %lld sectors (%lld MiB), ",
                     text(disc, "image"), number(disc, "layers"),
                     number(disc, "layers") == 1 ? "" : "s", sectors, sectors / SECTORS_IN_A_MIB);
    if (strcmp(text(disc, "protection"), "css") != 0) {
        fputs("not protected\n", stream);
        return;
    }
    fputs("CSS, regions ", stream);
    print_regions(json_object_get(disc, "regions"), stream);
    fputc('\n', stream);
}

static void print_medium(const json_t *status, FILE *stream)
{
    static const char *const names[][2] = {
        {"tray-open",      "tray open"                                 },
        {"absent",         "tray closed, no disc"                      },
        {"becoming-ready", "tray closed, becoming ready"               },
        {"ready",          "tray closed, ready"                        },
        {"unusable",       "tray closed, the disc cannot be recognised"},
    };
    const char *medium = text(status, "medium");

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(names[i][0], medium) == 0)
            medium = names[i][1];
    shown_text_print(stream, "medium   %s%s\n", medium,
                     is_true(status, "prevented") ? ", removal prevented by the host" : "");
}

static void print_agids(const json_t *status, FILE *stream)
{
    const json_t *agids = json_object_get(status, "agids");
    size_t index;
    json_t *agid;

    fputs("AGIDs   ", stream);
    json_array_foreach(agids, index, agid)
        shown_text_print(stream, "%s %zu %s", index ? "," : "", index,
                         json_is_string(agid) ? json_string_value(agid) : "");
    shown_text_print(stream, "; authentication success flag %s\n",
                     is_true(status, "asf") ? "set" : "not set");
}

void region_text_print(const json_t *region, FILE *stream)
{
    const char *type = text(region, "type");

    if (strcmp(text(region, "rpc"), "phase-2") != 0) {
        shown_text_print(stream, "region   no region control of phase II (rpc = %s)\n",
                         text(region, "rpc"));
        return;
    }
    fputs("region   ", stream);
    if (strcmp(type, "none") == 0) {
        fputs("never set", stream);
    } else {
        print_regions(json_object_get(region, "regions"), stream);
        if (strcmp(type, "permanent") == 0)
            fputs(" for good", stream);
    }
    shown_text_print(stream, "; left: %lld change%s, %lld vendor reset%s\n",
                     number(region, "user-changes"), number(region, "user-changes") == 1 ? "" : "s",
                     number(region, "vendor-resets"),
                     number(region, "vendor-resets") == 1 ? "" : "s");
}

void status_text_print(const json_t *status, FILE *stream)
{
    const json_t *drive = json_object_get(status, "drive");

    shown_text_print(stream, "drive    %s: %s %s %s, serial number %s\n", text(status, "name"),
                     text(drive, "vendor"), text(drive, "product"), text(drive, "revision"),
                     text(drive, "serial"));
    print_disc(json_object_get(status, "disc"), stream);
    print_medium(status, stream);
    region_text_print(json_object_get(status, "region"), stream);
    print_agids(status, stream);
    if (number(status, "faults") > 0)
        shown_text_print(stream, "faults   %lld rule%s\n", number(status, "faults"),
                         number(status, "faults") == 1 ? "" : "s");
    shown_text_print(stream, "host     %s\n", is_true(status, "host") ? "connected" : "none");
}

void press_text_print(const json_t *answer, FILE *stream)
{
    fputs(is_true(answer, "moved")
              ? "The tray moved.\n"
              : "The tray stayed: the host prevents removal and was told of the button.\n",
          stream);
}
