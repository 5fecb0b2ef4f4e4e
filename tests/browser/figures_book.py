"""A small book in which every kind of figure has something to say: what browsers open and add up."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import global_settings
from django.test import override_settings

from banso.core.models import Person, Role
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace
from banso.customers.models import Contract, Product
from banso.customers.services import (
    change_contract,
    end_contract,
    ensure_product,
    renew_contract,
    update_customer,
)
from banso.customers.tests.builders import a_contract, a_customer, a_plan
from banso.insight.metrics import services
from banso.insight.metrics.reviews import services as reviews
from banso.insight.metrics.tests.builders import a_closing, a_review, a_target, an_ask

EMAIL = "owner@figures.example"
SUMMER, AUTUMN = date(2026, 7, 1), date(2026, 9, 1)
YEN = 1_000_000  # a twelfth of it is no whole yen


def write() -> dict[str, str]:
    """Both months and reviews were closed before lines were recorded in them; ids by name."""
    with open_workspace(a_workspace()):
        # The program that serves the book checks passwords its own way.
        with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
            owner = a_member(EMAIL, name="佐藤 有紗", role=Role.OWNER)
        _told(owner)
        grown = _contracts(owner, a_member("csm@figures.example", name="鈴木 坊"))
        for kpi, value, kind, day in (
            ("mrr", "900000", "month", date(2026, 10, 1)),
            ("nrr", "1.05", "quarter", SUMMER),
        ):
            a_target(kpi, value, kind=kind, starts_on=day)
        an_ask(date(2026, 10, 1))
        closings = [a_closing(date(2026, 9, 1)), a_closing(date(2026, 10, 1))]
        closed, draft = a_review(SUMMER), a_review(date(2026, 4, 1))
        reviews.close_review(closed.pk, by=owner)
        _corrected(grown)
        return {
            "september": str(closings[0].pk),
            "october": str(closings[1].pk),
            "closed": str(closed.pk),
            "draft": str(draft.pk),
        }


def _told(owner: Person) -> None:
    """What figures need to know: rates, a margin, what winning customers cost, posts."""
    for day, rate in ((date(2015, 1, 1), "140.25"), (AUTUMN, "151.5")):
        services.add_rate("USD", on=day, rate=Decimal(rate), by=owner)
    services.set_rules({"gross_margin": Decimal("0.8")}, by=owner)
    services.set_costs({date(2026, month, 1): 700_001 for month in range(1, 12)}, by=owner)
    services.set_fte(owner.pk, since=date(2026, 4, 1), fte=Decimal("0.6"), by=owner)


def _contracts(owner: Person, csm: Person) -> Contract:
    basic, more = ensure_product("伴走クラウド"), ensure_product("分析")
    renewed = _signed("更新社", basic, date(2024, 10, 1), main_owner_id=owner.pk, tier="high")
    for _term in range(2):
        renew_contract(renewed.pk, by=owner)
    lost = _signed("解約社", basic, date(2025, 10, 10), main_owner_id=csm.pk, tier="low")
    end_contract(lost.pk, effective_on=date(2026, 10, 10), by=owner)
    gone = _signed("早期解約社", basic, date(2026, 2, 1), tier="tech")
    end_contract(gone.pk, effective_on=date(2026, 8, 16), by=owner)
    grown = _signed("増額社", basic, date(2026, 1, 5), main_owner_id=csm.pk, tier="high")
    _change(grown, "expansion", date(2026, 10, 20), 2 * YEN)
    _change(grown, "price", date(2026, 11, 2), 2 * YEN + 50_001)
    _signed(grown.customer, more, date(2026, 10, 15), 130_000)
    smaller = _signed("減額社", basic, date(2025, 12, 1), plan=a_plan(), tier="low")
    _change(smaller, "contraction", date(2026, 11, 1), 400_000)
    _followed(basic, owner)
    came_back = _signed("復活社", basic, date(2025, 6, 1), end_on=date(2026, 6, 1))
    _signed(came_back.customer, basic, date(2026, 10, 1))
    update_customer(came_back.customer_id, changes={"sub_owner_id": csm.pk}, by=owner)
    dollars = _signed("ドル社", basic, date(2026, 3, 15), 12_345_67, currency="USD", tier="high")
    _change(dollars, "expansion", date(2026, 9, 20), 13_345_67)
    _group(basic, more)
    _signed("試用社", basic, date(2026, 11, 1), is_trial=True, end_on=date(2026, 12, 1))
    _signed("新規社", more, date(2026, 11, 12), 99_999)
    return grown


def _followed(basic: Product, owner: Person) -> None:
    """Its term ended, and another contract began within the grace."""
    first = _signed("継続社", basic, date(2025, 10, 1), main_owner_id=owner.pk, tier="tech")
    _signed(first.customer, basic, date(2026, 10, 16), 1_100_000)


def _group(basic: Product, more: Product) -> None:
    """A head with a place below it, which passes from one product to another."""
    head = a_customer("本社", tier="low")
    below = a_customer("支店", parent_id=head.pk)
    _signed(head, basic, date(2026, 5, 1))
    dropped = _signed(below, basic, date(2026, 4, 1))
    end_contract(dropped.pk, effective_on=date(2026, 10, 8), by=None)
    _signed(below, more, date(2026, 10, 8), 1_300_000)


def _signed(
    who: Any, product: Product, start_on: date, amount: int = YEN, **given: Any
) -> Contract:
    """A contract of twelve months of a customer, who is made where only the name is told."""
    of_customer = {name: given.pop(name) for name in ("main_owner_id", "tier") if name in given}
    customer = a_customer(who, since=start_on, **of_customer) if isinstance(who, str) else who
    end_on = start_on.replace(year=start_on.year + 1)
    if "plan" in given:
        product = given["plan"].product
    told = {"end_on": end_on, "amount": amount, **given}
    return a_contract(customer, product=product, start_on=start_on, **told)


def _change(contract: Contract, kind: str, day: date, amount: int) -> None:
    change_contract(contract.pk, kind=kind, effective_on=day, amount=amount, by=None)


def _corrected(grown: Contract) -> None:
    """What was recorded after months and review were closed: they become others."""
    _change(grown, "expansion", date(2026, 9, 15), 1_200_000)
    late = _signed("遅れて記録した社", ensure_product("分析"), date(2026, 9, 25), 240_000)
    _change(late, "contraction", date(2026, 10, 25), 120_000)
