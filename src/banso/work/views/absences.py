"""Absences: who is away, and who does meanwhile what comes up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.models import Membership
from banso.core.scope import current_workspace
from banso.work import queries, services
from banso.work.forms import AbsenceForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires("work.write")
def index(request: Request) -> HttpResponse:
    """Who is away now and soon; say of oneself or of a colleague. `?person=` is chosen already."""
    chosen = request.GET.get("person") or str(request.person.pk)
    today = current_workspace().today()
    first = {"person": chosen, "from_on": today, "until_on": today}
    form = AbsenceForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_absence(**form.values(), by=request.person)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal.message))
        else:
            messages.success(request, _("The absence is noted."))
            return redirect("work:absences")
    facts = {"form": form, "rows": queries.absences(today)}
    return render(request, "work/absences.html", facts, status=422 if form.errors else 200)


@require_POST
@requires("work.write")
def end(request: Request, absence_id: UUID) -> HttpResponse:
    """Back from today on."""
    services.end_absence(absence_id, by=request.person)
    messages.success(request, _("They are back from today on."))
    return redirect("work:absences")


@require_GET
@requires("work.write")
def of_person(request: Request, membership_id: UUID) -> HttpResponse:
    """When a person is away, as a part of their page."""
    member = get_object_or_404(Membership.objects, pk=membership_id)
    rows = queries.absences(current_workspace().today(), person_id=member.person_id)
    more = f"{reverse('work:absences')}?person={member.person_id}"
    name = "work/_absences_of.html" if request.htmx else "work/absences_of.html"
    return render(request, name, {"member": member, "rows": rows, "more_url": more})
