"""Facts as other rooms would tell them, without those rooms: health reads Fields only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Value, When
from django.db.models.expressions import BaseExpression

from banso.core.models import Person
from banso.core.tests.builders import TODAY
from banso.customers import fields
from banso.customers.fields import Field
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.insight.health import services
from banso.insight.health.facts import READ
from banso.insight.health.models import Judgement, Score
from banso.touchpoints.usage.models import DailyUsage

Told = dict[UUID, dict[str, Any]]
OUTPUT: "dict[str, models.Field[Any, Any]]" = {
    "customers.mrr": models.DecimalField(max_digits=20, decimal_places=6),
    "usage.ever": models.BooleanField(),
    "usage.trend_28": models.FloatField(),
    "usage.seat_share_28": models.FloatField(),
    "customers.tier": models.CharField(),
    "customers.stage": models.CharField(),
    "customers.contract_state": models.CharField(),
    "customers.champion": models.CharField(),
    "customers.since": models.DateField(),
    "customers.renewal_on": models.DateField(),
    "customers.notice_on": models.DateField(),
    "customers.last_contact_on": models.DateField(),
    "customers.champion_gone_on": models.DateField(),
    "usage.last_seen_on": models.DateField(),
}
STEADY: dict[str, Any] = {
    "usage.ever": True,
    "usage.last_seen_on": TODAY,
    "usage.active_people_28": 18,
    "usage.active_people_prev_28": 18,
    "usage.events_28": 4000,
    "usage.trend_28": 1.0,
    "usage.features_28": 6,
    "usage.features_broad": 7,
    "usage.seat_share_28": 0.9,
    "customers.champion": "here",
}


@contextmanager
def told_fields(told: Told) -> Iterator[None]:
    """For the block, Fields of other rooms say what `told` holds: a value, or a function of the day."""
    real = dict(fields._fields)
    kept = {key: one for key, one in real.items() if key.startswith(("work.", "health."))}
    fields._fields.clear()
    fields._fields.update(kept)
    fields.declare_fields(*(_told(key, told) for key in READ if key not in kept))
    try:
        yield
    finally:
        fields._fields.clear()
        fields._fields.update(real)


def _told(key: str, told: Told) -> Field:
    output = OUTPUT.get(key) or models.IntegerField()

    def expression(on: date) -> BaseExpression:
        said = {pk: _on(values.get(key), on) for pk, values in told.items()}
        whens = [
            When(pk=pk, then=Value(value, output_field=output))
            for pk, value in said.items()
            if value is not None
        ]
        return Case(*whens, default=Value(None, output_field=output), output_field=output)

    return Field(key, key, "text", expression)


def _on(value: Any, on: date) -> Any:
    return value(on) if isinstance(value, Callable) else value  # type: ignore[arg-type]


def a_told_customer(
    told: Told, *, name: str = "株式会社あおば", owner: Person | None = None, **said: Any
) -> Customer:
    """An active low-touch customer; `said` by Field key with __ for the dot."""
    customer = a_customer(name, main_owner_id=owner.pk if owner else None)
    told[customer.pk] = {
        "customers.tier": "low",
        "customers.stage": "established",
        "customers.contract_state": "active",
        "customers.mrr": 100_000,
        "customers.renewal_on": TODAY + timedelta(days=200),
        **{key.replace("__", "."): value for key, value in said.items()},
    }
    return customer


def a_steady_customer(told: Told, *, name: str = "株式会社みどり", **said: Any) -> Customer:
    """With usage, healthy in every measure; `said` changes what it is told."""
    usage = {key.replace(".", "__"): value for key, value in STEADY.items()}
    customer = a_told_customer(told, name=name, **{**usage, **said})
    DailyUsage.objects.get_or_create(customer=customer, day=TODAY, feature="login")
    return customer


def the_score(customer: Customer, on: date = TODAY) -> Score:
    score: Score = Score.objects.get(customer=customer, day=on)
    return score


def points(customer: Customer, on: date = TODAY) -> Decimal:
    """The customer's score of the day, which must not be withheld."""
    score = the_score(customer, on).score
    assert score is not None
    return score


def a_judgement(customer: Customer, mood: str = "good", **more: Any) -> Judgement:
    return services.judge(customer.pk, mood=mood, **more)
