"""What rooms declare fits what others do: names that are heard, worded and shown exist."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from banso.core import declarations
from banso.core.access import known_permission
from banso.core.declarations import EventText, Panel, Permission
from banso.core.events import heard_names
from banso.core.ui.icons import ICONS

SOURCES = Path(__file__).resolve().parents[1] / "src" / "banso"
PUBLISHING = {"publish", "publish_many", "_publish", "note"}
ANNOUNCING = {"declares.py", "event_texts.py", "handlers.py"}  # they name events of others


def spoken_names() -> set[str]:
    """Every `room.noun_verbed` that stands in src where something may publish it."""
    return {
        node.value
        for path in SOURCES.rglob("*.py")
        if path.name not in ANNOUNCING and not {"tests", "migrations"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def published_names() -> set[str]:
    """Every event that src publishes by its name."""
    return {
        told.value
        for path in SOURCES.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args and _name_of(node.func) in PUBLISHING
        for told in [node.args[0]]
        if isinstance(told, ast.Constant) and isinstance(told.value, str)
    }


def _name_of(called: ast.expr) -> str:
    return getattr(called, "id", "") or getattr(called, "attr", "")


def ours(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith("test.")}


def test_every_panel_has_a_place_on_a_page() -> None:
    tags = re.compile(r'{% (?:slot|folds|places) "([^"]+)"')
    places = {slot for page in SOURCES.rglob("*.html") for slot in tags.findall(page.read_text())}
    assert set(declarations._panels) - places == set()


def test_every_event_that_is_heard_is_published_somewhere() -> None:
    assert ours(heard_names()) - spoken_names() == set()


def test_every_event_that_is_worded_is_published_somewhere() -> None:
    assert set(declarations._event_texts) - spoken_names() == set()


def test_every_event_that_is_published_is_worded() -> None:
    """What has no words is on no timeline, and nobody can read it in an audit."""
    published = published_names()
    assert {"usage.source_made", "core.passkey_added", "health.alert_raised"} <= published
    assert published - set(declarations._event_texts) == set()


@pytest.mark.parametrize("text", declarations._event_texts.values(), ids=lambda text: text.name)
def test_the_words_of_an_event_read_as_words(text: EventText) -> None:
    room, _dot, verb = text.name.partition(".")
    assert room and set(verb) <= set(string.ascii_lowercase + "_")
    assert str(text.wording).strip()
    assert text.icon in ICONS


def test_every_name_a_permission_gives_roles_to_is_a_role() -> None:
    for permission in declarations.permissions():
        assert isinstance(permission, Permission) and permission.roles <= declarations.EVERYONE
        assert "owner" in permission.roles, permission.name


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from url_names(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name


PANELS = [panel for slot in declarations._panels.values() for panel in slot]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.url_name)
def test_every_panel_has_an_address_and_a_right(panel: Panel) -> None:
    assert panel.url_name in set(url_names())
    assert known_permission(panel.permission)
