"""What this workspace tells the figures: rules, costs, time of its people."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.insight.metrics import queries, services
from banso.insight.metrics.forms.settings import (
    CostsForm,
    FteForm,
    RulesForm,
    standing_costs,
    standing_rules,
)
from banso.lib.periods import Period, add_months, period_of

TAB = "metrics:settings"
FIRST_YEAR, LAST_YEAR = 1901, 2998


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """By which rules do we count?"""
    return _page(request)


@require_POST
@requires("metrics.manage")
def set_rules(request: Request) -> HttpResponse:
    """Grace, reversals, margin, and the weight of a sub owner."""
    form = RulesForm(request.POST)
    if form.is_valid():
        with form.refusals():
            services.set_rules(form.values(), by=request.person)
            return _saved(request)
    return _page(request, status=422, rules_form=form)


@require_POST
@requires("metrics.manage")
def set_costs(request: Request) -> HttpResponse:
    """What winning customers cost in the months of a fiscal year."""
    year = _year(request.POST.get("year", ""))
    form = CostsForm(request.POST, months=_months(year))
    if form.is_valid():
        with form.refusals():
            services.set_costs(form.amounts(), by=request.person)
            return _saved(request, f"?year={year.fiscal_year}#costs")
    return _page(request, status=422, year=year, costs_form=form)


@require_POST
@requires("metrics.manage")
def set_fte(request: Request) -> HttpResponse:
    """How much of a post one of us gives to customers."""
    form = FteForm(request.POST)
    if form.is_valid():
        with form.refusals():
            services.set_fte(**form.values(), by=request.person)
            return _saved(request)
    return _page(request, status=422, fte_form=form)


def _saved(request: Request, query: str = "") -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(f"{reverse(TAB)}{query}")


def _page(
    request: Request, *, status: int = 200, year: Period | None = None, **forms: Any
) -> HttpResponse:
    year = year or _year(request.GET.get("year", ""))
    rules, months = queries.rules(), _months(year)
    costs = queries.cost_of_months(months)
    context = {
        "tab": TAB,
        "rules": rules,
        "rules_form": RulesForm(initial=standing_rules(rules)),
        "rates": queries.latest_rates(),
        "missing": queries.currencies_without_rate(),
        "year": year,
        "year_words": _year_words(months),
        "before": f"?year={year.fiscal_year - 1}#costs",
        "after": f"?year={year.fiscal_year + 1}#costs",
        "costs": costs.items(),
        "costs_form": CostsForm(months=months, initial=standing_costs(costs)),
        "own": current_workspace().currency,
        "times": queries.team_times(),
        "fte_form": FteForm(initial={"since": current_workspace().today().replace(day=1)}),
    }
    return render(request, "metrics/settings.html", {**context, **forms}, status=status)


def _year(said: str) -> Period:
    """The fiscal year that was asked for, else the present one."""
    first = current_workspace().fiscal_start_month
    if said.isascii() and said.isdigit() and FIRST_YEAR <= int(said[:5]) <= LAST_YEAR:
        return period_of(date(int(said), first, 1), "year", first)
    return period_of(current_workspace().today(), "year", first)


def _months(year: Period) -> list[date]:
    return [add_months(year.start, n) for n in range(12)]


def _year_words(months: list[date]) -> str:
    words = _("FY%(year)s (%(first)s to %(last)s)")
    first, last = (f"{month:%Y/%m}" for month in (months[0], months[-1]))
    return words % {"year": months[0].year, "first": first, "last": last}
