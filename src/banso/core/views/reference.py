"""The API's own page: every operation, from the schema the program serves."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from banso.core.access import Request, signed_in
from banso.core.openapi import by_room


def reference(schema: Callable[[], dict[str, Any]]) -> Callable[..., HttpResponse]:
    """A page over an OpenAPI document; `schema` makes the document."""

    @signed_in
    def show(request: Request) -> HttpResponse:
        facts = {"rooms": by_room(schema()), "server": settings.PUBLIC_URL}
        return render(request, "core/reference.html", facts)

    return show
