"""Why customers left, as it was told with the line or said in a notice."""

from datetime import date

import pytest

from banso.customers import services as book
from banso.customers.models import Contract
from banso.customers.tests.builders import a_contract, a_customer, a_notice
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked, CountedBy
from banso.lib.periods import period_of

pytestmark = pytest.mark.usefixtures("acme")
FEBRUARY, JUNE = date(2026, 2, 1), date(2026, 6, 1)


def reasons(day: date, unit: CountedBy = "user") -> dict[str, int | None]:
    """How many customers left in the month, by reason."""
    told = answers.figures(Asked("churn_timing", (period_of(day, "month"),), unit=unit))
    return {one.cut: int(one.numerator or 0) for one in told}


def left(contract: Contract, day: date) -> None:
    book.end_contract(contract.pk, effective_on=day, by=None)


def test_the_latest_notice_tells_why() -> None:
    contract = a_contract()
    for day, reason in ((date(2026, 5, 1), "price"), (date(2026, 4, 1), "support")):
        a_notice(contract.customer, noticed_on=day, reason=reason)
    left(contract, JUNE)
    assert reasons(JUNE) == {"price": 1}


def test_a_notice_of_a_later_stay_says_nothing_of_the_first_end() -> None:
    contract = a_contract()
    left(contract, FEBRUARY)
    again = a_contract(contract.customer, start_on=date(2026, 4, 1))
    a_notice(contract.customer, noticed_on=date(2026, 5, 1), reason="price")
    left(again, JUNE)
    assert (reasons(FEBRUARY), reasons(JUNE)) == ({"not_stated": 1}, {"price": 1})


def test_a_notice_told_after_the_end_is_heard() -> None:
    contract = a_contract()
    left(contract, FEBRUARY)
    a_notice(contract.customer, noticed_on=date(2026, 3, 1), reason="price")
    assert reasons(FEBRUARY) == {"price": 1}


def test_where_the_signer_or_the_group_counts_its_companies_notice_is_heard() -> None:
    head = a_customer("本社")
    contract = a_contract(a_customer("支社", parent_id=head.pk), signer_id=head.pk)
    a_notice(contract.customer, noticed_on=date(2026, 5, 1), reason="price")
    left(contract, JUNE)
    assert reasons(JUNE, "signer") == reasons(JUNE, "group") == {"price": 1}
