"""Every door of the house, found by walking the URL resolver and the API: nobody lists them."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

import banso
from banso.config.api import api, schema

PARAM = re.compile(r"<(?:\w+:)?(\w+)>|\{(?:\w+:)?(\w+)\}")
# Addresses written as regular expressions, as a path with {param} places.
BY_HAND = {"password/reset/key/(?P": "/accounts/password/reset/key/a-b/"}
# Doors whose one method asks for more than the mark of the view says.
ASK_FOR_MORE = {"POST /imports/": "imports.run"}
# Parameters that are not named after their noun.
NOUNS = {"external_id": "customer"}
# Doors for people who are in no workspace yet: whoever knows the id may knock.
ANYBODYS = {
    "/accounts/oidc/{provider_id}/login/",
    "/accounts/oidc/{provider_id}/login/callback/",
    "/accounts/saml/{provider_id}/login/",
    "/accounts/saml/{provider_id}/login/answer/",
    "/accounts/saml/{provider_id}/login/enter/",
    "/accounts/saml/{provider_id}/metadata/",
}


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one address: what it needs, who may pass, what it takes.

    `body` and `query` are JSON schemas of what an API operation takes; `kind` is page, api or upload
    (an operation of the API that takes files, `parts` are the names it knows).
    """

    method: str
    path: str  # with {param} places
    params: tuple[str, ...]
    permission: str | None  # None: public
    kind: str
    body: dict[str, Any] | None = field(default=None, hash=False)
    query: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def address(self, ids: dict[str, str]) -> str:
        return self.path.format(**ids)

    def matches(self, path: str) -> bool:
        """Whether `path` (no query) leads to this door."""
        return _pattern(self.path).fullmatch(path) is not None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))


@cache
def doors() -> tuple[Door, ...]:
    return (*pages(), *operations())


@cache
def pages() -> tuple[Door, ...]:
    """Every page, once by GET and once by POST."""
    return tuple(
        Door(method, path, _params(path), _mark(method, path, view), "page")
        for path, view in _routes(get_resolver(), "/")
        for method in ("GET", "POST")
    )


def _mark(method: str, path: str, view: Any) -> str | None:
    return ASK_FOR_MORE.get(f"{method} {path}") or getattr(view, "permission", None)


@cache
def operations() -> tuple[Door, ...]:
    """Every operation of the API, with what its document says that it takes."""
    return tuple(
        _operation(method, _braces(f"/api/v1{prefix.rstrip('/')}/{path.lstrip('/')}"), operation)
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    )


def _operation(method: str, path: str, operation: Any) -> Door:
    permission = getattr(operation.view_func, "permission", None)
    told = document()["paths"][path][method.lower()]
    asked = [one for one in told.get("parameters", []) if one["in"] == "query"]
    query = {one["name"]: one["schema"] for one in asked}
    contents = told.get("requestBody", {}).get("content", {})
    body = contents.get("application/json", {}).get("schema")
    upload = contents.get("multipart/form-data", {}).get("schema", {})
    kind, parts = "upload" if upload else "api", tuple(upload.get("properties", {}))
    return Door(method, path, _params(path), permission, kind, body, query, parts)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return schema()


def noun(param: str) -> str:
    """customer_id → customer."""
    return NOUNS.get(param) or param.removesuffix("_id").removesuffix("_pk")


@cache
def builder(of: str) -> Callable[[], Any] | None:
    """The builder `a_<noun>` or `an_<noun>` of whichever room has one that asks for nothing."""
    return builders().get(f"a_{of}") or builders().get(f"an_{of}")


@cache
def builders() -> dict[str, Callable[..., Any]]:
    """Every room's builders that can be called without an argument and make a row."""
    return {
        name: made
        for module in _builder_modules()
        for name, made in inspect.getmembers(module, inspect.isfunction)
        if name.startswith(("a_", "an_")) and _asks_for_nothing(made) and _makes_a_row(made)
    }


def _asks_for_nothing(made: Callable[..., Any]) -> bool:
    given = inspect.signature(made).parameters.values()
    return all(one.default is not one.empty or one.kind == one.VAR_KEYWORD for one in given)


def _makes_a_row(made: Callable[..., Any]) -> bool:
    answer = inspect.signature(made).return_annotation
    return isinstance(answer, type) and issubclass(answer, Model)


def _builder_modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(banso.__path__, "banso."):
        if info.name.endswith(".tests.builders"):
            yield importlib.import_module(info.name)


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = prefix + str(getattr(entry.pattern, "_route", entry.pattern))
        if isinstance(entry, URLResolver):
            if entry.namespace != "api":
                yield from _routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield _braces(route) if "(?P" not in route else _by_hand(route), entry.callback


def _by_hand(route: str) -> str:
    return next(path for part, path in BY_HAND.items() if part in route)


def _braces(route: str) -> str:
    return PARAM.sub(lambda found: "{" + (found[1] or found[2]) + "}", route)


def _params(path: str) -> tuple[str, ...]:
    return tuple(found[0] or found[1] for found in PARAM.findall(path))
