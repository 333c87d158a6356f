/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "media/css_authentication.h"
#include "tests/conformance/run.h"
#include "tests/conformance/vectors.h"

/* One authentication, seen from the host. */
struct session {
    struct run *run;
    unsigned agid;
    struct transport_answer *answer;
};

static bool key_command(struct session *session, uint8_t code, uint8_t format, uint8_t *list,
                        uint8_t length)
{
    struct transport_command command = {.cdb = {code}, .cdb_length = 12};

    command.cdb[9] = length;
    command.cdb[10] = (uint8_t)(session->agid << 6 | format);
    command.data_out = list;
    command.data_out_length = list ? length : 0;
    session->run->transport->execute(session->run->transport, 1, &command, session->answer);
    if (session->answer->status == DRIVE_STATUS_GOOD &&
        session->answer->length == (list ? 0 : length))
        return true;
    return run_fault(session->run, "%s KEY %02Xh: status %02X, %zu bytes",
                     code == 0xA4 ? "REPORT" : "SEND", format, session->answer->status,
                     session->answer->length);
}

/* Leaves the bus key of the session in *bus_key. */
static bool authenticate(struct session *session, struct css_key *bus_key)
{
    uint8_t challenge_list[16] = {0, 14}, key_list[12] = {0, 10};
    struct css_challenge host, drive;
    struct css_key key1, key2;

    for (unsigned i = 0; i < CSS_CHALLENGE_SIZE; i++)
        host.byte[i] = (uint8_t)(0x35 * i + session->agid);
    css_reverse(challenge_list + 4, host.byte, CSS_CHALLENGE_SIZE);
    if (!key_command(session, 0xA3, 1, challenge_list, 16) ||
        !key_command(session, 0xA4, 2, NULL, 12))
        return false;
    css_reverse(key1.byte, session->answer->data + 4, CSS_KEY_SIZE);
    int variant = css_find_variant(&host, &key1);
    if (variant < 0)
        return run_fault(session->run, "KEY1 fits no variant");
    if (!key_command(session, 0xA4, 1, NULL, 16))
        return false;
    css_reverse(drive.byte, session->answer->data + 4, CSS_CHALLENGE_SIZE);
    key2 = css_key2((unsigned)variant, &drive);
    css_reverse(key_list + 4, key2.byte, CSS_KEY_SIZE);
    *bus_key = css_bus_key((unsigned)variant, &key1, &key2);
    return key_command(session, 0xA3, 3, key_list, 12);
}

static bool read_disc_key(struct session *session, const struct css_key *bus_key)
{
    struct transport_command command = {
        .cdb = {0xAD, 0, 0, 0, 0, 0, 0, 2, 8, 4, (uint8_t)(session->agid << 6), 0},
        .cdb_length = 12,
    };
    uint8_t *block = session->answer->data + 4;

    session->run->transport->execute(session->run->transport, 1, &command, session->answer);
    if (session->answer->status != DRIVE_STATUS_GOOD || session->answer->length != 2052)
        return run_fault(session->run, "disc key: status %02X, %zu bytes", session->answer->status,
                         session->answer->length);
    css_bus_obfuscate(bus_key, block, CSS_DISC_KEY_BLOCK_SIZE);
    if (memcmp(block, vector_disc_key_block, CSS_DISC_KEY_BLOCK_SIZE) != 0)
        return run_fault(session->run, "the disc key block is not that of the vectors");
    return true;
}

bool run_handshake(struct run *run, unsigned agid)
{
    static struct transport_answer answer;
    struct session session = {run, 0, &answer};
    struct css_key bus_key;

    if (!key_command(&session, 0xA4, 0, NULL, 8))
        return false;
    session.agid = answer.data[7] >> 6;
    if (session.agid != agid)
        return run_fault(run, "AGID %u was granted", session.agid);
    return authenticate(&session, &bus_key) && read_disc_key(&session, &bus_key);
}
