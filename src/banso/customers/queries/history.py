"""Who looked after a customer, on which tier and stage it was and to whom it belonged, and since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from banso.core.declarations import Words
from banso.core.models import Person
from banso.customers.models import (
    Customer,
    HandOver,
    Reassigned,
    Reassignment,
    Stage,
    StageChange,
    Tier,
)
from banso.customers.queries.hand_overs import hand_overs_of

MOST = 500
STAGE = "stage"
OWNERS = frozenset({Reassigned.MAIN_OWNER, Reassigned.SUB_OWNER})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """`what` became `after` on the local day `effective_on`, noted at `recorded_at` (aware UTC).

    `what`: main_owner, sub_owner, tier, parent or stage; `before` and `after` are ids or codes, ""
    where there was none; `was` and `now` are their words. `by` None: the program, or an import.
    """

    what: str
    before: str
    after: str
    effective_on: date
    recorded_at: datetime
    by_id: UUID | None
    label: Words
    was: Words
    now: Words
    by: str
    hand_over: HandOver | None  # by which a new main owner came


def history(customer_id: UUID, *, limit: int = MOST) -> list[HistoryLine]:
    """The customer's changes of owners, tier, stage and parent, the latest first. 4 or 5 queries.

    Raises Customer.DoesNotExist. What stood before the first line is its `before`.
    """
    Customer.objects.only("pk").get(pk=customer_id)
    rows = [*_reassigned(customer_id, limit), *_stages(customer_id, limit)]
    rows.sort(key=lambda row: (row["effective_on"], row["recorded_at"]), reverse=True)
    words = _Words(rows[:limit], hand_overs_of(customer_id))
    return [words.line(row) for row in rows[:limit]]


@dataclass(frozen=True, slots=True)
class Stand:
    """Who or what it is today; `since` None: from the beginning, as far as anybody noted."""

    label: Words
    now: Words
    since: date | None


def standing_now(customer: Customer, lines: Iterable[HistoryLine]) -> list[Stand]:
    """Owners and tier as they are now, with the day of the latest of these lines. No query
    for a customer whose owners were read along."""
    latest: dict[str, date] = {}
    for line in lines:
        latest.setdefault(line.what, line.effective_on)
    words: dict[str, Words] = {
        Reassigned.MAIN_OWNER: str(customer.main_owner or "—"),
        Reassigned.SUB_OWNER: str(customer.sub_owner or "—"),
        Reassigned.TIER: customer.get_tier_display(),
    }
    return [Stand(Reassigned(what).label, now, latest.get(what)) for what, now in words.items()]


COLUMNS = ("what", "before", "after", "effective_on", "recorded_at", "by_id")


def _reassigned(customer_id: UUID, limit: int) -> Iterable[dict[str, Any]]:
    rows = Reassignment.objects.filter(customer=customer_id).order_by("-effective_on", "-pk")
    return list(rows.values(*COLUMNS)[:limit])


def _stages(customer_id: UUID, limit: int) -> Iterable[dict[str, Any]]:
    earlier = Window(Lag("stage"), order_by=[F("entered_on"), F("pk")])
    rows = StageChange.objects.filter(customer=customer_id).annotate(before=earlier)
    found = rows.order_by("-entered_on", "-pk").values(
        "before", "stage", "entered_on", "recorded_at", "by_id"
    )
    for row in found[:limit]:
        row["what"], row["after"] = STAGE, row.pop("stage")
        yield row | {"before": row["before"] or "", "effective_on": row.pop("entered_on")}


class _Words:
    """Names of the people and companies that lines speak of. 2 queries."""

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], by_hand_over: Mapping[tuple[str, date], HandOver]
    ) -> None:
        listed, self.by_hand_over = list(rows), by_hand_over
        ids = {str(row["by_id"]) for row in listed if row["by_id"]} | _values(listed, OWNERS)
        people = Person.objects.filter(pk__in=ids).values_list("pk", "name")
        self.people = {str(pk): name for pk, name in people}
        parents = _values(listed, {Reassigned.PARENT})
        companies = Customer.with_deleted.filter(pk__in=parents) if parents else []
        self.companies = {str(one.pk): one.name for one in companies}

    def line(self, row: Mapping[str, Any]) -> HistoryLine:
        what = row["what"]
        return HistoryLine(
            **{name: row[name] for name in COLUMNS},
            label=_("Stage") if what == STAGE else Reassigned(what).label,
            was=self._value(what, row["before"]),
            now=self._value(what, row["after"]),
            by=self.people.get(str(row["by_id"]), ""),
            hand_over=self._hand_over(row),
        )

    def _hand_over(self, row: Mapping[str, Any]) -> HandOver | None:
        is_theirs = row["what"] == Reassigned.MAIN_OWNER
        return self.by_hand_over.get((row["after"], row["effective_on"])) if is_theirs else None

    def _value(self, what: str, value: str) -> Words:
        if what in OWNERS:
            return self.people.get(value, _("a former member")) if value else _("Nobody")
        if what == Reassigned.PARENT:
            return (
                self.companies.get(value, _("A deleted company"))
                if value
                else _("No parent company")
            )
        choices: Any = Stage if what == STAGE else Tier
        return choices(value).label if value else "—"


def _values(rows: Iterable[Mapping[str, Any]], whats: Iterable[str]) -> set[str]:
    wanted = set(whats)
    return {row[side] for row in rows if row["what"] in wanted for side in ("before", "after")} - {
        ""
    }
