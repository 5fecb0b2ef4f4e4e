"""Closed months: what was reported, what the ledger says now, closing and reopening."""

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers.forms.fields import RoomForm
from banso.insight.metrics import queries, services
from banso.insight.metrics.figure_words import KINDS, label_kept
from banso.insight.metrics.forms.fields import MonthField
from banso.insight.metrics.models import Closing
from banso.insight.metrics.restatements import compared
from banso.insight.metrics.restatements.compared import Compared

WHOLE = "whole"
CUTS = {
    WHOLE: gettext_lazy("The whole"),
    "plan": gettext_lazy("Price plan"),
    "tier": gettext_lazy("Touch tier"),
    "owner": gettext_lazy("Main owner"),
}
SHOWN = 100  # lines


class CloseForm(RoomForm):
    """Which month is closed."""

    month = MonthField(label=gettext_lazy("Month"))


class ReopenForm(RoomForm):
    """Why a closed month is opened again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is kept with this closing."),
        max_length=500,
    )


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """Does what was reported still hold?"""
    month = queries.next_to_close(current_workspace().today())
    return _page(request, CloseForm(initial={"month": month}))


@require_POST
@requires("metrics.manage")
def close(request: Request) -> HttpResponse:
    """The month's figures are kept as they are told now."""
    form = CloseForm(request.POST)
    if form.is_valid():
        with form.refusals():
            closing = services.close_month(form.cleaned_data["month"], by=request.person)
            messages.success(request, _("The month was closed."))
            return redirect("metrics:closing", closing.pk)
    return _page(request, form, status=422)


@require_GET
@requires("metrics.read")
def show(request: Request, closing_id: UUID) -> HttpResponse:
    """Every reported figure of a month beside what the ledger says now."""
    return _closing_page(request, closing_id, ReopenForm())


@require_POST
@requires("metrics.manage")
def reopen(request: Request, closing_id: UUID) -> HttpResponse:
    """The month's figures are the ledger's again."""
    form = ReopenForm(request.POST)
    if form.is_valid():
        with form.refusals():
            reason = form.cleaned_data["reason"]
            services.reopen_month(closing_id, reason=reason, by=request.person)
            messages.success(request, _("The month was reopened."))
            return redirect("metrics:closings")
    return _closing_page(request, closing_id, form, status=422)


def _closing_page(
    request: Request, closing_id: UUID, form: ReopenForm, *, status: int = 200
) -> HttpResponse:
    found = Closing.objects.select_related("closed_by", "reopened_by")
    closing: Closing = found.get(pk=closing_id)
    asked = request.GET.get("by", "")
    by = asked if asked in CUTS and asked != WHOLE else ""
    pairs = compared.compared([closing], by)[closing.pk]
    touches = queries.touches([closing])
    context = {
        "closing": closing,
        "form": form,
        "by": by or WHOLE,
        "cut": by,
        "cuts": CUTS.items(),
        "pairs": pairs,
        "kinds": [] if by else _kinds(pairs),
        "not_kept": _not_kept(closing) if not by else [],
        "changed": sum(pair.is_changed for pair in pairs),
        "otherwise": compared.moved_otherwise(closing, by),
        "touches": touches[:SHOWN],
        "count": len(touches),
    }
    return render(request, "metrics/closing.html", context, status=status)


def _page(request: Request, form: CloseForm, *, status: int = 200) -> HttpResponse:
    rows, cursor = queries.closing_page(cursor=request.GET.get("after", ""), reopened=True)
    pairs = compared.compared(rows)
    standing = [one for one in rows if not one.reopened_at]
    touched = Counter(one.closing.pk for one in queries.touches(standing))
    context: dict[str, Any] = {
        "form": form,
        "rows": [_row(one, pairs[one.pk], touched[one.pk]) for one in rows],
        "next": cursor,
    }
    return render(request, "metrics/closings.html", context, status=status)


def _row(closing: Closing, pairs: list[Compared], touched: int) -> dict[str, Any]:
    mrr = next((pair for pair in pairs if pair.figure.kpi == "mrr"), None)
    changed = sum(pair.is_changed for pair in pairs)
    return {"closing": closing, "mrr": mrr, "changed": changed, "touched": touched}


def _not_kept(closing: Closing) -> list[str]:
    kept = queries.kpis_kept([closing])[closing.pk]
    return [label_kept(*one) for one in compared.ORDER if one not in kept]


def _kinds(pairs: list[Compared]) -> list[dict[str, Any]]:
    """What movements are made of, then and now, in the order of every page."""
    moved = next((pair for pair in pairs if pair.figure.kpi == "movements"), None)
    if moved is None:
        return []
    then, now = (one.parts if one else {} for one in (moved.reported, moved.now))
    zero = compared.NOTHING
    return [
        {
            "kind": kind,
            "reported": then.get(kind, zero),
            "now": now.get(kind, zero),
            "difference": now.get(kind, zero) - then.get(kind, zero),
        }
        for kind in KINDS
        if kind in then or kind in now
    ]
