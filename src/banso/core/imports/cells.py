"""Cells that spreadsheets open: text that looks like a formula is made harmless, and back."""

import re

# What Excel, LibreOffice and Numbers may run, also behind blanks and control characters
# (OWASP, "CSV injection"; full-width forms are formulas in Japanese Excel).
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]*[=+\-@|%＝＋－＠]|[\t\r\n]")
_QUOTED = re.compile(r"'+")


def harmless(text: str) -> str:
    """`text` with a quote before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _is_risky(text) else text


def as_written(cell: str) -> str:
    """What `harmless` was given; other cells stay as they are."""
    return cell[1:] if cell.startswith("'") and _is_risky(cell[1:]) else cell


def _is_risky(text: str) -> bool:
    return (
        _FORMULA.match(_QUOTED.sub("", text, count=1) if text.startswith("'") else text) is not None
    )
