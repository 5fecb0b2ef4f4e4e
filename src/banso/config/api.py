"""The REST API: every room's router under /api/v1, errors as problem+json."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn

import pydantic
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from banso.core.api import AUTH
from banso.core.errors import DATABASE_AWAY, Refused
from banso.core.idempotency import CONFLICT, PARAMETER
from banso.core.moved import moved
from banso.core.openapi import PERMISSION
from banso.core.problems import in_words, problem
from banso.core.value_words import told
from banso.customers.api import router as customers_router
from banso.insight.health.api import router as health_router
from banso.insight.metrics.api import router as metrics_router
from banso.insight.metrics.api.closings import router as closings_router
from banso.insight.metrics.api.figures import router as figures_router
from banso.insight.metrics.reviews.api import router as reviews_router
from banso.office.connections.api import router as imports_router
from banso.touchpoints.usage.api import router as usage_router
from banso.work.api import router as work_router


class ReadableJson(JSONRenderer):
    """Japanese as Japanese, so that an answer can be read in a terminal."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


api = NinjaAPI(
    title="Banso",
    version="1",
    auth=AUTH,
    docs_url=None,
    urls_namespace="api",
    renderer=ReadableJson(),
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(422, str(error.message), code=error.code, field=error.field)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [told(item) for item in error.errors]
    status = 400 if any(item["type"] == "extra_forbidden" for item in error.errors) else 422
    return problem(status, _("Some values are wrong."), errors=problems)


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def missing(request: HttpRequest, error: Exception) -> HttpResponse:
    """404, unless the id leads on: reading is sent there (307), writing is told who it is (409)."""
    if (found := moved(request)) is None:
        return problem(404, in_words(404))
    status = 307 if request.method in {"GET", "HEAD"} else 409
    words = _("This was merged into another. Use the id in merged_into.")
    answer = problem(status, words, code="merged", merged_into=str(found.to))
    answer["Location"] = found.address
    return answer


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, in_words(403))


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """A key that opens nothing is told from none at all; why it opens nothing is not told."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return problem(401, _("This API key opens nothing: it is wrong, or was revoked."))
    return problem(401, in_words(401))


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that is not JSON, a session's write without its token."""
    return problem(error.status_code, in_words(error.status_code), reason=str(error))


@api.exception_handler(pydantic.ValidationError)
def unreadable(request: HttpRequest, error: pydantic.ValidationError) -> NoReturn:
    """An answer reads rows while it is written: a database that goes away then is one that is away.
    pydantic keeps no more than its words.
    """
    failed = [one for one in error.errors() if one["type"] == "get_attribute_error"]
    for words in (str(one["ctx"]["error"]) for one in failed):
        if words.partition(":")[0] in _names_of_absence():
            raise OperationalError(words) from error
    raise error


@cache
def _names_of_absence() -> frozenset[str]:
    """What the errors of an absent database, and all special ones of them, are called."""
    known = set(DATABASE_AWAY)
    while more := {kind for one in known for kind in one.__subclasses__()} - known:
        known |= more
    return frozenset(one.__name__ for one in known)


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 document of every operation, as `docs/openapi.json` holds it.

    Made once in a process (it takes 0.2 s); to be read only.
    """
    return dict(api.get_openapi_schema())


def schema_text() -> str:
    """The document as the file holds it: sorted, indented, one line feed at the end."""
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def add_routers(rooms: list[tuple[str, Router]]) -> None:
    """The rooms' operations are served; the schema says their permission, and who takes a key."""
    for prefix, router in rooms:
        for view in router.path_operations.values():
            for operation in view.operations:
                permission = getattr(operation.view_func, "permission", "")
                operation.openapi_extra = {PERMISSION: permission}
                if getattr(operation.view_func, "creates", False):
                    operation.openapi_extra |= {
                        "parameters": [PARAMETER],
                        "responses": {409: CONFLICT},
                    }
        api.add_router(prefix, router)


ROUTERS = [
    customers_router,
    work_router,
    usage_router,
    metrics_router,
    figures_router,
    closings_router,
    reviews_router,
    health_router,
    imports_router,
]
add_routers([("", router) for router in ROUTERS])
