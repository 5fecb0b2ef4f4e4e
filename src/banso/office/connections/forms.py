"""The form of a repeated import."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from banso.core.imports.declarations import import_tables
from banso.core.imports.mappings import load_mapping, shipped_mappings
from banso.core.models import Membership, RepeatedImport
from banso.core.ui.wording import moment
from banso.customers.models import Master
from banso.office.connections import folders
from banso.office.connections.repeated import GUESSED, LIKE, SHIPPED, Setup, known_runs

AT, EVERY = "at:", "every:"
EVERY_HOURS = (1, 2, 3, 4, 6, 8, 12)
KEPT = "kept"
SALESFORCE = ("salesforce", "Salesforce")


class RepeatedImportForm(forms.Form):
    """Where files come, what they are, when they are looked for, and who hears of them."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For example: Accounts of Salesforce, every Monday."),
    )
    place = forms.ChoiceField(label=gettext_lazy("Folder"))
    folder = forms.CharField(label=gettext_lazy("Folder below it"), max_length=200, required=False)
    pattern = forms.CharField(
        label=gettext_lazy("Names of the files"),
        max_length=120,
        initial="*.csv",
        help_text=gettext_lazy("* stands for anything, such as Account*.csv or report*.xlsx."),
    )
    table = forms.ChoiceField(label=gettext_lazy("Import as"))
    mapping = forms.ChoiceField(label=gettext_lazy("Columns"), required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("Comes from"),
        required=False,
        help_text=gettext_lazy("The system that may write what it keeps; see Masters."),
    )
    is_whole = forms.BooleanField(
        label=gettext_lazy("Each file has every row: list those that are missing"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Rows that vanished are listed, never deleted."),
    )
    hours = forms.ChoiceField(label=gettext_lazy("Look for the file"), initial="at:5")
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On these days only (none: every day)"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tells = forms.ChoiceField(
        label=gettext_lazy("Tell the result to"),
        help_text=gettext_lazy("By mail; with a task where something is to be looked at."),
    )

    def __init__(self, *args: Any, standing: RepeatedImport | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "place": _places(),
            "table": [(table.name, table.label) for table in import_tables()],
            "mapping": _mappings(standing),
            "source": _sources(standing),
            "hours": _hours(),
            "tells": _members(),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def setup(self) -> Setup:
        """What a service takes."""
        given = self.cleaned_data
        kind, _sign, number = given["hours"].partition(":")
        mapping = given["mapping"]
        return Setup(
            **{name: given[name] for name in ("name", "place", "folder", "pattern", "table")},
            source=given["source"],
            is_whole=given["is_whole"],
            mapping=None if mapping == KEPT else mapping,
            at_hour=int(number) if kind == "at" else None,
            every_hours=int(number) if kind == "every" else None,
            weekdays=tuple(map(int, given["weekdays"])),
            tells_id=UUID(given["tells"]),
        )


def initial_of(one: RepeatedImport) -> dict[str, Any]:
    """What the form shows of one that stands."""
    names = ("name", "place", "folder", "pattern", "table", "source", "is_whole")
    hours = f"{EVERY}{one.every_hours}" if one.every_hours else f"{AT}{one.at_hour}"
    return {
        **{name: getattr(one, name) for name in names},
        "mapping": KEPT,
        "hours": hours,
        "weekdays": [str(day) for day in one.weekdays],
        "tells": str(one.tells_id or ""),
    }


def _places() -> list[tuple[str, str]]:
    return [(name, str(path)) for name, path in folders.places().items()]


def _mappings(standing: RepeatedImport | None) -> list[tuple[str, Any]]:
    """How the columns are told: found out each time, as shipped, or as an import before read them."""
    shipped = [(SHIPPED + name, load_mapping(name).label) for name in sorted(shipped_mappings())]
    runs = [(f"{LIKE}{run.pk}", _("as in %(file)s (%(when)s)") % _of(run)) for run in known_runs()]
    kept = [(KEPT, _("As it is"))] if standing else []
    return [*kept, (GUESSED, _("Find out from the headers")), *shipped, *runs]


def _of(run: Any) -> dict[str, str]:
    return {"file": run.source, "when": moment(run.created_at)}


def _sources(standing: RepeatedImport | None) -> list[tuple[str, str]]:
    known = dict([SALESFORCE]) | dict(Master.objects.values_list("code", "name"))
    if standing and standing.source:
        known.setdefault(standing.source, standing.source)
    return [("", "—"), *sorted(known.items(), key=lambda one: one[1])]


def _hours() -> list[tuple[str, str]]:
    at = [(f"{AT}{hour}", _("at %(hour)02d:00") % {"hour": hour}) for hour in range(24)]
    words = [
        (f"{EVERY}{n}", ngettext("every hour", "every %(n)d hours", n) % {"n": n})
        for n in EVERY_HOURS
    ]
    return [*at, *words]


def _members() -> list[tuple[str, str]]:
    people = Membership.objects.select_related("person").order_by("person__name_reading")
    return [(str(one.person_id), one.person.name) for one in people]
