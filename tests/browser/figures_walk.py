"""What pages show as figures, and whether the rows that each opens to add up to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import APIRequestContext, Page

from banso.insight.metrics.asking.registry import MEASURES

ROWS, RESTATED = "/metrics/rows/", "/metrics/restatements/"
# What shows digits and leads to no rows, with the reason.
NO_FIGURES = {
    "svg": "drawn: the table beside it says the same, and opens",
    "form, select": "what people choose and write themselves",
    "h1, h2, h3, caption, figcaption, thead, .chart__note": "names, days and units",
    "tbody th, tfoot th, dt, .share__words": "what rows and shades are called",
    "time, .table__date, .panel__note, .page-head__lead": "days, periods and ways of counting",
    "nav, .tabs, summary, .pager, a[href]": "ways to other pages, and to the lines of the ledger",
    "li, .notice, .fine, p.soft, .badge, .tile__definition p": "sentences",
    ".tile__target, [data-label=目標], [data-label=目標との差]": "what people promised",
    ".tile__note, .table__sub, .five__note": "n, targets and changes of the figure that opens there",
    ".delta > span:not(.delta__against), [data-label=増減], .faint": "the difference of two that open",
    ".waterfall + details td:last-child": "what stands after a step: the sum of the steps above it",
    ".heat tfoot, #cohorts .chart__twin td:last-child": "all cells of a column, weighed; each opens",
    "[id^=of-]": "the rows of a difference, which are added up where it opens",
    "[data-label=顧客]": "how many customers these rows are",
    "#lines": "lines of the ledger",
    "dl": "counts of the list of customers, which opens; definitions",
}
COLLECT = r"""
([rows, restated, none]) => {
  const found = [], seen = new Set();
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const rowsOf = one => [...one?.querySelectorAll('a[href]') || []].find(a => a.pathname === rows);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    if (!/[0-9]/.test(text) || /^\d{4}\/\d\d(–\d{4}\/\d\d)?$/.test(text)) continue;
    const own = parent.closest('a[href]'), tile = parent.closest('.tile__value');
    const opens = own && [rows, restated].includes(own.pathname);
    if (own?.closest('.tile__label')) continue;
    const counts = parent.closest('.calendar td:last-child');
    if (!opens && !tile && parent.closest(none)) continue;
    if (text === '0' && !opens && parent.matches('td')) continue;  // of nothing there are no rows
    if (!opens && parent.closest('tr')?.textContent.includes('データなし')) continue;
    const told = tile || (opens ? own : parent);
    if (seen.has(told)) continue;
    seen.add(told);
    const a = opens ? own : tile ? rowsOf(tile.closest('.tile')) : rowsOf(parent.closest('tr'));
    found.push({
      words: told.textContent.trim().split('：').pop(), href: a?.href || '', whose: a?.dataset.whose || '',
      beside: !opens && !tile, where: parent.outerHTML.slice(0, 200),
      unit: counts ? '' : parent.closest('.chart')?.textContent.match(/千円|百万円|億円|万円/)?.[0] || '',
    });
  }
  return found;
}
"""
UNITS = {"千": "1000", "百万": "1000000", "億": "100000000", "万": "10000", "": "1", "%": "0.01"}
NUMBER = re.compile(r"([0-9][0-9,]*(?:\.([0-9]+))?)\s*(%|千|百万|億|万|)")
DATA = re.compile(r'<data value="([^"]*)" data-(row|total|figure|moved)="(\w+)"')
WHOM = re.compile(r'<th scope="row"><a href="(/customers/[^"]*)"')
CHOICE = re.compile(r'<th scope="row"><a href="\?([^"]*\bcut=[^"]*)"')
N = re.compile(r"\bn=([0-9,]+)")
NEXT = re.compile(r'href="\?([^"]*\bafter=[^"]*)"')
MARGIN = Decimal("0.8")  # of the book
LEAST = Decimal("1e-18")  # what two orders of dividing may differ by


@dataclass(frozen=True, slots=True)
class Shown:
    """Something with digits: its words, where it leads ("" for nowhere), what it is counted in.

    `whose`: the customer it is about, of all whose rows are opened. `beside`: it stands in the row
    of a figure that opens, as what that is made of.
    """

    words: str
    href: str
    unit: str
    where: str
    whose: str
    beside: bool


def shown(page: Page) -> list[Shown]:
    """Every figure of the page, and whatever looks like one and leads nowhere."""
    found = page.evaluate(COLLECT, [ROWS, RESTATED, ", ".join(NO_FIGURES)])
    return [Shown(**one) for one in found]


@dataclass
class Opened:
    """What a page of rows, or of a restatement, says to programs, from its first page to its last.

    `parts`: what its parts say, where it is told by parts only.
    """

    numbers: dict[tuple[str, str], list[Decimal]] = field(default_factory=dict)
    whom: list[str] = field(default_factory=list)
    text: str = ""
    parts: list["Opened"] = field(default_factory=list)

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
        if not found.numbers:
            ways = [f"{address.split('?')[0]}?{unescape(one)}" for one in CHOICE.findall(text)]
            found.parts = [opened(request, one) for one in ways]
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
    if one.whose:
        return _not_theirs(one, found)
    for rows in found.parts or [found]:
        if why := _not_added(query, rows):
            return why
    return _not_said(one, found)


def _not_theirs(one: Shown, found: Opened) -> str:
    own = [_of(one.whose, found, name) for name in PAIR]
    known: list[Decimal | None] = [
        own[0],
        own[0] - own[1],
    ]  # of shares that are to be kept: what is missing, or more
    return "" if _is_near(one, NUMBER.search(one.words), known) else f"their rows are {own}"


def _of(whose: str, found: Opened, name: str) -> Decimal:
    pairs = zip(found.whom, found.numbers.get(("row", name), ()), strict=False)
    return sum((number for whom, number in pairs if whose in whom), Decimal(0))


def _not_restated(one: Shown, found: Opened) -> str:
    moved, told = ([found.sum(which, name) for name in PAIR] for which in ("moved", "total"))
    if moved != told:
        return f"customers moved {moved}, and the figure {told}"
    return "" if one.words in unescape(found.text) else "is not said where it is restated"


PAIR = ("numerator", "denominator")


def _not_added(query: dict[str, str], found: Opened) -> str:
    """Rows are the totals, and totals the figure."""
    measure, part = MEASURES[query["kpi"]], query.get("part", "")
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
    if value is None and not denominator:
        return "" if numerator == top == bottom == 0 else "has no value"
    count = len(found.numbers.get(("row", "denominator"), ()))
    told = _made(query, top, bottom, count, numerator, denominator)
    if any(abs(one - other) > LEAST for one, other in told) or value is None:
        return f"{numerator} ÷ {denominator} = {value} does not follow from {top}, {bottom}"
    numerator = numerator or Decimal(0)
    over = numerator / denominator if denominator else numerator
    capped = numerator * 60 if measure.id == "ltv" else over
    near = min(abs(value - one) for one in (over, capped)) < LEAST * max(Decimal(1), abs(value))
    return "" if near else f"{numerator} ÷ {denominator} is not {value}"


def _made(
    query: dict[str, str], top: Decimal, bottom: Decimal, count: int, *figure: Decimal | None
) -> Iterator[tuple[Decimal, Decimal]]:
    """Numerator and denominator of the figure, each beside what the rows make of it."""
    numerator, denominator = (one if one is not None else Decimal(0) for one in figure)
    measure, months = MEASURES[query["kpi"]], _months_begun(query)
    match measure.made_by:
        case "ltv":
            yield numerator, bottom / count * MARGIN
            yield denominator, top / bottom / months
        case "cac_payback":
            yield denominator, bottom / count * MARGIN
        case "per_head":
            yield numerator, top
        case _:
            yield numerator, top
            if denominator and not measure.of_whole:
                yield denominator, bottom


def _months_begun(query: dict[str, str]) -> int:
    start, end = (date.fromisoformat(query[name]) for name in ("start", "end"))
    last = min(end - timedelta(days=1), datetime.now(ZoneInfo("Asia/Tokyo")).date())
    return (last.year - start.year) * 12 + last.month - start.month + 1


def _not_said(one: Shown, found: Opened) -> str:
    """The words say one of the numbers, as far as they say any."""
    said = NUMBER.search(one.words)
    if said is None:
        return "" if "データなし" in one.words and not found.figure("value") else "says no number"
    if not found.numbers and not found.parts:
        return "" if not any(sign in one.words for sign in "123456789") else "has no rows"
    whole = sum((rows.figure("value") or Decimal(0) for rows in found.parts), Decimal(0))
    known = [found.figure("value"), whole if found.parts else None]
    known += _counts(found) if one.beside or said[3] != "%" else []
    return "" if _is_near(one, said, known) else f"is none of {known}"


def _is_near(one: Shown, said: "re.Match[str] | None", known: list[Decimal | None]) -> bool:
    """Whether the words, with as many digits as they have, say one of the numbers."""
    if said is None:
        return False
    unit = Decimal(UNITS[said[3] or ("" if "¥" in one.words else one.unit.removesuffix("円"))])
    number = Decimal(said[1].replace(",", "")) * unit
    number = -number if re.search("[-−]", one.words[: said.start()]) else number
    half = unit / 10 ** len(said[2] or "") / 2
    return any(abs(number - exact) <= half for exact in known if exact is not None)


def _counts(found: Opened) -> list[Decimal | None]:
    """What else stands beside a figure: what it is made of, and of how many."""
    rows = found.numbers.get(("row", "numerator"), ())
    said = [Decimal(one.replace(",", "")) for one in N.findall(found.text)]
    return [*map(found.figure, PAIR), Decimal(len(set(found.whom))), Decimal(len(rows)), *said]
