"""Two histories of stages in one: every line stays, and the chosen history goes on answering."""

from collections.abc import Collection, Sequence
from uuid import UUID

from banso.customers.models import Customer, StageChange


def let_answer(customer: Customer, moved: Collection[int], *, theirs: bool) -> list[int]:
    """As of any day, the customer is in the stage that its own history says (`theirs`: the moved one).

    Both histories stand in one. Where a line of the other would answer, a line of the same day says
    again what the chosen history says: the later of a day counts. Before the chosen history begins,
    the other answers. The ids of the lines that were added. 1 query, and 1 for the lines.
    """
    lines = list(StageChange.objects.filter(customer=customer).order_by("entered_on", "pk"))
    chosen = [one for one in lines if (one.pk in moved) is theirs]
    again = list[StageChange]()
    for line in lines:
        known = [one for one in chosen if one.entered_on <= line.entered_on]
        last = [one for one in lines if one.entered_on == line.entered_on][-1]
        if line is last and known and known[-1].stage != line.stage:
            again.append(_again(known, line))
    return [one.pk for one in StageChange.objects.bulk_create(again)]


def _again(known: Sequence[StageChange], other: StageChange) -> StageChange:
    stage = known[-1].stage
    return StageChange(customer_id=other.customer_id, stage=stage, entered_on=other.entered_on)


def agree(customer_id: UUID) -> None:
    """The customer is in the stage that its history ends with: an un-merge takes lines away."""
    customer = Customer.objects.get(pk=customer_id)
    lines = StageChange.objects.filter(customer=customer)
    here = lines.filter(stage=customer.stage, entered_on=customer.stage_since)
    latest = lines.order_by("-entered_on", "-pk").first()
    if latest is None or (latest.stage == customer.stage and here.exists()):
        return
    customer.stage, customer.stage_since = latest.stage, latest.entered_on
    customer.save(update_fields=["stage", "stage_since"])
