"""Whose customers they are."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from banso.customers.models import Customer

FEW = 1000


def customers_of(person_id: UUID) -> Collection[UUID] | Any:
    """Customers of whom the person is main or sub owner, for `customer__in`. 1 query.

    Usually a few hundred, read here, so that the rows asked for are found by them; of more than
    1,000 a subquery.
    """
    own = Customer.objects.filter(Q(main_owner_id=person_id) | Q(sub_owner_id=person_id))
    ids = list(own.values_list("pk", flat=True)[: FEW + 1])
    return own.values("pk") if len(ids) > FEW else ids
