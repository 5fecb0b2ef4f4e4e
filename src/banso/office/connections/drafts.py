"""What the page of a draft shows: each file with its table, its columns and its first rows."""

from typing import Any

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, import_tables
from banso.core.imports.mappings import Source
from banso.core.imports.planning import ENCODINGS, first_rows
from banso.core.imports.plans import FilePlan
from banso.core.imports.problems import Problem, message
from banso.core.models import ImportRun
from banso.lib.money import UNITS
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
        "files": [_file(one, stored[one.name], fixed=_is_fixed(run, one)) for one in plan.files],
        "questions": [message(one.facts()) for one in plan.questions],
        "answers": run.settings.get("answers", {}),
        "currency": plan.currency,
        "encodings": ENCODINGS,
        "tables": import_tables(),
        "ready": plan.readable and not plan.questions,
    }


def _is_fixed(run: ImportRun, plan: FilePlan) -> bool:
    """Whether a mapping says what the file is: one that was chosen, or that of a repeated import."""
    return bool(run.mapping) or "kept" in run.settings.get("chosen", {}).get(plan.name, {})


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
        "sheets": plan.sheets,
        "heading": plan.dialect.heading if plan.dialect else 0,
        "notes": [{"code": one.code, "message": message(one.facts())} for one in plan.notes],
        "units": UNITS,
        "rows": [[row.values.get(header, "") for header in plan.headers] for row in rows],
    }


def _columns(plan: FilePlan) -> list[dict[str, Any]]:
    """Each column of the table, with the header it takes its value from, if any, and how that is read."""
    if plan.target is None:
        return []
    shown = [column for column in plan.target.columns if column.key != "id"]
    return [_column(column, plan) for column in shown]


def _column(column: Column, plan: FilePlan) -> dict[str, Any]:
    """`asks_unit`: it counts something. `asks_digits`: its codes may have lost their zeros."""
    source = plan.columns.get(column.key, Source())
    noted = {one.column for one in plan.notes if one.column}
    return {
        "column": column,
        "header": source.header,
        "unit": source.unit or 1,
        "digits": source.digits,
        "asks_unit": column.kind == "amount" and bool(source.header),
        "asks_digits": bool(source.digits) or source.header in noted,
    }


def _skipped(plan: FilePlan) -> str:
    return message(Problem(0, "", plan.skipped).facts()) if plan.skipped else ""
