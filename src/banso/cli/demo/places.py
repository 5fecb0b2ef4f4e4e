"""A company with places (拠点): three of the book's customers are branches of a fourth."""

from collections.abc import Iterable

from banso.cli.demo.book import PlannedCustomer
from banso.cli.demo.names import Company

BRANCHES = (
    ("大阪支店", "おおさかしてん"),
    ("名古屋支店", "なごやしてん"),
    ("福岡支店", "ふくおかしてん"),
)


def open_branches(customers: Iterable[PlannedCustomer]) -> None:
    """The first large customer without a story gets its branches, each with seats and usage."""
    plain = [one for one in customers if one.state == "active" and not one.story]
    head = next(one for one in plain if one.tier == "high" and one.sends_usage)
    same = [one for one in plain if one.owner == head.owner and one.sends_usage]
    small = [one for one in same if one.tier == "low"]
    for one, (name, reading) in zip(small, BRANCHES, strict=False):
        _move_under(one, head, name, reading)


def _move_under(one: PlannedCustomer, head: PlannedCustomer, name: str, reading: str) -> None:
    firm = head.company
    one.parent = head.number
    one.company = Company(
        f"{firm.name} {name}", f"{firm.reading} {reading}", firm.industry, one.company.domain
    )
