/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/installed_qemu.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EMULATOR_PREFIX "qemu-system-"

/* Finding ------------------------------------------------------------------ */

/* Names in the order in which they are looked for; then EMULATOR_PREFIX and anything. */
static const char *const names[] = {EMULATOR_PREFIX "x86_64", "qemu-kvm", "kvm"};

/* The absolute folder that `*path` begins with, NULL at the end; moves `*path` behind it. */
static char *next_folder(const char **path)
{
    while (**path) {
        size_t length = strcspn(*path, ":");
        const char *folder = *path;

        *path += length + (folder[length] == ':');
        if (folder[0] == '/')
            return strndup(folder, length);
    }
    return NULL;
}

static char *executable(const char *folder, const char *name)
{
    struct stat status;
    char *file = NULL;

    if (asprintf(&file, "%s/%s", folder, name) < 0)
        return NULL;
    if (stat(file, &status) == 0 && S_ISREG(status.st_mode) && access(file, X_OK) == 0)
        return file;
    free(file);
    return NULL;
}

static char *find_name(const char *path, const char *name)
{
    char *file = NULL;
    char *folder;

    while (!file && (folder = next_folder(&path)) != NULL) {
        file = executable(folder, name);
        free(folder);
    }
    return file;
}

/* The emulator in `folder` whose name is the first one by letters. */
static char *find_emulator_in(const char *folder)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    char *first = NULL;

    while (listing && (entry = readdir(listing)) != NULL) {
        char *file;

        if (strncmp(entry->d_name, EMULATOR_PREFIX, strlen(EMULATOR_PREFIX)) != 0)
            continue;
        file = executable(folder, entry->d_name);
        if (file && (!first || strcmp(file, first) < 0)) {
            free(first);
            first = file;
        } else {
            free(file);
        }
    }
    if (listing)
        closedir(listing);
    return first;
}

char *installed_qemu_find(const char *path)
{
    char *file = NULL;
    char *folder;

    for (size_t i = 0; !file && i < sizeof(names) / sizeof(names[0]); i++)
        file = find_name(path, names[i]);
    while (!file && (folder = next_folder(&path)) != NULL) {
        file = find_emulator_in(folder);
        free(folder);
    }
    return file;
}

/* Asking ------------------------------------------------------------------- */

struct installed_qemu {
    char *program;
    pid_t child; /* 0: it has ended, or never ran */
    int status;  /* what it ended with */
    int output;  /* its standard output; -1: closed */
    struct event *readable, *ended, *late;
    char text[4096];
    size_t length;
    installed_qemu_answer *answer; /* NULL: it has been called */
    void *context;
};

static void tell(struct installed_qemu *qemu)
{
    installed_qemu_answer *answer = qemu->answer;
    struct qemu_version version = {0};

    if (!answer)
        return;
    qemu->answer = NULL;
    event_del(qemu->late);
    qemu->text[qemu->length] = 0;
    if (qemu->child == 0 && qemu->status == 0)
        qemu_version_read_output(qemu->text, &version);
    answer(qemu->context, qemu->program, &version);
}

static size_t room(const struct installed_qemu *qemu)
{
    return sizeof(qemu->text) - 1 - qemu->length;
}

static void close_output(struct installed_qemu *qemu)
{
    if (qemu->readable)
        event_free(qemu->readable);
    qemu->readable = NULL;
    if (qemu->output >= 0)
        close(qemu->output);
    qemu->output = -1;
}

static void kill_child(const struct installed_qemu *qemu)
{
    /* Its number is its own until it has been waited for. */
    if (qemu->child > 0)
        kill(-qemu->child, SIGKILL);
}

/* Reads what is there; false: nothing, now (EAGAIN) or for ever (another errno). */
static bool read_output(struct installed_qemu *qemu)
{
    ssize_t length;

    errno = 0;
    length = read(qemu->output, qemu->text + qemu->length, room(qemu));
    if (length < 0)
        return errno == EINTR;
    qemu->length += (size_t)length;
    return length > 0;
}

static void output_readable(evutil_socket_t fd, short what, void *context)
{
    struct installed_qemu *qemu = context;

    (void)fd, (void)what;
    if (!read_output(qemu) && errno != EAGAIN)
        close_output(qemu);
    else if (room(qemu) == 0)
        kill_child(qemu);
}

/* What it left behind may hold its output open: only what is in the pipe by now counts. */
static void child_ended(evutil_socket_t number, short what, void *context)
{
    struct installed_qemu *qemu = context;

    (void)number, (void)what;
    if (qemu->child == 0 || waitpid(qemu->child, &qemu->status, WNOHANG) != qemu->child)
        return;
    qemu->child = 0;
    event_del(qemu->ended);
    while (qemu->output >= 0 && room(qemu) > 0 && read_output(qemu))
        ;
    close_output(qemu);
    tell(qemu);
}

static void time_is_over(evutil_socket_t fd, short what, void *context)
{
    struct installed_qemu *qemu = context;

    (void)fd, (void)what;
    kill_child(qemu);
    close_output(qemu);
    tell(qemu);
}

/* Starts the program with its output on `output`; 0 or an errno. */
static int spawn(struct installed_qemu *qemu, int output)
{
    char *arguments[] = {qemu->program, (char[]){"--version"}, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t ignored, blocked;
    int error;

    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigemptyset(&blocked);
    error = posix_spawn_file_actions_init(&files);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&files);
        return error;
    }
    /* Nothing else of this process goes along: a socket that somebody holds does not close. */
    if ((error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&files, output, 1)) == 0 &&
        (error = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)) == 0 &&
        (error = posix_spawn_file_actions_addclosefrom_np(&files, 3)) == 0 &&
        (error = posix_spawnattr_setsigdefault(&attributes, &ignored)) == 0 &&
        (error = posix_spawnattr_setsigmask(&attributes, &blocked)) == 0 &&
        (error = posix_spawnattr_setpgroup(&attributes, 0)) == 0 &&
        (error =
             posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                       POSIX_SPAWN_SETPGROUP)) == 0)
        error = posix_spawn(&qemu->child, qemu->program, &files, &attributes, arguments, environ);
    if (error)
        qemu->child = 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static bool start(struct installed_qemu *qemu, struct event_base *base, int milliseconds)
{
    const struct timeval limit = {milliseconds / 1000, milliseconds % 1000 * 1000};
    int ends[2];
    int error;

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return false;
    qemu->output = ends[0];
    /* The program's end is like any other pipe. */
    fcntl(ends[1], F_SETFL, 0);
    qemu->readable = event_new(base, ends[0], EV_READ | EV_PERSIST, output_readable, qemu);
    error = !qemu->readable || event_add(qemu->readable, NULL) < 0 ||
            event_add(qemu->ended, NULL) < 0 || event_add(qemu->late, &limit) < 0 ||
            spawn(qemu, ends[1]) != 0;
    close(ends[1]);
    return !error;
}

struct installed_qemu *installed_qemu_ask(struct event_base *base, const char *path,
                                          int milliseconds, installed_qemu_answer *answer,
                                          void *context)
{
    struct installed_qemu *qemu = calloc(1, sizeof(*qemu));

    if (!qemu)
        return NULL;
    qemu->output = -1;
    qemu->answer = answer;
    qemu->context = context;
    qemu->ended = evsignal_new(base, SIGCHLD, child_ended, qemu);
    qemu->late = evtimer_new(base, time_is_over, qemu);
    if (!qemu->ended || !qemu->late) {
        installed_qemu_destroy(qemu);
        return NULL;
    }
    qemu->program = installed_qemu_find(path);
    if (!qemu->program || !start(qemu, base, milliseconds)) {
        event_del(qemu->ended);
        close_output(qemu);
        tell(qemu);
    }
    return qemu;
}

void installed_qemu_destroy(struct installed_qemu *qemu)
{
    if (!qemu)
        return;
    kill_child(qemu);
    /* It is not waited for: init takes it over. */
    if (qemu->child > 0)
        waitpid(qemu->child, NULL, WNOHANG);
    close_output(qemu);
    if (qemu->ended)
        event_free(qemu->ended);
    if (qemu->late)
        event_free(qemu->late);
    free(qemu->program);
    free(qemu);
}
