"""Files brought in for tests."""

from pathlib import Path
from typing import Any

from banso.core.imports import planning, running
from banso.core.models import ImportRun, Person


def brought_in(
    folder: Path, text: str, name: str = "customers.csv", *, by: Person | None = None
) -> tuple[ImportRun, dict[str, Any]]:
    """The text is imported as a file of that name: its run, and what was reported of it."""
    path = folder / name
    path.write_text(text, "utf-8")
    plan = planning.plan_import([(name, path)], answers=planning.Answers())
    run = running.start_run(plan, source=name, by=by)
    (facts,) = running.run_import(plan, run=run, by=by)
    return run, facts


def imported(folder: Path, text: str, name: str = "customers.csv") -> dict[str, Any]:
    """As `brought_in`: the report alone."""
    return brought_in(folder, text, name)[1]
