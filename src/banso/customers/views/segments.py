"""Segments: filters worth keeping."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.customers import filters, queries, services
from banso.customers.fields import known_field
from banso.customers.filter_words import describe
from banso.customers.filters import Condition
from banso.customers.forms.fields import people
from banso.customers.forms.names import SegmentForm
from banso.customers.models import Segment
from banso.customers.views import asked as asking
from banso.customers.views.asked import Asked
from banso.customers.views.asking import Asking, answer, confirm, data, done

SAMPLES = 3


def _list(asked: Asked) -> str:
    return reverse("customers:list") + asked.query()


@require_GET
@requires("customers.read")
def show(request: Request, segment_id: UUID) -> HttpResponse:
    """The list with the segment's filters, order and columns; what is gone since is told."""
    segment = Segment.objects.get(pk=segment_id)
    found = [_condition(raw, request) for raw in segment.conditions]
    conditions = tuple(one for one in found if one)
    if len(conditions) < len(found):
        messages.warning(
            request,
            _(
                "Some filters of this segment are not used: their column is gone or not yours to see."
            ),
        )
    columns = tuple(key for key in segment.columns if _may_see(key, request))
    sort = segment.sort if _may_see(segment.sort.removeprefix("-"), request) else ""
    return redirect(_list(Asked("", conditions, sort, columns, str(segment.pk))))


def _condition(raw: Any, request: Request) -> Condition | None:
    try:
        return filters.parse([raw], permits=request.permits)[0]
    except Refused:
        return None


def _may_see(key: str, request: Request) -> bool:
    field = known_field(key) if key else None
    return bool(field and field.permission in request.permits)


@requires("customers.write")
def create(request: Request) -> HttpResponse:
    """Keep what the address asks under a name."""
    asked = asking.read(request.GET, request.permits)
    form = SegmentForm(data(request))
    asks = Asking(_("Save as a segment"), _("Save"), _list(asked), _lead(asked))

    def save() -> HttpResponse:
        segment = services.save_segment(**form.cleaned_data, **_kept(asked), by=request.person)
        return done(request, _("The segment was saved."), _opened(segment))

    return answer(request, form, asks, save)


def _kept(asked: Asked) -> dict[str, Any]:
    return {
        "conditions": list(asked.conditions),
        "sort": asked.sort,
        "columns": asked.columns,
    }


def _opened(segment: Segment) -> str:
    return reverse("customers:segment", args=[segment.pk])


def _lead(asked: Asked) -> str:
    words = [describe(one, people=_names()) for one in asked.conditions]
    if not words:
        return _("It has no filter: every customer belongs to it.")
    fits = _("Whoever fits belongs to it: %(filters)s. %(now)s")
    return fits % {"filters": " · ".join(words), "now": _preview(asked)}


def _names() -> dict[Any, str]:
    return dict(people().values_list("pk", "name"))


def _preview(asked: Asked) -> str:
    """How many fit by now, and a few of them."""
    page = queries.customer_list(conditions=asked.conditions, limit=SAMPLES)
    if not page.total:
        return _("By now nobody fits.")
    words = ngettext(
        "By now %(n)s customer fits: %(names)s", "By now %(n)s customers fit: %(names)s", page.total
    )
    names = " · ".join(row.customer.name for row in page.rows)
    more = " …" if page.total > len(page.rows) else ""
    return words % {"n": f"{page.total:,}", "names": names + more}


@require_POST
@requires("customers.write")
def update(request: Request, segment_id: UUID) -> HttpResponse:
    """The segment is now what the address asks."""
    segment = Segment.objects.get(pk=segment_id)
    asked = asking.read(request.GET, request.permits)
    services.save_segment(
        name=segment.name, segment_id=segment_id, **_kept(asked), by=request.person
    )
    return done(request, _("The segment was saved."), _opened(segment))


@requires("customers.write")
def rename(request: Request, segment_id: UUID) -> HttpResponse:
    """The segment has another name."""
    segment = Segment.objects.get(pk=segment_id)
    form = SegmentForm(data(request), initial={"name": segment.name})
    asks = Asking(_("Rename the segment"), _("Save"), _opened(segment))
    kept = {"conditions": segment.conditions, "sort": segment.sort, "columns": segment.columns}

    def save() -> HttpResponse:
        services.save_segment(**form.cleaned_data, **kept, segment_id=segment_id, by=request.person)
        return done(request, _("Saved."), _opened(segment))

    return answer(request, form, asks, save)


@requires("customers.write")
def remove(request: Request, segment_id: UUID) -> HttpResponse:
    """The saved filter goes; its customers stay."""
    segment = Segment.objects.get(pk=segment_id)
    heading = _("Delete the segment “%(name)s”?") % {"name": segment.name}
    lead = _("Only the saved filter goes. Its customers stay as they are.")
    asks = Asking(heading, _("Delete"), _opened(segment), lead, tone="danger")

    def save() -> HttpResponse:
        services.delete_segment(segment_id, by=request.person)
        return done(request, _("The segment was deleted."), reverse("customers:list"))

    return confirm(request, asks, save)
