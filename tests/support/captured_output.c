/* SPDX-License-Identifier: MIT */
#include "tests/support/captured_output.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *files[2];

void captured_output_begin(void)
{
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        files[i] = tmpfile();
        if (!files[i] || dup2(fileno(files[i]), i + 1) < 0)
            abort();
    }
}

static void read_back(FILE *file, char *text, size_t size)
{
    rewind(file);
    size_t used = fread(text, 1, size - 1, file);
    text[used] = 0;
    fclose(file);
}

void captured_output_end(struct captured_output *captured)
{
    fflush(stdout);
    fflush(stderr);
    read_back(files[0], captured->output, sizeof captured->output);
    read_back(files[1], captured->error, sizeof captured->error);
}
