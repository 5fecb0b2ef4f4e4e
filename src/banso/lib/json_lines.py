"""One JSON object a line, read as rows of text cells."""

from collections.abc import Iterable, Iterator

import msgspec

from banso.lib.table import CellProblem, Row, cell_problem

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


def json_rows(lines: Iterable[str]) -> Iterator[Row]:
    """The objects of a JSONL file; blank lines are left out. See `tabular.rows` for the cells."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _json_row(number, line.strip())


def _json_row(number: int, line: str) -> Row:
    try:
        found = _object.decode(line.encode())
    except UnicodeEncodeError:
        return Row(number, {}, (CellProblem(number, None, "undecodable"),))
    except msgspec.ValidationError:
        return Row(number, {}, (CellProblem(number, None, "not_an_object"),))
    except (msgspec.DecodeError, RecursionError):
        return Row(number, {}, (CellProblem(number, None, "bad_json"),))
    values, problems = {}, []
    for name, raw in found.items():
        text = bytes(raw)
        if text.startswith(b"{"):
            problems.append(CellProblem(number, name, "nested_object"))
            continue
        values[name] = cell = _json_cell(text)
        if problem := cell_problem(number, name, cell):
            problems.append(problem)
    return Row(number, values, tuple(problems))


def _json_cell(text: bytes) -> str:
    if text.startswith(b'"'):
        return msgspec.json.decode(text, type=str)
    return "" if text == b"null" else text.decode()
