"""Who is in a segment, who came and who left, why, and which touch tiers it proposes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.customers import queries, services
from banso.customers.filter_words import describe
from banso.customers.forms.fields import people
from banso.customers.forms.names import SegmentTierForm
from banso.customers.models import Customer, Segment, SegmentMove
from banso.customers.segment_words import reason
from banso.customers.tier_decisions import decide_tiers
from banso.customers.views.asking import Asking, answer, data, done

MEMBERS, MOVES, PROPOSALS = 20, 30, 100


@require_GET
@requires("customers.read")
def index(request: Request) -> HttpResponse:
    """Every segment: how many are in, how many came and left lately."""
    names = _names()
    rows = [
        {"row": one, "words": [describe(c, people=names) for c in one.conditions or ()]}
        for one in queries.segment_rows(permits=request.permits)
    ]
    return render(request, "customers/segments.html", {"rows": rows, "days": queries.NEWS_DAYS})


@require_GET
@requires("customers.read")
def show(request: Request, segment_id: UUID) -> HttpResponse:
    """The segment's history; in the list instead where a column of it is gone or not to be seen."""
    segment = Segment.objects.get(pk=segment_id)
    row = queries.segment_row(segment, permits=request.permits)
    if row.conditions is None:
        return redirect("customers:segment", segment_id)
    names, after = _names(), request.GET.get("after", "")
    moves = queries.segment_moves(segment, permits=request.permits, cursor=after, limit=MOVES)
    members = queries.segment_members(segment, permits=request.permits, limit=MEMBERS)
    facts = {
        "row": row,
        "days": queries.NEWS_DAYS,
        "words": [describe(one, people=names) for one in row.conditions or ()],
        "members": members,
        "moves": _worded(moves.rows, names),
        "page": moves,
    }
    return render(request, "customers/segment.html", facts)


def _names() -> dict[Any, str]:
    return dict(people().values_list("pk", "name"))


def _worded(moves: list[SegmentMove], names: dict[Any, str]) -> list[tuple[SegmentMove, str]]:
    return [(one, reason(one, people=names)) for one in moves]


@require_GET
@requires("customers.read")
def why(request: Request, segment_id: UUID, customer_id: UUID) -> HttpResponse:
    """Each condition with the customer's own value."""
    segment = Segment.objects.get(pk=segment_id)
    told = queries.why(segment, customer_id, permits=request.permits)
    names = _names()
    facts = {
        "told": told,
        "customer": told.customer,
        "people": names,
        "lines": [(c, describe(c, people=names), holds) for c, holds in told.conditions],
    }
    return render(request, "customers/segment_why.html", facts)


@require_GET
@requires("customers.read")
def of_customer(request: Request, customer_id: UUID) -> HttpResponse:
    """The customer's segments, for the side of its page."""
    found = queries.segments_of(customer_id, permits=request.permits)
    facts = {
        "customer": Customer.objects.only("pk", "name").get(pk=customer_id),
        "stays": found.stays,
        "moves": _worded(found.moves, _names()),
    }
    return render(request, "customers/_segments_of.html", facts)


@requires("customers.write")
def tier(request: Request, segment_id: UUID) -> HttpResponse:
    """Which touch tier the segment proposes for its members."""
    segment = Segment.objects.get(pk=segment_id)
    form = SegmentTierForm(data(request), initial={"tier": segment.tier})
    back = reverse("customers:membership", args=[segment_id])
    lead = _("Nothing is changed by itself: members of another tier are listed for approval.")
    asks = Asking(_("Which touch tier should its members have?"), _("Save"), back, lead)

    def save() -> HttpResponse:
        services.set_segment_tier(segment_id, **form.cleaned_data, by=request.person)
        return done(request, _("Saved."), back)

    return answer(request, form, asks, save)


@require_GET
@requires("customers.read")
def proposals(request: Request, segment_id: UUID) -> HttpResponse:
    """Who would have another touch tier, and the decision."""
    segment = Segment.objects.get(pk=segment_id)
    row = queries.segment_row(segment, permits=request.permits)
    names, waiting = _names(), queries.tier_proposals(segment, permits=request.permits)
    facts = {
        "row": row,
        "words": [describe(one, people=names) for one in row.conditions or ()],
        "proposals": list(waiting[:PROPOSALS]),
    }
    return render(request, "customers/segment_proposals.html", facts)


@require_POST
@requires("customers.bulk_edit")
def decide(request: Request, segment_id: UUID) -> HttpResponse:
    """One proposal, the ticked ones, or all of them are approved or refused."""
    segment, only = Segment.objects.get(pk=segment_id), _only(request)
    approve = _is_approval(request)
    count = decide_tiers(
        segment, approve=approve, only=only, permits=request.permits, by=request.person
    )
    yes = ngettext("%(n)s customer has the new tier.", "%(n)s customers have the new tier.", count)
    no = ngettext("%(n)s proposal was refused.", "%(n)s proposals were refused.", count)
    words = (yes if approve else no) % {"n": f"{count:,}"}
    here = reverse("customers:segment_proposals", args=[segment_id])
    return done(request, words if count else _("Nothing was chosen that is still open."), here)


def _is_approval(request: Request) -> bool:
    """Refused where nobody has decided: a form that is sent without a button must refuse nobody."""
    try:
        return {"approve": True, "refuse": False}[request.POST.get("decision", "")]
    except KeyError:
        words = _("Say whether the proposals are approved or refused.")
        raise Refused(words, code="not_decided", field="decision") from None


def _only(request: Request) -> list[UUID] | None:
    """None for all of them. Refused for what is no id."""
    if request.POST.get("all"):
        return None
    try:
        return [UUID(one) for one in request.POST.getlist("id")]
    except ValueError as error:
        raise Refused(_("Choose at least one proposal."), code="none_chosen") from error
