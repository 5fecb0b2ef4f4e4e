"""The rhythm of meetings: its settings, and who should have been met."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from banso.core.access import Request, requires
from banso.core.as_of import asked_day
from banso.customers.queries import owned_by
from banso.work import queries, services
from banso.work.forms import CadenceForm

SHOWN = 8


@require_GET
@requires("work.read")
def overdue(request: Request) -> HttpResponse:
    """Customers whose meeting is overdue, as a part of Today: mine, or everyone's (`?who=all`)."""
    on = asked_day(request)
    owner = None if request.GET.get("who") == "all" else owned_by(request.person.pk)
    found = queries.meetings_overdue(on, owner=owner, limit=SHOWN + 1)
    name = "work/_overdue.html" if request.htmx else "work/overdue.html"
    all_url = _as_a_list() if len(found) > SHOWN else ""
    facts = {"rows": found[:SHOWN], "all_url": all_url, "on": on, "everyone": not owner}
    return render(request, name, facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("work.manage")
def settings(request: Request) -> HttpResponse:
    """How often customers of each tier are met."""
    form = CadenceForm(request.POST or None, initial=queries.cadences())
    if request.method == "POST" and form.is_valid():
        services.set_cadences(form.cleaned_data, by=request.person)
        messages.success(request, _("Saved."))
        return redirect("work:cadences")
    status = 422 if form.errors else 200
    facts = {"form": form, "tab": "work:cadences"}
    return render(request, "work/cadences.html", facts, status=status)


def _as_a_list() -> str:
    """Everyone's overdue customers, the longest overdue first."""
    asked = {"f": "work.meeting_overdue:is:true", "sort": "work.meeting_due_on"}
    return f"{reverse('customers:list')}?{urlencode(asked, safe=':')}"
