"""The house's five regulations. An exception is a line here, with its reason."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from banso.cli import messages
from banso.config.api import api
from banso.core.access import known_permission
from banso.core.scope import ScopedModel

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ROOT = Path(__file__).resolve().parents[1]
GLOBAL_MODELS = {
    "core.Workspace": "it is the wall itself",
    "core.Session": "a browser has a session before it has a person, and a person before a workspace",
    "core.Person": "one person may belong to several workspaces; Membership is scoped",
}

POSTS_WITHOUT_KEY = {
    "POST /metrics/closings": (
        "a month is closed once, and its figures are read in one moment of their own:"
        " no transaction of a key may stand around them"
    ),
    "POST /customers/bulk-edit/preview": "it saves nothing",
    "POST /customers/{uuidstr:customer_id}/merges/preview": "it saves nothing",
    "POST /contacts/{uuidstr:contact_id}/merges/preview": "it saves nothing",
}


def our_models() -> Iterator[type[Model]]:
    return (m for m in apps.get_models() if m.__module__.startswith("banso."))


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "api":
                yield from patterns(entry)
        else:
            yield entry


def python_files() -> list[Path]:
    found = [p for top in ("src", "tests", "bench") for p in (ROOT / top).rglob("*.py")]
    return [p for p in found if "migrations" not in p.parts]


def test_every_model_belongs_to_a_workspace_or_says_why_not() -> None:
    unscoped = {m._meta.label for m in our_models() if not issubclass(m, ScopedModel)}
    assert unscoped == set(GLOBAL_MODELS)


@pytest.mark.parametrize("pattern", patterns(), ids=str)
def test_every_page_says_who_may_open_it(pattern: URLPattern) -> None:
    permission = getattr(pattern.callback, "permission", None)
    assert getattr(pattern.callback, "public", None) or known_permission(str(permission))


def test_every_operation_of_the_api_says_who_may_call_it() -> None:
    unmarked = [
        f"{operation.methods} {path}"
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if not known_permission(getattr(operation.view_func, "permission", ""))
    ]
    assert unmarked == []


def test_every_operation_that_makes_something_takes_an_idempotency_key() -> None:
    """Other methods may be repeated as they are; a POST without a key is a line here, with its reason."""
    without = {
        f"{method} {path}"
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if method == "POST" and not getattr(operation.view_func, "creates", False)
    }
    assert without == set(POSTS_WITHOUT_KEY)


def test_no_file_and_no_function_has_outgrown_its_room() -> None:
    long_files: list[str] = []
    long_functions: list[str] = []
    for path in python_files():
        text = path.read_text()
        if text.count("\n") > 400:
            long_files.append(path.name)
        long_functions += [
            f"{path.name}:{node.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno >= 50
        ]
    assert (long_files, long_functions) == ([], [])


def test_every_message_is_collected_and_translated() -> None:
    found = {_id(message) for message in messages.collect(ROOT / "src" / "banso") if message.id}
    for language in [code for code, _name in settings.LANGUAGES if code != "en"]:
        with messages.catalogue_path(language).open("rb") as words:
            told = [message for message in read_po(words) if message.id]
        missing = [m.id for m in told if m.fuzzy or not all(_strings(m.string))]
        assert (missing, found - {_id(message) for message in told}) == ([], set())


def test_words_for_people_are_marked_in_a_way_that_is_collected() -> None:
    """An alias such as `gettext as _now` hides its words from the catalogue."""
    hidden = [
        f"{path.name}: {name.name} as {name.asname}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and name.asname not in {None, "_"}
    ]
    assert hidden == []


def test_no_file_in_git_names_a_place_on_one_machine() -> None:
    places = "|".join(["home", "Users", "root", "work", "tmp/dev" + "pg"])
    pattern = rf"(^|[^A-Za-z0-9_.~/}}-])/({places})/[a-z]"
    command = ["git", "grep", "-InE", pattern, "--", ".", ":!requirements"]
    named = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert named.stdout == "" and named.returncode in {1, 128}


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [value or ""]
