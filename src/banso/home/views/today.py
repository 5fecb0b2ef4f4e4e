from django.http import HttpResponse
from django.shortcuts import render

from banso.core.access import Request, requires
from banso.core.as_of import asked_day
from banso.core.scope import current_workspace
from banso.home.today import has_customers, today


@requires("customers.read")
def show(request: Request) -> HttpResponse:
    """Today of the person who asks, or of everyone (`?who=all`), as of any past day (`?at=`)."""
    on = asked_day(request)
    who = request.GET.get("who") or ("me" if has_customers(request.person) else "all")
    page = today(request.person, on=on, everyone=who == "all")
    facts = {"today": page, "who": who, "is_past": on != current_workspace().today()}
    return render(request, "home/today.html", facts)
