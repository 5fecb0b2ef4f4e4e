"""Exchange rates: all of them, adding, correcting, voiding."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.insight.metrics import queries, services
from banso.insight.metrics.forms.settings import CorrectionForm, RateForm
from banso.insight.metrics.models import ExchangeRate


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """What is a foreign amount worth, from which day on?"""
    return _page(request, RateForm(initial={"on": current_workspace().today()}))


@require_POST
@requires("metrics.manage")
def add(request: Request) -> HttpResponse:
    """A rate counts from its day on."""
    form = RateForm(request.POST)
    if form.is_valid():
        with form.refusals():
            services.add_rate(**form.cleaned_data, by=request.person)
            messages.success(request, _("The rate was recorded."))
            return redirect("metrics:rates")
    return _page(request, form, status=422)


@require_GET
@requires("metrics.manage")
def one(request: Request, exchange_rate_id: UUID) -> HttpResponse:
    """Correct this rate, or void it?"""
    rate = ExchangeRate.objects.get(pk=exchange_rate_id)
    return _one(request, rate, CorrectionForm(initial={"rate": rate.plain}))


@require_POST
@requires("metrics.manage")
def correct(request: Request, exchange_rate_id: UUID) -> HttpResponse:
    """Another rate of the same currency and day counts from now on."""
    rate = ExchangeRate.objects.get(pk=exchange_rate_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            services.correct_rate(exchange_rate_id, **form.cleaned_data, by=request.person)
            messages.success(request, _("The rate was corrected."))
            return redirect("metrics:rates")
    return _one(request, rate, form, status=422)


@require_POST
@requires("metrics.manage")
def void(request: Request, exchange_rate_id: UUID) -> HttpResponse:
    """The rate no longer counts."""
    services.void_rate(exchange_rate_id, by=request.person)
    messages.success(request, _("The rate was voided."))
    return redirect("metrics:rates")


def _page(request: Request, form: RateForm, *, status: int = 200) -> HttpResponse:
    asked: dict[str, Any] = {
        "currency": request.GET.get("currency", ""),
        "voided": "voided" in request.GET,
    }
    rows, cursor = queries.rate_page(cursor=request.GET.get("after", ""), **asked)
    context: dict[str, Any] = {
        "tab": "metrics:settings",
        "form": form,
        "rows": rows,
        "next": cursor,
        "missing": queries.currencies_without_rate(),
        "known": [one.currency for one in queries.latest_rates()],
        "own": current_workspace().currency,
        **asked,
    }
    return render(request, "metrics/rates.html", context, status=status)


def _one(
    request: Request, rate: ExchangeRate, form: CorrectionForm, *, status: int = 200
) -> HttpResponse:
    context = {"tab": "metrics:settings", "rate": rate, "form": form}
    return render(request, "metrics/rate.html", context, status=status)
