"""What can be wrong with a file, a row or a cell: kept as code and parameters, worded here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.lib.bad_value import BadValue
from banso.lib.text import shorten

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Problem:
    """Line and column are the file's own; line 0 is the file as a whole."""

    line: int
    column: str
    code: str
    params: Params = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """As stored with the run."""
        return {
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "params": dict(self.params),
        }


def problem_of(error: BadValue, *, line: int, column: str, value: str = "") -> Problem:
    """A refused value as a problem that shows what was written there."""
    params = {"value": shorten(value, 60), **error.params}
    return Problem(line, column, error.code, params)


def message(facts: Mapping[str, Any]) -> str:
    """One sentence in the reader's language: where, what, and what to do."""
    where = _in_sheet(facts) if facts.get("sheet") else _where(facts["line"], facts["column"])
    if facts["code"] == "refused":
        return where + str(facts["params"].get("reason", ""))
    wording = str(WORDINGS.get(facts["code"], UNKNOWN))
    params = {"code": facts["code"], "column": facts["column"], **facts["params"]}
    return where + wording % _Forgiving(params)


def _in_sheet(facts: Mapping[str, Any]) -> str:
    """Of a workbook: its sheet, the cell and the column's heading."""
    said = {"sheet": facts["sheet"], **{key: facts.get(key) for key in ("line", "cell", "column")}}
    if said["cell"]:
        return gettext("Sheet “%(sheet)s”, cell %(cell)s, “%(column)s”: ") % said
    if said["line"]:
        return gettext("Sheet “%(sheet)s”, row %(line)d: ") % said
    return gettext("Sheet “%(sheet)s”: ") % said


def _where(line: int, column: str) -> str:
    if line and column:
        return gettext("Line %(line)d, “%(column)s”: ") % {"line": line, "column": column}
    return gettext("Line %(line)d: ") % {"line": line} if line else ""


class _Forgiving(dict[str, Any]):
    """An old report may lack a parameter that a wording has gained since."""

    def __missing__(self, key: str) -> str:
        return "?"


UNKNOWN = _("This cannot be imported (%(code)s).")
WORDINGS = {
    # files
    "empty": _("The file is empty. Choose a file with a header and at least one row."),
    "old_workbook": _(
        "This is an old Excel workbook (.xls), or one behind a password. "
        "Save it as .xlsx without a password."
    ),
    "workbook_broken": _(
        "The workbook cannot be read. Open it in Excel and save it anew as .xlsx, "
        "or save its sheet as CSV UTF-8."
    ),
    "workbook_too_large": _("A part of the workbook unpacks to more than %(limit)s MB. Split it."),
    "too_many_rows": _("The sheet has more than %(limit)s rows."),
    "no_sheet": _("The workbook has no such sheet."),
    "empty_sheet": _("The sheet “%(sheet)s” is empty."),
    "binary": _("This is not a table. Import .xlsx, CSV, TSV or JSONL."),
    "unknown_encoding": _("The character encoding cannot be told. Save the file as UTF-8."),
    "line_too_long": _("Line %(line)s is longer than %(limit)s characters."),
    "no_header": _("There is no header line. The first line must hold the column names."),
    "too_many_columns": _("There are more than %(limit)s columns."),
    "file_too_large": _("The file is larger than %(limit)s MB. Split it and import the parts."),
    "missing_column": _("The column for “%(wanted)s” is missing. Add it or choose another."),
    "unknown_column": _("The file has no column “%(column)s”."),
    "no_table": _("It is not clear what this file holds. Choose what to import it as."),
    "no_mapping_entry": _("The mapping says nothing about this file."),
    "ambiguous_dates": _(
        "In “%(column)s”, “%(value)s” can be read as day/month or as month/day. Say which."
    ),
    "mixed_dates": _(
        "In “%(column)s” the dates stand in different orders (such as “%(value)s”). "
        "Write all of them as YYYY-MM-DD."
    ),
    "other_order": _(
        "The dates of “%(column)s” prove %(proven)s, but %(told)s was told. Leave the order out."
    ),
    "no_room": _("Skipped: there is no room for this table yet."),
    "left_out": _("Left out: nothing of this file is imported."),
    # rows
    "too_few_cells": _("%(found)s values where the header has %(expected)s columns."),
    "too_many_cells": _("%(found)s values where the header has %(expected)s columns."),
    "bad_quote": _("A quotation mark stands inside a value. Double it, or remove it."),
    "unclosed_quote": _("A quotation mark is never closed (read on to line %(until)s)."),
    "bad_json": _("This line is not valid JSON."),
    "not_an_object": _("This line is not a JSON object."),
    "duplicate_id": _("“%(id)s” was used on line %(first_line)s already. The first row was kept."),
    "total_row": _("This is a total (“%(value)s”), not a row of its own."),
    "footer": _(
        "Left out as the end of the report, from line %(line)s on (%(count)s lines): %(value)s"
    ),
    "numbers_as_codes": _(
        "“%(column)s” holds numbers where codes belong, such as %(value)s in %(cell)s "
        "(%(count)s cells). If they began with zeros, Excel has dropped them: "
        "say how many digits the codes have."
    ),
    # cells
    "error_cell": _("The cell shows the error %(value)s. Mend the formula, or write the value."),
    "no_cached_value": _(
        "The formula has no value yet. Open the workbook in Excel, save it, and import it again."
    ),
    "zeros_lost": _(
        "%(value)s is a number, but other codes here begin with 0: Excel has dropped its zeros. "
        "Write it as text, or say how many digits the codes have."
    ),
    "digits_lost": _("Excel keeps 15 digits of a number: the rest of %(value)s is lost."),
    "merged_number": _(
        "The number %(value)s is merged over several rows. Write what belongs to this row."
    ),
    "other_unit": _("“%(value)s” says yen, but this column counts in %(unit)s."),
    "cell_too_long": _("The value is longer than %(limit)s characters."),
    "undecodable": _("There are characters of another encoding. Save the file as UTF-8."),
    "forbidden_character": _("There is a control character. Remove it."),
    "nested_object": _("The value is a JSON object. Write one value for each key."),
    "missing_value": _("A value is needed here."),
    "too_long": _("The value has %(length)s characters; at most %(limit)s can be kept."),
    "not_a_number": _("“%(value)s” cannot be read as a number. Write it like 1234.5."),
    "not_an_integer": _("“%(value)s” is not a whole number."),
    "too_small": _("“%(value)s” is too small; %(minimum)s is the least."),
    "too_large": _("“%(value)s” is too large; %(maximum)s is the most."),
    "too_many_digits": _("The number has more than %(limit)s digits."),
    "too_many_decimals": _("“%(value)s” has more decimals than %(currency)s has (%(digits)s)."),
    "other_currency": _("“%(value)s” has the sign of another currency than %(currency)s."),
    "unknown_currency": _("“%(value)s” is not a currency. Write its code, such as JPY."),
    "bad_term": _("The term must be one month or more."),
    "bad_date": _("“%(value)s” cannot be read as a date. Write it like 2026-11-01 or 2026/11/01."),
    "no_such_date": _("There is no day “%(value)s”. Write it like 2026-11-01 or 2026/11/01."),
    "two_digit_year": _(
        "“%(value)s” has a year of two digits. Write it like 2026-11-01 or 2026/11/01."
    ),
    "wrong_order": _("It is not clear which is day and month in “%(value)s”. Write YYYY-MM-DD."),
    "wrong_weekday": _("The weekday of “%(value)s” is not that day's."),
    "time_not_midnight": _("“%(value)s” has a time; only the day can be kept here."),
    "bad_time": _("“%(value)s” has no readable time. Write it as YYYY-MM-DD HH:MM."),
    "no_such_time": _("The clocks skipped “%(value)s” in this time zone."),
    "out_of_range": _("“%(value)s” is out of range."),
    "not_a_yes_or_no": _("“%(value)s” is neither yes nor no. Write TRUE or FALSE."),
    "not_a_choice": _("“%(value)s” is not one of the choices: %(choices)s."),
    "unknown_customer": _("There is no customer “%(value)s”. Import customers first."),
    "unknown_id": _(
        "Nothing here has the ID “%(value)s”. Leave the cell empty to bring in a new row."
    ),
    "unknown_contract": _("There is no contract “%(value)s”. Import contracts first."),
    "ambiguous_contract": _("Several contracts have the number “%(value)s”. Write the Banso ID."),
    "contract_needed": _("Tell the contract this row belongs to."),
    "unknown_product": _("There is no product “%(value)s”."),
    "unknown_offer": _(
        "There is no offer “%(value)s” here. Leave the ID empty to record a new offer."
    ),
    "amount_in": _("The amounts here are in %(currency)s, not in %(value)s."),
    "unknown_contact": _("There is no contact “%(value)s”. Import contacts first."),
    "unknown_parent": _("There is no parent company “%(value)s”."),
    "unknown_person": _("Nobody here has the address or name “%(value)s”."),
    "ambiguous_person": _("Several people here are called “%(value)s”. Write the e-mail address."),
    "contact_not_theirs": _("Nobody at this customer has the address or name “%(value)s”."),
    "ambiguous_contact": _(
        "Several people at this customer are called “%(value)s”. Write the e-mail address."
    ),
    "unclear_people": _(
        "“%(column)s”: nobody was found, or several, for %(names)s. Their rows come in without them."
    ),
    "longer_than_a_cell": _(
        "The text here is longer than a cell of Excel can hold. Change it on its page."
    ),
    "customer_needed": _("Tell the customer or the contract this row belongs to."),
    "other_customer": _("“%(value)s” belongs to another customer."),
    "amount_needed": _("Tell the amount for the term, or the amount a month."),
    "other_initial_fee": _(
        "The contract has another initial fee already (not “%(value)s”). Correct it on its page."
    ),
    "product_cannot_change": _("The product of a signed contract cannot change. Sign a new one."),
    "start_cannot_move": _("The start of a signed contract cannot be moved by an import."),
    "cannot_be_stored": _("The row cannot be stored as it is."),
}
