/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_CAPTURED_OUTPUT_H
#define TESTS_SUPPORT_CAPTURED_OUTPUT_H

/*
 * What a function writes to standard output and standard error, for tests of commands.  Not undone:
 * for tests that Check runs in a process of their own.
 */

struct captured_output {
    char output[65536], error[16384]; /* NUL-terminated; what does not fit is left out */
};

/* Turns both streams to temporary files. */
void captured_output_begin(void);
/* Reads what has been written since captured_output_begin(). */
void captured_output_end(struct captured_output *captured);

#endif
