/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/trace/trace_json.h"
#include "media/settings.h"
#include "tests/support/fault_log.h"
#include "tests/support/generated_trace.h"
#include "tests/tap.h"

/*
 * The tables of members: of each kind of line each member is accepted as the table has it and in no
 * other way, in the file and in the manual.
 */

static struct random any;
static struct trace_fault fault;
static struct trace_line line;
static unsigned checked;

static void set_up(void)
{
    random_init(&any, 1, "members");
    checked = 0;
}

/* Takes the object over. */
static bool is_read(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    bool right;

    ck_assert_ptr_nonnull(text);
    right = trace_json_parse(text, strlen(text), &line, &fault);
    if (!right)
        ck_assert_msg(fault.column >= 1 && fault.column <= strlen(text) && *fault.text, "%s", text);
    json_decref(object);
    free(text);
    checked++;
    return right;
}

/* The members that must be there. */
static json_t *least(const struct trace_object *table)
{
    json_t *object = json_object();

    for (const struct trace_member *member = table->members; member->key; member++)
        if (member->required)
            json_object_set_new(object, member->key,
                                member->object
                                    ? least(member->object)
                                    : generated_trace_value(member, GENERATED_RIGHT, &any));
    return object;
}

static json_t *least_line(const struct trace_kind *kind)
{
    json_t *object = least(&kind->object);

    if (kind->kind == TRACE_LINE_EVENT)
        json_object_set_new(object, "event", json_string(trace_event_name(kind->event)));
    return object;
}

static const struct trace_member *member_of(const struct trace_object *table, const char *key)
{
    const struct trace_member *member = table->members;

    while (member->key && strcmp(member->key, key) != 0)
        member++;
    return member->key ? member : NULL;
}

/* What else must be there for a member to be right. */
static void add_company(json_t *object, const char *key)
{
    const char *status = json_string_value(json_object_get(object, "status"));

    if (status && strcmp(status, "check-condition") == 0)
        json_object_set_new(object, "sense",
                            json_pack("{s:i, s:i, s:i}", "key", 5, "asc", 1, "ascq", 1));
    if (strcmp(key, "sense") == 0)
        json_object_set_new(object, "status", json_string("check-condition"));
    if (strcmp(key, "after") == 0)
        json_object_set_new(
            object, "before",
            least(member_of(&trace_kind_of(TRACE_LINE_COMMAND, 0)->object, "before")->object));
}

#define FOR_EACH_KIND                                                                              \
    for (const struct trace_kind *kind = trace_kinds; kind->object.members; kind++)
#define FOR_EACH_MEMBER                                                                            \
    FOR_EACH_KIND                                                                                  \
    for (const struct trace_member *member = kind->object.members; member->key; member++)

START_TEST(each_kind_is_read_with_what_it_must_have)
{
    FOR_EACH_KIND
    {
        ck_assert_msg(is_read(least_line(kind)), "%s: %s", kind->object.what, fault.text);
        ck_assert_int_eq(line.kind, kind->kind);
        if (kind->kind == TRACE_LINE_EVENT)
            ck_assert_int_eq(line.event.kind, kind->event);
    }
    ck_assert_uint_eq(checked, 13);
}
END_TEST

START_TEST(each_member_has_its_range)
{
    FOR_EACH_MEMBER
    {
        uint64_t ends[] = {member->minimum, member->maximum};

        for (unsigned i = 0; member->type == TRACE_NUMBER && i < 2; i++) {
            json_t *object = least_line(kind);
            json_object_set_new(object, member->key, json_integer((json_int_t)ends[i]));
            ck_assert_msg(is_read(object), "%s of %s: %s", member->key, kind->object.what,
                          fault.text);
        }
        for (unsigned i = 0; i < 20 && strcmp(member->key, "event") != 0; i++) {
            json_t *object = least_line(kind);
            json_object_set_new(object, member->key,
                                generated_trace_value(member, GENERATED_RIGHT, &any));
            add_company(object, member->key);
            ck_assert_msg(is_read(object), "%s of %s: %s", member->key, kind->object.what,
                          fault.text);
        }
    }
    ck_assert_uint_gt(checked, 20 * 40);
}
END_TEST

/* "key: VALUE is not right; accepted: ..." */
static void assert_refused(json_t *object, const struct trace_member *member)
{
    char begin[80];

    ck_assert_msg(!is_read(object), "%s", member->key);
    snprintf(begin, sizeof(begin), "%s: ", member->key);
    ck_assert_msg(strncmp(fault.text, begin, strlen(begin)) == 0, "%s: %s", member->key,
                  fault.text);
    ck_assert_msg(strstr(fault.text, " is not right; accepted: ") != NULL, "%s", fault.text);
}

/* Each member of an object inside the line. */
static void assert_inner_refused(const struct trace_kind *kind, const struct trace_member *outer,
                                 enum generated_value how)
{
    for (const struct trace_member *member = outer->object->members; member->key; member++) {
        json_t *inner, *object;

        if (member->object || member->type == TRACE_REMARK)
            continue;
        inner = least(outer->object);
        object = least_line(kind);
        json_object_set_new(inner, member->key, generated_trace_value(member, how, &any));
        json_object_set_new(object, outer->key,
                            outer->type == TRACE_OBJECTS ? json_pack("[o]", inner) : inner);
        add_company(object, outer->key);
        assert_refused(object, member);
    }
}

START_TEST(no_member_is_accepted_out_of_its_range_or_of_another_type)
{
    FOR_EACH_MEMBER
    for (unsigned i = 0; i < 20; i++) {
        enum generated_value how = i % 2 ? GENERATED_OUT_OF_RANGE : GENERATED_WRONG_TYPE;
        json_t *object = least_line(kind);

        if (member->object)
            assert_inner_refused(kind, member, how);
        if (member->type == TRACE_REMARK) {
            json_decref(object);
            break;
        }
        json_object_set_new(object, member->key, generated_trace_value(member, how, &any));
        add_company(object, member->key);
        assert_refused(object, member);
    }
    ck_assert_uint_gt(checked, 20 * 40);
}
END_TEST

/* The members of one kind are none of another: they would share its room. */
START_TEST(no_member_of_another_kind_is_accepted)
{
    FOR_EACH_MEMBER
    for (const struct trace_kind *other = trace_kinds; other->object.members; other++) {
        char text[100];
        json_t *object = least_line(other);
        bool leads = strcmp(member->key, "event") == 0 || strcmp(member->key, "vodd-trace") == 0 ||
                     strcmp(member->key, "end") == 0 || strcmp(member->key, "lost") == 0;

        if (member_of(&other->object, member->key) || leads) {
            json_decref(object);
            continue;
        }
        json_object_set_new(object, member->key,
                            generated_trace_value(member, GENERATED_RIGHT, &any));
        ck_assert_msg(!is_read(object), "%s in %s", member->key, other->object.what);
        snprintf(text, sizeof(text), "no member \"%s\" in %s; the nearest is ", member->key,
                 other->object.what);
        ck_assert_msg(strstr(fault.text, text) == fault.text, "%s", fault.text);
    }
    ck_assert_uint_gt(checked, 200);
}
END_TEST

/* A value that says of a line what kind it is lets it be no other. */
START_TEST(a_line_is_of_one_kind)
{
    static const char *const texts[][2] = {
        {"{\"vodd-trace\":1,\"event\":\"asf\",\"set\":true}",      "no member \"event\" in a header"},
        {"{\"cdb\":\"000000000000\",\"event\":\"eject-request\"}",
         "no member \"cdb\" in an event \"eject-request\""                                          },
        {"{\"cdb\":\"000000000000\",\"vodd-trace\":1}",            "no member \"cdb\" in a header"  },
    };

    for (unsigned i = 0; i < 3; i++) {
        ck_assert(!trace_json_parse(texts[i][0], strlen(texts[i][0]), &line, &fault));
        ck_assert_msg(strstr(fault.text, texts[i][1]) == fault.text, "%s", fault.text);
    }
}
END_TEST

START_TEST(what_must_be_there_is_missed)
{
    FOR_EACH_MEMBER
    {
        json_t *object = least_line(kind);
        char text[100];

        /* The members that tell the kind: without them it is another one. */
        if (!member->required || strcmp(member->key, "event") == 0 ||
            strcmp(member->key, "vodd-trace") == 0 || kind->kind == TRACE_LINE_LOSS ||
            kind->kind == TRACE_LINE_END) {
            json_decref(object);
            continue;
        }
        json_object_del(object, member->key);
        ck_assert_msg(!is_read(object), "%s of %s", member->key, kind->object.what);
        snprintf(text, sizeof(text), "a member \"%s\" is missing in %s", member->key,
                 kind->object.what);
        ck_assert_str_eq(fault.text, text);
    }
    ck_assert_uint_ge(checked, 12);
}
END_TEST

START_TEST(no_member_comes_twice)
{
    static const char *const texts[] = {
        "{\"event\":\"asf\",\"set\":true,\"set\":true}",
        "{\"cdb\":\"000000000000\",\"sense\":{\"key\":1,\"key\":2,\"asc\":1,\"ascq\":1}}",
    };

    for (unsigned i = 0; i < 2; i++) {
        ck_assert(!trace_json_parse(texts[i], strlen(texts[i]), &line, &fault));
        ck_assert_msg(strstr(fault.text, "duplicate object key") &&
                          strstr(fault.text, "; accepted: each member once"),
                      "%s", fault.text);
    }
}
END_TEST

/* Lines of any members are written and read back as the same, and lines that were changed at random
 * are read or refused. */
START_TEST(what_is_generated_is_read_back_the_same)
{
    static struct trace_line again;

    for (unsigned i = 0; i < 3000; i++) {
        json_t *object = generated_trace_line(generated_trace_kind(&any), &any);
        json_t *first, *second;
        char *text = json_dumps(object, JSON_COMPACT);

        ck_assert_msg(is_read(object), "%s: %s", text, fault.text);
        free(text);
        ck_assert_ptr_nonnull(first = trace_json_line(&line));
        text = json_dumps(first, JSON_COMPACT);
        ck_assert_msg(trace_json_parse(text, strlen(text), &again, &fault), "%s: %s", text,
                      fault.text);
        ck_assert_ptr_nonnull(second = trace_json_line(&again));
        ck_assert_msg(json_equal(first, second), "%s", text);
        free(text);
        json_decref(second);
        generated_trace_change(first, &any);
        is_read(first);
    }
}
END_TEST

/* The manual ----------------------------------------------------------------- */

static bool has_word(const char *line_of_page, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = line_of_page; (at = strstr(at, word)); at += length)
        if (at[-1] == ' ' && (at[length] == ' ' || at[length] == 0))
            return true;
    return false;
}

/* Whether a line of the page that marks words has this one. */
static bool is_named(const char *manual, const char *word)
{
    char *copy = strdup(manual), *rest = copy, *page_line;
    bool found = false;

    while (!found && (page_line = strsep(&rest, "\n")))
        found = page_line[0] == '.' && strstr(page_line, "Cm ") && has_word(page_line, word);
    free(copy);
    return found;
}

static void check_manual(const char *manual, const struct trace_object *table)
{
    for (const struct trace_member *member = table->members; member->key; member++) {
        ck_assert_msg(is_named(manual, member->key), "%s of %s", member->key, table->what);
        checked++;
        for (unsigned i = 0; member->words && i < member->words->count; i++)
            if (member->words->word[i])
                ck_assert_msg(is_named(manual, member->words->word[i]), "%s",
                              member->words->word[i]);
        if (member->object)
            check_manual(manual, member->object);
    }
}

START_TEST(the_manual_names_every_member_and_word)
{
    static struct fault_log faults;

    fault_log_init(&faults);
    char *manual = settings_load("docs/vodd.trace.5", 1 << 20, &faults.diagnostics);
    ck_assert_msg(manual != NULL, "%s", faults.text);
    ck_assert(!is_named(manual, "nonsense"));
    FOR_EACH_KIND
    check_manual(manual, &kind->object);
    ck_assert_uint_gt(checked, 60);
    free(manual);
}
END_TEST

static Suite *members_suite(void)
{
    Suite *suite = suite_create("trace members");
    TCase *tests = tcase_create("trace members");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, each_kind_is_read_with_what_it_must_have);
    tcase_add_test(tests, each_member_has_its_range);
    tcase_add_test(tests, no_member_is_accepted_out_of_its_range_or_of_another_type);
    tcase_add_test(tests, no_member_of_another_kind_is_accepted);
    tcase_add_test(tests, a_line_is_of_one_kind);
    tcase_add_test(tests, what_must_be_there_is_missed);
    tcase_add_test(tests, no_member_comes_twice);
    tcase_add_test(tests, what_is_generated_is_read_back_the_same);
    tcase_add_test(tests, the_manual_names_every_member_and_word);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(members_suite)
