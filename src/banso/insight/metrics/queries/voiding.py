"""Who voided lines of the ledger: the lines do not say, the events do."""

from collections.abc import Sequence

from banso.core.models import Event, Person
from banso.customers.models import ContractChange

VOIDING = ("customers.change_voided", "customers.change_corrected")


def voided_by(lines: Sequence[ContractChange]) -> dict[int, Person]:
    """By the line's id; a line that the program itself voided (an import undone) is left out.

    2 queries, none without lines.
    """
    if not lines:
        return {}
    told = Event.objects.filter(
        name__in=VOIDING,
        customer_id__in={line.customer_id for line in lines},
        facts__change__in=[line.pk for line in lines],
    ).exclude(by=None)
    who = dict(told.order_by("pk").values_list("facts__change", "by"))
    people = Person.objects.in_bulk(set(who.values()))
    return {int(line): people[by] for line, by in who.items() if by in people}
