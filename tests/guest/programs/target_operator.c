/* SPDX-License-Identifier: MIT */

/*
 * target_operator PORT CONTROL
 *
 * The operator of one drive in the target guest, for a test program outside: accepts one connection
 * after the other on a TCP port and does what it says, one line after the other.
 *
 *     write SIZE PATH      SIZE bytes follow, which become the file, in one write: "ok" or "error"
 *     control JSON         a command for the control socket CONTROL: the drive's answer
 *     renew                the control socket is another one from now on: "ok"
 *
 * Attributes in configfs are files as well.
 */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_SIZE 8192
#define FILE_SIZE 65536

static FILE *drive_in, *drive_out;

static void drive_close(void)
{
    if (drive_in)
        fclose(drive_in);
    if (drive_out)
        fclose(drive_out);
    drive_in = drive_out = NULL;
}

static int drive_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char greeting[LINE_SIZE];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return -1;
    drive_in = fdopen(fd, "r");
    drive_out = fdopen(dup(fd), "w");
    return drive_in && drive_out && fgets(greeting, sizeof greeting, drive_in) ? 0 : -1;
}

/* Events on the way to the answer are dropped. */
static const char *control(const char *path, const char *command, char *answer)
{
    if (!drive_in && drive_connect(path) < 0)
        return "{\"error\": \"no control socket\"}\n";
    if (fprintf(drive_out, "%s\n", command) < 0 || fflush(drive_out) != 0)
        return "{\"error\": \"the control socket is broken\"}\n";
    while (fgets(answer, LINE_SIZE, drive_in))
        if (!strncmp(answer, "{\"return\"", 9) || !strncmp(answer, "{\"error\"", 8))
            return answer;
    return "{\"error\": \"the control socket was closed\"}\n";
}

static const char *write_file(FILE *in, const char *arguments)
{
    static char bytes[FILE_SIZE];
    char *path;
    size_t size = strtoul(arguments, &path, 10);
    ssize_t written = -1;
    int fd;

    if (size > sizeof bytes || *path != ' ' || fread(bytes, 1, size, in) != size)
        return "error\n";
    fd = open(path + 1, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0) {
        written = write(fd, bytes, size);
        close(fd);
    }
    return written == (ssize_t)size ? "ok\n" : "error\n";
}

static const char *serve_line(FILE *in, char *line, const char *path)
{
    static char answer[LINE_SIZE];

    line[strcspn(line, "\n")] = '\0';
    if (!strncmp(line, "write ", 6))
        return write_file(in, line + 6);
    if (!strncmp(line, "control ", 8))
        return control(path, line + 8, answer);
    if (!strcmp(line, "renew")) {
        drive_close();
        return "ok\n";
    }
    return "error\n";
}

static void serve(int fd, const char *path)
{
    FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
    char line[LINE_SIZE];

    while (in && out && fgets(line, sizeof line, in))
        if (fputs(serve_line(in, line, path), out) == EOF || fflush(out) != 0)
            break;
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    drive_close();
}

int main(int count, char **words)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1, fd;

    if (count != 3) {
        fprintf(stderr, "usage: target_operator PORT CONTROL\n");
        return 2;
    }
    address.sin_port = htons((uint16_t)strtoul(words[1], NULL, 10));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, 1) < 0) {
        perror("target_operator");
        return 1;
    }
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        serve(fd, words[2]);
    }
    return 0;
}
