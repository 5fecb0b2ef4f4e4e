"""The book and its figures: what was reported, what another system keeps, lists that go out."""

from trials.mutants.mutant import Mutant, of

METRICS, CUSTOMERS = "insight/metrics/tests", "customers/tests"

MUTANTS = [
    Mutant(
        "a month that runs is not closed",
        "insight/metrics/services/closings.py",
        "if period.end > current_workspace().today():",
        "if period is None:",
        of(f"{METRICS}/test_closings", "a_month_that_cannot_be_closed_is_refused"),
    ),
    Mutant(
        "closed months are reopened by those who may",
        "insight/metrics/views/closings.py",
        '@requires("metrics.manage")\ndef reopen(',
        '@requires("metrics.read")\ndef reopen(',
        of(f"{METRICS}/test_closing_doors", "viewers_look_and_only_managers_close"),
    ),
    Mutant(
        "a closed review stays as it is",
        "insight/metrics/reviews/services/reviews.py",
        "if review.closings.filter(reopened_at=None).exists():",
        "if review is None:",
        of(f"{METRICS}/test_reviews", "a_closed_review_is_not_written_to"),
    ),
    Mutant(
        "signs of a report need the permission of their columns",
        "insight/metrics/reviews/report.py",
        "and known.permission in permits for key",
        "and known.permission for key",
        of(f"{METRICS}/test_reports", "signs_that_may_not_be_seen_are_left_out"),
    ),
    Mutant(
        "a segment tells nothing of columns that the reader may not see",
        "customers/queries/segments.py",
        "if not permits.issuperset(segment.permissions):",
        "if permits is None:",
        of(
            f"{CUSTOMERS}/test_segment_doors",
            "no_door_of_a_segment_tells_a_narrow_key_who_fits_what_it_may_not_see",
        ),
    ),
    Mutant(
        "what another system keeps is changed there",
        "customers/masters.py",
        "if _value(before, name) != _value(after, name):",
        "if name is None:",
        of(
            f"{CUSTOMERS}/test_masters",
            "what_a_master_keeps_is_changed_by_nobody_else",
            "nobody_unties_a_customer_from_its_master",
            "attributes_have_masters_too",
            "the_api_refuses_in_words_and_names_the_field",
        ),
    ),
    Mutant(
        "contracts in two currencies are not merged",
        "customers/merges/merging.py",
        "if len(signers) > 1:",
        "if len(signers) > 2:",
        of(f"{CUSTOMERS}/test_merging", "contracts_in_two_currencies_are_refused_in_words"),
    ),
    Mutant(
        "a renewal is closed once",
        "customers/services/renewal_plans.py",
        "if due_on is not None and due_on != contract.end_on:",
        "if False:",
        of(f"{CUSTOMERS}/test_desk", "what_another_has_closed_meanwhile_is_not_renewed_twice"),
    ),
    Mutant(
        "a list that one may not open is no file either",
        "core/lists/services.py",
        'if found is None or not {found.permission, "core.export"} <= permits:',
        "if found is None:",
        of("tests/test_lists_of_pages", "lists_that_one_may_not_open_are_no_files_either"),
    ),
    Mutant(
        "a file of a list is for who asked for it",
        "core/views/exports.py",
        "if export is None or export.by_id not in (None, request.person.pk):",
        "if export is None:",
        of("tests/test_lists_out", "only_who_asked_for_a_list_gets_it_and_viewers_get_none"),
    ),
]
