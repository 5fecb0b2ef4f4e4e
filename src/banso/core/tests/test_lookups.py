"""Values by the thousand are found as `__in` finds them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.core.lookups import array_of
from banso.core.models import Event, ImportRun, Workspace

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(WORDS | st.sampled_from(["NULL", "{}", '"', "\\", ",", "", " a "])))
def test_any_word_is_found_and_no_other(acme: Workspace, words: list[str]) -> None:
    rows = [
        Event(name=word, subject_type="looked for", subject_id="1") for word in [*words, "other"]
    ]
    Event.objects.bulk_create(rows)
    mine = Event.objects.filter(pk__gte=rows[0].pk)
    found = mine.filter(name__any=words).values_list("name", flat=True)
    assert sorted(found) == sorted(mine.filter(name__in=words).values_list("name", flat=True))
    assert set(found) == set(words) & {row.name for row in rows}


def test_a_word_longer_than_its_column_is_not_found_by_its_beginning(acme: Workspace) -> None:
    ImportRun.objects.create(mapping="a" * 100, source="x")
    assert ImportRun.objects.filter(mapping__any=["a" * 100]).exists()
    assert not ImportRun.objects.filter(mapping__any=["a" * 101]).exists()


def test_keys_and_links_can_be_asked_for(acme: Workspace) -> None:
    run = ImportRun.objects.create(mapping="", source="x")
    run.rows.create(table="x", line=1, object_id="1")
    assert ImportRun.objects.filter(pk__any=[run.pk]).count() == 1
    assert run.rows.filter(run_id__any={run.pk}).count() == 1
    assert not ImportRun.objects.filter(pk__any=[]).exists()


def test_an_array_is_written_as_the_server_reads_it() -> None:
    assert array_of([]) == "{}"
    assert array_of(['a"b', "c\\", ""]) == '{"a\\"b","c\\\\",""}'
