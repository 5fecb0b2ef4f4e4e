"""旧社名: who is renamed is still found by the old name, and an undone import takes both back."""

from pathlib import Path

import pytest

from banso.core.imports import undoing
from banso.core.tests.builders import events, fresh
from banso.customers import services
from banso.customers.models import Customer, Likeness
from banso.customers.tests.builders import a_customer, a_master
from banso.customers.tests.files import brought_in

pytestmark = pytest.mark.usefixtures("acme")


def renamed(one: Customer, name: str, **more: object) -> list[str]:
    services.update_customer(one.pk, changes={"name": name, **more}, by=None)
    names: list[str] = fresh(one).former_names
    return names


def test_the_old_name_is_kept_newest_first() -> None:
    one = a_customer("青葉商事")
    assert renamed(one, "みどりホールディングス") == ["青葉商事"]
    assert renamed(one, "若葉物産") == ["みどりホールディングス", "青葉商事"]
    assert events("customers.customer_updated")[-1].facts["fields"] == ["former_names", "name"]
    assert renamed(one, "青葉商事") == ["若葉物産", "みどりホールディングス"]


def test_another_spelling_is_no_former_name() -> None:
    assert renamed(a_customer("株式会社青葉商事"), "㈱ 青葉商事") == []


def test_who_says_what_the_former_names_are_is_believed() -> None:
    one = a_customer("青葉消事")
    assert renamed(one, "青葉商事", former_names=["旧青葉"]) == ["旧青葉"]


def test_former_names_that_another_system_keeps_stay_its_own() -> None:
    a_master("crm", fields=["former_names"])
    assert renamed(a_customer("青葉商事", source="crm", source_id="1"), "若葉物産") == []


def test_twenty_are_kept() -> None:
    one = a_customer("名前", former_names=tuple(f"旧名{n}" for n in range(20)))
    names = renamed(one, "若葉物産")
    assert len(names) == 20 and names[0] == "名前" and "旧名19" not in names


def test_a_renamed_customer_and_its_old_self_are_proposed_as_one() -> None:
    one = a_customer("アクメ精密機器")
    renamed(one, "ノースウインド技研")
    old = a_customer("アクメ精密機器株式会社")
    services.find_likenesses()
    assert {Likeness.objects.get().first_id, Likeness.objects.get().second_id} == {one.pk, old.pk}


def test_an_undone_import_takes_name_and_former_name_back(tmp_path: Path) -> None:
    one = a_customer("青葉商事", external_id="1", former_names=("旧青葉",))
    run, report = brought_in(tmp_path, "external_id,name\n1,若葉物産\n")
    assert report["updated"] == 1
    assert (fresh(one).name, fresh(one).former_names) == ("若葉物産", ["青葉商事", "旧青葉"])
    undoing.undo_import(run.pk, by=None)
    assert (fresh(one).name, fresh(one).former_names) == ("青葉商事", ["旧青葉"])
