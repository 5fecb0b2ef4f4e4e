"""R10's history: thirty things that happened, each told when its news arrives."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from banso.core.scope import current_workspace
from banso.customers import services as customers
from banso.customers.models import Contact, Contract, ContractChange, Customer, Product
from banso.touchpoints.usage import models, store
from banso.touchpoints.usage import services as usage
from banso.touchpoints.usage.live import Note
from banso.touchpoints.usage.wire.meaning import understood
from banso.touchpoints.usage.wire.messages import parse

NOON = datetime(2026, 11, 18, 3, tzinfo=UTC)
TERMS: dict[str, Any] = {"term_months": 12, "end_on": date(2026, 12, 1), "by": None}


@dataclass(frozen=True, slots=True)
class Happening:
    """`tell` is called when its news arrives; `after` are those it cannot come before, and `why`."""

    name: str
    tell: Callable[[], None]
    after: tuple[str, ...] = ()
    why: str = ""


def history() -> list[Happening]:
    """All thirty, in the order in which they happened."""
    return [*_companies(), *_contracts(), *_usage(), *_imports()]


def an_order(random: Random, of: Sequence[Happening]) -> list[Happening]:
    """Any order but one in which something is told of what is not there yet."""
    waiting, told, order = list(of), set[str](), list[Happening]()
    while waiting:
        free = [one for one in waiting if told.issuperset(one.after)]
        chosen = random.choice(free)
        waiting.remove(chosen)
        told.add(chosen.name)
        order.append(chosen)
    return order


def _customer(key: str) -> Customer:
    found: Customer = Customer.objects.get(external_id=key)
    return found


def _companies() -> Iterator[Happening]:
    company = "a row can only be about a customer that is there"
    for key in ("A", "B"):
        yield Happening(
            f"customer {key}",
            lambda key=key: _made(key),  # type: ignore[misc]
        )
    yield Happening("contact", lambda: _contact("A"), ("customer A",), company)
    for stage, day in (("onboarding", 3), ("adoption", 9), ("established", 17)):
        yield Happening(
            f"stage {stage}",
            lambda stage=stage, day=day: _stage(stage, day),  # type: ignore[misc]
            ("customer A",),
            company,
        )
    for day in (4, 16, 11):
        yield Happening(
            f"spoken on {day}",
            lambda day=day: _spoken(day),  # type: ignore[misc]
            ("customer A",),
            company,
        )


def _made(key: str) -> None:
    customers.create_customer(name=f"顧客{key}", external_id=key, stage="trial",
                              stage_since=date(2026, 10, 1), since=date(2025, 12, 1), by=None)  # fmt: skip


def _contact(key: str) -> None:
    pk = _customer(key).pk
    customers.create_contact(pk, name="山田 花子", email="hana@acme.example", by=None)


def _stage(stage: str, day: int) -> None:
    pk = _customer("A").pk
    customers.change_stage(pk, stage=stage, entered_on=date(2026, 11, day), by=None)


def _spoken(day: int) -> None:
    customers.record_contact(_customer("A").pk, on=date(2026, 11, day), by=None)


def _contracts() -> Iterator[Happening]:
    """Every line names all its terms: what it does not name it keeps from the line in force then."""
    line = "a line belongs to a contract that is there; a correction to a line that is there"
    yield Happening("signed", _sign, ("customer A",), line)
    for month, amount in ((3, 1_500_000), (6, 900_000), (9, 1_800_000)):
        yield Happening(
            f"price of {month}",
            lambda month=month, amount=amount: _price(month, amount),  # type: ignore[misc]
            ("signed",),
            line,
        )
    yield Happening("price of 6 corrected", lambda: _correct(6), ("price of 6",), line)
    yield Happening("price of 9 voided", lambda: _void(9), ("price of 9",), line)


def _sign() -> None:
    product = Product.objects.first() or customers.ensure_product("伴走クラウド")
    told = {"product": product, "start_on": date(2025, 12, 1), "seats": 10, **TERMS}
    customers.sign_contract(_customer("A").pk, amount=1_200_000, **told)


def _contract() -> Contract:
    found: Contract = Contract.objects.get(customer__external_id="A")
    return found


def _price(month: int, amount: int) -> None:
    on = date(2026, month, 1)
    customers.change_contract(_contract().pk, effective_on=on, kind="price", amount=amount,
                              seats=month * 10, **TERMS)  # fmt: skip


def _line(month: int) -> int:
    lines = ContractChange.objects.filter(contract=_contract(), voided_at=None)
    return int(lines.get(effective_on=date(2026, month, 1)).pk)


def _correct(month: int) -> None:
    customers.correct_change(_line(month), amount=950_000, by=None)


def _void(month: int) -> None:
    customers.void_change(_line(month), by=None)


def _at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


def _usage() -> Iterator[Happening]:
    """A person of two companies, a device before signing in, an alias, late and unknown ones."""
    told: list[dict[str, Any]] = [
        {"type": "group", "userId": "u", "groupId": "A", "timestamp": _at(1)},
        {"type": "group", "userId": "u", "groupId": "B", "timestamp": _at(5), "traits": {"name": "乙"}},
        {"type": "track", "event": "late", "userId": "u", "timestamp": _at(-200)},
        {"type": "track", "event": "report", "userId": "u", "timestamp": _at(3)},
        {"type": "track", "event": "report", "userId": "u", "timestamp": _at(6)},
        {"type": "track", "event": "report", "anonymousId": "d", "timestamp": _at(2)},
        {"type": "identify", "userId": "u", "anonymousId": "d", "timestamp": _at(4),
         "traits": {"name": "古い名前"}},
        {"type": "identify", "userId": "u", "timestamp": _at(7), "traits": {"name": "新しい名前"}},
        {"type": "alias", "userId": "w", "previousId": "u", "timestamp": _at(8)},
        {"type": "track", "event": "export", "userId": "w", "timestamp": _at(9),
         "context": {"groupId": "A"}},
        {"type": "page", "name": "Home", "userId": "v", "timestamp": _at(9),
         "context": {"groupId": "C"}},
        {"type": "identify", "userId": "h", "timestamp": _at(1),
         "traits": {"email": "hana@acme.example"}},
        {"type": "track", "event": "report", "userId": "h", "timestamp": _at(2)},
    ]  # fmt: skip
    for n, message in enumerate(told):
        whole = message | {"messageId": f"m{n}"}
        yield Happening(
            f"{message['type']} {n}",
            lambda whole=whole: _take(whole),  # type: ignore[misc]
        )


def _take(message: dict[str, Any]) -> None:
    parsed = parse(json.dumps(message).encode(), kind=message["type"])
    received = NOON + timedelta(hours=100)
    meaning = understood(parsed, workspace=current_workspace().pk, received=received)
    source = models.Source.objects.get().pk
    usage.take_messages(meaning, note=Note(source, message["type"], received, ""))


def _imports() -> Iterator[Happening]:
    """Rows of two files: days of usage that overlap with what arrives by itself."""
    why = "a row of a file names a customer that is there"
    for key, place in (("A", 0), ("B", 1)):
        yield Happening(
            f"file of {key}",
            lambda key=key, place=place: _load(key, place),  # type: ignore[misc]
            (f"customer {key}",),
            why,
        )


def _load(key: str, place: int) -> None:
    pk = _customer(key).pk
    moment = NOON + timedelta(hours=place)
    rows = [store.Event(pk, None, "p1", "report", moment, f"i{key}{n}") for n in range(3)]
    with transaction.atomic():
        store.load_events(rows + rows[:1])


def final() -> dict[str, Any]:
    """What stands in the end, told without our own ids."""
    names = {one.pk: one.external_id for one in Customer.objects.all()}
    people = {one.pk: one.email for one in Contact.objects.all()}
    return {"usage": _sums(names, people), "book": _book(names)}


def _book(names: dict[Any, str]) -> list[Any]:
    found: list[Any] = []
    for one in Customer.objects.order_by("external_id"):
        stages = one.stage_changes.order_by("entered_on").values_list("stage", "entered_on")
        found.append([names[one.pk], one.stage, one.stage_since, one.last_contact_on, list(stages)])
    for contract in Contract.objects.all():
        lines = ContractChange.objects.filter(contract=contract, voided_at=None)
        told = lines.order_by("effective_on").values_list(
            "effective_on", "covers_until", "kind", "mrr", "quantity", "amount"
        )
        found.append([names[contract.customer_id], contract.end_on, contract.amount, contract.seats,
                      list(told)])  # fmt: skip
    return found


def _sums(names: dict[Any, str], people: dict[Any, str]) -> list[Any]:
    days = models.DailyUsage.objects.values_list(
        "customer_id", "contact_id", "day", "feature", "person_key", "events"
    )
    visitors = models.Visitor.objects.values_list(
        "key", "person_key", "name", "email", "contact_id"
    )
    accounts = models.Account.objects.values_list("key", "customer_id", "traits")
    return [
        sorted([names[row[0]], people.get(row[1], ""), *map(str, row[2:])] for row in days),
        sorted([*map(str, row[:4]), people.get(row[4], "")] for row in visitors),
        sorted([row[0], names.get(row[1], ""), str(row[2])] for row in accounts),
    ]
