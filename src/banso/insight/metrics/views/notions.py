"""Whom one notion of churn means, and what the others say of them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.figures import notions
from banso.insight.metrics.figures.course import course
from banso.insight.metrics.forms.figures import FigureForm
from banso.insight.metrics.views.opened import AT_ONCE, pages, place_asked


@require_GET
@requires("metrics.read")
def customers(request: Request) -> HttpResponse:
    """Which customers left by this notion, and do the others agree?"""
    asked = request.GET.dict()
    form = FigureForm(MEASURES["logo_churn"], asked)
    told = course(form.asked(), form.step)
    found, start = told.notions, place_asked(request)
    ids = notions.chosen(found, asked) if found else frozenset()
    context = {
        "of": notions.words_of(asked),
        "period": next(
            (one for one in told.asked.periods if one.code == asked.get("period")), None
        ),
        "periods": (told.asked.periods[0], told.asked.periods[-1]),
        "rows": notions.meant(found, ids, start, AT_ONCE) if found else [],
        "has_flags": found is not None and found.flagged is not None,
        **pages(start, len(ids)),
    }
    return render(request, "metrics/churn_notions.html", context)
