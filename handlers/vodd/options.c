/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/shown_text.h"

static int count_arguments(const char **arguments)
{
    int count = 0;

    while (arguments && arguments[count])
        count++;
    return count;
}

static bool start(struct options *options, int argc, const char **argv,
                  const struct poptOption *table)
{
    snprintf(options->name, sizeof(options->name), "vodd %s", argv[0]);
    options->words = malloc((size_t)(argc + 1) * sizeof(*options->words));
    if (!options->words)
        return false;
    /* popt shows the first word as the name of the program. */
    memcpy(options->words, argv, (size_t)argc * sizeof(*options->words));
    options->words[0] = options->name;
    options->words[argc] = NULL;
    options->context = poptGetContext(options->name, argc, options->words, table, 0);
    return options->context != NULL;
}

bool options_read(struct options *options, int argc, const char **argv,
                  const struct poptOption *table, const char *usage, int minimum, int maximum)
{
    const char *name = options->name;
    int result;

    memset(options, 0, sizeof(*options));
    if (!start(options, argc, argv, table)) {
        shown_text_print(stderr, "%s: memory is short\n", name);
        return false;
    }
    poptSetOtherOptionHelp(options->context, usage);
    while ((result = poptGetNextOpt(options->context)) >= 0)
        ;
    if (result < -1) {
        shown_text_print(stderr, "%s: %s: %s; `%s --help` lists the options\n", name,
                         poptBadOption(options->context, POPT_BADOPTION_NOALIAS),
                         poptStrerror(result), name);
        return false;
    }
    options->arguments = poptGetArgs(options->context);
    options->count = count_arguments(options->arguments);
    if (options->count < minimum || options->count > maximum) {
        shown_text_print(stderr, "%s: %s; accepted: %s %s\n", name,
                         options->count < minimum ? "an argument is missing" : "too many arguments",
                         name, usage);
        return false;
    }
    return true;
}

void options_release(struct options *options)
{
    if (options->context)
        poptFreeContext(options->context);
    free(options->words);
    memset(options, 0, sizeof(*options));
}
