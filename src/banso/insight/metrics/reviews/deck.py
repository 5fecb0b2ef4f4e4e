"""Slides of 16:9 with native tables and charts: everything on them can be edited, nothing runs over.

Text is measured by its width in half-width signs before it is set; what does not fit on a slide
goes to the next, and a cell that would need more than three lines is cut.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

from banso.lib.text import display_width, shorten

FONT = "Yu Gothic"  # of Windows and Office for Mac; elsewhere the theme's next best is taken
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6  # inches
TOP = 1.35
ROOM = HEIGHT - TOP - 0.55  # for what stands below a title
TITLE, BODY, CELL, SMALL = 26, 15, 12, 10  # points
MOST_LINES = 3
INK, SOFT, ACCENT, PAPER = "1F2328", "57606A", "1F6F5C", "FFFFFF"
UP, DOWN, END = "2E7D5B", "B3423A", "6B7280"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings, rows of texts, and for each column its share of the width and side."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]
    right: frozenset[int] = frozenset()


class Deck:
    """A presentation in the making. python-pptx is loaded when the first one is made."""

    def __init__(self, language: str) -> None:
        self.language = "ja-JP" if language.startswith("ja") else "en-US"
        self.file: Any = self._pptx.Presentation()
        self.file.slide_width, self.file.slide_height = self._in(WIDTH), self._in(HEIGHT)

    @cached_property
    def _pptx(self) -> Any:
        import pptx  # noqa: PLC0415  (a third of a second to load, and only jobs make slides)
        import pptx.chart.data  # noqa: PLC0415
        import pptx.dml.color  # noqa: PLC0415
        import pptx.enum.chart  # noqa: PLC0415
        import pptx.enum.text  # noqa: PLC0415
        import pptx.util  # noqa: PLC0415

        return pptx

    def _in(self, inches: float) -> Any:
        return self._pptx.util.Inches(inches)

    def slide(self, title: str) -> Any:
        """A new slide with its title, cut to two lines."""
        made = self.file.slides.add_slide(self.file.slide_layouts[5])
        place = made.shapes.title
        self._put(place, MARGIN, 0.4, WIDTH - 2 * MARGIN, 0.85)
        frame = place.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = self._pptx.enum.text.MSO_ANCHOR.MIDDLE
        fitted = fit(title, WIDTH - 2 * MARGIN - 0.2, TITLE, 1)
        self._say(frame.paragraphs[0], fitted, TITLE, bold=True)
        return made

    def cover(self, title: str, lines: Sequence[str]) -> None:
        """The first slide."""
        made = self.slide(title)
        self._put(made.shapes.title, MARGIN, 2.3, WIDTH - 2 * MARGIN, 1.0)
        texts = [fit(line, WIDTH - 2 * MARGIN - 0.2, BODY, 1) for line in lines]
        self._box(made, [(text, False) for text in texts], top=3.4, height=2.0)

    def texts(self, title: str, told: Sequence[tuple[str, str]]) -> None:
        """Headed paragraphs over as many slides as they need."""
        inner = WIDTH - 2 * MARGIN - 0.2
        most = int(ROOM * 72 / (BODY * 1.5))
        lines = [
            (line, bold)
            for head, text in told
            for words, bold in ((head, True), (text, False))
            for line in wrapped(words, inner, BODY)
        ]
        for number in range(0, len(lines), most):
            made = self.slide(title)
            self._box(made, lines[number : number + most], top=TOP, height=ROOM)

    def table(self, title: str, grid: Grid) -> None:
        """The rows over as many slides as they need, the headings on each."""
        widths = [share * (WIDTH - 2 * MARGIN) / sum(grid.shares) for share in grid.shares]
        rows = [_fitted(row, widths) for row in grid.rows]
        for page in _pages(rows, widths):
            self._table(self.slide(title), grid, page, widths)

    def _table(
        self, made: Any, grid: Grid, rows: Sequence[Sequence[str]], widths: Sequence[float]
    ) -> None:
        heights = [row_height(row, widths) for row in [grid.headings, *rows]]
        frame = made.shapes.add_table(
            len(rows) + 1,
            len(widths),
            *map(self._in, (MARGIN, TOP, WIDTH - 2 * MARGIN, sum(heights))),
        )
        table = frame.table
        for index, width in enumerate(widths):
            table.columns[index].width = self._in(width)
        for index, row in enumerate([grid.headings, *rows]):
            table.rows[index].height = self._in(heights[index])
            for place, text in enumerate(row):
                self._cell(
                    table.cell(index, place), text, head=not index, right=place in grid.right
                )

    def _cell(self, cell: Any, text: str, *, head: bool, right: bool) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = self._color(ACCENT if head else PAPER)
        cell.vertical_anchor = self._pptx.enum.text.MSO_ANCHOR.MIDDLE
        cell.margin_left = cell.margin_right = self._in(0.08)
        cell.margin_top = cell.margin_bottom = self._in(0.04)
        for index, line in enumerate(text.split("\n")):
            paragraphs = cell.text_frame.paragraphs
            paragraph = paragraphs[0] if not index else cell.text_frame.add_paragraph()
            if right:
                paragraph.alignment = self._pptx.enum.text.PP_ALIGN.RIGHT
            self._say(paragraph, line, CELL, bold=head, color=PAPER if head else INK)

    def _box(
        self, made: Any, lines: Sequence[tuple[str, bool]], *, top: float, height: float
    ) -> None:
        box = made.shapes.add_textbox(*map(self._in, (MARGIN, top, WIDTH - 2 * MARGIN, height)))
        box.text_frame.word_wrap = True
        for index, (line, bold) in enumerate(lines):
            frame = box.text_frame
            paragraph = frame.paragraphs[0] if not index else frame.add_paragraph()
            self._say(paragraph, line, BODY, bold=bold)

    def _say(
        self, paragraph: Any, text: str, size: int, *, bold: bool = False, color: str = INK
    ) -> None:
        run = paragraph.add_run()
        run.text = text
        font = run.font
        font.name, font.size, font.bold = FONT, self._pptx.util.Pt(size), bold
        font.color.rgb = self._color(color)
        properties = run._r.get_or_add_rPr()
        properties.set("lang", self.language)
        self._east_asian(properties)

    def _east_asian(self, properties: Any) -> None:
        """python-pptx names the Latin font only; Japanese is set in the East Asian one."""
        namespace = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
        latin = properties.find(f"{namespace}latin")
        named = properties.makeelement(f"{namespace}ea", {"typeface": FONT})
        latin.addnext(named)

    def _color(self, code: str) -> Any:
        return self._pptx.dml.color.RGBColor.from_string(code)

    def _put(self, shape: Any, left: float, top: float, width: float, height: float) -> None:
        shape.left, shape.top = self._in(left), self._in(top)
        shape.width, shape.height = self._in(width), self._in(height)

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            self.file.save(file)


def wrapped(text: str, width: float, size: int) -> list[str]:
    """The lines a text takes in so many inches; a word of any length is broken."""
    most = _signs(width, size)
    return [line for part in text.splitlines() or [""] for line in _lines(part, most)]


def fit(text: str, width: float, size: int, most: int = MOST_LINES) -> str:
    """The text, cut with … where it would take more lines."""
    lines = wrapped(" ".join(text.split()), width, size)
    if len(lines) <= most:
        return "".join(lines)
    kept = "".join(lines[:most])
    return shorten(f"{kept}{lines[most]}", display_width(kept))


def row_height(row: Sequence[str], widths: Sequence[float]) -> float:
    """In inches, of the cell with the most lines."""
    most = max(
        sum(len(wrapped(line, width - 0.16, CELL)) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )
    return most * CELL * 1.35 / 72 + 0.12


def _fitted(row: Sequence[str], widths: Sequence[float]) -> list[str]:
    return [
        "\n".join(fit(line, width - 0.16, CELL) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    ]


def _pages(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Iterator[list[Sequence[str]]]:
    """Rows that stand on one slide together; one page without rows where there are none."""
    page: list[Sequence[str]] = []
    left = room = ROOM - 0.5  # the headings
    for row in rows:
        height = row_height(row, widths)
        if page and height > left:
            yield page
            page, left = [], room
        page.append(row)
        left -= height
    if page:
        yield page


def _lines(text: str, most: int) -> Iterator[str]:
    line, width = "", 0
    for sign in text:
        step = display_width(sign)
        if line and width + step > most:
            yield line
            line, width = "", 0
        line, width = line + sign, width + step
    yield line


def _signs(width: float, size: int) -> int:
    """Half-width signs on a line: half as wide as the letters are high, and a little room."""
    return max(ceil(width * 72 / (size * 0.56)) - 1, 4)
