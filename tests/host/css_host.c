/* SPDX-License-Identifier: MIT */
#include "tests/host/css_host.h"

#include <string.h>

void css_host_init(struct css_host *host, struct host_transport *transport,
                   struct host_listener *listener)
{
    *host = (struct css_host){.transport = transport, .listener = listener, .variant = -1};
    for (unsigned i = 0; i < CSS_CHALLENGE_SIZE; i++)
        host->challenge.byte[i] = (uint8_t)i;
}

static bool perform(struct css_host *host, struct host_message *message)
{
    bool accepted = host->transport->perform(host->transport, message);

    if (host->listener)
        host->listener->message(host->listener, message, accepted);
    return accepted;
}

/* Challenges and keys are reversed on the wire. */
static bool exchange(struct css_host *host, enum host_request request, uint8_t *internal)
{
    const size_t size = host_request_size(request);
    struct host_message message = {.request = request, .agid = host->agid};

    if (host_request_sends(request))
        css_reverse(message.data, internal, size);
    if (!perform(host, &message))
        return false;
    if (!host_request_sends(request))
        css_reverse(internal, message.data, size);
    return true;
}

enum css_host_result css_host_authenticate(struct css_host *host)
{
    struct host_message message = {.request = HOST_REQUEST_AGID};

    host->variant = -1;
    if (!perform(host, &message))
        return CSS_HOST_REFUSED;
    host->agid = message.agid;
    if (!exchange(host, HOST_REQUEST_HOST_CHALLENGE, host->challenge.byte) ||
        !exchange(host, HOST_REQUEST_KEY1, host->key1.byte))
        return CSS_HOST_REFUSED;
    host->variant = css_find_variant(&host->challenge, &host->key1);
    if (host->variant < 0)
        return CSS_HOST_NOT_GENUINE;
    if (!exchange(host, HOST_REQUEST_DRIVE_CHALLENGE, host->drive_challenge.byte))
        return CSS_HOST_REFUSED;
    host->key2 = css_key2((unsigned)host->variant, &host->drive_challenge);
    if (!exchange(host, HOST_REQUEST_KEY2, host->key2.byte))
        return CSS_HOST_REFUSED;
    host->bus_key = css_bus_key((unsigned)host->variant, &host->key1, &host->key2);
    return CSS_HOST_DONE;
}

enum css_host_result css_host_disc_key_block(struct css_host *host,
                                             uint8_t block[CSS_DISC_KEY_BLOCK_SIZE])
{
    struct host_message message = {.request = HOST_REQUEST_DISC_KEY, .agid = host->agid};

    if (!perform(host, &message))
        return CSS_HOST_REFUSED;
    memcpy(block, message.data, CSS_DISC_KEY_BLOCK_SIZE);
    css_bus_obfuscate(&host->bus_key, block, CSS_DISC_KEY_BLOCK_SIZE);
    return CSS_HOST_DONE;
}

enum css_host_result css_host_disc_key(struct css_host *host, const struct css_key *player_key,
                                       struct css_key *disc_key)
{
    uint8_t block[CSS_DISC_KEY_BLOCK_SIZE];
    enum css_host_result result = css_host_disc_key_block(host, block);

    if (result != CSS_HOST_DONE)
        return result;
    return css_disc_key_block_open(block, player_key, disc_key) ? CSS_HOST_DONE
                                                                : CSS_HOST_NO_DISC_KEY;
}

enum css_host_result css_host_title_key(struct css_host *host, uint32_t lba,
                                        const struct css_key *disc_key,
                                        struct css_host_title_key *title_key)
{
    struct host_message message = {
        .request = HOST_REQUEST_TITLE_KEY, .agid = host->agid, .lba = lba};

    if (!perform(host, &message))
        return CSS_HOST_REFUSED;
    title_key->flags = message.data[0];
    memcpy(title_key->encrypted.byte, message.data + 1, CSS_KEY_SIZE);
    css_bus_obfuscate(&host->bus_key, title_key->encrypted.byte, CSS_KEY_SIZE);
    if (css_key_is_zero(&title_key->encrypted)) {
        title_key->plain = title_key->encrypted;
        return CSS_HOST_NO_TITLE_KEY;
    }
    title_key->plain = css_key_decrypt(CSS_KEY_USE_TITLE, disc_key, &title_key->encrypted);
    return CSS_HOST_DONE;
}

enum css_host_result css_host_invalidate_agid(struct css_host *host, unsigned agid)
{
    struct host_message message = {.request = HOST_REQUEST_INVALIDATE_AGID, .agid = agid};

    return perform(host, &message) ? CSS_HOST_DONE : CSS_HOST_REFUSED;
}

enum css_host_result css_host_asf(struct css_host *host, bool *success)
{
    struct host_message message = {.request = HOST_REQUEST_ASF};

    if (!perform(host, &message))
        return CSS_HOST_REFUSED;
    *success = message.data[0] & 1;
    return CSS_HOST_DONE;
}

enum css_host_result css_host_region(struct css_host *host, struct css_host_region *region)
{
    struct host_message message = {.request = HOST_REQUEST_RPC_STATE};

    if (!perform(host, &message))
        return CSS_HOST_REFUSED;
    *region = (struct css_host_region){
        .type = message.data[0] >> 6,
        .vendor_resets = message.data[0] >> 3 & 7,
        .user_changes = message.data[0] & 7,
        .mask = message.data[1],
        .scheme = message.data[2],
    };
    return CSS_HOST_DONE;
}

enum css_host_result css_host_set_region(struct css_host *host, unsigned region)
{
    struct host_message message = {.request = HOST_REQUEST_SET_REGION};

    message.data[0] = (uint8_t) ~(1u << (region - 1));
    return perform(host, &message) ? CSS_HOST_DONE : CSS_HOST_REFUSED;
}

enum css_host_result css_host_copyright(struct css_host *host, uint8_t *system,
                                        uint8_t *regions_forbidden)
{
    struct host_message message = {.request = HOST_REQUEST_COPYRIGHT};

    if (!perform(host, &message))
        return CSS_HOST_REFUSED;
    *system = message.data[0];
    *regions_forbidden = message.data[1];
    return CSS_HOST_DONE;
}
