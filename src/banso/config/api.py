"""The REST API: every room's router under /api/v1, errors as problem+json."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from banso.core.api import AUTH
from banso.core.errors import Refused
from banso.core.problems import problem
from banso.insight.health.api import router as health_router
from banso.office.connections.api import router as imports_router
from banso.work.api import router as work_router

api = NinjaAPI(title="Banso", version="1", auth=AUTH, docs_url=None, urls_namespace="api")


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(422, str(error.message), code=error.code, field=error.field)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [
        {"where": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors
    ]
    status = 400 if any(item["type"] == "extra_forbidden" for item in error.errors) else 422
    return problem(status, _("Some values are wrong."), errors=problems)


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, _("There is nothing here."))


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, _("Your role does not allow this."))


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, _("Sign in, or send a key."))


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))


def add_routers(rooms: list[tuple[str, Any]]) -> None:
    for prefix, router in rooms:
        api.add_router(prefix, router)


add_routers([("", work_router), ("", health_router), ("", imports_router)])
