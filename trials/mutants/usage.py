"""Usage that arrives: keys, limits, each message once."""

from trials.mutants.mutant import Mutant, of

AGAIN = "touchpoints/usage/tests/test_again"
TRACKING, STORE = "touchpoints/usage/tests/test_tracking", "touchpoints/usage/tests/test_store"

MUTANTS = [
    Mutant(
        "the key of an ended source opens nothing",
        "touchpoints/usage/write_keys.py",
        "WHERE source.ended_at IS NULL AND (source.key_hash",
        "WHERE (source.key_hash",
        of(TRACKING, "a_key_that_is_unknown_or_ended_opens_nothing"),
    ),
    Mutant(
        "a replaced key ends at its hour",
        "touchpoints/usage/write_keys.py",
        " AND source.previous_until > %(now)s))",
        " AND %(now)s IS NOT NULL))",
        of(TRACKING, "a_key_on_its_way_out_works_until_its_hour"),
    ),
    Mutant(
        "write keys lie as hashes",
        "touchpoints/usage/write_keys.py",
        'return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()',
        "return key[:64]",
        of("touchpoints/usage/tests/test_sources", "write_keys_lie_as_hashes"),
    ),
    Mutant(
        "write keys stand in no arrival",
        "touchpoints/usage/tracking/doors.py",
        'return WRITE_KEY.sub(r"\\1…", body[:BODY_SHOWN].decode(errors="replace"))',
        'return body[:BODY_SHOWN].decode(errors="replace")',
        of("touchpoints/usage/tests/test_arrivals", "write_keys_are_not_among_the_bodies"),
    ),
    Mutant(
        "a source that sends too much waits",
        "touchpoints/usage/tracking/doors.py",
        "if seconds := _rates().wait(known.source, max(1, len(parsed.messages))):",
        "if seconds := 0:",
        of(TRACKING, "a_source_that_sends_too_much_is_told_when_to_come_again"),
    ),
    Mutant(
        "ids of messages are each workspace's own",
        "touchpoints/usage/wire/meaning.py",
        "return hashlib.sha256(prefix + message_id.encode()).digest()[:16]",
        "return hashlib.sha256(message_id.encode()).digest()[:16]",
        of(TRACKING, "equal_ids_in_two_workspaces_both_count"),
    ),
    Mutant(
        "a message counts once",
        "touchpoints/usage/live_statements.py",
        'given="given JOIN fresh USING (key)"',
        'given="given"',
        of(
            TRACKING,
            "the_same_message_counts_once",
            "a_retry_forty_days_later_counts_once_on_the_first_day",
        ),
    ),
    Mutant(
        "a batch of which something was seen is stored without that",
        "touchpoints/usage/services/taking.py",
        "except IntegrityError:",
        "except KeyError:",
        of(AGAIN, "of_a_batch_of_which_some_was_seen_the_rest_is_new"),
    ),
    Mutant(
        "a whole batch that comes again is no refusal",
        "touchpoints/usage/live_statements.py",
        "key = (%(keys)s::uuid[])[1])",
        "key IS NULL)",
        of(AGAIN, "a_batch_that_comes_again_is_told_without_a_refusal"),
    ),
    Mutant(
        "an imported event counts once",
        "touchpoints/usage/statements.py",
        "SELECT place FROM keyed JOIN fresh USING (key)",
        "SELECT place FROM keyed",
        of(STORE, "an_event_sent_twice_counts_once"),
    ),
    Mutant(
        "ids of imported events are each workspace's own",
        "touchpoints/usage/statements.py",
        "convert_to(%(workspace)s::text || {id}, 'UTF8')",
        "convert_to(left(%(workspace)s::text, 0) || {id}, 'UTF8')",
        of(STORE, "two_workspaces_with_equal_ids_both_count"),
    ),
    Mutant(
        "imported events are of customers of ours",
        "touchpoints/usage/statements.py",
        "EXCEPT SELECT id FROM customers_customer WHERE workspace_id = %(workspace)s",
        "EXCEPT SELECT id FROM customers_customer WHERE %(workspace)s IS NOT NULL",
        of(STORE, "a_customer_of_another_workspace_is_refused"),
    ),
    Mutant(
        "bodies of messages are limited",
        "touchpoints/usage/wire/bodies.py",
        "if len(body) > limit:",
        "if len(body) > limit * 1000:",
        of(TRACKING, "limits_are_those_of_segment"),
    ),
    Mutant(
        "a packed body is not unpacked beyond its limit",
        "touchpoints/usage/wire/bodies.py",
        "unpacker.decompress(body, limit + 1)",
        "unpacker.decompress(body)",
        of(TRACKING, "a_bomb_is_not_unpacked"),
    ),
    Mutant(
        "batches are limited",
        "touchpoints/usage/wire/messages.py",
        "if len(messages) > MOST_MESSAGES:",
        "if len(messages) > MOST_MESSAGES * 1000:",
        of(TRACKING, "limits_are_those_of_segment"),
    ),
    Mutant(
        "no event is of a time to come",
        "touchpoints/usage/wire/meaning.py",
        "return at if FIRST <= at <= received else received",
        "return at",
        of(TRACKING, "a_time_that_cannot_be_is_the_time_of_arrival"),
    ),
    Mutant(
        "another workspace's source is not there",
        "touchpoints/usage/arrivals.py",
        "source = Source.objects.get(pk=source_id)",
        "source = Source.anywhere.get(pk=source_id)",
        of("touchpoints/usage/tests/test_sources", "another_workspaces_source_is_not_there"),
    ),
    Mutant(
        "names from outside are only text",
        "touchpoints/usage/templates/usage/_features.html",
        '<th scope="row">{{ use.feature }}</th>',
        '<th scope="row">{{ use.feature|safe }}</th>',
        of("touchpoints/usage/tests/test_page", "names_from_outside_are_only_text"),
    ),
]
