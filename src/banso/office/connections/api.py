"""REST of imports: send files, look at the result, take it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from banso.core.access import Request, requires
from banso.core.api import Text, refuse_undeclared
from banso.core.idempotency import creates
from banso.core.imports import reports
from banso.core.imports.planning import Answers
from banso.core.models import ImportRun
from banso.office.connections import services

router = Router(tags=["imports"])


class ImportOut(Schema):
    """`tables` by name: read, created, updated, unchanged, duplicates, skipped, errors."""

    id: UUID
    state: str
    mapping: str
    source: str
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    tables: dict[str, Any]

    @staticmethod
    def resolve_tables(run: ImportRun) -> dict[str, Any]:
        return reports.by_table(run.report.get("tables", []))


class ImportIn(Schema):
    mapping: Text = ""
    date_order: Text = ""
    currency: Text = ""
    encoding: Text = ""
    sheet: Text = ""
    heading: int = 0


@router.post("/imports", response={202: ImportOut}, summary=_("Import files"))
@requires("imports.run")
@creates
def import_files(
    request: Request, told: Form[ImportIn], files: File[list[UploadedFile]]
) -> Status[ImportRun]:
    """Import .xlsx, CSV, TSV or JSONL files. Answers at once; ask for the result by its id.

    Of workbooks: `sheet` and the row of its `heading`; found out where they are not told.
    """
    refuse_undeclared(request, ImportIn)
    answers = Answers(**told.dict(exclude={"mapping"}))
    run = services.receive_and_begin(
        files, mapping=told.mapping, answers=answers, by=request.person
    )
    return Status(202, run)


@router.get("/imports/{uuid:import_run_id}", response=ImportOut, summary=_("Get an import"))
@requires("imports.read")
def get_import(request: Request, import_run_id: UUID) -> ImportRun:
    """An import and what it did, table by table."""
    run: ImportRun = ImportRun.objects.get(pk=import_run_id)
    return run


@router.post("/imports/{uuid:import_run_id}/undo", response=ImportOut, summary=_("Undo an import"))
@requires("imports.run")
@creates
def undo_import(request: Request, import_run_id: UUID) -> ImportRun:
    """Take an import back. Refused when somebody has worked on its rows since.

    One of more than 2,000 rows is "undoing" first: ask for it again by its id. Where it is
    refused only then, it is "done" as before.
    """
    return services.undo(import_run_id, by=request.person)
