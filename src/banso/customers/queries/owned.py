"""Whose customers they are."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from banso.core.among import among
from banso.customers.models import Customer

FEW = 1000


@dataclass(frozen=True, slots=True)
class Owned:
    """The customers of whom a person is main or sub owner, for every read of a page to share.

    `few`: their ids, usually a few hundred, so that the rows asked for are found by them; None
    where they are more than 1,000.
    """

    person_id: UUID
    few: tuple[UUID, ...] | None

    def rows(self, column: str) -> Q:
        """Rows whose `column` names one of the customers."""
        if self.few is None:
            return Q((f"{column}__in", _of(self.person_id).values("pk")))
        return among(column, self.few)


def owned_by(person_id: UUID) -> Owned:
    """The person's customers. 1 query."""
    ids = tuple(_of(person_id).values_list("pk", flat=True)[: FEW + 1])
    return Owned(person_id, ids if len(ids) <= FEW else None)


def count_owned(person_id: UUID) -> int:
    """How many customers the person is main or sub owner of. 1 query."""
    return _of(person_id).count()


def count_mainly_owned(person_id: UUID) -> int:
    """How many customers the person is main owner of. 1 query."""
    return int(Customer.objects.filter(main_owner_id=person_id).count())


def _of(person_id: UUID) -> QuerySet[Customer]:
    owned: QuerySet[Customer] = Customer.objects.filter(
        Q(main_owner_id=person_id) | Q(sub_owner_id=person_id)
    )
    return owned
