/* SPDX-License-Identifier: MIT */
#include "emulator/fault_table.h"

static const char *const asf_words[] = {"any", "clear", "set", NULL};
static const char *const execute_words[] = {"auto", "on", "off", NULL};
static const char *const status_words[] = {"by-sense", "busy", "reservation-conflict",
                                           "task-set-full", NULL};
static const char *const delivery_words[] = {"normal", "hang",       "lost",
                                             "unplug", "power-loss", NULL};
static const char *const reset_words[] = {"power-on", "hard", "bus", "logical-unit", NULL};

#define EVENT_FORM                                                                                 \
    "medium-ready | medium-unusable | medium-becoming-ready | tray-opened | tray-closed-empty | "  \
    "eject-request | removal-prevented | removal-allowed | agid-granted | agid-released | "        \
    "authenticated | authentication-failed | asf-set | asf-cleared | region-changed | "            \
    "unit-attention | reset"

#define CONDITION(field) offsetof(struct fault_rule, condition.field)
#define EFFECT(field)    offsetof(struct fault_rule, effect.field)
#define INTEGER(key, field, minimum, maximum, form)                                                \
    {                                                                                              \
        "fault", key, settings_parse_integer, EFFECT(field), minimum, maximum, NULL, form          \
    }
#define SWITCH(key, field)                                                                         \
    {                                                                                              \
        "fault", key, settings_parse_switch, EFFECT(field), 0, 0, NULL, "on | off"                 \
    }
#define CHOICE(key, offset, words, form)                                                           \
    {                                                                                              \
        "fault", key, settings_parse_choice, offset, 0, 0, words, form                             \
    }
#define OWN(key, parse, offset, form)                                                              \
    {                                                                                              \
        "fault", key, parse, offset, 0, 0, NULL, form                                              \
    }
#define PATCH(key, field, limit)                                                                   \
    {                                                                                              \
        "fault", key, fault_parse_patch, EFFECT(field), 0, limit, NULL,                            \
            "OFFSET:BYTES in hexadecimal, separated by commas, up to 32 bytes"                     \
    }

/* clang-format off */
const struct setting fault_table[FAULT_ROWS + 1] = {
    [FAULT_ROW_COMMAND] = OWN("command", fault_parse_commands, CONDITION(commands), "names of commands or 0xNN, separated by commas"),
    [FAULT_ROW_CDB] = OWN("cdb", fault_parse_cdb, 0, "up to 16 hexadecimal bytes, . for any digit"),
    [FAULT_ROW_KEY_FORMAT] = OWN("key-format", fault_parse_key_formats, CONDITION(key_formats), "agid | challenge | key1 | key2 | title-key | asf | set-rpc | rpc-state | invalidate | 0..63, separated by commas"),
    [FAULT_ROW_STRUCTURE_FORMAT] = OWN("structure-format", fault_parse_structure_formats, CONDITION(structure_formats), "physical | copyright | disc-key | bca | manufacturing | 0..255, separated by commas"),
    [FAULT_ROW_AGID] = OWN("agid", fault_parse_agids, CONDITION(agids), "0..3, separated by commas"),
    [FAULT_ROW_AUTHENTICATION] = OWN("authentication", fault_parse_authentications, CONDITION(authentications), "free | granted | host-challenge | key1 | drive-challenge | authenticated, separated by commas"),
    [FAULT_ROW_ASF] = CHOICE("asf", CONDITION(asf), asf_words, "any | clear | set"),
    [FAULT_ROW_LBA] = OWN("lba", fault_parse_lba, 0, "FIRST or FIRST-LAST"),
    [FAULT_ROW_AFTER] = CHOICE("after", CONDITION(after), fault_event_names, EVENT_FORM),
    [FAULT_ROW_BEFORE] = CHOICE("before", CONDITION(before), fault_event_names, EVENT_FORM),
    [FAULT_ROW_NTH] = OWN("nth", fault_parse_nth, 0, "N, FIRST-LAST or FIRST-, counted from 1"),
    [FAULT_ROW_PROBABILITY] = OWN("probability", fault_parse_probability, 0, "0.0001%..100%"),
    [FAULT_ROW_TIMES] = OWN("times", fault_parse_times, 0, "N | always | once-per-session"),

    [FAULT_ROW_SENSE] = OWN("sense", fault_parse_sense, 0, "the name of a sense or K/ASC/ASCQ in hexadecimal"),
    [FAULT_ROW_SENSE_DATA] = OWN("sense-data", fault_parse_sense_data, 0, "1 to 18 hexadecimal bytes"),
    [FAULT_ROW_STATUS] = CHOICE("status", EFFECT(status), status_words, "by-sense | busy | reservation-conflict | task-set-full"),
    [FAULT_ROW_ANSWER] = OWN("answer", fault_parse_answer, 0, "up to 2112 hexadecimal bytes"),
    [FAULT_ROW_HEADER_LENGTH] = INTEGER("header-length", header_length, 0, UINT32_MAX, "0..4294967295"),
    [FAULT_ROW_TRUNCATE] = INTEGER("truncate", truncate, 0, UINT32_MAX, "0..4294967295 (bytes)"),
    [FAULT_ROW_OVERRUN] = INTEGER("overrun", overrun, 1, FAULT_ANSWER_MAX, "1..2112 (bytes)"),
    [FAULT_ROW_PATCH] = PATCH("patch", patch, UINT32_MAX),
    [FAULT_ROW_FLIP] = INTEGER("flip", flips, 1, 1024, "1..1024 (bits)"),
    [FAULT_ROW_WRONG_KEY] = SWITCH("wrong-key", wrong_key),
    [FAULT_ROW_STALE] = SWITCH("stale", stale),
    [FAULT_ROW_MISREAD] = PATCH("misread", misread, FAULT_CDB_MAX),
    [FAULT_ROW_DELAY] = OWN("delay", fault_parse_delay, 0, "TIME or TIME-TIME, such as 500ms or 1s-3s, units us, ms, s"),
    [FAULT_ROW_DELIVERY] = CHOICE("delivery", EFFECT(delivery), delivery_words, "normal | hang | lost | unplug | power-loss"),
    [FAULT_ROW_RESET] = CHOICE("reset", EFFECT(reset), reset_words, "power-on | hard | bus | logical-unit"),
    [FAULT_ROW_BECOMING_READY] = OWN("becoming-ready", fault_parse_duration, EFFECT(becoming_ready), "TIME such as 15s, units us, ms, s"),
    [FAULT_ROW_VANISH] = INTEGER("vanish", vanish_at, 0, UINT32_MAX, "0..4294967295 (bytes of data before it)"),
    [FAULT_ROW_EXHAUST_AGIDS] = SWITCH("exhaust-agids", exhausts_agids),
    [FAULT_ROW_DROP_AGIDS] = SWITCH("drop-agids", drops_agids),
    [FAULT_ROW_DROP_ASF] = SWITCH("drop-asf", drops_asf),
    [FAULT_ROW_DROP_ATTENTION] = SWITCH("drop-attention", drops_attention),
    [FAULT_ROW_REGION_LAG] = INTEGER("region-lag", region_lag, 1, 1000000, "1..1000000 (reports)"),
    [FAULT_ROW_INFORMATION] = OWN("information", fault_parse_information, 0, "none | 0..4294967295"),
    [FAULT_ROW_EXECUTE] = CHOICE("execute", EFFECT(execute), execute_words, "auto | on | off"),
};
/* clang-format on */
