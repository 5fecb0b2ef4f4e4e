"""Forms that ask for a name: products, plans, segments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.customers.forms.fields import RoomForm


class ProductForm(RoomForm):
    name = forms.CharField(label=_("Name of the product"), max_length=120)


class PlanForm(RoomForm):
    name = forms.CharField(label=_("Name of the price plan"), max_length=120)


class SegmentForm(RoomForm):
    name = forms.CharField(label=_("Name of the segment"), max_length=120)
