"""Whose posts the figures per CSM are divided by. Imports numpy: reach it through `answers`."""

from dataclasses import dataclass
from decimal import Decimal

from banso.core.models import Person
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.asking.questions import measure_called
from banso.insight.metrics.making import heads
from banso.insight.metrics.making.exchanged import Money
from banso.insight.metrics.making.figures import layers_of, rows_of, until_today
from banso.insight.metrics.making.reading import Reading
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True)
class Post:
    """A person, and how much of a full-time post they have for the customers of the figure."""

    name: str
    share: Decimal


def posts(asked: Asked, period: Period, cut: str, reading: Reading) -> list[Post]:
    """What adds up to the denominator of a figure per head: the greatest first. 1 query more."""
    measure, rules = measure_called(asked.kpi), queries.rules(asked.known_at)
    told = until_today(period, reading.today)
    if measure.made_by != "per_head" or told is None:
        return []
    layers, money = layers_of(measure, asked, reading), Money(reading, [period])
    rows = rows_of(measure, reading, told, layers, rules, money, cut)
    shares = heads.posts_of(rows, reading, told, rules)
    names = dict(Person.objects.filter(pk__in=shares).values_list("pk", "name"))
    return [Post(names.get(who, ""), share) for who, share in shares.items()]
