/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_COMMANDS_H
#define HANDLERS_VODD_COMMANDS_H

/*
 * The subcommands of vodd.  argv[0] is the name of the subcommand.  Each returns the exit status of
 * the program: 0, EXIT_INPUT, or EXIT_FAILURE when what was asked for could not be done, after
 * writing to standard error what is wrong.
 */

/* The command line, or a file that it names, is not right. */
#define EXIT_INPUT 2
/* A fault rule ended the drive as a loss of power would. */
#define EXIT_POWER_LOST 3

int command_serve(int argc, const char **argv);
int command_status(int argc, const char **argv);
int command_insert(int argc, const char **argv);
int command_eject(int argc, const char **argv);
int command_press(int argc, const char **argv);
int command_region(int argc, const char **argv);
int command_fault(int argc, const char **argv);
int command_quit(int argc, const char **argv);
int command_check(int argc, const char **argv);
int command_disc(int argc, const char **argv);
int command_info(int argc, const char **argv);
int command_trace(int argc, const char **argv);
int command_replay(int argc, const char **argv);
int command_expect(int argc, const char **argv);
int command_report(int argc, const char **argv);

#endif
