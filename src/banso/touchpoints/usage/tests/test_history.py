"""A past that is written once: stored without remembering ids, and taken away again."""

from datetime import timedelta

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY
from banso.customers.tests.builders import a_customer
from banso.lib.usage_windows import Window
from banso.touchpoints.usage import store
from banso.touchpoints.usage.tests.builders import an_event, rollups


def test_history_is_rolled_up_as_other_events_are(acme: Workspace) -> None:
    customer = a_customer()
    assert store.load_history([an_event(customer) for _ in range(3)]) == 3
    assert rollups() == {(customer.pk, TODAY, "report", "p1"): (3, 0, 0)}


def test_history_of_a_day_that_is_told_in_two_parts_adds_up(acme: Workspace) -> None:
    customer = a_customer()
    for _part in range(2):
        store.load_history([an_event(customer, feature=name) for name in ("report", "export")])
    assert rollups() == {
        (customer.pk, TODAY, "report", "p1"): (2, 0, 0),
        (customer.pk, TODAY, "export", "p1"): (2, 0, 0),
    }


def test_history_leaves_its_ids_free(acme: Workspace) -> None:
    customer = a_customer()
    store.load_history([an_event(customer, message_id="m")])
    assert store.load_events([an_event(customer, message_id="m")]).created == 1


def test_an_emptied_workspace_takes_the_same_events_again(
    acme: Workspace, other_workspace: Workspace
) -> None:
    customer = a_customer()
    with open_workspace(other_workspace):
        stranger = a_customer()
        store.load_events([an_event(stranger, message_id="m")])
    event = an_event(customer, message_id="m")
    assert store.load_events([event]).created == 1
    store.empty()
    assert rollups() == {}
    assert store.load_events([event]).created == 1
    with open_workspace(other_workspace):
        assert len(rollups()) == 1
        assert store.load_events([an_event(stranger, message_id="m")]).created == 0


def test_a_feature_is_known_when_enough_of_the_active_customers_use_it(acme: Workspace) -> None:
    everybody = [a_customer() for _ in range(3)]
    store.load_history([an_event(one, feature="report") for one in everybody])
    store.load_history([an_event(everybody[0], feature="rare")])
    window = Window(TODAY, 90)
    assert store.features_known(window, share=2) == 1
    assert store.features_known(window, share=3) == 2
    assert store.features_known(Window(TODAY - timedelta(days=100), 90), share=2) == 0
