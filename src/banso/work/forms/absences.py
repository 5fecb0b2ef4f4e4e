"""Who is away."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.models import Membership


class AbsenceForm(forms.Form):
    """`values` after is_valid is what add_absence takes."""

    person = forms.TypedChoiceField(label=_("Who"), choices=[], coerce=UUID)
    from_on = forms.DateField(label=_("First day away"), widget=forms.DateInput({"type": "date"}))
    until_on = forms.DateField(label=_("Last day away"), widget=forms.DateInput({"type": "date"}))
    stand_in = forms.TypedChoiceField(
        label=_("Who stands in"),
        choices=[],
        coerce=UUID,
        required=False,
        empty_value=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Membership.objects.select_related("person").order_by("person__name_reading")
        listed = [(str(one.person_id), one.person.name) for one in people]
        self.fields["person"].choices = listed  # type: ignore[attr-defined]
        subs = ("", _("The sub owner of each customer"))
        self.fields["stand_in"].choices = [subs, *listed]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        ids = {f"{name}_id": given.pop(name) for name in ("person", "stand_in")}
        return {**given, **ids}
