"""Forms about the programs that send usage."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.touchpoints.usage.models import SourceKind

OVERLAPS = [
    (24, _("24 hours")),
    (72, _("3 days")),
    (168, _("7 days")),
    (720, _("30 days")),
    (0, _("Stop it at once")),
]


class SourceForm(forms.Form):
    """A program that is to send usage."""

    name = forms.CharField(
        label=_("What sends it"), max_length=120, help_text=_("Such as: product server, web site.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SourceKind.choices)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A Refused raised inside becomes an error of this form."""
        try:
            yield
        except Refused as refusal:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, str(refusal.message))


class RotateForm(forms.Form):
    """`key` is the beginning of the key that was in force when the page was made."""

    overlap_hours = forms.TypedChoiceField(
        label=_("How long the present key goes on working"), choices=OVERLAPS, coerce=int
    )
    key = forms.CharField(max_length=12, widget=forms.HiddenInput)


class TrialForm(forms.Form):
    """A trial event: whose it is, and its id, the same when it is sent once more."""

    company = forms.CharField(
        label=_("Company ID"),
        max_length=120,
        required=False,
        help_text=_("A customer's external ID. Left empty, the event belongs to nobody yet."),
    )
    message_id = forms.CharField(max_length=100, widget=forms.HiddenInput)
