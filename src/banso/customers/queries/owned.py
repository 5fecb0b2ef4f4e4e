"""Whose customers they are."""

from uuid import UUID

from django.db.models import Q

from banso.core.among import among
from banso.customers.models import Customer

FEW = 1000


def of_owner(person_id: UUID, *, column: str) -> Q:
    """Rows whose `column` names a customer of whom the person is main or sub owner. 1 query.

    Usually a few hundred, read here, so that the rows asked for are found by them; of more than
    1,000 a subquery.
    """
    own = Customer.objects.filter(Q(main_owner_id=person_id) | Q(sub_owner_id=person_id))
    ids = list(own.values_list("pk", flat=True)[: FEW + 1])
    return Q((f"{column}__in", own.values("pk"))) if len(ids) > FEW else among(column, ids)
