from django.http import HttpResponse
from django.shortcuts import render

from banso.core.access import Request, requires
from banso.home.search import LIMIT, LONGEST, search

ANSWERS = 6  # of each kind, below the search box


@requires("customers.read")
def show(request: Request) -> HttpResponse:
    """Customers, contacts and pages for `?q=`; the results alone for the search box."""
    words = request.GET.get("q", "")[:LONGEST]
    page = "home/_answers.html" if request.htmx else "home/search.html"
    limit = ANSWERS if request.htmx else LIMIT
    found = search(words, permits=request.permits, limit=limit)
    return render(request, page, {"q": words, "found": found})
