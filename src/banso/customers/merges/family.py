"""Who was merged into whom: chains of merges that stand, and the rows at their ends."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core import sql
from banso.core.errors import Refused
from banso.core.imports.running import BESIDE_OTHERS
from banso.customers.merges.kinds import Kind, Row
from banso.customers.models import Customer, Merge

# Held by every import until it has committed (core.imports.running): it has looked up whose rows
# its lines are.


def not_beside_an_import() -> None:
    """Imports that begin now wait for the end of this transaction. Refused while one is running."""
    if not sql.rows(BESIDE_OTHERS)[0][0]:
        words = _("An import is running. Try again when it has finished.")
        raise Refused(words, code="import_running")


def locked_rows(kind: Kind, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """The rows, locked in the order of their ids, so that nobody can add rows that belong to them.

    Living ones and those merged into another; ids of others are missing.
    """
    known = kind.model.known.select_for_update().filter(pk__in=set(ids)).order_by("pk")
    return {one.pk: one for one in known}


def above(merge: Merge) -> list[Merge]:
    """The merges by which the survivor itself was merged, the nearest first. 1 query each."""
    path: list[Merge] = []
    upper = _upward(merge.survivor_id)
    while upper is not None:
        path.append(upper)
        upper = _upward(upper.survivor_id)
    return path


def _upward(one: UUID) -> Merge | None:
    found: Merge | None = Merge.objects.filter(merged_id=one, undone_at=None).first()
    return found


def parents(customer_id: UUID | None) -> list[UUID]:
    """The customer's parent, its parent, and so on; ends in a circle, too. 1 query each."""
    found: list[UUID] = []
    while customer_id is not None:
        rows = Customer.with_deleted.filter(pk=customer_id).values_list("parent_id", flat=True)
        customer_id = rows.first()
        if customer_id in found:
            break
        if customer_id is not None:
            found.append(customer_id)
    return found
