"""The features a workspace knows are counted among everybody, and not at every look."""

from typing import Any

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.customers.tests.builders import a_customer
from banso.touchpoints.usage import windows
from banso.touchpoints.usage.tests.builders import a_day_of_usage


def test_a_count_that_takes_long_is_remembered(acme: Workspace, monkeypatch: Any) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY, feature="reports")
    assert windows.features_known(TODAY) == 1
    monkeypatch.setattr(windows, "LONG", -1)
    monkeypatch.setattr(windows, "REMEMBERED", 1_000_000)
    assert windows.features_known(TODAY) == 1
    a_day_of_usage(customer, TODAY, feature="search")
    assert windows.features_known(TODAY) == 1


def test_a_quick_count_is_of_now(acme: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(windows, "LONG", 1000)
    customer = a_customer()
    for number in (1, 2):
        a_day_of_usage(customer, TODAY, feature=f"feature {number}")
        assert windows.features_known(TODAY) == number
