"""The rollups of what an import has brought, which follow once its rows are in: see `store`.

Every function runs inside the caller's transaction and for the open workspace.
"""

from collections.abc import Collection
from uuid import UUID

from banso.core import sql
from banso.core.lookups import array_of
from banso.core.models import ImportRun
from banso.touchpoints.usage import statements, store

_ALL = "a table holds every workspace"


def customers_of(run: ImportRun) -> list[UUID]:
    """Whose usage the run brought, in order. 1 query."""
    return [customer for (customer,) in sql.rows(statements.CUSTOMERS_OF_RUN, {"run": run.pk})]


def brought_events(run: ImportRun) -> bool:
    """Whether there are single events among what the run brought. 1 query."""
    return bool(sql.rows(statements.BROUGHT_EVENTS, {"run": run.pk})[0][0])


def learn_size_of_imports() -> None:
    """The database knows how much imports have brought; until it does, it reads all for any of it.

    0.4 s, however many rows. Without it the rollups of a million rows read all of them a hundred
    times, which autovacuum would end within minutes.
    """
    sql.run_for_all(statements.LEARN_SIZE_OF_IMPORTS, reason=_ALL)


def learn_size_of_rollups() -> None:
    """The database knows how many rollups there are, before a first import makes a million of none.

    As quick as above. Until it does, each thousand customers read the rollups of all others.
    """
    sql.run_for_all(statements.LEARN_SIZE_OF_ROLLUPS, reason=_ALL)


def roll_up(run: ImportRun, customer_ids: Collection[UUID]) -> None:
    """The rollups hold all that the run brought of these customers. Twice is once."""
    if customer_ids:
        store.touch_nothing()
        sql.run(statements.TOUCH_RUN, _of(run, customer_ids))
        store.roll_up_touched()


def add_first(run: ImportRun, customer_ids: Collection[UUID]) -> None:
    """The rollups hold the daily totals that the run brought of customers without any rollup.

    At a third of the cost of `roll_up`: nothing is there that could be counted already, and what
    is due of them is added later. The caller holds `store.one_rolls_up` since it asked who they are.
    """
    if customer_ids:
        sql.run(statements.FIRST_TOTALS, _of(run, customer_ids))


def _of(run: ImportRun, customer_ids: Collection[UUID]) -> dict[str, object]:
    return {"run": run.pk, "customers": array_of(map(str, customer_ids))}
