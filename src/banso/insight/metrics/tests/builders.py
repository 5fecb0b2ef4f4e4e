"""What a workspace tells the figures, for tests."""

from datetime import date, timedelta
from decimal import Decimal

from banso.core.tests.builders import TODAY
from banso.insight.metrics import services
from banso.insight.metrics.models import ExchangeRate


def an_exchange_rate(
    rate: str = "150.25", *, currency: str = "USD", on: date | None = None
) -> ExchangeRate:
    """Of today; where days are left out and several rates are made, each of a day before the last."""
    day = on or TODAY - timedelta(days=ExchangeRate.objects.count())
    return services.add_rate(currency, on=day, rate=Decimal(rate), by=None)
