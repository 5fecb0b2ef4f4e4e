"""The living style guide: every element in every state, in both languages."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from banso.core.access import public
from banso.core.ui.icons import ICONS
from banso.core.ui.sample_kpis import sample_kpis
from banso.core.ui.samples import SampleForm, sample_customers, sample_nav, sample_series


@public("It shows only invented examples.")
def gallery(request: HttpRequest) -> HttpResponse:
    """`?lang=ja|en` overrides the reader's language on this page alone."""
    language = request.GET.get("lang", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        return render(request, "core/gallery.html", _samples())


def _samples() -> dict[str, Any]:
    now = timezone.now()
    mistakes = {"name": "", "starts_on": "2026-13-01", "tier": "x"}
    months, series = sample_series()
    return {
        "nav": sample_nav(),
        "rows": sample_customers(now.date()),
        "many_rows": sample_customers(now.date(), times=8),
        "form": SampleForm(),
        "wrong_form": SampleForm(mistakes, auto_id="wrong_%s"),
        "icons": sorted(ICONS),
        "months": months,
        "series": series,
        "quarters": ["2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3"],
        "quarter_values": [320, -45, 180, None],
        "lapse": [18, 18, 17, 16, None, 12, 9, 6],
        "monthly": [12, 14, 9, 17, 21, 19, 23, 25, 22, 28, 30, 34],
        "bands": _bands(),
        "now": now,
        "tomorrow": now + timedelta(days=1),
        "soon": now.date() + timedelta(days=12),
        "past": now.date() - timedelta(days=45),
        **sample_kpis(),
    }


def _bands() -> list[tuple[str, int, str]]:
    return [
        (_("Healthy"), 163, "good"),
        (_("Watch"), 58, "watch"),
        (_("In danger"), 21, "bad"),
        (_("Withheld"), 20, "neutral"),
    ]
