"""What is expected of renewals, how earlier ones went and why customers left, and what was offered.

Written straight as rows, unlike what people do: none of it is news.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from banso.cli.demo.book import Book, PlannedContract, PlannedCustomer
from banso.cli.demo.catalogue import LOSS_CODES, MAIN_PRODUCT, OPTION_PRICE
from banso.cli.demo.chance import chance, weighted
from banso.cli.demo.dates import moment
from banso.core.models import Person
from banso.customers.models import (
    ChangeKind,
    Contract,
    ContractChange,
    Customer,
    Loss,
    Offer,
    Product,
    Renewal,
)
from banso.customers.services.closings import OF_CHANGE

AHEAD, BEHIND = timedelta(days=120), timedelta(days=60)
TOLD_FOR = timedelta(days=180)  # closed renewals that the desk still knows
FORECASTS = {
    "healthy": (("renew", 6.0), ("expand", 2.0), ("undecided", 2.0)),
    "watch": (("renew", 4.0), ("contract", 2.0), ("churn", 0.7), ("undecided", 4.0)),
    "danger": (("churn", 3.0), ("contract", 3.0), ("undecided", 4.0)),
}
# How far a renewal is, by the days left to its deadline.
STEPS = (
    (15, ("in_review", "agreed", "ordered")),
    (45, ("quoted", "in_review")),
    (75, ("sounded", "quoted")),
    (999, ("", "sounded")),
)
NOTES = {
    "renew": (
        "前年と同じ条件で稟議に上げるとのこと。",
        "決裁は部長まで。月末の会議で決まる予定。",
        "",
    ),
    "expand": (
        "新しい拠点の分を足した見積もりを希望。",
        "来期の増員に合わせてライセンスを増やす方向。",
    ),
    "contract": (
        "使っていないライセンスを減らしたいとの相談。",
        "予算が1割減るため、内容の見直しを検討中。",
    ),
    "churn": ("他社の見積もりも取っているとのこと。", "現場での利用が続かず、継続は難しいとの話。"),
    "undecided": (
        "推進者の方が異動し、後任の方の意向を確認中。",
        "来期の予算が固まってから返事をもらう。",
        "",
    ),
}
OFFER_SHARE = {"high": 0.8, "low": 0.3, "tech": 0.06}
SEATS_OFFER = "ライセンスの追加"
WHY = {
    "accepted": ("次の期の増員に必要とのこと。", "試行で効果が確認できたため。", "月末の滞留が減ると判断。"),
    "declined": ("今期の予算に入っていない。", "まだ使いこなせていないので、来期に考えたい。", "いまの運用で足りている。"),
    "offered": ("", "来月の定例会で返事をもらう。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stand:
    """What has been written so far that this refers to."""

    book: Book
    customers: Mapping[int, Customer]
    contracts: Mapping[str, Contract]
    products: Mapping[str, Product]
    people: Mapping[str, Person]


def write(stand: Stand) -> None:
    """Renewals due and closed, reasons of what was lost, and offers. 5 statements."""
    today = stand.book.today
    lost = ContractChange.objects.filter(kind__in=[ChangeKind.END, ChangeKind.CONTRACTION])
    since = today - TOLD_FOR
    turns = ContractChange.objects.filter(effective_on__gt=since, effective_on__lte=today)
    Loss.objects.bulk_create(_losses(stand, list(lost.order_by("pk"))))
    Renewal.objects.bulk_create([*_due(stand), *_closed(stand, list(turns.order_by("pk")))])
    Offer.objects.bulk_create(_offers(stand))


def _running(stand: Stand) -> Iterator[tuple[PlannedCustomer, PlannedContract]]:
    for one in stand.book.active():
        yield from ((one, contract) for contract in one.contracts if not contract.is_trial)


def _due(stand: Stand) -> Iterator[Renewal]:
    today = stand.book.today
    for one, contract in _running(stand):
        line = contract.line_on(today)
        decides = (line.notice_on or line.covers_until) if line else None
        if decides is None or not -BEHIND <= decides - today <= AHEAD:
            continue
        luck = chance(stand.book.seed, "renewal", contract.number)
        if decides - today < timedelta(days=60) or luck.random() < 0.5:
            signed = stand.contracts[contract.number]
            yield _expected(luck, one, signed, decides, today)


def _expected(
    luck: Random, one: PlannedCustomer, contract: Contract, decides: date, today: date
) -> Renewal:
    usual = FORECASTS.get(one.fate, FORECASTS["watch"])
    forecast = "churn" if one.notice else weighted(luck, usual)
    if one.story and not one.notice:  # the pages tell what to do about them: nothing is settled
        forecast = "undecided"
    left = (decides - today).days
    steps = next(steps for days, steps in STEPS if left < days)
    step = luck.choice(steps) if forecast != "undecided" else luck.choice(("", "sounded"))
    factor = {"expand": luck.uniform(1.08, 1.25), "contract": luck.uniform(0.7, 0.92)}
    amount = round(contract.amount * factor[forecast], -4) if forecast in factor else None
    return Renewal(
        contract=contract,
        forecast=forecast,
        step=step,
        expected_on=max(today, decides - timedelta(days=luck.randrange(3, 21))) if step else None,
        expected_amount=amount,
        note=luck.choice(NOTES[forecast]),
    )


def _closed(stand: Stand, lines: list[ContractChange]) -> Iterator[Renewal]:
    """One for each line that renewed or ended a contract, with what changed on its day."""
    owners = _owners(stand)
    changed = {
        (one.contract_id, one.effective_on): one
        for one in lines
        if one.kind in {ChangeKind.EXPANSION, ChangeKind.CONTRACTION}
    }
    for line in lines:
        if line.kind not in {ChangeKind.RENEWAL, ChangeKind.END}:
            continue
        is_end = line.kind == ChangeKind.END
        change = None if is_end else changed.get((line.contract_id, line.effective_on))
        outcome = "declined" if is_end else "renewed"
        yield Renewal(
            contract_id=line.contract_id,
            forecast="churn" if is_end else "renew",
            step="quoted" if is_end else "ordered",
            due_on=line.effective_on,
            outcome=OF_CHANGE[ChangeKind(change.kind)] if change else outcome,
            line=line,
            adjustment=change,
            closed_at=moment(line.effective_on - timedelta(days=9), 16),
            closed_by=owners[line.customer_id],
        )


def _owners(stand: Stand) -> dict[object, Person]:
    of = {one.number: stand.people[one.owner] for one in stand.book.customers}
    return {customer.pk: of[number] for number, customer in stand.customers.items()}


def _losses(stand: Stand, lines: list[ContractChange]) -> Iterator[Loss]:
    planned = {stand.customers[one.number].pk: one for one in stand.book.customers}
    for line in lines:
        notice = planned[line.customer_id].notice
        luck = chance(stand.book.seed, "loss", line.customer_id, line.effective_on)
        main = LOSS_CODES[notice.reason] if notice else luck.choice(("fewer_people", "price"))
        others = [code for code in LOSS_CODES.values() if code != main]
        yield Loss(
            line=line,
            main_reason=main,
            second_reason=luck.choice(others) if luck.random() < 0.4 else "",
            detail=notice.detail if notice and line.kind == ChangeKind.END else "",
            noticed_on=notice.noticed_on if notice else line.effective_on - timedelta(days=40),
            told_at=moment(line.effective_on - timedelta(days=9), 16),
        )


def _offers(stand: Stand) -> Iterator[Offer]:
    for one in stand.book.active():
        luck = chance(stand.book.seed, "offer", one.number)
        if luck.random() < OFFER_SHARE[one.tier]:
            yield from _offers_of(luck, stand, one)


def _offers_of(luck: Random, stand: Stand, one: PlannedCustomer) -> Iterator[Offer]:
    """What they bought was offered before; of the rest something, lately."""
    today, options = stand.book.today, {contract.product: contract for contract in one.contracts}
    for product, price in OPTION_PRICE.items():
        bought = options.get(product)
        if bought or luck.random() < 0.5:
            begun = bought.lines[0].effective_on if bought else None
            answered = begun or today - timedelta(days=luck.randrange(5, 200))
            state = "accepted" if bought else luck.choice(("declined", "offered"))
            yield _offer(luck, stand, one, product, price[one.tier], state, answered)
    if one.fate == "healthy" and luck.random() < 0.5:
        more = round(one.mrr_on(today) * luck.uniform(0.05, 0.2), -3)
        asked = today - timedelta(days=luck.randrange(3, 40))
        yield _offer(luck, stand, one, MAIN_PRODUCT, int(more), "offered", asked)


def _offer(
    luck: Random,
    stand: Stand,
    one: PlannedCustomer,
    product: str,
    mrr: int,
    state: str,
    answered: date,
) -> Offer:
    is_more = product == MAIN_PRODUCT
    return Offer(
        customer=stand.customers[one.number],
        kind="upsell" if is_more else "cross_sell",
        title=SEATS_OFFER if is_more else f"{product}のご提案",
        product=stand.products[product],
        mrr=mrr,
        currency=stand.customers[one.number].currency,
        offered_on=answered if state == "offered" else answered - timedelta(days=21),
        state=state,
        decided_on=None if state == "offered" else answered,
        why=luck.choice(WHY[state]),
        by=stand.people[one.owner],
    )
