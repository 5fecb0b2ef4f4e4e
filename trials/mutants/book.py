"""The book and its figures: whose it is, what was reported, what another system keeps, lists."""

from trials.mutants.mutant import Mutant, of

METRICS, CUSTOMERS = "insight/metrics/tests", "customers/tests"

MUTANTS = [
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
        "a merge is of customers of ours",
        "customers/merges/family.py",
        "kind.model.known.select_for_update()",
        "kind.model.anywhere.select_for_update()",
        of("tests/test_walls", "ids_that_are_not_ours_lead_nowhere"),
    ),
    Mutant(
        "an offer is of products of ours",
        "customers/forms/offers.py",
        'Product.objects.order_by("name")',
        'Product.anywhere.order_by("name")',
        of("tests/test_forms", "forms_are_accepted_but_no_foreign_id_in_them"),
    ),
    Mutant(
        "months that no calendar has are refused, no error",
        "insight/metrics/api/__init__.py",
        "if first.year + asked.months // 12 > services.LAST_DAY.year:",
        "if asked is None:",
        of("tests/test_bad_input", "every_parameter_of_an_operation_survives_rubbish"),
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
