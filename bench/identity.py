"""One company, once: what is found in books whose truth is known, and how long a large book takes.

The books are made by rules of their own (`identity_parts.book`), not by those that find; the seeds
are counted on from what is given, and none was used to set a weight. `more` tells of every seed the
share of true pairs that were proposed (recall) and of proposed pairs that are true (precision).
Then `size` customers with their contacts stand in the database, and the search that runs every night
is timed, from reading the book to the stored proposals.
"""

from collections.abc import Iterator, Sequence

from banso.core.models import Workspace
from banso.customers.models import Customer, Likeness
from banso.customers.services import (
    NewContact,
    NewCustomer,
    create_contacts,
    create_customers,
    find_likenesses,
)
from banso.lib.same_company import PROPOSED, WORTH_A_LOOK
from bench.identity_parts.book import Row, rows
from bench.identity_parts.judging import Judged, judge
from bench.measure import Claim, seconds

SIZE = 100_000
COMPANIES = 10_000
RECALL = PRECISION = 0.95
LIMIT_SECONDS = 120.0
FIRST_SEED = 2000
AT_ONCE = 5000


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """`runs` books of 10,000 companies (of `size`, where that is less); then `size` customers."""
    found = {
        seed: judge(rows(min(size, COMPANIES), seed))
        for seed in range(FIRST_SEED, FIRST_SEED + runs)
    }
    lines = [line for seed, judged in found.items() for line in _told(seed, judged)]
    _fill(rows(size, FIRST_SEED)[:size])
    took = [seconds(find_likenesses) for _run in range(min(runs, 3))]
    ratios = sorted(one / LIMIT_SECONDS for one in took)
    middle = len(took) // 2
    yield Claim(
        "identity",
        "2 minutes",
        f"{size:,} customers, {Likeness.objects.count():,} pairs",
        len(took),
        sorted(took)[middle],
        LIMIT_SECONDS,
        ratios[middle],
        ratios[0],
        ratios[-1],
        more="\n  ".join(lines),
    )


def _told(seed: int, judged: dict[int, Judged]) -> Iterator[str]:
    words = {PROPOSED: "proposed", WORTH_A_LOOK: "with those worth a look"}
    for least, one in judged.items():
        told = (
            f"book {seed}, {words[least]}: recall {one.recall:.3f}, precision {one.precision:.3f}"
        )
        right = least != PROPOSED or (one.recall >= RECALL and one.precision >= PRECISION)
        yield told if right else f"{told}: MISSED, 0.95 of each is needed"


def _fill(book: Sequence[Row]) -> None:
    for start in range(0, len(book), AT_ONCE):
        some = book[start : start + AT_ONCE]
        made = create_customers([_customer(one) for one in some], by=None)
        contacts = [
            NewContact(customer_id=customer.pk, name="山田 花子", email=f"hanako@{row.mail}")
            for customer, row in zip(made, some, strict=True)
            if isinstance(customer, Customer) and row.mail
        ]
        create_contacts(contacts, by=None)


def _customer(row: Row) -> NewCustomer:
    return NewCustomer(
        name=row.name,
        name_reading=row.reading,
        former_names=row.former_names,
        corporate_number=row.number,
        domain=row.domain,
    )
