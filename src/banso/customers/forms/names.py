"""Forms that ask for a name: products, plans, segments; and for domains."""

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.customers.forms.fields import RoomForm
from banso.customers.models import Tier


class ProductForm(RoomForm):
    name = forms.CharField(label=_("Name of the product"), max_length=120)


class PlanForm(RoomForm):
    name = forms.CharField(label=_("Name of the price plan"), max_length=120)


class SilentDomainsForm(RoomForm):
    domains = forms.CharField(
        label=_("Domains, one a line"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class SegmentForm(RoomForm):
    name = forms.CharField(label=_("Name of the segment"), max_length=120)


class SegmentTierForm(RoomForm):
    tier = forms.ChoiceField(
        label=_("Touch tier to propose"),
        required=False,
        choices=[("", _("Propose nothing")), *Tier.choices],
    )
