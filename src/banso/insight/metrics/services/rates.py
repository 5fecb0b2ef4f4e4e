"""Exchange rates: recorded and voided, never changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.insight.metrics.models import ExchangeRate, Put
from banso.insight.metrics.services.checks import (
    check_day,
    exact,
    id_of,
    locked_workspace,
    refused,
)
from banso.lib.bad_value import BadValue
from banso.lib.money import minor_digits

PLACES, DIGITS = 10, 20
ADDED, VOIDED = "metrics.rate_added", "metrics.rate_voided"


@dataclass(frozen=True, slots=True)
class NewRate:
    """From the day `on`, one unit of `currency` is worth `rate` of the workspace's currency."""

    currency: str
    on: date
    rate: Decimal


@transaction.atomic
def add_rate(currency: str, *, on: date, rate: Decimal, by: Person | None) -> ExchangeRate:
    """A rate counts from `on` to the next one's day.

    Refused, naming the field, for what is no rate, for the workspace's own currency, and where a
    rate of that day stands (code "taken"). Publishes metrics.rate_added.
    """
    locked_workspace()
    new = checked(NewRate(currency, on, rate))
    if (standing := _standing([new]).get((new.currency, new.on))) is not None:
        words = _("A rate of that day stands already: %(rate)s. Correct that one.")
        raise refused(words % {"rate": standing}, "on", "taken")
    return _told(_row(new, timezone.now(), by), by)


@transaction.atomic
def correct_rate(rate_id: UUID, *, rate: Decimal, by: Person | None) -> ExchangeRate:
    """The rate is voided and another of its currency and day recorded in the same moment.

    The row that stands: the same one where the rate is the same. Raises ExchangeRate.DoesNotExist,
    Refused for what is no rate and when voided already. Publishes metrics.rate_voided, rate_added.
    """
    old = _locked(rate_id)
    if old.into != current_workspace().currency:
        words = _("This rate is into %(currency)s, which is not the workspace's currency any more.")
        raise refused(words % {"currency": old.into}, "rate", "other_currency")
    new = checked(NewRate(old.currency, old.on, rate))
    if new.rate == old.rate:
        return old
    now = timezone.now()
    _void(old, now, by)
    return _told(_row(new, now, by), by)


@transaction.atomic
def void_rate(rate_id: UUID, *, by: Person | None) -> ExchangeRate:
    """The rate no longer counts; it is kept, struck out.

    Raises ExchangeRate.DoesNotExist, Refused when voided already. Publishes metrics.rate_voided.
    """
    return _void(_locked(rate_id), timezone.now(), by)


@transaction.atomic
def record_rates(
    rows: Iterable[NewRate], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Put[ExchangeRate] | Refused | None]:
    """Many rates at once; each takes the place of the one of its currency and day.

    One outcome for each row, in their order; None where it stands just so. Publishes
    metrics.rate_added, rate_voided. 5 statements for all.
    """
    locked_workspace()
    listed, now = list(rows), timezone.now()
    sound = [_attempt(one) for one in listed]
    standing = _standing([one for one in sound if isinstance(one, NewRate)])
    found = list[Put[ExchangeRate] | Refused | None]()
    for one in sound:
        if isinstance(one, Refused):
            found.append(one)
            continue
        old = standing.get((one.currency, one.on))
        if old is not None and old.rate == one.rate:
            found.append(None)
            continue
        if old is not None and old._state.adding:
            found.append(refused(_("A rate of that day was told before."), "on", "taken"))
            continue
        made = _row(one, now, by, import_run)
        standing[one.currency, one.on] = made
        found.append(Put(made, old))
    _store([one for one in found if isinstance(one, Put)], now, by)
    return found


@transaction.atomic
def take_back_rates(made: Collection[Any], *, replaced: Collection[Any]) -> None:
    """Rates that an import made count no longer, and those that they replaced count again.

    But for those of a day whose rate somebody has corrected since. Nothing is deleted: what figures
    were told meanwhile can be told again.
    """
    locked_workspace()
    standing = ExchangeRate.objects.filter(voided_at=None)
    standing.filter(pk__any=list(made)).update(voided_at=timezone.now())
    of_that_day = {name: OuterRef(name) for name in ("into", "currency", "on")}
    former = ExchangeRate.objects.filter(pk__any=list(replaced))
    former.exclude(Exists(standing.filter(**of_that_day))).update(voided_at=None)


def checked(new: NewRate) -> NewRate:
    """The rate as it can be stored; Refused, naming the field."""
    code, own = new.currency.strip().upper(), current_workspace().currency
    try:
        minor_digits(code)
    except BadValue as error:
        raise refused(_("This currency is not known."), "currency", "unknown_currency") from error
    if code == own:
        words = _("%(currency)s is this workspace's own currency and needs no rate.")
        raise refused(words % {"currency": own}, "currency", "own_currency")
    check_day(new.on, "on")
    if not new.rate.is_finite() or new.rate <= 0:
        raise refused(_("Give a rate over 0."), "rate")
    return NewRate(code, new.on, exact(new.rate, "rate", places=PLACES, digits=DIGITS))


def _attempt(new: NewRate) -> NewRate | Refused:
    try:
        return checked(new)
    except Refused as refusal:
        return refusal


def _standing(rows: Sequence[NewRate]) -> dict[tuple[str, date], ExchangeRate]:
    """Rates that count now, of these currencies between the first and the last of these days."""
    if not rows:
        return {}
    days = [one.on for one in rows]
    found = ExchangeRate.objects.filter(
        into=current_workspace().currency,
        currency__any={one.currency for one in rows},
        on__range=(min(days), max(days)),
        voided_at=None,
    )
    return {(one.currency, one.on): one for one in found}


def _row(
    new: NewRate, now: datetime, by: Person | None, import_run: ImportRun | None = None
) -> ExchangeRate:
    return ExchangeRate(
        currency=new.currency,
        into=current_workspace().currency,
        on=new.on,
        rate=new.rate,
        by=by,
        import_run=import_run,
        recorded_at=now,
    )


def _told(row: ExchangeRate, by: Person | None) -> ExchangeRate:
    row.save(force_insert=True)
    publish(ADDED, row, by=id_of(by), **_facts(row))
    return row


def _store(found: Sequence[Put[ExchangeRate]], now: datetime, by: Person | None) -> None:
    old = [one.replaced for one in found if one.replaced]
    ExchangeRate.objects.filter(pk__any=[one.pk for one in old]).update(voided_at=now)
    ExchangeRate.objects.bulk_create([one.made for one in found], batch_size=1000)
    publish_many(VOIDED, [(one, _facts(one)) for one in old], by=id_of(by))
    publish_many(ADDED, [(one.made, _facts(one.made)) for one in found], by=id_of(by))


def _locked(rate_id: UUID) -> ExchangeRate:
    locked_workspace()
    row: ExchangeRate = ExchangeRate.objects.get(pk=rate_id)
    if row.voided_at:
        raise Refused(_("This rate has been voided already."), code="voided")
    return row


def _void(row: ExchangeRate, now: datetime, by: Person | None) -> ExchangeRate:
    row.voided_at = now
    row.save(update_fields=["voided_at"])
    publish(VOIDED, row, by=id_of(by), **_facts(row))
    return row


def _facts(row: ExchangeRate) -> dict[str, Any]:
    facts = {"currency": row.currency, "into": row.into, "rate": row.plain}
    return {**facts, "on": row.on.isoformat()}
