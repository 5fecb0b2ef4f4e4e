"""Invented data for the gallery, in the reader's language."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.lib.charts import Series

Words = str | Promise


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """One row of the gallery's table."""

    name: str
    department: str
    owner: str
    score: float | None
    band: str
    measured: int
    mrr: int | None
    renewal: date | None
    reason: str
    usage: tuple[int | None, ...]
    usage_in_words: str


@dataclass(frozen=True, slots=True)
class SampleNavItem:
    """What base.html needs of a navigation item."""

    label: str
    url: str
    icon: str
    active: bool = False
    key: str = ""


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Company name"), help_text=gettext_lazy("As it stands in the contract.")
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Contract start"), widget=forms.DateInput(attrs={"type": "date"})
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats"), required=False, min_value=0)
    tier = forms.ChoiceField(
        label=gettext_lazy("Touch"),
        choices=[
            ("high", gettext_lazy("High touch")),
            ("low", gettext_lazy("Low touch")),
            ("tech", gettext_lazy("Tech touch")),
        ],
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles of the contact"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("champion", gettext_lazy("Champion")),
            ("sponsor", gettext_lazy("Sponsor")),
            ("billing", gettext_lazy("Billing")),
        ],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    renews = forms.BooleanField(label=gettext_lazy("Renews by itself"), required=False)


def sample_nav() -> list[SampleNavItem]:
    return [
        SampleNavItem(_("Today"), "#today", "home", key="t"),
        SampleNavItem(_("Customers"), "#customers", "building", key="c"),
        SampleNavItem(_("Tasks"), "#tasks", "task", key="k"),
        SampleNavItem(_("Health"), "#health", "chart", key="h"),
        SampleNavItem(_("Gallery"), "/ui/", "star", active=True, key="u"),
    ]


def sample_customers(today: date, times: int = 1) -> list[SampleCustomer]:
    return [*_in_trouble(today), *_others(today)] * times


def _in_trouble(today: date) -> list[SampleCustomer]:
    return [
        SampleCustomer(
            name=_("Tsubaki Foods Holdings Co., Ltd."),
            department=_("East Japan sales division, digital promotion office"),
            owner=_("Misaki Sato"),
            score=34,
            band="bad",
            measured=5,
            mrr=620_000,
            renewal=today + timedelta(days=42),
            reason=_("Active people fell from 18 to 6 in a month, and renewal is 42 days away."),
            usage=(18, 18, 17, 16, 13, 11, 8, 6),
            usage_in_words=_("18 → 6 people"),
        ),
        SampleCustomer(
            name=_("Shirakaba Precision"),
            department=_("Information systems"),
            owner=_("Ren Takahashi"),
            score=58,
            band="watch",
            measured=3,
            mrr=128_000,
            renewal=today + timedelta(days=12),
            reason=_("The notice deadline is in 12 days, and nobody has spoken since June."),
            usage=(9, 9, 10, 9, None, 8, 9, 9),
            usage_in_words=_("9 → 9 people"),
        ),
    ]


def _others(today: date) -> list[SampleCustomer]:
    return [
        SampleCustomer(
            name=_("Hayabusa Logistics"),
            department=_("Operations"),
            owner=_("Misaki Sato"),
            score=86,
            band="good",
            measured=5,
            mrr=1_240_000,
            renewal=today + timedelta(days=201),
            reason=_("Seats in use: 120%. It is time to talk about more."),
            usage=(20, 22, 25, 24, 28, 30, 33, 36),
            usage_in_words=_("20 → 36 people"),
        ),
        SampleCustomer(
            name=_("Minato Dental Clinic"),
            department="",
            owner=_("Nobody yet"),
            score=None,
            band="",
            measured=1,
            mrr=None,
            renewal=None,
            reason=_("There is too little data to judge."),
            usage=(),
            usage_in_words="",
        ),
    ]


def sample_series() -> tuple[list[str], list[Series]]:
    months = [f"{month}" for month in ("2025/12", *(f"2026/{n:02}" for n in range(1, 12)))]
    return months, [
        Series(
            _("People logged in"),
            (212, 205, 221, 230, 262, 258, 261, 270, 249, 277, 284, 296),
            True,
        ),
        Series(_("A year before"), (180, 176, 181, 190, 204, 206, None, 209, 198, 211, 214, 219)),
    ]
