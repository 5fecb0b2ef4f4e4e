"""What the page of a draft shows: each file with its table, its columns and its first rows."""

from typing import Any

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, import_tables
from banso.core.imports.planning import ENCODINGS, first_rows
from banso.core.imports.plans import FilePlan
from banso.core.imports.problems import Problem, message
from banso.core.models import ImportRun
from banso.office.connections import services

PREVIEW = 5


def draft_page(run: ImportRun) -> dict[str, Any]:
    """The files as planned now, open questions and told answers. Reads each file once."""
    try:
        plan = services.plan_of(run)
    except Refused as refusal:
        return {"files": [], "gone": str(refusal.message)}
    stored = {one["name"]: one["stored"] for one in run.settings["files"]}
    return {
        "files": [_file(one, stored[one.name], fixed=bool(run.mapping)) for one in plan.files],
        "questions": [message(one.facts()) for one in plan.questions],
        "answers": run.settings.get("answers", {}),
        "currency": plan.currency,
        "encodings": ENCODINGS,
        "tables": import_tables(),
        "ready": plan.readable and not plan.questions,
    }


def _file(plan: FilePlan, stored: str, *, fixed: bool) -> dict[str, Any]:
    rows = first_rows(plan, PREVIEW)
    return {
        "plan": plan,
        "stored": stored,
        "fixed": fixed,
        "table": plan.target,
        "columns": [] if fixed else _columns(plan),
        "problems": [message(one.facts()) for one in plan.problems],
        "skipped": _skipped(plan),
        "headers": plan.headers,
        "rows": [[row.values.get(header, "") for header in plan.headers] for row in rows],
    }


def _columns(plan: FilePlan) -> list[tuple[Column, str]]:
    """Each column of the table with the header it takes its value from, if any."""
    if plan.target is None:
        return []
    shown = [column for column in plan.target.columns if column.key != "id"]
    return [
        (column, plan.columns[column.key].header if column.key in plan.columns else "")
        for column in shown
    ]


def _skipped(plan: FilePlan) -> str:
    return message(Problem(0, "", plan.skipped).facts()) if plan.skipped else ""
