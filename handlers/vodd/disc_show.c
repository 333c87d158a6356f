/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/disc_show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "media/shown_text.h"

static const char *text_of(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

static long long number_of(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

__attribute__((format(printf, 2, 3))) static void row(const char *name, const char *format, ...)
{
    va_list arguments;
    printf("%-22s", name);
    va_start(arguments, format);
    shown_text_print_list(stdout, format, arguments);
    va_end(arguments);
    putchar('\n');
}

static void print_layers(const json_t *report)
{
    const json_t *layers = json_object_get(report, "layers"), *layer;
    size_t i;
    if (json_array_size(layers) == 2)
        row("layers", "2, %s track path, %lld sectors on layer 0", text_of(report, "track-path"),
            number_of(report, "layer-break"));
    else
        row("layers", "1");
    json_array_foreach(layers, i, layer)
    {
        char name[32];
        snprintf(name, sizeof name, "  layer %zu", i);
        row(name, "first PSN %06llX, last PSN %06llX, end of layer 0 %06llX",
            number_of(layer, "first-psn"), number_of(layer, "last-psn"),
            number_of(layer, "layer-0-end-psn"));
        row("  physical format", "%s", text_of(layer, "structure"));
    }
}

static const char *or_none(const char *text)
{
    return *text ? text : "none";
}

static void print_lead_in(const json_t *report)
{
    const json_t *lead_in = json_object_get(report, "lead-in");
    const json_t *copyright = json_object_get(report, "copyright");
    row("burst cutting area", "%s", or_none(text_of(lead_in, "bca")));
    const char *manufacturing = text_of(lead_in, "manufacturing");
    row("manufacturing", "%s", *manufacturing ? manufacturing : "zeros");
    row("copyright", "%s (%s)",
        strcmp(text_of(copyright, "protection"), "css") == 0 ? "CSS" : "no protection",
        text_of(copyright, "structure"));
    row("regions", "%s", text_of(copyright, "regions"));
}

static void print_extents(const char *name, const json_t *extents)
{
    size_t i;
    const json_t *extent;
    if (json_array_size(extents) == 0)
        row(name, "none");
    json_array_foreach(extents, i, extent)
    {
        const json_t *title_set = json_object_get(extent, "title-set");
        char of_set[32] = "";
        if (title_set)
            snprintf(of_set, sizeof of_set, ", title set %lld",
                     (long long)json_integer_value(title_set));
        row(i == 0 ? name : "", "%lld to %lld%s", number_of(extent, "first"),
            number_of(extent, "last"), of_set);
    }
}

static void print_keys(const json_t *keys, const char *member, const char *word)
{
    size_t i;
    const json_t *key;
    json_array_foreach(keys, i, key)
    {
        char name[32];
        snprintf(name, sizeof name, "%s %lld", word, number_of(key, member));
        row(name, "%s, stored as %s", text_of(key, "key"), text_of(key, "stored"));
    }
}

static void print_css(const json_t *css)
{
    row("seed", "%lld", number_of(css, "seed"));
    row("disc key", "%s", text_of(css, "disc-key"));
    row("hash", "%s", text_of(css, "hash"));
    print_keys(json_object_get(css, "title-keys"), "title-set", "title key");
    const json_t *player_keys = json_object_get(css, "player-keys");
    print_keys(player_keys, "entry", "player key");
    if (json_array_size(player_keys) == 1)
        row("", "and 407 more, with --keys");
    print_extents("scrambled", json_object_get(css, "scrambled"));
    if (number_of(css, "scramble-every") > 1)
        row("", "of which one sector in %lld, if it has content", number_of(css, "scramble-every"));
}

void disc_report_print(const json_t *report)
{
    if (strcmp(text_of(report, "type"), "unreadable") == 0) {
        row("medium", "none that a drive recognises");
        return;
    }
    long long sectors = number_of(report, "sectors");
    row("medium", "DVD-ROM, %lld mm, book version %lld", number_of(report, "size"),
        number_of(report, "book-version"));
    row("image", "%s", text_of(report, "image"));
    row("capacity", "%lld sectors, %lld bytes, last LBA %lld", sectors, sectors * DVD_SECTOR_SIZE,
        sectors - 1);
    print_layers(report);
    print_lead_in(report);
    const json_t *css = json_object_get(report, "css");
    if (css)
        print_css(css);
    print_extents("unreadable", json_object_get(report, "unreadable"));
}
