"""Before anything is written: what each file holds, how it is read, and what must be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.imports import sheets
from banso.core.imports.declarations import ImportTable, import_tables
from banso.core.imports.guesses import file_like, guess_columns, guess_table, in_file
from banso.core.imports.mappings import FileMapping
from banso.core.imports.mappings import Mapping as KnownFiles
from banso.core.imports.plans import FilePlan, Plan
from banso.core.imports.problems import Problem
from banso.core.imports.surveys import survey
from banso.core.scope import current_workspace
from banso.lib.bad_value import BadValue
from banso.lib.dates import ORDERS
from banso.lib.money import minor_digits, unit_said
from banso.lib.sheets import MOST_ROWS
from banso.lib.tabular import Dialect, Row, UnreadableFile, read_header, rows, sniff_file

MAX_MB = 100
SAMPLES = 50
ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "cp932", "euc-jp", "iso-2022-jp")
ENDINGS = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person told; empty where the data or the mapping shall say."""

    date_order: str = ""
    currency: str = ""
    encoding: str = ""
    sheet: str = ""  # of workbooks
    heading: int = 0  # the row it is on

    def checked(self) -> "Answers":
        """Raises Refused for an order, currency, encoding or row that is not known."""
        if not 0 <= self.heading <= MOST_ROWS:
            raise Refused(_("The heading is on a row from 1 on."), field="heading")
        if self.date_order and self.date_order not in ORDERS:
            raise Refused(_("The date order is one of: iso, ymd, dmy, mdy."), field="date_order")
        if self.encoding and self.encoding not in ENCODINGS:
            words = _("The encoding is one of: %(known)s.") % {"known": ", ".join(ENCODINGS)}
            raise Refused(words, field="encoding")
        if self.currency:
            _check_currency(self.currency)
        return self


def _check_currency(code: str) -> None:
    try:
        minor_digits(code)
    except BadValue as error:
        words = _("“%(value)s” is not a currency. Write its code, such as JPY.")
        raise Refused(words % {"value": code[:10]}, field="currency") from error


def files_in(place: Path) -> list[tuple[str, Path]]:
    """(name, path) of the file itself, or of every table in the folder. Refused when there is none."""
    found = [place] if place.is_file() else []
    if place.is_dir():
        found = sorted(one for one in place.iterdir() if one.suffix.lower() in ENDINGS)
    if not found:
        words = _("There is no .xlsx, CSV, TSV or JSONL file at %(place)s.")
        raise Refused(words % {"place": place}, code="no_files")
    return [(one.name, one) for one in found]


def plan_import(
    files: Iterable[tuple[str, Path]],
    *,
    mapping: KnownFiles | None = None,
    answers: Answers | None = None,
    chosen: Mapping[str, FileMapping] | None = None,
) -> Plan:
    """How these files would be imported. Reads each of them once; writes nothing.

    `chosen` (by file name) goes before the mapping, and the mapping before guesses.
    """
    answers = (answers or Answers()).checked()
    told = answers.date_order or (mapping.date_order if mapping else "")
    plans = [_file(name, path, mapping, (chosen or {}).get(name), answers) for name, path in files]
    for one in plans:
        if one.target and one.dialect and not one.problems:
            survey(one, told)
    order = {table.name: number for number, table in enumerate(import_tables())}
    plans.sort(key=lambda one: (order.get(one.table, len(order)), one.name))
    currency = answers.currency or (mapping.currency if mapping else "")
    return Plan(
        mapping=mapping.name if mapping else "",
        currency=currency or current_workspace().currency,
        files=plans,
    )


def _file(
    name: str,
    path: Path,
    mapping: KnownFiles | None,
    chosen: FileMapping | None,
    answers: Answers,
) -> FilePlan:
    plan = FilePlan(path=path, name=name)
    given = chosen or (mapping.file_for(name) if mapping else None)
    try:
        _open(plan, answers, given)
    except UnreadableFile as error:
        plan.problems.append(Problem(0, "", error.code, error.params))
    if mapping and not given:
        given = file_like(mapping, plan.headers)
    if given:
        _follow(plan, given)
    elif mapping:
        plan.problems.append(Problem(0, "", "no_mapping_entry"))
    elif not plan.problems:
        _guess(plan)
    _settle_units(plan)
    _check_required(plan)
    return plan


def _settle_units(plan: FilePlan) -> None:
    """Amounts count in what was told, else in what their heading says, else in what stands above it."""
    for column in plan.target.columns if plan.target else ():
        source = plan.columns.get(column.key)
        if source and source.header and column.kind == "amount" and not source.unit:
            unit = unit_said(source.header) or plan.unit
            plan.columns[column.key] = replace(source, unit=unit)


def _open(plan: FilePlan, answers: Answers, given: FileMapping | None = None) -> None:
    if plan.path.stat().st_size > MAX_MB * 1024 * 1024:
        raise UnreadableFile("file_too_large", limit=MAX_MB)
    if answers.encoding:
        plan.dialect = _told_dialect(plan.path, answers.encoding)
    else:
        plan.dialect = sniff_file(plan.path)
    if plan.dialect.format == "xlsx":
        sheets.settle(
            plan,
            plan.dialect,
            sheet=(given and given.sheet) or answers.sheet,
            heading=(given and given.heading) or answers.heading,
        )
    header = read_header(plan.path, plan.dialect)
    plan.headers = header.names
    plan.letters = dict(zip(header.names, header.letters, strict=False))


def _told_dialect(path: Path, encoding: str) -> Dialect:
    """The dialect of a file whose encoding was told: a wrong word shows as undecodable rows."""
    try:
        found = sniff_file(path)
    except UnreadableFile as error:
        if error.code != "unknown_encoding":
            raise
        return Dialect(encoding)
    if found.format == "xlsx":
        return found  # it says itself how its texts are written
    return Dialect(encoding, found.delimiter, found.quote, found.format, found.skip)


def _follow(plan: FilePlan, given: FileMapping) -> None:
    plan.table, plan.skipped, plan.ignored = given.table, given.skipped, given.ignored
    found = {key: in_file(source, plan.headers) for key, source in given.columns.items()}
    plan.columns = {key: source for key, source in found.items() if source}
    if plan.dialect and given.has_footer:
        plan.dialect = replace(plan.dialect, has_footer=True)
    if given.only:  # a file without that column is refused: every row of it would count
        told = in_file(given.only.source, plan.headers) or given.only.source
        plan.only = replace(given.only, source=told)


def _guess(plan: FilePlan) -> None:
    if (table := guess_table(plan.name, plan.headers, plan.sheet)) is None:
        plan.problems.append(Problem(0, "", "no_table"))
        return
    plan.table = table.name
    plan.columns = guess_columns(table, plan.headers, _samples(plan))


def guessed_table(name: str, path: Path, *, sheet: str) -> ImportTable | None:
    """What that sheet of a workbook holds by its looks; None when nobody can tell."""
    plan = FilePlan(path=path, name=name)
    try:
        _open(plan, Answers(sheet=sheet))
    except UnreadableFile:
        return None
    return guess_table(name, plan.headers, plan.sheet)


def guessed_headers(
    path: Path, table: ImportTable, *, sheet: str = "", heading: int = 0
) -> dict[str, str]:
    """Column key → header, guessed for a table somebody chose; empty when the file is unreadable."""
    plan = FilePlan(path=path, name=path.name)
    given = FileMapping((), table.name, {}, sheet=sheet, heading=heading)
    try:
        _open(plan, Answers(), given)
    except UnreadableFile:
        return {}
    found = guess_columns(table, plan.headers, _samples(plan))
    return {key: source.header for key, source in found.items()}


def _samples(plan: FilePlan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {header: [] for header in plan.headers}
    for row in first_rows(plan):
        for header, cell in row.values.items():
            found.setdefault(header, []).append(cell)
    return found


def first_rows(plan: FilePlan, limit: int = SAMPLES) -> list[Row]:
    """The head of the file, as written; what cannot be read ends it and is told elsewhere."""
    head: list[Row] = []
    try:
        if plan.dialect:
            head.extend(islice(rows(plan.path, plan.dialect), limit))
    except UnreadableFile:
        return head
    return head


def _check_required(plan: FilePlan) -> None:
    """A needed column without a source, or a source the file does not have, stops the file."""
    table = plan.target
    if plan.skipped or plan.problems or table is None:
        return
    for column in table.columns:
        if column.required and column.key not in plan.columns:
            params = {"wanted": str(column.label)}
            plan.problems.append(Problem(0, column.key, "missing_column", params))
    if plan.dialect and plan.dialect.format != "jsonl":
        missing = sorted(plan.read - {"", *plan.headers})
        plan.problems += [Problem(0, header, "unknown_column") for header in missing]
