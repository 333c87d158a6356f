/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/subjects.h"

#define SESSIONS 4

/* Starts sessions until one is refused, and returns how many there are. */
static unsigned start_all(struct examination *examination)
{
    bool seen[SESSIONS] = {false};
    uint32_t id;

    for (unsigned count = 0; count < SESSIONS; count++) {
        if (!request_start_session(examination->device, &id)) {
            if (count == 0)
                examine_done(examination, "SS1", sizeof id, "a session is started");
            else
                examine_refusal(examination, "SS3", NT_INVALID_DEVICE_REQUEST, 0,
                                "a drive with %u AGIDs refuses another session", count);
            return count;
        }
        examine_done(examination, count < SESSIONS - 1 ? "SS1" : "SS2", sizeof id,
                     "session number %u is started", count + 1);
        examine(examination, "SS1-id", id < SESSIONS && !seen[id],
                "its id %u is an AGID that is not in use", id);
        if (id < SESSIONS)
            seen[id] = true;
    }
    if (request_start_session(examination->device, &id))
        transcript_say(examination->transcript,
                       "the drive takes AGIDs back: a fifth session was granted AGID %u", id);
    else
        examine_refusal(examination, "SS3", NT_INVALID_DEVICE_REQUEST, 0,
                        "a fifth session is refused");
    return SESSIONS;
}

static void end_each(struct examination *examination, unsigned count)
{
    uint32_t id = SESSIONS;

    for (uint32_t session = 0; session < count; session++) {
        request_end_session(examination->device, session);
        examine_done(examination, "ES1", ANY_INFORMATION, "session %u is ended", session);
    }
    request_end_session(examination->device, 0);
    examine_done(examination, "ES2-free", ANY_INFORMATION, "ending a session that is not granted");
    request_start_session(examination->device, &id);
    examine_done(examination, "SS1", sizeof id, "a session is started again");
    examine(examination, "SS1-first", id == 0, "and is the first one");
}

/* Session 0 was to be ended: whether it is.  It is granted afterwards. */
static void see_ended(struct examination *examination, const char *id, bool ended)
{
    uint32_t session = SESSIONS;

    if (!ended)
        request_end_session(examination->device, 0);
    request_start_session(examination->device, &session);
    if (ended)
        examine(examination, id, session == 0, "its AGID is free after that");
}

/* Session 0 is granted before and afterwards. */
static void end_by_key(struct examination *examination)
{
    struct key key = {.type = NT_DVD_INVALIDATE_AGID, .session = 0};
    bool ended;

    request_send_key(examination->device, &key, false);
    ended = examine_done(examination, "ES6", 0, "SEND_KEY with DvdInvalidateAGID ends session 0");
    see_ended(examination, "ES6-free", ended);

    request_read_key(examination->device, &key);
    /* The command has no data: some port drivers take that for a fault. */
    if (examination->device->last.status == NT_DATA_OVERRUN)
        ended = examine_refusal(examination, "ES7", NT_DATA_OVERRUN, 0,
                                "READ_KEY with DvdInvalidateAGID ends session 0");
    else
        ended = examine_done(examination, "ES7", ANY_INFORMATION,
                             "READ_KEY with DvdInvalidateAGID ends session 0");
    see_ended(examination, "ES7-free", ended);

    if (!examination->device->may_write) {
        examine_skip(examination, "ES6-2", "the drive could not be opened to write",
                     "SEND_KEY2 with DvdInvalidateAGID ends session 0");
        return;
    }
    request_send_key(examination->device, &key, true);
    ended =
        examine_done(examination, "ES6-2", 0, "SEND_KEY2 with DvdInvalidateAGID ends session 0");
    see_ended(examination, "ES6-2-free", ended);
}

/* Session 0 is granted before; every one is free afterwards. */
static void end_all(struct examination *examination)
{
    uint32_t id = SESSIONS;

    request_start_session(examination->device, &id);
    request_start_session(examination->device, &id);
    request_end_session(examination->device, NT_DVD_END_ALL_SESSIONS);
    examine_done(examination, "ES2", ANY_INFORMATION, "END_SESSION for all sessions");
    request_start_session(examination->device, &id);
    examine(examination, "SS11", id == 0, "after it the first AGID is free again");
    examine_end_sessions(examination);
}

static void see_lengths(struct examination *examination)
{
    const struct key key = {.type = NT_DVD_TITLE_KEY};
    uint16_t half = 0;
    uint8_t three[3];

    device_ioctl(examination->device, NT_IOCTL_DVD_START_SESSION,
                 "IOCTL_DVD_START_SESSION, 3 bytes", NULL, 0, three, sizeof three);
    examine_driver_refusal(examination, "SS9", NT_BUFFER_TOO_SMALL, 0,
                           "START_SESSION wants a buffer of 4 bytes");
    device_ioctl(examination->device, NT_IOCTL_DVD_END_SESSION, "IOCTL_DVD_END_SESSION, 2 bytes",
                 &half, sizeof half, NULL, 0);
    examine_driver_refusal(examination, "ES5", NT_INVALID_PARAMETER, 0,
                           "END_SESSION wants 4 bytes");
    request_send_key(examination->device, &key, false);
    examine_driver_refusal(examination, "SK13-1", NT_INVALID_PARAMETER, 0,
                           "SEND_KEY sends no title key");
}

void examine_sessions(struct examination *examination)
{
    uint32_t id;

    transcript_heading(examination->transcript, "Sessions");
    if (!examination->has_medium) {
        request_start_session(examination->device, &id);
        examine_refusal(examination, "SS4", NT_NO_MEDIA_IN_DEVICE, 0,
                        "without a disc no session is started");
    } else if (!examination->is_css && !request_start_session(examination->device, &id)) {
        examine_refusal(examination, "SS5", NT_INVALID_DEVICE_REQUEST, NT_UNRECOGNIZED_MEDIA,
                        "this drive starts no session with a disc that is not protected");
    } else {
        transcript_say(examination->transcript, "ends all sessions, whoever started them");
        examine_end_sessions(examination);
        end_each(examination, start_all(examination));
        end_by_key(examination);
        end_all(examination);
    }
    see_lengths(examination);
}
