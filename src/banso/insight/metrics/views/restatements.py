"""Restatements: a figure as known on one day against another, down to the lines that made it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.customers.models import Contract
from banso.insight.metrics import answers, queries
from banso.insight.metrics.asking.questions import Question
from banso.insight.metrics.forms.restatements import RestatementForm
from banso.insight.metrics.models import Closing

SHOWN = 20  # customers of each figure


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """What did a correction change, by how much, and because of which line?"""
    form = RestatementForm(request.GET)
    if not form.has_question:
        return render(request, "metrics/restatements.html", {"form": form})
    with form.refusals():
        question = form.question()
        return _page(request, form, question, answers.restated(question, SHOWN))
    return render(request, "metrics/restatements.html", {"form": form}, status=422)


def _page(
    request: Request, form: RestatementForm, question: Question, rows: list[Any]
) -> HttpResponse:
    said = form.cleaned_data
    by_closing = said["closing"] if not said["then"] else None
    context = {
        "form": form,
        "question": question,
        "rows": rows if Contract.with_deleted.exists() else [],
        "moved": [one for one in rows if one.count],
        "rules_differ": queries.rules_differ(question.then, question.now),
        "shown": SHOWN,
        "closing": Closing.objects.get(pk=by_closing) if by_closing else None,
        "query": f"?{request.GET.urlencode()}",
    }
    return render(request, "metrics/restatements.html", context)
