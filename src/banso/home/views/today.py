from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.home.today import has_customers, today


@requires("customers.read")
def show(request: Request) -> HttpResponse:
    """Today of the person who asks, or of everyone (`?who=all`), as of any past day (`?at=`)."""
    on = _asked_day(request.GET.get("at", ""))
    who = request.GET.get("who") or ("me" if has_customers(request.person) else "all")
    page = today(request.person, on=on, everyone=who == "all")
    facts = {"today": page, "who": who, "is_past": on != current_workspace().today()}
    return render(request, "home/today.html", facts)


def _asked_day(text: str) -> date:
    if not text:
        return current_workspace().today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(_("Write the day as YYYY-MM-DD."), code="day", field="at") from error
