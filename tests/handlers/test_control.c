/* SPDX-License-Identifier: MIT */
/*
 * The control socket, on socket pairs in one process.
 */
#include "handlers/control/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "emulator/fault.h"
#include "tests/tap.h"

#define SECTORS 64

static struct event_base *base;
static struct drive *drive;
static struct drive_nexus *nexus;
static struct control *control;
static bool host, quits, stores;
static char image[64];

struct client {
    int fd;
    char buffer[2 * CONTROL_LINE_MAX];
    size_t length;
    char line[2 * CONTROL_LINE_MAX]; /* the last one received */
    bool ended;
};

static struct client first, second;

static bool is_connected(void *context)
{
    (void)context;
    return host;
}

static void quit(void *context)
{
    (void)context;
    quits = true;
}

static bool store(void *context, const struct drive_nonvolatile *state)
{
    (void)context, (void)state;
    return stores;
}

static const struct control_server server = {
    .name = "test", .is_connected = is_connected, .quit = quit};

/* Clients ------------------------------------------------------------------ */

static void connect_client(struct client *client)
{
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert(control_adopt(control, pair[0]));
    *client = (struct client){.fd = pair[1]};
    fcntl(client->fd, F_SETFL, O_NONBLOCK);
}

static bool take_line(struct client *client)
{
    char *end = memchr(client->buffer, '\n', client->length);
    size_t length;

    if (!end)
        return false;
    length = (size_t)(end - client->buffer);
    memcpy(client->line, client->buffer, length);
    client->line[length] = 0;
    client->length -= length + 1;
    memmove(client->buffer, end + 1, client->length);
    return true;
}

/* The next line, or false when the server closes the connection. */
static bool receive(struct client *client)
{
    while (!take_line(client)) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        ssize_t step = read(client->fd, client->buffer + client->length,
                            sizeof(client->buffer) - client->length);
        if (step == 0 || (step < 0 && errno != EAGAIN))
            return false;
        client->length += step > 0 ? (size_t)step : 0;
    }
    return true;
}

static void transmit(struct client *client, const char *text, size_t length)
{
    size_t sent = 0;

    while (sent < length) {
        ssize_t step = send(client->fd, text + sent, length - sent, MSG_NOSIGNAL);
        event_base_loop(base, EVLOOP_NONBLOCK);
        if (step < 0 && errno != EAGAIN)
            return;
        sent += step > 0 ? (size_t)step : 0;
    }
}

static void say(struct client *client, const char *line)
{
    transmit(client, line, strlen(line));
    transmit(client, "\n", 1);
}

static void expect(struct client *client, const char *line)
{
    ck_assert(receive(client));
    ck_assert_str_eq(client->line, line);
}

/* An event, whose time nobody knows. */
static void expect_event(struct client *client, const char *start)
{
    static const char time[] = ",\"timestamp\":{\"seconds\":";

    ck_assert(receive(client));
    ck_assert_msg(strncmp(client->line, start, strlen(start)) == 0, "%s", client->line);
    ck_assert_msg(strncmp(client->line + strlen(start), time, strlen(time)) == 0, "%s",
                  client->line);
}

/* Set-up ------------------------------------------------------------------- */

static void make_image(void)
{
    int file;

    strcpy(image, "/tmp/vodd-test-XXXXXX");
    file = mkstemp(image);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, SECTORS * 2048), 0);
    close(file);
}

static void setup(void)
{
    struct drive_environment environment = {.store = store};
    struct drive_profile profile;

    make_image();
    host = quits = false;
    stores = true;
    drive_profile_init(&profile);
    base = event_base_new();
    drive = drive_create(&profile, NULL, &environment, 0);
    nexus = drive_nexus_attach(drive, true);
    control = control_create(base, -1, drive, &server);
    ck_assert_ptr_nonnull(control);
    connect_client(&first);
    ck_assert(receive(&first));
}

static void teardown(void)
{
    close(first.fd);
    control_destroy(control);
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    event_base_free(base);
    unlink(image);
}

static void execute(const char *cdb, uint8_t length)
{
    uint8_t bytes[64];
    const struct iovec iov = {bytes, sizeof(bytes)};
    struct drive_command command = {.nexus = nexus, .cdb_length = length};

    memcpy(command.cdb, cdb, length);
    drive_execute(drive, &command, &iov, 1, 0);
}

static void insert(void)
{
    char line[256];

    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"css\":true}}", image);
    say(&first, line);
    do
        ck_assert(receive(&first));
    while (strncmp(first.line, "{\"return\"", 9) != 0);
}

/* The envelope ------------------------------------------------------------- */

START_TEST(greeting)
{
    ck_assert_str_eq(first.line, "{\"vodd\":{\"version\":\"" VODD_VERSION
                                 "\",\"name\":\"test\",\"vendor\":\"VODD\",\"product\":\"DVD-ROM\","
                                 "\"serial\":\"VODD00000001\"}}");
}
END_TEST

START_TEST(ids_come_back)
{
    say(&first, "{\"execute\":\"eject\",\"id\":7}");
    expect_event(&first, "{\"event\":\"tray\",\"data\":{\"open\":true}");
    expect_event(&first, "{\"event\":\"medium\",\"data\":{\"state\":\"tray-open\"}");
    expect(&first, "{\"return\":{},\"id\":7}");
    say(&first, "{\"execute\":\"eject\",\"id\":{\"a\":[1,\"\\n\"]}}");
    expect(&first, "{\"return\":{},\"id\":{\"a\":[1,\"\\n\"]}}");
    say(&first, "{\"execute\":\"nothing\",\"id\":null}");
    expect(&first, "{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"no command nothing\"},"
                   "\"id\":null}");
    say(&first, "{\"execute\":\"eject\"}");
    expect(&first, "{\"return\":{}}");
}
END_TEST

START_TEST(requests_that_are_none)
{
    static const struct {
        const char *line, *class, *part;
    } wrong[] = {
        {"{",                                                                      "GenericError",    "not JSON"              },
        {"nonsense",                                                               "GenericError",    "not JSON"              },
        {"{\"execute\":\"eject\",\"execute\":1}",                                  "GenericError",    "duplicate"             },
        {"{\"execute\":\"eject\"} {}",                                             "GenericError",    "not JSON"              },
        {"[]",                                                                     "GenericError",    "a request is an object"},
        {"\"eject\"",                                                              "GenericError",    "not JSON"              },
        {"{}",                                                                     "GenericError",    "execute"               },
        {"{\"execute\":1}",                                                        "GenericError",    "not a request"         },
        {"{\"execute\":\"eject\",\"extra\":1}",                                    "GenericError",    "extra"                 },
        {"{\"execute\":\"eject\",\"arguments\":[]}",                               "InvalidArgument", "an object"             },
        {"{\"execute\":\"eject\",\"arguments\":{\"a\":1}}",                        "InvalidArgument", "no argument a"         },
        {"{\"execute\":\"eject\",\"arguments\":{\"remove\":1}}",                   "InvalidArgument", "remove"                },
        {"{\"execute\":\"insert\",\"arguments\":{\"css\":true}}",                  "InvalidArgument", "file"                  },
        {"{\"execute\":\"insert\",\"arguments\":{\"file\":1}}",                    "InvalidArgument", "string"                },
        {"{\"execute\":\"insert\",\"arguments\":{\"file\":\"/nonexistent.iso\"}}", "GenericError",
         "/nonexistent.iso"                                                                                                   },
        {"\xFF\xFE",                                                               "GenericError",    "not JSON"              },
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        json_error_t fault;
        const char *class, *text;
        json_t *answer;

        say(&first, wrong[i].line);
        ck_assert(receive(&first));
        answer = json_loads(first.line, 0, &fault);
        ck_assert_msg(
            json_unpack(answer, "{s:{s:s, s:s}}", "error", "class", &class, "desc", &text) == 0,
            "%s", first.line);
        ck_assert_str_eq(class, wrong[i].class);
        ck_assert_msg(strstr(text, wrong[i].part) != NULL, "%s: %s", wrong[i].line, text);
        json_decref(answer);
    }
    /* The connection lives. */
    say(&first, "{\"execute\":\"eject\"}");
    ck_assert(receive(&first));
}
END_TEST

START_TEST(nul_bytes)
{
    transmit(&first, "{\"execute\":\"\0\"}\n", 16);
    ck_assert(receive(&first));
    ck_assert_ptr_nonnull(strstr(first.line, "not JSON"));
}
END_TEST

START_TEST(lines_in_pieces_and_together)
{
    const char line[] = "{\"execute\":\"region-show\"}\n";

    for (const char *c = line; *c; c++)
        transmit(&first, c, 1);
    ck_assert(receive(&first));
    static const char several[] =
        "\n  \r\n{\"execute\":\"region-show\"}\r\n{\"execute\":\"nothing\"}\n";
    transmit(&first, several, strlen(several));
    ck_assert(receive(&first));
    ck_assert_ptr_nonnull(strstr(first.line, "\"type\":\"none\""));
    ck_assert(receive(&first));
    ck_assert_ptr_nonnull(strstr(first.line, "CommandNotFound"));
}
END_TEST

START_TEST(longest_line)
{
    char *line = malloc(CONTROL_LINE_MAX + 2);
    static const char start[] = "{\"execute\":\"region-show\",\"id\":\"";

    memset(line, 'x', CONTROL_LINE_MAX);
    for (size_t i = 0; start[i]; i++)
        line[i] = start[i];
    line[CONTROL_LINE_MAX - 2] = '"';
    line[CONTROL_LINE_MAX - 1] = '}';
    line[CONTROL_LINE_MAX] = '\n';
    transmit(&first, line, CONTROL_LINE_MAX + 1);
    ck_assert(receive(&first));
    ck_assert_int_eq(strncmp(first.line, "{\"return\"", 9), 0);

    /* One byte more, with and without an end in sight. */
    for (unsigned ended = 0; ended < 2; ended++) {
        connect_client(&second);
        ck_assert(receive(&second));
        memset(line, ' ', CONTROL_LINE_MAX + 1);
        line[CONTROL_LINE_MAX + 1] = '\n';
        transmit(&second, line, CONTROL_LINE_MAX + 1 + ended);
        expect(&second,
               "{\"error\":{\"class\":\"GenericError\",\"desc\":\"a line has at most 65536 "
               "bytes\"}}");
        ck_assert(!receive(&second));
        close(second.fd);
    }
    free(line);
}
END_TEST

START_TEST(client_that_leaves_before_the_greeting)
{
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    close(pair[1]);
    control_adopt(control, pair[0]);
    event_base_loop(base, EVLOOP_NONBLOCK);
    say(&first, "{\"execute\":\"region-show\"}");
    ck_assert(receive(&first));
}
END_TEST

/* Who gives way, and to whom ---------------------------------------------- */

static const char closed[] =
    "{\"error\":{\"class\":\"GenericError\",\"desc\":\"closed in favour of another connection\"}}";

static void expect_end(struct client *client)
{
    expect(client, closed);
    ck_assert(!receive(client));
    close(client->fd);
}

START_TEST(the_one_that_matters_least_gives_way)
{
    static struct client silent, spoke, watches;

    connect_client(&watches);
    ck_assert(receive(&watches));
    say(&watches, "{\"execute\":\"trace-watch\"}");
    ck_assert(receive(&watches));
    connect_client(&spoke);
    ck_assert(receive(&spoke));
    say(&spoke, "{\"execute\":\"region-show\"}");
    ck_assert(receive(&spoke));
    connect_client(&silent);
    ck_assert(receive(&silent));
    connect_client(&second);
    ck_assert(receive(&second));
    /* The first one came first and spoke last. */
    say(&first, "{\"execute\":\"region-show\"}");
    ck_assert(receive(&first));

    static struct client *const order[5] = {&silent, &second, &spoke, &first, &watches};
    for (size_t i = 0; i < 5; i++) {
        ck_assert(control_make_room(control));
        expect_end(order[i]);
    }
    ck_assert(!control_make_room(control));
    connect_client(&first);
    ck_assert(receive(&first));
}
END_TEST

START_TEST(idle_clients_lock_nobody_out)
{
    int idle[2 * CONTROL_CLIENTS_MAX];
    unsigned left = 0;

    say(&first, "{\"execute\":\"region-show\"}");
    ck_assert(receive(&first));
    for (unsigned i = 0; i < 2 * CONTROL_CLIENTS_MAX; i++) {
        connect_client(&second);
        idle[i] = second.fd;
    }
    /* One that has spoken is still served, and so is the last that came. */
    say(&first, "{\"execute\":\"region-show\"}");
    ck_assert(receive(&first));
    say(&second, "{\"execute\":\"region-show\"}");
    ck_assert(receive(&second) && receive(&second));
    ck_assert_ptr_nonnull(strstr(second.line, "\"return\""));
    for (unsigned i = 0; i < 2 * CONTROL_CLIENTS_MAX; i++) {
        char bytes[1024];
        ssize_t length = read(idle[i], bytes, sizeof(bytes));
        while (length > 0)
            length = read(idle[i], bytes, sizeof(bytes));
        left += length < 0;
        close(idle[i]);
    }
    ck_assert_uint_eq(left, CONTROL_CLIENTS_MAX - 1);
}
END_TEST

/* Clients that do not read, or only now and then -------------------------- */

static unsigned lost_events(const char *line)
{
    static const char start[] = "{\"event\":\"lost\",\"data\":{\"events\":";

    return strncmp(line, start, strlen(start)) ? 0
                                               : (unsigned)strtoul(line + strlen(start), NULL, 10);
}

START_TEST(client_that_does_not_read_hears_what_it_missed)
{
    const unsigned count = 40000;
    unsigned seen = 0, lost = 0;

    connect_client(&second);
    ck_assert(receive(&second));
    /* The one that reads gets them all. */
    for (unsigned i = 0; i < count; i++) {
        control_host_changed(control, i % 2 == 0);
        ck_assert(receive(&first));
        ck_assert_uint_eq(lost_events(first.line), 0);
    }
    /* The other one those that there was room for, and then their number; in their order. */
    while (lost == 0) {
        ck_assert(receive(&second));
        lost = lost_events(second.line);
        if (lost == 0)
            ck_assert_ptr_nonnull(strstr(second.line, seen++ % 2 == 0 ? "true" : "false"));
    }
    ck_assert_uint_gt(seen * strlen(second.line), CONTROL_OUTPUT_MAX / 2);
    ck_assert_uint_eq(seen + lost, count);
    /* From then on it is as it was. */
    control_host_changed(control, true);
    expect_event(&second, "{\"event\":\"host\",\"data\":{\"connected\":true}");
    say(&second, "{\"execute\":\"nothing\"}");
    ck_assert(receive(&second));
    ck_assert_ptr_nonnull(strstr(second.line, "CommandNotFound"));
    close(second.fd);
}
END_TEST

START_TEST(client_that_asks_and_does_not_read_is_not_read_from)
{
    char line[128];
    unsigned sent = 0, idle = 0;

    connect_client(&second);
    ck_assert(receive(&second));
    while (idle < 100) {
        int length = snprintf(line, sizeof(line), "{\"execute\":\"status\",\"id\":%u}\n", sent);
        ssize_t step = send(second.fd, line, (size_t)length, MSG_NOSIGNAL);
        event_base_loop(base, EVLOOP_NONBLOCK);
        ck_assert(step < 0 || step == length);
        idle = step < 0 ? idle + 1 : 0;
        sent += step > 0;
        ck_assert_uint_lt(sent, 100000);
    }
    /* Nothing is lost of what was asked. */
    for (unsigned i = 0; i < sent; i++) {
        ck_assert(receive(&second));
        snprintf(line, sizeof(line), ",\"id\":%u}", i);
        ck_assert_msg(strlen(second.line) > strlen(line) &&
                          strcmp(second.line + strlen(second.line) - strlen(line), line) == 0,
                      "%u: %s", i, second.line);
    }
    close(second.fd);
}
END_TEST

/* Reading what others need not wait for. */
static bool has_answer(struct client *client)
{
    ssize_t step =
        read(client->fd, client->buffer + client->length, sizeof(client->buffer) - client->length);

    client->length += step > 0 ? (size_t)step : 0;
    return take_line(client);
}

START_TEST(requests_of_one_do_not_delay_those_of_others)
{
    static char many[64 * 1024];
    static const char line[] = "{\"execute\":\"status\"}\n";
    unsigned turns = 0, answers = 0;
    size_t length = 0;

    while (length + sizeof(line) < sizeof(many)) {
        memcpy(many + length, line, sizeof(line) - 1);
        length += sizeof(line) - 1;
    }
    connect_client(&second);
    ck_assert(receive(&second));
    ck_assert_int_eq(send(first.fd, many, length, 0), (ssize_t)length);
    event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    ck_assert_int_eq(send(second.fd, line, strlen(line), 0), (ssize_t)strlen(line));
    do
        event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    while (turns++ < 10 && !has_answer(&second));
    ck_assert_uint_le(turns, 10);
    while (has_answer(&first))
        answers++;
    ck_assert_uint_le(answers, turns + 1);
    close(second.fd);
}
END_TEST

START_TEST(client_that_sends_all_it_has_and_ends_its_side)
{
    static const char line[] = "{\"execute\":\"status\"}\n";

    connect_client(&second);
    ck_assert(receive(&second));
    for (unsigned i = 0; i < 100; i++)
        ck_assert_int_eq(send(second.fd, line, strlen(line), 0), (ssize_t)strlen(line));
    shutdown(second.fd, SHUT_WR);
    for (unsigned i = 0; i < 100; i++) {
        ck_assert(receive(&second));
        ck_assert_ptr_nonnull(strstr(second.line, "\"return\""));
    }
    ck_assert(!receive(&second));
    close(second.fd);
}
END_TEST

/* Commands ----------------------------------------------------------------- */

START_TEST(status_of_an_empty_drive)
{
    say(&first, "{\"execute\":\"status\"}");
    expect(&first,
           "{\"return\":{\"name\":\"test\",\"drive\":{\"vendor\":\"VODD\",\"product\":\"DVD-ROM\","
           "\"revision\":\"1.00\",\"serial\":\"VODD00000001\"},\"medium\":\"absent\",\"disc\":null,"
           "\"prevented\":false,\"persistent-prevented\":false,\"region\":{\"rpc\":\"phase-2\","
           "\"type\":\"none\",\"regions\":[],\"user-changes\":5,\"vendor-resets\":4},"
           "\"asf\":false,\"agids\":[\"free\",\"free\",\"free\",\"free\"],\"faults\":0,\"host\":"
           "false}}");
}
END_TEST

START_TEST(status_with_a_disc)
{
    char expected[1024];

    insert();
    host = true;
    execute("\0\0\0\0\0\0", 6); /* takes the attentions */
    execute("\0\0\0\0\0\0", 6);
    execute("\x1E\0\0\0\1\0", 6);                  /* PREVENT */
    execute("\xA4\0\0\0\0\0\0\0\0\x08\0\0", 12);   /* REPORT KEY, AGID */
    ck_assert(receive(&first) && receive(&first)); /* their events */
    say(&first, "{\"execute\":\"status\"}");
    snprintf(expected, sizeof(expected),
             "{\"return\":{\"name\":\"test\",\"drive\":{\"vendor\":\"VODD\",\"product\":"
             "\"DVD-ROM\",\"revision\":\"1.00\",\"serial\":\"VODD00000001\"},\"medium\":\"ready\","
             "\"disc\":{\"image\":\"%s\",\"medium\":\"dvd-rom\",\"sectors\":64,\"layers\":1,"
             "\"protection\":\"css\",\"regions\":[1,2,3,4,5,6,7,8]},"
             "\"prevented\":true,\"persistent-prevented\":false,\"region\":{\"rpc\":\"phase-2\","
             "\"type\":\"none\",\"regions\":[],\"user-changes\":5,\"vendor-resets\":4},"
             "\"asf\":false,\"agids\":[\"granted\",\"free\",\"free\",\"free\"],\"faults\":0,"
             "\"host\":true}}",
             image);
    expect(&first, expected);
}
END_TEST

START_TEST(insert_options)
{
    char line[256];

    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"css\":true,\"regions\":"
             "\"2,5\",\"seed\":9}}",
             image);
    say(&first, line);
    do
        ck_assert(receive(&first));
    while (strncmp(first.line, "{\"return\"", 9) != 0);
    say(&first, "{\"execute\":\"status\"}");
    ck_assert(receive(&first));
    ck_assert_ptr_nonnull(strstr(first.line, "\"protection\":\"css\",\"regions\":[2,5]"));
    struct drive_view view;
    drive_view(drive, &view);
    ck_assert_uint_eq(disc_description(view.disc)->seed, 9);

    /* One that is not right changes nothing. */
    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"css\":true,\"regions\":"
             "\"9\"}}",
             image);
    say(&first, line);
    ck_assert(receive(&first));
    ck_assert_ptr_nonnull(strstr(first.line, "\"error\""));
    drive_view(drive, &view);
    ck_assert_uint_eq(disc_description(view.disc)->seed, 9);
}
END_TEST

/* What clients send before the event loop runs is served in one turn, in which no disc is done. */
static void send_at_once(struct client *client, const char *text)
{
    ck_assert_int_eq(send(client->fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* The next line that is no event. */
static void receive_answer(struct client *client)
{
    do
        ck_assert(receive(client));
    while (strncmp(client->line, "{\"event\"", 8) == 0);
}

START_TEST(a_disc_with_a_warning_is_in_unless_strict)
{
    char line[256], expected[512];

    snprintf(line, sizeof(line), "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\"}}", image);
    say(&first, line);
    receive_answer(&first);
    snprintf(expected, sizeof(expected),
             "{\"return\":{\"warnings\":[\"%s: no file system, neither UDF nor ISO 9660, so hosts "
             "will not know what is on it\"]}}",
             image);
    ck_assert_str_eq(first.line, expected);
    say(&first, "{\"execute\":\"eject\",\"arguments\":{\"remove\":true}}");
    receive_answer(&first);

    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"strict\":true}}", image);
    say(&first, line);
    snprintf(expected, sizeof(expected),
             "{\"error\":{\"class\":\"GenericError\",\"desc\":\"%s: no file system, neither UDF "
             "nor ISO 9660, so hosts will not know what is on it\"}}",
             image);
    receive_answer(&first);
    ck_assert_str_eq(first.line, expected);
    struct drive_view view;
    drive_view(drive, &view);
    ck_assert_ptr_null(view.disc);
}
END_TEST

/* A fixture's image is named in warnings and errors; its name is any bytes, no lines of their own.
 */
START_TEST(a_disc_of_any_name_is_answered)
{
    char fixture[80], odd[80], line[256], expected[512];
    FILE *file;

    snprintf(fixture, sizeof(fixture), "%s.disc", image);
    snprintf(odd, sizeof(odd), "%s-caf\xE9\xE2\x80\xAE", image);
    file = fopen(fixture, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "[disc]\nimage = %s\n", odd);
    fclose(file);
    snprintf(line, sizeof(line), "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\"}}",
             fixture);
    say(&first, line);
    receive_answer(&first);
    snprintf(expected, sizeof(expected),
             "%s-caf\xEF\xBF\xBD\\\\xE2\\\\x80\\\\xAE: No such file or directory\"}}", image);
    ck_assert_msg(strncmp(first.line, "{\"error\"", 8) == 0, "%s", first.line);
    ck_assert_msg(strstr(first.line, expected) != NULL, "%s", first.line);

    ck_assert_int_eq(link(image, odd), 0);
    say(&first, line);
    receive_answer(&first);
    snprintf(expected, sizeof(expected), "%s-caf\xEF\xBF\xBD\xE2\x80\xAE: no file system", image);
    ck_assert_msg(strncmp(first.line, "{\"return\":{\"warnings\":[\"", 24) == 0, "%s", first.line);
    ck_assert_msg(strstr(first.line, expected) != NULL, "%s", first.line);
    unlink(odd);
    unlink(fixture);
}
END_TEST

/*
 * While a disc is being made other clients are served, a second disc is refused, and the client
 * that waits gets its answers in the order of its requests.
 */
START_TEST(a_disc_is_made_while_others_are_served)
{
    char line[512];

    connect_client(&second);
    ck_assert(receive(&second));
    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"css\":true},\"id\":1}\n"
             "{\"execute\":\"region-show\",\"id\":2}\n",
             image);
    send_at_once(&first, line);
    snprintf(line, sizeof(line),
             "{\"execute\":\"region-show\",\"id\":3}\n"
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\"},\"id\":4}\n",
             image);
    send_at_once(&second, line);
    receive_answer(&second);
    ck_assert_ptr_nonnull(strstr(second.line, "\"id\":3}"));
    receive_answer(&second);
    ck_assert_str_eq(second.line, "{\"error\":{\"class\":\"GenericError\",\"desc\":\"busy: another "
                                  "disc is being looked at\"},\"id\":4}");
    receive_answer(&first);
    ck_assert_ptr_nonnull(strstr(first.line, "\"id\":1}"));
    receive_answer(&first);
    ck_assert_ptr_nonnull(strstr(first.line, "\"id\":2}"));
    close(second.fd);
}
END_TEST

/* The disc goes in; nobody is answered. */
START_TEST(a_client_may_leave_while_its_disc_is_made)
{
    struct drive_view view;
    char line[256];

    connect_client(&second);
    ck_assert(receive(&second));
    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"css\":true}}\n", image);
    send_at_once(&second, line);
    event_base_loop(base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
    close(second.fd);
    do {
        event_base_loop(base, EVLOOP_NONBLOCK);
        drive_view(drive, &view);
    } while (!view.disc);
    say(&first, "{\"execute\":\"eject\"}");
    receive_answer(&first);
}
END_TEST

/* The server may end meanwhile: teardown destroys the control socket at once. */
START_TEST(the_end_may_come_while_a_disc_is_made)
{
    char line[256];

    snprintf(line, sizeof(line),
             "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\",\"css\":true}}\n", image);
    send_at_once(&first, line);
    event_base_loop(base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
    connect_client(&second);
    ck_assert(receive(&second));
    say(&second, "{\"execute\":\"quit\"}");
    receive_answer(&second);
    ck_assert(quits);
    close(second.fd);
}
END_TEST

START_TEST(tray)
{
    insert();
    say(&first, "{\"execute\":\"eject\"}");
    expect_event(&first, "{\"event\":\"tray\",\"data\":{\"open\":true}");
    expect_event(&first, "{\"event\":\"medium\",\"data\":{\"state\":\"tray-open\"}");
    expect(&first, "{\"return\":{}}");
    say(&first, "{\"execute\":\"press\"}");
    expect_event(&first, "{\"event\":\"tray\",\"data\":{\"open\":false}");
    do
        ck_assert(receive(&first));
    while (strncmp(first.line, "{\"return\"", 9) != 0);
    ck_assert_str_eq(first.line, "{\"return\":{\"moved\":true}}");
    say(&first, "{\"execute\":\"eject\",\"arguments\":{\"remove\":true}}");
    ck_assert(receive(&first) && receive(&first));
    expect(&first, "{\"return\":{}}");
    say(&first, "{\"execute\":\"insert\"}");
    expect_event(&first, "{\"event\":\"tray\",\"data\":{\"open\":false}");
    expect_event(&first, "{\"event\":\"medium\",\"data\":{\"state\":\"absent\"}");
    expect(&first, "{\"return\":{}}");
}
END_TEST

START_TEST(button_while_prevented)
{
    insert();
    execute("\0\0\0\0\0\0", 6);
    execute("\0\0\0\0\0\0", 6);
    execute("\x1E\0\0\0\1\0", 6);
    expect_event(&first, "{\"event\":\"prevent\",\"data\":{\"prevented\":true}");
    say(&first, "{\"execute\":\"press\"}");
    expect_event(&first, "{\"event\":\"eject-request\",\"data\":{}");
    expect(&first, "{\"return\":{\"moved\":false}}");
}
END_TEST

START_TEST(region_reset)
{
    for (int left = 3; left >= 0; left--) {
        char expected[256];

        say(&first, "{\"execute\":\"region-reset\"}");
        snprintf(expected, sizeof(expected),
                 "\"rpc\":\"phase-2\",\"type\":\"none\",\"regions\":[],\"user-changes\":5,"
                 "\"vendor-resets\":%d}",
                 left);
        do {
            ck_assert(receive(&first));
            ck_assert_ptr_nonnull(strstr(first.line, expected));
        } while (strncmp(first.line, "{\"return\"", 9) != 0);
    }
    say(&first, "{\"execute\":\"region-reset\"}");
    expect(&first, "{\"error\":{\"class\":\"GenericError\",\"desc\":\"no vendor reset is left\"}}");
}
END_TEST

START_TEST(region_reset_that_cannot_be_stored)
{
    stores = false;
    say(&first, "{\"execute\":\"region-reset\"}");
    expect(&first, "{\"error\":{\"class\":\"GenericError\",\"desc\":\"the new state could not be "
                   "stored\"}}");
}
END_TEST

START_TEST(quit_answers_first)
{
    say(&first, "{\"execute\":\"quit\"}");
    expect(&first, "{\"return\":{}}");
    ck_assert(quits);
    control_destroy(control);
    ck_assert(!receive(&first));
    control = control_create(base, -1, drive, &server);
}
END_TEST

/* Events ------------------------------------------------------------------- */

START_TEST(events_reach_every_client)
{
    connect_client(&second);
    ck_assert(receive(&second));
    insert();
    do
        ck_assert(receive(&second));
    while (!strstr(second.line, "\"state\":\"ready\""));
    execute("\0\0\0\0\0\0", 6);
    execute("\0\0\0\0\0\0", 6);
    execute("\xA4\0\0\0\0\0\0\0\0\x08\0\0", 12);
    static const char granted[] =
        "{\"event\":\"agid\",\"data\":{\"agid\":0,\"from\":\"free\",\"to\":\"granted\"}";
    expect_event(&first, granted);
    expect_event(&second, granted);
    drive_reset(drive, DRIVE_RESET_HARD, 0);
    expect_event(&first, "{\"event\":\"agid\",\"data\":{\"agid\":0,\"from\":\"granted\",\"to\":"
                         "\"free\"}");
    do
        ck_assert(receive(&first));
    while (!strstr(first.line, "\"event\":\"reset\""));
    control_host_changed(control, true);
    expect_event(&first, "{\"event\":\"host\",\"data\":{\"connected\":true}");
    close(second.fd);
}
END_TEST

/* Traces ------------------------------------------------------------------- */

static void expect_line_with(struct client *client, const char *part)
{
    ck_assert(receive(client));
    ck_assert_msg(strstr(client->line, part) != NULL, "%s", client->line);
}

START_TEST(trace_into_a_file)
{
    char request[200], path[80], line[256] = "";

    snprintf(path, sizeof(path), "%s.trace", image);
    snprintf(request, sizeof(request),
             "{\"execute\":\"trace-start\",\"arguments\":{\"file\":\"%s\"}}", path);
    say(&first, request);
    expect(&first, "{\"return\":{}}");
    say(&first, request);
    expect_line_with(&first, "a trace is being written already");
    execute("\x12\0\0\0\x05\0", 6);
    say(&first, "{\"execute\":\"trace-stop\"}");
    expect(&first, "{\"return\":{}}");
    execute("\x12\0\0\0\x05\0", 6);
    say(&first, "{\"execute\":\"trace-stop\"}");
    expect_line_with(&first, "no trace was started here");

    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
    ck_assert_int_eq(strncmp(line, "{\"vodd-trace\":1,", 16), 0);
    unsigned lines = 0;
    for (int c; (c = getc(file)) != EOF;)
        lines += c == '\n';
    ck_assert_uint_le(lines, 3); /* with the end */
    fclose(file);
    unlink(path);
}
END_TEST

START_TEST(trace_requests_that_are_wrong)
{
    static const char *const wrong[][2] = {
        {"{}",                                          "file: a string is expected"                        },
        {"{\"file\":\"/nonexistent/a\"}",               "/nonexistent/a: No such file or directory"         },
        {"{\"file\":\"/dev/full\"}",                    "/dev/full: is a character device; accepted: a file"},
        {"{\"file\":\"/tmp/x\",\"force\":1}",           "force: a boolean is expected"                      },
        {"{\"file\":\"/tmp/x\",\"medium-bytes\":9999}", "an integer from 0 to 2112"                         },
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        char request[200];
        snprintf(request, sizeof(request), "{\"execute\":\"trace-start\",\"arguments\":%s}",
                 wrong[i][0]);
        say(&first, request);
        expect_line_with(&first, wrong[i][1]);
    }
}
END_TEST

START_TEST(only_clients_that_watch_get_the_trace)
{
    connect_client(&second);
    ck_assert(receive(&second));
    say(&second, "{\"execute\":\"trace-watch\"}");
    expect_line_with(&second, "{\"return\":{\"vodd-trace\":1,");
    execute("\x12\0\0\0\x05\0", 6);
    expect_line_with(&second, "{\"event\":\"trace\",\"data\":{\"command\":1,");
    ck_assert_ptr_nonnull(strstr(second.line, "\"name\":\"INQUIRY\""));
    execute("\x12\0\0\0\x05\0", 6);
    expect_line_with(&second, "{\"event\":\"trace\",\"data\":{\"command\":2,");
    say(&first, "{\"execute\":\"region-show\"}");
    expect_line_with(&first, "{\"return\":");

    /* The one that watches leaves; commands go on, and another one may come. */
    close(second.fd);
    for (unsigned i = 0; i < 3; i++) {
        execute("\x12\0\0\0\x05\0", 6);
        event_base_loop(base, EVLOOP_NONBLOCK);
    }
    say(&first, "{\"execute\":\"trace-watch\"}");
    expect_line_with(&first, "{\"return\":{\"vodd-trace\":1,");
    execute("\x12\0\0\0\x05\0", 6);
    expect_line_with(&first, "{\"event\":\"trace\",\"data\":{\"command\":1,");
}
END_TEST

/* Fault rules -------------------------------------------------------------- */

START_TEST(fault_rules_are_added_listed_and_taken_away)
{
    say(&first, "{\"execute\":\"fault-list\"}");
    expect(&first, "{\"return\":{\"faults\":[]}}");
    say(&first, "{\"execute\":\"fault-add\",\"arguments\":{\"name\":\"r\",\"rule\":{\"command\":"
                "\"INQUIRY\",\"truncate\":3,\"drop-asf\":false,\"times\":\"1\"}}}");
    expect_event(&first, "{\"event\":\"fault\",\"data\":{\"name\":\"r\",\"change\":\"added\"}");
    expect(&first, "{\"return\":{\"names\":[\"r\"],\"rules\":[\"command=INQUIRY truncate=3 "
                   "drop-asf=off times=1\"]}}");
    execute("\x12\0\0\0\x24\0", 6);
    expect_event(&first, "{\"event\":\"fault\",\"data\":{\"name\":\"r\",\"change\":\"applied\"}");
    say(&first, "{\"execute\":\"fault-list\"}");
    expect(&first, "{\"return\":{\"faults\":[{\"name\":\"r\",\"rule\":\"command=INQUIRY truncate=3 "
                   "drop-asf=off times=1\",\"met\":1,\"applied\":1,\"spent\":true}]}}");
    say(&first, "{\"execute\":\"fault-clear\",\"arguments\":{\"name\":\"r\"}}");
    expect_event(&first, "{\"event\":\"fault\",\"data\":{\"name\":\"r\",\"change\":\"removed\"}");
    expect(&first, "{\"return\":{}}");
    say(&first, "{\"execute\":\"fault-clear\"}");
    expect(&first, "{\"return\":{}}");
}
END_TEST

START_TEST(a_scenario_can_be_changed)
{
    say(&first,
        "{\"execute\":\"fault-add\",\"arguments\":{\"scenario\":\"becoming-ready\",\"rule\":{"
        "\"times\":\"always\"}}}");
    expect_event(
        &first, "{\"event\":\"fault\",\"data\":{\"name\":\"becoming-ready\",\"change\":\"added\"}");
    expect_line_with(&first, "{\"return\":{\"names\":[\"becoming-ready\"],\"rules\":[\"");
    struct fault_status status;
    ck_assert(drive_fault_get(drive, 0, &status));
    ck_assert_int_eq(status.rule->times, -1);
    ck_assert_uint_eq(status.rule->effect.becoming_ready, UINT64_C(15000000000));
}
END_TEST

static const struct {
    const char *arguments, *answer;
} bad_faults[] = {
    {"{}",                                                    "InvalidArgument\",\"desc\":\"either name or scenario is expected"},
    {"{\"name\":\"r\",\"scenario\":\"x\"}",
     "InvalidArgument\",\"desc\":\"either name or scenario is expected"                                                         },
    {"{\"name\":\"r\",\"rule\":[]}",                          "InvalidArgument\",\"desc\":\"rule: an object is expected"        },
    {"{\"name\":\"r\",\"rule\":{\"delay\":[]}}",
     "InvalidArgument\",\"desc\":\"rule: delay: a string, an integer or a boolean is expected"                                  },
    {"{\"name\":\"r\",\"rule\":{\"sense\":\"tray-opened\"}}",
     "InvalidArgument\",\"desc\":\"fault r: sense = tray-opened: no such sense; the nearest is "
     "\\\"tray-open\\\"; accepted: the name of a sense or K/ASC/ASCQ in hexadecimal"                                            },
    {"{\"name\":\"r\",\"rule\":{\"sens\":1,\"dela\":1}}",
     "InvalidArgument\",\"desc\":\"fault r: sens: no such key in [fault]; the nearest is "
     "\\\"sense\\\"\\nfault r: dela: no such key in [fault]; the nearest is \\\"delay\\\""                                      },
    {"{\"scenario\":\"becoming-redy\"}",
     "InvalidArgument\",\"desc\":\"catalog:becoming-redy: no such scenario; the nearest is "
     "\\\"becoming-ready\\\""                                                                                                   },
};

START_TEST(fault_rules_that_are_none)
{
    char line[512], answer[512];

    snprintf(line, sizeof(line), "{\"execute\":\"fault-add\",\"arguments\":%s}",
             bad_faults[_i].arguments);
    snprintf(answer, sizeof(answer), "{\"error\":{\"class\":\"%s\"}}", bad_faults[_i].answer);
    say(&first, line);
    expect(&first, answer);
}
END_TEST

START_TEST(fault_rules_with_names_that_are_there_or_not)
{
    static const char add[] = "{\"execute\":\"fault-add\",\"arguments\":{\"name\":\"r\",\"rule\":{"
                              "\"truncate\":0}}}";

    say(&first, add);
    ck_assert(receive(&first));
    ck_assert(receive(&first));
    say(&first, add);
    expect(&first,
           "{\"error\":{\"class\":\"GenericError\",\"desc\":\"fault r: there is a rule of this "
           "name already\"}}");
    say(&first, "{\"execute\":\"fault-clear\",\"arguments\":{\"name\":\"s\"}}");
    expect(&first, "{\"error\":{\"class\":\"GenericError\",\"desc\":\"fault s: there is no rule of "
                   "this name\"}}");
}
END_TEST

static Suite *control_suite(void)
{
    Suite *suite = suite_create("control");
    TCase *envelope = tcase_create("envelope"), *commands = tcase_create("commands");

    tcase_add_checked_fixture(envelope, setup, teardown);
    tcase_add_test(envelope, greeting);
    tcase_add_test(envelope, ids_come_back);
    tcase_add_test(envelope, requests_that_are_none);
    tcase_add_test(envelope, nul_bytes);
    tcase_add_test(envelope, lines_in_pieces_and_together);
    tcase_add_test(envelope, longest_line);
    tcase_add_test(envelope, fault_rules_are_added_listed_and_taken_away);
    tcase_add_test(envelope, a_scenario_can_be_changed);
    tcase_add_loop_test(envelope, fault_rules_that_are_none, 0,
                        sizeof(bad_faults) / sizeof(*bad_faults));
    tcase_add_test(envelope, fault_rules_with_names_that_are_there_or_not);
    tcase_add_test(envelope, client_that_leaves_before_the_greeting);
    tcase_add_test(envelope, the_one_that_matters_least_gives_way);
    tcase_add_test(envelope, idle_clients_lock_nobody_out);
    tcase_add_test(envelope, client_that_does_not_read_hears_what_it_missed);
    tcase_add_test(envelope, client_that_asks_and_does_not_read_is_not_read_from);
    tcase_add_test(envelope, requests_of_one_do_not_delay_those_of_others);
    tcase_add_test(envelope, client_that_sends_all_it_has_and_ends_its_side);
    tcase_set_timeout(envelope, 60);
    suite_add_tcase(suite, envelope);

    tcase_add_checked_fixture(commands, setup, teardown);
    tcase_add_test(commands, status_of_an_empty_drive);
    tcase_add_test(commands, status_with_a_disc);
    tcase_add_test(commands, insert_options);
    tcase_add_test(commands, a_disc_with_a_warning_is_in_unless_strict);
    tcase_add_test(commands, a_disc_is_made_while_others_are_served);
    tcase_add_test(commands, a_client_may_leave_while_its_disc_is_made);
    tcase_add_test(commands, the_end_may_come_while_a_disc_is_made);
    tcase_add_test(commands, a_disc_of_any_name_is_answered);
    tcase_add_test(commands, tray);
    tcase_add_test(commands, button_while_prevented);
    tcase_add_test(commands, region_reset);
    tcase_add_test(commands, region_reset_that_cannot_be_stored);
    tcase_add_test(commands, quit_answers_first);
    tcase_add_test(commands, events_reach_every_client);
    tcase_add_test(commands, trace_into_a_file);
    tcase_add_test(commands, trace_requests_that_are_wrong);
    tcase_add_test(commands, only_clients_that_watch_get_the_trace);
    tcase_set_timeout(commands, 60);
    suite_add_tcase(suite, commands);
    return suite;
}

TAP_MAIN(control_suite)
