"""Several people tell the figures something at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from banso.core.as_of import known
from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, a_workspace, events
from banso.insight.metrics import queries, services
from banso.insight.metrics.models import ExchangeRate, KpiRules
from banso.insight.metrics.tests.builders import an_exchange_rate

PEOPLE = 4


def at_once(workspace: Workspace, do: Callable[[int], object]) -> list[str]:
    """What became of it for each of them: "done", or the code of the refusal."""

    def run(n: int) -> str:
        try:
            with open_workspace(workspace):
                do(n)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(pool.map(run, range(PEOPLE)))


@pytest.mark.django_db(transaction=True)
def test_of_those_who_add_correct_or_void_one_rate_at_once_one_does_and_others_are_told() -> None:
    ours = a_workspace()
    with open_workspace(ours):
        first = an_exchange_rate("150")
        tomorrow = TODAY + timedelta(days=1)

        def add(n: int) -> None:
            an_exchange_rate(f"{n + 1}", on=tomorrow)

        def correct(n: int) -> None:
            services.correct_rate(first.pk, rate=Decimal(n + 1), by=None)

        assert at_once(ours, add) == ["done", "taken", "taken", "taken"]
        assert at_once(ours, correct) == ["done", "voided", "voided", "voided"]
        standing = ExchangeRate.objects.get(on=TODAY, voided_at=None)
        void = at_once(ours, lambda _n: services.void_rate(standing.pk, by=None))
        assert void == ["done", "voided", "voided", "voided"]
        assert len(events("metrics.rate_voided")) == 2
        assert ExchangeRate.objects.filter(voided_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_rules_set_for_the_first_time_by_several_at_once_are_one_row_with_all_of_them() -> None:
    ours = a_workspace()
    said: list[dict[str, Any]] = [
        {"grace_days": 1},
        {"reversal_days": 2},
        {"gross_margin": Decimal("0.3")},
        {"sub_owner_weight": Decimal("0.4")},
    ]
    with open_workspace(ours):
        done = at_once(ours, lambda n: services.set_rules(said[n], by=None))
        rules = queries.rules()
        assert done == ["done"] * PEOPLE and KpiRules.objects.filter(known()).count() == 1
    assert (rules.grace_days, rules.reversal_days) == (1, 2)
    assert (rules.gross_margin, rules.sub_owner_weight) == (Decimal("0.3"), Decimal("0.4"))
