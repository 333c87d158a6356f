/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_arguments(const char **arguments)
{
    int count = 0;

    while (arguments && arguments[count])
        count++;
    return count;
}

static bool start(struct options *options, int argc, const char **argv,
                  const struct poptOption *table, const char *name)
{
    /* popt shows the first argument as the name of the program and copies the rest. */
    const char **named = malloc((size_t)(argc + 1) * sizeof(*named));

    if (!named)
        return false;
    memcpy(named, argv, (size_t)argc * sizeof(*named));
    named[0] = name;
    named[argc] = NULL;
    options->context = poptGetContext(name, argc, named, table, 0);
    free(named);
    return options->context != NULL;
}

bool options_read(struct options *options, int argc, const char **argv,
                  const struct poptOption *table, const char *usage, int minimum, int maximum)
{
    char name[32];
    int result;

    memset(options, 0, sizeof(*options));
    snprintf(name, sizeof(name), "vodd %s", argv[0]);
    if (!start(options, argc, argv, table, name)) {
        fprintf(stderr, "%s: memory is short\n", name);
        return false;
    }
    poptSetOtherOptionHelp(options->context, usage);
    while ((result = poptGetNextOpt(options->context)) >= 0)
        ;
    if (result < -1) {
        fprintf(stderr, "%s: %s: %s; `%s --help` lists the options\n", name,
                poptBadOption(options->context, POPT_BADOPTION_NOALIAS), poptStrerror(result),
                name);
        return false;
    }
    options->arguments = poptGetArgs(options->context);
    options->count = count_arguments(options->arguments);
    if (options->count < minimum || options->count > maximum) {
        fprintf(stderr, "%s: %s; accepted: %s %s\n", name,
                options->count < minimum ? "an argument is missing" : "too many arguments", name,
                usage);
        return false;
    }
    return true;
}

void options_release(struct options *options)
{
    if (options->context)
        poptFreeContext(options->context);
    memset(options, 0, sizeof(*options));
}
