/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_members.h"

#include "emulator/cdb_fields.h"
#include "emulator/command_table.h"
#include "emulator/sense.h"
#include "emulator/state_names.h"
#include "handlers/trace/trace_json.h"

#define PLACE(type, member)                                                                        \
    {                                                                                              \
        offsetof(struct type, member), sizeof(((struct type *)0)->member)                          \
    }
#define WHOLE(type)                                                                                \
    {                                                                                              \
        0, sizeof(struct type)                                                                     \
    }
#define TABLE(names)                                                                               \
    {                                                                                              \
        names, sizeof(names) / sizeof(*(names))                                                    \
    }
#define OBJECT(name, type, list)                                                                   \
    {                                                                                              \
        name, sizeof(struct type), list                                                            \
    }

/* Words --------------------------------------------------------------------- */

static const char *const event_names[] = {
    [DRIVE_EVENT_MEDIUM] = "medium",
    [DRIVE_EVENT_EJECT_REQUEST] = "eject-request",
    [DRIVE_EVENT_PREVENT] = "prevent",
    [DRIVE_EVENT_AGID] = "agid",
    [DRIVE_EVENT_ASF] = "asf",
    [DRIVE_EVENT_REGION] = "region",
    [DRIVE_EVENT_UNIT_ATTENTION] = "unit-attention",
    [DRIVE_EVENT_RESET] = "reset",
    [DRIVE_EVENT_FAULT] = "fault",
};

/* As the SCSI Architecture Model has them. */
static const char *const status_names[] = {
    [DRIVE_STATUS_GOOD] = "good",
    [DRIVE_STATUS_CHECK_CONDITION] = "check-condition",
    [DRIVE_STATUS_BUSY] = "busy",
    [DRIVE_STATUS_RESERVATION_CONFLICT] = "reservation-conflict",
    [DRIVE_STATUS_TASK_SET_FULL] = "task-set-full",
};

const char *const trace_fault_changes[TRACE_FAULT_CHANGES] = {
    [DRIVE_FAULT_APPLIED] = "applied",
    [DRIVE_FAULT_MET] = "met",
    [DRIVE_FAULT_ADDED] = "added",
    [DRIVE_FAULT_REMOVED] = "removed",
};

const struct trace_words trace_event_words = TABLE(event_names);
const struct trace_words trace_status_words = TABLE(status_names);
static const struct trace_words medium_words = {drive_medium_state_names, DRIVE_MEDIUM_STATES};
static const struct trace_words auth_words = {css_auth_state_names, CSS_AUTH_STATES};
static const struct trace_words reset_words = {drive_reset_names, DRIVE_RESETS};
static const struct trace_words change_words = TABLE(trace_fault_changes);

/* States -------------------------------------------------------------------- */

/* clang-format off */
static const struct trace_member region_members[] = {
    {"mask", TRACE_BYTES, .required = true, .place = PLACE(region_state, mask), .minimum = 1, .maximum = 1},
    {"user-changes", TRACE_NUMBER, .required = true, .place = PLACE(region_state, user_changes),
     .maximum = REGION_USER_CHANGES},
    {"vendor-resets", TRACE_NUMBER, .required = true, .place = PLACE(region_state, vendor_resets),
     .maximum = REGION_VENDOR_RESETS},
    {0},
};
static const struct trace_object region_object = OBJECT("a region", region_state, region_members);

static const struct trace_member state_members[] = {
    {"medium", TRACE_WORD, .required = true, .place = PLACE(trace_state, medium), .words = &medium_words},
    {"agids", TRACE_WORDS, .required = true, .place = PLACE(trace_state, agid), .count = PLACE(trace_state, agids),
     .maximum = PROFILE_AGIDS_MAX, .words = &auth_words},
    {"asf", TRACE_FLAG, .required = true, .place = PLACE(trace_state, asf)},
    {"region", TRACE_OBJECT, .required = true, .place = PLACE(trace_state, region), .object = &region_object},
    {0},
};
static const struct trace_object state_object = OBJECT("a state", trace_state, state_members);

static const struct trace_member step_members[] = {
    {"agid", TRACE_NUMBER, .required = true, .place = PLACE(trace_step, agid), .maximum = PROFILE_AGIDS_MAX - 1},
    {"from", TRACE_WORD, .required = true, .place = PLACE(trace_step, from), .words = &auth_words},
    {"to", TRACE_WORD, .required = true, .place = PLACE(trace_step, to), .words = &auth_words},
    {0},
};
static const struct trace_object step_object = OBJECT("a step", trace_step, step_members);
/* clang-format on */

/* The header ---------------------------------------------------------------- */

static json_t *make_format(const void *object)
{
    (void)object;
    return json_integer(TRACE_FORMAT);
}

static json_t *make_version(const void *object)
{
    (void)object;
    return json_string_nocheck(VODD_VERSION);
}

static bool is_never_written(const void *object)
{
    (void)object;
    return false;
}

static bool has_date(const void *object)
{
    return ((const struct trace_header *)object)->started > 0;
}

static bool header_has_state(const void *object)
{
    return ((const struct trace_header *)object)->has_state;
}

static bool header_becomes_ready(const void *object)
{
    return ((const struct trace_header *)object)->ready_in > 0;
}

/* clang-format off */
#define INQUIRY_TEXT(name, member) \
    {name, TRACE_TEXT, .place = PLACE(trace_header, member), .maximum = sizeof(((struct trace_header *)0)->member) - 1}
static const struct trace_member drive_members[] = {
    INQUIRY_TEXT("vendor", vendor),
    INQUIRY_TEXT("product", product),
    INQUIRY_TEXT("revision", revision),
    INQUIRY_TEXT("serial", serial),
    {0},
};
static const struct trace_object drive_object = OBJECT("a drive", trace_header, drive_members);

static const struct trace_member header_members[] = {
    {"vodd-trace", TRACE_NUMBER, .required = true, .minimum = TRACE_FORMAT, .maximum = TRACE_FORMAT,
     .form = "1, the format that this version reads", .make = make_format},
    {"version", TRACE_TEXT, .maximum = TRACE_LINE_MAX, .make = make_version},
    {"comment", TRACE_REMARK, .is_written = is_never_written},
    {"drive", TRACE_OBJECT, .place = WHOLE(trace_header), .object = &drive_object},
    {"started", TRACE_NUMBER, .place = PLACE(trace_header, started), .maximum = TRACE_STARTED_MAX,
     .is_written = has_date},
    {"time", TRACE_NUMBER, .place = PLACE(trace_header, time), .maximum = TRACE_TIME_MAX},
    {"state", TRACE_OBJECT, .place = PLACE(trace_header, state), .known = PLACE(trace_header, has_state),
     .object = &state_object, .is_written = header_has_state},
    {"ready-in", TRACE_NUMBER, .place = PLACE(trace_header, ready_in), .maximum = TRACE_TIME_MAX,
     .is_written = header_becomes_ready},
    {0},
};
/* clang-format on */

/* Commands ------------------------------------------------------------------ */

#define COMMAND ((const struct trace_command *)object)

static bool has_number(const void *object)
{
    return COMMAND->number > 0;
}

static bool has_autosense(const void *object)
{
    return COMMAND->autosense;
}

static bool has_lun(const void *object)
{
    return COMMAND->lun != 0;
}

static bool has_out(const void *object)
{
    return COMMAND->out.length > 0;
}

static bool has_in(const void *object)
{
    return COMMAND->knows_in && COMMAND->in.length > 0;
}

static bool is_given_up(const void *object)
{
    return COMMAND->given_up;
}

static bool has_status(const void *object)
{
    return !COMMAND->given_up;
}

static bool has_sense(const void *object)
{
    return has_status(object) && COMMAND->status == DRIVE_STATUS_CHECK_CONDITION;
}

static bool has_rule(const void *object)
{
    return *COMMAND->fault != 0;
}

static bool has_met_rule(const void *object)
{
    return *COMMAND->fault_met != 0;
}

static bool has_before(const void *object)
{
    return COMMAND->has_state;
}

static bool has_after(const void *object)
{
    return COMMAND->has_state && !trace_state_equal(&COMMAND->before, &COMMAND->after);
}

static bool has_steps(const void *object)
{
    return COMMAND->steps > 0;
}

static bool has_lines(const void *object)
{
    return ((const struct trace_end *)object)->has_lines;
}

static bool has_ignored(const void *object)
{
    return COMMAND->ignores_status || COMMAND->ignores_in || COMMAND->ignored > 0;
}

static bool has_name(const void *object)
{
    return command_row(COMMAND->cdb[0]);
}

static json_t *make_name(const void *object)
{
    return json_string_nocheck(command_row(COMMAND->cdb[0])->name);
}

static bool has_fields(const void *object)
{
    const struct command_row *row = command_row(COMMAND->cdb[0]);

    return row && COMMAND->cdb_length >= row->cdb_length;
}

static json_t *make_fields(const void *object)
{
    json_t *fields = json_object();

    for (const struct cdb_field *field = cdb_fields(COMMAND->cdb[0]); field->name; field++)
        if (json_object_set_new_nocheck(
                fields, field->name,
                json_integer((json_int_t)cdb_field_value(field, COMMAND->cdb))) < 0) {
            json_decref(fields);
            return NULL;
        }
    return fields;
}

static bool has_description(const void *object)
{
    return trace_sense_description(object);
}

static json_t *make_sense_name(const void *object)
{
    return json_string_nocheck(trace_sense_description(object)->name);
}

static json_t *make_sense_text(const void *object)
{
    return json_string_nocheck(trace_sense_description(object)->text);
}

static bool has_sense_data(const void *object)
{
    return ((const struct trace_sense *)object)->has_data;
}

/* clang-format off */
static const struct trace_member sense_members[] = {
    {"key", TRACE_NUMBER, .required = true, .place = PLACE(trace_sense, key), .maximum = 0x0F},
    {"asc", TRACE_NUMBER, .required = true, .place = PLACE(trace_sense, asc), .maximum = UINT8_MAX},
    {"ascq", TRACE_NUMBER, .required = true, .place = PLACE(trace_sense, ascq), .maximum = UINT8_MAX},
    {"name", TRACE_TEXT, .maximum = TRACE_LINE_MAX, .make = make_sense_name, .is_written = has_description},
    {"text", TRACE_TEXT, .maximum = TRACE_LINE_MAX, .make = make_sense_text, .is_written = has_description},
    {"data", TRACE_BYTES, .place = PLACE(trace_sense, data), .known = PLACE(trace_sense, has_data),
     .minimum = DRIVE_SENSE_SIZE, .maximum = DRIVE_SENSE_SIZE, .is_written = has_sense_data},
    {0},
};
static const struct trace_object sense_object = OBJECT("a sense", trace_sense, sense_members);

static const struct trace_member command_members[] = {
    {"command", TRACE_NUMBER, .place = PLACE(trace_command, number), .minimum = 1, .maximum = INT64_MAX,
     .is_written = has_number},
    {"time", TRACE_NUMBER, .place = PLACE(trace_command, time), .maximum = TRACE_TIME_MAX},
    {"duration", TRACE_NUMBER, .place = PLACE(trace_command, duration), .maximum = TRACE_TIME_MAX},
    {"nexus", TRACE_NUMBER, .place = PLACE(trace_command, nexus), .minimum = 1, .maximum = UINT32_MAX},
    {"autosense", TRACE_FLAG, .place = PLACE(trace_command, autosense), .is_written = has_autosense},
    {"lun", TRACE_NUMBER, .place = PLACE(trace_command, lun), .maximum = UINT8_MAX, .is_written = has_lun},
    {"cdb", TRACE_BYTES, .required = true, .place = PLACE(trace_command, cdb),
     .count = PLACE(trace_command, cdb_length), .minimum = 6, .maximum = DRIVE_CDB_MAX},
    {"name", TRACE_TEXT, .maximum = TRACE_LINE_MAX, .make = make_name, .is_written = has_name},
    {"fields", TRACE_OBJECT, .make = make_fields, .is_written = has_fields},
    {"out-length", TRACE_NUMBER, .place = PLACE(trace_command, out.length), .maximum = UINT32_MAX,
     .is_written = has_out},
    {"out", TRACE_BYTES, .place = PLACE(trace_command, out.bytes), .count = PLACE(trace_command, out.kept),
     .maximum = TRACE_DATA_MAX, .is_written = has_out},
    {"given-up", TRACE_FLAG, .place = PLACE(trace_command, given_up), .is_written = is_given_up},
    {"status", TRACE_WORD, .place = PLACE(trace_command, status), .words = &trace_status_words,
     .is_written = has_status},
    {"sense", TRACE_OBJECT, .place = PLACE(trace_command, sense), .object = &sense_object, .is_written = has_sense},
    {"in-length", TRACE_NUMBER, .place = PLACE(trace_command, in.length), .known = PLACE(trace_command, knows_in),
     .maximum = TRACE_LENGTH_MAX, .is_written = has_in},
    {"in", TRACE_BYTES, .place = PLACE(trace_command, in.bytes), .count = PLACE(trace_command, in.kept),
     .known = PLACE(trace_command, knows_in), .maximum = TRACE_DATA_MAX, .is_written = has_in},
    {"fault", TRACE_TEXT, .place = PLACE(trace_command, fault), .maximum = FAULT_NAME_MAX, .is_written = has_rule},
    {"fault-met", TRACE_TEXT, .place = PLACE(trace_command, fault_met), .maximum = FAULT_NAME_MAX,
     .is_written = has_met_rule},
    {"before", TRACE_OBJECT, .place = PLACE(trace_command, before), .known = PLACE(trace_command, has_state),
     .object = &state_object, .is_written = has_before},
    {"after", TRACE_OBJECT, .place = PLACE(trace_command, after), .object = &state_object, .is_written = has_after},
    {"steps", TRACE_OBJECTS, .place = PLACE(trace_command, step), .count = PLACE(trace_command, steps),
     .maximum = TRACE_STEPS_MAX, .object = &step_object, .is_written = has_steps},
    {"ignore", TRACE_IGNORED, .place = WHOLE(trace_command), .maximum = TRACE_IGNORED_MAX,
     .is_written = has_ignored},
    {0},
};

/* Events -------------------------------------------------------------------- */

#define EVENT_MEMBERS \
    {"event", TRACE_WORD, .required = true, .place = PLACE(trace_event, kind), .words = &trace_event_words}, \
    {"time", TRACE_NUMBER, .place = PLACE(trace_event, time), .maximum = TRACE_TIME_MAX}

static const struct trace_member medium_members[] = {
    EVENT_MEMBERS,
    {"medium", TRACE_WORD, .required = true, .place = PLACE(trace_event, medium), .words = &medium_words},
    {0},
};

static const struct trace_member eject_request_members[] = {EVENT_MEMBERS, {0}};

/* Removal prevented, the authentication success flag. */
static const struct trace_member flag_members[] = {
    EVENT_MEMBERS,
    {"set", TRACE_FLAG, .required = true, .place = PLACE(trace_event, flag)},
    {0},
};

static const struct trace_member agid_members[] = {
    EVENT_MEMBERS,
    {"step", TRACE_OBJECT, .required = true, .place = PLACE(trace_event, agid), .object = &step_object},
    {0},
};

static const struct trace_member region_event_members[] = {
    EVENT_MEMBERS,
    {"region", TRACE_OBJECT, .required = true, .place = PLACE(trace_event, region), .object = &region_object},
    {0},
};

static const struct trace_member attention_members[] = {
    EVENT_MEMBERS,
    {"nexus", TRACE_NUMBER, .required = true, .place = PLACE(trace_event, attention.nexus), .minimum = 1,
     .maximum = UINT32_MAX},
    {"asc", TRACE_NUMBER, .required = true, .place = PLACE(trace_event, attention.asc), .maximum = UINT8_MAX},
    {"ascq", TRACE_NUMBER, .required = true, .place = PLACE(trace_event, attention.ascq), .maximum = UINT8_MAX},
    {0},
};

static const struct trace_member reset_members[] = {
    EVENT_MEMBERS,
    {"reset", TRACE_WORD, .required = true, .place = PLACE(trace_event, reset), .words = &reset_words},
    {0},
};

static const struct trace_member fault_members[] = {
    EVENT_MEMBERS,
    {"name", TRACE_TEXT, .required = true, .place = PLACE(trace_event, fault.name), .maximum = FAULT_NAME_MAX},
    {"change", TRACE_WORD, .required = true, .place = PLACE(trace_event, fault.change), .words = &change_words},
    {0},
};

/* Losses and the end -------------------------------------------------------- */

static const struct trace_member loss_members[] = {
    {"lost", TRACE_NUMBER, .required = true, .place = PLACE(trace_loss, lines), .maximum = INT64_MAX},
    {"time", TRACE_NUMBER, .place = PLACE(trace_loss, time), .maximum = TRACE_TIME_MAX},
    {0},
};

static const struct trace_member end_members[] = {
    {"end", TRACE_FLAG, .required = true, .place = PLACE(trace_end, orderly)},
    {"time", TRACE_NUMBER, .place = PLACE(trace_end, time), .maximum = TRACE_TIME_MAX},
    {"lines", TRACE_NUMBER, .place = PLACE(trace_end, lines), .known = PLACE(trace_end, has_lines),
     .maximum = INT64_MAX, .is_written = has_lines},
    {"lost", TRACE_NUMBER, .place = PLACE(trace_end, lost), .maximum = INT64_MAX},
    {0},
};

/* Lines --------------------------------------------------------------------- */

#define EVENT(kind, name, list) {TRACE_LINE_EVENT, kind, OBJECT("an event \"" name "\"", trace_event, list)}

const struct trace_kind trace_kinds[] = {
    {TRACE_LINE_HEADER, 0, OBJECT("a header", trace_header, header_members)},
    {TRACE_LINE_COMMAND, 0, OBJECT("a command", trace_command, command_members)},
    EVENT(DRIVE_EVENT_MEDIUM, "medium", medium_members),
    EVENT(DRIVE_EVENT_EJECT_REQUEST, "eject-request", eject_request_members),
    EVENT(DRIVE_EVENT_PREVENT, "prevent", flag_members),
    EVENT(DRIVE_EVENT_AGID, "agid", agid_members),
    EVENT(DRIVE_EVENT_ASF, "asf", flag_members),
    EVENT(DRIVE_EVENT_REGION, "region", region_event_members),
    EVENT(DRIVE_EVENT_UNIT_ATTENTION, "unit-attention", attention_members),
    EVENT(DRIVE_EVENT_RESET, "reset", reset_members),
    EVENT(DRIVE_EVENT_FAULT, "fault", fault_members),
    {TRACE_LINE_LOSS, 0, OBJECT("a line of lost lines", trace_loss, loss_members)},
    {TRACE_LINE_END, 0, OBJECT("the end of a trace", trace_end, end_members)},
    {0},
};
/* clang-format on */

const struct trace_kind *trace_kind_of(enum trace_line_kind kind, enum drive_event_kind event)
{
    const struct trace_kind *row = trace_kinds;

    while (row->object.members &&
           (row->kind != kind || (kind == TRACE_LINE_EVENT && row->event != event)))
        row++;
    return row->object.members ? row : NULL;
}

static const char *word_of(const struct trace_words *words, unsigned value)
{
    return value < words->count ? words->word[value] : NULL;
}

const char *trace_status_name(enum drive_status status)
{
    return word_of(&trace_status_words, (unsigned)status);
}

const char *trace_event_name(enum drive_event_kind kind)
{
    return word_of(&trace_event_words, (unsigned)kind);
}
