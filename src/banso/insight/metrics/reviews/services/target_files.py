"""Targets that come in files, and go again when a file is taken back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Person
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.models import Put, Target
from banso.insight.metrics.reviews.answers import told_currency
from banso.insight.metrics.reviews.services.targets import set_target, standing_target


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A line of a file. `currency` is empty where it tells none: that in which figures are told."""

    kpi: str
    kind: str
    starts_on: date
    value: Decimal
    currency: str = ""


def put_targets(
    rows: Iterable[NewTarget], *, by: Person | None
) -> list[Put[Target] | Refused | None]:
    """What became of each: None where it stood already, just so. Publishes as `set_target`."""
    own = told_currency()
    return [_put(one, own, by) for one in rows]


def _put(new: NewTarget, own: str, by: Person | None) -> Put[Target] | Refused | None:
    try:
        standing = standing_target(new.kpi, kind=new.kind, starts_on=new.starts_on)
        if standing and (standing.value, standing.currency) == (new.value, _told(new, own)):
            return None
        if _told(new, own) not in ("", own):
            words = _("Targets are in %(currency)s, as figures are told.")
            raise Refused(words % {"currency": own}, code="currency", field="currency")
        made = set_target(new.kpi, kind=new.kind, starts_on=new.starts_on, value=new.value, by=by)
    except Refused as refusal:
        return refusal
    return None if standing and made.pk == standing.pk else Put(made, standing)


def _told(new: NewTarget, own: str) -> str:
    """The currency that the line is in; "" of what is no money."""
    is_money = new.kpi in MEASURES and MEASURES[new.kpi].unit == "money"
    return (new.currency.upper() or own) if is_money else ""


@transaction.atomic
def take_back_targets(made: Collection[Any], *, replaced: Collection[Any]) -> None:
    """Targets that an import made count no longer; those whose place they took count again, but
    where somebody has set another since. Nothing is deleted.
    """
    Target.objects.filter(pk__in=made, voided_at=None).update(voided_at=timezone.now())
    for one in Target.objects.filter(pk__in=replaced).exclude(voided_at=None).order_by("pk"):
        if standing_target(one.kpi, kind=one.kind, starts_on=one.starts_on) is None:
            one.voided_at = one.voided_by = None
            one.save(update_fields=["voided_at", "voided_by"])
