"""Hands that sign, enlarge, renew and end contracts; each notes what it was told."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from banso.customers import services
from banso.customers.models import Product

if TYPE_CHECKING:
    from trials.races.hands import Hands

DAYS = 650  # within which lines are dated


def sign(hands: "Hands", random: Random, _number: int, _count: int) -> None:
    """Another contract, open or with an end: everybody may work on it from now on."""
    starts = _a_day(hands, random)
    contract = services.sign_contract(
        random.choice(hands.customers),
        product=Product.objects.get(),
        start_on=starts,
        end_on=random.choice([None, starts + timedelta(days=random.randrange(1, 400))]),
        amount=random.randrange(5_000_000),
        by=random.choice(hands.people),
    )
    with hands.story.lock:
        hands.contracts.append(contract.pk)


def expand(hands: "Hands", random: Random, _number: int, _count: int) -> None:
    pk, amount = random.choice(hands.contracts), random.randrange(1_000_000, 9_000_000)
    services.change_contract(
        pk,
        effective_on=_a_day(hands, random),
        kind="expansion",
        amount=amount,
        by=random.choice(hands.people),
    )
    _written(hands, pk)


def renew(hands: "Hands", random: Random, _number: int, _count: int) -> None:
    """For another term as it was: one line."""
    pk = random.choice(hands.contracts)
    day = random.choice([None, _a_day(hands, random)])
    services.renew_contract(pk, effective_on=day, by=random.choice(hands.people))
    _written(hands, pk)


def end(hands: "Hands", random: Random, _number: int, _count: int) -> None:
    pk = random.choice(hands.contracts)
    services.end_contract(pk, effective_on=_a_day(hands, random), by=random.choice(hands.people))
    _written(hands, pk)


def _a_day(hands: "Hands", random: Random) -> date:
    return hands.begun + timedelta(days=random.randrange(1, DAYS))


def _written(hands: "Hands", pk: UUID) -> None:
    with hands.story.lock:
        hands.story.written[pk] += 1


SIGNING: dict[Callable[["Hands", Random, int, int], None], int] = {
    sign: 3, expand: 6, renew: 6, end: 4,
}  # fmt: skip
