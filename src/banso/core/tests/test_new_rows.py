"""Rows by COPY are the rows that Django would have written."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from banso.core import new_rows
from banso.core.models import Event, ImportedRow, ImportRun, Workspace
from banso.core.scope import ForeignWorkspace, open_workspace

MANY = new_rows.FEW + 5
NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)


def some_events(many: int = MANY) -> list[Event]:
    facts = {"名": "髙橋", "n": 1.5, "none": None, "list": [1, "'\\"]}
    about = {"name": "x.happened", "subject_type": "x", "subject_id": "1", "by": uuid4()}
    return [Event(facts=facts, at=NOON, customer_id=uuid4(), **about) for _n in range(many)]


def test_rows_are_stored_as_bulk_create_stores_them(acme: Workspace) -> None:
    ours, theirs = some_events(), some_events()
    for one, other in zip(ours, theirs, strict=True):
        other.by, other.customer_id = one.by, one.customer_id
    new_rows.insert(ours)
    Event.objects.bulk_create(theirs)
    stored = [
        model_to_dict(one, exclude=["id"]) | {"at": one.at, "tx": one.tx}
        for one in Event.objects.filter(name="x.happened").order_by("pk")
    ]
    assert len(stored) == 2 * MANY and stored[:MANY] == stored[MANY:]


def test_numbers_taken_before_are_the_rows_keys_and_nobody_elses(acme: Workspace) -> None:
    rows = some_events()
    for row, number in zip(rows, new_rows.take_ids(Event, MANY), strict=True):
        row.pk = number
    new_rows.insert(rows)
    [later] = some_events(1)
    later.save()
    stored = Event.objects.filter(name="x.happened").order_by("pk")
    assert [one.pk for one in stored] == [*(row.pk for row in rows), later.pk]


def test_a_row_of_another_workspace_stops_them_all(
    acme: Workspace, other_workspace: Workspace
) -> None:
    rows = some_events()
    with open_workspace(other_workspace):
        rows.append(Event(name="x", subject_type="x", subject_id="1"))
    with pytest.raises(ForeignWorkspace):
        new_rows.insert(rows)
    assert not Event.objects.filter(name="x.happened").exists()


def test_what_the_database_refuses_is_raised_as_django_raises_it(acme: Workspace) -> None:
    run = ImportRun.objects.create(mapping="", source="x")
    same = run.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        new_rows.insert([ImportRun(pk=same, mapping="", source="x") for _n in range(MANY)])
    assert ImportRun.objects.count() == 1


def test_no_value_of_json_is_none_and_not_null(acme: Workspace) -> None:
    run = ImportRun.objects.create(mapping="", source="x")
    facts = {"run": run, "table": "x", "line": 1, "object_id": "1"}
    new_rows.insert([ImportedRow(before=None, **facts) for _n in range(MANY)])
    assert ImportedRow.objects.filter(before__isnull=True).count() == MANY


def test_a_row_made_quickly_is_the_row_that_django_makes(acme: Workspace) -> None:
    run = ImportRun.objects.create(mapping="", source="x")
    given = {"run_id": run.pk, "table": "x", "line": 3, "object_id": "1"}
    ours, theirs = new_rows.unsaved(ImportedRow, **given), ImportedRow(**given)
    assert model_to_dict(ours) == model_to_dict(theirs) and ours.workspace_id == acme.pk
    assert ours._state.adding and ours.run == run
    ours.save()
    assert ImportedRow.objects.get().pk == ours.pk


def test_what_a_row_has_of_its_own_is_made_for_each(acme: Workspace) -> None:
    one, other = (new_rows.unsaved(ImportRun, mapping="x", source="y") for _n in range(2))
    assert one.pk != other.pk and one.report is not other.report
    assert (one.state, one.report, one.by_id) == (ImportRun.State.DRAFT, {}, None)


def test_a_row_is_not_made_of_columns_it_has_not(acme: Workspace) -> None:
    with pytest.raises(TypeError, match="no_such"):
        new_rows.unsaved(ImportRun, no_such=1)
