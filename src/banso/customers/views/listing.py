"""The list: which customers need a look?"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers import filters, queries
from banso.customers.fields import Field, all_fields, known_field
from banso.customers.filter_words import describe
from banso.customers.filters import Condition
from banso.customers.forms.fields import people
from banso.customers.forms.filters import FilterForm
from banso.customers.models import Customer, Segment
from banso.customers.templatetags.customers import BAND, SCORE
from banso.customers.views import asked as asking
from banso.customers.views.asked import NAME, Asked

PAGE = 50
MOST_SEGMENTS = 100


@require_GET
@requires("customers.read")
def index(request: Request) -> HttpResponse:
    """Customers as the address asks for them; with `add` also the form of another filter."""
    asked = asking.read(request.GET, request.permits)
    form = _filter_form(request)
    if form and form.is_bound and form.is_valid():
        longer = asked.with_conditions(form.found)
        return redirect(reverse("customers:list") + longer.query())
    names = dict(people().values_list("pk", "name"))
    context = {**_rows(request, asked), **_bar(request, asked, names), "form": form}
    page = "customers/list.html" + ("#book" if request.htmx else "")
    return render(request, page, context, status=422 if form and form.errors else 200)


def _filter_form(request: Request) -> FilterForm | None:
    """The form of the Field chosen by `add`; filled in when the operator came with it."""
    if not (key := request.GET.get("add")):
        return None
    field = filters.filterable_field(key, permits=request.permits)
    given = request.GET if "op" in request.GET else None
    return FilterForm(given, field=field, permits=request.permits)


def _rows(request: Request, asked: Asked) -> dict[str, Any]:
    shown = asked.shown(request.permits)
    page = queries.customer_list(
        q=asked.q,
        conditions=asked.conditions,
        sort=asked.sort or NAME,
        columns=_with_band(shown, request.permits),
        cursor=asked.after,
        limit=PAGE,
        permits=request.permits,
        count=False,
    )
    none_at_all = page.total == 0 and not (asked.narrows and Customer.objects.exists())
    return {"page": page, "shown": shown, "asked": asked, "none_at_all": none_at_all}


def _with_band(shown: Iterable[Field], permits: frozenset[str]) -> list[str]:
    """The columns' keys, and the band where the score is shown with it."""
    keys = [one.key for one in shown]
    band = known_field(BAND)
    both = SCORE in keys and BAND not in keys and band and band.permission in permits
    return [*keys, BAND] if both else keys


def _bar(request: Request, asked: Asked, names: dict[Any, str]) -> dict[str, Any]:
    """Everything above the table: segments, quick filters, filters in force, fields to add."""
    seen = [one for one in all_fields() if one.permission in request.permits]
    keys = {one.key for one in asked.shown(request.permits)}
    return {
        "people": names,
        "today": current_workspace().today(),
        "segments": _segments(asked),
        "quick": _quick(request, asked),
        "applied": [
            {"words": describe(one, people=names), "href": asked.without(one).query()}
            for one in asked.conditions
        ],
        "filterable": [one for one in seen if one.filterable],
        "choosable": [(one, one.key in keys) for one in seen if one.key != NAME],
        "everything": replace(asked, q="", conditions=(), segment="", after="").query(),
    }


def _segments(asked: Asked) -> list[dict[str, Any]]:
    rows = Segment.objects.order_by("name").values_list("pk", "name")[:MOST_SEGMENTS]
    return [{"pk": pk, "name": name, "current": str(pk) == asked.segment} for pk, name in rows]


def _quick(request: Request, asked: Asked) -> list[dict[str, Any]]:
    """Filters people want many times a day, each a link that sets or takes it away."""
    offered: list[tuple[Any, str, str, Any]] = [
        (_("I am the main owner"), "customers.main_owner", "is", str(request.person.pk)),
        (_("In danger"), BAND, "is", "danger"),
        (_("Deadline within 90 days"), "customers.deadline_on", "within_days", "90"),
        (_("No contact for 60 days"), "customers.days_since_contact", "gte", "60"),
    ]
    made = [(words, _condition(key, op, raw, request)) for words, key, op, raw in offered]
    return [
        {"words": words, "href": asked.toggled(one).query(), "on": asked.has(one)}
        for words, one in made
        if one
    ]


def _condition(key: str, op: str, raw: Any, request: Request) -> Condition | None:
    """None where the Field is not declared here or not this person's to see."""
    try:
        return filters.condition(key, op, raw, permits=request.permits)
    except Refused:
        return None
