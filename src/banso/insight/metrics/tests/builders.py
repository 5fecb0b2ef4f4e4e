"""What a workspace tells the figures, for tests."""

from datetime import date, timedelta
from decimal import Decimal

from banso.core.tests.builders import TODAY
from banso.insight.metrics import services
from banso.insight.metrics.models import Closing, ExchangeRate
from banso.lib.periods import add_months


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
