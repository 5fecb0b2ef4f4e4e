"""Ids that lead on: what an address names may have become part of another row (a merge)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from banso.lib.uuid7 import as_uuid

Finder = Callable[[UUID], UUID | None]
_finders: dict[str, tuple[Finder, str]] = {}


@dataclass(frozen=True, slots=True)
class Moved:
    """An id leads `to` another: `address` is what was asked, of that one; `page` is where it is shown."""

    to: UUID
    address: str
    page: str


def leads_on(parameter: str, *, page: str) -> Callable[[Finder], Finder]:
    """Ask this function of an address's `parameter` where there is no such row (any more).

    For `declares.py`. It says to which row the id leads; None: to none. `page`: the URL name that
    shows one. `customer_id` is also read as `?customer_id=` and `?customer=`.
    """

    def register(find: Finder) -> Finder:
        _finders[parameter] = (find, page)
        return find

    return register


def moved(request: HttpRequest) -> Moved | None:
    """Where the ids in the address lead, once a view has found no row; None: nowhere.

    1 query where the address has such a parameter.
    """
    given: dict[str, Any] = request.resolver_match.kwargs if request.resolver_match else {}
    asked = request.GET
    for name, (find, page) in _finders.items():
        in_query = asked.get(name) or asked.get(name.removesuffix("_id"), "")
        said = str(given.get(name, "") or in_query)
        gone = as_uuid(said)
        if gone is not None and (to := find(gone)) is not None:
            address = request.get_full_path().replace(said, str(to))
            return Moved(to, address, reverse(page, args=[to]))
    return None
