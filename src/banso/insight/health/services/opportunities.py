"""Good news to act on while it is fresh: contracted seats fill up, a trial succeeds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from banso.core.events import publish_many
from banso.customers.fields import Those
from banso.customers.sheets import among
from banso.insight.health.facts import Facts
from banso.insight.health.models import Opportunity, Score
from banso.insight.health.services.alerts import A_HANDFUL, due_soon, give_task, owner_to_tell

TASK_CODE = "health.opportunity"
SEATS = "usage.seat_share_28"
FULL, FILLING = 1.0, 0.9
MARGIN = 0.1  # under the edge before it counts as over: people come and go
SUCCESS_FEATURES = 3
Kind = Opportunity.Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """An opportunity begins where `begins` gives what to say of it, and lasts until `ends`.

    With `rises`, it must have begun since the last scored day: what has long been so is no news.
    """

    kind: str
    begins: Callable[[Facts], dict[str, Any] | None]
    ends: Callable[[Facts], bool]
    rises: tuple[str, float] | None = None  # a measure, and the edge it was below
    unless: str = ""  # a kind that says more


def _share(facts: Facts) -> float:
    return 0.0 if facts.setting.usage_is_stale else float(facts[SEATS] or 0)


def _seats(facts: Facts) -> dict[str, Any]:
    return {"percent": round(100 * _share(facts))}


def _fills(facts: Facts) -> dict[str, Any] | None:
    return _seats(facts) if FILLING <= _share(facts) < FULL else None


def _is_full(facts: Facts) -> dict[str, Any] | None:
    return _seats(facts) if _share(facts) >= FULL else None


def _succeeds(facts: Facts) -> dict[str, Any] | None:
    """A trial in which three features are in use, or all that others use where that is fewer."""
    used, broad = facts["usage.features_28"] or 0, facts["usage.features_broad"] or SUCCESS_FEATURES
    enough = used >= max(2, min(SUCCESS_FEATURES, broad))
    return {"features": used} if _on_trial(facts) and enough else None


def _on_trial(facts: Facts) -> bool:
    return bool(facts["customers.contract_state"] == "trial")


RULES = (
    Rule(Kind.SEATS_FULL, _is_full, lambda f: _share(f) < FULL - MARGIN, (SEATS, FULL)),
    Rule(
        Kind.SEATS_FILLING,
        _fills,
        lambda f: not FILLING - MARGIN <= _share(f) < FULL,
        (SEATS, FILLING),
        unless=Kind.SEATS_FULL,
    ),
    Rule(Kind.TRIAL_SUCCEEDS, _succeeds, lambda f: not _on_trial(f)),
)


def seize(on: date, everybody: Sequence[Facts], those: Those) -> None:
    """Opportunities of these customers stand open as today's facts say, one a kind and episode.

    Customers that are not among `everybody` (their contract ended) have none. Publishes
    health.opportunity_opened and opportunity_closed. 1 query, and 2 more where one begins.
    """
    by_customer = {facts.customer_id: facts for facts in everybody}
    standing = Opportunity.objects.filter(among(those), closed_on=None)
    open_ones = {(one.customer_id, one.kind): one for one in standing}
    over = [one for one in open_ones.values() if _is_over(one, by_customer.get(one.customer_id))]
    begun = [
        (
            rule,
            Opportunity(customer_id=facts.customer_id, kind=rule.kind, opened_on=on, params=said),
        )
        for facts in everybody
        for rule in RULES
        if (said := rule.begins(facts)) and open_ones.keys().isdisjoint(_kinds(facts, rule))
    ]
    _close(over, on)
    _open(_news(on, begun))


@transaction.atomic
def open_opportunity_tasks(opportunity_ids: Iterable[str]) -> None:
    """Each opportunity's owner has a task for it, due in two business days. Twice is once."""
    rows = Opportunity.objects.filter(pk__in=list(opportunity_ids)).select_related("customer")
    tell, due = owner_to_tell(), due_soon()
    for one in rows.order_by("pk"):
        params = {"kind": one.kind, **one.params}
        give_task(one, tell(one.customer), due, TASK_CODE, params, f"opportunity:{one.pk}")


def _kinds(facts: Facts, rule: Rule) -> list[tuple[UUID, str]]:
    return [(facts.customer_id, rule.kind), (facts.customer_id, rule.unless)]


def _is_over(one: Opportunity, facts: Facts | None) -> bool:
    rule = next((rule for rule in RULES if rule.kind == one.kind), None)
    return facts is None or rule is None or rule.ends(facts)


def _news(on: date, begun: list[tuple[Rule, Opportunity]]) -> list[Opportunity]:
    """Those that have begun since the customer's last scored day, where the rule asks for it."""
    rising = [one.customer_id for rule, one in begun if rule.rises]
    before = _measured_before(on, rising) if rising else {}
    return [one for rule, one in begun if not rule.rises or _rose(rule.rises, before, one)]


def _rose(
    rises: tuple[str, float], before: dict[UUID, list[dict[str, Any]]], one: Opportunity
) -> bool:
    measure, edge = rises
    said = {m["key"]: m["value"] for m in before.get(one.customer_id, ())}
    return one.customer_id in before and (said.get(measure) or 0) < edge


def _measured_before(on: date, customer_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """What the last score before `on` was made of. 1 query."""
    rows = Score.objects.filter(customer_id__in=customer_ids, day__lt=on)
    latest = rows.order_by("customer_id", "-day").distinct("customer_id")
    return dict(latest.values_list("customer_id", "measures"))


def _open(opportunities: list[Opportunity]) -> None:
    if opportunities:
        Opportunity.objects.bulk_create(opportunities)
        _publish("health.opportunity_opened", opportunities)


def _close(opportunities: list[Opportunity], on: date) -> None:
    if opportunities:
        ids = [one.pk for one in opportunities]
        Opportunity.objects.filter(pk__in=ids).update(closed_on=on)
        _publish("health.opportunity_closed", opportunities)


def _publish(name: str, opportunities: list[Opportunity]) -> None:
    told = [(one, {"kind": str(one.kind), **one.params}) for one in opportunities]
    publish_many(name, told, queue="live" if len(told) <= A_HANDFUL else "bulk")
