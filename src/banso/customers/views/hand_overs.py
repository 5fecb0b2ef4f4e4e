"""Hand-overs: planned from a choice of customers, listed, shown, cancelled."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.models import Membership, Person
from banso.core.scope import current_workspace
from banso.customers import hand_overs, queries
from banso.customers.forms.hand_overs import HandOverForm
from banso.customers.hand_over_words import why_not
from banso.customers.models import HandOver
from banso.customers.views.asking import data, done
from banso.customers.views.bulk_edits import chosen_in, list_of

SHOWN = 50
TONES = {"planned": "info", "done": "good", "cancelled": "neutral", "failed": "bad"}


@requires("customers.bulk_edit")
def plan(request: Request) -> HttpResponse:
    """Who takes on the chosen customers, from which day, and what both are to do for it.

    Which customers stands in the address, as for a bulk edit.
    """
    try:
        chosen = chosen_in(request.GET, request.permits)
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
        return redirect(list_of(request.GET))
    form = HandOverForm(data(request), initial=HandOverForm.usual(current_workspace().today()))
    if form.is_bound and form.is_valid():
        with form.refusals():
            made = hand_overs.plan_hand_over(chosen, **form.values(), by=request.person)
            return redirect("customers:hand_over", made.pk)
    facts = {"form": form, "count": chosen.customers().count(), "back": list_of(request.GET)}
    page = {**facts, "address": request.get_full_path()}
    status = 422 if form.errors else 200
    return render(request, "customers/hand_over_form.html", page, status=status)


@require_GET
@requires("customers.bulk_edit")
def index(request: Request) -> HttpResponse:
    """Those to come first, then those that were."""
    rows = [(one, TONES[one.state]) for one in queries.hand_overs()]
    return render(request, "customers/hand_overs.html", {"rows": rows})


@require_GET
@requires("customers.read")
def show(request: Request, hand_over_id: UUID) -> HttpResponse:
    """What is handed over to whom, the note, the lists, and what came of it."""
    found = HandOver.objects.select_related("by", "new_owner", "bulk_edit").get(pk=hand_over_id)
    # Who fits the planner's conditions is told to those who could have planned it.
    is_listed = found.state == "planned" and "customers.bulk_edit" in request.permits
    facts = {
        "one": found,
        "tone": TONES[found.state],
        "why_not": why_not(found.why_not),
        "former": Person.objects.filter(pk__in=found.former_owners).order_by("name_reading"),
        "passing": hand_overs.passing(found)[:SHOWN] if is_listed else [],
    }
    return render(request, "customers/hand_over.html", facts)


@require_POST
@requires("customers.bulk_edit")
def cancel(request: Request, hand_over_id: UUID) -> HttpResponse:
    """It does not happen."""
    found = hand_overs.cancel_hand_over(hand_over_id, by=request.person)
    words = _("The hand-over was cancelled. Everybody keeps their customers.")
    return done(request, words, reverse("customers:hand_over", args=[found.pk]))


@require_GET
@requires("customers.bulk_edit")
def of_person(request: Request, membership_id: UUID) -> HttpResponse:
    """What a person is to take on, and the way to hand all of theirs over, on their page."""
    member = get_object_or_404(Membership.objects, pk=membership_id)
    theirs = {"all": "1", "f": f"customers.main_owner:is:{member.person_id}"}
    facts = {
        "member": member,
        "rows": [(one, TONES[one.state]) for one in queries.hand_overs(of=member.person_id)],
        "owned": queries.count_mainly_owned(member.person_id),
        "plan_url": f"{reverse('customers:plan_hand_over')}?{urlencode(theirs, safe=':')}",
    }
    name = "customers/_hand_overs_of.html" if request.htmx else "customers/hand_overs_of.html"
    return render(request, name, facts)
