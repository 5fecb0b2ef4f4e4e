"""The table of walls that S23 takes down is true of the source as it stands; nothing runs here."""

import ast
from functools import cache

import pytest

from banso.cli.places import REPOSITORY
from trials.mutants import MUTANTS
from trials.mutants.mutant import Mutant, Stale


def test_every_wall_stands_where_the_table_says() -> None:
    assert [told for one in MUTANTS if (told := trouble(one))] == []


def trouble(mutant: Mutant) -> str:
    """Why its wall cannot be taken down; what does not compile would fail any test."""
    try:
        text = mutant.text(REPOSITORY)
        if mutant.file.endswith(".py"):
            ast.parse(text)
    except (Stale, OSError, SyntaxError) as error:
        return f"{mutant}: {error}"
    return ""


def test_every_test_that_guards_a_wall_is_there() -> None:
    missing = [node for one in MUTANTS for node in one.nodes if not is_there(node)]
    assert missing == []
    assert all(one.tests for one in MUTANTS)


def is_there(node: str) -> bool:
    file, _, name = node.partition("::")
    return name in functions(file)


@cache
def functions(file: str) -> set[str]:
    path = REPOSITORY / file
    tree = ast.parse(path.read_text() if path.exists() else "")
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("old", ["gone", "twice"])
def test_a_wall_that_has_moved_is_told(old: str) -> None:
    wall = Mutant(
        "a wall", "core/cursors.py", {"gone": "no such line", "twice": "_bad()"}[old], "", ()
    )
    told = trouble(wall)
    assert "a wall" in told and ("stands there 0 times" in told) == (old == "gone")
    assert not is_there("tests/test_mutants.py::test_nobody")
