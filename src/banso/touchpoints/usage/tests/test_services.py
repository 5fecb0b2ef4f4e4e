from datetime import timedelta
from typing import Any

import pytest

from banso.core import sql
from banso.core.events import publish
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, drain_jobs, events
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage import personal_data, services, store
from banso.touchpoints.usage.models import DailyUsage
from banso.touchpoints.usage.services import keeping
from banso.touchpoints.usage.tasks import keep_store
from banso.touchpoints.usage.tests.builders import (
    Sending,
    a_run,
    a_total,
    an_event,
    rollups,
    sent,
    stored,
)


def test_customers_begin_once_on_their_first_day(acme: Workspace) -> None:
    heard, silent, first = a_customer("甲"), a_customer("乙"), TODAY - timedelta(days=3)
    store.add_imported([a_total(heard), a_total(heard, first)], run=a_run())
    assert services.silent_customers({heard.pk, silent.pk}) == {silent.pk}
    services.tell_beginners([heard.pk, silent.pk])
    told = events("usage.usage_begun")
    assert [(event.customer_id, event.facts) for event in told] == [
        (heard.pk, {"day": first.isoformat()})
    ]
    assert acme.day_of(told[0].at) == first


def test_an_import_undone_leaves_the_others(acme: Workspace) -> None:
    customer, run = a_customer(), a_run()
    store.add_imported([a_total(customer, events=5)], run=a_run())
    before = rollups()
    store.add_imported([a_total(customer, events=7)], run=run)
    store.load_events([an_event(customer)], run=run)
    assert store.remove_imported(run) == 2
    assert rollups() == before
    assert store.remove_imported(run) == 0


def test_an_import_is_rolled_up_whatever_was_there_before(acme: Workspace) -> None:
    new, known, run = a_customer("甲"), a_customer("乙"), a_run()
    store.add_imported([a_total(known, events=1, person_key="p1")], run=a_run())
    days = [TODAY, TODAY - timedelta(days=1)]
    totals = [
        a_total(one, day, events=2, seconds=5, errors=1, person_key=who)
        for one in (new, known)
        for day in days
        for who in ("p1", "p1", "")
    ]
    store.add_imported(totals, run=run, rolls_up=False)
    services.settle_import(run)
    found = rollups()
    assert found[new.pk, TODAY, "report", "p1"] == (4, 10, 2)
    assert found[known.pk, TODAY, "report", "p1"] == (5, 10, 2)
    services.settle_import(run)
    assert rollups() == found
    store.roll_up({(one.pk, day) for one in (new, known) for day in days})
    assert rollups() == found and len(found) == 8
    assert [one.customer_id for one in events("usage.usage_begun")] == [new.pk]


def test_a_large_import_is_settled_in_parts_by_a_database_that_knows_its_size(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    customers, run = [a_customer(f"顧客{n}") for n in range(5)], a_run()
    totals = [a_total(one, events=n) for n, one in enumerate(customers, 1)]
    store.add_imported(totals, run=run, rolls_up=False)
    services.settle_import(run)
    assert [rollups()[one.pk, TODAY, "report", ""][0] for one in customers] == [1, 2, 3, 4, 5]
    asked = "SELECT reltuples FROM pg_class WHERE relname = 'usage_importedusage'"
    assert sql.run_for_all(asked, reason="a table holds every workspace")[0][0] >= 5


def test_single_events_of_an_import_are_counted_with_its_totals(acme: Workspace) -> None:
    customer, run = a_customer(), a_run()
    store.load_events([an_event(customer, person_key="p1")], run=run, rolls_up=False)
    store.add_imported([a_total(customer, events=2, person_key="p1")], run=run, rolls_up=False)
    services.settle_import(run)
    assert list(rollups().values()) == [(3, 0, 0)]


def test_what_arrived_before_the_first_totals_is_counted_once(acme: Workspace) -> None:
    customer, run = a_customer(external_id="C-1"), a_run()
    Sending().ok("track", sent(user="p1", context={"groupId": "C-1"}))
    day = stored()[0][3]
    total = a_total(customer, day, events=2, person_key="p1")
    store.add_imported([total], run=run, rolls_up=False)
    services.settle_import(run)
    for _time in range(2):
        services.roll_up_due()
    assert rollups() == {(customer.pk, day, "report", "p1"): (3, 0, 0)}


def test_every_night_the_next_month_is_ready_for_its_events(acme: Workspace) -> None:
    keep_store(0)
    found = sql.run_for_all(
        "SELECT to_regclass('usage_event_202611'), to_regclass('usage_event_202612')",
        reason="partitions belong to no workspace",
    )
    assert None not in found[0]


def test_an_erased_contact_stays_counted_and_nameless(acme: Workspace) -> None:
    customer = a_customer()
    contact = a_contact(customer, source_id="crm-7")
    theirs: dict[str, Any] = {"contact_id": contact.pk, "person_key": "hanako@example.jp"}
    store.load_events([an_event(customer, **theirs), an_event(customer)])
    store.add_imported([a_total(customer, **theirs)], run=a_run())
    assert [row["events"] for row in personal_data.export(contact)] == [2]
    personal_data.erase(contact)
    assert personal_data.export(contact) == []
    people = {row.person_key: row.events for row in DailyUsage.objects.all()}
    assert sorted(people.values()) == [1, 2]
    assert all(key == "p1" or key.startswith("erased:") for key in people)
    store.roll_up({(customer.pk, TODAY)})
    assert {row.person_key: row.events for row in DailyUsage.objects.all()} == people


def test_undo_of_one_workspace_does_not_touch_the_other(
    acme: Workspace, other_workspace: Workspace
) -> None:
    run = a_run()
    store.add_imported([a_total(a_customer())], run=run)
    with open_workspace(other_workspace):
        assert store.remove_imported(run) == 0
    assert len(rollups()) == 1


def test_a_forgotten_customer_leaves_nothing_and_takes_nobody_along(acme: Workspace) -> None:
    leaving, staying = a_customer("甲"), a_customer("乙")
    event = an_event(leaving)
    store.load_events([event, an_event(staying)], run=a_run())
    store.add_imported([a_total(leaving)], run=a_run())
    publish("customers.customer_purged", leaving)
    drain_jobs()
    assert {customer for customer, *_rest in rollups()} == {staying.pk}
    left = sql.rows("SELECT customer_id FROM usage_event WHERE workspace_id = %(workspace)s")
    assert left == [(staying.pk,)]
    assert store.load_events([event], run=a_run()).created == 1
