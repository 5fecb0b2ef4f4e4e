"""A past that is written once: stored without remembering ids, and taken away again."""

from datetime import timedelta

import pytest
from django.db import transaction

from banso.core.models import Workspace
from banso.core.scope import ForeignWorkspace, open_workspace
from banso.core.tests.builders import TODAY
from banso.customers.tests.builders import a_customer
from banso.lib.usage_windows import Window
from banso.touchpoints.usage import store
from banso.touchpoints.usage.tests.builders import an_event, rollups


def test_history_is_rolled_up_as_other_events_are(acme: Workspace) -> None:
    customer = a_customer()
    assert store.load_history([an_event(customer) for _ in range(3)], since=TODAY) == 3
    assert rollups() == {(customer.pk, TODAY, "report", "p1"): (3, 0, 0)}


def test_history_is_for_a_workspace_that_has_no_usage(
    acme: Workspace, other_workspace: Workspace
) -> None:
    customer = a_customer()
    with open_workspace(other_workspace):
        stranger = a_customer()
        store.load_events([an_event(stranger)])
    store.load_history([an_event(customer)], since=TODAY)
    with pytest.raises(ValueError, match="usage already"):
        store.load_history([an_event(customer)], since=TODAY)


def test_history_of_another_workspaces_customer_is_refused(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        stranger = a_customer()
    with pytest.raises(ForeignWorkspace), transaction.atomic():
        store.load_history([an_event(stranger)], since=TODAY)
    assert rollups() == {}


def test_history_leaves_its_ids_free(acme: Workspace) -> None:
    customer = a_customer()
    store.load_history([an_event(customer, message_id="m")], since=TODAY)
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
    used = [an_event(one, feature="report") for one in everybody]
    store.load_history([*used, an_event(everybody[0], feature="rare")], since=TODAY)
    window = Window(TODAY, 90)
    assert store.features_known(window, share=2) == 1
    assert store.features_known(window, share=3) == 2
    assert store.features_known(Window(TODAY - timedelta(days=100), 90), share=2) == 0
