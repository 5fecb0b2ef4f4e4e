"""The form of the companies that a contract names beside its user."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.customers.forms.fields import EditForm, named_customer
from banso.customers.models import PARTIES, Contract, FirstSupport

HINT = _("Its name or external ID, as it stands in the list. Empty: the customer itself.")


class PartiesForm(EditForm):
    """Who signed, who pays, who sold, and who answers first."""

    signer = forms.CharField(
        label=_("Contracting party"), max_length=200, required=False, help_text=HINT
    )
    payer = forms.CharField(label=_("Billed to"), max_length=200, required=False, help_text=HINT)
    reseller = forms.CharField(
        label=_("Reseller"),
        max_length=200,
        required=False,
        help_text=_("Its name or external ID, as it stands in the list. Empty: sold by us."),
    )
    first_support = forms.ChoiceField(
        label=_("First-line support"), choices=[("", "—"), *FirstSupport.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        """A name that was not touched stays whose it was, though several customers have it now."""
        cleaned = super().clean()
        for name in PARTIES:
            if name in cleaned and name in self.changed_data:
                self._find(name, cleaned)
        return cleaned

    def _find(self, name: str, cleaned: dict[str, Any]) -> None:
        text = str(cleaned[name]).strip()
        try:
            cleaned[name] = named_customer(text) if text else None
        except forms.ValidationError as error:
            self.add_error(name, error)

    def values(self) -> dict[str, Any]:
        """What was changed, by the names that services take."""
        given = self.changes()
        for name in PARTIES:
            if name in given:
                one = given.pop(name)
                given[f"{name}_id"] = one.pk if one else None
        return given


def standing_parties(contract: Contract) -> dict[str, Any]:
    """The form's initial values: parties by their names."""
    named = {name: one.name for name in PARTIES if (one := getattr(contract, name))}
    return {**named, "first_support": contract.first_support}
