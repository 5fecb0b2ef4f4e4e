"""R10's ledger: what happened to nine contracts, told in any order; equal figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from banso.customers import services as customers
from banso.customers.models import Contract, ContractChange, Customer, Plan, Product
from banso.insight.metrics import services as metrics
from banso.insight.metrics.answers import as_object
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.making.figures import figures, read_for
from banso.lib.periods import periods_between
from trials.happenings import Happening

KPIS = (
    "logo_churn", "retention", "revenue_churn", "grr", "nrr", "renewal_churn", "renewal_rate",
    "renewal_count", "upsell", "cross_sell", "mrr", "movements",
)  # fmt: skip
MONTHS = tuple(periods_between(date(2025, 12, 1), date(2026, 11, 20), "month"))
CURRENCIES = {"甲": "JPY", "乙": "JPY", "丙": "USD", "丁": "JPY"}

SIGNED = "a line belongs to a contract that is signed"
STANDING = "what is corrected or taken back is a line that is there"
AGREED = "nothing changes in a term that is not agreed yet"
LASTING = "nothing comes after an end: what stands later is told, or taken back, before it"
SAME_DAY = (
    "of several lines of one customer, product and day the movement bears the one recorded last, "
    "and stands in that one's part of a cut by contracts"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A contract as it was signed. `of`: its customer; days as (month, day) of 2026."""

    of: str
    sells: str
    start_on: date
    end_on: date | None
    amount: int
    is_trial: bool = False


def _day(month: int, day: int = 1, year: int = 2026) -> date:
    return date(year, month, day)


PAPERS = {
    "c1": Paper("甲", "P/A", _day(12, 1, 2025), _day(12), 1_200_000),
    "c2": Paper("甲", "P/B", _day(1, 15), _day(1, 15, 2027), 600_000),
    "c3": Paper("甲", "Q/C", _day(2), _day(2, 1, 2027), 480_000),
    "c4": Paper("乙", "P/A", _day(12, 1, 2025), _day(6), 900_000),
    "c5": Paper("乙", "P/B", _day(10, 20), _day(12, 1, 2027), 360_000),
    "c6": Paper("丙", "Q/C", _day(1), None, 1_200_00),
    "c7": Paper("丙", "P/A", _day(9), None, 2_400_00),
    "c8": Paper("丁", "P/A", _day(3), _day(4), 0, is_trial=True),
    "c9": Paper("丁", "Q/C", _day(5), None, 700_000),
}


def prepare() -> None:
    """Whom the history is about, and what is sold: whoever tells of them knows them."""
    for name, currency in CURRENCIES.items():
        customers.create_customer(name=name, external_id=name, currency=currency,
                                  since=_day(12, 1, 2025), by=None)  # fmt: skip
    for sold in ("P/A", "P/B", "Q/C"):
        product, plan = sold.split("/")
        customers.ensure_plan(customers.ensure_product(product), plan)
    metrics.add_rate("USD", on=_day(12, 1, 2025), rate=Decimal(150), by=None)


def ledger() -> list[Happening]:
    """All of them, in the order in which they happened."""
    return [*_signed(), *_changed(), *_renewed_and_ended(), *_put_right()]


def _signed() -> Iterator[Happening]:
    for key, paper in PAPERS.items():
        yield Happening(f"{key} signed", partial(_sign, key, paper))


def _sign(key: str, paper: Paper) -> None:
    product, plan = paper.sells.split("/")
    customers.sign_contract(
        Customer.objects.get(external_id=paper.of).pk,
        product=Product.objects.get(name=product),
        plan=Plan.objects.get(name=plan),
        start_on=paper.start_on,
        end_on=paper.end_on,
        amount=paper.amount,
        is_trial=paper.is_trial,
        seats=1,
        external_id=key,
        by=None,
    )


def _changed() -> Iterator[Happening]:
    told = (
        ("c1", "price", _day(3), 1_500_000),
        ("c1", "price", _day(6), 900_000),
        ("c1", "price", _day(9), 1_800_000),
        ("c1", "price", _day(10), 2_000_000),
        ("c2", "expansion", _day(4), 900_000),
        ("c2", "contraction", _day(5), 500_000),
        ("c3", "contraction", _day(8), 240_000),
        ("c4", "price", _day(2), 960_000),
        ("c5", "price", _day(11, 5), 420_000),
        ("c6", "contraction", _day(3), 600_00),
        ("c9", "expansion", _day(7, 1), 1_000_000),
    )
    for key, kind, on, amount in told:
        yield _change(key, kind, on, amount, (f"{key} signed",), SIGNED)
    yield _change("c2", "price", _day(10), 550_000, ("c2 signed", "c1 price of 10"), SAME_DAY)


def _change(
    key: str, kind: str, on: date, amount: int, after: tuple[str, ...], why: str
) -> Happening:
    return Happening(
        f"{key} {kind} of {on.month}", partial(_write, key, kind, on, amount), after, why
    )


def _write(key: str, kind: str, on: date, amount: int) -> None:
    """All terms are named: what is not named is kept from the line in force when it is recorded."""
    contract, end_on = _contract(key), PAPERS[key].end_on
    if key in RENEWED and on >= RENEWED[key][0]:
        end_on = RENEWED[key][1]
    terms: dict[str, Any] = {"term_months": 12, "seats": 1, "end_on": end_on}
    customers.change_contract(
        contract.pk, effective_on=on, kind=kind, amount=amount, by=None, **terms
    )


RENEWED = {
    "c4": (_day(6), _day(6, 1, 2027), 1_080_000),
    "c8": (_day(4), _day(4, 1, 2027), 600_000),
}


def _renewed_and_ended() -> Iterator[Happening]:
    for key in RENEWED:
        yield Happening(f"{key} renewed", partial(_renew, key), (f"{key} signed",), SIGNED)
    yield _change("c4", "price", _day(8), 1_200_000, ("c4 renewed",), AGREED)
    yield _change("c8", "price", _day(7), 720_000, ("c8 renewed",), AGREED)
    yield Happening("c4 ended", partial(_end, "c4", _day(10)), ("c4 renewed",), LASTING)
    yield Happening("c6 ended", partial(_end, "c6", _day(7)), ("c6 signed",), SIGNED)


def _renew(key: str) -> None:
    on, end_on, amount = RENEWED[key]
    customers.renew_contract(
        _contract(key).pk, effective_on=on, end_on=end_on, amount=amount, term_months=12,
        seats=1, by=None,
    )  # fmt: skip


def _end(key: str, on: date) -> None:
    customers.end_contract(_contract(key).pk, effective_on=on, by=None)


def _put_right() -> Iterator[Happening]:
    """A line that was wrong, one that was none, and a contract that was never signed."""
    for name, key, on, amount in (
        ("c1 price of 6", "c1", _day(6), 950_000),
        ("c3 contraction of 8", "c3", _day(8), 300_000),
    ):
        yield Happening(f"{name} corrected", partial(_correct, key, on, amount), (name,), STANDING)
    yield Happening(
        "c1 price of 9 voided", partial(_void, "c1", _day(9)), ("c1 price of 9",), STANDING
    )
    why = "c9 was never signed: its only line is taken back after the later one"
    yield Happening(
        "c9 expansion voided", partial(_void, "c9", _day(7)), ("c9 expansion of 7",), STANDING
    )
    yield Happening("c9 voided", partial(_void, "c9", _day(5)), ("c9 expansion voided",), why)


def _correct(key: str, on: date, amount: int) -> None:
    customers.correct_change(_line(key, on), amount=amount, by=None)


def _void(key: str, on: date) -> None:
    customers.void_change(_line(key, on), by=None)


def _contract(key: str) -> Contract:
    found: Contract = Contract.objects.get(external_id=key)
    return found


def _line(key: str, on: date) -> int:
    lines = ContractChange.objects.filter(contract=_contract(key), voided_at=None)
    return int(lines.get(effective_on=on).pk)


def told_figures() -> dict[str, Any]:
    """Every figure of every month: whole, by plan and by product."""
    reading = read_for(Asked("mrr", MONTHS))
    found: dict[str, Any] = {}
    for by in ("", "plan", "product"):
        for kpi in KPIS:
            rows = map(as_object, figures(Asked(kpi, MONTHS, by=by), reading))
            found[f"{kpi} {by}"] = sorted(map(_without_ids, rows), key=str)
    return found


def _without_ids(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "cut"}
