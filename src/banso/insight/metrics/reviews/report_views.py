"""The page of the report of a month."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.insight.metrics.reviews import services
from banso.insight.metrics.reviews.forms import AskForm
from banso.insight.metrics.reviews.report import asked_month, report_of
from banso.insight.metrics.reviews.waterfall import bars
from banso.lib.periods import Period, period_of


@require_GET
@requires("metrics.read")
def report(request: Request) -> HttpResponse:
    """How did the month go, what is coming, and what is to be decided?"""
    return _page(request, asked_month(request.GET.get("month", "")), AskForm())


@require_POST
@requires("metrics.manage")
def ask(request: Request) -> HttpResponse:
    """The report asks for one more decision."""
    month = asked_month(request.POST.get("month", ""))
    form = AskForm(request.POST)
    if form.is_valid():
        with form.refusals():
            services.make_ask(month.start, text=form.cleaned_data["text"], by=request.person)
            return redirect(_address(month))
    return _page(request, month, form, status=422)


@require_POST
@requires("metrics.manage")
def void_ask(request: Request, ask_id: UUID) -> HttpResponse:
    """The report asks for it no more."""
    gone = services.void_ask(ask_id, by=request.person)
    messages.success(request, _("It was taken away."))
    return redirect(_address(period_of(gone.month, "month")))


def _address(month: Period) -> str:
    return f"{reverse('metrics:report')}?month={month.code}"


def _page(request: Request, month: Period, form: AskForm, *, status: int = 200) -> HttpResponse:
    found = report_of(month, request.permits)
    following = period_of(month.end, "month", month.fiscal_start)
    facts: dict[str, Any] = {
        "report": found,
        "bars": bars(found.moves),
        "form": form,
        "query": f"?month={month.code}",
        "before": month.before,
        "following": following if following.start <= current_workspace().today() else None,
        "may_manage": "metrics.manage" in request.permits,
    }
    return render(request, "metrics/report.html", facts, status=status)
