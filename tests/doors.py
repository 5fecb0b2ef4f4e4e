"""Every door of the house, found by walking the URL resolver and the API: nobody lists them."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from pydantic import BaseModel

import banso
from banso.config.api import api

PARAM = re.compile(r"<(?:\w+:)?(\w+)>|\{(?:\w+:)?(\w+)\}")


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one address: what it needs, who may pass, what it takes."""

    method: str
    path: str  # with {param} places
    params: tuple[str, ...]
    permission: str | None  # None: public
    kind: str  # page | api
    body: type[BaseModel] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def address(self, ids: dict[str, str]) -> str:
        return self.path.format(**ids)


def pages() -> list[Door]:
    """Every page, once by GET and once by POST."""
    return [
        Door(method, path, _params(path), getattr(view, "permission", None), "page")
        for path, view in _routes(get_resolver(), "/")
        for method in ("GET", "POST")
    ]


def operations() -> list[Door]:
    """Every operation of the API."""
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            full = _braces(f"/api/v1{prefix.rstrip('/')}/{path.lstrip('/')}")
            for operation in view.operations:
                permission = getattr(operation.view_func, "permission", None)
                found += [
                    Door(method, full, _params(full), permission, "api", _body(operation))
                    for method in operation.methods
                ]
    return found


def doors() -> list[Door]:
    return pages() + operations()


def noun(param: str) -> str:
    """customer_id → customer."""
    return param.removesuffix("_id").removesuffix("_pk")


@cache
def builder(of: str) -> Callable[[], Any] | None:
    """The builder `a_<noun>` (or `an_<noun>`) of whichever room has one."""
    for module in _builder_modules():
        for name in (f"a_{of}", f"an_{of}"):
            if hasattr(module, name):
                found: Callable[[], Any] = getattr(module, name)
                return found
    return None


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
        elif isinstance(entry, URLPattern) and "(?P" not in route:
            yield _braces(route), entry.callback


def _braces(route: str) -> str:
    return PARAM.sub(lambda found: "{" + (found[1] or found[2]) + "}", route)


def _params(path: str) -> tuple[str, ...]:
    return tuple(found[0] or found[1] for found in PARAM.findall(path))


def _body(operation: Any) -> type[BaseModel] | None:
    for model in operation.models:
        if getattr(model, "__ninja_param_source__", "") == "body":
            for field in model.model_fields.values():
                if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                    return field.annotation
    return None
