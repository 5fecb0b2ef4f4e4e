"""What a workspace tells the figures, for tests."""

from datetime import date
from decimal import Decimal

from banso.core.tests.builders import TODAY
from banso.insight.metrics import services
from banso.insight.metrics.models import ExchangeRate


def an_exchange_rate(
    rate: str = "150.25", *, currency: str = "USD", on: date = TODAY
) -> ExchangeRate:
    return services.add_rate(currency, on=on, rate=Decimal(rate), by=None)
