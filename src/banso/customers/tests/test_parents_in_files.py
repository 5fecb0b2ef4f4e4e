"""Files say who stands below whom: set after the last row, in few statements, undone with the rest."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.core.imports import undoing
from banso.core.models import Event, Workspace
from banso.core.tests.builders import fresh
from banso.customers import services
from banso.customers.masters import Masters
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer, a_master, a_merge
from banso.customers.tests.files import brought_in, imported

pytestmark = pytest.mark.usefixtures("acme")
HEAD = "external_id,name,parent\n"


def parents() -> dict[str, str]:
    rows = Customer.objects.exclude(parent=None).values_list("external_id", "parent__external_id")
    return dict(rows)


def test_children_may_stand_before_their_parents_and_the_undo_takes_them_off(
    tmp_path: Path,
) -> None:
    old = a_customer("支店", external_id="B")
    run, report = brought_in(tmp_path, HEAD + "A,支社,H\nB,支店,A\nC,拠点,X\nH,本社,\n")
    assert parents() == {"A": "H", "B": "A"}
    assert [one["code"] for one in report["errors"]] == ["unknown_parent"]
    told = Event.objects.filter(name="customers.customer_updated", subject_id=str(old.pk))
    assert [one.facts["fields"] for one in told] == [["parent_id"]]
    undoing.undo_import(run.pk, by=None)
    assert fresh(old).parent_id is None and Customer.objects.count() == 1


def test_a_circle_costs_its_row_alone(tmp_path: Path) -> None:
    report = imported(tmp_path, HEAD + "A,本社,C\nB,支社,A\nC,支店,B\nD,拠点,D\n")
    assert parents() == {"A": "C", "B": "A"}
    assert [one["line"] for one in report["errors"]] == [4, 5]


def test_a_parent_that_another_system_keeps_is_not_changed(tmp_path: Path) -> None:
    a_master("crm", fields=["parent_id"])
    a_customer("支社", external_id="A", source="crm", source_id="7")
    report = imported(tmp_path, HEAD + "H,本社,\nA,支社,H\n")
    assert parents() == {} and "Salesforce" in report["errors"][0]["params"]["reason"]


def test_a_row_of_one_that_was_merged_does_not_move_who_has_its_rows(tmp_path: Path) -> None:
    own = a_customer("青葉", external_id="1")
    a_merge(own, a_customer("青葉商事", external_id="2"))
    imported(tmp_path, HEAD + "H,本社,\n2,青葉商事,H\n")
    assert fresh(own).parent_id is None


def test_a_dozen_parents_cost_as_many_statements_as_one(acme: Workspace) -> None:
    top = a_customer("本社")
    rows = [a_customer(f"支社{n}") for n in range(12)]

    def asked(children: list[Customer]) -> int:
        with CaptureQueriesContext(connection) as found:
            pairs = [(one.pk, top.pk) for one in children]
            placed = services.place_customers(pairs, by=None, masters=Masters())
        assert all(getattr(one, "moved", False) for one in placed)
        return len(found)

    assert asked(rows[:1]) == asked(rows[1:])
