"""What a workspace tells the figures, for tests."""

from datetime import date, timedelta
from decimal import Decimal

from banso.core.tests.builders import TODAY
from banso.insight.metrics import queries, services
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import Ask, Closing, Decision, ExchangeRate, Review, Target
from banso.insight.metrics.reviews import services as reviews
from banso.lib.periods import Period, add_months


def an_exchange_rate(
    rate: str = "150.25", *, currency: str = "USD", on: date | None = None
) -> ExchangeRate:
    """Of today; where days are left out and several rates are made, each of a day before the last."""
    day = on or TODAY - timedelta(days=ExchangeRate.objects.count())
    return services.add_rate(currency, on=day, rate=Decimal(rate), by=None)


def a_closing(month: date | None = None) -> Closing:
    """September 2026 as it was reported; where several are made, each of the month before."""
    chosen = month or add_months(date(2026, 9, 1), -Closing.objects.count())
    return services.close_month(chosen, by=None)


def reported(asked: Asked, cut: str = "") -> dict[Period, Figure]:
    """What closed months show for this question."""
    found = queries.closed_figures(asked, [asked.kpi], cut)
    return {period: one.figure for (_kpi, period), one in found.items()}


def a_target(
    kpi: str = "nrr",
    value: str = "1.05",
    *,
    kind: str = "quarter",
    starts_on: date = date(2026, 7, 1),
) -> Target:
    """NRR of 105% for the second quarter of 2026 (fiscal), unless told."""
    return reviews.set_target(kpi, kind=kind, starts_on=starts_on, value=Decimal(value))


def a_review(day: date = date(2026, 7, 1)) -> Review:
    """Of July to September 2026, unless told."""
    return reviews.begin_review(day)


def a_decision(review: Review | None = None, text: str = "後任と早く会う") -> Decision:
    return reviews.decide((review or a_review()).pk, text=text)


def an_ask(month: date = date(2026, 10, 1), text: str = "増員してよいか") -> Ask:
    return reviews.make_ask(month, text=text)
