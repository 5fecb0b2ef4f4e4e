"""How every form of this room is shown, answered and closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from banso.core.access import Request
from banso.core.declarations import Words
from banso.customers.forms.fields import RoomForm
from banso.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Asking:
    """What a form's page says around its fields. `back`: where Cancel leads."""

    heading: Words
    go: Words
    back: str
    lead: Words = ""
    customer: Customer | None = None
    tone: str = "primary"


def answer(
    request: Request,
    form: RoomForm,
    asking: Asking,
    save: Callable[[], HttpResponse],
    *,
    template: str = "customers/form.html",
    **facts: Any,
) -> HttpResponse:
    """Show the form; once it is sound, `save` and go on. A refusal is shown at its field, 422."""
    if form.is_bound and form.is_valid():
        with form.refusals():
            return save()
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "asking": asking, **facts}, status=status)


def confirm(request: Request, asking: Asking, save: Callable[[], HttpResponse]) -> HttpResponse:
    """Say what exactly will happen; do it when the person says so."""
    if request.method == "POST":
        return save()
    return render(request, "customers/confirm.html", {"asking": asking})


def data(request: Request) -> Any:
    """What a form is bound to: the body of a POST, else nothing."""
    return request.POST if request.method == "POST" else None


def done(request: Request, words: Words, to: str, *, undo: str = "") -> HttpResponse:
    """Say so, offer to undo where that is possible, and go to the page `to`."""
    messages.success(request, str(words), extra_tags=f"undo={undo}" if undo else "")
    return redirect(to)
