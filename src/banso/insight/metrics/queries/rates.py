"""Exchange rates as they are known now, or were at any moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import product

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.core import cursors
from banso.core.as_of import known
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.core.ui.wording import short_day
from banso.customers.models import Contract
from banso.insight.metrics.asking import NO_RATE
from banso.insight.metrics.models import ExchangeRate

MOST, PAGE = 200, 50
OWN = Decimal(1)


class NoRate(Refused):
    """There is no rate of `currency` on or before `day`; `page`: where to add one."""

    def __init__(self, currency: str, day: date) -> None:
        self.currency, self.day = currency, day
        self.note = (
            f"{NO_RATE} {currency} {day.isoformat()}"  # of a figure that has no value for it
        )
        self.page = reverse("metrics:rates")
        words = _(
            "There is no exchange rate of %(currency)s on or before %(day)s. Add one in the "
            "settings, under Counting figures (%(page)s)."
        )
        said = {"currency": currency, "day": short_day(day), "page": self.page}
        super().__init__(words % said, code=NO_RATE)


def rates_for(
    currencies: Iterable[str], days: Iterable[date], known_at: datetime | None = None
) -> dict[tuple[str, date], Decimal]:
    """How many of the workspace's currency one unit of each currency is worth on each day.

    As `rates_where_known`, but raises NoRate (code "no_rate") for the first that is missing.
    """
    wanted, asked = sorted(set(currencies)), sorted(set(days))
    found = rates_where_known(wanted, asked, known_at)
    for pair in product(wanted, asked):
        if pair not in found:
            raise NoRate(*pair)
    return found


def rates_where_known(
    currencies: Iterable[str], days: Iterable[date], known_at: datetime | None = None
) -> dict[tuple[str, date], Decimal]:
    """The last rate on or before each day, as known at that moment (aware; None: now).

    The workspace's own currency is worth 1; what is missing is left out. 1 query, of every rate of
    these currencies up to the last of these days.
    """
    wanted, asked, own = set(currencies), set(days), current_workspace().currency
    found = dict.fromkeys(((own, day) for day in asked if own in wanted), OWN)
    foreign = sorted(wanted - {own})
    if not foreign or not asked:
        return found
    for currency, (begins, rates) in _by_currency(foreign, max(asked), known_at).items():
        for day in asked:
            if place := bisect_right(begins, day):
                found[currency, day] = rates[place - 1]
    return found


def _by_currency(
    currencies: list[str], until: date, known_at: datetime | None
) -> dict[str, tuple[list[date], list[Decimal]]]:
    """For each currency the days on which rates begin, ascending, and the rates."""
    lines: dict[str, tuple[list[date], list[Decimal]]] = defaultdict(lambda: ([], []))
    rows = known_rates(known_at).filter(currency__in=currencies, on__lte=until)
    # Of two rates of a day known at once the one recorded last counts: it comes last.
    in_order = rows.order_by("on", "recorded_at", "pk")
    for currency, on, rate in in_order.values_list("currency", "on", "rate"):
        lines[currency][0].append(on)
        lines[currency][1].append(rate)
    return lines


def known_rates(known_at: datetime | None = None) -> "QuerySet[ExchangeRate]":
    """Rates into the workspace's currency as known at that moment; None: now. No query yet."""
    rows: QuerySet[ExchangeRate] = ExchangeRate.objects.filter(into=current_workspace().currency)
    return rows.filter(known(known_at))


def latest_rates() -> list[ExchangeRate]:
    """The latest rate of each currency, by currency. 1 query."""
    rows = known_rates().order_by("currency", "-on", "-recorded_at", "-pk")
    return list(rows.distinct("currency"))


def currencies_without_rate() -> list[str]:
    """Currencies of contracts that no rate is known of. 2 queries."""
    living = Contract.objects.filter(deleted_at=None, customer__deleted_at=None)
    told = {*known_rates().values_list("currency", flat=True).distinct()}
    used = {*living.values_list("currency", flat=True).distinct()}
    return sorted(used - told - {current_workspace().currency})


def rate_page(
    *, currency: str = "", cursor: str = "", limit: int = PAGE, voided: bool = False
) -> tuple[list[ExchangeRate], str]:
    """Rates, the latest day first, and the cursor of those before. 1 query.

    Those into a former currency of the workspace too; with `voided` those that no longer count.
    """
    rows: QuerySet[ExchangeRate] = ExchangeRate.objects.select_related("by")
    rows = rows if voided else rows.filter(voided_at=None)
    if currency:
        rows = rows.filter(currency=currency)
    if cursor:
        day, pk = cursors.read("rates", cursor)
        rows = rows.filter(on__lte=day).exclude(on=day, pk__gte=pk)
    size = max(1, min(limit, MOST))
    found = list(rows.order_by("-on", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [last.on.isoformat(), str(last.pk)] if last else None
    return found[:size], cursors.write("rates", place) if place else ""
