from django.http import HttpResponse
from django.shortcuts import render

from banso.core.access import Request, requires
from banso.home.search import LONGEST, search


@requires("customers.read")
def show(request: Request) -> HttpResponse:
    """Customers, contacts and pages for `?q=`; the results alone for the search box."""
    words = request.GET.get("q", "")[:LONGEST]
    page = "home/search.html" + ("#results" if request.htmx else "")
    found = search(words, permits=request.permits)
    return render(request, page, {"q": words, "found": found})
