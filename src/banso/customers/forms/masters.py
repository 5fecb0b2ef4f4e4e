"""Which system keeps which values; and forms whose values are kept elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.forms.fields import EditForm, RoomForm
from banso.customers.masters import choices
from banso.customers.models import Master

CALLED = {"parent_id": "parent", "main_owner_id": "main_owner", "sub_owner_id": "sub_owner"}


class MasterForm(RoomForm):
    """A system, the address of its records, and the fields that it keeps."""

    name = forms.CharField(label=gettext_lazy("Name of the system"), max_length=80)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy(
            "As imports and the API call it, in a-z and 0-9. For Salesforce: salesforce."
        ),
    )
    url = forms.CharField(
        label=gettext_lazy("Address of a record there"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "With {id} where the record's ID stands, such as https://example.my.salesforce.com/{id}"
        ),
    )
    fields_kept = forms.MultipleChoiceField(
        label=gettext_lazy("Fields that are read-only here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of customers that come from this system; of others all stay open."),
    )
    asked_as = {"fields": "fields_kept"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_kept"].choices = choices()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"fields": given.pop("fields_kept"), **given}


class MasteredForm(EditForm):
    """A form over a customer of whom another system may keep some values: those are shown, closed."""

    master: Master | None = None

    def close(self, master: Master | None) -> None:
        """The fields that `master` keeps can be read and not changed."""
        self.master = master
        for name in master.fields if master else ():
            field = self.fields.get(CALLED.get(name, name))
            if field is not None and master is not None:
                field.disabled, field.required = True, False
                words = _("Kept in %(master)s. Change it there.")
                field.help_text = words % {"master": master.name}

    def clean(self) -> dict[str, Any]:
        """What came from there may be odd to us: nobody can mend it here."""
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            if field.disabled:
                self.errors.pop(name, None)
        return cleaned
