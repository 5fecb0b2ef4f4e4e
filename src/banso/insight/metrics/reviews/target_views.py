"""The page of targets."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.insight.metrics.models import TargetKind
from banso.insight.metrics.reviews import queries, services
from banso.insight.metrics.reviews.forms import TargetForm
from banso.lib.periods import period_of


@require_GET
@requires("metrics.read")
def targets(request: Request) -> HttpResponse:
    """What is promised for which period."""
    usual = {"kind": TargetKind.QUARTER, "starts_on": _this_quarter()}
    return _page(request, TargetForm(initial=usual))


@require_POST
@requires("metrics.manage")
def set_target(request: Request) -> HttpResponse:
    """A KPI has a target; the one that stood gives way to it."""
    form = TargetForm(request.POST)
    if form.is_valid():
        with form.refusals():
            services.set_target(**form.cleaned_data, by=request.person)
            messages.success(request, _("The target was set."))
            return redirect("metrics:targets")
    return _page(request, form, status=422)


@require_POST
@requires("metrics.manage")
def void_target(request: Request, target_id: UUID) -> HttpResponse:
    """The target counts no more."""
    services.void_target(target_id, by=request.person)
    messages.success(request, _("The target was taken away."))
    return redirect("metrics:targets")


def _page(request: Request, form: TargetForm, *, status: int = 200) -> HttpResponse:
    facts = {
        "form": form,
        "targets": queries.every_target(),
        "may_manage": "metrics.manage" in request.permits,
        "fiscal_start": current_workspace().fiscal_start_month,
    }
    return render(request, "metrics/targets.html", facts, status=status)


def _this_quarter() -> date:
    workspace = current_workspace()
    return period_of(workspace.today(), "quarter", workspace.fiscal_start_month).start
