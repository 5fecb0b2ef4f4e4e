"""What pages show as figures, and whether the rows that each opens to add up to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import APIRequestContext, Page

from banso.insight.metrics.registry import MEASURES, Measure

ROWS, RESTATED = "/metrics/rows/", "/metrics/restatements/"
# What shows digits and is no figure of the ledger, or is one that opens elsewhere: why.
NO_FIGURES = {
    "svg": "drawn: the table beside it says the same, and opens",
    "form, select": "what people choose and write themselves",
    "h1, h2, h3, caption, figcaption, thead, .chart__note": "names, days and units",
    "tbody th, tfoot th, dt": "what rows are called: months, customers",
    "time, .table__date": "days",
    "nav, .tabs, summary": "ways to other pages",
    ".tile__target, .tile__verdict": "what was promised, by people",
    ".tile__definition p, .table__sub, .fine": "definitions and notes",
    ".tile__note": "the period, and n: how many the figure of the tile is about",
    ".delta > span:not(.delta__against)": "the difference of two figures of the tile, which open",
    ".share__words": "what the shades mean",
    ".waterfall + details td:last-child": "what stands after a step: the sum of the steps above",
    ".heat tfoot": "the cells above, weighed by their sizes; each opens",
    "[data-row], [data-total], [data-figure], [data-moved]": "rows and their sums, on their own page",
    ".notice": "what to know of the page",
}
COLLECT = r"""
([rows, restated, none]) => {
  const found = [], seen = new Set();
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, a = parent.closest('a[href]');
    if (!/[0-9]/.test(walker.currentNode.data)) continue;
    const tile = parent.closest('.tile__value');
    const told = tile || (a && [rows, restated].includes(a.pathname) && a);
    const label = tile && tile.closest('.tile').querySelector('.tile__label a');
    if (told && seen.has(told)) continue;
    seen.add(told);
    const unit = parent.closest('.chart')?.textContent.match(/千円|百万円|億円|万円/)?.[0] || '';
    if (told) found.push({words: told.textContent, href: (label || a)?.href || '', unit});
    else if (!parent.closest(none))
      found.push({words: walker.currentNode.data, href: '', where: parent.outerHTML.slice(0, 200)});
  }
  return found;
}
"""
UNITS = {"千": 10**3, "百万": 10**6, "億": 10**8, "万": 10**4, "%": Decimal("0.01"), "": 1}
NUMBER = re.compile(r"([0-9][0-9,]*(?:\.([0-9]+))?)\s*(%|千|百万|億|万|)")
DATA = re.compile(r'<data value="([^"]*)" data-(row|total|figure|moved)="(\w+)"')
WHOM = re.compile(r'<th scope="row"><a href="(/customers/[^"]*)"')
NEXT = re.compile(r'href="\?([^"]*\bafter=[^"]*)"')
MARGIN = Decimal("0.8")  # of the book
LEAST = Decimal("1e-18")  # what two orders of dividing may differ by


@dataclass(frozen=True, slots=True)
class Shown:
    """Something with digits: its words, where it leads ("" for nowhere), what it is counted in."""

    words: str
    href: str
    unit: str = ""
    where: str = ""


def shown(page: Page) -> list[Shown]:
    """Every figure of the page, and whatever looks like one and leads nowhere."""
    found = page.evaluate(COLLECT, [ROWS, RESTATED, ", ".join(NO_FIGURES)])
    return [Shown(**one) for one in found]


@dataclass
class Opened:
    """What a page of rows, or of a restatement, says to programs, from its first page to its last."""

    numbers: dict[tuple[str, str], list[Decimal]] = field(default_factory=dict)
    whom: list[str] = field(default_factory=list)
    text: str = ""

    def sum(self, place: str, name: str) -> Decimal:
        return sum(self.numbers.get((place, name), ()), Decimal(0))

    def figure(self, name: str) -> Decimal | None:
        return next(iter(self.numbers.get(("figure", name), ())), None)


def opened(request: APIRequestContext, address: str) -> Opened:
    """All pages of an address. AssertionError where one is not there."""
    found, place = Opened(), address
    while place:
        answer = request.get(place)
        assert answer.ok, f"{answer.status} {place}"
        text = answer.text()
        for number, kind, name in DATA.findall(text):
            if kind == "row" or not found.text:
                found.numbers.setdefault((kind, name), []).append(Decimal(number))
        found.whom += WHOM.findall(text)
        found.text += text
        more = NEXT.search(text)
        place = f"{address.split('?')[0]}?{unescape(more[1])}" if more else ""
    return found


def wrong_with(one: Shown, found: Opened) -> str:
    """Why what was opened is not what was shown; "" where it is."""
    parts = urlsplit(one.href)
    if parts.path == RESTATED:
        return _not_restated(one, found)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return _not_added(MEASURES[query["kpi"]], query.get("part", ""), found) or _not_said(one, found)


def _not_restated(one: Shown, found: Opened) -> str:
    words = one.words.split("：")[-1].strip()
    sums = [found.sum("moved", name) == found.sum("total", name) for name in PAIR]
    return "" if words in unescape(found.text) and all(sums) else f"{words} is not restated"


PAIR = ("numerator", "denominator")


def _not_added(measure: Measure, part: str, found: Opened) -> str:
    """Rows are the totals, and totals the figure."""
    top, bottom = (found.sum("row", name) for name in PAIR)
    if any(
        found.sum("row", name) != found.sum("total", name)
        for name in PAIR
        if ("total", name) in found.numbers
    ):
        return "rows are not their total"
    numerator, denominator, value = map(found.figure, (*PAIR, "value"))
    if not found.numbers or (part and numerator == top):
        return ""
    if part:
        return f"the rows of the part are {top}, not {numerator}"
    told = _made(measure, top, bottom, len(set(found.whom)), numerator, denominator)
    if any(abs(one - other) > LEAST for one, other in told) or value is None:
        return f"{numerator} ÷ {denominator} = {value} does not follow from {top}, {bottom}"
    over = numerator / denominator if denominator and numerator is not None else numerator
    capped = numerator * 60 if numerator is not None and measure.id == "ltv" else over
    near = [abs(value - one) < LEAST * max(1, abs(value)) for one in (over, capped) if one is not None]
    return "" if any(near) else f"{numerator} ÷ {denominator} is not {value}"


def _made(
    measure: Measure, top: Decimal, bottom: Decimal, count: int, *figure: Decimal | None
) -> Iterator[tuple[Decimal, Decimal]]:
    """Numerator and denominator of the figure, each beside what the rows make of it."""
    numerator, denominator = (one if one is not None else Decimal(0) for one in figure)
    match measure.made_by:
        case "ltv":
            yield numerator, bottom / count * MARGIN
            yield denominator, top / bottom / 12
        case "cac_payback":
            yield denominator, bottom / count * MARGIN
        case "per_head":
            yield numerator, top
        case _:
            yield numerator, top
            if denominator and not measure.of_whole:
                yield denominator, bottom


def _not_said(one: Shown, found: Opened) -> str:
    """The words say one of the numbers, as far as they say any."""
    said = NUMBER.search(one.words)
    if said is None:
        return "" if "データなし" in one.words and not found.figure("value") else "says no number"
    if not found.numbers:
        return "" if not any(sign in one.words for sign in "123456789") else "has no rows"
    unit = UNITS[said[3] or ("" if "¥" in one.words else one.unit.removesuffix("円"))]
    number = Decimal(said[1].replace(",", "")) * unit
    number = -number if re.search("[-−]", one.words[: said.start()]) else number
    half = Decimal(unit) / 10 ** len(said[2] or "") / 2
    known = [found.figure("value")] if said[3] == "%" else _known(found)
    near = any(abs(number - one) <= half for one in known if one is not None)
    return "" if near else f"says {number}, and its rows {known}"


def _known(found: Opened) -> list[Decimal | None]:
    counts = [Decimal(len(set(found.whom))), Decimal(len(found.numbers.get(("row", "numerator"), ())))]
    return [*map(found.figure, ("value", *PAIR)), *counts]
