"""Usage of customers that were merged, or are two again. Every function runs in the caller's transaction."""

from collections.abc import Collection
from uuid import UUID

from banso.core import sql
from banso.core.lookups import array_of
from banso.core.models import ImportRun
from banso.touchpoints.usage import merged_statements as statements
from banso.touchpoints.usage import store


def mark_of(customer_id: UUID) -> str:
    """In account_key of an event from a file: whose it was before a merge."""
    return f"merged:{customer_id}"


def take_over(merged: UUID, *, survivor: UUID) -> None:
    """Events that files brought of the merged customer are the survivor's. `store.touch_nothing` first."""
    params = {"merged": merged, "survivor": survivor, "mark": mark_of(merged)}
    sql.run(statements.TAKE_OVER, params)


def give_back(customer_id: UUID, *, with_those: Collection[UUID]) -> None:
    """Events that were the customer's, or of `with_those` merged into it, are its own again."""
    marks = [mark_of(one) for one in (customer_id, *with_those)]
    params = {"customer": customer_id, "mark": mark_of(customer_id), "marks": marks}
    sql.run(statements.GIVE_BACK, params)


def mark(run: ImportRun, ids: Collection[str], *, merged: UUID) -> None:
    """These events of the run were said of a customer that was merged into another."""
    params = {"run": run.pk, "ids": list(ids), "mark": mark_of(merged)}
    sql.run(statements.MARK, params)


def roll_up_all(customer_ids: Collection[UUID]) -> None:
    """Every rollup of these customers is exactly the sum of what is stored, also as rows moved."""
    sql.run(statements.TOUCH_ALL_DAYS, {"customers": array_of(map(str, customer_ids))})
    store.roll_up_touched()


def retake_accounts(customer_ids: Collection[UUID]) -> None:
    """Among these, an account is whose key it is, unless somebody has said otherwise."""
    sql.run(statements.RETAKE_ACCOUNTS, {"customers": array_of(map(str, customer_ids))})
