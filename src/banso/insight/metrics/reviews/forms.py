"""Forms of targets, reviews and the report of a month."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.core.scope import current_workspace
from banso.customers.forms.fields import DayField, EditForm, PersonField, RoomForm, currency_words
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.models import Decision, TargetKind, known_kind
from banso.insight.metrics.reviews.answers import Line, Promise
from banso.insight.metrics.reviews.known import with_targets
from banso.insight.metrics.reviews.queries import as_given
from banso.insight.metrics.reviews.services.asks import LONGEST as LONGEST_ASK
from banso.insight.metrics.reviews.services.decisions import LONGEST as LONGEST_DECISION
from banso.insight.metrics.reviews.services.reviews import MOST_NOTE
from banso.insight.metrics.reviews.wording import label_of
from banso.lib.bad_value import BadValue
from banso.lib.money import parse_amount
from banso.lib.periods import period_of
from banso.lib.text import narrow

SUMMARY = "summary"


class ValueField(forms.CharField):
    """A target as people write it: 93.5 or 93.5% of a rate, 1,200,000 or 120万円 of money."""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 14})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return read_value(text, self.unit) if text else None

    def prepare_value(self, value: Any) -> Any:
        return as_given(value, self.unit) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


def read_value(text: str, unit: str) -> Decimal:
    """The number that a target's words say, a rate as a fraction of 1. ValidationError in words."""
    plain = narrow(text).strip()
    if unit == "share":
        plain = plain.removesuffix("%").strip()
    try:
        number = parse_amount(plain)
    except BadValue as error:
        wrong = _("Give a number, such as 93.5.")
        asked = _("Write an amount, such as 1,200,000.") if unit == "money" else wrong
        raise forms.ValidationError(asked) from error
    return number / 100 if unit == "share" else number


class TargetForm(RoomForm):
    """One target of one KPI."""

    kpi = forms.ChoiceField(label=gettext_lazy("KPI"))
    kind = forms.ChoiceField(label=gettext_lazy("For a"), choices=TargetKind.choices)
    starts_on = DayField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Any day of the period will do."),
    )
    value = forms.CharField(
        label=gettext_lazy("Target"),
        max_length=60,
        help_text=gettext_lazy("A rate in percent, money without tax."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kpi, MEASURES[kpi].label) for kpi in with_targets()]
        self.fields["kpi"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "kpi" in said and "value" in said:
            try:
                said["value"] = read_value(said["value"], MEASURES[said["kpi"]].unit)
            except forms.ValidationError as error:
                self.add_error("value", error)
        if "kind" in said and "starts_on" in said:
            said["starts_on"] = _first_day(said["kind"], said["starts_on"])
        return said


def _first_day(kind: str, day: date) -> date:
    """Of the period of that kind that the day falls in."""
    return period_of(day, known_kind(kind), current_workspace().fiscal_start_month).start


class NotesForm(EditForm):
    """Why: of the whole quarter, and of each KPI."""

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SUMMARY] = _note(_("What happened this quarter, and why?"), 4)
        for line in lines:
            self.fields[line.kpi] = _note(label_of(line), 2)
        for one in self.fields.values():
            one.show_hidden_initial = True

    def notes(self) -> dict[str, str]:
        """What was changed, by KPI; "" is the whole quarter."""
        return {("" if name == SUMMARY else name): text for name, text in self.changes().items()}


def _note(label: str, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=MOST_NOTE, widget=widget)


class TargetsForm(EditForm):
    """The targets of one period, a field for each KPI; an empty one is no target."""

    def __init__(
        self,
        *args: Any,
        kpis: Iterable[str],
        standing: Iterable[Promise],
        currency: str,
        **kwargs: Any,
    ) -> None:
        initial = {one.kpi: one.value for one in standing}
        super().__init__(*args, initial=initial, **kwargs)
        for kpi in kpis:
            entry = MEASURES[kpi]
            hint = _unit_words(entry.unit, currency)
            self.fields[kpi] = ValueField(
                label=entry.label, unit=entry.unit, required=False, help_text=hint
            )
            self.fields[kpi].show_hidden_initial = True


def _unit_words(unit: str, currency: str) -> str:
    words = {"share": "%", "money": currency_words(currency), "months": _("months")}
    return words.get(unit, "")


class DecisionForm(EditForm):
    """Who does what by when."""

    asked_as: ClassVar[dict[str, str]] = {"owner_id": "owner"}
    text = forms.CharField(label=gettext_lazy("What is decided"), max_length=LONGEST_DECISION)
    owner = PersonField(label=gettext_lazy("Who does it"), required=False)
    due_on = DayField(label=pgettext_lazy("a day", "By"), required=False)

    def values(self) -> dict[str, Any]:
        return named(self.cleaned_data)

    def changed(self) -> dict[str, Any]:
        return named(self.changes())


def named(said: Mapping[str, Any]) -> dict[str, Any]:
    """By the names that services take."""
    given = dict(said)
    if "owner" in given:
        owner = given.pop("owner")
        given["owner_id"] = owner.pk if owner else None
    return given


def standing_decision(decision: Decision) -> dict[str, Any]:
    return {"text": decision.text, "owner": decision.owner_id, "due_on": decision.due_on}


class AskForm(RoomForm):
    """A decision that the report asks for."""

    text = forms.CharField(label=gettext_lazy("What we ask you to decide"), max_length=LONGEST_ASK)
