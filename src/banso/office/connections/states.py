"""How an import's state reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.core.models import Event, ImportRun, Person

STATES: dict[str, tuple[Words, str]] = {
    "draft": (_("Not imported yet"), "neutral"),
    "running": (_("Importing"), "info"),
    "done": (_("Imported"), "good"),
    "failed": (_("Failed: nothing was saved"), "bad"),
    "undoing": (_("Being taken back"), "info"),
    "undone": (_("Taken back"), "watch"),
}
ORDERS: tuple[tuple[str, Words], ...] = (
    ("", _("As the data proves")),
    ("dmy", _("day/month/year")),
    ("mdy", _("month/day/year")),
    ("ymd", _("year/month/day")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history; counts are None while nothing was imported."""

    run: ImportRun
    state: Words
    tone: str
    created: int | None
    updated: int | None
    skipped: int | None


def entries(runs: Iterable[ImportRun]) -> list[Entry]:
    return [_entry(run) for run in runs]


def _entry(run: ImportRun) -> Entry:
    tables: list[dict[str, Any]] | None = run.report.get("tables")
    words, tone = STATES[run.state]

    def total(name: str) -> int | None:
        return None if tables is None else sum(one[name] for one in tables)

    return Entry(run, words, tone, total("created"), total("updated"), total("skipped"))


def undone_by(run: ImportRun) -> Person | None:
    """Who took the import back; None when nobody did, or the command line. At most 2 queries."""
    if run.undone_at is None:
        return None
    told = Event.objects.filter(name="core.import_undone", subject_id=str(run.pk))
    by = told.values_list("by", flat=True).first()
    return Person.objects.filter(pk=by).first() if by else None
